"""Questions and answers so far → the page's messages, and turns for the next question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.answer import Answer
from rag.types import Article, Filters, Source, Turn
from ui.places import Stepping
from ui.web.panels import answer_html, pending_html, problem_html, question_html, stopped_html

MAX_TURNS = 10
"""Earlier turns that a question can refer to."""
_STOPPED = "Stopped. What is shown was checked; more may have followed."


class Answerer(Stepping, Protocol):
    """What the page needs of a chatbot."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        """The answer to a question; with `use_llm` off, no model is asked."""
        ...

    def articles(self) -> tuple[Source, ...]:
        """Every article's card."""
        ...

    def article(self, article_id: str) -> Article:
        """One article as read."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what became of it so far."""

    question: str
    answer: Answer | None = None
    """Growing while it is worked on."""
    problem: str | None = None
    """What went wrong, in words."""
    offers: tuple[str, ...] = ()
    """Questions near a refused one that the articles do answer."""
    working: str | None = None
    """What is being done; None when nothing is any more."""
    stopped: bool = False
    """Broken off by the reader."""


def settled(exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges, one that was still worked on told as stopped."""
    return tuple(
        exchange if exchange.working is None else _stopped(exchange) for exchange in exchanges
    )


def failed(exchange: Exchange, problem: str) -> Exchange:
    """The exchange when something goes wrong: what was shown of its answer already stays."""
    if exchange.answer is None:
        return Exchange(exchange.question, problem=problem)
    return Exchange(exchange.question, replace(exchange.answer, notice=problem))


def _stopped(exchange: Exchange) -> Exchange:
    """What was shown was checked: it stays, and what the conversation goes on from."""
    answer = exchange.answer
    if answer is not None and answer.refusal is None:
        answer = replace(answer, notice=_STOPPED)
    return Exchange(exchange.question, answer, stopped=True)


def turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The answered questions, oldest first, as a chatbot takes them."""
    answered = [
        exchange.answer.turn
        for exchange in exchanges
        if exchange.answer and exchange.working is None
    ]
    return tuple(answered[-MAX_TURNS:])


def messages(exchanges: Sequence[Exchange]) -> list[dict[str, str]]:
    """The conversation for Gradio's chat component."""
    shown = []
    for number, exchange in enumerate(exchanges, 1):
        shown.append({"role": "user", "content": question_html(exchange.question, number)})
        shown.append({"role": "assistant", "content": _reply(exchange, number)})
    return shown


def _reply(exchange: Exchange, number: int) -> str:
    if exchange.answer is not None:
        return answer_html(
            exchange.answer, number, offers=exchange.offers, working=exchange.working
        )
    if exchange.problem is not None:
        return problem_html(exchange.problem, number)
    if exchange.stopped:
        return stopped_html(number)
    return pending_html(exchange.working or "")
