"""Scores of single cases → means with intervals, percentiles, and the risk–coverage curve."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Interval(NamedTuple):
    """A confidence interval of a mean, both ends in the values' unit."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """The mean of one metric over the cases it could be scored on."""

    n: int
    """Scored cases."""
    unscored: int
    """Cases that the metric is for, but that could not be scored; they are in no mean."""
    mean: float | None
    """None when no case was scored."""
    interval: Interval | None
    """95% percentile bootstrap; None when no case was scored."""


class Point(NamedTuple):
    """One place on the risk–coverage curve."""

    coverage: float
    """Share of all questions that are answered at this confidence or above."""
    risk: float
    """Share of those answers that are wrong."""


def share_of(values: Iterable[float | None]) -> Share:
    """The mean of the values that are not None, with its interval.

    >>> share_of([1.0, 1.0, None]).mean, share_of([1.0, 1.0, None]).unscored
    (1.0, 1)
    """
    every = list(values)
    scored = [value for value in every if value is not None]
    if not scored:
        return Share(0, len(every), None, None)
    mean = math.fsum(scored) / len(scored)
    return Share(len(scored), len(every) - len(scored), mean, bootstrap_interval(scored))


def bootstrap_interval(values: Sequence[float], seed: int = 0, n: int = 2000) -> Interval:
    """The 95% percentile bootstrap interval of the mean.

    B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics, 1979:
    `n` resamples with replacement, each as large as the sample; the interval runs between the
    2.5% and 97.5% points of their means.

    Raises:
        ValueError: No values.
    """
    if not values:
        raise ValueError("no values to take an interval of; leave unscored cases without one")
    if min(values) == max(values):
        return Interval(values[0], values[0])
    rng = random.Random(seed)  # noqa: S311 - repeatable resampling, no secret
    size = len(values)
    means = sorted(math.fsum(rng.choices(values, k=size)) / size for _ in range(n))
    return Interval(percentile(means, 2.5), percentile(means, 97.5))


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value with at least `percent` (0 to 100) of the values at or below it.

    >>> percentile([3, 1, 2, 4], 50)
    2

    Raises:
        ValueError: No values.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values to take a percentile of")
    return ordered[max(math.ceil(percent / 100 * len(ordered)) - 1, 0)]


def risk_coverage(answers: Iterable[tuple[float, bool]], n_questions: int) -> tuple[Point, ...]:
    """The risk–coverage curve of a system that may refuse.

    R. El-Yaniv and Y. Wiener, "On the Foundations of Noise-free Selective Classification", JMLR
    2010: at each confidence, the share of questions answered and the share of errors among them.

    Args:
        answers: Confidence and rightness of each answer given; refusals are left out.
        n_questions: All questions asked, refused ones among them.
    """
    ordered = sorted(answers, key=lambda answer: -answer[0])
    points: list[Point] = []
    wrong = 0
    for n, (confidence, right) in enumerate(ordered, start=1):
        wrong += not right
        # Answers of one confidence are given or refused together.
        if n == len(ordered) or ordered[n][0] != confidence:
            points.append(Point(n / n_questions, wrong / n))
    return tuple(points)


def area_under(curve: Sequence[Point]) -> float | None:
    """AURC: the curve's mean risk over the coverage that it reaches; None for an empty curve.

    Y. Geifman, G. Uziel and R. El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural
    Classifiers", ICLR 2019. Refused questions have no answer whose risk could count, so the mean
    ends at the coverage reached.

    >>> area_under([Point(0.5, 0.0), Point(1.0, 0.5)])
    0.25
    """
    if not curve:
        return None
    before = 0.0
    area = 0.0
    for point in curve:
        area += (point.coverage - before) * point.risk
        before = point.coverage
    return area / before
