"""Records and their scores → what a report shows: shares by suite, failures, curve, times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

from evals.metrics import Metric, Score, falls_short
from evals.records import Header, Record
from evals.statistics import Point, Share, area_under, percentile, risk_coverage, share_of
from evals.worded import Worded, worded_of

ALL = "all"
"""Stands for every suite, or both splits, where one is named."""


@dataclass(frozen=True, slots=True)
class Result:
    """A record with its scores."""

    record: Record
    scores: tuple[Score, ...]

    @property
    def shortfalls(self) -> tuple[Score, ...]:
        """The scores at fault."""
        return tuple(score for score in self.scores if falls_short(score))

    @property
    def failed(self) -> bool:
        """Whether a reader should look at it."""
        return self.record.error is not None or bool(self.shortfalls)

    @property
    def is_right(self) -> bool:
        """Whether the answer, as an answer, is right; to answer the unanswerable is not."""
        return all(s.value == 1.0 for s in self.scores if s.metric in {"right", "refused"})

    @property
    def key(self) -> str:
        """Suite and case: unique in a run."""
        return f"{self.record.suite}/{self.record.case.id}"


class Cell(NamedTuple):
    """Where in the table a share stands."""

    suite: str
    """A suite's name, or `all`."""
    split: str
    """`dev`, `test` or `all`."""
    metric: Metric


@dataclass(frozen=True, slots=True)
class GateResult:
    """A bound and what the run has there."""

    name: str
    """`figures.right`, or what else the gates' file calls it."""
    bound: str
    """`at least 0.98`, for a reader."""
    value: float | None
    """None when nothing could be scored."""
    passed: bool
    cases: tuple[str, ...] = ()
    """`suite/id` of the cases that are to blame when it is missed."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """An earlier run's outcome, to compare with."""

    name: str
    shares: Mapping[Cell, Share]
    failed: frozenset[str]
    """`suite/id` of its failed cases."""
    cases: frozenset[str]
    """`suite/id` of all its cases."""
    mode: str = "extractive"
    """Of its run."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a report shows."""

    header: Header
    results: tuple[Result, ...]
    shares: Mapping[Cell, Share]
    curve: tuple[Point, ...]
    """Risk against coverage over all cases."""
    aurc: float | None
    seconds: Mapping[str, float]
    """Median, p90, p95, p99 and mean time to an answer, in seconds; empty without answers."""
    gates: tuple[GateResult, ...] = ()
    baseline: Baseline | None = None
    worded: Worded | None = None
    """What the language model made of it; None for a run without one."""

    @property
    def failures(self) -> tuple[Result, ...]:
        """The results that a reader should look at, in order."""
        return tuple(result for result in self.results if result.failed)

    @property
    def suites(self) -> tuple[str, ...]:
        """Names of the suites, in order."""
        return tuple(dict.fromkeys(result.record.suite for result in self.results))

    @property
    def passed(self) -> bool:
        """Whether every gate is met and every case was asked without an error."""
        return all(g.passed for g in self.gates) and not any(r.record.error for r in self.results)


def summarise(header: Header, results: Sequence[Result]) -> Summary:
    """The run's outcome; gates and baseline are added by `evals.gates`."""
    curve = _curve(results)
    return Summary(
        header=header,
        results=tuple(results),
        shares=_shares(results),
        curve=curve,
        aurc=area_under(curve),
        seconds=_seconds(results),
        worded=None if header.mode != "llm" else worded_of([r.record for r in results]),
    )


def _shares(results: Sequence[Result]) -> dict[Cell, Share]:
    """Shares by suite and split, and over all, of every metric that is scored there."""
    values: dict[Cell, list[float | None]] = {}
    for result in results:
        for score in result.scores:
            for suite in (ALL, result.record.suite):
                for split in (ALL, result.record.case.split):
                    values.setdefault(Cell(suite, split, score.metric), []).append(score.value)
    order = {metric: n for n, metric in enumerate(get_args(Metric))}
    cells = sorted(values, key=lambda cell: (cell.suite != ALL, cell.suite, order[cell.metric]))
    return {cell: share_of(values[cell]) for cell in cells}


def _curve(results: Sequence[Result]) -> tuple[Point, ...]:
    given = [
        (answer.confidence, result.is_right)
        for result in results
        if (answer := result.record.answer) is not None
        and answer.refusal is None
        and answer.confidence is not None
    ]
    return risk_coverage(given, len(results)) if given else ()


def _seconds(results: Sequence[Result]) -> dict[str, float]:
    totals = [
        answer.seconds["total"]
        for result in results
        if (answer := result.record.answer) is not None and "total" in answer.seconds
    ]
    if not totals:
        return {}
    percents = {"median": 50, "p90": 90, "p95": 95, "p99": 99}
    at = {name: percentile(totals, percent) for name, percent in percents.items()}
    return {**at, "mean": sum(totals) / len(totals)}
