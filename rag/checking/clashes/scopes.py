"""Facts → what says of which place, part or share of a thing a figure is meant."""

from __future__ import annotations

import re

from rag.checking.clashes.facts import Fact
from rag.splitting.terms import stems

PLACES = frozenset(
    stems(
        """city town village province state county country region district valley area whole
        entire nation"""
    )
)
# "the whole Orla valley", "in the province as a whole", "in the town of Brenmoor"
_PLACED = re.compile(
    r"\b(?:the|in|of) (?:whole |entire )?(?:city|town|village|province|state|county|country|region"
    r"|district|valley|area)\b|\b(?:the (?:whole|entire)|as a whole|nationwide|statewide)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\b(?:the (?:whole|entire)|as a whole|nationwide|statewide)\b", re.IGNORECASE)
_WHOLE_TIME = re.compile(
    r"\b(?:the )?(?:whole|entire|full|all) (?:of )?(?:the )?(?:year|\d{4})|\bfull-year\b",
    re.IGNORECASE,
)  # "in the whole of 2024"
# "without roads", ", with access roads and the resettlement of Sorrel,"
_WITH = re.compile(
    r",?\s*\b(?:with|without|including|excluding|not (?:counting|including)|apart from)\b"
    r"[^,;.]*[,;.]?",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\b(?:with|including)\b", re.IGNORECASE)


def is_of_part(fact: Fact) -> bool:
    """Whether it holds for a part of a year or for the whole year, and says so."""
    part = fact.bound.part or ""
    return bool(fact.bound.period) and (
        part[:1] in {"H", "Q"} or bool(_WHOLE_TIME.search(fact.text))
    )


def is_of_whole_place(fact: Fact) -> bool:
    """Whether it holds for a kind of place that is named: a town, a whole valley."""
    return bool(_PLACED.search(fact.text)) and bool(fact.bound.entities)


def of_other_place(a: Fact, b: Fact) -> bool:
    """Whether they are of two places, and one of them of a whole."""
    one, other = (
        {key for key, role in x.bound.entities if role in {"in", "of", "across"}} for x in (a, b)
    )
    whole = [bool(_WHOLE.search(x.text)) for x in (a, b)]
    return bool(one and other) and not one & other and any(whole)


def of_other_part(a: Fact, b: Fact) -> bool:
    """Whether they are of one year, but of other parts of it."""
    one, other = a.bound, b.bound
    return is_of_part(a) and is_of_part(b) and one.period == other.period and one.part != other.part


def without_scope(fact: Fact) -> str | None:
    """The sentence without what is counted in or left out, where it gives one figure only."""
    if fact.bound.figure.kind != "money" or not _WITH.search(fact.text):
        return None
    rest = _WITH.sub(" ", fact.text)
    return None if len(re.findall(r"\d[\d,.]*", rest)) > 1 else rest.replace(fact.words, " ")


def of_other_extent(a: Fact, b: Fact) -> bool:
    """Whether one is meant with and the other without something."""
    said = [_WITH.search(x.text) if without_scope(x) is not None else None for x in (a, b)]
    if said[0] is None or said[1] is None:
        return False
    return bool(_ADDED.search(said[0][0])) != bool(_ADDED.search(said[1][0]))
