"""The page on a port of this machine, behind the guard."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI

from rag.errors import ConfigError
from ui.web.conversation import Answerer
from ui.web.page import build_app
from ui.web.security import Guard

HOST = "127.0.0.1"
PORT = 7860
LOOPBACK = (HOST, "localhost", "::1")
TRIED_PORTS = 21
"""The default port and the twenty after it, when nobody asked for a certain one."""
STOP_SECONDS = 2
"""Open connections are given this long to end when the server stops."""

_ASSETS = Path(__file__).parent / "assets"
_HEAD = (
    '<meta name="color-scheme" content="light dark">'
    '<link rel="stylesheet" href="/footnote.css"><script src="/footnote.js" defer></script>'
)
_SANS = ("system-ui", "Noto Sans", "Segoe UI", "sans-serif")


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the port, or on one of the next twenty if the default one is taken.

    Raises:
        ConfigError: Others could reach the host, or the port is taken or not allowed.
    """
    if host not in LOOPBACK:
        raise ConfigError(
            f"host {host!r} would open the page to others, and there is no sign-in yet; "
            f"give --host {HOST}, and reach it from elsewhere through an SSH tunnel"
        )
    tried = range(port, port + (TRIED_PORTS if port == PORT else 1))
    for candidate in tried:
        try:
            return socket.create_server(
                (host, candidate), family=socket.AF_INET6 if ":" in host else socket.AF_INET
            )
        except (OSError, OverflowError):
            continue
    which = f"port {port} is" if len(tried) == 1 else f"ports {tried[0]} to {tried[-1]} are"
    raise ConfigError(f"{which} taken or not allowed on {host}; give another --port")


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
    with ThreadPoolExecutor(1) as apart:  # the caller's thread may run an event loop already
        guarded = apart.submit(asyncio.run, _application(bot, private)).result()
    server = _Server(guarded)
    with listener:
        thread = threading.Thread(target=server.run, args=([listener],), name="page", daemon=True)
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.01)
        host, port = listener.getsockname()[:2]
        try:
            yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS + 1)


class _Server(uvicorn.Server):
    """Ends the streams that pages hold open before it waits for the connections to close."""

    def __init__(self, guarded: Guard) -> None:
        super().__init__(
            uvicorn.Config(
                guarded,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        self._guarded = guarded

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._guarded.close()
        await super().shutdown(sockets)


async def _application(bot: Answerer, private: Collection[Path]) -> Guard:
    """The guarded page. Made inside an event loop, or Gradio leaves loops of its own open."""
    return Guard(_mounted(build_app(bot), private))


def _mounted(page: gr.Blocks, private: Collection[Path]) -> FastAPI:
    """The page as an application, with every switch of Gradio's given."""
    mounted: FastAPI = gr.mount_gradio_app(
        FastAPI(docs_url=None, redoc_url=None, openapi_url=None),
        page,
        path="/",
        server_name=HOST,
        auth=None,
        root_path="",
        allowed_paths=[],
        blocked_paths=_blocked(private),
        show_error=False,
        max_file_size="1mb",
        enable_monitoring=False,
        run_history=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        footer_links=[],
        favicon_path=str(_ASSETS / "footnote.svg"),
        theme=gr.themes.Base(font=_SANS, font_mono=("ui-monospace", "monospace")),
        head=_HEAD,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return mounted


def _blocked(folders: Collection[Path]) -> list[str]:
    # Gradio keeps its own files under the temporary folder; a folder above it cannot be blocked.
    temporary = Path(tempfile.gettempdir()).resolve()
    resolved = {folder.resolve() for folder in folders}
    return sorted(str(folder) for folder in resolved if not temporary.is_relative_to(folder))
