"""Why a question is not answered: the reason, its words, and the nearest sentence first."""

from __future__ import annotations

import pytest

from rag.answer import RefusalReason
from rag.answering.candidates import Candidate
from rag.answering.nearest import Explanation, explain
from rag.checking.evidence import Evidence, fit
from rag.checking.refusal import reason_text
from rag.retrieval.query import analyse
from rag.types import Passage, Source, Span

EXPORTS = "Spanish exports to Peru came to $86 million in FY2024-25."
COPPER = "Copper is what Spain buys most."
SOURCE = Source("news", "A chill in trade", None, None, None, None, "news.md")


def candidate(question: str, sentence: str, relevance: float, *, said: float = 1.0) -> Candidate:
    span = Span(0, len(sentence))
    passage = Passage("news#0", SOURCE, sentence, span, (span,))
    evidence = Evidence(sentence, "", "", SOURCE.title, None)
    return Candidate(passage, span, fit(analyse(question), evidence), relevance, said=said)


def explained(question: str, *sentences: tuple[str, float]) -> Explanation:
    candidates = [candidate(question, text, relevance) for text, relevance in sentences]
    return explain(analyse(question), candidates)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What were Spain's exports to Chile worth in FY2024-25?", "other_subject"),
        ("How much did Spain export to Peru in FY2019-20?", "other_period"),
        ("How many ships did Spain send to Peru?", "figure_not_given"),
        ("Who signed the exports of Spain to Peru?", "not_in_sources"),
    ],
)
def test_the_reason_is_what_the_nearest_sentence_lacks(
    question: str, reason: RefusalReason
) -> None:
    assert explained(question, (EXPORTS, 5.0), (COPPER, 1.0)).reason == reason


def test_nothing_near_and_no_name_in_common_is_off_topic() -> None:
    assert explained("Who painted the ceiling?", (COPPER, -9.0)).reason == "off_topic"
    assert explained("Who painted the ceiling?").reason == "off_topic"
    assert explained("Who painted the king of Spain?", (COPPER, -9.0)).reason == "not_in_sources"


def test_the_figure_of_the_other_party_comes_first_though_another_is_nearer() -> None:
    question = "What were Spain's exports to Chile worth in FY2024-25?"
    nearest = explained(question, (COPPER, 6.0), (EXPORTS, 5.0)).nearest
    assert [near.text for near in nearest] == [EXPORTS, COPPER]


def test_a_figure_that_is_much_less_relevant_than_the_nearest_words_is_no_sibling() -> None:
    question = "What were Spain's exports to Chile worth in FY2024-25?"
    assert explained(question, (COPPER, 9.0), (EXPORTS, 2.0)).reason == "figure_not_given"


@pytest.mark.parametrize(
    ("question", "nearest", "reason", "text"),
    [
        (
            "What were Spanish exports to Chile in FY2024-25?",
            EXPORTS,
            "other_subject",
            "The articles give Spanish exports to Peru for FY2024-25, but not to Chile.",
        ),
        (
            "How much does Chile sell?",
            EXPORTS,
            "other_subject",
            "The articles don't say this of Chile; the nearest words are about Spain and Peru.",
        ),
        (
            "What was it in the 1990s?",
            EXPORTS,
            "other_period",
            "The articles don't give this for the 1990s; the nearest words speak of FY2024-25.",
        ),
        (
            "What did Spain sell in 2010?",
            COPPER,
            "other_period",
            "The articles don't give this for 2010; the nearest words bear no other date.",
        ),
        (
            "When did Spain sell?",
            COPPER,
            "figure_not_given",
            "The articles touch on this but don't say when.",
        ),
        (
            "How did Chile react?",
            COPPER,
            "not_in_sources",
            "The articles don't say; the nearest words don't mention Chile.",
        ),
    ],
)
def test_the_text_says_what_is_missing_and_what_the_nearest_words_are_about(
    question: str, nearest: str, reason: RefusalReason, text: str
) -> None:
    assert reason_text(reason, analyse(question), nearest) == text


def test_what_the_nearest_words_don_t_say_is_never_told_of_them() -> None:
    text = reason_text("other_subject", analyse("What were profits in Chile?"), EXPORTS)
    assert text == (
        "The articles don't say this of Chile; the nearest words are about Spain and Peru."
    )
