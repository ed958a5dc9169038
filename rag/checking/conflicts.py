"""Facts of many articles → those that give one thing different values, typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.answer import ConflictKind
from rag.checking.clashes.alike import Corpus
from rag.checking.clashes.clashkind import clash_kind, published, told_apart
from rag.checking.clashes.facts import Fact, facts_of
from rag.checking.numerals.agreement import agree, unit_of
from rag.checking.syntax.concepts import concept

__all__ = ["Clash", "Fact", "clash_kind", "describe", "facts_of", "find_clashes"]

_COMPLEMENT = re.compile(r" of (?:the |all |its )?[\w’'-]+(?: [a-z][\w’'-]+(?=[.,;:]))?")
"""What a noun is of: "source" of tourists."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Facts that give one thing different values."""

    subject: str
    kind: ConflictKind
    sides: tuple[Fact, ...]
    """One a value, the earliest article first."""


def find_clashes(facts: Iterable[Fact]) -> tuple[Clash, ...]:
    """The clashes among the facts, each thing once, in the order in which they were given.

    All sides of a clash differ from each other: of a chain of pairs the likest is kept.
    """
    given = tuple(facts)
    corpus = Corpus(given)
    found = [
        (near, a, b, kind)
        for near, a, b in corpus.pairs()
        if (kind := clash_kind(a, b, related=False))
        and (told_apart(a, b) or not corpus.is_one_text(a, b))
    ]
    found.sort(key=lambda pair: -pair[0])
    kinds = {frozenset((id(a), id(b))): kind for _, a, b, kind in found}
    groups: list[tuple[ConflictKind, list[Fact]]] = []
    for _, a, b, kind in found:
        if not any(_joins(a, b, members, kinds) for _, members in groups):
            groups.append((kind, [a, b]))
    order = {id(fact): n for n, fact in enumerate(given)}
    groups.sort(key=lambda group: min(order[id(fact)] for fact in group[1]))
    return tuple(_clash(kind, members) for kind, members in groups)


def _joins(
    a: Fact, b: Fact, members: list[Fact], kinds: dict[frozenset[int], ConflictKind]
) -> bool:
    """Whether a pair belongs to a group, which it then enlarges, or repeats or chains it."""
    if all(any(_is_restated(x, member) for member in members) for x in (a, b)):
        return True
    held = [x for x in (a, b) if any(x is member for member in members)]
    if not held:
        return False
    for x in (a, b):
        fits = (frozenset((id(x), id(m))) in kinds or _is_restated(x, m) for m in members)
        if not any(x is m for m in members) and all(fits):
            members.append(x)
    return True


def _is_restated(a: Fact, b: Fact) -> bool:
    """Whether two facts are one figure told twice."""
    one, other = a.bound, b.bound
    if a is b:
        return True
    same = concept(one.quantity) == concept(other.quantity)
    return same and unit_of(one.figure) == unit_of(other.figure) and agree(one.figure, other.figure)


def _clash(kind: ConflictKind, members: list[Fact]) -> Clash:
    """One side a value: wire copies and restatements count once."""
    sides: list[Fact] = []
    for fact in sorted(members, key=published):
        if not any(agree(fact.bound.figure, side.bound.figure) for side in sides):
            sides.append(fact)
    return Clash(describe(sides), kind, tuple(sides))


def describe(sides: Sequence[Fact]) -> str:
    """What the sides measure, in the words of the one that has most words for it."""
    worded = [(words, fact) for fact in sides if (words := _measured(fact))]
    if not worded:
        return sides[0].text
    said, fact = max(worded, key=lambda pair: len(pair[0]))
    names = [key for key, _ in fact.bound.entities if key.casefold() not in said.casefold()]
    return " · ".join([said, *names])


def _measured(fact: Fact) -> str:
    """The measured noun with what it is of: "source of tourists"."""
    subject = fact.bound.figure.subject
    if subject is None:
        return ""
    complement = _COMPLEMENT.match(fact.text, subject.end)
    return subject.of(fact.text) + (complement.group() if complement else "")
