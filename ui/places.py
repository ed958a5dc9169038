"""Questions to a chatbot → their answers step by step, two at a time at the processor."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from threading import BoundedSemaphore
from typing import Protocol

from rag.answer import Answer, Working
from rag.types import Filters, Turn

AT_ONCE = 2
"""Answers that are looked for at the same time. That is bound by the processor."""
MAX_OPEN = 16
"""Answers in the making at the same time, those that wait for a model among them."""
WAIT_SECONDS = 0.3
"""How often a question that waits for its place can notice that its reader has left."""
EXTRACTIVE = "extractive"
"""Mode of a chatbot that asks no model."""
_WAITING = Working("Other questions were asked first; yours is next…")


class Stepping(Protocol):
    """What gives an answer step by step: `rag.chatbot.Chatbot`, or what does the same."""

    @property
    def mode(self) -> str:
        """Name of the model that words the answers, or "extractive"."""
        ...

    @property
    def host(self) -> str | None:
        """Where passages are sent for an answer; None when they stay on this machine."""
        ...

    def steps(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Iterator[Answer | Working]:
        """The answer growing; while nothing is new, what is being done, several times a second.

        Closing the iterator ends the work, and what a model was asked.
        """
        ...


class Places:
    """A few places at the processor, for any number of threads."""

    def __init__(self, n: int = AT_ONCE) -> None:
        """All of them free."""
        self._free = BoundedSemaphore(n)

    def one(self) -> AbstractContextManager[object]:
        """A place for as long as the block runs."""
        return self._free

    def steps(
        self,
        bot: Stepping,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Generator[Answer | Working, None, None]:
        """The chatbot's steps, once there is a place. Closing the iterator gives it back.

        An answer that a model words gives it back as soon as there is nothing to do but wait: what
        is left to do then, checking a sentence, takes milliseconds.
        """
        while not self._free.acquire(timeout=WAIT_SECONDS):
            yield _WAITING
        held, lends = True, use_llm and bot.mode != EXTRACTIVE
        try:
            growing = bot.steps(question, history, filters=filters, use_llm=use_llm)
            with closing(closable(growing)) as steps:
                for step in steps:
                    if held and lends and isinstance(step, Working):
                        self._free.release()
                        held = False
                    yield step
        finally:
            if held:
                self._free.release()


def closable(steps: Iterator[Answer | Working]) -> Generator[Answer | Working, None, None]:
    """The same steps. Closing this closes their iterator, where it is one that can be closed."""
    yield from steps
