"""Which sentences answer a wide question together: relevant, new to each other, by date."""

from __future__ import annotations

from datetime import date

from rag.answering.candidates import Candidate
from rag.answering.extract import repeats
from rag.answering.selection import announced, by_date, further, on_topic, select
from rag.checking.evidence import Fit
from rag.retrieval.query import analyse
from rag.types import Passage, Source, Span

DRONES = "Maro received advanced drones from Torvia."
DRONES_AGAIN = "Advanced drones were received by Maro from Torvia."
TENTS = "Ostland sent tents and blankets to the valley."


def candidate(  # noqa: PLR0913 - each test names the one or two that matter
    text: str,
    relevance: float = 1.0,
    *,
    article: str = "a",
    published: date | None = None,
    confidence: float = 0.9,
    start: int = 0,
    behind: str = "",
) -> Candidate:
    source = Source(article, article, None, None, published, None, f"{article}.md")
    whole = f"{text} {behind}".strip()
    first = Span(start, start + len(text))
    spans = (first, Span(first.end + 1, start + len(whole))) if behind else (first,)
    passage = Passage(f"{article}#0", source, whole, Span(start, start + len(whole)), spans)
    fit = Fit(frozenset(), frozenset(), 1.0)
    return Candidate(passage, first, fit, relevance, order=relevance, confidence=confidence)


def texts(chosen: tuple[Candidate, ...]) -> list[str]:
    return [c.text for c in chosen]


def test_a_restatement_is_left_out_and_something_new_is_not() -> None:
    found = [
        candidate(DRONES, 3.0),
        candidate(DRONES_AGAIN, 2.9, article="b"),
        candidate(TENTS, 1.0, article="c"),
    ]
    assert texts(select(found, [], repeats)) == [DRONES, TENTS]


def test_no_more_than_the_bound_are_chosen() -> None:
    found = [candidate(f"The {word} burned.", article=word) for word in ("mill", "barn", "inn")]
    assert len(select(found, [], repeats, most=2)) == 2


def test_what_the_question_asks_for_and_is_lacking_comes_before_what_is_said() -> None:
    found = [
        candidate("Drones came from Torvia.", 3.0),
        candidate("Drones of Ostland fly by night over the hills.", 2.0, article="b"),
        candidate("Shells lie in the cellar of the town hall.", 1.9, article="c"),
    ]
    chosen = select(found, ["drone", "shell"], repeats, most=2)
    assert texts(chosen)[1].startswith("Shells")


def test_off_the_topic_nothing_is_told() -> None:
    assert on_topic([candidate(DRONES, -8.0)]) == []
    assert [c.relevance for c in on_topic([candidate(DRONES, 5.0), candidate(TENTS, -3.0)])] == [5]


def test_only_what_is_likely_enough_is_added_to_what_was_chosen() -> None:
    first, sure = candidate(DRONES, 3.0), candidate(TENTS, 2.0, article="b", confidence=0.6)
    unsure = candidate("It rained.", 2.5, article="c", confidence=0.1)
    assert further([first], [first, unsure, sure]) == [first, sure]


def test_the_earliest_comes_first_and_the_undated_last_each_article_in_its_own_order() -> None:
    late = candidate("Late.", article="late", published=date(2025, 5, 2))
    early = candidate("Early, below.", article="early", published=date(2025, 1, 2), start=50)
    earlier = candidate("Early, above.", article="early", published=date(2025, 1, 2))
    undated = candidate("Undated.", article="undated")
    ordered = texts(by_date([undated, late, early, earlier]))
    assert ordered == ["Early, above.", "Early, below.", "Late.", "Undated."]


def test_a_sentence_that_only_announces_brings_the_one_behind_it() -> None:
    query = analyse("What effects has the strike had?")
    behind = "Trams stand still, and shops close early."
    thin = candidate("Effects of the strike can be seen.", behind=behind)
    assert announced(query, thin).text == f"{thin.text} {behind}"
    full = candidate("The strike emptied shops and schools in Maro and Torvia.", behind=behind)
    assert announced(query, full) == full
