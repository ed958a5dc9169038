"""A port of this machine: a page that says it is opening, then the page, behind the guard."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from ui import loopback
from ui.web.security import Guard

if TYPE_CHECKING:
    import socket

    import gradio as gr
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

    from ui.web.conversation import Answerer

# Gradio takes seconds to import. What needs it is imported when the page is shown, so that the
# port answers before.

HOST = loopback.HOST
PORT = 7860
STOP_SECONDS = 2
"""Open connections are given this long to end when the server stops."""

_OPENING = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Footnote</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta http-equiv="refresh" content="1">
<link rel="icon" href="data:,"><style>body{margin:0;min-height:100vh;display:grid;
place-content:center;text-align:center;font:16px/1.6 system-ui,sans-serif;
background:light-dark(#fbfaf7,#161613);color:light-dark(#5f5b53,#a7a195)}
b{font:600 34px/1.4 Georgia,serif;color:light-dark(#1d1c1a,#ece9e1)}</style></head>
<body><main><b>Footnote</b><br>Opening your articles…</main></body></html>"""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the port, or on one of the next twenty if the default one is taken.

    Raises:
        ConfigError: Others could reach the host, or the port is taken or not allowed.
    """
    return loopback.listen(host, port, default=PORT)


@contextmanager
def serving(
    bot: Answerer, listener: socket.socket, *, private: Collection[Path] = ()
) -> Iterator[str]:
    """The page over a chatbot, served in a thread while the block runs; gives its address.

    Args:
        bot: Answers the questions; it is not closed here.
        listener: From `listen`; closed at the end.
        private: Folders never served from, whatever Gradio allows.
    """
    with opening(listener) as opened:
        opened.show(page_of(bot), private=private, uploads=hasattr(bot, "config"))
        yield opened.address


def page_of(bot: Answerer) -> Callable[[], gr.Blocks]:
    """What makes the page over a chatbot."""
    from ui.web.page import build_app

    return partial(build_app, bot)


@contextmanager
def opening(listener: socket.socket) -> Iterator[Opening]:
    """The port, answering at once, served in a thread while the block runs."""
    server = _Server()
    with listener:
        thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        try:
            yield Opening(loopback.address(listener), server)
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS + 1)


class Opening:
    """A port that says that the page is opening, until it is shown."""

    def __init__(self, address: str, server: _Server) -> None:
        """Use `opening`."""
        self.address = address
        self._server = server

    def show(
        self,
        build: Callable[[], gr.Blocks],
        *,
        private: Collection[Path] = (),
        uploads: bool = False,
    ) -> None:
        """Serve the page from now on.

        Args:
            build: Makes the page.
            private: Folders never served from, whatever Gradio allows.
            uploads: Whether files may be sent to it.
        """
        from ui.web.mounting import mount

        with ThreadPoolExecutor(1) as apart:  # the caller's thread may run an event loop already
            mounted = apart.submit(asyncio.run, mount(build, private)).result()
        showing = self._server.show(mounted, uploads=uploads)
        asyncio.run_coroutine_threadsafe(showing, self._server.loop).result()


class _Server(uvicorn.Server):
    """Changes over to the page, and ends the streams that pages hold open before it closes."""

    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",  # which uvicorn does not see in a bound method
            lifespan="off",  # the page's own is entered when it is shown
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        super().__init__(config)
        self._guarded = Guard(_say_opening)
        self._living: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def show(self, mounted: FastAPI, *, uploads: bool) -> None:
        ready = asyncio.Event()
        self._living = asyncio.create_task(self._live(mounted, ready))
        await ready.wait()
        self._guarded = Guard(mounted, uploads=uploads)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._guarded.close()
        await super().shutdown(sockets)
        self._ended.set()
        if self._living:
            await self._living

    async def _live(self, mounted: FastAPI, ready: asyncio.Event) -> None:
        async with mounted.router.lifespan_context(mounted):
            ready.set()
            await self._ended.wait()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._guarded(scope, receive, send)


async def _say_opening(scope: Scope, _receive: Receive, send: Send) -> None:
    """The page that asks for itself again, and "not yet" for all that a program asks for."""
    is_page = scope["path"] == "/"
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"1"),
    ]
    words = _OPENING if is_page else "Footnote is opening its articles; ask again in a second"
    await loopback.reply(send, 200 if is_page else 503, words.encode(), headers)
