"""A claim's figure and the cited ones → the sum, difference, ratio, share or growth it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.checking.binding import Bound
from rag.checking.claims.compared import is_difference, is_turned
from rag.checking.claims.operations import (
    Operand,
    Operation,
    averages,
    differences,
    gaps,
    growths,
    ratios,
    shares,
    sums,
)
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
_POINTS = "pp"


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
    claim: str, bound: Bound, said: Hedge, operands: Sequence[Operand], *, placed: bool = False
) -> Computation | None:
    """The first operation that the claim's words call for and that gives its figure, or None.

    A sum or difference has to come out exactly, or rounded as the claim says; what is divided
    may be rounded to the digits that the claim states.

    Args:
        claim: The sentence.
        bound: Its figure.
        said: How rough it is said to be.
        operands: The cited figures.
        placed: Whether the claim's words put it in a cited one's place: only words that leave no
            doubt call for a result then.
    """
    figure = bound.figure
    if figure.high is not None or figure.kind not in _KINDS | {"ratio"}:
        return None
    usable = [o for o in operands if o.bound.figure.high is None and o.bound.figure.kind in _KINDS]
    texts = " ".join(dict.fromkeys(o.sentence for o in operands))
    for operation, wanted, exact in _called_for(claim, bound):
        if placed and not _is_explicit(operation, claim, figure, texts):
            continue
        groups = _groups(figure, usable, same_unit=operation in {"sum", "difference", "average"})
        for group in groups:
            gap = operation == "difference" and is_difference(claim, figure.span)
            terms = frozenset(stems(claim)) if gap else bound.terms
            if len(group) > MAX_OPERANDS or not _is_about(terms, group):
                continue
            for chosen, result in gaps(group) if gap else wanted(group, bound):
                if _is(figure, said, result, exact=exact) and not _is_turned(
                    claim, figure, operation, chosen
                ):
                    return Computation(operation, chosen)
    return None


def _is_explicit(operation: str, claim: str, figure: Figure, cited: str) -> bool:
    """Whether words right by the figure, or of the claim alone, call for the operation."""
    if operation == "difference":
        return is_difference(claim, figure.span) != ""
    calls = {"sum": _TOTAL, "average": _AVERAGE, "ratio": _TIMES}.get(operation)
    return calls is not None and bool(calls.search(claim)) and not calls.search(cited)


def _is_turned(claim: str, figure: Figure, operation: str, chosen: tuple[Operand, ...]) -> bool:
    """Whether the claim has the greater one where the smaller is, or sets the wrong one first."""
    if operation == "ratio":
        return is_turned(claim, figure.span, chosen[0].side, chosen[1].side)
    said = is_difference(claim, figure.span)
    if operation != "difference" or not said:
        return False
    small, great = sorted(chosen, key=lambda operand: operand.value)
    subject, other = (great, small) if said == "more" else (small, great)
    return is_turned(claim, figure.span, subject.side, other.side)


def _called_for(claim: str, bound: Bound) -> Iterator[tuple[str, Operation, bool]]:
    words = {word.lower() for word in _WORD.findall(claim)}
    changes = bool((words | {w for s in words for w in stems(s)}) & (RISES | FALLS)) or (
        "change" in bound.qualifiers
    )
    if bound.figure.unit == _POINTS:
        if _MORE.search(claim) or changes:
            yield "difference", differences, True
    elif bound.figure.kind in {"percent", "ratio"}:
        yield from _parts_called_for(claim, bound, changes=changes)
    else:
        if _TOTAL.search(claim):
            yield "sum", sums, True
        if _AVERAGE.search(claim):
            yield "average", averages, False
        if _MORE.search(claim) or (changes and "change" in bound.qualifiers):
            yield "difference", differences, True


def _parts_called_for(
    claim: str, bound: Bound, *, changes: bool
) -> Iterator[tuple[str, Operation, bool]]:
    if changes and bound.figure.unit == "%":
        yield "growth", growths, False
    if bound.figure.kind == "ratio" and _TIMES.search(claim):
        yield "ratio", ratios, False
    if _SHARE.search(claim) and "change" not in bound.qualifiers:
        yield "share", shares, False


def _groups(
    figure: Figure, operands: Sequence[Operand], *, same_unit: bool
) -> Iterator[list[Operand]]:
    """The operands of each unit; of the figure's own where the result has it."""
    units = dict.fromkeys(_unit(o.bound.figure) for o in operands)
    for unit in units:
        if not same_unit or unit == _unit(figure):
            yield [o for o in operands if _unit(o.bound.figure) == unit]


def _unit(figure: Figure) -> str:
    return "%" if figure.unit == _POINTS else unit_of(figure)


def _is_about(terms: frozenset[str], group: Sequence[Operand]) -> bool:
    """Whether the claim's figure shares a term with what the operands measure."""
    own = {concept(term) for term in terms}
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
