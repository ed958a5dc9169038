"""A question of the page → the exchange as it grows, in its turn."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import partial

from rag.answer import Answer, Working
from rag.answering.offers import answered_questions
from rag.errors import RagError
from rag.types import Filters, Turn
from ui.places import AT_ONCE, EXTRACTIVE, MAX_OPEN, Places
from ui.web.conversation import Answerer, Exchange, failed, turns

_FAILED = "Something went wrong on this machine while answering. The details are in Footnote's log."
_CHECKING = "Checking the next sentence…"
_OFFERING = "Looking for questions that the articles do answer…"

logger = logging.getLogger(__name__)


class Answering:
    """A chatbot shared by every conversation of the page."""

    def __init__(self, bot: Answerer) -> None:
        """Of a chatbot, which is not closed here."""
        self.bot = bot
        self._places = Places()

    @property
    def at_once(self) -> int:
        """Answers that can be in the making at the same time: many, where they wait for a model."""
        return AT_ONCE if self.bot.mode == EXTRACTIVE else MAX_OPEN

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """The whole answer.

        Raises:
            RagError: The question or the index is at fault.
        """
        steps = self._places.steps(self.bot, question, history)
        *_, answer = (step for step in steps if isinstance(step, Answer))
        return answer

    def exchanges(
        self,
        question: str,
        asked: Sequence[Exchange],
        filters: Filters,
        *,
        use_llm: bool = True,
    ) -> Generator[Exchange, None, None]:
        """The question at once, then its answer growing, then what went wrong or the whole answer.

        Closing the iterator ends the work, and what a model was asked, and lets the next one in.

        Args:
            question: The reader's words.
            asked: Earlier exchanges of the conversation.
            filters: What to restrict the search to.
            use_llm: False quotes the articles and asks no model.
        """
        shown = Exchange(question, working=_reading(len(self.bot.articles())))
        yield shown
        try:
            with closing(self._answered(question, asked, filters, use_llm=use_llm)) as growing:
                for shown in growing:
                    yield shown
        except RagError as error:
            yield failed(shown, str(error))
        except Exception:  # the page's outermost handler: a bug must not empty it
            logger.exception("A question could not be answered")
            yield failed(shown, _FAILED)

    def _answered(
        self, question: str, asked: Sequence[Exchange], filters: Filters, *, use_llm: bool
    ) -> Generator[Exchange, None, None]:
        answer = None
        steps = self._places.steps(
            self.bot, question, turns(asked), filters=filters, use_llm=use_llm
        )
        with closing(steps):
            for step in steps:
                if isinstance(step, Working):
                    yield Exchange(question, answer, working=step.words)
                    continue
                answer = step
                refused = answer.refusal is not None
                yield Exchange(question, answer, working=_OFFERING if refused else _CHECKING)
        offers: tuple[str, ...] = ()
        if answer is not None and answer.refusal is not None:
            # What is offered can be quoted: to try it, no model is asked.
            ask = partial(self.bot.ask, filters=filters, use_llm=False)
            with self._places.one():
                offers = answered_questions(answer, ask)
        yield Exchange(question, answer, offers=offers)


def _reading(n_articles: int) -> str:
    return f"Reading {n_articles:,} article{'' if n_articles == 1 else 's'}…"
