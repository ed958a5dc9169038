"""Cited figures of one unit → the sums, differences, ratios, shares and growths of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations

from rag.checking.binding import Bound
from rag.checking.claims.compared import Side
from rag.checking.syntax.concepts import concept

_BEFORE = re.compile(
    r"\b(?:after|from|against|compared\s+(?:with|to)|earlier|had\s+(?:been|cost|stood)[\w\s]{0,12})"
    r"[\s\w]{0,6}$",
    re.I,
)  # "84, after 61"


@dataclass(frozen=True, slots=True)
class Operand:
    """A cited figure that a result may come from."""

    bound: Bound
    citation: int
    words: str
    """As the source writes it."""
    sentence: str = ""
    """The cited sentence that it stands in."""

    @property
    def value(self) -> Decimal:
        """In the figure's unit."""
        return self.bound.figure.value

    @property
    def side(self) -> Side:
        """Its place, to be compared with another's."""
        return Side(self.sentence, self.bound.figure.span)


Results = Iterator[tuple[tuple[Operand, ...], Decimal]]
Operation = Callable[[Sequence[Operand], Bound], Results]


def sums(group: Sequence[Operand], _: Bound) -> Results:
    """Of two, of three, and of all."""
    for size in range(2, len(group) + 1):
        if size in {2, 3, len(group)}:
            for chosen in combinations(group, size):
                yield chosen, sum((o.value for o in chosen), Decimal(0))


def averages(group: Sequence[Operand], _: Bound) -> Results:
    """Of all."""
    if len(group) > 1:
        yield tuple(group), sum((o.value for o in group), Decimal(0)) / len(group)


def differences(group: Sequence[Operand], bound: Bound) -> Results:
    """Of each two, the earlier one first."""
    for one, other in _pairs(group, bound):
        yield (one, other), abs(one.value - other.value)


def gaps(group: Sequence[Operand]) -> Results:
    """Of each two, whatever the order."""
    for one, other in combinations(group, 2):
        yield (one, other), abs(one.value - other.value)


def growths(group: Sequence[Operand], bound: Bound) -> Results:
    """In percent of the earlier one."""
    for first, last in _pairs(group, bound):
        if first.value > 0 and _is_one_thing(first.bound, last.bound):
            yield (first, last), abs(last.value - first.value) / first.value * 100


def ratios(group: Sequence[Operand], _: Bound) -> Results:
    """Of each two, in percent."""
    for one, other in permutations(group, 2):
        if other.value:
            yield (one, other), one.value / other.value * 100


def shares(group: Sequence[Operand], _: Bound) -> Results:
    """Of the lesser in the greater one, in percent."""
    for part, whole in permutations(group, 2):
        if 0 < part.value <= whole.value:
            yield (part, whole), part.value / whole.value * 100


def _pairs(group: Sequence[Operand], bound: Bound) -> Iterator[tuple[Operand, Operand]]:
    """The earlier and the later one; of a rise the later is greater, of a fall smaller."""
    changes = {"up", "down"} & bound.qualifiers
    for pair in combinations(group, 2):
        first, last = sorted(pair, key=_when)
        if changes and _when(first) == _when(last):
            continue
        up, down = "up" in bound.qualifiers, "down" in bound.qualifiers
        if up != down and (last.value > first.value) != up:
            continue
        yield first, last


def _when(operand: Operand) -> tuple[int, str]:
    """Sorts a start before an end, else by the period where it is known."""
    kinds = operand.bound.qualifiers
    order = -1 if "start" in kinds else 1 if "end" in kinds else 0
    if "planned" in kinds and operand.bound.period is None:
        order = -1
    if not order and _BEFORE.search(operand.sentence[: operand.bound.figure.span.start]):
        order = -1
    return order, operand.bound.period or ""


def _is_one_thing(one: Bound, other: Bound) -> bool:
    return concept(one.quantity) == concept(other.quantity) or bool(
        {concept(t) for t in one.terms} & {concept(t) for t in other.terms}
    )
