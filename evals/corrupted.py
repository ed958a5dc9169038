"""A sentence and one of its figures → the same with another digit, unit, size, place or date."""

# ruff: noqa: E501 - tables, a few words a line
from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.checking.figures import find_figures
from rag.types import Figure, Span

_DIGIT = re.compile(r"\d")
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty".split()
)
_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_SIZES = {
    "thousand": "million", "million": "billion", "billion": "million", "trillion": "billion",
    "lakh": "crore", "crore": "lakh", "m": "bn", "bn": "m",
}  # fmt: skip
_SIZE = re.compile(
    r"(?<=[\d\s-])(?:thousand|million|billion|trillion|lakh|crore)\b|(?<=\d)(?:bn|m)\b"
)
_UNITS = {
    "$": "€", "€": "£", "£": "$", "dollars": "euros", "euros": "dollars", "pounds": "kilograms",
    "percent": "percentage points", "per cent": "percentage points", "%": " percentage points",
    "kilometers": "miles", "kilometres": "miles", "km": "miles", "miles": "kilometers", "mile": "kilometer",
    "kg": "pounds", "kilograms": "pounds", "meters": "feet", "metres": "feet", "feet": "meters",
    "inches": "feet", "seconds": "minutes", "minutes": "hours", "minute": "hour", "hours": "days",
    "hour": "day", "days": "weeks", "day": "week", "weeks": "months", "week": "month",
    "months": "years", "month": "year", "years": "months", "year": "month", "acres": "hectares",
    "tons": "barrels", "mph": "kph", "celsius": "Fahrenheit", "decades": "years",
}  # fmt: skip
_UNIT = re.compile(
    r"[$€£]|%|\b(?:percentage points|"
    + "|".join(sorted((u for u in _UNITS if u[0].isalpha()), key=len, reverse=True))
    + r")\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s+(?:people|persons|users|customers|tourists|visitors|workers|jobs|homes|Americans)\b"
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_DAY = re.compile(r"\b\d{1,2}\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure in its sentence, and the figures it may be mistaken for."""

    sentence: str
    figure: Figure
    beside: tuple[str, ...]
    """Other figures of the sentence of its unit and another value, as written."""
    elsewhere: tuple[str, ...]
    """The same of the rest of the article."""
    other_period: tuple[str, ...]
    """Those of the article that hold for another period, where it has one itself."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A sentence in which a figure was made wrong."""

    sentence: str
    figure: str
    """The wrong figure as it now stands there."""
    span: Span


def corruptions(pair: Pair, rng: random.Random) -> Iterator[tuple[str, Changed]]:
    """Every kind of change that the pair allows, by its name, once each."""
    kinds: tuple[tuple[str, Callable[[Pair, random.Random], Changed | None]], ...] = (
        ("digit", _digit),
        ("unit", _unit),
        ("magnitude", _magnitude),
        ("subject, same sentence", _swap),
        ("subject, same article", _from_elsewhere),
        ("period, date changed", _date),
        ("period, its other value", _from_other_period),
    )
    for kind, change in kinds:
        changed = change(pair, rng)
        if changed is not None and changed.sentence != pair.sentence:
            yield kind, changed


def is_same(one: Figure, other: Figure) -> bool:
    """Whether two figures have one value and unit."""
    return (one.value, one.high, one.unit, one.kind) == (
        other.value, other.high, other.unit, other.kind)  # fmt: skip


def _replaced(pair: Pair, words: str, span: Span | None = None) -> Changed | None:
    """The sentence with other words for the figure, if they are read as another figure."""
    at = span or pair.figure.span
    sentence = pair.sentence[: at.start] + words + pair.sentence[at.end :]
    end = at.start + len(words)
    for figure in find_figures(sentence):
        if figure.span.start < end and at.start < figure.span.end:
            if is_same(figure, pair.figure):
                return None
            return Changed(sentence, figure.span.of(sentence), figure.span)
    return None


def _words(pair: Pair) -> str:
    return pair.figure.span.of(pair.sentence)


def _digit(pair: Pair, rng: random.Random) -> Changed | None:
    words = _words(pair)
    if pair.figure.kind == "date":
        return None
    places = [m.start() for m in _DIGIT.finditer(words)]
    if places:
        at = rng.choice(places)
        digit = rng.choice([d for d in "123456789" if d != words[at]])
        return _replaced(pair, words[:at] + digit + words[at + 1 :])
    return _replaced(
        pair, _NUMBER.sub(lambda m: _another(_NUMBERS, m.group().lower(), rng), words, count=1)
    )


def _another(words: Sequence[str], word: str, rng: random.Random) -> str:
    return rng.choice([w for w in words if w != word])


def _unit(pair: Pair, _: random.Random) -> Changed | None:
    words = _words(pair)
    found = _UNIT.search(words)
    if found:
        other = _UNITS.get(found.group().lower(), "percent")
        return _replaced(pair, words[: found.start()] + other + words[found.end() :])
    counted = _COUNTED.match(pair.sentence, pair.figure.span.end)
    if pair.figure.kind == "count" and counted and pair.figure.value >= Decimal(1000):
        return _replaced(pair, f"${words}", Span(pair.figure.span.start, counted.end()))
    return None


def _magnitude(pair: Pair, _: random.Random) -> Changed | None:
    words = _words(pair)
    return _replaced(pair, _SIZE.sub(lambda m: _SIZES[m.group()], words, count=1))


def _swap(pair: Pair, rng: random.Random) -> Changed | None:
    """The two figures change places."""
    if not pair.beside:
        return None
    other = rng.choice(pair.beside)
    own, text = pair.figure.span, pair.sentence
    found = next(f.span for f in find_figures(text) if f.span.of(text) == other)
    first, last = sorted((own, found), key=lambda span: span.start)
    sentence = (
        text[: first.start] + last.of(text) + text[first.end : last.start]
        + first.of(text) + text[last.end :]
    )  # fmt: skip
    at = first.start if own == first else last.end - len(other)
    return Changed(sentence, other, Span(at, at + len(other)))


def _from_elsewhere(pair: Pair, rng: random.Random) -> Changed | None:
    if pair.beside or not pair.elsewhere or pair.figure.kind == "date":
        return None
    return _replaced(pair, rng.choice(pair.elsewhere))


def _from_other_period(pair: Pair, rng: random.Random) -> Changed | None:
    if not pair.other_period or pair.figure.kind == "date":
        return None
    return _replaced(pair, rng.choice(pair.other_period))


def _date(pair: Pair, rng: random.Random) -> Changed | None:
    words = _words(pair)
    if pair.figure.kind != "date":
        return None
    if found := _YEAR.search(words):
        year = str(int(found.group()) + rng.choice([-3, -2, -1, 1, 2, 3]))
        return _replaced(pair, words[: found.start()] + year + words[found.end() :])
    if found := _MONTH.search(words):
        month = _another(_MONTHS, found.group(), rng)
        return _replaced(pair, words[: found.start()] + month + words[found.end() :])
    if found := _DAY.search(words):
        day = str(int(found.group()) % 28 + 1)
        return _replaced(pair, words[: found.start()] + day + words[found.end() :])
    return None
