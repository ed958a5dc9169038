"""Requests to the page's server: who may ask for what, and what a browser may do with the reply."""

from __future__ import annotations

import asyncio
import time
from importlib.resources import files
from typing import TYPE_CHECKING

from ui import loopback
from ui.pace import Pace
from ui.web.received import again, body_of, names_a_file
from ui.web.uploads import MAX_TOTAL_BYTES

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

MAX_BODY_BYTES = 256_000
"""Largest request body. A question has at most a few thousand characters."""
MAX_UPLOAD_BYTES = MAX_TOTAL_BYTES + 1_000_000
"""Largest body of an upload: the files that are taken at once, and what stands between them."""

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
_HEADERS = ((b"content-security-policy", POLICY.encode()), *loopback.HEADERS)


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

# Only where articles can be added. What is sent there is read once and deleted; kinds, sizes and
# names are checked again by `ui.web.uploads`, and no route gives a file back.
_UPLOAD = "/gradio_api/upload"
_UPLOADS = frozenset({_UPLOAD, "/gradio_api/upload_progress"})

_ASSETS = {
    "/footnote.js": "text/javascript",
    "/kept.js": "text/javascript",
    "/sheets.js": "text/javascript",
    "/talk.js": "text/javascript",
    "/footnote.css": "text/css",
    "/library.css": "text/css",
}


PER_SECOND = 50.0
"""Events that one address may send a second, once its burst is used up."""
BURST = 1_000
"""Events at once. A reader's page sends a few a minute: only a program gone wild sends more."""


class Guard:
    """ASGI middleware that answers only the page's own browser and clients on this machine."""

    def __init__(self, app: ASGIApp, *, uploads: bool = False) -> None:
        """Guard an application.

        Args:
            app: What answers the requests that are let through.
            uploads: Whether files may be sent to it.
        """
        self._app = app
        self._uploads = uploads
        folder = files("ui.web") / "assets"
        self._assets = {path: (folder / path[1:]).read_bytes() for path in _ASSETS}
        self._closing = asyncio.Event()
        self._pace = Pace(per_second=PER_SECOND, burst=BURST)

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
        refused = refusal(scope, uploads=self._uploads)
        if refused is not None:
            await _reply(send, *refused)
        elif scope["path"] in self._assets:
            path = scope["path"]
            await _reply(send, 200, self._assets[path], _ASSETS[path])
        else:
            receiving = loopback.until_closed(receive, self._closing)
            if scope["method"] == "POST" and scope["path"] != _UPLOAD:
                client = scope["client"][0] if scope.get("client") else ""
                if self._pace.wait_seconds(client, time.monotonic()):
                    await _reply(send, 429, b"Too many requests at once; wait a second")
                    return
                body = await body_of(receiving)
                if names_a_file(body):
                    await _reply(send, 403, b"Names a file that was not sent here")
                    return
                receiving = again(body, receiving)
            await self._app(scope, receiving, loopback.with_headers(send, _HEADERS))


def refusal(scope: Scope, *, uploads: bool = False) -> tuple[int, bytes] | None:
    """Status and words when the request is refused, else None."""

    def served(path: str) -> bool:
        return _is_served(path) or (uploads and path in _UPLOADS)

    limit = MAX_UPLOAD_BYTES if uploads and scope["path"] == _UPLOAD else MAX_BODY_BYTES
    refused = loopback.refusal(scope, served=served, max_body_bytes=limit)
    return None if refused is None else (refused[0], refused[1].encode())


def _is_served(path: str) -> bool:
    return path in _SERVED or path in _ASSETS or path.startswith(_SERVED_UNDER)


async def _reply(send: Send, status: int, body: bytes, kind: str = "text/plain") -> None:
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode()),
        (b"cache-control", b"no-cache"),
        *_HEADERS,
    ]
    await loopback.reply(send, status, body, headers)
