"""Two bound figures → whether they are about the same thing and the same time, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rag.checking.subjects.bound import Bound
from rag.checking.subjects.quantities import FALLS, RISES
from rag.checking.syntax.concepts import concept
from rag.splitting.terms import stems

MAX_ALONE = 0.3
"""Of two figures of one thing, the one with fewer words has at most this share to itself: of 65
figures of RealTime QA's dev half in other words, 89 % are found, and of 3,920 swaps inside 250 of
its articles 5 % taken."""
MIN_CLOSENESS = 0.3
"""Below, a figure is not even a candidate (the same data: 98 % found and 0.5 % of swaps taken by
`closest`; with 0.4, 94 % found)."""

_OPPOSED = (("start", "end"), ("start", "change"), ("end", "change"), ("up", "down"))
_SAME_DIMENSION = {"ratio": "percent"}
_WEAK = frozenset(
    stems(
        """measure total come stand amount reach remain report include become make get take see say
        tell accord go year month week day time period today quarter monday tuesday wednesday
        thursday friday saturday sunday last next previous new additional number other same first
        second recent current well way"""
    )
)
"""Stems that tell no subject from another."""
_RISES, _FALLS = (frozenset(s for word in words for s in stems(word)) for words in (RISES, FALLS))
_SIZES = {
    stem: group[0]
    for group in (
        ("length", "long"), ("height", "high", "tall"), ("width", "wide"),
        ("weight", "weigh", "heavi"), ("depth", "deep"), ("age", "old"),
    )
    for stem in group
}  # fmt: skip
_GIVES = frozenset({"of", "from", "by", "subject"})
_TAKES = frozenset({"to", "for", "on", "against", "into"})
_PLACES = frozenset({"in", "at", "across", "near"})
_SIDES = frozenset({"between", "with", "and", "among"})


def same_subject(a: Bound, b: Bound) -> tuple[bool, str]:
    """Whether two figures measure the same thing, and the reason.

    Made to say no where in doubt: what it joins may be set against each other as a conflict.

    Args:
        a: A figure; of a claim and its source, the claim's, which may say less than the source.
        b: The other one.
    """
    if reason := clash_of(a, b) or _terms(a, b):
        return False, reason
    return True, f"both are about {_said(_concepts(a.terms) & _concepts(b.terms))}"


def clash_of(a: Bound, b: Bound) -> str:
    """Why two figures cannot measure the same thing, or empty where nothing speaks against it."""
    for differ in (_dimensions, _qualifiers, _entities, _quantities):
        if reason := differ(a, b):
            return reason
    return ""


def closest(a: Bound, figures: Iterable[Bound]) -> tuple[Bound, ...]:
    """Of a source's figures, those that a claim's figure most likely is, whatever their value.

    The claim's figure is right when one of them has its value: another figure of the same sentence
    often shares most of its words, but the right one shares more.
    """
    ranked = [(closeness(a, b), b) for b in figures if _can_be(a, b)]
    best = max((near for near, _ in ranked), default=0.0)
    return tuple(b for near, b in ranked if near > max(best - 1e-9, MIN_CLOSENESS))


def closeness(a: Bound, b: Bound) -> float:
    """How much two figures have in common, from 0 to 1: their words first, then when and how.

    It ranks candidates; by itself it proves nothing.
    """
    one, other = _concepts(a.terms) - _WEAK, _concepts(b.terms) - _WEAK
    both = len(one) + len(other)
    terms = 2 * len(one & other) / both if both else 0.0
    kinds = a.qualifiers | b.qualifiers
    manner = len(a.qualifiers & b.qualifiers) / len(kinds) if kinds else 1.0
    heads = _concept(a.quantity) == _concept(b.quantity)
    own = _concepts(a.own) == _concepts(b.own)
    dated = a.period == b.period and a.part == b.part
    return 0.7 * terms + 0.1 * manner + 0.05 * (heads + own) + 0.1 * dated


def same_period(a: Bound, b: Bound, *, undated: bool = True) -> tuple[bool, str]:
    """Whether two figures can hold for the same time, and the reason.

    Args:
        a: A figure.
        b: The other one.
        undated: What to say where only one of them has a period.
    """
    if a.period is None or b.period is None:
        alike = a.period == b.period
        said = "no period on either side" if alike else "only one of them has a period"
        return alike or undated, said
    one, other = a.part, b.part
    if a.period != b.period and one != b.period and other != a.period:
        return False, f"{a.period} is not {b.period}"
    apart = one and other and one not in other and other not in one
    within = one != other and any(part and part[0] in "QHf" for part in (one, other))
    if apart or within:
        return False, f"{one or 'the whole year'} is not {other or 'the whole year'}"
    return True, f"both in {a.period}"


def _can_be(a: Bound, b: Bound) -> bool:
    differ = _dimensions(a, b) or _qualifiers(a, b) or _entities(a, b)
    return not differ and same_period(a, b)[0]


def _dimensions(a: Bound, b: Bound) -> str:
    one, other = (_SAME_DIMENSION.get(x.figure.kind, x.figure.kind) for x in (a, b))
    if one != other:
        return f"a {a.figure.kind} is not a {b.figure.kind}"
    units = a.figure.unit, b.figure.unit
    mixed = one == "percent" and {*units} != {"%", "times"}  # "a fifth" may be "20 %"
    if units[0] != units[1] and (mixed or one == "quantity"):
        return f"{units[0]} is not {units[1]}"
    return ""


def _qualifiers(a: Bound, b: Bound) -> str:
    one, other = a.qualifiers, b.qualifiers
    for p, q in (*_OPPOSED, *((q, p) for p, q in _OPPOSED)):
        if p in one and q in other and not (p in other or q in one):
            return f"{p} is not {q}"
    rates = [frozenset(q for q in x if q.startswith("per ")) for x in (one, other)]
    if rates[0] != rates[1]:
        return f"{_said(rates[0]) or 'no rate'} is not {_said(rates[1]) or 'no rate'}"
    if ("change" in one) != ("change" in other) and a.figure.kind in {"percent", "money"}:
        return "a change is not a level"
    return ""


def _entities(a: Bound, b: Bound) -> str:
    one, other = dict(a.entities), dict(b.entities)
    for key in sorted(one.keys() & other.keys()):
        gives, takes = one[key] in _GIVES, one[key] in _TAKES
        if (gives and other[key] in _TAKES) or (takes and other[key] in _GIVES):
            return f"{key}: {one[key]} is not {other[key]}"
    for roles in (_GIVES, _TAKES, _PLACES, _SIDES):
        left = [name for name, role in a.entities if role in roles and not _is_among(name, b)]
        right = [name for name, role in b.entities if role in roles and not _is_among(name, a)]
        if left and right:
            return f"{_said(left)} is not {_said(right)}"
    return ""


def _is_among(name: str, other: Bound) -> bool:
    """Whether the other figure names it too, by more or fewer words: "Winslet", "Kate Winslet"."""
    own = set(stems(name))
    said = other.terms | {stem for one, _ in other.entities for stem in stems(one)}
    return own <= said or any(set(stems(one)) <= own for one, _ in other.entities)


def _quantities(a: Bound, b: Bound) -> str:
    one, other = concept(a.quantity), concept(b.quantity)
    if one == other:
        return _modifiers(a, b)
    if not one or not other or one in _concepts(b.terms) or other in _concepts(a.terms):
        return ""
    return f"{a.quantity} is not {b.quantity}"


def _modifiers(a: Bound, b: Bound) -> str:
    """ "Natural gas" is not "heating gas"."""
    one = _concepts(a.modifiers) - _concepts(b.terms) - _WEAK
    other = _concepts(b.modifiers) - _concepts(a.terms) - _WEAK
    if one and other:
        return f"{_said(one)} {a.quantity} is not {_said(other)} {b.quantity}"
    return ""


def _terms(a: Bound, b: Bound) -> str:
    one, other = _concepts(a.terms) - _WEAK, _concepts(b.terms) - _WEAK
    if not one or not other:
        return "nothing tells what one of them is about"
    shared = one & other
    alone = min(len(one - shared), len(other - shared))
    if alone > MAX_ALONE * (len(shared) + alone):
        return f"too little in common: {_said(shared) or 'nothing'}"
    left, right = _concepts(a.own) - other - _WEAK, _concepts(b.own) - one - _WEAK
    if left and right:
        return f"{_said(left)} is not {_said(right)}"
    names = _concepts(frozenset(s for x in (a, b) for name, _ in x.entities for s in stems(name)))
    if len(shared) < 2 and shared != one and not shared <= names:
        return f"only {_said(shared)} in common"
    return ""


@lru_cache(maxsize=8192)
def _concepts(terms: frozenset[str]) -> frozenset[str]:
    return frozenset(_concept(term) for term in terms)


@lru_cache(maxsize=8192)
def _concept(term: str) -> str:
    if term in _RISES or term in _FALLS:
        return "rise" if term in _RISES else "fall"
    return _SIZES.get(term, concept(term))


def _said(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
