"""Facts of a corpus → pairs whose telling words are nearly all the same, without comparing all."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.checking.clashes.facts import Fact
from rag.checking.clashes.onething import is_value
from rag.checking.clashes.onetime import share_name
from rag.checking.clashes.scopes import PLACES, is_of_part, is_of_whole_place, without_scope
from rag.checking.numerals.agreement import unit_of
from rag.checking.syntax.concepts import concept
from rag.splitting.terms import stems

View = Literal["same", "place", "part", "with"]
"""How two facts are put side by side: as told, or without what says of which place or part."""

MIN_ALIKE = 0.6
"""Least share of the telling words in common, weighed by how rare they are: RealTime QA, dev."""
MIN_NAMED = 0.5
"""The same where both name the same: a person, a firm, a place other than a country."""
MIN_IN_ARTICLE = 0.4
"""The same for two speakers of one article, who need not name the subject again."""
MIN_WITHIN = 0.9
"""Least share of the terser fact's words where places or parts differ."""
MIN_TELLING = 1.0
"""Least surprise (natural log) of the words in common, beyond that of finding a fact by chance."""
_BACKGROUND = 50
"""Figures of other matters to think of beside a corpus's own: of two articles, too, it can then be
told which words are rare. Chosen, not measured."""
NEIGHBOURS = 12
"""Facts of a block that each is compared with, the nearest in time: keeps the work linear."""
_WEAK = frozenset(
    stems(
        """measure total come stand amount reach remain report include become make get take see say
        tell accord go week month year day time period today quarter last next previous number
        other same first second recent current well way figure show find announce
        monday tuesday wednesday thursday friday saturday sunday morning night evening afternoon
        tonight new additional more average half whole"""
    )
)
"""Words that tell no subject from another."""
DIMENSIONS = {
    stem: name
    for name, words in (
        ("length", "long length"), ("height", "high height tall"), ("width", "wide width broad"),
        ("depth", "deep depth"), ("weight", "weigh weight heavy"),
    )
    for stem in stems(words)
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """What is compared of a fact in a view."""

    fact: int
    view: View
    about: frozenset[str]
    quantity: str
    unit: str


class Corpus:
    """Facts, and how telling their words are."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._facts = tuple(facts)
        values = [n for n, fact in enumerate(facts) if is_value(fact)]
        self._told = [told for n in values for told in _views(n, facts[n])]
        plain = [told for told in self._told if told.view == "same"]
        counts = Counter(term for told in self._told for term in told.about)
        self._all = math.log(len(plain) + _BACKGROUND)
        self._weights = {t: max(self._all - math.log(n), 0.0) for t, n in counts.items()}
        self._context = _contexts(facts)
        self._texts: dict[str, set[str]] = defaultdict(set)
        for fact in facts:
            self._texts[fact.source.article_id].add(fact.text)

    def is_one_text(self, a: Fact, b: Fact) -> bool:
        """Whether both stand in one article: in the same one, or in one of which one is a copy."""
        one, other = a.source.article_id, b.source.article_id
        return one == other or a.text in self._texts[other] or b.text in self._texts[one]

    def pairs(self) -> Iterator[tuple[float, Fact, Fact]]:
        """Pairs that may be of one thing, once each, with how alike they are."""
        blocks: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for n, told in enumerate(self._told):
            for term in self._telling(told):
                blocks[told.view, told.unit, term].append(n)
        seen: set[tuple[int, int]] = set()
        for members in blocks.values():
            members.sort(key=self._day)
            for k, one in enumerate(members):
                for other in members[k + 1 : k + 1 + NEIGHBOURS]:
                    pair = (min(one, other), max(one, other))
                    if pair in seen:
                        continue
                    seen.add(pair)
                    near = self._alike(self._told[pair[0]], self._told[pair[1]])
                    if near:
                        a, b = (self._facts[self._told[m].fact] for m in pair)
                        yield near, a, b

    def _day(self, n: int) -> tuple[int, int]:
        published = self._facts[self._told[n].fact].source.published
        return (published.toordinal() if published else 0), n

    def _telling(self, told: _Told) -> list[str]:
        """The rarest words, one of which two facts that are alike must have in common."""
        ordered = sorted(told.about, key=lambda term: (-self._weights[term], term))
        left = total = self._weight(told.about)
        prefix = []
        for term in ordered:
            if told.view == "same" and left < MIN_IN_ARTICLE * total:
                break
            prefix.append(term)
            left -= self._weights[term]
        return prefix

    def _weight(self, terms: Iterable[str]) -> float:
        return sum(self._weights[term] for term in terms)

    def _alike(self, a: _Told, b: _Told) -> float:
        """From 0 to 1; 0 where it is not enough."""
        one, other = self._facts[a.fact], self._facts[b.fact]
        shared = self._weight(a.about & b.about)
        if shared < self._all + MIN_TELLING:
            return 0.0
        if a.view != "same":
            near = shared / (min(self._weight(a.about), self._weight(b.about)) or 1)
            return near if near >= MIN_WITHIN else 0.0
        near = shared / self._weight(a.about | b.about)
        least = MIN_NAMED if share_name(one, other) else MIN_ALIKE
        if one.source.article_id == other.source.article_id:
            least = MIN_IN_ARTICLE
        same = a.quantity == b.quantity or (a.quantity in b.about and b.quantity in a.about)
        return near if same and near >= least and self._same_names(one, other) else 0.0

    def _same_names(self, a: Fact, b: Fact) -> bool:
        """Whether the article of each names what the other one names."""
        return all(
            set(stems(name)) - PLACES & self._context[y.source.article_id]
            for x, y in ((a, b), (b, a))
            for name, _ in x.bound.entities
        )


def _contexts(facts: Iterable[Fact]) -> dict[str, set[str]]:
    """By article, what it is about as far as its figures and title tell."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        article = fact.source.article_id
        if article not in found:
            found[article] = set(stems(fact.source.title))
        found[article] |= fact.bound.terms
        found[article].update(stem for name, _ in fact.bound.entities for stem in stems(name))
    return found


def _views(n: int, fact: Fact) -> Iterator[_Told]:
    bound = fact.bound
    kind = "percent" if bound.figure.kind == "ratio" else bound.figure.kind
    unit = f"{kind} {unit_of(bound.figure)}"
    about = frozenset(map(concept, bound.terms)) - _WEAK
    quantity = concept(bound.quantity)
    size = next((DIMENSIONS[t] for t in sorted(bound.terms) if t in DIMENSIONS), None)
    if size and bound.figure.kind == "quantity":
        about, quantity = about - set(DIMENSIONS) | {size}, size
    yield _Told(n, "same", about, quantity, unit)
    if is_of_part(fact):
        yield _Told(n, "part", about, quantity, unit)
    if is_of_whole_place(fact):
        names = {stem for name, _ in bound.entities for stem in stems(name)}
        yield _Told(n, "place", about - names - PLACES, quantity, unit)
    said = without_scope(fact)
    if said is not None:
        yield _Told(n, "with", frozenset(map(concept, stems(said))) - _WEAK, quantity, unit)
