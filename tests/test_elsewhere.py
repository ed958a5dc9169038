"""Figures of something or some time else than a question asks for."""

from __future__ import annotations

from datetime import date

import pytest

from rag.checking.asking.elsewhere import (
    is_of_another,
    is_of_another_rate,
    is_of_another_time,
    wanted_bounds,
)
from rag.checking.binding import Bound
from rag.checking.syntax.names import find_names
from rag.retrieval.query import analyse

PUBLISHED = date(2022, 5, 2)


def bounds(question: str, sentence: str, *, title: str = "") -> tuple[Bound, ...]:
    query = analyse(question)
    return wanted_bounds(query, sentence, before="", title=title, published=PUBLISHED)


def of_another(question: str, sentence: str) -> bool:
    found = bounds(question, sentence)
    return is_of_another(analyse(question), find_names(question), sentence, found)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is the population of Tarn?", "Upper Orvia has 4 million people."),
        ("How far is Mount Ulm from Esk?", "Mount Ulm is close to 600 miles from Harrow."),
        (
            "How much cargo arrived at the Port of Esk?",
            "Cargo at the Port of Harrow rose to 20 tonnes.",
        ),
        (
            "What share of deaths in Scotland is due to it?",
            "It causes a quarter of deaths in England.",
        ),
    ],
)
def test_a_figure_of_another_name_is_told_apart(question: str, sentence: str) -> None:
    assert of_another(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is the population of Upper Orvia?", "Upper Orvia has 4 million people."),
        ("How far is Mount Ulm from Esk?", "It is close to 600 miles from Esk."),
        ("When does the Halvick ferry start?", "The ferry Skua starts in September."),
        ("When was the Peruvian minister in Spain?", "Minister Ana Rey was in Spain in May."),
    ],
)
def test_a_figure_of_what_is_asked_is_not(question: str, sentence: str) -> None:
    assert not of_another(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence", "differs"),
    [
        ("How many cars did Korvin deliver in April?", "In March, Korvin delivered 5 cars.", True),
        ("How many cars did Korvin deliver in March?", "In March, Korvin delivered 5 cars.", False),
        ("How many cars did Korvin deliver?", "In March, Korvin delivered 5 cars.", False),
        ("How many died in the 2021 quake?", "In 2010, the quake killed 52 people.", True),
        ("How many died in the 2010 quake?", "In 2010, the quake killed 52 people.", False),
        (
            "How much did Korvin lose in the second quarter?",
            "Korvin lost $5 in the first quarter.",
            True,
        ),
        ("How many staff did Korvin have in January?", "Korvin had 78 staff as of July 31.", True),
    ],
)
def test_another_time_is_told_apart(question: str, sentence: str, *, differs: bool) -> None:
    found = bounds(question, sentence)
    assert found
    assert is_of_another_time(analyse(question), sentence, found) is differs


def test_an_inflation_rate_is_no_interest_rate() -> None:
    sentence = "The inflation rate stands at 8.6%."
    for question, differs in (
        ("What is the interest rate?", True),
        ("What is the inflation rate?", False),
    ):
        assert is_of_another_rate(analyse(question), bounds(question, sentence)) is differs


def test_only_figures_of_the_wanted_kind_are_bound() -> None:
    sentence = "Korvin paid $5 for 3 ships in 2021."
    kinds = {
        question: [b.figure.kind for b in bounds(question, sentence)]
        for question in ("How much did Korvin pay?", "How many ships?", "Who paid?")
    }
    assert kinds == {
        "How much did Korvin pay?": ["money"],
        "How many ships?": ["count"],
        "Who paid?": [],
    }
