"""A text → its dates and periods, with a normal notation by which two of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rag.types import Span

MONTHS = (
    "january february march april may june july august september october november december".split()
)

_MONTH = (
    f"(?:{'|'.join(m.capitalize() for m in MONTHS)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_FISCAL = r"(?:FY|fy|[Ff]iscal(?:\s+year)?|financial\s+year)"
_DATE = re.compile(
    rf"""\b(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{_MONTH})\.?(?:,?\s+(?P<y1>{_YEAR}))?\b
    | \b(?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y2>{_YEAR}))?
    | \b(?P<m3>{_MONTH})\.?,?\s+(?:of\s+)?(?P<y3>{_YEAR})\b
    | (?<![A-Z][a-z]\s)\b(?P<m4>{_MONTH})\b(?=[\s,.;:)-]|$)
    | \b(?P<fy>{_FISCAL}\s*)?(?P<y5>{_YEAR})\s?[-–/]\s?(?P<y6>\d{{4}}|\d\d)(?!\d)
    | \b{_FISCAL}\s*(?P<y7>{_YEAR}|\d\d)\b
    | (?<![\d.,$€£₹])\b(?P<y8>{_YEAR})s?\b(?![.,]?\d|\s*(?:%|per\s?cent|Committee))""",
    re.VERBOSE,
)  # "20 May 2025", "May 20, 2025", "May 2025", "in July", "FY2024-25", "FY25", "2023"
_BEFORE_MAY = re.compile(
    r"\b(?:in|early|late|mid|since|until|by|of|last|this|next)[-\s]$"
)  # "in May", where "may" opens no sentence
_YEARS = re.compile(rf"({_YEAR})\s?[-–/]\s?(?:\d\d)?(\d\d)(?!\d)")  # "2024-25", "2024/2025"
_FISCAL_YEAR = re.compile(r"\b(?:FY|fiscal(?:\s+year)?)\s*(?:20)?(\d\d)\b", re.IGNORECASE)  # "FY25"
_ONE_YEAR = re.compile(rf"\b({_YEAR}|(?:1[5-9]|20)\d0s)\b")  # "2023", "the 1990s"


@dataclass(frozen=True, slots=True)
class Date:
    """A date or a period where it stands."""

    value: Decimal
    """The year; the day where there is no year; the month's number where there is nothing else."""
    unit: str
    """Its precision: `day`, `month`, `year` or `fiscal_year`."""
    period: str
    """In the notation of `normal_period` where it has a year, else as written."""
    span: Span


def find_dates(text: str) -> Iterator[Date]:
    """The text's dates in order.

    >>> [(d.unit, d.period) for d in find_dates("on 20 May 2025, in July, for FY2024-25")]
    [('day', '2025'), ('month', 'July'), ('fiscal_year', '2024/25')]
    """
    for m in _DATE.finditer(text):
        span = Span(*m.span())
        if m["m4"]:
            if m["m4"] != "May" or _BEFORE_MAY.search(text[: span.start]):
                yield Date(Decimal(_month(m["m4"])), "month", m["m4"], span)
            continue
        year = m["y1"] or m["y2"] or m["y3"] or m["y5"] or m["y7"] or m["y8"]
        period = normal_period(m.group()) or m.group()
        yield Date(Decimal(year or m["d1"] or m["d2"] or 0), _unit(m), period, span)


def normal_period(text: str) -> str | None:
    """A period in one notation, or None.

    >>> normal_period("FY2024-25"), normal_period("2024/2025"), normal_period("May 2025")
    ('2024/25', '2024/25', '2025')
    """
    if found := _YEARS.search(text):
        return f"{found.group(1)}/{found.group(2)}"
    if found := _FISCAL_YEAR.search(text):
        return f"{1999 + int(found.group(1))}/{found.group(1)}"
    found = _ONE_YEAR.search(text)
    return found.group() if found else None


def _unit(date: re.Match[str]) -> str:
    if date["d1"] or date["d2"]:
        return "day"
    if date["m3"]:
        return "month"
    return "fiscal_year" if date["y5"] or date["y7"] else "year"


def _month(name: str) -> int:
    return next(n for n, month in enumerate(MONTHS, start=1) if month.startswith(name.lower()[:3]))
