"""Answers and articles as HTML: escaping, footnotes, and marks on exactly the cited words."""

from __future__ import annotations

import html
import string
from dataclasses import replace

import pytest
from browser.reader import Page
from browser.standin import (
    ARTICLES,
    EXPORTS,
    HOSTILE,
    NOBODY,
    TOURISTS,
    TWICE,
    StandIn,
    cite,
    claim,
)
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Refusal
from rag.types import Article, Source, Span
from ui.web.escaping import escape, web_host
from ui.web.header import Mode, header_html
from ui.web.panels import answer_html, problem_html, question_html, scope_html
from ui.web.sources import library_html, sources_html

TAGS = {"div", "p", "a", "span", "h2", "h3", "h4", "b", "ol", "ul", "li", "mark", "article"}
TAGS |= {"section", "details", "summary", "i"}
TAGS |= {"sup"}
ATTRIBUTES = {"class", "id", "href", "title", "target", "rel", "role", "tabindex"}
ACTS = ("#ask", "#copy-1", "#export-1", "#retry-1", "#like-1", "#dislike-1", "#edit-1")


def article(body: str, article_id: str = "a") -> Article:
    return Article(Source(article_id, "Title", "Outlet", None, None, None, "a.md"), body)


def answer_citing(*citations: Citation) -> Answer:
    return Answer("q", "q", "extractive", "Text. [1]", citations=citations)


# Escaping


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_escaped_words_read_back_as_they_were(text):
    assert html.unescape(escape(text)) == text


@given(st.text())
def test_nothing_that_means_something_is_left_after_escaping(text):
    assert not set(escape(text)) & (set(string.punctuation) - set("&#;") | set("\n\r\t\0"))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_never_become_tags_or_links(words):
    source = Source(words, words, words, words, None, words, words)
    hostile = Article(source, words)
    citation = Citation(1, source, words, Span(0, len(words)))
    answer = replace(
        answer_citing(citation), question=words, query=words, text=f"{words} [1]", notice=words
    )
    refusal = Refusal("not_in_sources", words, (citation,))
    shown = [
        answer_html(answer, 1),
        answer_html(replace(answer, refusal=refusal), 1),
        answer_html(replace(answer, refusal=refusal), 1, offers=(words,)),
        answer_html(answer, 1, working=words),
        question_html(words, 1),
        problem_html(words, 1),
        scope_html(replace(answer, question="other"), words),
        header_html(1, Mode(words, words)),
        sources_html(answer, {words: hostile}, 1),
        sources_html(answer, {}, 1),
        library_html((source,)),
    ]
    for page in map(Page, shown):
        assert {tag for tag, _ in page.tags} <= TAGS
        assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
        hrefs = [a["href"] for tag, a in page.tags if tag == "a"]
        assert [href for href in hrefs if not href.startswith(("#a1c1", *ACTS))] == []


def test_only_a_web_address_becomes_a_link():
    addresses = [
        "https://example.org/a",
        "javascript:alert(1)",
        "data:text/html,x",
        None,
        "http://[::1",
    ]
    assert [web_host(address) for address in addresses] == ["example.org", None, None, None, None]


# The conversation


def test_answer_shows_its_footnotes_figures_and_quotes():
    page = Page(answer_html(StandIn().ask(EXPORTS), 3))
    quote = ARTICLES["trade"].body
    assert page.links("fn") == ["#a3c1", "#a3c2", "#a3c1", "#a3c2"]
    assert [1 for tag, a in page.tags if a.get("class") == "fig verified"] == [1, 1, 1, 1]
    assert "came to $86.07 million, which" in page.words
    assert "[1]" not in page.words
    assert (
        "“At the very end the report says that the pass stayed closed for 41 days.”" in page.words
    )
    assert "Valley Report · 20 May 2025" in page.words
    assert "Imports doubled. no cited sentence gives this figure" in page.words
    assert "At the very end" in quote


def test_brackets_that_number_no_citation_stay_words():
    answer = replace(answer_citing(cite(1, ARTICLES["trade"], "41 days")), text="See [2] and [1].")
    page = Page(answer_html(answer, 1))
    assert page.words.startswith("See [2] and1.")
    assert page.links("fn") == ["#a1c1", "#a1c1"]


def test_brackets_in_a_quote_stay_words_and_its_lines_stay_together():
    quote = "Sales [1] rose\nto 12% in 2024"
    read = article(f"Before. {quote}.")
    citation = cite(1, read, quote)
    text = f"According to Outlet (2024): “{quote}” [1]"
    shown = replace(
        answer_citing(citation), text=text, claims=(claim(text, text, citation, ("12%", "2024")),)
    )
    answer = answer_html(shown, 1)
    said = (
        '<span class="said">“Sales &#91;1&#93; rose&#10;to '
        '<span class="fig verified" title="Found in the cited words">12&#37;</span> in '
        '<span class="fig verified" title="Found in the cited words">2024</span>”</span>'
    )
    assert answer.count('<p class="quoted">') == 1
    assert said in answer
    assert Page(answer).links("fn") == ["#a1c1", "#a1c1"]


def test_conflict_shows_both_sides_with_their_sources():
    words = Page(answer_html(StandIn().ask(TOURISTS), 1)).words
    assert "The articles disagree" in words
    assert "largest1Valley Report · 20 May 2025" in words
    assert "fourth-largest2“What the two valleys could do together”, undated" in words


def test_refusal_names_its_reason_and_quotes_what_is_nearest():
    page = Page(answer_html(StandIn().ask(NOBODY), 1))
    assert "The articles give no such figure" in page.words
    assert "“Exports in 2024 came to $86.07 million”" in page.words
    assert "The last index run left out one unreadable file." in page.words
    assert page.links("fn") == ["#a1c1", "#a1c2"]


# The sources pane


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=4),
)
def test_marked_words_are_exactly_the_cited_ones(body, ranges):
    spans = [Span(start, min(start + size, len(body))) for start, size in ranges]
    spans = [span for span in spans if span.start < span.end] or [Span(0, len(body))]
    read = article(body)
    citations = [
        Citation(number, read.source, span.of(body), span) for number, span in enumerate(spans, 1)
    ]
    page = Page(sources_html(answer_citing(*citations), {"a": read}, 2))
    assert page.marks == {f"a2c{c.number}": c.cited_text for c in citations}
    assert sorted(page.ids) == sorted(page.marks)
    assert sorted(page.links("back")) == sorted(f"#{name}" for name in page.marks)


def test_overlapping_citations_are_each_marked_whole():
    answer = StandIn().ask(TWICE)
    page = Page(sources_html(answer, ARTICLES, 1))
    assert page.marks == {f"a1c{c.number}": c.cited_text for c in answer.citations}


def test_first_cited_article_comes_first_and_the_rest_follow():
    answer = StandIn().ask(TOURISTS)
    turned = replace(answer, citations=answer.citations[::-1])
    words = Page(sources_html(turned, ARTICLES, 1)).words
    titles = [ARTICLES[name].source.title for name in ("opinion", "trade")]
    assert words.index(titles[0]) < words.index(titles[1])
    assert "1 of 2 cited passages" in words


def test_headings_and_boilerplate_are_told_from_prose():
    page = Page(sources_html(StandIn().ask(EXPORTS), ARTICLES, 1))
    assert [tag for tag, _ in page.tags].count("h3") == 1
    assert "# The figures since" not in page.words
    assert [a.get("class") for tag, a in page.tags if tag == "p"][-1] == "aside"


def test_words_that_moved_are_not_marked():
    read = article("The article was changed.")
    moved = Citation(1, read.source, "was written", Span(12, 23))
    page = Page(sources_html(answer_citing(moved), {"a": read}, 1))
    assert page.marks == {}
    assert read.body in page.words


def test_article_that_is_gone_leaves_its_quote():
    gone = cite(1, ARTICLES["trade"], "41 days")
    page = Page(sources_html(answer_citing(gone), {}, 1))
    assert page.marks == {"a1c1": "41 days"}
    assert "No longer indexed" in page.words


def test_library_lists_what_there_is():
    words = Page(library_html(StandIn().articles())).words
    assert "Valley Report · 20 May 2025Trade, tourism and the quarrel over the pass" in words
    assert "undatedWhat the two valleys could do together" in words
    assert "No articles are indexed yet." in library_html(())
