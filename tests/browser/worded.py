"""A chatbot whose answers a model words, by heart: it says what it is doing until it may go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from browser.standin import ARTICLES, EXPORTS, NOBODY, StandIn, cite

from rag.answer import Answer, CheckedFigure, Claim, Usage, Withheld, Working
from rag.answering.streaming import prefixes
from rag.types import Figure, Filters, Span, Turn

MODEL, HOST = "llama3.1:8b", "models.example"
TICK = 0.05
"""Seconds between two words about what is being done."""
DOWN = "Is the model down?"
SAID = (
    "The valley sold goods worth $86.07 million in 2024. [1]",
    "That is 84 percentage points less of the exchange than before. [1]",
    "The pass was closed for 41 days. [2]",
)
_LIES = (
    Withheld(
        "Exports doubled to $172 million <img src=x onerror=alert(1)>.",
        "“$172 million”: the words cited have no such figure",
    ),
    Withheld(
        "![chart](https://evil.example/i.png) [Read on](javascript:alert(1))",
        "it cites no passage",
    ),
)


def _figure(words: str, state: str, citation: int) -> CheckedFigure:
    figure = Figure(Decimal(1), None, "", "quantity", False, None, None, Span(0, len(words)))
    return CheckedFigure(words, figure, state, citation)


def worded(question: str) -> Answer:
    trade = ARTICLES["trade"]
    exports = "Exports in 2024 came to $86.07 million"
    citations = (
        cite(1, trade, f"{exports}, which is 0.02% of everything the valley sells abroad"),
        cite(2, trade, "the pass stayed closed for 41 days"),
    )
    text = " ".join(SAID)
    how = "“84 percentage points” is the difference between 100% and 16%"
    figures = (
        (_figure("$86.07 million", "verified", 1),),
        (_figure("84 percentage points", "computed", 1),),
        (_figure("41 days", "verified", 2),),
    )
    claims = []
    for said, number, checked, reason in zip(SAID, (1, 1, 2), figures, ("", how, ""), strict=True):
        start = text.index(said)
        span = Span(start, start + len(said))
        claims.append(Claim(said, span, "supported", reason, (number,), checked))
    usage = Usage(MODEL, HOST, 2, 1234, 210, Decimal("0.00041"))
    return Answer(
        question, question, "llm", text, tuple(claims), citations, withheld=_LIES, usage=usage
    )


class Worded(StandIn):
    """Words one answer, fails at one question, quotes when no model is to be asked."""

    mode = MODEL
    host = HOST

    def __init__(self) -> None:
        super().__init__()
        self.allowed = threading.Semaphore(0)
        self.closed = threading.Event()
        """Whether it was broken off."""

    def go_on(self, steps: int = 100) -> None:
        """Let it take some more steps."""
        self.allowed.release(steps)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        told = super().ask(question, history, filters=filters, use_llm=use_llm)
        if not use_llm or question == NOBODY:
            return told
        if question == DOWN:
            quoted = replace(super().ask(EXPORTS), question=question, query=question)
            words = f"The model {MODEL} is unavailable (timeout after 20 s); "
            notice = f"{words}these are the articles' own words."
            return replace(quoted, notice=notice, usage=Usage(MODEL, HOST, 2, None, None))
        return worded(question)

    def steps(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Iterator[Answer | Working]:
        growing = prefixes(self.ask(question, history, filters=filters, use_llm=use_llm))
        if not use_llm:
            yield from growing
            return
        words = f"Asking {MODEL} …"
        try:
            for answer in growing:
                while not self.allowed.acquire(timeout=TICK):
                    yield Working(words)
                yield answer
                words = f"Checking what {MODEL} writes …"
        except GeneratorExit:
            self.closed.set()
            raise
