"""Figures shown as fact: what an answer's own check misses is found by looking at what it cites."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from scripted import COST, OPENED, TRAFFIC, cite, quote, refuse, say

from evals.cases import Case
from evals.shown_figures import figure_scores, unfounded_figures, unverified_figures
from rag.answer import Answer, CheckedFigure, FigureState
from rag.types import Figure, Span

CASE = Case(id="a", question="What cost?", answers=("160,000",))


def claiming(
    words: str, cited: str = COST, state: FigureState | None = None, of: str = ""
) -> Answer:
    """An answer with one claim, and what its own check says of one figure of it."""
    answer = say((words, [cite(cited)]), mode="llm")
    if state is None:
        return answer
    figure = Figure(Decimal(1), None, "USD", "money", False, None, None, Span(0, len(of)))
    claim = replace(answer.claims[0], figures=(CheckedFigure(of, figure, state, 1),))
    return replace(answer, claims=(claim,))


@pytest.mark.parametrize(
    ("words", "cited", "found"),
    [
        ("Repairs will cost $1.5 billion. [1]", COST, ()),
        ("Repairs will cost about 1,500 million dollars. [1]", COST, ()),
        ("Repairs will cost $1.6 billion. [1]", COST, ("$1.6 billion",)),
        ("Repairs will cost $1.5 million. [1]", COST, ("$1.5 million",)),
        ("Repairs will cost €1.5 billion. [1]", COST, ("€1.5 billion",)),
        ("It opened in 1933. [1]", OPENED, ("1933",)),
        ("It carries 160,000 vehicles a day. [1]", TRAFFIC, ()),
        ("The team won 5:5. [1]", TRAFFIC, ("5", "5")),  # no figure, and a number all the same
        ("The bridge is old. [12]", OPENED, ()),  # a footnote's number is none of its figures
        ("According to Post (2025-05-20): it opened in 1932. [1]", OPENED, ()),  # of its card
    ],
)
def test_a_figure_has_to_stand_in_words_that_the_answer_cites(words, cited, found):
    assert unfounded_figures(claiming(words, cited)) == found


def test_a_figure_of_another_claims_citation_is_founded():
    answer = say(
        (f"{OPENED} [1]", [cite(OPENED)]), ("In 1932 it cost more. [2]", [cite(COST, number=2)])
    )
    assert unfounded_figures(answer) == ()


def test_a_figure_that_was_computed_is_not_looked_for():
    words = "Both together cost $3 billion. [1]"
    assert unfounded_figures(claiming(words)) == ("$3 billion",)
    assert unfounded_figures(claiming(words, COST, "computed", "$3 billion")) == ()


def test_what_the_answer_itself_calls_not_verified_is_told():
    words = "Repairs will cost $1.5 billion. [1]"
    assert unverified_figures(claiming(words, COST, "not_verified", "$1.5 billion")) == (
        "$1.5 billion",
    )
    assert unverified_figures(claiming(words, COST, "verified", "$1.5 billion")) == ()


def test_one_such_figure_is_a_fault_of_the_case_and_a_refusal_has_none():
    scores = {s.metric: s for s in figure_scores(claiming("It cost $7. [1]"), CASE)}
    assert scores["unfounded"].value == 1.0
    assert scores["unfounded"].reason == "in no cited words: $7"
    assert scores["unverified"].value == 0.0
    assert [s.value for s in figure_scores(quote(COST), CASE)] == [0.0, 0.0]
    assert list(figure_scores(refuse("off_topic"), CASE)) == []
