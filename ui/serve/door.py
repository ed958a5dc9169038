"""`/mcp`: opened at its first request, for the protocol's package takes most of a second."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from ui.pace import Pace
from ui.serve.bodies import body_of
from ui.serve.desk import Desk
from ui.serve.problems import Problem, RefusedError, refuse
from ui.serve.wanted import parse

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Message, Receive, Scope, Send


class Door:
    """An ASGI application for MCP over HTTP."""

    def __init__(self, desk: Desk, version: str, pace: Pace) -> None:
        """Opens nothing yet.

        Args:
            desk: Answers.
            version: Of Footnote.
            pace: How often one client may ask.
        """
        self._desk = desk
        self._pace = pace
        self._version = version
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._closing = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            body = await body_of(Request(scope, receive), self._pace)
            _check(body)
        except RefusedError as error:
            headers = error.problem.headers
            reply = JSONResponse(_to_rpc(error.problem), error.problem.status, headers)
            await reply(scope, receive, send)
            return
        manager = await self._opened()
        handling = asyncio.ensure_future(manager.handle_request(scope, _again(body, receive), send))
        leaving = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait((handling, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not handling.done():
                handling.cancel()  # which ends the work, and what a model was asked
        with suppress(asyncio.CancelledError):
            await handling

    async def close(self) -> None:
        """End what is open; called in the loop."""
        self._closing.set()
        if self._running is not None:
            await self._running

    async def _opened(self) -> StreamableHTTPSessionManager:
        async with self._turn:
            if self._manager is None:
                manager = await run_in_threadpool(_load, self._desk, self._version)
                started = asyncio.Event()
                self._running = asyncio.create_task(self._run(manager, started))
                await started.wait()
                self._manager = manager
            return self._manager

    async def _run(self, manager: StreamableHTTPSessionManager, started: asyncio.Event) -> None:
        # Entered and left in one task, as its task group demands.
        async with manager.run():
            started.set()
            await self._closing.wait()


def _check(body: bytes) -> None:
    """Refuses what is no message; the protocol's package would tell how it is made inside."""
    message = parse(body)
    if not (
        isinstance(message, dict)
        and message.get("jsonrpc") == "2.0"
        and isinstance(message.get("method"), str)
        and isinstance(message.get("params", {}), dict)
        and isinstance(message.get("id", 0), str | int)
    ):
        words = "The body is no request of JSON-RPC 2.0; send one, not several"
        raise refuse(400, "bad_message", words)


def _to_rpc(problem: Problem) -> dict[str, Any]:
    codes = {"bad_json": -32700, "bad_message": -32600}  # JSON-RPC 2.0, section 5.1
    error = {"code": codes.get(problem.kind, -32000), "message": problem.message}
    return {"jsonrpc": "2.0", "id": None, "error": error}


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then what comes after it."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


async def _gone(receive: Receive) -> None:
    """Returns once the client has left; the body is read already."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _load(desk: Desk, version: str) -> StreamableHTTPSessionManager:
    from ui.serve.mcp_server import make_manager

    return make_manager(desk, version)
