"""The chosen sentences and the others that were read → where articles disagree on what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.answer import ConflictKind
from rag.answering.candidates import Candidate
from rag.checking.binding import bind
from rag.checking.conflicts import Fact, clash_kind, describe
from rag.checking.figures import find_figures
from rag.checking.numerals.agreement import agree, unit_of
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
    "quantity": ("quantity", "count", "money", "percent", "ratio"),  # "how high is the damage"
}

_NAMED: frozenset[Wanted] = frozenset({"person", "place", "organisation"})
# "Which currency fell?", "With his 61st home run, which star tied the record?"
_WHICH = re.compile(
    r"(?:^|,)\W*(?:(?:in|on|at|from|to|for|by|of|with)\s+)?(?:which|who|whose|whom|where)\b",
    re.IGNORECASE,
)
_AMOUNTS: frozenset[FigureKind] = frozenset({"money", "percent", "ratio", "count", "quantity"})
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

    A figure of a chosen sentence that the question does not touch is passed over. Where it touches
    none, as it asks what is said of a topic, those of the chosen sentences are compared.

    Args:
        query: The question.
        chosen: The sentences to show.
        read: All sentences that were read for it, these among them.
    """
    shown = [(c, f) for c in chosen for f in _facts(c)]
    asked = _asked(query, shown)
    related = bool(asked)
    if not asked and query.wanted == "open" and len(chosen) > 1:
        asked, read = shown, chosen
    others = [c for c in read if _may_differ(c, [fact for _, fact in asked])]
    told = [(c, f) for c in others for f in _facts(c)]
    found: list[Disagreement] = []
    settled: list[Fact] = []
    for candidate, fact in asked:
        if fact in settled:
            continue
        sides = {fact: candidate}
        kind: ConflictKind | None = None
        for other, rival in told:
            if any(agree(rival.bound.figure, side.bound.figure) for side in sides):
                continue
            if clash := clash_kind(fact, rival, related=related):
                kind = kind or clash
                sides[rival] = other
        if kind is not None:
            settled += sides
            found.append(_disagreement(kind, sides))
    return tuple(found)


def _may_differ(candidate: Candidate, asked: Sequence[Fact]) -> bool:
    """Whether it gives a figure of an asked one's unit and another value: else none need be bound.

    Spares two thirds of the time on the suites that come along.
    """
    figures = [figure for _, text, _ in _sentences(candidate) for figure in find_figures(text)]
    return any(
        unit_of(figure) == unit_of(fact.bound.figure) and not agree(figure, fact.bound.figure)
        for figure in figures
        for fact in asked
    )


def _disagreement(kind: ConflictKind, sides: dict[Fact, Candidate]) -> Disagreement:
    ordered = sorted(
        sides, key=lambda fact: fact.source.published.toordinal() if fact.source.published else 0
    )
    latest_first = ordered[::-1] if kind == "update" else list(sides)
    told = tuple((sides[fact], fact.words) for fact in latest_first)
    return Disagreement(describe(list(sides)), kind, told)


def _asked(query: Query, given: Sequence[tuple[Candidate, Fact]]) -> list[tuple[Candidate, Fact]]:
    """The figures of a wanted kind that share most of the question's words, names apart.

    None for who asks which one of many, or whom: a figure beside the name is not asked for.
    Where none shares any, as the question has other words for it, the only one of the very kind in
    the first sentence that has one. Where none is of a wanted kind, as "how many are for it" asks
    for a share too, any amount.
    """
    terms = {concept(term) for term in query.terms}
    kinds = _KINDS.get(query.wanted)
    if kinds is None and (query.wanted in _NAMED or _WHICH.search(query.text)):
        return []
    able = [one for one in given if kinds is None or one[1].bound.figure.kind in kinds]
    if kinds and not able and query.wanted != "date":
        able = [one for one in given if one[1].bound.figure.kind in _AMOUNTS]
    shared = [
        len(terms & {concept(t) for t in (*fact.bound.terms, fact.bound.quantity)})
        for _, fact in able
    ]
    if best := max(shared, default=0):
        least = max(MIN_TOUCH * best, 1)
        return [one for one, n in zip(able, shared, strict=True) if n >= least]
    very = [one for one in able if kinds and one[1].bound.figure.kind == kinds[0]]
    first = [one for one in very if one[0] == very[0][0]]
    return first if len(first) == 1 else []


def _facts(candidate: Candidate) -> Iterator[Fact]:
    """The figures of the candidate's sentence, bound by what stands around it in its passage."""
    source = candidate.passage.source
    for span, text, before in _sentences(candidate):
        for bound in bind(text, before=before, title=source.title, published=source.published):
            at = bound.figure.span
            place = Span(span.start + at.start, span.start + at.end)
            if not _ORDER.match(words := at.of(text)):
                yield Fact(bound, source, place, words, span, text)


def _sentences(candidate: Candidate) -> Iterator[tuple[Span, str, str]]:
    """Its sentences, each with its words and those of the one before it in its passage."""
    passage, before = candidate.passage, ""
    for span in passage.sentences:
        text = passage.sentence(span)
        if candidate.span.start <= span.start and span.end <= candidate.span.end:
            yield span, text, before
        before = text
