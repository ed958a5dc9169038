"""The dates of a claim and of cited words → whether the words bear a date, or resolve to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from rag.checking.numerals.calendar_words import MONTH_NAMES
from rag.checking.numerals.dates import Date, find_dates
from rag.types import Figure

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_RELATIVE = re.compile(
    rf"\b(?:(?P<day>today|yesterday|tomorrow|tonight)|(?P<weekday>{'|'.join(_WEEKDAYS)})"
    r"|(?P<which>this|last|next|previous|past)\s+(?P<unit>year|month)"
    r"|(?P<ago>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|a)\s+years?\s+ago)\b",
    re.IGNORECASE,
)  # "yesterday", "Tuesday", "last month", "two years ago"
_TO_COME = re.compile(r"\b(?:will|would|next|plans?|expect\w*|schedul\w*|upcoming|due)\b", re.I)
_NUMBERS = "a one two three four five six seven eight nine ten".split()
_MONTH = re.compile(r"[A-Z][a-z]{2,8}")
_SHIFT = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is said."""

    year: int | None
    month: int | None = None
    day: int | None = None
    unit: str = "day"
    period: str = ""
    """In the notation of `normal_period` where the unit is longer than a year."""
    last: int | None = None
    """Of a range."""


@lru_cache(maxsize=2048)
def days_in(text: str) -> tuple[tuple[int, Day], ...]:
    """The text's dates with the place where each begins."""
    return tuple((found.span.start, _read(found, text)) for found in find_dates(text))


def bears(claimed: Day, text: str, around: str, published: date | None) -> str:
    """Where cited words say or resolve to a claim's date: words for a reader, or empty.

    Args:
        claimed: The claim's date.
        text: The cited words; where they have a year, no other year is looked for.
        around: What stands before them, and the title.
        published: The day that "yesterday" and dates without a year are counted from.
    """
    own = [day for _, day in days_in(text)]
    if any(_is_within(day, claimed) for day in own):
        return "it stands in the words cited"
    # A bare "May 6" says nothing of a year where the words have years of their own.
    dated = claimed.month is None and any(day.year for day in own)
    filled = [] if dated else [_in_year(day, claimed, published) for day in own]
    if any(_is_within(day, claimed) for day in (*filled, *_relative(text, published))):
        return f"the words cited resolve to it, published {published}"
    if any(_rivals(day, claimed) for day in own):
        return ""
    near = [_in_year(day, claimed, published) for _, day in days_in(around)]
    if any(_is_within(day, claimed) for day in near):
        return "it stands before the words cited"
    today = [_full(published)] if published else []
    return "it is the article's date" if any(_is_within(d, claimed) for d in today) else ""


def has_period(period: str, text: str, around: str, published: date | None) -> bool:
    """Whether cited words bear a period in the notation of `normal_period`."""
    if period.isdigit():
        return bool(bears(Day(int(period), unit="year"), text, around, published))
    return any(period in {day.period, str(day.year)} for _, day in days_in(f"{text} {around}"))


def day_at(text: str, figure: Figure) -> Day | None:
    """The date that begins where a figure of the text does."""
    return next((day for at, day in days_in(text) if at == figure.span.start), None)


def _read(found: Date, text: str) -> Day:
    last = None if found.high is None else int(found.high)
    if found.iso:
        year, month, day = (*map(int, found.iso.split("-")), None, None)[:3]
        return Day(year, month, day, found.unit, last=last)
    if found.unit in {"fiscal_year", "decade", "century"}:
        return Day(int(found.value), unit=found.unit, period=found.period)
    if found.unit == "year":
        return Day(int(found.value), unit="year", last=last)
    named = _MONTH.search(found.span.of(text))
    names = [
        n for n, m in enumerate(MONTH_NAMES, 1) if named and m.startswith(named.group()[:3].lower())
    ]
    month = names[0] if names else None
    value = int(found.value)
    if found.unit == "month":
        return Day(value if value > 12 else None, month or value, unit="month")
    return Day(None, month, value, "day", last=last)


def _is_within(day: Day, claimed: Day) -> bool:
    """Whether a date says all that the claimed one says."""
    if claimed.unit in {"decade", "century"} and day.unit != claimed.unit and day.year:
        if claimed.unit == "century":
            return (day.year - 1) // 100 + 1 == claimed.year
        return day.year // 10 * 10 == claimed.year
    if {claimed.unit, day.unit} & {"fiscal_year", "decade", "century"}:
        return (day.unit, day.year, day.period) == (claimed.unit, claimed.year, claimed.period)
    if claimed.last != day.last:
        return False
    pairs = ((claimed.year, day.year), (claimed.month, day.month), (claimed.day, day.day))
    return all(said is None or said == held for said, held in pairs)


def _rivals(day: Day, claimed: Day) -> bool:
    """Whether the words say as much of when, and something else."""
    return any(
        said is not None and held is not None and said != held
        for said, held in ((claimed.year, day.year), (claimed.month, day.month))
    ) or (day.day is not None and claimed.day is not None and day.day != claimed.day)


def _in_year(day: Day, claimed: Day, published: date | None) -> Day:
    """A date without a year in the year that brings it nearest to the publication."""
    if day.year is not None or claimed.year is None or published is None or day.month is None:
        return day
    months = 12 * published.year + published.month
    years = range(published.year - 1, published.year + 2)
    near = min(years, key=lambda year: abs(12 * year + (day.month or 0) - months))
    return replace(day, year=near)


def _relative(text: str, published: date | None) -> Iterator[Day]:
    if published is None:
        return
    for found in _RELATIVE.finditer(text):
        if found["unit"]:
            yield _shifted(found["which"].lower(), found["unit"].lower(), published)
        elif found["ago"]:
            said = found["ago"].lower()
            back = int(said) if said.isdigit() else max(1, _NUMBERS.index(said))
            yield Day(published.year - back, unit="year")
        else:
            yield _full(_day_of(found, text, published))


def _shifted(which: str, unit: str, published: date) -> Day:
    by = {"this": 0, "next": 1}.get(which, -1)
    if unit == "year":
        return Day(published.year + by, unit="year")
    months = 12 * published.year + published.month - 1 + by
    return Day(months // 12, months % 12 + 1, unit="month")


def _day_of(found: re.Match[str], text: str, published: date) -> date:
    if found["day"]:
        return published + timedelta(_SHIFT[found["day"].lower()])
    weekday = _WEEKDAYS.index(found["weekday"].lower())
    if _TO_COME.search(text, max(0, found.start() - 60), found.end()):
        return published + timedelta((weekday - published.weekday()) % 7)
    return published - timedelta((published.weekday() - weekday) % 7)


def _full(day: date) -> Day:
    return Day(day.year, day.month, day.day)
