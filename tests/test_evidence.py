"""What a question asks for and a sentence lacks: figure, period, subject, name or role."""

from __future__ import annotations

from datetime import date

import pytest

from rag.checking.evidence import Evidence, Fit, Gap, fit
from rag.retrieval.query import analyse

TITLE = "A chill in trade"
EXPORTS = "Indian exports to Azerbaijan came to $86.07 million in FY2024-25."
TOURISTS = "India is the fourth-largest source of tourists to Azerbaijan."
VISIT = "President Ilham Aliyev made his visit to Pakistan in July."


def judged(
    question: str,
    sentence: str,
    *,
    before: str = "",
    after: str = "",
    title: str = TITLE,
    published: date | None = None,
) -> Fit:
    return fit(analyse(question), Evidence(sentence, before, after, title, published))


def gaps(question: str, sentence: str, **around: str) -> frozenset[Gap]:
    return judged(question, sentence, **around).gaps


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How much did India export to Azerbaijan in FY2024-25?", EXPORTS),
        ("How much did India export to Azerbaijan in 2024/25?", EXPORTS),
        ("What were New Delhi's exports to Baku worth?", EXPORTS),
        ("Where does India rank among the sources of tourists to Azerbaijan?", TOURISTS),
        ("Who made a visit to Pakistan in July?", VISIT),
        ("When did Ilham Aliyev visit Pakistan?", VISIT),
        ("Did Ilham Aliyev visit Pakistan?", VISIT),
    ],
)
def test_a_sentence_that_answers_lacks_nothing(question: str, sentence: str) -> None:
    found = judged(question, sentence)
    assert (found.gaps, found.doubts) == (frozenset(), frozenset())
    assert found.terms > 0.5


@pytest.mark.parametrize(
    ("question", "sentence", "gap"),
    [
        ("How much did India export to Armenia in FY2024-25?", EXPORTS, "subject"),
        ("How much did Pakistan export to Azerbaijan in FY2024-25?", EXPORTS, "subject"),
        ("How much did India export to Azerbaijan in FY2019-20?", EXPORTS, "period"),
        ("How many tourists from India came to Azerbaijan?", "Indian tourists came.", "figure"),
        ("When did Ilham Aliyev visit Pakistan?", "Ilham Aliyev visited Pakistan.", "figure"),
        ("What share of Indian exports goes to Azerbaijan?", TOURISTS, "figure"),
        ("How long was the visit of Ilham Aliyev to Pakistan?", "He left Pakistan.", "figure"),
        ("Who is the ambassador of Azerbaijan in Pakistan?", VISIT, "role"),
    ],
)
def test_a_near_miss_lacks_what_was_asked_for(question: str, sentence: str, gap: Gap) -> None:
    assert gap in gaps(question, sentence)


def test_the_subject_may_stand_in_title_or_neighbour() -> None:
    question = "How much did India export to Azerbaijan in FY2024-25?"
    bare = "Exports came to $86.07 million in FY2024-25."
    assert "subject" in gaps(question, bare)
    assert gaps(question, bare, title="India and Azerbaijan: a chill in trade") == frozenset()
    assert gaps(question, bare, before="India sells little to Azerbaijan.") == frozenset()


def test_a_figure_of_another_country_never_answers_however_near_the_asked_one_stands() -> None:
    question = "How much did India export to Armenia in FY2024-25?"
    assert "subject" in gaps(question, EXPORTS, before="India also sells to Armenia.")


def test_the_year_of_publication_counts_as_the_period() -> None:
    question = "Where did India rank among the sources of tourists to Azerbaijan in 2025?"
    assert judged(question, TOURISTS, published=date(2025, 5, 20)).gaps == frozenset()
    assert judged(question, TOURISTS, published=date(2024, 5, 20)).gaps == {"period"}
    assert judged(question, TOURISTS).gaps == {"period"}


def test_a_figure_that_the_question_states_itself_is_no_answer() -> None:
    question = "How much of the $86.07 million went to Azerbaijan?"
    assert "figure" in gaps(question, "The $86.07 million went to Azerbaijan.")


def test_a_name_that_is_nowhere_is_doubted() -> None:
    found = judged("Did Jeyhun Bayramov visit Pakistan?", VISIT)
    assert "subject" in found.doubts
    assert found.absent == ("Jeyhun Bayramov",)


def test_the_share_of_terms_counts_title_and_neighbours() -> None:
    question = "Did the boycott hit tourism?"
    assert judged(question, "It did.").terms == 0
    assert judged(question, "It did.", before="Tourism fell.").terms < 1
    assert judged(question, "It hit tourism.", title="The boycott").terms == 1


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many megawatts does the Orla plant have?", "The Orla plant has 320 MW."),
        ("How much does the Orla stove weigh?", "The Orla stove weighs 2.4 kg."),
        ("How high is the damage in Orla put?", "The damage in Orla is put at 95 million euros."),
        ("What did the Orla crane cost in euros?", "The Orla crane cost 4.6 million euros."),
        ("What was the death toll of the flood in Orla?", "The flood in Orla killed 19 people."),
        ("How many of the houses in Orla were lost?", "In Orla half of the houses were lost."),
        ("Is Orla the largest seller of wool?", "Orla is the third-largest seller of wool."),
        ("Did the Orla crane cost $5 million?", "The Orla crane cost $5 million."),
    ],
)
def test_a_figure_of_what_was_asked_for_answers(question: str, sentence: str) -> None:
    found = judged(question, sentence)
    assert "figure" not in found.gaps | found.doubts


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How many megawatts does the Orla plant have?", "The Orla plant cost 320 million euros."),
        ("How tall is the Orla tower?", "The Orla tower cost 40 million euros."),
        ("What did the Orla crane cost in euros?", "The Orla crane cost 4.6 million dollars."),
        ("What did the Orla crane cost?", "The Orla crane lifts 320 tonnes."),
        ("How large is the trade deficit of Orla?", "The trade of Orla comes to $2 million."),
        ("Where did Orla rank among the makers of wool?", "Orla is the largest buyer of sea salt."),
        ("In what year did Orla sell the mill?", "Orla sold the mill in July."),
        ("In which month did Orla sell the mill?", "Orla sold the mill in 1990."),
    ],
)
def test_a_figure_of_another_thing_or_unit_is_no_answer(question: str, sentence: str) -> None:
    assert "figure" in gaps(question, sentence)


def test_a_clause_may_tell_when_where_no_date_is_asked_for() -> None:
    sentence = "Orla sold the mill once the war had ended."
    assert judged("When did Orla sell the mill?", sentence).gaps == frozenset()
    assert "figure" in gaps("In what year did Orla sell the mill?", sentence)
