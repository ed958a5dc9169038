"""Where articles disagree on what is asked: in whatever words, and in no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from fakes import make_article

from rag.answering.candidates import Candidate
from rag.answering.disagreement import find_disagreements
from rag.checking.evidence import Fit
from rag.retrieval.query import analyse
from rag.splitting.passages import split_passages

FERRY = (
    "The ferry Skua cost €42 million, the harbour office said.",
    "The ferry Skua cost €57 million, according to the committee's minutes.",
)
LENGTH = (
    "The Skua is 118 metres long and can carry 600 passengers.",
    "The Skua measures 124 metres in length and takes 600 passengers.",
)
START = (
    "The ferry Skua enters service in September, the harbour master told the Gazette.",
    "The ferry Skua therefore enters service in November, Solheim said.",
)
DAMAGE = (
    "Damage from the flood in the whole Orla valley is put at £95 million, the insurers said.",
    "Damage from the flood in the town of Brenmoor is put at £40 million, Osgarth said.",
)
TOLL = (
    "In the province of Ister as a whole, 48 percent are in favour of the bridge toll, it says.",
    "In the city of Torvane, 62 percent are in favour of the bridge toll, a poll has found.",
)


def read(*texts: str) -> list[Candidate]:
    """A sentence an outlet, all of one day."""
    found = []
    for n, text in enumerate(texts):
        article = make_article(f"{n}.md", [text], title="", outlet=f"Outlet {n}")
        source = replace(article.source, published=date(2025, 5, 12))
        (passage,) = split_passages(replace(article, source=source))
        found.append(Candidate(passage, passage.sentences[0], Fit(frozenset(), frozenset(), 1), 5))
    return found


def shown(question: str, texts: tuple[str, ...]) -> list[set[str]]:
    candidates = read(*texts)
    found = find_disagreements(analyse(question), candidates[:1], candidates)
    return [{words for _, words in one.sides} for one in found]


@pytest.mark.parametrize(
    ("question", "texts", "sides"),
    [
        ("What did the ferry Skua cost?", FERRY, {"€42 million", "€57 million"}),
        ("How much was paid for the Skua?", FERRY, {"€42 million", "€57 million"}),
        ("How long is the ferry Skua?", LENGTH, {"118 metres", "124 metres"}),
        ("When will the Skua start sailing?", START, {"September", "November"}),
        ("How high is the damage from the flood put?", DAMAGE, {"£95 million", "£40 million"}),
        ("How much support does the bridge toll have?", TOLL, {"48 percent", "62 percent"}),
        ("How many people are in favour of the bridge toll?", TOLL, {"48 percent", "62 percent"}),
    ],
)
def test_sides_are_shown_in_whatever_words_it_is_asked(
    question: str, texts: tuple[str, ...], sides: set[str]
) -> None:
    assert shown(question, texts) == [sides]


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("Where is the ferry Skua moored?", FERRY),  # no figure is asked for
        ("Which ferry serves Halvick?", FERRY),
        ("Who ordered the ferry Skua?", FERRY),
        ("When was the ferry Skua ordered?", FERRY),  # nor this kind of one
        ("How many passengers does the Skua take?", LENGTH),  # on these both agree
        (
            "How many crew sail on the Skua?",
            ("The Skua takes 600 passengers and 40 cars.", *LENGTH),
        ),
    ],
)
def test_a_figure_that_is_not_asked_for_is_no_disagreement(
    question: str, texts: tuple[str, ...]
) -> None:
    assert shown(question, texts) == []


def test_figures_that_agree_are_no_sides() -> None:
    assert shown("What did the Skua cost?", (FERRY[0], "The ferry Skua cost €42m.")) == []


def test_what_is_said_of_a_topic_is_compared_among_the_sentences_shown() -> None:
    query = analyse("What do the articles say about shipping?")
    candidates = read(*FERRY, LENGTH[0])
    found = find_disagreements(query, candidates, candidates)
    assert [{words for _, words in one.sides} for one in found] == [{"€42 million", "€57 million"}]
    assert not find_disagreements(query, [candidates[0], candidates[2]], candidates)
