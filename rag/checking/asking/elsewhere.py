"""A question and a sentence's figures → whether all of them are of something or some time else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from rag.checking.binding import Bound, bind
from rag.checking.figures import find_figures
from rag.checking.syntax.names import Name, country_keys, is_named
from rag.checking.syntax.possession import BODIES
from rag.splitting.terms import stems
from rag.types import FigureKind, Query, Wanted

_KINDS: dict[Wanted, frozenset[FigureKind]] = {
    "money": frozenset({"money"}),
    "percent": frozenset({"percent", "ratio"}),
    "count": frozenset({"count", "quantity", "ratio"}),
    "rank": frozenset({"rank"}),
    "duration": frozenset({"duration"}),
    "date": frozenset({"date"}),
    "quantity": frozenset({"money", "percent", "ratio", "count", "quantity", "duration"}),
}
"""The kinds of figures that may answer each wanted type."""
_OWNERS = frozenset({"subject", "of"})
_PLACED = re.compile(r"\b(in|from|to|at|for|on)\s+(?:the\s+)?$", re.IGNORECASE)
_PART = re.compile(
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:[a-z]+)?\b(?! be\b)|\b(Q[1-4])\b"
)  # "31 July", "Jul"
_ORDINALS = {"first": "Q1", "second": "Q2", "third": "Q3", "fourth": "Q4"}
_QUARTER = re.compile(r"\b(?:(first|second|third|fourth)[ -]quarter|(Q[1-4]))\b", re.IGNORECASE)
_RATE = re.compile(r"\b([a-z]+) rates?\b")  # "key interest rate"
_YEAR = re.compile(r"\d{4}")


def wanted_bounds(
    query: Query, sentence: str, *, before: str, title: str, published: date | None
) -> tuple[Bound, ...]:
    """The sentence's figures of a kind that the question wants, each bound."""
    kinds = _KINDS.get(query.wanted, frozenset())
    if not kinds or not any(figure.kind in kinds for figure in find_figures(sentence)):
        return ()
    found = bind(sentence, before=before, title=title, published=published)
    return tuple(bound for bound in found if bound.figure.kind in kinds)


def is_of_another(
    query: Query, names: Sequence[Name], sentence: str, bounds: Sequence[Bound]
) -> bool:
    """Whether every figure is bound to a name that takes the place of one that is asked about.

    "How many did Xpeng deliver" is not answered by what Nio delivered. A country is rivalled by
    countries only, so that a minister is no rival of the country whose minister is asked about.
    """
    missing = [n for n in names if n.key not in BODIES and not is_named(n, sentence)]
    known = {stem for name in names for stem in stems(f"{name.text} {name.key}")} | set(query.terms)
    return bool(bounds and missing) and all(
        any(_has_rival(query, name, sentence, bound, known) for name in missing) for bound in bounds
    )


def _has_rival(query: Query, name: Name, sentence: str, bound: Bound, known: set[str]) -> bool:
    """Whether a name that the question does not bear has this one's place at the figure."""
    roles = _OWNERS | _roles(query.text, name)
    return any(
        role in roles
        and key not in BODIES
        and not set(stems(_before(sentence, key))) & known
        and bool(set(stems(key)) - known)
        and (name.kind != "country" or bool(country_keys(key)))
        for key, role in bound.entities
    )


def _before(sentence: str, key: str) -> str:
    """The word before a name: the "ferry Skua" may be the ferry that is asked about."""
    found = re.search(rf"(\w+)\s+{re.escape(key)}", sentence)
    return found.group(1) if found else ""


def _roles(question: str, name: Name) -> frozenset[str]:
    found = _PLACED.search(question, 0, name.span.start)
    return frozenset({found.group(1).lower()}) if found else frozenset()


def is_of_another_time(query: Query, sentence: str, bounds: Sequence[Bound]) -> bool:
    """Whether every figure is said to hold for another year, quarter or month than is asked."""
    if query.wanted == "date" or not bounds:
        return False
    parts, years = set(_parts(query.text)), set(_years(query))
    told = "" if any(bound.part for bound in bounds) else sentence
    return all(_differs(parts, years, bound, told) for bound in bounds)


def is_of_another_rate(query: Query, bounds: Sequence[Bound]) -> bool:
    """Whether an interest rate is asked for and every figure is, say, an inflation rate."""
    rates = [bound for bound in bounds if bound.quantity == "rate" and bound.modifiers]
    asked = _RATE.findall(query.text.lower())
    return bool(rates and asked) and not any(
        set(stems(" ".join(asked))) & r.modifiers for r in rates
    )


def _differs(parts: set[str], years: set[str], bound: Bound, sentence: str) -> bool:
    told = set(_parts(bound.part or sentence))
    for sort in ("Q", ""):
        asked_for = {part for part in parts if part.startswith("Q") is bool(sort)}
        given = {part for part in told if part.startswith("Q") is bool(sort)}
        if asked_for and given and not asked_for & given:
            return True
    stated = bound.period if bound.period and "article" not in bound.why else None
    return bool(years and stated and not years & set(_YEAR.findall(stated.replace("/", "/20"))))


def _parts(text: str) -> Iterator[str]:
    for found in _PART.finditer(text):
        yield found.group(1) or found.group(2)
    for found in _QUARTER.finditer(text):
        yield _ORDINALS.get((found.group(1) or "").lower(), (found.group(2) or "").upper())


def _years(query: Query) -> Iterator[str]:
    for period in query.years:
        if not period.endswith("s"):
            yield from _YEAR.findall(period.replace("/", "/20"))
