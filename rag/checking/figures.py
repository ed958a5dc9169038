"""A text → its figures: money, shares, ranks, ratios, dates, durations, counts, each with value, unit and span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.checking.numbers import MAGNITUDES, ORDINALS, Number, find_numbers
from rag.types import Figure, FigureKind, Span

MONTHS = (
    "january february march april may june july august september october november december".split()
)
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
    "km", "kilometre", "kilometer", "mile", "metre", "meter", "foot", "feet", "inch", "kg", "kilogram",
    "tonne", "ton", "barrel", "litre", "liter", "gallon", "mw", "gw", "megawatt", "gigawatt", "kwh",
    "hectare", "acre", "mph", "degree",
)  # fmt: skip
_SUPERLATIVE = r"(?:larg|bigg|high|great|small|low|old|young|long|short|rich|poor|strong|fast|tall)est|most\b|best|worst|top|leading"
_FRACTIONS = {
    "half": Decimal("0.5"), "third": Decimal(1) / 3, "quarter": Decimal("0.25"),
    "fourth": Decimal("0.25"), "fifth": Decimal("0.2"), "sixth": Decimal(1) / 6,
    "eighth": Decimal("0.125"), "tenth": Decimal("0.1"),
}  # fmt: skip
_MULTIPLES = {"twice": 2, "double": 2, "doubled": 2, "thrice": 3, "triple": 3, "tripled": 3}

_ABOUT = re.compile(
    r"(?:about|around|nearly|almost|roughly|some|approximately|over|under|above|below|more than|less than"
    r"|at least|at most|up to|close to|well over|just)\s+(?:an?\s+|the\s+)?[$€£₹]?$",
    re.IGNORECASE,
)
_MONTH = "(?:" + "|".join(m.capitalize() for m in MONTHS) + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"""\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{_MONTH})\.?(?:,?\s+(?P<y1>{_YEAR}))?\b
    | \b(?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y2>{_YEAR}))?
    | \b(?P<m3>{_MONTH})\.?,?\s+(?:of\s+)?(?P<y3>{_YEAR})\b
    | (?<![A-Z][a-z]\s)\b(?P<m4>{_MONTH})\b(?=[\s,.;:)-]|$)
    | \b(?P<fy>(?:FY|fy|[Ff]iscal(?:\s+year)?|financial\s+year)\s*)?(?P<y5>{_YEAR})\s?[-–/]\s?(?P<y6>\d{{4}}|\d\d)(?!\d)
    | \b(?:FY|fy|[Ff]iscal(?:\s+year)?|financial\s+year)\s*(?P<y7>{_YEAR}|\d\d)\b
    | (?<![\d.,$€£₹])\b(?P<y8>{_YEAR})s?\b(?![.,]?\d|\s*(?:%|per\s?cent|Committee))""",
    re.VERBOSE,
)  # "20 May 2025", "May 20, 2025", "May 2025", "in July", "FY2024-25", "FY25", "2023"
_PERCENT = re.compile(r"\s*(?:%|per\s?cent\b|percentage\s+points?\b|pp\b|basis\s+points?\b|bps\b)", re.I)
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
_SCALE_MONEY = re.compile(r"\b(?P<scale>million|billion|trillion)[-\s](?P<unit>dollar|euro|pound|rupee)\b", re.I)
_BEFORE = re.compile(r"(US\$|A\$|C\$|[$€£₹¥]|\b(?:Rs\.?|USD|EUR|GBP|INR)\s*)\s?$", re.IGNORECASE)
_AFTER = re.compile(r"[-\s]*([A-Za-z]+)")
_FOLLOWING = re.compile(r"(?:[\s-]+[A-Za-z][\w’'-]*){1,4}")
_IDENTIFIER_BEFORE = re.compile(r"(?:\b[A-Z][A-Za-z’']*\s|[A-Za-z]-|[#/])$")
_NOT_IDENTIFIER = re.compile(r"(?:\b(?:The|In|By|At|Of|On|From|With|Only|Some|About|Over|Nearly|And|But|Just|Rs|US)\s)$")


def find_figures(text: str) -> tuple[Figure, ...]:
    """The text's figures in order of their spans, none overlapping another."""
    taken: list[Figure] = []
    for find in (_dates, _ratios, _money_words, _numbers, _ranks):
        for figure in find(text):
            if all(figure.span.end <= t.span.start or figure.span.start >= t.span.end for t in taken):
                taken.append(figure)
    return tuple(sorted(taken, key=lambda figure: figure.span.start))


def _figure(
    text: str, span: Span, value: Decimal, unit: str, kind: FigureKind, period: str | None = None
) -> Figure:
    approximate = _ABOUT.search(text, max(0, span.start - 24), span.start) is not None
    whole = value == value.to_integral_value()
    return Figure(
        value=value.quantize(Decimal(1)) if whole else value.normalize(),
        high=None,
        unit=unit,
        kind=kind,
        approximate=approximate,
        subject=None,
        period=period,
        span=span,
    )


def _dates(text: str) -> Iterator[Figure]:
    for m in _DATE.finditer(text):
        span = Span(*m.span())
        if m["m4"]:
            if m["m4"] == "May" and not re.search(r"\b(?:in|early|late|mid|since|until|by|of|last|this|next)[-\s]$", text[: span.start]):
                continue
            yield _figure(text, span, Decimal(_month(m["m4"])), "month", "date", m["m4"])
            continue
        year = m["y1"] or m["y2"] or m["y3"] or m["y5"] or m["y7"] or m["y8"]
        unit = "day" if m["d1"] or m["d2"] else "month" if m["m3"] else "fiscal_year" if m["y5"] or m["y7"] else "year"
        period = normal_period(m.group()) or m.group()
        yield _figure(text, span, Decimal(year or m["d1"] or m["d2"] or 0), unit, "date", period)


def _month(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(name.lower()[:3]))


def normal_period(text: str) -> str | None:
    """A period in one notation, or None.

    >>> normal_period("FY2024-25"), normal_period("2024/2025"), normal_period("May 2025")
    ('2024/25', '2024/25', '2025')
    """
    if found := re.search(rf"({_YEAR})\s?[-–/]\s?(?:\d\d)?(\d\d)(?!\d)", text):
        return f"{found.group(1)}/{found.group(2)}"
    if found := re.search(r"\b(?:FY|fiscal(?:\s+year)?)\s*(?:20)?(\d\d)\b", text, re.IGNORECASE):
        return f"20{int(found.group(1)) - 1:02d}/{found.group(1)}"
    found = re.search(rf"\b{_YEAR}\b", text)
    return found.group() if found else None


def _numbers(text: str) -> Iterator[Figure]:
    for number in find_numbers(text):
        for read in (_money, _percent, _counted):
            if figure := read(text, number):
                yield figure
                break


def _money(text: str, number: Number) -> Figure | None:
    before = _BEFORE.search(text, 0, number.span.start)
    if before:
        unit = _CURRENCY_BEFORE[before.group(1).strip().lower()]
        return _figure(text, Span(before.start(), number.span.end), number.value, unit, "money")
    after = _AFTER.match(text, number.span.end)
    if after and (unit_name := _CURRENCY_AFTER.get(_singular(after.group(1)))):
        return _figure(text, Span(number.span.start, after.end()), number.value, unit_name, "money")
    return None


def _percent(text: str, number: Number) -> Figure | None:
    sign = _PERCENT.match(text, number.span.end)
    if sign is None:
        return None
    word = sign.group().strip().lower()
    unit = "pp" if "point" in word and "percentage" in word or word == "pp" else "bp" if "b" in word[:1] else "%"
    return _figure(text, Span(number.span.start, sign.end()), number.value, unit, "percent")


def _counted(text: str, number: Number) -> Figure | None:
    """A duration, a plain quantity or a count; None for a number that only names something."""
    before = text[: number.span.start]
    if number.in_digits and _IDENTIFIER_BEFORE.search(before) and not _NOT_IDENTIFIER.search(before):
        return None
    after = _AFTER.match(text, number.span.end)
    word = _singular(after.group(1)) if after else ""
    if after and number.in_digits and number.value == int(number.value) and after.group(1)[0].isupper():
        return None  # "the 1267 Committee"
    kind: FigureKind = "duration" if word in _DURATIONS else "quantity" if word in _QUANTITIES else "count"
    if kind == "count":
        one = number.value == 1 and not number.in_digits  # "one of", "one area"
        return None if one else _figure(text, number.span, number.value, _counted_noun(text, number), "count")
    end = after.end() if after else number.span.end
    return _figure(text, Span(number.span.start, end), number.value, word, kind)


def _counted_noun(text: str, number: Number) -> str:
    """What is counted: the first plural among the next words, else the next word."""
    following = _FOLLOWING.match(text, number.span.end)
    words = following.group().lower().split() if following else []
    plural = next((word for word in words if word.endswith("s") or word == "people"), None)
    return _singular(plural or (words[0] if words else ""))


def _singular(word: str) -> str:
    word = word.lower()
    return word[:-3] + "y" if word.endswith("ies") else word[:-1] if word.endswith("s") else word


def _money_words(text: str) -> Iterator[Figure]:
    for m in _SCALE_MONEY.finditer(text):
        if not re.search(r"[\d.]\s*[-\s]?$", text[: m.start()]):
            unit = _CURRENCY_AFTER[m["unit"].lower()]
            yield _figure(text, Span(*m.span()), MAGNITUDES[m["scale"].lower()], unit, "money")


def _ranks(text: str) -> Iterator[Figure]:
    for m in _RANK.finditer(text):
        if m["word"]:
            value = Decimal(ORDINALS[m["word"].lower()])
        elif m["digits"]:
            value = Decimal(m["digits"])
        else:
            value = Decimal(1)
        yield _figure(text, Span(*m.span()), value, "rank", "rank")


def _ratios(text: str) -> Iterator[Figure]:
    for m in _RATIO.finditer(text):
        if m["top"]:
            top = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4}[m["top"].lower()]
            value = top * _FRACTIONS[m["bottom"].lower().rstrip("s")]
        elif m["half"]:
            value = _FRACTIONS[m["half"].lower()]
        elif m["multiple"]:
            value = Decimal(_MULTIPLES[m["multiple"].lower()])
        else:
            words = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
            value = Decimal(words.get(m["times"].lower(), m["times"]))
        yield _figure(text, Span(*m.span()), value, "times", "ratio")


