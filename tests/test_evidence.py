"""What a question asks for and a sentence lacks: figure, period, subject, name or role."""

from __future__ import annotations

from dataclasses import replace
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


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How large is Spain's trade deficit with Peru?", "Trade of Spain and Peru is $2 billion."),
        ("What did Spain pay for the copper from Peru?", "Spanish exports to Peru are $2 million."),
        ("Whom did Ilham Aliyev meet on his visit to Pakistan in July?", VISIT),
        ("What did Ilham Aliyev sign in Pakistan?", VISIT),
        ("Where was Ilham Aliyev born?", VISIT),
    ],
)
def test_a_sentence_that_tells_of_another_act_or_measure_lacks_it(
    question: str, sentence: str
) -> None:
    assert "act" in gaps(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What did Spain pay for the copper from Peru?", "Spain bought copper worth $3 of Peru."),
        ("Whom did Ilham Aliyev meet in Pakistan?", "Ilham Aliyev held talks there in Pakistan."),
        ("Where was Ilham Aliyev in July?", VISIT),
    ],
)
def test_an_act_may_be_told_in_other_words(question: str, sentence: str) -> None:
    assert "act" not in gaps(question, sentence)


def test_what_the_minister_of_another_country_did_is_no_answer() -> None:
    question = "What did Spain's minister say about the copper of Peru?"
    before = "Peruvian leaders came to Spain."
    sentence = "The minister said that copper was scarce."
    assert "subject" in gaps(question, sentence, before=before)
    assert "subject" not in gaps(question.replace("Spain's", "Peru's"), sentence, before=before)


def test_a_figure_of_two_countries_never_answers_for_two_others() -> None:
    question = "What is trade between Spain and Peru worth?"
    told = "Trade between Spain and Chile is worth $2 billion, a third of that of Peru."
    assert "subject" in gaps(question, told)
    assert "subject" not in gaps(question, told.replace("Chile", "Peru"))


def test_a_part_is_not_the_total() -> None:
    sentence = "Spain's exports to Peru came to $3 million, of all its exports the least."
    assert "figure" in gaps("What are Spain's exports worth in total?", sentence)
    assert "figure" not in gaps("What are Spain's exports to Peru worth in total?", sentence)


def test_a_rank_never_says_how_many() -> None:
    assert "figure" in gaps("How many tourists from India came to Azerbaijan?", TOURISTS)


def test_a_pronoun_is_read_with_the_sentence_before() -> None:
    question = "How many ships did Peru sell before Spain did?"
    around = Evidence(
        "It sold 12 ships before Chile and Spain did.", "Peru builds ships.", "", TITLE, None
    )
    assert "subject" in fit(analyse(question), around).gaps
    leaning = replace(around, leans=True)
    assert leaning.told == "Peru builds ships. It sold 12 ships before Chile and Spain did."
    assert "subject" not in fit(analyse(question), leaning).gaps


def test_yes_or_no_is_decided_by_who_did_it_instead() -> None:
    sentence = "Spain's navy complained that the ships of Peru were slow."
    found = judged("Did Chile's navy complain that the ships of Peru were slow?", sentence)
    assert (found.gaps, "subject" in found.doubts) == (frozenset(), True)
    assert "subject" in gaps("Did Chile complain?", sentence)


def test_a_question_for_a_reason_doubts_a_sentence_without_one() -> None:
    question = "Why did Spain abolish the tax on copper?"
    assert "reason" in judged(question, "Spain abolished the tax on copper.").doubts
    assert "reason" not in judged(question, "Spain abolished the tax owing to protests.").doubts


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
