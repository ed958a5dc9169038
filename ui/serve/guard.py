"""Requests from this machine go through, others hear why not; every reply is as safe as can be."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from ui import loopback
from ui.serve.problems import Problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MAX_BODY_BYTES = 1_000_000
"""Largest request body: a long conversation. A question has at most a few thousand characters."""

SERVED = frozenset(
    {
        "/health",
        "/v1/ask",
        "/v1/articles",
        "/v1/search",
        "/v1/models",
        "/v1/chat/completions",
        "/mcp",
    }
)
SERVED_UNDER = ("/v1/articles/", "/v1/models/")

# Nothing here is a page: whatever a browser makes of a reply, it runs and loads nothing.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_HEADERS = ((b"content-security-policy", POLICY.encode()), *loopback.HEADERS)
_KINDS = {400: "host", 403: "origin", 404: "not_found", 411: "length", 413: "too_large"}


class Guard:
    """ASGI middleware that answers only clients on this machine."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard an application.

        Args:
            app: What answers the requests that are let through.
        """
        self._app = app
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End the streams that are open, as if their clients had left; called in the loop."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        problem = _problem(scope)
        if problem is None:
            receiving = loopback.until_closed(receive, self._closing)
            await self._app(scope, receiving, loopback.with_headers(send, _HEADERS))
            return
        headers = ((b"content-type", b"application/json"), *_HEADERS)
        body = json.dumps(problem.to_dict()).encode()
        await loopback.reply(send, problem.status, body, headers)


def _problem(scope: Scope) -> Problem | None:
    refused = loopback.refusal(scope, served=lambda _: True, max_body_bytes=MAX_BODY_BYTES)
    if refused is not None:
        status, words = refused
        return Problem(status, _KINDS[status], words)
    path = scope["path"]
    if path in SERVED or path.startswith(SERVED_UNDER):
        return None
    return Problem(404, "not_found", "Nothing is served there; docs/serve.md lists what is")
