"""A language model that says what a test tells it to, in small pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping, Sequence

from rag.answer import Usage
from rag.answering.dialogue import Message
from rag.errors import LlmError

Reply = str | LlmError | Sequence[str | LlmError] | Callable[[str], str]
"""Words; what is raised; both one after another; or what makes words of the last message."""


class FakeModel:
    """Gives one reply a request, in order, the last one again and again."""

    name = "parrot"
    host: str | None = None

    def __init__(self, *replies: Reply, structured: bool = False, window: int = 6_000) -> None:
        self._replies = replies
        self.structured = structured
        self.window = window
        self.asked: list[tuple[Message, ...]] = []
        self.closed = False
        self.loaded = False
        self.broken_off = 0
        """Streams that were closed before their end."""
        self.refuses: LlmError | None = None
        """Raised instead of a dialogue."""

    def n_tokens(self, text: str) -> int:
        return len(text) // 3

    def dialogue(self) -> FakeDialogue:
        if self.refuses:
            raise self.refuses
        return FakeDialogue(self)

    def preload(self) -> None:
        self.loaded = True

    def close(self) -> None:
        self.closed = True

    def reply(self, messages: Sequence[Message]) -> list[str | LlmError]:
        told = self._replies[min(len(self.asked), len(self._replies)) - 1]
        if callable(told):
            told = told(messages[-1].content)
        return [told] if isinstance(told, str | LlmError) else list(told)


class FakeDialogue:
    """Two requests and no more."""

    def __init__(self, model: FakeModel) -> None:
        self._model = model
        self.requests_left = 2

    @property
    def usage(self) -> Usage:
        return Usage(self._model.name, self._model.host, 2 - self.requests_left, None, None)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,
        max_tokens: int | None = None,
    ) -> Generator[str]:
        assert self.requests_left, "more than two requests for a question"
        assert (schema is not None) == self._model.structured or max_tokens
        self.requests_left -= 1
        self._model.asked.append(tuple(messages))
        try:
            for told in self._model.reply(messages):
                if isinstance(told, LlmError):
                    raise told
                yield ""
                yield from re.findall(r".{1,7}", told, re.DOTALL)
        except GeneratorExit:
            self._model.broken_off += 1
            raise


def passage_with(prompt: str, words: str) -> int:
    """The number of the prompt's last passage that has the words; 99 where none has."""
    blocks = re.findall(r'<passage number="(\d+)"[^>]*>(.*?)</passage>', prompt, re.DOTALL)
    return next((int(n) for n, text in reversed(blocks) if words in text), 99)
