"""A text → its dates and periods, with a normal notation by which two of them can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rag.checking.numerals.calendar_words import (
    DECADE_WORDS,
    FIRST_NAMES,
    MONTH_NAMES,
    NO_MONTH_BEFORE,
    NO_YEAR_BEFORE,
    NO_YEAR_BEHIND,
    NTH_WORDS,
    SAYS_MONTH_BEFORE,
    SAYS_MONTH_BEHIND,
    Found,
    dates_in,
)
from rag.types import Span

_FISCAL_YEAR = re.compile(r"\b(?:FY|fiscal(?:\s+year)?)\s*(?:20)?(\d\d)\b", re.IGNORECASE)  # "FY25"
_YEAR = r"(?:1[5-9]|20)\d\d"
_YEARS = re.compile(rf"({_YEAR})\s?[-–/]\s?(?:\d\d)?(\d\d)(?!\d)")  # "2024-25", "2024/2025"
_ONE_YEAR = re.compile(rf"\b({_YEAR}|(?:1[5-9]|20)\d0s)\b")  # "2023", "the 1990s"


@dataclass(frozen=True, slots=True)
class Date:
    """A date or a period where it stands."""

    value: Decimal
    """The year; the day where there is no year; the month's number where there is nothing else."""
    unit: str
    """Its precision: `day`, `month`, `year`, `fiscal_year`, `decade` or `century`."""
    period: str
    """In the notation of `normal_period` where it has a year, else as written."""
    span: Span
    high: Decimal | None = None
    """The last year of `2015-2019` or the last day of `May 5-7`."""
    iso: str | None = None
    """`2025-05-20`, `2025-05` or `2025` where the words say as much."""


def find_dates(text: str) -> Iterator[Date]:
    """The text's dates in order.

    >>> [(d.unit, d.period) for d in find_dates("on 20 May 2025, in July, for FY2024-25")]
    [('day', '2025'), ('month', 'July'), ('fiscal_year', '2024/25')]
    """
    for found in dates_in(text):
        date = _read(text, found)
        if date is not None:
            yield date
            if second := _second(found, date):
                yield second


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


def full_date(text: str) -> str | None:
    """The first date with a year in a text, as ISO 8601 writes it and as finely as it is said.

    >>> full_date("on 20 May 2025"), full_date("in May 2025"), full_date("in July")
    ('2025-05-20', '2025-05', None)
    """
    return next((date.iso for date in find_dates(text) if date.iso), None)


def _read(text: str, found: Found) -> Date | None:
    if found["alone"]:
        return _bare_month(text, found)
    if found["iso_year"] or found["day"] or found["holiday"]:
        return _day(found)
    if found["from"] or found["fiscal"]:
        return _years(text, found)
    if found["century"] or found["decade"] or found["short_decade"] or found["decade_word"]:
        return _era(found)
    return _month_or_year(text, found)


def _day(found: Found) -> Date:
    year = _full_year(found["iso_year"] or found["year"])
    month = _month(found["month"]) if found["month"] else 7
    if found["iso_year"]:
        month, day = int(found["iso_month"]), int(found["iso_day"])
    elif found["holiday"]:
        day = 4
    else:
        day = int(found["day"])
    last = found["last_day"]
    high = Decimal(last) if last and not year and int(last) > day else None
    iso = f"{year}-{month:02}-{day:02}" if year else None
    span = Span(*found.span())
    if found["next_day"]:
        span, year = Span(span.start, found.span("day4")[1]), 0
    return Date(Decimal(year or day), "day", _period(found), span, high, iso)


def _second(found: Found, first: Date) -> Date | None:
    """The 15 of "April 14 and 15" and the 90s of "1980s and 90s", dates of their own."""
    if found["next_day"]:
        span = Span(found.span("next_day")[0], found.span()[1])
        year = found["year"]
        return Date(Decimal(year or found["next_day"]), "day", first.period, span)
    if found["next_decade"]:
        start = int(first.value) // 100 * 100 + int(found["next_decade"].strip("'’‘"))
        span = Span(found.span("next_decade")[0], found.span()[1])
        return Date(Decimal(start), "decade", f"{start}s", span)
    return None


def _month_or_year(text: str, found: Found) -> Date | None:
    span = Span(*found.span())
    if found["month"]:
        year = _full_year(found["year"])
        iso = f"{year}-{_month(found['month']):02}"
        return Date(Decimal(year), "month", _period(found), span, iso=iso)
    if found["old"]:
        year = int(re.sub(r"\D", "", found["old"]))
        return Date(Decimal(year), "year", found.words, span)
    if found["past"]:
        return Date(Decimal(found["past"]), "year", found["past"], Span(*found.span("past")))
    if not _is_year(text, found):
        return None
    return Date(Decimal(found["lone"]), "year", _period(found), span, iso=found["lone"])


def _is_year(text: str, found: Found) -> bool:
    start, end = found.span()
    if NO_YEAR_BEFORE.search(text, max(0, start - 20), start) or NO_YEAR_BEHIND.match(text, end):
        return False
    if found["lone"] != "1500":
        return True
    return re.search(r"\b(?:[Ii]n|[Ss]ince|by)\s$", text[max(0, start - 8) : start]) is not None


def _years(text: str, found: Found) -> Date | None:
    start, end = found["from"] or found["fiscal"], found["to"]
    span = Span(*found.span())
    first = _full_year(start)
    if NO_YEAR_BEFORE.search(text, max(0, span.start - 20), span.start) and not found["fy"]:
        return None
    if not end or found["fy"]:
        return Date(Decimal(first), "fiscal_year", _period(found), span)
    return _span_of_years(found, first, end)


def _span_of_years(found: Found, first: int, end: str) -> Date:
    """ "2024-25" is one fiscal year, "2015-2019" five years, "2025-05" a month."""
    span = Span(*found.span())
    last = int(end) if len(end) == 4 else first // 100 * 100 + int(end)
    if last % 100 == (first + 1) % 100:
        return Date(Decimal(first), "fiscal_year", _period(found), span)
    if last > first:
        return Date(Decimal(first), "year", _period(found), span, Decimal(last))
    if len(end) == 2 and 1 <= int(end) <= 12 and "-" in found.words:
        return Date(Decimal(first), "month", str(first), span, iso=f"{first}-{end}")
    year = Span(span.start, span.start + 4)
    return Date(Decimal(first), "year", str(first), year, iso=str(first))


def _era(found: Found) -> Date:
    span = Span(*found.span())
    if found["century"]:
        said = found["century"].lower()
        nth = NTH_WORDS.get(said) or int(re.sub(r"\D", "", said) or 0)
        return Date(Decimal(nth), "century", found.words, span)
    if found["decade"]:
        if found["next_decade"]:
            end = found.span("decade")[1]
            span = Span(span.start, end + found.words[end - span.start :].index("s") + 1)
        return Date(Decimal(found["decade"]), "decade", f"{found['decade']}s", span)
    if found["decade_word"]:
        start = DECADE_WORDS[found["decade_word"].lower()]
        return Date(Decimal(start), "decade", f"{start}s", Span(*found.span("decade_word")))
    short = int(found["short_decade"])
    start = 2000 + short if short < 20 else 1900 + short
    return Date(Decimal(start), "decade", f"{start}s", span)


def _bare_month(text: str, found: Found) -> Date | None:
    start, end = found.span()
    before = text[max(0, start - 24) : start]
    if SAYS_MONTH_BEFORE.search(before):
        named = found["alone"] in FIRST_NAMES and NO_MONTH_BEFORE.match(text, end)
        if named and not re.search(
            r"\b(?:in|since|until|late|early|mid|last|this|next)[-\s]$", before, re.I
        ):
            return None
    elif found["alone"] == "May" or not SAYS_MONTH_BEHIND.match(text, end):
        return None
    elif re.search(r"[A-Z][\w’'-]*\s$", before) and not re.search(r"\.\s$", before):
        return None  # "Women's March"
    return Date(Decimal(_month(found["alone"])), "month", found["alone"], Span(start, end))


def _period(found: Found) -> str:
    return normal_period(found.words) or found.words


def _full_year(written: str) -> int:
    if not written:
        return 0
    year = int(written)
    return year if year > 99 else 2000 + year if year < 50 else 1900 + year


def _month(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(n for n, month in enumerate(MONTH_NAMES, 1) if month.startswith(name.lower()[:3]))
