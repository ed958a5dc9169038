"""Requests to a server on this machine: where it may listen, and whom it answers."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

HOST = "127.0.0.1"
LOOPBACK = (HOST, "localhost", "::1")
TRIED_PORTS = 21
"""The default port and the twenty after it, when nobody asked for a certain one."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""What every reply tells a browser, besides a policy of its own."""

_LENGTH = re.compile(r"[0-9]{1,15}")  # "1024"
_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


def listen(host: str, port: int, *, default: int) -> socket.socket:
    """A socket that listens on the port, or on one of the next twenty if it is the default one.

    Raises:
        ConfigError: Others could reach the host, or the port is taken or not allowed.
    """
    if host not in LOOPBACK:
        raise ConfigError(
            f"host {host!r} would open Footnote to others, and there is no sign-in yet; "
            f"give --host {HOST}, and reach it from elsewhere through an SSH tunnel"
        )
    tried = range(port, port + (TRIED_PORTS if port == default else 1))
    for candidate in tried:
        try:
            return socket.create_server(
                (host, candidate), family=socket.AF_INET6 if ":" in host else socket.AF_INET
            )
        except (OSError, OverflowError):
            continue
    which = f"port {port} is" if len(tried) == 1 else f"ports {tried[0]} to {tried[-1]} are"
    raise ConfigError(f"{which} taken or not allowed on {host}; give another --port")


def address(listener: socket.socket) -> str:
    """Where a client finds the server."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def refusal(
    scope: Scope, *, served: Callable[[str], bool], max_body_bytes: int
) -> tuple[int, str] | None:
    """Status and words when a request is refused, else None.

    Args:
        scope: The request's, of type `http`.
        served: Whether a path, decoded, is one that is answered.
        max_body_bytes: Largest body.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "").lower()
    origin = headers.get(b"origin", f"http://{host}").lower()
    length = headers.get(b"content-length", "0")
    counted = _LENGTH.fullmatch(length) is not None and b"transfer-encoding" not in headers
    rules = (
        (_host_name(host) in _HOSTS, 400, "Footnote answers on this machine only"),
        (origin == f"http://{host}", 403, "Another site's page may not use Footnote"),
        (served(scope["path"]), 403, "Not served"),
        (counted, 411, "Give the length of the body"),
        (counted and int(length) <= max_body_bytes, 413, "The request is too large"),
    )
    return next(((status, words) for kept, status, words in rules if not kept), None)


def _host_name(host: str) -> str:
    """The host without its port, `[::1]` kept in brackets.

    >>> _host_name("localhost:7860"), _host_name("[::1]:7860"), _host_name("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def until_closed(receive: Receive, closing: asyncio.Event) -> Receive:
    """The same messages, and a disconnect as soon as the server closes."""

    async def receiving() -> Message:
        message = asyncio.ensure_future(receive())
        closed = asyncio.ensure_future(closing.wait())
        try:
            await asyncio.wait((message, closed), return_when=asyncio.FIRST_COMPLETED)
            return message.result() if message.done() else {"type": "http.disconnect"}
        finally:
            message.cancel()
            closed.cancel()

    return receiving


def with_headers(send: Send, headers: Iterable[tuple[bytes, bytes]]) -> Send:
    """The same replies, with these headers instead of any of the same names."""
    ours = tuple(headers)
    names = {name for name, _ in ours}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            theirs = [pair for pair in message.get("headers", ()) if pair[0].lower() not in names]
            message = {**message, "headers": [*theirs, *ours]}
        await send(message)

    return sending


async def reply(
    send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]
) -> None:
    """Sends a whole reply; its length is added to the headers."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})
