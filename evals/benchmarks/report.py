"""Values of every question → measures with bootstrap intervals, as a table or as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from evals.statistics import Interval, Point, bootstrap_interval, percentile
from rag.answer import Answer

Unit = Literal["share", "points", "mean"]

SMALL = 10
"""Numbers from here on are printed without decimals."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a benchmark, as the values that it is the mean of."""

    key: str
    """Its name in JSON."""
    label: str
    """Its name for a reader."""
    values: tuple[float, ...]
    """One a question."""
    unit: Unit = "share"
    bar: float | None = None
    """Least mean that was set as the goal, if any."""

    @property
    def mean(self) -> float | None:
        """The mean; None without questions."""
        return math.fsum(self.values) / len(self.values) if self.values else None

    @property
    def interval(self) -> Interval | None:
        """95% percentile bootstrap of the mean over the questions; None without any."""
        return bootstrap_interval(self.values) if self.values else None

    @property
    def meets_bar(self) -> bool | None:
        """Whether the mean reaches the bar; None without one."""
        if self.bar is None or self.mean is None:
            return None
        return self.mean >= self.bar


@dataclass(frozen=True, slots=True)
class Report:
    """What a benchmark found."""

    name: str
    half: str
    measures: tuple[Measure, ...]
    facts: Mapping[str, float | int | str]
    """What else a reader should know: sizes, times."""
    cases: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    """Every question with what came of it, as JSON values."""
    curves: Mapping[str, tuple[Point, ...]] = field(default_factory=dict, repr=False)
    """Risk against coverage, by what is asked."""


def difference(key: str, label: str, left: Measure, right: Measure) -> Measure:
    """Left minus right, paired by question."""
    values = tuple(a - b for a, b in zip(left.values, right.values, strict=True))
    return Measure(key, label, values, unit="points")


def median_seconds(answers: Sequence[Answer]) -> dict[str, float]:
    """What `ask` took in the median, by stage."""
    stages = dict.fromkeys(stage for answer in answers for stage in answer.seconds)
    return {
        f"median seconds of ask, {stage}": percentile((a.seconds[stage] for a in answers), 50)
        for stage in stages
    }


def as_dict(report: Report) -> dict[str, Any]:
    """The report as JSON values."""
    return {
        "benchmark": report.name,
        "half": report.half,
        "facts": dict(report.facts),
        "measures": {
            measure.key: {
                "label": measure.label,
                "unit": measure.unit,
                "n": len(measure.values),
                "mean": measure.mean,
                "interval": measure.interval,
                "bar": measure.bar,
                "meets_bar": measure.meets_bar,
            }
            for measure in report.measures
        },
        "curves": {
            name: [point._asdict() for point in curve] for name, curve in report.curves.items()
        },
        "cases": list(report.cases),
    }


def as_lines(report: Report) -> Iterator[str]:
    """The report as a table."""
    yield f"{report.name}, half: {report.half}"
    yield from (f"  {name}: {_fact(value)}" for name, value in report.facts.items())
    yield ""
    width = max((len(measure.label) for measure in report.measures), default=0)
    yield from (_line(measure, width) for measure in report.measures)
    for name, curve in report.curves.items():
        if curve:
            yield ""
            yield f"risk at coverage, {name}: {_along(curve)}"


def _along(curve: Sequence[Point]) -> str:
    """The curve at every tenth of coverage that it reaches, and at its end."""
    tenths = [next((p for p in curve if p.coverage >= n / 10), None) for n in range(1, 11)]
    shown = dict.fromkeys([*(point for point in tenths if point), curve[-1]])
    return ", ".join(f"{point.risk:.1%} at {point.coverage:.1%}" for point in shown)


def _line(measure: Measure, width: int) -> str:
    mean, interval = measure.mean, measure.interval
    if mean is None or interval is None:
        return f"{measure.label:{width}}       -  (no questions)"
    low, high = (_number(value, measure.unit) for value in interval)
    line = f"{measure.label:{width}}  {_number(mean, measure.unit):>7}  [{low}, {high}]"
    line += f"  n={len(measure.values)}"
    match measure.meets_bar:
        case None:
            return line
        case met:
            return f"{line}  bar {measure.bar:.2f}: {'met' if met else 'MISSED'}"


def _number(value: float, unit: Unit) -> str:
    match unit:
        case "share":
            return f"{value:.1%}"
        case "points":
            return f"{100 * value:+.1f}"
        case "mean":
            return f"{value:.3f}" if abs(value) < SMALL else f"{value:.0f}"


def _fact(value: float | int | str) -> str:
    match value:
        case int():
            return f"{value:,}"
        case float():
            return f"{value:.3f}" if value < SMALL else f"{value:,.0f}"
        case str():
            return value


def share_of(key: str, label: str, values: Sequence[bool], *, bar: float | None = None) -> Measure:
    """The share of questions that it is true of."""
    return Measure(key, label, tuple(float(value) for value in values), bar=bar)
