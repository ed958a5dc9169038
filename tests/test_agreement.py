"""Whether two figures can be one: equal, rounded, rough, or really different."""

from __future__ import annotations

import pytest

from rag.checking.figures import find_figures
from rag.checking.numerals.agreement import agree, equal
from rag.types import Figure


def figure(text: str) -> Figure:
    (found,) = find_figures(text)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,500 million litres", "1.5 billion litres"),
        ("1.98 million passengers", "about 2 million passengers"),
        ("48,200 voters", "about 48,000 voters"),
        ("one-fifth of the houses", "20 percent of the houses"),
        ("over half of them", "52 percent of them"),
        ("10 to 15 days", "12 days"),
        ("nearly $2.2 million", "more than $2 million"),
        ("odds of 1 in 302.5 million", "odds of 1 in 302,575,350"),
    ],
)
def test_one_figure_told_in_two_ways_agrees(one: str, other: str) -> None:
    assert agree(figure(one), figure(other))
    assert agree(figure(other), figure(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13 people", "about 10 people"),
        ("12 people", "19 people"),
        ("86.07 million dollars", "87 million dollars"),
        ("61.4 percent", "58.9 percent"),
        ("over half of them", "80 percent of them"),
        ("10 to 15 days", "20 days"),
        ("more than 70 homes", "more than 50 homes"),
        ("odds of 1 in 292 million", "odds of 1 in 302 million"),
    ],
)
def test_different_figures_do_not_agree(one: str, other: str) -> None:
    assert not agree(figure(one), figure(other))
    assert not agree(figure(other), figure(one))


def test_equal_figures_have_one_value_and_one_unit() -> None:
    assert equal(figure("$1.5 billion"), figure("1,500 million dollars"))
    assert not equal(figure("$1.5 billion"), figure("€1.5 billion"))
    assert not equal(figure("about 2 million people"), figure("1.98 million people"))
