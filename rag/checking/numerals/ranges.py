"""Measures in order → the two ends of each range as one, and the scores of games left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.checking.numerals.measures import Measure
from rag.checking.numerals.nouns import is_plural_ahead
from rag.types import Span

_JOINT = re.compile(
    r"(?P<dash>-|\s?[–—−]\s?|\s-\s)|-?\s?(?P<to>-to-|\sto\s|-\sto\s|-to\s)|(?P<and>\sand\s)|(?P<or>-?\sor\s|-or-)"
)
_ABOUT = r"(?:about\s|around\s|roughly\s|nearly\s|up\sto\s|as\smuch\sas\s|an?\sestimated\s)?"
_BETWEEN = re.compile(r"\b[Bb]etween\s(?:[a-z]+\s){0,2}$")
_CHANGED = re.compile(
    r"\b(?:rose|ris(?:e|es|en|ing)|fell|fall(?:s|en|ing)?|dropp?(?:s|ed|ing)?|rais(?:e|es|ed|ing)|increas(?:e|es|ed|ing)"
    r"|lower(?:s|ed|ing)?|cut(?:s|ting)?|went|go(?:es|ing|ne)?|jump(?:s|ed|ing)?|climb(?:s|ed|ing)?|gr(?:ew|ow|own|owing|ows)"
    r"|declin(?:e|es|ed|ing)|reduc(?:e|es|ed|ing)|slip(?:s|ped)?|boost(?:s|ed|ing)?|hik(?:e|ed|es|ing)|mov(?:e|ed|ing)|chang(?:e|ed|ing)"
    r"|up|down|expand(?:s|ed|ing)?|plung\w+|plummet\w*|sank|surg\w+|soar\w*|swell\w*|shr[aiu]nk|tumbl\w+|doubl\w+|tripl\w+|gain\w*|lost|add\w*|decreas\w+)\b",
    re.IGNORECASE,
)
_CHANGE_BEFORE = re.compile(r"\b(?:from|by|to|[a-z]+)\s(?:about\s|nearly\s|just\s|an?\s)?$")
_RESULTS = re.compile(
    r"[-\s](?:wins?|loss(?:es)?|victor(?:y|ies)|defeats?|record|leads?|votes?|ruling|decision|majority|margin|tie|draw|score"
    r"|split|odds|ratio|series|win|in\b|over\b|against\b)"
)
_AGES = re.compile(
    r"\b(?:ages?d?|aged|rows?|grades?|about|roughly|approximately|around|estimated|least|some|nearly|between)\s$",
    re.I,
)


def joined(text: str, measures: Sequence[Measure]) -> Iterator[Measure]:
    """The measures, each two ends of a range as one.

    Args:
        text: Where they stand.
        measures: In order.
    """
    index = 0
    while index < len(measures):
        first = measures[index]
        second = measures[index + 1] if index + 1 < len(measures) else None
        joint = _joint(text, first, second) if second else None
        if second is None or joint is None:
            yield first
            index += 1
            continue
        if pair := _range(text, first, second, joint):
            yield pair
            index += 2
        elif _is_score(first, second, joint):
            index += 2
        else:
            yield first
            index += 1


def _joint(text: str, first: Measure, second: Measure) -> re.Match[str] | None:
    return _JOINT.fullmatch(text, first.span.end, second.span.start)


def _is_score(first: Measure, second: Measure, joint: re.Match[str]) -> bool:
    """Whether two bare numbers with a dash between tell of a game or a vote: "79-72"."""
    bare = first.unit is None and second.unit is None
    plain = all(m.number.in_digits and m.number.scale == 1 for m in (first, second))
    return bare and plain and joint["dash"] is not None


def _range(text: str, first: Measure, second: Measure, joint: re.Match[str]) -> Measure | None:
    before = text[max(0, first.span.start - 90) : first.span.start]
    low, high = _ends(first, second)
    if (joint["and"] and not _BETWEEN.search(before)) or not _agree(text, first, second, joint):
        return None
    if low.value >= high.value or (joint["or"] and not _is_next(low, high)):
        return None
    unit = second.unit or first.unit
    if unit is None and not _is_count(text, before, second, joint):
        return None
    if joint["to"] and _is_change(before, first, second):
        return None
    span = Span(first.span.start, second.span.end)
    return replace(low, unit=unit, span=span, high=high.value, approximate=second.approximate)


def _ends(first: Measure, second: Measure) -> tuple[Measure, Measure]:
    """Both ends, the low one with the magnitude that only the high one says."""
    scale = second.number.scale
    mantissa = second.number.value / scale
    shares = scale > 1 and first.number.scale == 1 and first.number.value < mantissa
    worth = second.value / second.number.value if second.number.value else 1
    factor = (scale if shares else 1) * (worth if first.unit is None else 1)
    return (replace(first, value=first.value * factor) if factor != 1 else first), second


def _agree(text: str, first: Measure, second: Measure, joint: re.Match[str]) -> bool:
    if first.unit is None or first.unit == second.unit:
        # "$5 to 10 charities" has a unit that only the first bears.
        return not (first.unit is None and second.unit_before)
    if second.unit is not None or not first.unit_before:
        return False
    return joint["dash"] is not None or not is_plural_ahead(text, second.span.end)


def _is_next(low: Measure, high: Measure) -> bool:
    """Whether "or" gives two numbers of which either may be: "ten or twelve"."""
    if high.value == low.value + 1:
        return True
    return high.value <= low.value * 2 and low.unit is None and not low.number.in_digits


def _is_count(text: str, before: str, second: Measure, joint: re.Match[str]) -> bool:
    """Whether two bare numbers give a range, and no result: "5-11 students", not "a 5-11 loss"."""
    if not joint["dash"] and not joint["to"]:
        return True
    if _RESULTS.match(text, second.span.end):
        return False
    ranged = bool(joint["to"]) or second.number.scale > 1 or bool(_AGES.search(before))
    lower = re.compile(r"\s[a-z]").match(text, second.span.end) is not None
    return ranged or (lower and is_plural_ahead(text, second.span.end))


def _is_change(before: str, first: Measure, second: Measure) -> bool:
    """Whether something went from the one to the other: "raise the age from 18 to 25"."""
    if (first.unit is None) != (second.unit is None) or (first.unit is None and second.unit):
        return False
    clause = re.split(r"(?<![A-Z])[,;:.]\s", before)[-1]
    if re.search(r"\bby\s(?:\w+\s)?$", clause):
        return False
    if re.search(r"\bfrom\s(?:\w+\s){0,2}$", clause):
        return _CHANGED.search(clause) is not None
    return first.unit is not None and re.search(rf"{_CHANGED.pattern}\s$", clause, re.I) is not None
