"""A chosen sentence in its article → the words that lead it in: outlet, date and who says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.checking.attributed import attributed_words, is_commentary
from rag.checking.attribution import find_attribution
from rag.types import Article, Passage, Source, Span

AROUND = 2
"""Paragraphs before and behind in which a speaker is looked for."""


@dataclass(frozen=True, slots=True)
class Prose:
    """An article, split."""

    article: Article
    sentences: tuple[Span, ...]
    """Of its prose, in the body and in order."""


class Quoted(Protocol):
    """Words of a passage that are shown as they stand."""

    @property
    def passage(self) -> Passage:
        """Where they stand."""
        ...

    @property
    def span(self) -> Span:
        """Their place in the article's body."""
        ...

    @property
    def text(self) -> str:
        """The words."""
        ...


def lead_in(source: Source, previous: Source | None) -> str:
    """Which article says what follows: outlet and date; words of ours that carry no fact.

    >>> from datetime import date
    >>> lead_in(Source("a", "T", "The Paper", None, date(2025, 5, 20), None, "a.md"), None)
    'According to The Paper (2025-05-20):'
    """
    if source == previous:
        return "The same article:"
    day = f" ({source.published.isoformat()})" if source.published else ""
    name = source.outlet or f"the article “{source.title}”"
    return f"According to {name}{day}:"


def attributed_lead(quoted: Quoted, previous: Source | None, prose: Prose) -> str:
    """The same, with the speaker where the quote itself does not name one: "he said"."""
    source, article = quoted.passage.source, prose.article
    spans = _sentences_around(prose, quoted.span)
    shown = [s for s in spans if quoted.span.start <= s.start and s.end <= quoted.span.end]
    if not shown:
        return lead_in(source, previous)
    last = shown[-1]
    commentary = is_commentary(article)
    attribution = find_attribution(
        last.of(article.body),
        [span.of(article.body) for span in spans if span.start < last.start],
        after=[span.of(article.body) for span in spans if span.start >= last.end],
        commentary=commentary,
    )
    told = attributed_words(
        attribution,
        source,
        # That a plain report stands in a commentary says nothing of who it is from.
        commentary=commentary and attribution.kind == "opinion",
        n_before=len(shown) - 1,
        same_article=source == previous,
    )
    return told or lead_in(source, previous)


def _sentences_around(prose: Prose, span: Span) -> list[Span]:
    """The sentences of the paragraph that the span stands in and of those around it."""
    blocks = [block.span for block in prose.article.blocks if block.kind == "prose"]
    at = next((n for n, block in enumerate(blocks) if block.end >= span.end), len(blocks))
    near = blocks[max(0, at - AROUND) : at + AROUND + 1]
    if not near:
        return []
    return [s for s in prose.sentences if near[0].start <= s.start and s.end <= near[-1].end]
