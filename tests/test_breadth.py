"""How wide a question asks: one thing, several, a topic, two sides, or several questions in one."""

from __future__ import annotations

import pytest

from rag.retrieval.breadth import sides_of, topic_of
from rag.retrieval.query import analyse, analyse_breadth


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What do the articles say about tourism?", "tourism"),
        ("what is said about the Ister bridge", "the Ister bridge"),
        ("Tell me about drones and artillery.", "drones and artillery"),
        ("Summarise what the articles say about arms sales to Armenia.", "arms sales to Armenia"),
        ("Summarise the article on the calls to boycott Maro.", "the calls to boycott Maro"),
        ("Give me an overview of the arms trade.", "the arms trade"),
    ],
)
def test_a_question_for_everything_said_is_about_its_topic(question: str, topic: str) -> None:
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    "question",
    [
        "What does the minister say about tourism?",
        "What did the dam cost?",
        "Who wrote about tourism?",
        "What do the articles say about it?",
    ],
)
def test_other_questions_have_no_topic(question: str) -> None:
    assert topic_of(question) is None


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Compare the exports to Chile with those to Peru.", "the exports to Chile",
         "the exports to Peru"),
        ("Compare trade of Maro with Ostland and with Torvia.", "trade of Maro with Ostland",
         "trade of Maro with Torvia"),
        ("Compare the prices of the Ember and the Lark.", "the prices of the Ember",
         "the prices of the Lark"),
        ("How does the Ember compare with the Skerry?", "the Ember", "the Skerry"),
        ("What is the difference between the police's and the union's figures?",
         "the police's figures", "the union's figures"),
        ("Compare Chile's rank as a buyer with its rank as a seller.", "Chile's rank as a buyer",
         "Chile's rank as a seller"),
    ],
)  # fmt: skip
def test_the_sides_of_a_comparison_stand_alone(question: str, one: str, other: str) -> None:
    assert sides_of(question) == (one, other)


@pytest.mark.parametrize(
    ("question", "breadth"),
    [
        ("Which countries supply Maro with arms?", "several"),
        ("List the towns on the Ister.", "several"),
        ("Why was the bridge closed?", "several"),
        ("How has trade with Chile changed?", "several"),
        ("What effects has the strike had?", "several"),
        ("What was the cost of the bridge?", "one"),
        ("Which bank paid the fine?", "one"),
        ("How much is the trade worth?", "one"),
        ("How long is the Ister bridge, and who built it?", "parts"),
        ("What do the articles say about Chile?", "topic"),
    ],
)
def test_a_question_is_as_wide_as_its_words(question: str, breadth: str) -> None:
    assert analyse_breadth(analyse(question)).breadth == breadth
