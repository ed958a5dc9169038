"""The application on a port of this machine, until it is stopped."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from rag.errors import RagError
from ui import loopback
from ui.pace import Pace
from ui.serve.desk import Desk
from ui.serve.door import Door
from ui.serve.guard import Guard
from ui.serve.routes import About, Routes, on_error

STOP_SECONDS = 2
"""Open connections are given this long to end when the server stops."""
MAX_CONNECTIONS = 1_000
"""More are refused by uvicorn with 503."""
PER_SECOND, BURST = 20.0, 256
"""How often one client may ask: more than two answers at once can keep up with, so that it hits
only a client that has gone wild. The burst is what a full line and its senders come to."""


def make_app(desk: Desk, about: About, pace: Pace | None = None) -> Guard:
    """The guarded application over a desk, which is not opened or closed here."""
    pace = pace or Pace(per_second=PER_SECOND, burst=BURST)
    door = Door(desk, about.version, pace)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await door.close()

    routes = Routes(desk, about, pace)
    app = Starlette(
        routes=[*routes.listed(), Route("/mcp", door, methods=["POST"])],
        exception_handlers=dict.fromkeys(
            (RagError, HTTPException, ClientDisconnect, Exception), on_error
        ),
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return Guard(app)


@contextmanager
def serving(app: Guard, listener: socket.socket) -> Iterator[str]:
    """The application, served in a thread while the block runs; gives its address.

    Args:
        app: From `make_app`.
        listener: From `ui.loopback.listen`; closed at the end.
    """
    server = _Server(app)
    with listener:
        thread = threading.Thread(target=server.run, args=([listener],), name="serve", daemon=True)
        thread.start()
        while thread.is_alive() and not server.started:
            time.sleep(0.005)
        try:
            yield loopback.address(listener)
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS + 1)


class _Server(uvicorn.Server):
    """Ends the streams that clients hold open before it waits for the connections to close."""

    def __init__(self, app: Guard) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                server_header=False,
                access_log=False,
                ws="none",
                limit_concurrency=MAX_CONNECTIONS,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.close()
        await super().shutdown(sockets)


def about(version: str, generation: Callable[[], int | None] = lambda: None) -> About:
    """What is served, from now on."""
    return About(version, generation, int(time.time()))
