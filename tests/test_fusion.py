"""Two rankings become one, and copies of a text stand together."""

from __future__ import annotations

import pytest
from fakes import make_article
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import fuse, group_copies, min_max
from rag.types import Hit, Passage, Span

SCORES = st.dictionaries(st.integers(0, 50), st.floats(-1e6, 1e6), max_size=20)
WIRE = (
    "BAKU (Agency) — Trade between India and Azerbaijan amounts to $1.5 billion, the ministry said"
    " on Monday, adding that oil makes up most of it and that tourists come in growing numbers."
)


def hit(number: int, text: str, score: float) -> Hit:
    source = make_article(f"paper-{number}.md", [text]).source
    span = Span(0, len(text))
    return Hit(Passage(f"paper-{number}#0", source, text, span, (span,)), score)


def test_scores_are_stretched_over_their_own_ranking() -> None:
    assert min_max({7: 2.0, 9: 4.0, 3: 3.0}) == {7: 0.0, 9: 1.0, 3: 0.5}
    assert min_max({7: 5.0}) == {7: 1.0}
    assert min_max({1: 0.0, 2: 0.0}) == {1: 1.0, 2: 1.0}
    assert min_max({}) == {}


def test_a_row_that_both_rankings_put_first_is_first() -> None:
    lexical = {1: 10.0, 2: 5.0, 3: 0.5}
    dense = {1: 0.9, 3: 0.8, 4: 0.1}
    assert [row for row, _ in fuse(lexical, dense)] == [1, 3, 2, 4]


def test_halves_weigh_alike_whatever_the_scale_of_their_scores() -> None:
    assert fuse({1: 900.0, 2: 100.0}, {2: 0.9, 1: 0.1}) == [(1, 0.5), (2, 0.5)]


@pytest.mark.parametrize("empty", ["lexical", "dense"])
def test_one_half_alone_keeps_its_order(empty: str) -> None:
    scores = {5: 3.0, 6: 2.0, 7: 1.0}
    left, right = ({}, scores) if empty == "lexical" else (scores, {})
    assert [row for row, _ in fuse(left, right)] == [5, 6, 7]
    assert fuse({}, {}) == []


@given(SCORES, SCORES)
def test_fusion_ranks_every_row_once_between_nought_and_one(
    lexical: dict[int, float], dense: dict[int, float]
) -> None:
    ranked = fuse(lexical, dense)
    assert sorted(row for row, _ in ranked) == sorted({*lexical, *dense})
    scores = [score for _, score in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


@given(SCORES, SCORES)
def test_fusion_does_not_depend_on_the_order_of_rows(
    lexical: dict[int, float], dense: dict[int, float]
) -> None:
    turned = dict(reversed(list(lexical.items())))
    assert fuse(turned, dense) == fuse(lexical, dense)


def test_a_wire_story_in_two_papers_is_one_hit_that_names_its_copy() -> None:
    copy = WIRE.replace("BAKU (Agency) — ", "")
    other = "Azerbaijan asked India through intermediaries whether it would sell its weapons."
    first, second, third = group_copies(
        [hit(1, WIRE, 0.9), hit(2, other, 0.8), hit(3, copy, 0.7), hit(4, "Oil.", 0.6)]
    )
    assert (first.passage.id, first.score, first.copies) == ("paper-1#0", 0.9, ("paper-3#0",))
    assert [second.passage.id, third.passage.id] == ["paper-2#0", "paper-4#0"]
    assert second.copies == third.copies == ()


def test_an_update_with_another_figure_and_sentence_is_no_copy() -> None:
    update = WIRE.replace("$1.5 billion", "$1.6 billion").replace(
        "oil makes up most of it and that tourists come in growing numbers",
        "the boycott has so far left the figures of the year as they were",
    )
    assert len(group_copies([hit(1, WIRE, 0.9), hit(2, update, 0.8)])) == 2


def test_texts_without_words_are_no_copies_of_each_other() -> None:
    assert len(group_copies([hit(1, "…", 0.9), hit(2, "!!!", 0.8)])) == 2
