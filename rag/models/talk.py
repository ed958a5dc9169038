"""Prompts about one question → replies piece by piece, within two requests and one deadline."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from rag.answer import Usage
from rag.errors import LlmError
from rag.models.background import Background
from rag.models.breaker import Breaker
from rag.models.deadlines import Deadlines
from rag.models.prompt import End, Failure, Prompt
from rag.models.secret import Secret

if TYPE_CHECKING:
    from rag.models.connection import Connection

REQUESTS = 2
_TIDY = 1.0
"""Seconds that breaking off may take; it takes a few milliseconds."""


class Worded(Protocol):
    """A message of a prompt."""

    @property
    def role(self) -> str:
        """One of system, user and assistant."""
        ...

    @property
    def content(self) -> str:
        """Its words."""
        ...


@dataclass(kw_only=True)
class Server:
    """What is known of a model's server; all talks with it share this."""

    model: str
    base_url: str
    key: Secret
    host: str | None
    """None where it is this machine."""
    window: int
    max_tokens: int
    structured: bool
    """Whether a schema is asked for; not after the server has refused one."""
    prices: tuple[Decimal, Decimal] | None
    """Of a million tokens, sent and of replies."""
    deadlines: Deadlines
    plain: bool = False
    """Whether the server refuses what not every one knows: schemas, and counts of a stream."""
    breaker: Breaker = field(default_factory=Breaker)
    background: Background = field(default_factory=lambda: Background("footnote-llm"))

    @cached_property
    def connection(self) -> Connection:
        """The way there."""
        from rag.models.connection import Connection

        return Connection(self.key, here=self.host is None)

    def load(self) -> None:
        """Loads the packages that speak with servers; the first time that takes seconds."""
        # The last two are what their packages load at the first request.
        for name in ("rag.models.reply", "openai.resources", "httpcore"):
            importlib.import_module(name)
        _ = self.connection.certificates

    async def load_aside(self) -> None:
        """Loads them on another thread: other talks go on."""
        if "connection" not in vars(self):
            await asyncio.to_thread(self.load)

    async def read(self, prompt: Prompt, put: Callable[[str | End], None], end: float) -> None:
        """Reads one reply; see `Reply.read`."""
        from rag.models.reply import Reply

        await Reply(self, prompt).read(put, end)


class Talk:
    """The talk with a model about one question; used by one thread."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._left = REQUESTS
        self._end = 0.0
        self._counts: list[tuple[int, int]] = []

    @property
    def requests_left(self) -> int:
        """Requests that may still be sent."""
        return self._left

    @property
    def usage(self) -> Usage:
        """What has been asked so far."""
        server, requests = self._server, REQUESTS - self._left
        if not self._counts:
            return Usage(server.model, server.host, requests, None, None)
        sent, replied = (sum(counts) for counts in zip(*self._counts, strict=True))
        cost = None
        if server.prices:
            cost = (sent * server.prices[0] + replied * server.prices[1]) / Decimal(1_000_000)
        return Usage(server.model, server.host, requests, sent, replied, cost)

    def stream(
        self,
        messages: Sequence[Worded],
        *,
        schema: Mapping[str, object] | None = None,
        max_tokens: int | None = None,
    ) -> Generator[str, None, None]:
        """The reply, piece by piece; an empty piece while nothing comes.

        Closing the iterator breaks the request off. What fails before its first piece is sent once
        more where that can help and a request is left: without a schema, where that was refused.

        Args:
            messages: The prompt.
            schema: JSON Schema of the reply, for servers that can be held to one.
            max_tokens: Longest reply; by default as the settings say.

        Raises:
            LlmError: It fails. `too_long` says whether a shorter prompt could help.
        """
        server = self._server
        yield from self._loaded()
        self._end = self._end or time.monotonic() + server.deadlines.total
        plain = server.plain
        while True:
            prompt = Prompt(
                tuple((message.role, message.content) for message in messages),
                server.max_tokens if max_tokens is None else min(max_tokens, server.max_tokens),
                schema if server.structured else None,
                plain=plain,
            )
            failure, begun = yield from self._request(prompt)
            if plain and not (failure and failure.refused):
                server.plain = True  # that was it: later talks need not find out
            if failure is None:
                server.breaker.succeeded()
                return
            wait = self._wait(failure, begun=begun, plain=plain)
            if wait is None:
                if failure.blames:
                    server.breaker.failed()
                raise LlmError(failure.reason, too_long=failure.too_long, detail=failure.detail)
            plain = plain or failure.refused
            yield from self._pause(wait)

    def _loaded(self) -> Generator[str, None, None]:
        job = self._server.background.start(self._server.load_aside())
        try:
            while not job.wait(self._server.deadlines.heartbeat):
                yield ""
        finally:
            job.stop(_TIDY)
        if job.error:
            raise job.error

    def _request(self, prompt: Prompt) -> Generator[str, None, tuple[Failure | None, bool]]:
        """One request: its failure, and whether pieces were given before."""
        if not self._left:
            raise LlmError(f"the question's {REQUESTS} requests are used up")
        came: SimpleQueue[str | End] = SimpleQueue()
        job = self._server.background.start(self._server.read(prompt, came.put, self._end))
        self._left -= 1
        begun = False
        try:
            while True:
                try:
                    piece = came.get(timeout=self._server.deadlines.heartbeat)
                except Empty:
                    if job.ended and came.empty():
                        raise job.error or LlmError("its client was closed") from None
                    yield ""
                    continue
                if not isinstance(piece, str):
                    if piece.counts:
                        self._counts.append(piece.counts)
                    return piece.failure, begun
                begun = True
                yield piece
        finally:
            job.stop(_TIDY)

    def _wait(self, failure: Failure, *, begun: bool, plain: bool) -> float | None:
        """Seconds until it is sent again; None if it is not."""
        if begun or not self._left:
            return None
        if failure.refused:
            return None if plain else 0.0
        if not failure.again:
            return None
        wait = self._server.deadlines.pause if failure.wait is None else failure.wait
        return wait if time.monotonic() + wait < self._end else None

    def _pause(self, seconds: float) -> Generator[str, None, None]:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, self._server.deadlines.heartbeat))
            yield ""
