"""A text → its figures: money, shares, ranks, dates, counts and more, with value, unit and span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from rag.checking.casing import fold
from rag.checking.dates import find_dates, normal_period
from rag.checking.numbers import MAGNITUDES, ORDINALS, Number, find_numbers
from rag.types import Figure, FigureKind, Span

__all__ = ["find_figures", "normal_period"]

_CURRENCY_BEFORE = {
    "us$": "USD", "$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
    "₹": "INR", "rs": "INR", "rs.": "INR", "inr": "INR", "¥": "JPY", "a$": "AUD", "c$": "CAD",
}  # fmt: skip
_CURRENCY_AFTER = {
    "dollar": "USD", "rupee": "INR", "euro": "EUR", "pound": "GBP", "yen": "JPY", "yuan": "CNY",
    "manat": "AZN", "dram": "AMD", "rouble": "RUB", "ruble": "RUB", "lira": "TRY", "usd": "USD",
    "eur": "EUR", "inr": "INR",
}  # fmt: skip
_DURATIONS = ("second", "minute", "hour", "day", "week", "month", "year", "decade", "century")
_QUANTITIES = (
    "km", "kilometre", "kilometer", "mile", "metre", "meter", "foot", "feet", "inch", "kg",
    "kilogram", "tonne", "ton", "barrel", "litre", "liter", "gallon", "mw", "gw", "megawatt",
    "gigawatt", "kwh", "hectare", "acre", "mph", "degree",
)  # fmt: skip
_UNITS = frozenset(_DURATIONS) | frozenset(_QUANTITIES)
_SUPERLATIVE = (
    r"(?:larg|bigg|high|great|small|low|old|young|long|short|rich|poor|strong|fast|tall)est"
    r"|most\b|best|worst|top|leading"
)
_FRACTIONS = {
    "half": Decimal("0.5"), "third": Decimal(1) / 3, "quarter": Decimal("0.25"),
    "fourth": Decimal("0.25"), "fifth": Decimal("0.2"), "sixth": Decimal(1) / 6,
    "eighth": Decimal("0.125"), "tenth": Decimal("0.1"),
}  # fmt: skip
_MULTIPLES = {"twice": 2, "double": 2, "doubled": 2, "thrice": 3, "triple": 3, "tripled": 3}

_ABOUT = re.compile(
    r"(?:about|around|nearly|almost|roughly|some|approximately|over|under|above|below|more than"
    r"|less than|at least|at most|up to|close to|well over|just)\s+(?:an?\s+|the\s+)?[$€£₹]?$",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"\s*(?:%|per\s?cent\b|percentage\s+points?\b|pp\b|basis\s+points?\b|bps\b)", re.I
)
_RANK = re.compile(
    rf"\b(?:(?P<word>{'|'.join(ORDINALS)})|(?P<digits>\d+)(?:st|nd|rd|th))\b(?P<super>[-\s](?:{_SUPERLATIVE}))?"
    rf"|\b(?P<alone>{_SUPERLATIVE})\b",
    re.IGNORECASE,
)  # "third-largest", "7th", "the largest"
_RATIO = re.compile(
    r"\b(?P<top>one|two|three|four|a)[-\s](?P<bottom>half|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?|tenths?)\b(?![-\s](?:part(?:y|ies)|country|time|person|place))"
    r"|\b(?P<half>half|quarter)\b(?=\s+(?:of|the|as|its|their|a\b|all))"
    rf"|\b(?P<multiple>{'|'.join(_MULTIPLES)})\b|\b(?P<times>\d+(?:\.\d+)?|two|three|four|five|ten)[-\s]?(?:times|fold)\b",
    re.IGNORECASE,
)  # "one-fifth", "half of", "twice", "three times"
_SCALE_MONEY = re.compile(
    r"\b(?P<scale>million|billion|trillion)[-\s](?P<unit>dollar|euro|pound|rupee)\b", re.I
)
_BEFORE = re.compile(r"(US\$|A\$|C\$|[$€£₹¥]|\b(?:Rs\.?|USD|EUR|GBP|INR)\s*)\s?$", re.IGNORECASE)
_AFTER = re.compile(r"[-\s]*([A-Za-z]+)")
_FOLLOWING = re.compile(r"(?:[\s-]+[A-Za-z][\w’'-]*){1,4}")
_IDENTIFIER_BEFORE = re.compile(r"(?:\b[A-Z][A-Za-z’']*\s|[A-Za-z]-|[#/])$")
_NOT_IDENTIFIER = re.compile(
    r"(?:\b(?:The|In|By|At|Of|On|From|With|Only|Some|About|Over|Nearly|And|But|Just|Rs|US)\s)$"
)


@lru_cache(maxsize=4096)
def find_figures(text: str) -> tuple[Figure, ...]:
    """The text's figures in order of their spans, none overlapping another."""
    taken: list[Figure] = []
    for find in (_dates, _ratios, _money_words, _numbers, _ranks):
        for figure in find(text):
            if all(
                figure.span.end <= t.span.start or figure.span.start >= t.span.end for t in taken
            ):
                taken.append(figure)
    return tuple(sorted(taken, key=lambda figure: figure.span.start))


def _figure(
    text: str, span: Span, value: Decimal, unit: str, kind: FigureKind, period: str | None = None
) -> Figure:
    approximate = _ABOUT.search(text, max(0, span.start - 24), span.start) is not None
    whole = value == value.to_integral_value()
    return Figure(
        value=Decimal(int(value)) if whole else value.normalize(),
        high=None,
        unit=unit,
        kind=kind,
        approximate=approximate,
        subject=None,
        period=period,
        span=span,
    )


def _dates(text: str) -> Iterator[Figure]:
    for date in find_dates(text):
        yield _figure(text, date.span, date.value, date.unit, "date", date.period)


def _numbers(text: str) -> Iterator[Figure]:
    for number in find_numbers(text):
        for read in (_money, _percent, _counted):
            if figure := read(text, number):
                yield figure
                break


def _money(text: str, number: Number) -> Figure | None:
    before = _BEFORE.search(text, 0, number.span.start)
    if before:
        unit = _CURRENCY_BEFORE[fold(before.group(1).strip())]
        return _figure(text, Span(before.start(), number.span.end), number.value, unit, "money")
    after = _AFTER.match(text, number.span.end)
    if after and (unit_name := _CURRENCY_AFTER.get(_singular(after.group(1)))):
        return _figure(text, Span(number.span.start, after.end()), number.value, unit_name, "money")
    return None


def _percent(text: str, number: Number) -> Figure | None:
    sign = _PERCENT.match(text, number.span.end)
    if sign is None:
        return None
    unit = _percent_unit(fold(sign.group().strip()))
    return _figure(text, Span(number.span.start, sign.end()), number.value, unit, "percent")


def _percent_unit(word: str) -> str:
    if word == "pp" or word.startswith("percentage"):
        return "pp"
    return "bp" if word.startswith("b") else "%"


def _counted(text: str, number: Number) -> Figure | None:
    """A duration, a plain quantity or a count; None for a number that only names something."""
    after = _AFTER.match(text, number.span.end)
    word = _singular(after.group(1)) if after else ""
    if after and word in _UNITS and not _is_identifier(text, number):
        kind: FigureKind = "duration" if word in _DURATIONS else "quantity"
        return _figure(text, Span(number.span.start, after.end()), number.value, word, kind)
    named = after is not None and number.in_digits and after.group(1)[0].isupper()
    if named and number.value == int(number.value):
        return None  # "the 1267 Committee"
    one = number.value == 1 and not number.in_digits  # "one of", "one area"
    if one or _is_identifier(text, number):
        return None
    return _figure(text, number.span, number.value, _counted_noun(text, number), "count")


def _is_identifier(text: str, number: Number) -> bool:
    """Whether the number is part of a name: "Article 370", "JF-17"."""
    before = text[: number.span.start]
    named = _IDENTIFIER_BEFORE.search(before) and not _NOT_IDENTIFIER.search(before)
    return number.in_digits and bool(named)


def _counted_noun(text: str, number: Number) -> str:
    """What is counted: the first plural among the next words, else the next word."""
    following = _FOLLOWING.match(text, number.span.end)
    words = [w.strip("-") for w in following.group().lower().split()] if following else []
    plural = next((word for word in words if word.endswith("s") or word == "people"), None)
    return _singular(plural or (words[0] if words else ""))


def _singular(word: str) -> str:
    word = word.lower()
    return word[:-3] + "y" if word.endswith("ies") else word[:-1] if word.endswith("s") else word


def _money_words(text: str) -> Iterator[Figure]:
    for m in _SCALE_MONEY.finditer(text):
        if not re.search(r"[\d.]\s*[-\s]?$", text[: m.start()]):
            unit = _CURRENCY_AFTER[fold(m["unit"])]
            yield _figure(text, Span(*m.span()), MAGNITUDES[fold(m["scale"])], unit, "money")


def _ranks(text: str) -> Iterator[Figure]:
    for m in _RANK.finditer(text):
        if m["word"]:
            value = Decimal(ORDINALS[fold(m["word"])])
        elif m["digits"]:
            value = Decimal(m["digits"])
        else:
            value = Decimal(1)
        yield _figure(text, Span(*m.span()), value, "rank", "rank")


def _ratios(text: str) -> Iterator[Figure]:
    for m in _RATIO.finditer(text):
        if m["top"]:
            top = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4}[fold(m["top"])]
            value = top * _FRACTIONS[fold(m["bottom"]).rstrip("s")]
        elif m["half"]:
            value = _FRACTIONS[fold(m["half"])]
        elif m["multiple"]:
            value = Decimal(_MULTIPLES[fold(m["multiple"])])
        else:
            words = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
            value = Decimal(words.get(fold(m["times"]), m["times"]))
        yield _figure(text, Span(*m.span()), value, "times", "ratio")
