"""A chat message made of an answer: its words, its marks, and nothing that a window would load."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from browser.standin import EXPORTS, HOSTILE, TOURISTS, TWICE, Poisoned, StandIn
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Claim
from rag.answering.streaming import prefixes
from rag.types import Source, Span
from ui.serve.completion import Chunks, Frame, whole
from ui.serve.content import said, write
from ui.serve.wanted import Completion

ASKED = Completion.model_validate(
    {"model": "footnote", "messages": [{"role": "user", "content": "What?"}]}
)
FRAME = Frame("chatcmpl-1", 1_700_000_000, "http://127.0.0.1:7900")

ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def loads(text: str) -> bool:
    """Whether CommonMark could make an image, a link, a definition, HTML or a fence of the text."""
    return re.search(r"!\[|\]\(|\]:|<|```|~~~", ESCAPE.sub("x", text)) is not None


def answers() -> list[Answer]:
    bot = StandIn()
    return [bot.ask(question) for question in (EXPORTS, TOURISTS, TWICE, "?")]


@pytest.mark.parametrize("answer", answers(), ids=lambda answer: answer.question)
def test_every_citation_has_a_mark_and_every_mark_stands_where_it_says(answer):
    content = write(answer)
    for mark in content.marks:
        assert mark.span.of(content.text) == f"[{mark.citation.number}]"
    assert {mark.citation.number for mark in content.marks} == {c.number for c in answer.citations}
    assert content.text.startswith(answer.text)


def test_the_marks_are_those_of_the_answer_not_of_a_quote():
    quote = "He said [1] was enough [2]."
    source = Source("note", "A note", None, None, None, None, "note.md")
    text = f"A note: “{quote}” [1]"
    claim = Claim(text, Span(0, len(text)), "supported", "quoted", (1,))
    cited = Citation(1, source, quote, Span(0, len(quote)))
    content = write(Answer("?", "?", "extractive", text, (claim,), (cited,)))
    (mark,) = content.marks
    assert mark.span == Span(len(text) - 3, len(text))


def test_a_citation_without_a_mark_points_at_the_list_of_sources():
    (answer,) = (a for a in answers() if a.question == EXPORTS)
    content = write(replace(answer, text="No marks at all.", claims=()))
    assert len(content.marks) == 2
    for mark in content.marks:
        line = content.text[mark.span.start :].splitlines()[0]
        assert line.startswith(f"[{mark.citation.number}] Valley Report, 2025-05-20: Trade")


def test_an_article_with_an_address_is_linked_there_and_another_to_this_server():
    (answer,) = (a for a in answers() if a.question == TOURISTS)
    message = whole(answer, ASKED, FRAME)["choices"][0]["message"]
    linked = [note["url_citation"] for note in message["annotations"]]
    assert [(note["url"], note["title"]) for note in linked] == [
        ("https://example.org/trade", "Trade, tourism and the quarrel over the pass"),
        ("http://127.0.0.1:7900/v1/articles/opinion", "opinion"),
    ]


def test_no_address_but_a_plain_one_of_the_web_is_given():
    (note,) = whole(Poisoned().ask("?"), ASKED, FRAME)["choices"][0]["message"]["annotations"]
    assert note["url_citation"]["url"] == "http://127.0.0.1:7900/v1/articles/bad"


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_in_a_message_loads_or_runs(words):
    source = Source("bad", words, words, None, None, "javascript:alert(1)", "bad.md")
    text = f"{words} [1]"
    citation = Citation(1, source, words, Span(0, len(words)))
    answer = Answer("?", "?", "extractive", text, (), (citation,), notice=words)
    content = write(answer)
    assert not loads(content.text)
    (mark,) = content.marks
    assert mark.span.of(content.text) == "[1]"


@given(st.text(alphabet="![]()<:`~\\ a1\n", max_size=40), st.integers(0, 40))
def test_a_text_that_grows_keeps_what_was_said(text, cut):
    def answer(words: str) -> Answer:
        return Answer("?", "?", "extractive", words)

    assert said(answer(text)).startswith(said(answer(text[:cut])))
    assert not loads(said(answer(text)))
    assert ESCAPE.sub(r"\1", said(answer(text))) == text


@pytest.mark.parametrize("answer", answers(), ids=lambda answer: answer.question)
def test_the_chunks_put_together_are_the_whole(answer):
    chunks = Chunks(ASKED, FRAME)
    sent = [chunks.begin(), *map(chunks.grow, prefixes(answer)), *chunks.end(answer)]
    events = [e.removeprefix("data: ") for e in b"".join(sent).decode().strip().split("\n\n")]
    assert events.pop() == "[DONE]"
    deltas = [json.loads(event)["choices"][0]["delta"] for event in events]
    message = whole(answer, ASKED, FRAME)["choices"][0]["message"]
    assert "".join(delta.get("content", "") for delta in deltas) == message["content"]
    assert deltas[-2] == {key: message[key] for key in ("annotations", "footnote")}
