"""A chatbot that knows its answers by heart, for tests of the page."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from rag.answer import (
    Answer,
    CheckedFigure,
    Citation,
    Claim,
    Conflict,
    Reading,
    Refusal,
    Withheld,
    Working,
)
from rag.answering.streaming import prefixes
from rag.errors import QuestionError, UnknownArticleError
from rag.types import Article, Block, Figure, Filters, Source, Span, Turn

EXPORTS = "What were the valley's exports worth in 2024?"
TOURISTS = "Where does the valley rank for tourists?"
NOBODY = "What were its imports worth?"
TWICE = "What does the report say twice?"
WRONG = "Too hard"
BROKEN = "Break"

HOSTILE = (
    "![x](https://evil.example/i.png)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</div></article><iframe src='https://evil.example'></iframe>",
    '"><svg onload=alert(1)><image href=https://evil.example/i.png>',
    "' onmouseover='alert(1)",
    "https://evil.example/auto www.evil.example mail@evil.example",
    "[a]: https://evil.example\n\n[a] ![a]",
    "```mermaid\ngraph TD; A-->B\n```",
    "$$\\href{javascript:alert(1)}{x}$$ \\(x\\)",
    "    <style>*{background:url(https://evil.example)}</style>",
    "&lt;b&gt; &#60;b&#62; \x00\x1b\ud800",
    "| a | b |\n|---|---|\n# h\n> q\n* l\n1. l\n~~s~~ `c` **b** _i_",
)
"""What an article's author might write to load, run or fake something."""

_TRADE = Source(
    "trade",
    "Trade, tourism and the quarrel over the pass",
    "Valley Report",
    "A. Writer",
    date(2025, 5, 20),
    "https://example.org/trade",
    "trade.md",
)
_OPINION = Source(
    "opinion", "What the two valleys could do together", None, None, None, None, "o.md"
)
_PARAGRAPHS = {
    "trade": (
        "By 2023 the valley had risen to rank seven among its neighbour's trading partners and "
        "three among the buyers of its cheese; it had become the largest source of tourists.",
        "## The figures since",
        "The figures since tell another story. Exports in 2024 came to $86.07 million, which is "
        "0.02% of everything the valley sells abroad, and the exchange of goods has shrunk to 16% "
        "of what it was. Traders call that a warning.",
        "Supporters of a boycott say that the pressure will grow. Traders who sell the products "
        "are less sure, and the tourist agencies have already lost bookings.",
        *(
            f"Paragraph {n} tells of hay, of goats and of the weather, as every report from the "
            "valley does, so that there is something to scroll past on the way to the end."
            for n in range(1, 30)
        ),
        "At the very end the report says that the pass stayed closed for 41 days.",
        "Based on a Valley Report dispatch",
    ),
    "opinion": (
        "The valley is the fourth-largest source of tourists for its neighbour, and that is a "
        "foundation to build on.",
        "More visits would help.",
    ),
}


def _article(source: Source) -> Article:
    paragraphs = _PARAGRAPHS[source.article_id]
    body = "\n\n".join(paragraphs)
    blocks, at = [], 0
    for text in paragraphs:
        start = body.index(text, at)
        at = start + len(text)
        kind = "heading" if text.startswith("#") else "prose"
        blocks.append(Block(Span(start, at), "boilerplate" if text.startswith("Based") else kind))
    return Article(source, body, tuple(blocks))


ARTICLES = {source.article_id: _article(source) for source in (_TRADE, _OPINION)}


def cite(number: int, article: Article, words: str) -> Citation:
    """A citation of the first place where the article has these words."""
    start = article.body.index(words)
    return Citation(number, article.source, words, Span(start, start + len(words)))


def claim(answer: str, said: str, citation: Citation, figures: Sequence[str] = ()) -> Claim:
    """A claim that quotes its citation, the figures verified. Their spans count in the quote."""
    start = answer.index(said)
    checked = []
    for words in figures:
        at = citation.cited_text.index(words)
        value = Decimal(re.sub(r"[^\d.]", "", words))
        span = Span(at, at + len(words))
        figure = Figure(value, None, "", "quantity", False, None, None, span)
        checked.append(CheckedFigure(words, figure, "verified", citation.number))
    span = Span(start, start + len(said))
    return Claim(said, span, "supported", "verbatim", (citation.number,), tuple(checked))


def _exports() -> Answer:
    trade = ARTICLES["trade"]
    quote = (
        "Exports in 2024 came to $86.07 million, which is 0.02% of everything the valley sells "
        "abroad, and the exchange of goods has shrunk to 16% of what it was."
    )
    end = "At the very end the report says that the pass stayed closed for 41 days."
    first, second = cite(1, trade, quote), cite(2, trade, end)
    lines = (
        f"According to Valley Report (2025-05-20): “{quote}” [1]",
        f"The same article: “{end}” [2]",
    )
    text = "\n".join(lines)
    claims = (
        claim(text, lines[0], first, ("$86.07 million", "0.02%", "16%")),
        claim(text, lines[1], second, ("41 days",)),
    )
    left_out = Withheld("Imports doubled.", "no cited sentence gives this figure")
    return Answer(
        EXPORTS, EXPORTS, "extractive", text, claims, (first, second), withheld=(left_out,)
    )


def _tourists() -> Answer:
    first = "it had become the largest source of tourists."
    second = "The valley is the fourth-largest source of tourists for its neighbour"
    largest, fourth = cite(1, ARTICLES["trade"], first), cite(2, ARTICLES["opinion"], second)
    text = f"According to Valley Report (2025-05-20), {first} [1]\nAnother article: {second}. [2]"
    sides = (Reading("largest", 1), Reading("fourth-largest", 2))
    conflict = Conflict("rank of the valley as a source of tourists", "disagreement", sides)
    return Answer(
        TOURISTS, TOURISTS, "extractive", text, citations=(largest, fourth), conflicts=(conflict,)
    )


def _nobody() -> Answer:
    near = (
        cite(1, ARTICLES["trade"], "Exports in 2024 came to $86.07 million"),
        cite(2, ARTICLES["opinion"], "More visits would help."),
    )
    text = "The articles give exports of the valley, but no figure for its imports."
    return Answer(
        NOBODY,
        "What were the valley's imports worth?",
        "extractive",
        text,
        refusal=Refusal("figure_not_given", text, near),
        notice="The last index run left out one unreadable file.",
    )


def _twice() -> Answer:
    """Citations that overlap."""
    trade = ARTICLES["trade"]
    whole = "the exchange of goods has shrunk to 16% of what it was. Traders call that a warning."
    text = "It has shrunk to 16% of what it was. [1] [2]"
    citations = (cite(1, trade, whole), cite(2, trade, "shrunk to 16% of what it was."))
    return Answer(TWICE, TWICE, "extractive", text, citations=citations)


class StandIn:
    """Answers four questions, refuses the rest, and keeps what it was asked."""

    mode = "extractive"
    host: str | None = None

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Turn, ...]]] = []
        self.filters = Filters()
        self.used_llm = True

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        self.used_llm = use_llm
        self.filters = filters or Filters()
        if question == WRONG:
            raise QuestionError("the question is too hard; ask an easier one")
        if question == BROKEN:
            raise ZeroDivisionError
        known = {EXPORTS: _exports, TOURISTS: _tourists, TWICE: _twice}
        return known.get(question, _nobody)()

    def steps(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Iterator[Answer | Working]:
        yield from prefixes(self.ask(question, history, filters=filters, use_llm=use_llm))

    def articles(self) -> tuple[Source, ...]:
        return tuple(article.source for article in ARTICLES.values())

    def article(self, article_id: str) -> Article:
        if article_id not in ARTICLES:
            raise UnknownArticleError(f"no article {article_id!r} is indexed")
        return ARTICLES[article_id]


class Hesitant(StandIn):
    """Waits before each answer that grows, until it is told to go on; notes how it ended."""

    def __init__(self) -> None:
        super().__init__()
        self._allowed = threading.Semaphore(0)
        self.closed = threading.Event()

    def go_on(self, steps: int = 100) -> None:
        """Let it take some more steps."""
        self._allowed.release(steps)

    def steps(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Iterator[Answer | Working]:
        try:
            for step in super().steps(question, history, filters=filters, use_llm=use_llm):
                self._allowed.acquire(timeout=20)
                yield step
        except GeneratorExit:
            self.closed.set()
            raise


class Poisoned(StandIn):
    """Answers with words that an attacker wrote, wherever an article's words are shown."""

    words = "\n\n".join(HOSTILE).replace("\ud800", "").replace("\0", "").replace("\x1b", "")
    source = Source("bad", words, words, words, None, "javascript:alert(1)", "bad.md")

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        self.used_llm = use_llm
        self.filters = filters or Filters()
        citation = Citation(1, self.source, self.words, Span(0, len(self.words)))
        conflict = Conflict(self.words, "scope", (Reading(self.words, 1), Reading(self.words, 2)))
        text = f"{self.words} [1]"
        return Answer(
            question, self.words, "extractive", text, (), (citation,), (conflict,), notice=text
        )

    def articles(self) -> tuple[Source, ...]:
        return (self.source,)

    def article(self, article_id: str) -> Article:
        assert article_id == self.source.article_id
        return Article(self.source, self.words)
