"""A text → its figures: money, shares, ranks, dates, counts and more, with value, unit and span."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from rag.checking.numerals.dates import find_dates, normal_period
from rag.checking.numerals.measures import Measure, find_measures
from rag.checking.numerals.named import is_named, no_dates, no_figures
from rag.checking.numerals.nouns import counted_noun, is_plural_ahead
from rag.checking.numerals.ranges import joined
from rag.checking.numerals.ranks import find_numbered, find_ranks
from rag.checking.numerals.shares import find_shares
from rag.types import Figure, FigureKind, Span

__all__ = ["find_figures", "normal_period"]

_ABOUT = re.compile(
    r"(?:\b(?:(?:about|around|nearly|almost|roughly|approximately)(?:\s+the\s+(?:last|past|next))?"
    r"|some|over|under|above|below|(?:more|less|fewer)\s+than|at\s+least|at\s+most|up\s+to|close\s+to"
    r"|as\s+(?:many|much|few|little)\s+as|estimated|upwards?\s+of|in\s+excess\s+of)"
    r"(?:\s+an?)?|~)\s*$",
    re.IGNORECASE,
)
_ABOUT_BEHIND = re.compile(
    r"\s?\+|[-\s](?:odd|plus)\b|(?:\s[a-z]+){0,2},?\s[\"“]?or\s(?:so|more|less|fewer)\b",
    re.IGNORECASE,
)
_MORE_BEFORE = re.compile(r"\b(?:for|of|after|with|in|is|was|just|well|been|by|a|at|to)\s$", re.I)
_MORE_BEHIND = re.compile(r"\s(?:ago|later|before|old|long)\b|-old")
_LONG = 27
"""Places before the point from which on a product is no longer written out."""
_CONTEXT = 40
"""Characters before a figure in which its "about" stands."""


class _Places:
    """Which characters of a text are spoken for."""

    def __init__(self, text: str) -> None:
        self._taken = bytearray(len(text))

    def take(self, start: int, end: int) -> bool:
        """Takes the characters, unless one of them is taken."""
        if any(self._taken[start:end]):
            return False
        self._taken[start:end] = b"\x01" * (end - start)
        return True


@lru_cache(maxsize=4096)
def find_figures(text: str) -> tuple[Figure, ...]:
    """The text's figures in order of their spans, none overlapping another."""
    places = _Places(text)
    # What comes first has the words: "2025-05-20" is no range, "two-thirds" no count.
    finders: tuple[Callable[[str, _Places], Iterator[Figure]], ...] = (
        _dates,
        _shares,
        _numbered,
        _measures,
        _ranks,
    )
    figures = [figure for find in finders for figure in find(text, places)]
    return tuple(sorted(figures, key=lambda figure: figure.span.start))


def _dates(text: str, places: _Places) -> Iterator[Figure]:
    for start, end in no_dates(text):
        places.take(start, end)
    for date in find_dates(text):
        if places.take(date.span.start, date.span.end):
            yield _figure(
                text, date.span, date.value, date.unit, "date", high=date.high, period=date.period
            )
    for start, end in no_figures(text):
        places.take(start, end)


def _shares(text: str, places: _Places) -> Iterator[Figure]:
    for share in find_shares(text):
        if places.take(share.span.start, share.span.end):
            yield _figure(text, share.span, share.value, share.unit.name, share.unit.kind)


def _numbered(text: str, places: _Places) -> Iterator[Figure]:
    for span, value in find_numbered(text):
        if places.take(span.start, span.end):
            yield _figure(text, span, value, "rank", "rank")


def _ranks(text: str, places: _Places) -> Iterator[Figure]:
    for span, value in find_ranks(text):
        if places.take(span.start, span.end):
            yield _figure(text, span, value, "rank", "rank")


def _measures(text: str, places: _Places) -> Iterator[Figure]:
    free = [m for m in find_measures(text) if places.take(m.span.start, m.span.end)]
    for measure in joined(text, free):
        unit = measure.unit
        if unit is None and _counts_nothing(text, measure):
            continue
        end = measure.span.end
        name, kind = unit or (counted_noun(text, end), "count")
        yield _figure(
            text,
            measure.span,
            measure.value,
            name,
            kind,
            high=measure.high,
            approximate=measure.approximate,
        )


def _counts_nothing(text: str, measure: Measure) -> bool:
    """Whether a bare number is a pronoun or part of a name."""
    number = measure.number
    if measure.high is not None:
        return False
    if not number.in_digits and number.value in {0, 1}:
        # "one of them", "one area"; but "zero deaths".
        return number.value == 1 or not is_plural_ahead(text, number.span.end)
    return is_named(text, number)


def _figure(  # noqa: PLR0913 - a figure's parts
    text: str,
    span: Span,
    value: Decimal,
    unit: str,
    kind: FigureKind,
    *,
    high: Decimal | None = None,
    approximate: bool = False,
    period: str | None = None,
) -> Figure:
    return Figure(
        value=_plain(value),
        high=None if high is None else _plain(high),
        unit=unit,
        kind=kind,
        approximate=approximate or _is_about(text, span, kind),
        subject=None,
        period=period,
        span=span,
    )


def _is_about(text: str, span: Span, kind: FigureKind) -> bool:
    """Whether the words around a figure make it a rough one."""
    if _ABOUT_BEHIND.match(text, span.end):
        return True
    found = _ABOUT.search(text, max(0, span.start - _CONTEXT), span.start)
    # "to be repaid over five years" takes five, "for over five years" takes more.
    during = kind == "duration" and found is not None and found.group().strip().lower() == "over"
    return found is not None and not (
        during
        and not _MORE_BEFORE.search(text, max(0, found.start() - 8), found.start())
        and not _MORE_BEHIND.match(text, span.end)
    )


def _plain(value: Decimal) -> Decimal:
    """The value without noughts behind the point, and without an exponent."""
    whole = value.to_integral_value()
    if value != whole:
        return value.normalize()
    return whole if whole == 0 or whole.adjusted() > _LONG else whole.quantize(Decimal(1))
