"""Requests to the page's server: who may ask for what, and what a browser may do with the reply."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 256_000
"""Largest request body. A question has at most a few thousand characters."""

# Gradio needs inline styles and scripts from blobs; inline scripts stay refused, so that no words
# of an article can become one. Gradio's own inline configuration is refused with them: it then
# fetches /config instead.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)

_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

# What the page and gradio_client ask for. Everything else is refused: files by path or address
# (file=, proxy=), uploads, monitoring, logins, development and whatever a later Gradio adds.
_SERVED = frozenset(
    {
        "/",
        "/config",
        "/favicon.ico",
        "/manifest.json",
        "/robots.txt",
        "/theme.css",
        "/gradio_api/app_id",
        "/gradio_api/call/ask",
        "/gradio_api/cancel",
        "/gradio_api/info",
        "/gradio_api/login_check",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/reset",
        "/gradio_api/run/ask",
        "/gradio_api/startup-events",
        "/gradio_api/theme.css",
    }
)
_SERVED_UNDER = (
    "/static/",
    "/assets/",
    "/svelte/",
    "/gradio_api/heartbeat/",
    "/gradio_api/call/ask/",
)

_ASSETS = {"/footnote.js": "text/javascript", "/footnote.css": "text/css"}


class Guard:
    """ASGI middleware that answers only the page's own browser and clients on this machine."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard an application.

        Args:
            app: What answers the requests that are let through.
        """
        self._app = app
        folder = files("ui.web") / "assets"
        self._assets = {path: (folder / path[1:]).read_bytes() for path in _ASSETS}
        self._closing = asyncio.Event()

    def close(self) -> None:
        """End the streams that are open, as if their browsers had left; called in the loop."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refused = refusal(scope)
        if refused is not None:
            await _reply(send, *refused)
        elif scope["path"] in self._assets:
            path = scope["path"]
            await _reply(send, 200, self._assets[path], _ASSETS[path])
        else:
            await self._app(scope, self._until_closed(receive), _with_headers(send))

    def _until_closed(self, receive: Receive) -> Receive:
        async def receiving() -> Message:
            message = asyncio.ensure_future(receive())
            closing = asyncio.ensure_future(self._closing.wait())
            try:
                await asyncio.wait((message, closing), return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                message.cancel()
                closing.cancel()

        return receiving


def refusal(scope: Scope) -> tuple[int, bytes] | None:
    """Status and words when the request is refused, else None."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "").lower()
    origin = headers.get(b"origin", f"http://{host}").lower()
    path = scope["path"]
    served = path in _SERVED or path in _ASSETS or path.startswith(_SERVED_UNDER)
    length = headers.get(b"content-length", "0")
    counted = length.isdecimal() and b"transfer-encoding" not in headers
    rules = (
        (_host_name(host) in _HOSTS, 400, b"Footnote answers on this machine only"),
        (origin == f"http://{host}", 403, b"Another site's page may not use Footnote"),
        (served, 403, b"Not served"),
        (counted, 411, b"Give the length of the body"),
        (counted and int(length) <= MAX_BODY_BYTES, 413, b"The request is too large"),
    )
    return next(((status, words) for kept, status, words in rules if not kept), None)


def _host_name(host: str) -> str:
    """The host without its port, `[::1]` kept in brackets.

    >>> _host_name("localhost:7860"), _host_name("[::1]:7860"), _host_name("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in _HEADERS}
            theirs = [pair for pair in message.get("headers", ()) if pair[0].lower() not in ours]
            message = {**message, "headers": [*theirs, *_HEADERS]}
        await send(message)

    return sending


async def _reply(send: Send, status: int, body: bytes, kind: str = "text/plain") -> None:
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
        *_HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
