"""Questions and answers so far → the page's messages, and turns for the next question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.answer import Answer
from rag.types import Article, Source, Turn
from ui.web.panels import answer_html, pending_html, problem_html, question_html

MAX_TURNS = 10
"""Earlier turns that a question can refer to."""


class Answerer(Protocol):
    """What the page needs of a chatbot."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The answer to a question."""
        ...

    def articles(self) -> tuple[Source, ...]:
        """Every article's card."""
        ...

    def article(self, article_id: str) -> Article:
        """One article as read."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and its answer or what went wrong; neither while it is looked for."""

    question: str
    answer: Answer | None = None
    problem: str | None = None


def turns(exchanges: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The answered questions, oldest first, as a chatbot takes them."""
    answered = [
        Turn(exchange.question, exchange.answer.text) for exchange in exchanges if exchange.answer
    ]
    return tuple(answered[-MAX_TURNS:])


def messages(exchanges: Sequence[Exchange]) -> list[dict[str, str]]:
    """The conversation for Gradio's chat component."""
    shown = []
    for number, exchange in enumerate(exchanges, 1):
        shown.append({"role": "user", "content": question_html(exchange.question)})
        shown.append({"role": "assistant", "content": _reply(exchange, number)})
    return shown


def _reply(exchange: Exchange, number: int) -> str:
    if exchange.answer is not None:
        return answer_html(exchange.answer, number)
    return pending_html() if exchange.problem is None else problem_html(exchange.problem)
