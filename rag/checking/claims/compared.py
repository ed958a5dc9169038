"""A claim that sets one thing against another → whether it has the two the right way about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.checking.claims.alignment import FIGURE, Token, tokens
from rag.checking.claims.senses import may_stand_for
from rag.types import Span

_MORE = r"more|higher|greater|larger|longer|heavier|older|above|bigger|taller|wider|faster|dearer"
_LESS = r"less|fewer|lower|smaller|shorter|lighter|younger|below|cheaper|slower|narrower"
_AFTER = re.compile(
    rf"(?:[\s-]+[\w’'-]+){{0,3}}?\s+(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b"
    r"(?=(?:\s+[\w’'-]+){0,6}\s+than\b)",
    re.IGNORECASE,
)  # "15,000 fewer trees in 2024 than"
_PLAIN = re.compile(
    rf"(?<!\d\s)\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b(?P<between>(?:\s[\w’'-]+){{0,6}}?)\sthan\b"
    r"(?!\s+(?:\d|half|a\s|one|two|three|[$€£]))",
    re.IGNORECASE,
)  # "more effective in children than"; not "more than 50"
_CLAUSE = re.compile(r"[,;:]\s")
_AS = re.compile(r"\s+(?:as\s+\w+|the\s+\w+|that)(?:\s+\w+){0,2}\s+(?:as|of)\b", re.IGNORECASE)
_THAN = re.compile(r"\b(?:than|as|of)\b", re.IGNORECASE)
_JOINTS = frozenset("and or but while whereas".split())
_BREAK = 4
"""How many words a comma or an "and" between two words counts for."""
_FAR = 3
"""How many words one counts for that stands in one operand's sentence and not in the other's."""


@dataclass(frozen=True, slots=True)
class Side:
    """A figure that is set against another, in its sentence."""

    sentence: str
    span: Span


def is_difference(text: str, span: Span) -> str:
    """`more` or `less` where a figure says by how much one thing exceeds another, else empty.

    >>> is_difference("It cost 5 euros more than the other.", Span(8, 15))
    'more'
    """
    found = _AFTER.match(text, span.end)
    return "" if found is None else "more" if found["more"] else "less"


def is_turned(claim: str, span: Span, subject: Side, other: Side) -> bool:
    """Whether a claim that compares two things has the wrong one in front.

    Args:
        claim: The sentence.
        span: Of the figure that says how the two compare.
        subject: The cited figure of what the claim would have to be about.
        other: That of what it would have to set it against.
    """
    compared = _AFTER.match(claim, span.end) or _AS.match(claim, span.end)
    if compared is None:
        return False
    than = _THAN.search(claim, compared.end() if compared.re is _AFTER else compared.end() - 2)
    if than is None:
        return False
    front = tokens(f"{claim[: span.start]} {claim[span.end : than.start()]}")
    back = tokens(claim[than.end() :])
    for_it = sum(_leans(front, back, subject, other))
    against = sum(_leans(back, front, subject, other))
    return for_it <= against


def comparison(claim: str, cited: str) -> Literal["", "same", "mirrored", "turned"]:
    """How a claim compares two things that the cited sentence compares; empty where it does not.

    "B is less than A" mirrors "A is more than B"; "B is more than A" has it turned.

    >>> comparison("Rome spends more than Lisbon.", "Lisbon spends more than Rome.")
    'turned'
    """
    own, source = _compared(claim), _compared(cited)
    if own is None or source is None:
        return ""
    (said, front, back), (held, before, behind) = own, source
    straight, crossed = len(back & behind), len(back & before) + len(front & behind)
    if straight == crossed:
        return ""
    if (said == held) != (straight > crossed):
        return "turned"
    return "same" if said == held else "mirrored"


def _compared(text: str) -> tuple[bool, frozenset[str], frozenset[str]] | None:
    """Whether one thing is more than another, and the words that only one of them has."""
    found = _PLAIN.search(text)
    if found is None:
        return None
    front, back = (
        {word.key for word in tokens(part) if word.content}
        for part in (
            _CLAUSE.split(text[: found.start()])[-1],
            _CLAUSE.split(text[found.end() :])[0],
        )
    )
    between = {word.key for word in tokens(found["between"]) if word.content}
    return bool(found["more"]), frozenset((front | between) - back), frozenset(back - front)


def _leans(
    own: Sequence[Token], others: Sequence[Token], subject: Side, other: Side
) -> Iterator[float]:
    """How much each word that only one side has belongs to one of the cited figures."""
    elsewhere = {word.key for word in others}
    for word in own:
        if word.key in elsewhere or not (word.content or word.low == FIGURE):
            continue
        near, far = _distance(word, subject), _distance(word, other)
        if near is None and far is None:
            continue
        if near is None or far is None:
            yield _FAR if far is None else -_FAR
        elif subject.sentence == other.sentence and near != far:
            weight = 2.0 if word.capital or word.low == FIGURE else 1.0
            yield weight if near < far else -weight


def _distance(word: Token, side: Side) -> int | None:
    """How far from a cited figure a word stands, or None where its sentence lacks it."""
    found = tokens(side.sentence)
    at = len(tokens(side.sentence[: side.span.start]))
    places = [i for i, w in enumerate(found) if _is_same(word, w)]
    return min((_apart(found, i, at) for i in places), default=None)


def _is_same(word: Token, other: Token) -> bool:
    if FIGURE in {word.low, other.low}:
        return word.key.split()[0] == other.key.split()[0]  # whatever is counted
    return word.key == other.key or may_stand_for(word, other)


def _apart(words: Sequence[Token], i: int, j: int) -> int:
    """How many words lie between two, a comma or an "and" counted for some."""
    low, high = sorted((i, j))
    between = words[low + 1 : high + 1]
    return high - low + _BREAK * sum(w.parted or w.low in _JOINTS for w in between)
