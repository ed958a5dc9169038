"""Rendering: what a reader sees of an answer; no article can steer the terminal or the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import (
    Answer,
    CheckedFigure,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    FigureState,
    Reading,
    Refusal,
    Withheld,
)
from rag.types import Article, Figure, Hit, Passage, Source, Span
from ui.markdown import escape_markdown, to_markdown
from ui.render import (
    article_to_text,
    hit_to_text,
    printable,
    sources_to_text,
    to_text,
)

URL = "https://trail.example/stove"
DAY = date(2025, 5, 20)
SOURCE = Source("stove", "A stove for the hills", "Trail Weekly", None, DAY, URL, "corpus/stove.md")
QUOTE = "The stove weighs 2.4 kg."
CITED = Citation(1, SOURCE, QUOTE, Span(10, 34))
TEXT = f"Trail Weekly (2025-05-20): {QUOTE} [1]"
CLAIM = Claim(QUOTE, Span(27, 51), "supported", "quoted", (1,))
ANSWER = Answer("How heavy?", "How heavy?", "extractive", TEXT, (CLAIM,), (CITED,))


def test_an_answer_is_its_words_and_a_footnote_with_quote_outlet_date_and_title() -> None:
    assert to_text(ANSWER) == (
        "Trail Weekly (2025-05-20): The stove weighs 2.4 kg. [1]\n"
        "\n"
        "[1] Trail Weekly, 2025-05-20: A stove for the hills\n"
        "    “The stove weighs 2.4 kg.”\n"
        "    stove 10-34"
    )


def test_what_an_article_does_not_say_about_itself_is_left_out() -> None:
    bare = replace(SOURCE, outlet=None, published=None, url=None)
    shown = to_text(replace(ANSWER, citations=(replace(CITED, source=bare),)))
    assert "[1] A stove for the hills\n" in shown
    assert "None" not in shown


def test_a_refusal_names_the_nearest_quotes() -> None:
    refusal = Refusal("figure_not_given", "The articles do not give its price.", (CITED,))
    refused = replace(ANSWER, text=refusal.text, claims=(), citations=(), refusal=refusal)
    assert to_text(refused) == (
        "The articles do not give its price.\n"
        "\n"
        "Nearest:\n"
        "\n"
        "[1] Trail Weekly, 2025-05-20: A stove for the hills\n"
        "    “The stove weighs 2.4 kg.”\n"
        "    stove 10-34"
    )
    assert to_markdown(refused).startswith(
        "The articles do not give its price.\n\n**Nearest**\n\n**\\[1\\]** "
    )


def test_a_conflict_shows_both_sides_with_their_sources() -> None:
    other = replace(SOURCE, outlet="Peak Daily", published=date(2025, 6, 1), title="Heavier")
    conflict = Conflict(
        "weight of the stove", "disagreement", (Reading("2.4 kg", 1), Reading("2.6 kg", 2))
    )
    cited = (CITED, Citation(2, other, "It weighs 2.6 kg.", Span(0, 17)))
    answer = replace(ANSWER, citations=cited, conflicts=(conflict,))
    assert (
        "The articles disagree on weight of the stove:\n"
        "  - 2.4 kg [1]: Trail Weekly, 2025-05-20: A stove for the hills\n"
        "  - 2.6 kg [2]: Peak Daily, 2025-06-01: Heavier\n"
    ) in to_text(answer)
    assert "- 2.6 kg \\[2\\]: Peak Daily, 2025-06-01: Heavier\n\n" in to_markdown(answer)


TITLES: dict[ConflictKind, str] = {
    "update": "A later article updates x:",
    "scope": "Figures of another scope or period for x:",
    "disagreement": "The articles disagree on x:",
}


@pytest.mark.parametrize("kind", TITLES)
def test_every_kind_of_conflict_has_its_heading(kind: ConflictKind) -> None:
    conflict = Conflict("x", kind, (Reading("1", 1), Reading("2", 9)))
    shown = to_text(replace(ANSWER, conflicts=(conflict,)))
    assert TITLES[kind] in shown
    assert "2 [9]: source not shown" in shown


STATES: dict[FigureState, str] = {
    "computed": "4.8 kg: computed from the cited figures.",
    "not_verified": "4.8 kg: not verified against the cited words.",
}


@pytest.mark.parametrize("state", STATES)
def test_a_figure_that_no_source_gives_as_it_stands_is_marked(state: FigureState) -> None:
    figure = Figure(Decimal("4.8"), None, "kg", "quantity", False, None, None, Span(0, 6))
    claim = replace(CLAIM, figures=(CheckedFigure("4.8 kg", figure, state, None),))
    shown = to_text(replace(ANSWER, claims=(claim,)))
    assert STATES[state] in shown


def test_withheld_unsupported_and_notice_are_shown_as_such() -> None:
    claim = replace(CLAIM, verdict="unsupported", reason="no such words")
    answer = replace(
        ANSWER,
        claims=(claim,),
        withheld=(Withheld("It floats.", "not in the source"),),
        notice="The endpoint did not answer.",
    )
    for shown in (to_text(answer, None), to_markdown(answer).replace("\\", "")):
        assert f"Not supported by its source: {QUOTE} (no such words)" in shown
        assert "Withheld: It floats. (not in the source)" in shown
        assert shown.endswith("Note: The endpoint did not answer.")


def test_text_wraps_at_the_width_and_not_at_all_without_one() -> None:
    long = replace(ANSWER, text="word " * 60 + "[1]")
    assert max(map(len, to_text(long, 40).splitlines())) <= 40
    assert ("word " * 60 + "[1]") in to_text(long, None)


def test_paragraphs_of_an_answer_stay_apart() -> None:
    assert to_text(replace(ANSWER, text="One.\n\nTwo.")).startswith("One.\n\nTwo.\n\n[1]")
    assert to_markdown(replace(ANSWER, text="One.\nTwo.")).startswith("One.\n\nTwo.\n\n")


HOSTILE = (
    "\x1b[2J\x9b31m\x07\u202eevil\u2066\x00\r\b <img src=x onerror=alert(1)> [a](javascript:b)"
)


def test_control_characters_of_an_article_reach_no_terminal() -> None:
    source = replace(SOURCE, article_id=HOSTILE, title=HOSTILE, outlet=HOSTILE, path=HOSTILE)
    cited = Citation(1, source, HOSTILE, Span(0, len(HOSTILE)))
    conflict = Conflict(HOSTILE, "update", (Reading(HOSTILE, 1), Reading("x", 1)))
    answer = Answer(
        "q", "q", "llm", HOSTILE, (), (cited,), (conflict,), (Withheld(HOSTILE, HOSTILE),)
    )
    passage = Passage("x#0", source, HOSTILE, Span(0, len(HOSTILE)), ())
    for shown in (
        to_text(answer),
        to_text(answer, None),
        to_markdown(answer),
        hit_to_text(1, Hit(passage, 1.0, (HOSTILE,))),
        sources_to_text([source]),
        article_to_text(Article(source, HOSTILE)),
    ):
        assert not set(shown) & set("\x1b\x9b\x07\x00\r\b\u202e\u2066")
        assert "\\x1b[2J" in shown.replace("\\\\", "\\").replace("\\[", "[")


@given(st.text())
def test_printable_text_has_no_controls_and_keeps_everything_else(text: str) -> None:
    shown = printable(text)
    assert not [c for c in shown if c not in "\t\n" and (c < " " or "\x7f" <= c <= "\x9f")]
    shown.encode("utf-8")
    if text.isprintable():
        assert shown == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("*bold* _it_ `code`", r"\*bold\* \_it\_ \`code\`"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("[a](javascript:b)", r"\[a\](javascript:b)"),
        ("![a](http://x.example/p.png)", r"!\[a\](http:\//x.example/p.png)"),
        ("see https://x.example or www.x.example", r"see https:\//x.example or www\.x.example"),
        ("# no heading", r"\# no heading"),
        ("- no item", r"\- no item"),
        ("---", r"\---"),
        ("a | b", r"a \| b"),
        ("$1.5 billion and $2", r"\$1.5 billion and \$2"),
        ("AT&amp;T", r"AT\&amp;T"),
        ("a\n# b", r"a \# b"),
        ("Plain words, 2.4 kg (about 5%).", "Plain words, 2.4 kg (about 5%)."),
    ],
)
def test_markdown_shows_an_articles_words_as_they_are(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


def test_markdown_has_words_sources_and_quotes() -> None:
    assert to_markdown(ANSWER) == (
        "Trail Weekly (2025-05-20): The stove weighs 2.4 kg. \\[1\\]\n"
        "\n"
        "**\\[1\\]** [Trail Weekly, 2025-05-20: A stove for the hills](https://trail.example/stove)\n"
        "\n"
        "> “The stove weighs 2.4 kg.”"
    )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://x.example/a b", "https://x.example/)[b](c", None, ""]
)
def test_only_a_plain_web_address_becomes_a_link(url: str | None) -> None:
    cited = replace(CITED, source=replace(SOURCE, url=url))
    assert "](" not in to_markdown(replace(ANSWER, citations=(cited,)))


def test_a_hit_shows_rank_source_place_and_words() -> None:
    passage = Passage("stove#0", SOURCE, f"{QUOTE}\nIt folds.", Span(10, 44), ())
    assert hit_to_text(2, Hit(passage, 0.5, ("copy#1",))) == (
        "2. Trail Weekly, 2025-05-20: A stove for the hills\n"
        "   stove 10-44, score 0.500, also in copy#1\n"
        "   The stove weighs 2.4 kg. It folds."
    )


def test_the_table_of_articles_lines_up() -> None:
    undated = replace(SOURCE, article_id="x", outlet=None, published=None, title="T")
    assert sources_to_text([SOURCE, undated]) == (
        "ID     OUTLET        DATE        TITLE\n"
        "stove  Trail Weekly  2025-05-20  A stove for the hills\n"
        "x      -             -           T"
    )


def test_an_article_is_shown_with_its_header() -> None:
    assert article_to_text(Article(replace(SOURCE, url=None), "One.\r\nTwo.\n")) == (
        "article_id: stove\n"
        "title: A stove for the hills\n"
        "outlet: Trail Weekly\n"
        "published: 2025-05-20\n"
        "path: corpus/stove.md\n"
        "\n"
        "One.\nTwo.\n"
    )
