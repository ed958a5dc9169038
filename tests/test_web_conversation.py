"""The conversation: what is shown of it, what the next question builds on, how it starts."""

from __future__ import annotations

from dataclasses import replace

from browser.reader import Page
from browser.standin import EXPORTS, NOBODY, StandIn

from rag.types import Source, Turn
from ui.web.conversation import MAX_TURNS, Exchange, messages, turns
from ui.web.examples import example_questions
from ui.web.panels import scope_html


def test_understood_question_is_shown_when_it_differs():
    answer = StandIn().ask(NOBODY)
    assert "What were the valley's imports worth?" in Page(scope_html(answer)).words
    assert Page(scope_html(StandIn().ask(EXPORTS), "Since May")).words == "Since May"


def test_answered_questions_become_turns_and_the_oldest_are_left_out():
    answer = StandIn().ask(EXPORTS)
    exchanges = [Exchange(f"q{n}", replace(answer, question=f"q{n}")) for n in range(MAX_TURNS + 1)]
    exchanges += [Exchange("failed", problem="no"), Exchange("p", answer, working="Reading…")]
    cited = tuple((citation.source.article_id, citation.span) for citation in answer.citations)
    expected = tuple(Turn(f"q{n}", answer.text, cited) for n in range(1, MAX_TURNS + 1))
    assert turns(exchanges) == expected


def test_messages_alternate_and_a_problem_is_told_in_words():
    shown = messages([Exchange("q <b>", problem="No & no"), Exchange("r", working="Reading…")])
    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    words = [Page(message["content"]).words for message in shown]
    assert words == ["q <b>Edit", "No & noAsk again", "rEdit", "Reading…"]


def test_examples_fit_the_articles():
    bundled = [
        Source(name, name, None, None, None, None, "")
        for name in (
            "azerbaijan-boycott-calls-india",
            "azerbaijan-inquiry-indian-arms",
            "india-azerbaijan-ties-opportunities",
        )
    ]
    assert len(example_questions(bundled)) == 4
    assert all("What does the article “" in q for q in example_questions(bundled[:2]))
    assert example_questions(()) == ()
