"""A claim's figure and a cited one → whether it states that value, rounded as it says."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Literal

from rag.checking.numerals.agreement import equal, rounds_to, unit_of
from rag.types import Figure, Span

Hedge = Literal["", "about", "over", "under"]
"""How a figure is rough: not at all, either way, or the true one lies above or below."""

_OVER = (
    r"over|above|(?:more|greater|higher|longer|better)\s+than|at\s+least|upwards?\s+of"
    r"|in\s+excess\s+of|not?\s+(?:less|fewer)\s+than|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|top(?:s|ped|ping)"
)
_UNDER = (
    r"nearly|almost|under|below|(?:less|fewer|lower|shorter)\s+than|at\s+most|up\s+to|close\s+to"
    r"|as\s+(?:many|much)\s+as|no\s+more\s+than|just\s+shy\s+of|approaching"
)
_ABOUT = (
    r"about|around|roughly|approximately|some|(?:an\s+)?estimated|circa|approx\.|~|maybe|perhaps"
)
_BEFORE = re.compile(
    rf"(?:(?:^|(?<=[\s(“\"—–-]))(?:(?P<over>{_OVER})|(?P<under>{_UNDER})|(?P<about>{_ABOUT}))"
    r"(?:\s+(?:an?|the(?:\s+(?:last|past|next))?))?\s*)$",
    re.IGNORECASE,
)  # "more than ", "nearly a ", "about the last "
_BEHIND = re.compile(
    r"(?:\s?\+|[-\s]plus\b|(?:\s[a-z]+){0,2},?\sor\s(?P<more>more|fewer|less|so)\b|-odd\b)", re.I
)
_COMPARED = re.compile(r"\bthan\s+the\s*$", re.IGNORECASE)  # "fewer than the 155 of 2023"
_CONTEXT = 40
MAX_BOUND = Decimal("1.2")
"""How far from its bound a value may lie that "over" or "nearly" is said of, as in `agreement`."""


def hedge_of(text: str, span: Span) -> tuple[Hedge, Span]:
    """The hedge of the figure at a place, and the place widened by its words.

    >>> hedge_of("It took nearly 50 days.", Span(15, 22))
    ('under', Span(start=8, end=22))
    """
    found = _BEFORE.search(text, max(0, span.start - _CONTEXT), span.start)
    if found and not _COMPARED.search(found.group()):
        hedge: Hedge = "over" if found["over"] else "under" if found["under"] else "about"
        return hedge, Span(found.start(), span.end)
    behind = _BEHIND.match(text, span.end)
    if behind is None:
        return "", span
    said = (behind["more"] or "more").lower()
    side: dict[str, Hedge] = {"more": "over", "so": "about"}
    whole = Span(span.start, behind.end())
    return ("about" if "odd" in behind.group() else side.get(said, "under")), whole


def states(claim: Figure, said: Hedge, cited: Figure, given: Hedge) -> bool:
    """Whether the claim's figure is the cited one, equal or rounded as it says.

    A rounded value is one only where the claim says so: "86 million" does not state 86.07
    million, "about 86 million" does. "Over" and "nearly" round in their own direction. A bound
    that the source gives may not be dropped, nor one be added to the same value.
    """
    if not _is_of_kind(claim, cited):
        return False
    if equal(claim, cited):
        return said in {given, "about"} or (given == "about" and not said)
    if claim.high is not None or cited.high is not None:
        return _ends(claim, said, cited)
    if not said or given not in {"", "about"}:
        return False
    fraction = claim.kind == "ratio" and cited.kind != "ratio"
    return _rounded(_value(cited), _value(claim), said, fraction=fraction)


def explains(claim: Figure, cited: Figure) -> bool:
    """Whether the claim's value is a rounding of the cited one that the claim does not mark."""
    if not _is_of_kind(claim, cited) or claim.high or cited.high:
        return False
    return not equal(claim, cited) and rounds_to(_value(cited), _value(claim))


def _is_of_kind(claim: Figure, cited: Figure) -> bool:
    """Whether they have one unit; a year is no number of years."""
    dates = (claim.kind == "date") == (cited.kind == "date")
    return dates and unit_of(claim) == unit_of(cited)


def _ends(claim: Figure, said: Hedge, cited: Figure) -> bool:
    """ "Up to 90" and "at least 80" of a range from 80 to 90."""
    if claim.high is not None or cited.high is None:
        return False
    return (said == "under" and claim.value == cited.high) or (
        said == "over" and claim.value == cited.value
    )


def _value(figure: Figure) -> Decimal:
    return figure.value * 100 if figure.kind == "ratio" else figure.value


def _rounded(exact: Decimal, stated: Decimal, said: Hedge, *, fraction: bool) -> bool:
    if not stated or (exact < 0) != (stated < 0):
        return False
    if fraction:  # a third has no digits to round to: 34 % is about that
        near = abs(exact - stated) <= abs(stated) / 20
        return near and (said == "about" or (exact > stated) == (said == "over"))
    if said == "about":
        return rounds_to(exact, stated)
    place = Decimal((0, (1,), int(stated.normalize().as_tuple().exponent)))
    way = ROUND_FLOOR if said == "over" else ROUND_CEILING
    cut = (exact / place).quantize(Decimal(1), way) * place
    return cut == stated and abs(exact) <= abs(stated) * MAX_BOUND <= abs(exact) * MAX_BOUND**2
