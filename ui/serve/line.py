"""Work for threads: some at once, some waiting in line, the rest turned away at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from ui.places import AT_ONCE
from ui.serve.attended import closed
from ui.serve.problems import RETRY_SECONDS, retry_later

T = TypeVar("T")
Leaving: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is worked on."""

    at_once: int = AT_ONCE
    """More of them help only where most of the time a model is waited for."""
    waiting: int = 64
    """Requests in line before the next one is told that the server is busy."""
    seconds: float = 120.0
    """Longest that a request may take, the waiting included."""


class Line:
    """A line of requests before a few threads."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        """Starts no thread before there is work.

        Args:
            name: Of the threads.
            bounds: How much is worked on.
        """
        self.bounds = bounds
        self._pool = ThreadPoolExecutor(bounds.at_once, thread_name_prefix=name)
        self._counting = threading.Lock()
        self._inside = 0

    @property
    def inside(self) -> int:
        """Requests being worked on or waiting."""
        return self._inside

    async def run(self, work: Callable[[], T], left: Leaving | None = None) -> T:
        """What the work gives, once its turn has come.

        A request whose client has left gives its place back; one that is worked on already keeps
        it until the work ends, for a thread cannot be stopped from outside.

        Args:
            work: Done in a thread.
            left: Waits until the client has gone.

        Raises:
            RefusedError: Too many are waiting, it takes too long, or the client has gone.
        """
        future = self._enter(work)
        answer = asyncio.wrap_future(future)
        leaving = asyncio.ensure_future(left()) if left is not None else asyncio.Future[object]()
        try:
            await asyncio.wait(
                (answer, leaving),
                timeout=self.bounds.seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if answer.cancelled() or (leaving.done() and not answer.done()):
                raise closed()  # or the client has left, and nobody hears it
            if answer.done():
                return answer.result()
            words = f"No answer within {self.bounds.seconds:g} s"
            raise retry_later(504, "timeout", words, RETRY_SECONDS)
        finally:
            leaving.cancel()
            answer.cancel()

    def close(self) -> None:
        """Lets nobody in any more, and forgets who is waiting; what is worked on goes on."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _enter(self, work: Callable[[], T]) -> Future[T]:
        with self._counting:
            if self._inside >= self.bounds.at_once + self.bounds.waiting:
                words = f"Busy: {self.bounds.waiting} requests are waiting; try again later"
                raise retry_later(429, "busy", words, RETRY_SECONDS)
            self._inside += 1
        try:
            future = self._pool.submit(work)
        except RuntimeError as error:  # the pool is shut down
            self._leave(None)
            raise closed() from error
        future.add_done_callback(self._leave)
        return future

    def _leave(self, _: object) -> None:
        with self._counting:
            self._inside -= 1
