"""A claim that rests on words of several places → why those don't bear it together. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.checking.syntax.names import find_names, is_named
from rag.checking.verify import Cited, Verdict
from rag.types import Span

_CLAUSE = re.compile(
    r"[,;:—]\s|\s(?:and|but|while|whereas|than|against|compared (?:with|to)|which|who)\s"
)
_CHANGE = re.compile(
    r"\b(?:rose|risen|rises?|fell|fallen|falls?|grew|grown|grows?|dropped|declined|increased"
    r"|decreased|shrank|shrunk|climbed|slipped|changed|became|doubled|tripled|halved|up|down)\b",
    re.IGNORECASE,
)
# "… is 3 tons, and the other weighs 4": each part can be told alone.
_PARTS = re.compile(r",\s+(?:and|but)\s+|,?\s+(?:while|whereas)\s+|;\s+")
_LEAST_PART = 3
"""Words of a part that says something by itself."""


def parts_of(claim: str) -> list[str]:
    """The parts of a claim that can be told alone; none where there is but one."""
    parts = [part.strip(" ,.") for part in _PARTS.split(claim)]
    whole = len(parts) > 1 and all(len(part.split()) >= _LEAST_PART for part in parts)
    return [f"{part[:1].upper()}{part[1:]}." for part in parts] if whole else []


def mixed(claim: str, cited: Sequence[Cited], verdict: Verdict) -> str:
    """A name beside a figure that stands in other cited words than the figure does, or nothing.

    "The tent of Orra weighs 3.1 kg" is made of two true sentences, about two tents.
    """
    bearing = {one.number: one for one in cited}
    names = find_names(claim)
    for checked in verdict.figures if len(cited) > 1 else ():
        one = bearing.get(checked.citation or 0)
        if checked.state != "verified" or one is None or checked.figure.kind == "date":
            continue
        clause = _clause(claim, checked.figure.span)
        for name in names:
            beside = clause.start <= name.span.start and name.span.end <= clause.end
            told = f"{one.outlet or ''}. {one.around} {one.text}"
            if beside and not is_named(name, told):
                return f"“{checked.text}” and “{name.text}” stand in different words cited"
    return ""


def unrelated(claim: str) -> str:
    """Why a claim that several articles bear together is none, or nothing.

    Where one calls India the largest and another the fourth-largest, nothing has fallen.
    """
    if _CHANGE.search(claim):
        return "a change is told between the words of different articles"
    return ""


def _clause(text: str, span: Span) -> Span:
    """The part of a sentence, between marks or conjunctions, that a figure stands in."""
    breaks = [found.span() for found in _CLAUSE.finditer(text)]
    start = max((end for _, end in breaks if end <= span.start), default=0)
    return Span(start, min((first for first, _ in breaks if first >= span.end), default=len(text)))
