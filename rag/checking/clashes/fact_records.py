"""An article's facts → JSON text that can be kept, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any, get_args

from rag.checking.clashes.facts import Fact
from rag.checking.subjects.bound import Bound
from rag.types import Figure, FigureKind, Source, Span

_KINDS: dict[object, FigureKind] = {kind: kind for kind in get_args(FigureKind)}


def dump_facts(facts: Sequence[Fact]) -> str:
    """The facts of one article as ASCII JSON: by sentence, without their source.

    Values stand in the order of the types' fields, as there may be thirty facts an article.
    """
    by_sentence = groupby(facts, key=lambda fact: (fact.sentence, fact.text))
    return json.dumps(
        [
            [sentence.start, text, [_bound_values(fact.bound) for fact in own]]
            for (sentence, text), own in by_sentence
        ],
        ensure_ascii=True,
        separators=(",", ":"),
    )


def load_facts(text: str, source: Source) -> tuple[Fact, ...]:
    """The facts that `dump_facts` wrote of the source's article.

    Raises:
        ValueError: The text is not such a one.
    """
    try:
        return tuple(
            _fact(bound, source, start, said)
            for start, said, bounds in json.loads(text)
            for bound in map(_bound, bounds)
        )
    except (ArithmeticError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not the facts of an article ({error!r})") from error


def _fact(bound: Bound, source: Source, start: int, text: str) -> Fact:
    at = bound.figure.span
    span = Span(start + at.start, start + at.end)
    return Fact(bound, source, span, at.of(text), Span(start, start + len(text)), text)


def _bound_values(bound: Bound) -> list[object]:
    return [
        _figure_values(bound.figure),
        bound.quantity,
        sorted(bound.modifiers),
        sorted(bound.own),
        sorted(bound.terms),
        [list(entity) for entity in bound.entities],
        bound.period,
        bound.part,
        sorted(bound.qualifiers),
        sorted(bound.speakers),
        bound.why,
    ]


def _bound(values: list[Any]) -> Bound:
    figure, quantity, modifiers, own, terms, entities, period, part, qualifiers, *rest = values
    speakers, why = rest
    return Bound(
        figure=_figure(figure),
        quantity=_kept(quantity),
        modifiers=_words(modifiers),
        own=_words(own),
        terms=_words(terms),
        entities=tuple((_kept(name), _kept(role)) for name, role in entities),
        period=None if period is None else _kept(period),
        part=None if part is None else _kept(part),
        qualifiers=_words(qualifiers),
        speakers=_words(speakers),
        why=_kept(why),
    )


def _figure_values(figure: Figure) -> list[object]:
    subject = figure.subject
    return [
        str(figure.value),
        None if figure.high is None else str(figure.high),
        figure.unit,
        figure.kind,
        figure.approximate,
        None if subject is None else [subject.start, subject.end],
        figure.period,
        figure.span.start,
        figure.span.end,
    ]


def _figure(values: list[Any]) -> Figure:
    value, high, unit, kind, approximate, subject, period, start, end = values
    return Figure(
        value=Decimal(value),
        high=None if high is None else Decimal(high),
        unit=_kept(unit),
        kind=_KINDS[kind],
        approximate=bool(approximate),
        subject=None if subject is None else Span(*subject),
        period=None if period is None else _kept(period),
        span=Span(start, end),
    )


_NOTHING: frozenset[str] = frozenset()


def _words(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_kept, words)) if words else _NOTHING


@lru_cache(maxsize=65_536)
def _kept(word: str) -> str:
    """The word, once: a corpus's facts have few different ones."""
    if not isinstance(word, str):
        raise TypeError(f"{word!r} is no word")
    return word
