"""An answer that grows: every prefix is an answer in itself, the last one is the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from browser.standin import EXPORTS, NOBODY, TOURISTS, StandIn
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Claim
from rag.answering.marks import find_figures, find_footnotes, find_quotes
from rag.answering.streaming import prefixes
from rag.contract import from_dict, to_dict
from rag.types import Source, Span

SOURCE = Source("a", "Title", "Outlet", None, None, None, "a.md")


@st.composite
def answers(draw: Callable[..., list[str]]) -> Answer:
    sentences = draw(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
    text, claims, citations = "", [], []
    for number, sentence in enumerate(sentences, 1):
        said = f"According to A: “{sentence}” [{number}]"
        start = len(text) + bool(text)
        text += ("\n" if text else "") + said
        span = Span(start, start + len(said))
        claims.append(Claim(said, span, "supported", "", (number,)))
        citations.append(Citation(number, SOURCE, sentence, Span(0, len(sentence))))
    return Answer("q", "q", "extractive", text, tuple(claims), tuple(citations), confidence=0.5)


@given(answers())
def test_every_prefix_holds_one_claim_more_and_its_spans_are_exact(answer):
    shown = list(prefixes(answer))
    assert [len(one.claims) for one in shown] == list(range(1, len(answer.claims) + 1))
    assert shown[-1] is answer
    for one in shown:
        assert answer.text.startswith(one.text)
        assert all(claim.span.of(one.text) == claim.text for claim in one.claims)
        cited = {number for claim in one.claims for number in claim.citations}
        assert {citation.number for citation in one.citations} == cited


def test_conflicts_and_what_was_withheld_come_with_the_whole_answer():
    whole = replace(StandIn().ask(EXPORTS), conflicts=StandIn().ask(TOURISTS).conflicts)
    first, last = prefixes(whole)
    assert (first.conflicts, first.withheld, first.confidence) == ((), (), None)
    assert last.conflicts
    assert last.withheld


@pytest.mark.parametrize("question", [NOBODY, TOURISTS])
def test_an_answer_without_claims_comes_whole_at_once(question):
    answer = replace(StandIn().ask(question), claims=())
    assert list(prefixes(answer)) == [answer]


def test_figures_stand_at_their_words_also_when_an_answer_comes_back_from_json():
    answer = StandIn().ask(EXPORTS)
    again = from_dict(to_dict(answer))
    places = [[(span, f.text) for span, f, _ in find_figures(one)] for one in (answer, again)]
    assert places[0] == places[1]
    assert all(span.of(answer.text) == words for span, words in places[0])


def test_a_figure_is_not_found_inside_of_another_one():
    quote = "It is the third-largest buyer and the largest source."
    said = f"“{quote}” [1]"
    answer = StandIn().ask(EXPORTS)
    claim = answer.claims[0]
    largest, third = (replace(claim.figures[0], text=t) for t in ("largest", "third-largest"))
    lost = replace(claim.figures[0].figure, span=Span(0, 7))
    figures = tuple(replace(f, figure=lost) for f in (third, largest))
    one = replace(claim, text=said, span=Span(0, len(said)), figures=figures)
    citation = replace(answer.citations[0], cited_text=quote)
    shown = replace(answer, text=said, claims=(one,), citations=(citation,))
    spans = [span.start for span, _, _ in find_figures(shown)]
    assert spans == [said.index("third"), said.index("the largest") + 4]


def test_brackets_of_a_quote_are_no_footnotes():
    answer = StandIn().ask(EXPORTS)
    marks = [citation.number for _, citation in find_footnotes(answer)]
    assert marks == [1, 2]
    assert [span.of(answer.text)[0] for span in find_quotes(answer)] == ["“", "“"]
