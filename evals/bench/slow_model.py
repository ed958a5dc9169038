"""A server of this machine that speaks the API of chat models, slowly, and notes who hangs up."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

MODEL = "slow"
Phase = Literal["before the first token", "between tokens", "in a slow drip"]
_PAUSES: dict[Phase, tuple[float, float]] = {
    "before the first token": (60.0, 60.0),
    "between tokens": (0.02, 0.05),
    "in a slow drip": (0.02, 2.0),
}
"""Seconds before the first token, and before each after it."""
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
_POLL_SECONDS = 0.002


@dataclass
class Asked:
    """A request, and when its client hung up."""

    at: float
    """In seconds of the monotonic clock."""
    hung_up: float | None = None
    gone: threading.Event = field(default_factory=threading.Event)


@dataclass
class SlowModel:
    """What is asked of it, and how it is to answer."""

    phase: Phase = "between tokens"
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def open(self) -> int:
        """Requests whose client has not hung up."""
        return sum(request.hung_up is None for request in self.asked)

    @property
    def base_url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/v1"

    def next_after(self, n: int, holds: Callable[[], bool], seconds: float) -> Asked | None:
        """The request after the first n, once it has come; None if it does not come in time."""
        until = time.monotonic() + seconds
        while len(self.asked) <= n and time.monotonic() < until and holds():
            time.sleep(_POLL_SECONDS)
        return self.asked[n] if len(self.asked) > n else None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"POST"):
                writer.write(b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                writer.close()
                return
            request = Asked(time.monotonic())
            self.asked.append(request)
            try:
                await self._talk(writer, reader, self.phase)
            finally:
                request.hung_up = time.monotonic()
                request.gone.set()
        writer.close()

    async def _talk(
        self, writer: asyncio.StreamWriter, reader: asyncio.StreamReader, phase: Phase
    ) -> None:
        """Words without end, until the client hangs up."""
        first, later = _PAUSES[phase]
        talking = asyncio.ensure_future(_words(writer, first, later))
        while not (reader.at_eof() or talking.done()):
            # Reading tells of the end; what is left of the request is read on the way.
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(65_536), 0.05)
        talking.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await talking


async def _words(writer: asyncio.StreamWriter, first: float, later: float) -> None:
    await asyncio.sleep(first)
    writer.write(_HEAD)
    while True:
        delta = {"index": 0, "delta": {"content": "Trade grew. "}, "finish_reason": None}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
        event = b"data: " + json.dumps({**chunk, "choices": [delta]}).encode() + b"\n\n"
        writer.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        await writer.drain()
        await asyncio.sleep(later)


@contextmanager
def slow_model() -> Iterator[SlowModel]:
    """The server, on a port of its own, for as long as the block runs."""
    model, ready = SlowModel(), threading.Event()
    loop, stopped = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(model._serve, "127.0.0.1", 0)
        model.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stopped.wait()
        server.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield model
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
