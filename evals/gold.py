"""A figure or a disagreement as a suite writes it → the gold that answers are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast, get_args

from rag.answer import ConflictKind
from rag.checking.figures import find_figures
from rag.errors import RagError


class CasesError(RagError):
    """A suite cannot be read, or does not fit the articles that are indexed."""


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """The figure that a right answer gives."""

    value: Decimal
    unit: str
    """As `rag.types.Figure.unit`; empty where only the value counts."""
    high: Decimal | None = None
    """Upper end of a range."""


@dataclass(frozen=True, slots=True)
class GoldConflict:
    """A disagreement of the articles that an answer has to show."""

    figures: tuple[str, ...]
    """As each side words it; all have to be shown."""
    kind: ConflictKind | None = None


def read_figure(value: object, where: str) -> GoldFigure:
    """The figure of `"$1.5 billion"`, or of `{"value": "1500000000", "unit": "USD"}`.

    Raises:
        CasesError: It is none; the message begins with `where`.
    """
    if isinstance(value, str):
        found = find_figures(value)
        if len(found) != 1:
            raise CasesError(
                f"{where}: 'figure' {value!r} reads as {len(found)} figures; write one, such as "
                '"$1.5 billion", or {"value": "1500000000", "unit": "USD"}'
            )
        unit = "" if found[0].kind == "count" else found[0].unit
        return GoldFigure(found[0].value, unit, found[0].high)
    fields = cast("Mapping[str, object]", value)
    if not {"value", "unit"} <= fields.keys() <= {"value", "unit", "high"}:
        raise CasesError(f"{where}: 'figure' is {value!r}; give value and unit")
    try:
        high = Decimal(str(fields["high"])) if fields.get("high") is not None else None
        figure = GoldFigure(Decimal(str(fields["value"])), str(fields["unit"]), high)
    except InvalidOperation as error:
        raise CasesError(f"{where}: 'figure' {value!r} has a value that is no number") from error
    if not figure.value.is_finite() or not (high is None or high.is_finite()):
        raise CasesError(f"{where}: 'figure' {value!r} has a value that is no number")
    return figure


def read_conflict(value: object, where: str) -> GoldConflict:
    """The disagreement of `{"figures": ["12", "19"], "kind": "update"}`.

    Raises:
        CasesError: It is none; the message begins with `where`.
    """
    fields = cast("Mapping[str, object]", value)
    figures, kind = fields.get("figures"), fields.get("kind")
    if not {"figures"} <= fields.keys() <= {"figures", "kind"} or not isinstance(figures, list):
        raise CasesError(f"{where}: 'conflict' is {value!r}; give figures, a list, and maybe kind")
    if not all(isinstance(figure, str) and figure.strip() for figure in figures):
        raise CasesError(f"{where}: 'figures' is {figures!r}; give a list of non-empty strings")
    if kind is not None and kind not in get_args(ConflictKind):
        known = ", ".join(get_args(ConflictKind))
        raise CasesError(f"{where}: unknown kind {kind!r}; known: {known}")
    return GoldConflict(tuple(figures), cast("ConflictKind | None", kind))
