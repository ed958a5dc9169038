"""The nouns of the journey: what one step hands to the next, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

FigureKind = Literal["money", "percent", "count", "rank", "ratio", "date", "duration", "quantity"]
BlockKind = Literal["prose", "heading", "boilerplate"]
Wanted = Literal[
    "money",
    "percent",
    "rank",
    "count",
    "date",
    "duration",
    "quantity",
    "person",
    "place",
    "organisation",
    "reason",
    "list",
    "yes_no",
    "open",
]

Breadth = Literal["one", "several", "topic", "sides", "parts"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters: `text[start:end]`."""

    start: int
    """First character, from 0."""
    end: int
    """One past the last character."""

    def of(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Source:
    """The publisher's card of an article. What the article does not say is None, never guessed."""

    article_id: str
    """Short and stable: the file's name without its ending, in lower case."""
    title: str
    """The headline, or the opening words where the article has none."""
    outlet: str | None
    """Who published it."""
    author: str | None
    published: date | None
    """Publication date as the article gives it; never the time it was indexed."""
    url: str | None
    path: str
    """The file it was read from."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading of a body."""

    span: Span
    """Without its list or heading mark and the white space around it."""
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read. Every span of the program counts in `body`."""

    source: Source
    body: str
    blocks: tuple[Block, ...] = ()
    """Its paragraphs, headings and boilerplate in order; between them is only space and markup."""
    version: str = ""
    """SHA-256 (hex) of everything that was read; a changed article has another one."""
    supersedes: str | None = None
    """Version that this one replaced in the archive, if any."""

    @property
    def boilerplate(self) -> tuple[Span, ...]:
        """Spans that are never an answer: credits, repeats, legal notes."""
        return tuple(block.span for block in self.blocks if block.kind == "boilerplate")

    @property
    def headings(self) -> tuple[Span, ...]:
        """Spans of headings and captions: context, never an answer themselves."""
        return tuple(block.span for block in self.blocks if block.kind == "heading")


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed and retrieved: neighbouring sentences of one article."""

    id: str
    """`article_id#n`, n from 0 in reading order."""
    source: Source
    text: str
    """Equal to `body[span.start:span.end]`, always."""
    span: Span
    """Where it stands in the article's body."""
    sentences: tuple[Span, ...]
    """Its answerable sentences, counted in the article's body, in order."""

    def sentence(self, span: Span) -> str:
        """The words of one of its sentences."""
        return self.text[span.start - self.span.start : span.end - self.span.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query."""

    passage: Passage
    score: float
    """Orders one query's hits; means nothing across queries."""
    copies: tuple[str, ...] = ()
    """Ids of near-duplicate passages that this hit stands for."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader restricts a question to. Empty means everything."""

    outlets: tuple[str, ...] = ()
    """Outlet names, compared without case."""
    articles: tuple[str, ...] = ()
    """Article ids."""
    since: date | None = None
    """First publication date, inclusive. An undated article never passes a date filter."""
    until: date | None = None
    """Last publication date, inclusive."""

    def admit(self, source: Source) -> bool:
        """Whether the source passes every restriction."""
        if self.outlets and (source.outlet or "").casefold() not in {
            o.casefold() for o in self.outlets
        }:
            return False
        if self.articles and source.article_id not in self.articles:
            return False
        if self.since is None and self.until is None:
            return True
        if source.published is None:
            return False
        return (self.since or date.min) <= source.published <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched, and what an answer to it has to contain."""

    text: str
    """The standalone question."""
    wanted: Wanted
    """The type of answer that the question asks for."""
    entities: tuple[str, ...] = ()
    """Names the question is about, as written."""
    terms: tuple[str, ...] = ()
    """Stemmed content words, without the names."""
    years: tuple[str, ...] = ()
    """Periods the question is restricted to, normalised: `2024`, `2024/25`."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How wide a question asks."""

    breadth: Breadth
    queries: tuple[Query, ...]
    """The question itself; its topic; the two sides that it compares; its parts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount, share, count, rank, ratio, date or duration read out of a text."""

    value: Decimal
    high: Decimal | None
    """Upper end of a range, else None."""
    unit: str
    """Normalised: `USD`, `%`, `rank`, `times`, a date's precision, the noun that is counted."""
    kind: FigureKind
    approximate: bool
    """About, nearly, over and their like."""
    subject: Span | None
    """The words it is about, in the same text, where they could be told."""
    period: str | None
    """When it holds, normalised (`2024/25`), where the text says."""
    span: Span
    """Its words, in the text it was read from."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before, and the answer's text."""

    question: str
    answer: str = ""
    cited: tuple[tuple[str, Span], ...] = ()
    """The words that it rested on: article ids, and places in their bodies."""
