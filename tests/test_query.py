"""Questions become queries: what is wanted, of whom and when; follow-ups stand on their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import QuestionError
from rag.retrieval.query import MAX_QUESTION_CHARS, analyse, standalone, wanted_type
from rag.types import Query, Turn

WANTED = [
    ("How much is the trade between India and Azerbaijan worth?", "money"),
    ("What was the price of the deal?", "money"),
    ("What share of exports goes to Baku?", "percent"),
    ("What percentage of trade is left?", "percent"),
    ("How many visits did they pay?", "count"),
    ("What is the population of Baku?", "quantity"),
    ("Where does India rank among the buyers of oil?", "rank"),
    ("When did Aliyev visit Pakistan?", "date"),
    ("In which year did the war take place?", "date"),
    ("How long has Azerbaijan been outspoken?", "duration"),
    ("Who heads the Defence Ministry?", "person"),
    ("Where is the monument?", "place"),
    ("Which organisation leads the boycott?", "organisation"),
    ("Why did the relations deteriorate?", "reason"),
    ("What are the fields of cooperation?", "list"),
    ("Did India sell weapons to Armenia?", "yes_no"),
    ("Tell me about the monument.", "open"),
]


@pytest.mark.parametrize(("question", "wanted"), WANTED, ids=[q for q, _ in WANTED])
def test_the_type_of_answer_is_read_from_the_question(question: str, wanted: str) -> None:
    assert wanted_type(question) == wanted


def test_a_query_says_what_is_asked_of_whom_and_when() -> None:
    question = "  How much did India export\nto Azerbaijan in FY2024-25?  "
    assert analyse(question) == Query(
        text="How much did India export to Azerbaijan in FY2024-25?",
        wanted="money",
        entities=("India", "Azerbaijan"),
        terms=("export",),
        years=("2024/25",),
    )


@pytest.mark.parametrize("question", ["", "   ", "\n\t\u3000"])
def test_an_empty_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionError, match="the question is empty"):
        analyse(question)


def test_a_question_of_ten_thousand_words_is_refused_with_its_size() -> None:
    with pytest.raises(QuestionError, match=r"has 49,999 characters; ask in at most 4,000"):
        analyse("word " * 10_000)
    assert len(analyse("w" * MAX_QUESTION_CHARS).text) == MAX_QUESTION_CHARS


EXPORTS = Turn("How much did India export to Azerbaijan in FY2024-25?", "$86.07 million [1]")
VISIT = Turn("Who visited Pakistan in July?", "“President Ilham Aliyev visited Pakistan.” [1]")


@pytest.mark.parametrize(
    ("question", "turn", "full"),
    [
        ("And to Armenia?", EXPORTS, "How much did India export to Armenia in FY2024-25?"),
        ("What about Armenia?", EXPORTS, "How much did India export to Armenia in FY2024-25?"),
        ("And in 2023?", EXPORTS, "How much did India export to Azerbaijan in 2023?"),
        ("Why did he go there?", VISIT, "Why did Ilham Aliyev go there?"),
    ],
)
def test_a_follow_up_takes_what_it_lacks_from_the_turn_before(
    question: str, turn: Turn, full: str
) -> None:
    assert standalone(question, [turn]).replace("President ", "") == full


def test_a_follow_up_may_lean_on_one_that_leans_itself() -> None:
    history = [EXPORTS, Turn("And to Armenia?", "The articles don't say.")]
    assert standalone("And in 2023?", history) == "How much did India export to Armenia in 2023?"


@pytest.mark.parametrize(
    "question",
    [
        "How much did Turkey sell to Pakistan?",
        "What does the UN Committee say about Pakistan and terrorism?",
    ],
)
def test_a_question_that_stands_on_its_own_is_left_alone(question: str) -> None:
    assert standalone(question, [EXPORTS, VISIT]) == question


def test_the_first_question_has_nothing_to_lean_on() -> None:
    assert standalone("And to Armenia?", []) == "And to Armenia?"
    assert standalone("And to Armenia?", [Turn("  ")]) == "And to Armenia?"


QUESTIONS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        st.sampled_from(
            ["And ", "to India", "What about ", "he ", "its ", "in 2023", "?", "Baku", "İran"]
        ),
    ),
    max_size=8,
).map("".join)


@given(QUESTIONS, st.lists(st.builds(Turn, QUESTIONS, QUESTIONS), max_size=3))
def test_any_question_is_a_query_or_a_clear_error(question: str, history: list[Turn]) -> None:
    try:
        query = analyse(question, history)
    except QuestionError:
        return
    assert query.text.strip()
