"""Scores and gold labels → how well the scores tell the labels apart, with intervals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from evals.benchmarks.report import Measure, Unit
from evals.statistics import Interval, percentile

RESAMPLES = 1000


class Scored(NamedTuple):
    """One case as it enters a statistic."""

    positive: bool
    """What gold says."""
    score: float
    rival: float = 0.0
    """Another score of the same case, for a paired difference."""


Statistic = Callable[[Sequence[Scored]], float]


def auroc(cases: Sequence[Scored]) -> float:
    """How often a positive case scores above a negative one; a tie counts half.

    The area below the ROC curve as the Mann-Whitney statistic: J. A. Hanley and B. J. McNeil,
    "The Meaning and Use of the Area under a ROC Curve", Radiology, 1982.

    >>> auroc([Scored(True, 2), Scored(True, 1), Scored(False, 1), Scored(False, 0)])
    0.875
    """
    won = below = 0.0
    for positives, negatives in _levels(cases):
        won += positives * (below + negatives / 2)
        below += negatives
    n_positive = sum(case.positive for case in cases)
    return won / (n_positive * (len(cases) - n_positive))


def average_precision(cases: Sequence[Scored]) -> float:
    """The mean, over positive cases, of the precision at the score of each.

    >>> average_precision([Scored(True, 3), Scored(False, 2), Scored(True, 1)])
    0.8333333333333333
    """
    total = found = taken = 0.0
    for positives, negatives in reversed(list(_levels(cases))):
        found += positives
        taken += positives + negatives
        total += positives * found / taken
    return total / found


def auroc_lead(cases: Sequence[Scored]) -> float:
    """By how much the score's AUROC is above the rival's."""
    return auroc(cases) - auroc([Scored(case.positive, case.rival) for case in cases])


def balanced_accuracy(threshold: float) -> Statistic:
    """The mean of the shares of positive and negative cases on their side of the threshold."""

    def of(cases: Sequence[Scored]) -> float:
        sides = ([c.score >= threshold for c in cases if c.positive is p] for p in (True, False))
        above, not_below = (sum(side) / len(side) for side in sides)
        return (above + 1 - not_below) / 2

    return of


def f1(threshold: float) -> Statistic:
    """The harmonic mean of precision and recall of what is at or above the threshold."""

    def of(cases: Sequence[Scored]) -> float:
        taken = [case.positive for case in cases if case.score >= threshold]
        return 2 * sum(taken) / (len(taken) + sum(case.positive for case in cases))

    return of


def _levels(cases: Sequence[Scored]) -> Iterator[tuple[int, int]]:
    """Positive and negative cases at each score, from the least up."""
    ordered = sorted(cases, key=lambda case: case.score)
    for _, level in groupby(ordered, key=lambda case: case.score):
        golds = [case.positive for case in level]
        yield sum(golds), len(golds) - sum(golds)


@dataclass(frozen=True, slots=True)
class Resampled(Measure):
    """A number that is no mean of the cases' values, such as the area below a curve."""

    cases: tuple[Scored, ...] = ()
    statistic: Statistic = auroc

    @property
    def mean(self) -> float | None:
        """The statistic of all cases; None where they are all of one label."""
        return self.statistic(self.cases) if _has_both(self.cases) else None

    @property
    def interval(self) -> Interval | None:
        """95% percentile bootstrap over the cases; None where they are all of one label."""
        if not _has_both(self.cases):
            return None
        rng = random.Random(0)  # noqa: S311 - repeatable resampling, no secret
        draws = (rng.choices(self.cases, k=len(self.cases)) for _ in range(RESAMPLES))
        found = [self.statistic(drawn) for drawn in draws if _has_both(drawn)]
        return Interval(percentile(found, 2.5), percentile(found, 97.5))


def _has_both(cases: Sequence[Scored]) -> bool:
    return len({case.positive for case in cases}) > 1


def resampled(
    key: str, label: str, cases: Sequence[Scored], statistic: Statistic, *, points: bool = False
) -> Resampled:
    """The measure of a statistic; in points, where it is a difference."""
    values = tuple(case.score for case in cases)
    unit: Unit = "points" if points else "mean"
    return Resampled(key, label, values, unit=unit, cases=tuple(cases), statistic=statistic)
