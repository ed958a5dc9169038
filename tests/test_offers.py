"""Questions offered beside a refusal: made of the nearest words, and answered when asked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from browser.standin import EXPORTS, StandIn

from rag.answer import Answer, Citation, Refusal
from rag.answering.offers import MAX_OFFERED, MAX_TRIED, answered_questions, questions_for
from rag.types import Source, Span

SOURCE = Source("a", "Title", "Outlet", None, None, None, "a.md")


def refused(*sentences: str, question: str = "What else?") -> Answer:
    nearest = tuple(
        Citation(n, SOURCE, words, Span(0, len(words))) for n, words in enumerate(sentences, 1)
    )
    return Answer(
        question, question, "extractive", "No.", refusal=Refusal("off_topic", "", nearest)
    )


class Asked:
    """Answers some questions, each with words of its own, and keeps all that it was asked."""

    def __init__(self, answered: Sequence[str] = (), *, every: bool = False) -> None:
        self.questions: list[str] = []
        self._answered = set(answered)
        self._every = every

    def __call__(self, question: str) -> Answer:
        self.questions.append(question)
        if not self._every and question not in self._answered:
            return refused(question=question)
        cited = Citation(1, SOURCE, question, Span(0, len(question)))
        return Answer(question, question, "extractive", "Yes.", citations=(cited,))


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "Indian exports to Korvin came to $86.07 million in FY2024-25.",
            "What were Indian exports to Korvin worth in FY2024-25?",
        ),
        (
            "Those exports include a deal with Armenia worth $1.5 billion.",
            "What is the deal with Armenia worth?",
        ),
        (
            "India is the third-largest buyer of Azerbaijan's oil.",
            "Where does India rank as a buyer of Azerbaijan's oil?",
        ),
        (
            "Turkey and Israel have sold arms.",
            "What do the articles say about Israel and Turkey?",
        ),
    ],
)
def test_a_sentence_gives_the_question_that_it_answers(sentence, question):
    assert question in questions_for(sentence)


def test_words_without_names_and_figures_give_no_question():
    assert questions_for("More visits would help.") == ()


def test_only_what_is_answered_is_offered():
    sentences = ("Exports to Korvin came to $3 million.", "Turkey and Israel have sold arms.")
    told = "What do the articles say about Israel and Turkey?"
    asked = Asked([told])
    assert answered_questions(refused(*sentences), asked) == (told,)
    assert len(asked.questions) > 1


def test_as_few_are_tried_and_offered_as_said():
    countries = ("Norway", "Sweden", "Denmark", "Finland", "Iceland", "Estonia", "Latvia", "Spain")
    sentences = [f"Exports to {name} came to $3 million." for name in countries]
    generous, stern = Asked(every=True), Asked()
    assert len(answered_questions(refused(*sentences), generous)) == MAX_OFFERED
    assert answered_questions(refused(*sentences), stern) == ()
    assert len(stern.questions) == MAX_TRIED


def test_what_was_asked_is_not_offered_and_no_answer_is_offered_twice():
    sentence = "Exports to Norway came to $3 million."
    question = questions_for(sentence)[0]
    assert question not in answered_questions(
        refused(sentence, question=question), Asked(every=True)
    )
    assert len(answered_questions(refused(sentence), lambda _: StandIn().ask(EXPORTS))) == 1
