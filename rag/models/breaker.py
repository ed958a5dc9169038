"""Failures of a server → whether it is left alone for a while, so that nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rag.errors import LlmError

FAILURES = 5
WITHIN = 60.0
PAUSE = 30.0


class Breaker:
    """Five failures in a row within a minute, and no question waits for the next half minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: list[float] = []
        self._until = 0.0

    def check(self) -> None:
        """Lets a question through.

        Raises:
            LlmError: The server is left alone.
        """
        with self._lock:
            if self._clock() < self._until:
                raise LlmError(f"left alone for {PAUSE:.0f} s after {FAILURES} failures")

    def succeeded(self) -> None:
        """The server has replied."""
        with self._lock:
            self._failures.clear()

    def failed(self) -> None:
        """The server has failed."""
        with self._lock:
            now = self._clock()
            self._failures = [at for at in self._failures if now - at < WITHIN] + [now]
            if len(self._failures) >= FAILURES:
                self._until = now + PAUSE
                self._failures.clear()
