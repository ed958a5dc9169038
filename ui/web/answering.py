"""A question of the page → the exchange as it grows, two worked on at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import partial
from threading import BoundedSemaphore

from rag.answer import Answer
from rag.answering.offers import answered_questions
from rag.errors import RagError
from rag.types import Filters, Turn
from ui.web.conversation import Answerer, Exchange, turns

MAX_ANSWERED_AT_ONCE = 2
"""Answers worked on at the same time. Answering is bound by the processor."""
WAIT_SECONDS = 0.5
"""How often a question that waits for its turn notices that its reader has left."""

_FAILED = "Something went wrong on this machine while answering. The details are in Footnote's log."
_WAITING = "Other questions were asked first; yours is next…"
_CHECKING = "Checking the next sentence…"
_OFFERING = "Looking for questions that the articles do answer…"

logger = logging.getLogger(__name__)


class Answering:
    """A chatbot shared by every conversation of the page."""

    def __init__(self, bot: Answerer) -> None:
        """Of a chatbot, which is not closed here."""
        self.bot = bot
        self._turn = BoundedSemaphore(MAX_ANSWERED_AT_ONCE)

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """The whole answer.

        Raises:
            RagError: The question or the index is at fault.
        """
        with self._turn:
            return self.bot.ask(question, history)

    def exchanges(
        self, question: str, asked: Sequence[Exchange], filters: Filters
    ) -> Iterator[Exchange]:
        """The question at once, then its answer growing, then what went wrong or the whole answer.

        Closing the iterator ends the work at the next sentence and lets the next question in.
        """
        yield Exchange(question, working=_reading(len(self.bot.articles())))
        while not self._turn.acquire(timeout=WAIT_SECONDS):
            yield Exchange(question, working=_WAITING)
        try:
            yield from self._answered(question, asked, filters)
        except RagError as error:
            yield Exchange(question, problem=str(error))
        except Exception:  # the page's outermost handler: a bug must not empty it
            logger.exception("A question could not be answered")
            yield Exchange(question, problem=_FAILED)
        finally:
            self._turn.release()

    def _answered(
        self, question: str, asked: Sequence[Exchange], filters: Filters
    ) -> Iterator[Exchange]:
        answer = None
        for answer in self.bot.stream(question, turns(asked), filters=filters):
            refused = answer.refusal is not None
            yield Exchange(question, answer, working=_OFFERING if refused else _CHECKING)
        offers: tuple[str, ...] = ()
        if answer is not None and answer.refusal is not None:
            offers = answered_questions(answer, partial(self.bot.ask, filters=filters))
        yield Exchange(question, answer, offers=offers)


def _reading(n_articles: int) -> str:
    return f"Reading {n_articles:,} article{'' if n_articles == 1 else 's'}…"
