"""A text's numbers → what each measures, with ranges such as `10 to 15 years` read as one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.checking.numerals.money import (
    currency_before,
    currency_behind,
    redundant_name,
    sized_money,
)
from rag.checking.numerals.named import is_glued
from rag.checking.numerals.numbers import MAGNITUDES, Number, find_numbers
from rag.checking.numerals.units import Unit, unit_behind
from rag.checking.syntax.casing import fold
from rag.types import Span

_TIMES = re.compile(r"(?:[-\s](?:times\b|fold\b)|fold\b|[xX](?![\w-]))")
_METRES = re.compile(
    r"\s(?:high|tall|deep|wide|long|away|above|below|from|of|freestyle|race|final|sprint|hurdles|dash|butterfly"
    r"|breaststroke|backstroke|relay|medley|in|world|and|by|north|south|east|west)\b|-|\s?[,.)]|$"
)
_ONE_BEFORE = re.compile(
    r"\b(?:in|within|after|for|least|than|just|only|about|every|under|over|last|next|past|by|a)[-\s]$",
    re.I,
)
_TITLE = re.compile(r"[A-Z][a-z]{3,}")
"""How a unit is written in a name only."""
_BELOW = re.compile(r"(?:^|(?<!or)[\s(])(?P<sign>minus\s|[-−])$", re.IGNORECASE)
"""What makes a number one below zero: "-10 degrees", but not "plus or minus 3%"."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number, or two ends of a range, and what it measures."""

    value: Decimal
    unit: Unit | None
    """None for a number by itself."""
    span: Span
    number: Number
    high: Decimal | None = None
    approximate: bool = False
    unit_before: bool = False
    """Whether a currency's sign before it says the unit."""


def find_measures(text: str) -> list[Measure]:
    """The text's numbers with their units, in order, glued and named ones left out."""
    numbers = (_without_article(text, number) for number in find_numbers(text))
    found = [m for number in numbers if (m := _measure(text, number)) is not None]
    found += [
        Measure(MAGNITUDES[scale], Unit(code, "money"), Span(start, end), _NONE, unit_before=True)
        for start, end, scale, code in sized_money(text)
        if not re.search(r"(?:[\d.]\s?[-\s]?|multi-?|\b[Aa]\s)$", text[max(0, start - 7) : start])
    ]
    return sorted(found, key=lambda measure: measure.span.start)


_NONE = Number(Decimal(1), Span(0, 0), in_digits=False, scale=Decimal(10) ** 6)


def _without_article(text: str, number: Number) -> Number:
    """The number of "a billion-dollar deal", whose article is the deal's."""
    start, end = number.span.start, number.span.end
    if not text.startswith("-", end) or fold(text[start : start + 2]) != "a ":
        return number
    return replace(number, span=Span(start + 2, end))


def _measure(text: str, number: Number) -> Measure | None:
    money = _money(text, number)
    if money is not None:
        return money
    times = _TIMES.match(text, number.span.end)
    if times:
        span = Span(number.span.start, times.end())
        return Measure(number.value, Unit("times", "ratio"), span, number)
    return _with_unit(text, number) or _plain(text, number)


def _money(text: str, number: Number) -> Measure | None:
    if before := currency_before(text, number.span.start):
        code, start = before
        span = Span(start, redundant_name(text, number.span.end))
        return Measure(number.value, Unit(code, "money"), span, number, unit_before=True)
    if behind := currency_behind(text, number):
        code, worth, end = behind
        span = Span(number.span.start, end)
        return Measure(number.value * worth, Unit(code, "money"), span, number)
    return None


def _with_unit(text: str, number: Number) -> Measure | None:
    read = unit_behind(text, number.span.end)
    if read is None:
        return _metres(text, number)
    unit, found = read
    whole = replace(number, span=Span(number.span.start, found.end()))
    if unit.kind != "duration" and is_glued(text, whole):
        return None
    if _is_name(found) or not _is_counted(text, number, found, unit):
        return None
    value, start = _signed(text, number, unit)
    span = Span(start, found.end())
    return Measure(value, unit, span, number, approximate=found["more"] is not None)


def _signed(text: str, number: Number, unit: Unit) -> tuple[Decimal, int]:
    """The value and start of a temperature or a change, which may be below zero."""
    start = number.span.start
    below = _BELOW.search(text, max(0, start - 12), start)
    if below is None or unit.name not in {"degree", "°C", "°F", "%"}:
        return number.value, start
    return -number.value, below.end() - len(below["sign"])


def _is_name(found: re.Match[str]) -> bool:
    """Whether number and unit are a name: "60 Minutes"."""
    return _TITLE.fullmatch(found["unit"] or "") is not None


def _is_counted(text: str, number: Number, found: re.Match[str], unit: Unit) -> bool:
    """Whether "one" counts: "one day" is any day, "in one day" and "one-day" are not."""
    if number.value != 1 or number.in_digits or unit.name != "day" or found["gap"] == "-":
        return True
    return _ONE_BEFORE.search(text, max(0, number.span.start - 8), number.span.start) is not None


def _metres(text: str, number: Number) -> Measure | None:
    """ "100m" before a noun is a number of things, elsewhere a length."""
    start, end = number.span.start, number.span.end
    if not number.in_digits or text[end - 1 : end] != "m" or not _METRES.match(text, end):
        return None
    length = number.value / number.scale
    return Measure(length, Unit("metre", "quantity"), Span(start, end), number)


def _plain(text: str, number: Number) -> Measure | None:
    if is_glued(text, number):
        return None
    unit = unit_behind(text, number.span.end)
    if unit and _is_name(unit[1]):
        return None
    end = number.span.end
    more = re.match(r"\+|-(?:odd|plus)\b|\s+or\s+(?:so|more|less|fewer)\b", text[end : end + 12])
    return Measure(number.value, None, number.span, number, approximate=more is not None)
