"""Answers as files: every quote with its source and offsets, and nothing that loads or runs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from browser.reader import Page
from browser.standin import ARTICLES, EXPORTS, HOSTILE, NOBODY, TOURISTS, StandIn

from rag.answer import Answer, Citation, Refusal
from rag.contract import from_dict
from rag.errors import ConfigError
from rag.export import answer_markdown, export, to_html, to_json, to_markdown
from rag.types import Source, Span

ALL = tuple(StandIn().ask(question) for question in (EXPORTS, TOURISTS, NOBODY))


def hostile(words: str) -> Answer:
    source = Source(words, words, words, words, None, words, words)
    citation = Citation(1, source, words, Span(0, len(words)))
    return Answer(words, f"{words}?", "extractive", f"{words} [1]", (), (citation,), notice=words)


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_json_is_the_contract_of_every_answer():
    document = json.loads(to_json(ALL))
    assert [from_dict(fields).to_dict() for fields in document["answers"]] == [
        answer.to_dict() for answer in ALL
    ]


def test_offsets_of_an_export_cut_the_quotes_out_of_the_articles():
    for fields in json.loads(to_json(ALL))["answers"]:
        for cited in fields["citations"]:
            body = ARTICLES[cited["article_id"]].body
            assert body[cited["start_char_index"] : cited["end_char_index"]] == cited["cited_text"]


def test_markdown_numbers_footnotes_through_and_defines_each_once():
    text = to_markdown(ALL)
    defined = re.findall(r"^\[\^(\d+)\]: “", text, re.MULTILINE)
    used = re.findall(r"\[\^(\d+)\](?!:)", text)
    assert defined == [str(n) for n in range(1, 7)]
    assert set(used) == set(defined)
    assert "(trade, characters " in text
    assert "*Asked as: What were the valley's imports worth?*" in text
    assert "> **The articles disagree" in text
    assert "Imports doubled. (no cited sentence gives this figure)" in text


def test_a_copied_answer_stands_alone_with_its_own_footnotes():
    text = answer_markdown(ALL[1])
    assert EXPORTS not in text
    assert re.findall(r"^\[\^(\d+)\]: ", text, re.MULTILINE) == ["1", "2"]
    assert "- fourth-largest[^2]" in text


def test_markdown_keeps_every_footnote_on_one_line():
    quote = "one\n\n# two\r\n- three"
    citation = Citation(1, ALL[0].citations[0].source, quote, Span(0, len(quote)))
    answer = replace(ALL[0], text="Said. [1]", claims=(), citations=(citation,))
    (note,) = [line for line in answer_markdown(answer).splitlines() if line.startswith("[^1]:")]
    assert "one \\# two - three" in note


def test_html_shows_all_words_and_links_marks_to_their_quotes():
    page = Page(to_html(ALL))
    tags = Tags(to_html(ALL)).seen
    targets = {a["id"] for tag, a in tags if tag == "li" and "id" in a}
    links = {a["href"] for tag, a in tags if tag == "a"}
    assert links <= {f"#{name}" for name in targets}
    assert len(targets) == 6
    assert ALL[0].citations[0].cited_text in page.words
    assert "trade, characters" in page.words


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_html(words):
    text = to_html([hostile(words), replace(hostile(words), refusal=Refusal("off_topic", words))])
    tags = Tags(text).seen
    names = {tag for tag, _ in tags}
    assert not names & {"script", "img", "iframe", "svg", "form", "object", "link", "base"}
    hrefs = [a["href"] for tag, a in tags if tag == "a"]
    assert all((href or "").startswith("#a") for href in hrefs)
    attributes = {name for _, found in tags for name in found}
    assert not [name for name in attributes if name.startswith("on")]
    assert "default-src 'none'" in text


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words_in_markdown(words):
    text = to_markdown([hostile(words)])
    live = re.compile(r"(?<!\\)(?:<\w|!\[|\]\(|```|\$\$|(?:https?:|www\.)(?!\\))")
    assert live.search(text) is None


def test_only_a_plain_web_address_becomes_a_link():
    source = replace(ALL[0].citations[0].source, url="https://example.org/a")
    for url, linked in (("https://example.org/a", True), ("javascript:alert(1)", False)):
        citation = replace(ALL[0].citations[0], source=replace(source, url=url))
        shown = answer_markdown(replace(ALL[0], citations=(citation,)))
        assert (f"]({url})" in shown) is linked


@pytest.mark.parametrize(
    ("form", "name"),
    [("markdown", "conversation.md"), ("html", "conversation.html"), ("json", "conversation.json")],
)
def test_every_format_is_a_file(form, name):
    made = export(ALL, form)
    assert made.name == name
    assert made.text.endswith("\n")


def test_an_unknown_format_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match=r"'pdf'.*markdown, html, json"):
        export(ALL, "pdf")
