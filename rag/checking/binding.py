"""A sentence in its place → each figure with what it is about, whose it is and when it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rag.checking.figures import find_figures
from rag.checking.subjects.bound import Bound, read_bound
from rag.checking.subjects.parsed import Parsed, parse
from rag.checking.subjects.references import MAX_EARLIER, Around, with_references
from rag.checking.syntax.places import Place
from rag.checking.syntax.words import Word
from rag.splitting.sentences import split_sentences
from rag.types import Article, Span

__all__ = ["Bound", "bind", "bind_article", "bind_sentences"]

_DIRECTIONS = frozenset({"change", "up", "down", "start", "end"})


def bind(
    sentence: str, *, before: str = "", title: str = "", published: date | None = None
) -> tuple[Bound, ...]:
    """The sentence's figures in order, each bound.

    Args:
        sentence: One sentence.
        before: The sentence before it, or a few: what a pronoun goes back to.
        title: The article's headline, for what nothing before names.
        published: The day that "last year" and months without a year are counted from.

    >>> for b in bind("The stove weighs 2.4 kg and the tent 3.1 kg."):
    ...     print(b.figure.value, b.quantity, sorted(b.terms))
    2.4 weigh ['stove', 'weigh']
    3.1 weigh ['tent', 'weigh']
    """
    return _bind(sentence, Around((before,) if before else (), title), published)


def bind_article(article: Article) -> tuple[tuple[Bound, Span], ...]:
    """Every figure of the article's prose, bound, with its span in the body."""
    return tuple(
        (bound, Span(span.start + bound.figure.span.start, span.start + bound.figure.span.end))
        for span, bounds in bind_sentences(article)
        for bound in bounds
    )


def bind_sentences(article: Article) -> Iterator[tuple[Span, tuple[Bound, ...]]]:
    """The sentences of the article's prose that hold figures, each with its bound figures.

    A sentence's span counts in the body, its figures' spans in the sentence.
    """
    earlier: tuple[str, ...] = ()
    for block in article.blocks:
        if block.kind == "heading":
            earlier = (*earlier, block.span.of(article.body))[-MAX_EARLIER:]
        if block.kind != "prose":
            continue
        for span in split_sentences(article.body, block.span):
            sentence = span.of(article.body)
            around = Around(earlier, article.source.title)
            if bounds := _bind(sentence, around, article.source.published):
                yield span, bounds
            earlier = (*earlier, sentence)[-MAX_EARLIER:]


@lru_cache(maxsize=2048)
def _bind(sentence: str, around: Around, published: date | None) -> tuple[Bound, ...]:
    if not find_figures(sentence):
        return ()
    parsed = parse(sentence)
    bounds: list[Bound] = []
    for place in _distributed(parsed):
        bound = read_bound(parsed, place, published)
        if place.twin >= 0:
            bounds.append(_again(bound, bounds[place.twin]))
        else:
            bounds.append(with_references(parsed, place, bound, bounds, around))
    return tuple(bounds)


def _distributed(parsed: Parsed) -> list[Place]:
    """With "respectively", each figure gets its part of a list of subjects."""
    words = parsed.words
    if not any(word.low == "respectively" for word in words):
        return list(parsed.places)
    places = [replace(place) for place in parsed.places]
    counted = [place for place in places if words[place.word].tag == "F"]
    for clause in {place.clause for place in counted}:
        own = [place for place in counted if place.clause == clause]
        parts = _parts(words, own[0].subject)
        if len(parts) == len(own):
            noun = max(place.noun for place in own)
            for place, part in zip(own, parts, strict=True):
                place.subject, place.noun = part, noun
    return places


def _parts(words: Sequence[Word], subject: Sequence[int]) -> list[list[int]]:
    """The subject's members: between two of them stands a comma or an "and"."""
    parts: list[list[int]] = [[]]
    for i in subject:
        if parts[-1] and any(words[j].tag in {",", "C"} for j in range(parts[-1][-1] + 1, i)):
            parts.append([])
        parts[-1].append(i)
    return parts


def _again(bound: Bound, twin: Bound) -> Bound:
    """The same figure in another unit, or what it was before."""
    moved = bound.qualifiers | (twin.qualifiers - _DIRECTIONS)
    return replace(
        bound,
        figure=replace(bound.figure, subject=twin.figure.subject),
        quantity=twin.quantity,
        terms=twin.terms | bound.terms,
        entities=twin.entities or bound.entities,
        period=bound.period or (None if "start" in moved else twin.period),
        qualifiers=moved,
        why=f"goes back to the figure before it; {bound.why}",
    )
