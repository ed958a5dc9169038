"""A chatbot for one request: what it is asked goes through, until the client has left."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Protocol

from rag.answer import Answer
from rag.types import Article, Filters, Hit, Source, Turn
from ui.places import Places, Stepping
from ui.serve.problems import RETRY_SECONDS, RefusedError, retry_later


class Librarian(Stepping, Protocol):
    """What is served: `rag.chatbot.Chatbot`, or what does the same."""

    def search(
        self, question: str, *, top_k: int = 10, filters: Filters | None = None
    ) -> tuple[Hit, ...]:
        """The best passages."""
        ...

    def articles(self) -> tuple[Source, ...]:
        """Every article's card."""
        ...

    def article(self, article_id: str) -> Article:
        """One article as read."""
        ...

    def close(self) -> None:
        """Lets go of the index."""
        ...


class Attended:
    """The chatbot as a request sees it."""

    def __init__(self, bot: Librarian, places: Places, gone: threading.Event) -> None:
        """Nothing is asked yet.

        Args:
            bot: Answers.
            places: At the processor; shared by all requests.
            gone: Set once nobody waits for the answer any more.
        """
        self._bot = bot
        self._places = places
        self._gone = gone

    @property
    def mode(self) -> str:
        """Name of the model that words the answers, or "extractive"."""
        return self._bot.mode

    @property
    def host(self) -> str | None:
        """Where passages are sent for an answer; None when they stay on this machine."""
        return self._bot.host

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        """The whole answer.

        Raises:
            RagError: The chatbot's own.
            RefusedError: The client has left. What a model was asked is broken off.
        """
        *_, answer = self.stream(question, history, filters=filters, use_llm=use_llm)
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Iterator[Answer]:
        """The answer growing claim by claim, each checked; the last one is whole.

        Takes and raises what `ask` does.
        """
        steps = self._places.steps(self._bot, question, history, filters=filters, use_llm=use_llm)
        with closing(steps):
            for step in steps:
                if self._gone.is_set():
                    raise closed()
                if isinstance(step, Answer):
                    yield step

    def search(
        self, question: str, *, top_k: int = 10, filters: Filters | None = None
    ) -> tuple[Hit, ...]:
        """The best passages."""
        with self._places.one():
            return self._bot.search(question, top_k=top_k, filters=filters)

    def articles(self) -> tuple[Source, ...]:
        """Every article's card."""
        return self._bot.articles()

    def article(self, article_id: str) -> Article:
        """One article as read."""
        return self._bot.article(article_id)


def closed() -> RefusedError:
    """What is raised when nobody is served any more, or the client has left and hears nothing."""
    return retry_later(503, "closing", "Footnote is stopping", RETRY_SECONDS)
