"""A claim's figure and the cited ones → the sum, difference, ratio, share or growth it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, permutations

from rag.checking.binding import Bound
from rag.checking.numerals.agreement import rounds_to, unit_of
from rag.checking.numerals.rounding import Hedge, states
from rag.checking.subjects.quantities import FALLS, RISES
from rag.checking.syntax.concepts import concept
from rag.splitting.terms import stems
from rag.types import Figure

MAX_OPERANDS = 8
"""Figures of one unit beyond which a result proves nothing: some pair of them gives any number."""
_KINDS = frozenset({"money", "count", "quantity", "duration", "percent"})
_TOTAL = re.compile(
    r"\b(?:total(?:s|l?ed|l?ing)?|together|combined|altogether|sum|in\s+all)\b", re.I
)
_AVERAGE = re.compile(r"\b(?:averag(?:e|es|ed|ing)|mean|on\s+average)\b", re.I)
_MORE = re.compile(
    r"\b(?:differ(?:s|ed|ence)?|gap|margin|(?:more|less|fewer|higher|lower|greater|larger|smaller|longer"
    r"|shorter|heavier|lighter|older|younger|cheaper|dearer)\s+(?:\w+\s+){0,3}than|outnumber\w*|exceed\w*)\b",
    re.I,
)  # "5 kg heavier than", "3,000 more visitors than"
_SHARE = re.compile(
    r"\b(?:share|proportion|of\s+(?:the|all|its|their|these|those)|of\s+them)\b", re.I
)
_TIMES = re.compile(
    r"\b(?:times|twice|double|triple|half|third|quarter|fifth|fold|as\s+\w+\s+as)\b|\w+fold\b", re.I
)
_WORD = re.compile(r"[a-z]+", re.I)


@dataclass(frozen=True, slots=True)
class Operand:
    """A cited figure that a result may come from."""

    bound: Bound
    citation: int
    words: str
    """As the source writes it."""

    @property
    def value(self) -> Decimal:
        """In the figure's unit."""
        return self.bound.figure.value


@dataclass(frozen=True, slots=True)
class Computation:
    """How a claim's figure follows from cited ones."""

    operation: str
    """`sum`, `difference`, `average`, `ratio`, `share` or `growth`."""
    operands: tuple[Operand, ...]

    @property
    def reason(self) -> str:
        """In words for a reader."""
        parts = " and ".join(f"{o.words} [{o.citation}]" for o in self.operands)
        return f"the {self.operation} of {parts}"


def compute(
    claim: str, bound: Bound, said: Hedge, operands: Sequence[Operand]
) -> Computation | None:
    """The first operation that the claim's words call for and that gives its figure, or None.

    A sum or difference has to come out exactly, or rounded as the claim says; what is divided
    may be rounded to the digits that the claim states.
    """
    figure = bound.figure
    if figure.high is not None or figure.kind not in _KINDS | {"ratio"}:
        return None
    usable = [o for o in operands if o.bound.figure.high is None and o.bound.figure.kind in _KINDS]
    for operation, wanted, exact in _called_for(claim, bound):
        groups = _groups(figure, usable, same_unit=operation in {"sum", "difference", "average"})
        for group in groups:
            if len(group) > MAX_OPERANDS or not _is_about(bound, group):
                continue
            for chosen, result in wanted(group, bound):
                if _is(figure, said, result, exact=exact):
                    return Computation(operation, chosen)
    return None


_Results = Iterator[tuple[tuple[Operand, ...], Decimal]]
_Operation = Callable[[Sequence[Operand], Bound], _Results]


def _called_for(claim: str, bound: Bound) -> Iterator[tuple[str, _Operation, bool]]:
    words = {word.lower() for word in _WORD.findall(claim)}
    changes = bool((words | {w for s in words for w in stems(s)}) & (RISES | FALLS)) or (
        "change" in bound.qualifiers
    )
    parts = bound.figure.kind in {"percent", "ratio"}
    if not parts:
        if _TOTAL.search(claim):
            yield "sum", _sums, True
        if _AVERAGE.search(claim):
            yield "average", _averages, False
        if _MORE.search(claim) or (changes and "change" in bound.qualifiers):
            yield "difference", _differences, True
        return
    if changes and bound.figure.unit == "%":
        yield "growth", _growths, False
    if bound.figure.kind == "ratio" and _TIMES.search(claim):
        yield "ratio", _ratios, False
    if _SHARE.search(claim) and "change" not in bound.qualifiers:
        yield "share", _shares, False


def _groups(
    figure: Figure, operands: Sequence[Operand], *, same_unit: bool
) -> Iterator[list[Operand]]:
    """The operands of each unit; of the figure's own where the result has it."""
    units = dict.fromkeys(_unit(o.bound.figure) for o in operands)
    for unit in units:
        if not same_unit or unit == _unit(figure):
            yield [o for o in operands if _unit(o.bound.figure) == unit]


def _unit(figure: Figure) -> str:
    return unit_of(figure)


def _is_about(bound: Bound, group: Sequence[Operand]) -> bool:
    """Whether the claim's figure shares a term with what the operands measure."""
    own = {concept(term) for term in bound.terms}
    return any(own & {concept(term) for term in o.bound.terms} for o in group)


def _is(figure: Figure, said: Hedge, result: Decimal, *, exact: bool) -> bool:
    scale = 100 if figure.kind == "ratio" else 1
    stated = figure.value * scale
    if result == stated:
        return said in {"", "about"}
    unit, kind = ("%", "percent") if scale == 100 else (figure.unit, figure.kind)
    computed = replace(figure, value=result, unit=unit, kind=kind, approximate=False)  # type: ignore[arg-type]
    if said:
        return states(figure, said, computed, "")
    return not exact and rounds_to(result, stated)


def _sums(group: Sequence[Operand], _: Bound) -> _Results:
    for size in range(2, len(group) + 1):
        if size in {2, 3, len(group)}:
            for chosen in combinations(group, size):
                yield chosen, sum((o.value for o in chosen), Decimal(0))


def _averages(group: Sequence[Operand], _: Bound) -> _Results:
    if len(group) > 1:
        yield tuple(group), sum((o.value for o in group), Decimal(0)) / len(group)


def _differences(group: Sequence[Operand], bound: Bound) -> _Results:
    for one, other in _pairs(group, bound):
        yield (one, other), abs(one.value - other.value)


def _growths(group: Sequence[Operand], bound: Bound) -> _Results:
    for first, last in _pairs(group, bound):
        if first.value > 0 and _is_one_thing(first.bound, last.bound):
            yield (first, last), abs(last.value - first.value) / first.value * 100


def _ratios(group: Sequence[Operand], _: Bound) -> _Results:
    for one, other in permutations(group, 2):
        if other.value:
            yield (one, other), one.value / other.value * 100


def _shares(group: Sequence[Operand], _: Bound) -> _Results:
    for part, whole in permutations(group, 2):
        if 0 < part.value <= whole.value:
            yield (part, whole), part.value / whole.value * 100


def _pairs(group: Sequence[Operand], bound: Bound) -> Iterator[tuple[Operand, Operand]]:
    """The earlier and the later one; of a rise the later is greater, of a fall smaller."""
    for pair in combinations(group, 2):
        first, last = sorted(pair, key=_when)
        up, down = "up" in bound.qualifiers, "down" in bound.qualifiers
        if up != down and (last.value > first.value) != up:
            continue
        yield first, last


def _when(operand: Operand) -> tuple[int, str]:
    """Sorts a start before an end, else by the period where it is known."""
    kinds = operand.bound.qualifiers
    order = -1 if "start" in kinds else 1 if "end" in kinds else 0
    return order, operand.bound.period or ""


def _is_one_thing(one: Bound, other: Bound) -> bool:
    return concept(one.quantity) == concept(other.quantity) or bool(
        {concept(t) for t in one.terms} & {concept(t) for t in other.terms}
    )
