"""Means, intervals, percentiles and the risk–coverage curve, against sums done by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.statistics import (
    Interval,
    Point,
    Share,
    area_under,
    bootstrap_interval,
    percentile,
    risk_coverage,
    share_of,
)


def test_the_interval_brackets_the_mean_and_repeats_with_its_seed():
    values = [1.0] * 80 + [0.0] * 20
    low, high = bootstrap_interval(values)
    # The normal approximation, 0.8 +- 1.96 * sqrt(0.8 * 0.2 / 100), gives 0.722 and 0.878.
    assert (low, high) == (pytest.approx(0.722, abs=0.02), pytest.approx(0.878, abs=0.02))
    assert bootstrap_interval(values) == (low, high)
    assert bootstrap_interval(values, seed=1) != (low, high)


def test_values_that_are_all_alike_leave_nothing_open():
    assert bootstrap_interval([1.0, 1.0, 1.0]) == (1.0, 1.0)
    assert bootstrap_interval([0.25]) == (0.25, 0.25)


def test_no_values_have_no_interval():
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval([])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_an_interval_stays_between_the_values(values):
    low, high = bootstrap_interval(values, n=50)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_a_percentile_is_one_of_the_values():
    assert [percentile(range(20, 0, -1), percent) for percent in (0, 50, 95, 96)] == [1, 10, 19, 20]
    assert percentile([7.0], 99) == 7.0
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


def test_what_could_not_be_scored_is_counted_and_in_no_mean():
    assert share_of([1.0, None, 0.0, None]) == Share(
        n=2, unscored=2, mean=0.5, interval=Interval(0.0, 1.0)
    )
    assert share_of([1.0, None]) == Share(1, 1, 1.0, Interval(1.0, 1.0))
    assert share_of([None]) == Share(0, 1, None, None)
    assert share_of([]) == Share(0, 0, None, None)


def test_the_curve_gives_the_risk_at_each_coverage():
    # Five questions, one refused: at 0.9 one right answer; at 0.7 two more, one of them wrong.
    answers = [(0.7, True), (0.9, True), (0.2, False), (0.7, False)]
    curve = risk_coverage(answers, 5)
    assert curve == (Point(0.2, 0.0), Point(0.6, 1 / 3), Point(0.8, 0.5))
    # Two more fifths at a risk of 1/3 and one at 1/2, over the four fifths that are reached.
    assert area_under(curve) == pytest.approx((0.4 / 3 + 0.2 / 2) / 0.8)


def test_answers_of_one_confidence_are_given_or_refused_together():
    assert risk_coverage([(0.5, False), (0.5, True)], 2) == (Point(1.0, 0.5),)


def test_errors_at_low_confidence_cost_less_area_than_errors_at_high_confidence():
    late = area_under(risk_coverage([(0.9, True), (0.5, True), (0.1, False)], 3))
    early = area_under(risk_coverage([(0.9, False), (0.5, True), (0.1, True)], 3))
    # Hand: (0 + 0 + 1/3) / 3 against (1 + 1/2 + 1/3) / 3.
    assert (late, early) == (pytest.approx(1 / 9), pytest.approx(11 / 18))


def test_without_an_answer_there_is_no_curve_and_no_area():
    assert risk_coverage([], 3) == ()
    assert area_under(()) is None
