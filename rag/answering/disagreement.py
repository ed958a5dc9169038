"""The chosen sentences and the others that were read → where articles disagree on what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.answer import ConflictKind
from rag.answering.candidates import Candidate
from rag.checking.binding import bind
from rag.checking.conflicts import Fact, clash_kind, describe
from rag.checking.numerals.agreement import agree
from rag.checking.syntax.concepts import concept
from rag.types import FigureKind, Query, Span, Wanted

MIN_TOUCH = 0.6
"""Of the question's words, how many of those that the best figure has another one must have too:
who asks for the dead does not ask for the evacuated."""
_KINDS: Mapping[Wanted, tuple[FigureKind, ...]] = {
    "money": ("money", "percent", "ratio", "quantity"),  # "how much" asks for each of them
    "percent": ("percent", "ratio"),
    "rank": ("rank",),
    "count": ("count",),
    "date": ("date",),
    "duration": ("duration",),
    "quantity": ("quantity", "count"),
}


# "A billion-dollar deal" gives the order of a sum, which $1.5 billion does not contradict.
_ORDER = re.compile(r"(?:thousand|million|billion|trillion)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sentences that give what is asked for different values."""

    subject: str
    kind: ConflictKind
    sides: tuple[tuple[Candidate, str], ...]
    """A candidate a value, and the value as it words it; the latest article first."""


def find_disagreements(
    query: Query, chosen: Sequence[Candidate], read: Sequence[Candidate]
) -> tuple[Disagreement, ...]:
    """Where other sentences give the figures that the chosen ones answer with another value.

    A figure of a chosen sentence that the question does not touch is passed over.

    Args:
        query: The question.
        chosen: The sentences to show.
        read: All sentences that were read for it, these among them.
    """
    asked = _asked(query, [(c, f) for c in chosen for f in _facts(c)])
    others = [(c, f) for c in read for f in _facts(c)]
    found: list[Disagreement] = []
    settled: list[Fact] = []
    for candidate, fact in asked:
        if fact in settled:
            continue
        sides = {fact: candidate}
        kind: ConflictKind | None = None
        for other, told in others:
            if any(agree(told.bound.figure, side.bound.figure) for side in sides):
                continue
            if clash := clash_kind(fact, told):
                kind = kind or clash
                sides[told] = other
        if kind is not None:
            settled += sides
            found.append(_disagreement(kind, sides))
    return tuple(found)


def _disagreement(kind: ConflictKind, sides: dict[Fact, Candidate]) -> Disagreement:
    ordered = sorted(
        sides, key=lambda fact: fact.source.published.toordinal() if fact.source.published else 0
    )
    latest_first = ordered[::-1] if kind == "update" else list(sides)
    told = tuple((sides[fact], fact.words) for fact in latest_first)
    return Disagreement(describe(list(sides)), kind, told)


def _asked(query: Query, given: Sequence[tuple[Candidate, Fact]]) -> list[tuple[Candidate, Fact]]:
    """The figures of the wanted kind that share most of the question's words, names apart."""
    terms = {concept(term) for term in query.terms}
    kinds = _KINDS.get(query.wanted)
    shared = [
        len(terms & {concept(t) for t in (*fact.bound.terms, fact.bound.quantity)})
        if kinds is None or fact.bound.figure.kind in kinds
        else 0
        for _, fact in given
    ]
    least = max(MIN_TOUCH * max(shared, default=0), 1)
    return [one for one, n in zip(given, shared, strict=True) if n >= least]


def _facts(candidate: Candidate) -> Iterator[Fact]:
    """The figures of the candidate's sentence, bound by what stands around it in its passage."""
    passage = candidate.passage
    spans = [
        span
        for span in passage.sentences
        if candidate.span.start <= span.start and span.end <= candidate.span.end
    ]
    for span in spans:
        n = passage.sentences.index(span)
        before = passage.sentence(passage.sentences[n - 1]) if n else ""
        text = passage.sentence(span)
        source = passage.source
        for bound in bind(text, before=before, title=source.title, published=source.published):
            at = bound.figure.span
            place = Span(span.start + at.start, span.start + at.end)
            if not _ORDER.match(words := at.of(text)):
                yield Fact(bound, source, place, words, span, text)
