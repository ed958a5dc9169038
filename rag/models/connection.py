"""A server's key → what carries one request there, and nothing anywhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from functools import cached_property
from typing import TYPE_CHECKING

import httpx

from rag.models.secret import Secret

if TYPE_CHECKING:
    import ssl

MAX_BYTES = 8_000_000
"""Of one reply: an event of a stream has about 350 bytes a token, reasoning included."""
MAX_LINE = 1_000_000
"""Bytes without a line's end; clients hold a line until it ends, however long it gets."""


class OverlongError(httpx.TransportError):
    """A reply has more bytes than any honest one."""


class Connection:
    """The way to one server."""

    def __init__(self, key: Secret, *, here: bool) -> None:
        """Prepares it.

        Args:
            key: Of the server.
            here: Whether the server is on this machine.
        """
        self._key = key
        self._here = here

    @cached_property
    def certificates(self) -> ssl.SSLContext:
        """Those that the server's is checked against."""
        return httpx.create_ssl_context()  # takes 20 ms: once, not for each request

    def open(self) -> httpx.AsyncClient:
        """A client for one request. Closing it closes the connection.

        It follows no redirect, which would post passages to another host; and what is sent to
        this machine takes no proxy.
        """
        return httpx.AsyncClient(
            auth=_Bearer(self._key),
            headers={"Accept-Encoding": "identity"},
            verify=self.certificates,
            follow_redirects=False,
            trust_env=not self._here,
            event_hooks={"response": [_bound]},
        )


class _Bearer(httpx.Auth):
    """Puts the key on a request as it leaves: the objects above never hold it."""

    def __init__(self, key: Secret) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key.reveal()}"
        else:
            request.headers.pop("Authorization", None)
        yield request


async def _bound(response: httpx.Response) -> None:
    # Unasked for, and a few bytes of it may unpack to gigabytes: left packed, it is no completion.
    response.headers.pop("Content-Encoding", None)
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx.AsyncByteStream):
    """A body that ends in an error where it grows beyond all bounds."""

    def __init__(self, body: httpx.AsyncByteStream) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = line = 0
        async for part in self._body:
            size += len(part)
            ends = part.rfind(b"\n")
            line = line + len(part) if ends < 0 else len(part) - ends
            if size > MAX_BYTES or line > MAX_LINE:
                raise OverlongError("a reply without end")
            yield part

    async def aclose(self) -> None:
        await self._body.aclose()
