"""Two facts → how they disagree: update, scope or disagreement, or not at all."""

from __future__ import annotations

from datetime import date

from rag.answer import ConflictKind
from rag.checking.clashes.alike import DIMENSIONS
from rag.checking.clashes.facts import Fact
from rag.checking.clashes.onething import is_explained, is_one_thing, is_size
from rag.checking.clashes.onetime import days_apart, is_of_one_story
from rag.checking.clashes.scopes import PLACES, of_other_extent, of_other_part, of_other_place
from rag.checking.numerals.agreement import agree, unit_of
from rag.checking.subjects.bound import Bound
from rag.checking.subjects.sameness import same_period, same_subject
from rag.checking.syntax.concepts import concept, concepts
from rag.splitting.terms import stems

MIN_SHARED = 2
"""Least terms in common, besides what is measured."""
MIN_SCOPE = 0.4
"""Least share of terms in common where the places differ."""
UPDATE_DAYS = 5
"""From so many days on, another outlet's figure is news, and no other opinion."""
SAME_STORY_DAYS = 400
"""Articles that lie further apart tell of different events, or of figures that have moved on."""
SCOPE_DAYS = 60
"""The same for two places, of which nothing else says that one event is meant."""
_WHERE = frozenset({"in", "of", "across"})
_GROWING = concepts(
    """kill die dead death toll fatality injure wound miss displace evacuate flee rescue infect
    arrest jackpot"""
)
"""What only grows while a story goes on: a later, higher figure replaces the earlier one."""
_COPY = 0.8
"""Share of stems from which two sentences are one sentence that was copied."""


def clash_kind(a: Fact, b: Fact, *, related: bool = True) -> ConflictKind | None:
    """How two facts disagree; None where they don't, or are about different things.

    Args:
        a: A fact.
        b: The other one.
        related: Whether they are known to be about one matter, as two answers to one question
            are; of two facts of a corpus more is asked.
    """
    if not _is_comparable(a, b) or agree(a.bound.figure, b.bound.figure):
        return None
    if a.source != b.source and _is_copy(a.text, b.text):
        return None  # two readings of one sentence
    if not related:
        return _strict_kind(a, b)
    return None if is_explained(a, b) else _related_kind(a, b)


def _strict_kind(a: Fact, b: Fact) -> ConflictKind | None:
    """The kind of two facts that the corpus holds to be alike."""
    inside = a.source.article_id == b.source.article_id
    if not inside and _is_of_other_scope(a, b):
        return "scope"
    sizes = a.bound.figure.kind != "rank" or (is_size(a) and is_size(b))
    if not sizes or not is_one_thing(a, b) or not _is_same(a.bound, b.bound):
        return None
    if inside:
        return "disagreement" if told_apart(a, b) else None
    when = a.bound.figure.kind == "date" or same_period(a.bound, b.bound)[0]
    return _of_one_thing(a, b) if when else None


def _is_of_other_scope(a: Fact, b: Fact) -> bool:
    if _change(a.bound) != _change(b.bound):
        return False
    near = days_apart(a, b) <= SCOPE_DAYS
    return of_other_part(a, b) or of_other_extent(a, b) or (near and of_other_place(a, b))


def _is_same(a: Bound, b: Bound) -> bool:
    if a.figure.kind in {"rank", "date"} and not _subjects(a) & _subjects(b):
        return False
    if (a.qualifiers ^ b.qualifiers) & {"share", "average", "total", "net", "gross"}:
        return False
    return same_subject(a, b)[0] or _same_dimension(a, b)


def _subjects(bound: Bound) -> set[str]:
    return {name for name, role in bound.entities if role == "subject"}


def _related_kind(a: Fact, b: Fact) -> ConflictKind | None:
    shared, alike = (
        _shared(a.bound, b.bound),
        concept(a.bound.quantity) == concept(b.bound.quantity),
    )
    apart = a.source.article_id != b.source.article_id and _change(a.bound) == _change(b.bound)
    in_part = of_other_part(a, b) and len(shared) >= MIN_SHARED
    if apart and alike and (in_part or of_other_extent(a, b)):
        return "scope"
    if len(shared) < MIN_SHARED and not _same_dimension(a.bound, b.bound):
        return None
    same = same_subject(a.bound, b.bound)[0] or _same_dimension(a.bound, b.bound)
    if a.source.article_id == b.source.article_id:
        return "disagreement" if same and told_apart(a, b) else None
    if same and _scoped(a.bound) == _scoped(b.bound):
        # The day that something happens is no period in which a figure holds.
        when = a.bound.figure.kind == "date" or same_period(a.bound, b.bound)[0]
        one = when and is_of_one_story(a, b)
        return _of_one_thing(a, b) if one else _of_part(a.bound, b.bound)
    return "scope" if same or _of_other_place(a.bound, b.bound, shared) else None


def _is_comparable(a: Fact, b: Fact) -> bool:
    one, other = a.bound.figure, b.bound.figure
    if one.kind == "rank" and not (a.bound.entities and b.bound.entities):
        return False
    if unit_of(one) != unit_of(other) or days_apart(a, b) > SAME_STORY_DAYS:
        return False
    if (one.kind == "date") != (other.kind == "date"):
        return False
    if one.kind == "date":
        # A year is seldom all that is told of a thing; a day or month of one deed is.
        return one.unit in {"day", "month"} and a.bound.quantity == b.bound.quantity
    return one.kind != "duration" or a.bound.quantity == b.bound.quantity


def told_apart(a: Fact, b: Fact) -> bool:
    """Whether two speakers give them: in one article two figures are else two things."""
    one, other = a.bound.speakers, b.bound.speakers
    return bool(one and other) and not one & other and a.bound.period == b.bound.period


def _of_one_thing(a: Fact, b: Fact) -> ConflictKind:
    """An update where time explains it: one outlet's later word, another's days after."""
    days = days_apart(a, b)
    later = days > 0 if a.source.outlet == b.source.outlet else days >= UPDATE_DAYS
    if days > 0 and not later:
        both = set(map(concept, a.bound.terms)) & set(map(concept, b.bound.terms))
        later = bool(both & _GROWING) and _grows(a, b)
    return "update" if later and a.bound.figure.kind != "date" else "disagreement"


def _grows(a: Fact, b: Fact) -> bool:
    first, last = sorted((a, b), key=published)
    return last.bound.figure.value > first.bound.figure.value


def _of_part(a: Bound, b: Bound) -> ConflictKind | None:
    """A part of a period against the whole; two periods are two figures, and no clash."""
    return "scope" if a.period == b.period and a.part != b.part else None


def _of_other_place(a: Bound, b: Bound, shared: frozenset[str]) -> bool:
    """Whether the same is measured of another place: of the town, of the whole valley."""
    one, other = ({key for key, role in x.entities if role in _WHERE} for x in (a, b))
    if not one or not other or one & other or _change(a) != _change(b):
        return False
    places = {concept(x.quantity) for x in (a, b)} - PLACES
    smaller = min(len(a.terms), len(b.terms))
    return len(places) <= 1 and len(shared) >= MIN_SCOPE * smaller


def _same_dimension(a: Bound, b: Bound) -> bool:
    """ "Is 118 metres long" and "measures 124 metres in length", of one thing."""
    one, other = ({DIMENSIONS[t] for t in x.terms if t in DIMENSIONS} for x in (a, b))
    names = {key for key, _ in a.entities} & {key for key, _ in b.entities}
    return bool(one & other) and bool(names) and a.figure.kind == "quantity"


def _scoped(bound: Bound) -> frozenset[str]:
    """Qualifiers by which one of two figures can mean more than the other."""
    return frozenset(q for q in bound.qualifiers if q.startswith(("total", "whole", "per")))


def _change(bound: Bound) -> frozenset[str]:
    return bound.qualifiers & {"change", "up", "down"}


def _shared(a: Bound, b: Bound) -> frozenset[str]:
    one = frozenset(map(concept, a.terms)) | {key for key, _ in a.entities}
    other = frozenset(map(concept, b.terms)) | {key for key, _ in b.entities}
    return one & other - {concept(a.quantity), concept(b.quantity)}


def _is_copy(one: str, other: str) -> bool:
    left, right = set(stems(one)), set(stems(other))
    digits = {s for s in left ^ right if s[0].isdigit()}
    return not digits and len(left & right) >= _COPY * min(len(left), len(right))


def published(fact: Fact) -> date:
    """The day of its article; an undated one comes last."""
    return fact.source.published or date.max
