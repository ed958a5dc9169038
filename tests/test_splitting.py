"""Sentences and passages: exact spans over any text, and the bounds of the hard cases."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import make_article
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.text import read_text
from rag.splitting.passages import PASSAGE_TOKENS, count_tokens, split_passages
from rag.splitting.sentences import MAX_SENTENCE_CHARS, split_sentences
from rag.splitting.terms import stems, words
from rag.types import Article, Block, Span

# Arbitrary Unicode, and the pieces of news text at which splitters stumble.
PIECES = [
    "Gov. Smith said so. ", "It cost “$1.5 billion.” ", "No. 1", "U.S.", " — ", "...", "?!", ". ",
    "\n", "\r\n", "\n\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x00",
    "\u00a0", "\u3000", "\ufeff", "\u200b", "e\u0301", "🙂",
    "## Heading\n", "- ", "1. ", "> ", "* ", "#", "![](a.jpg)\n", "SOURCE: X.\n", "Related news\n",
    "Photo credit: Y\n", "A sentence that is quite ordinary, and then goes on for a while",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(PIECES)), max_size=30).map("".join)


def read(text: str) -> Article:
    return read_text(text, Path("/corpus/any.txt"), "any")


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


def spoken(text: str, spans: list[Span]) -> list[int]:
    """Places of the characters that are not white space."""
    return [i for span in spans for i in range(span.start, span.end) if not text[i].isspace()]


# Properties over arbitrary text


@given(TEXTS, st.data())
def test_sentences_hold_every_character_of_their_stretch_once_and_in_order(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    whole = Span(start, data.draw(st.integers(start, len(text))))
    found = list(split_sentences(text, whole))
    assert spoken(text, found) == spoken(text, [whole])
    for span in found:
        assert whole.start <= span.start < span.end <= whole.end
        assert span.of(text) == span.of(text).strip()
        assert span.end - span.start <= MAX_SENTENCE_CHARS


@given(TEXTS)
def test_passages_are_the_bodys_own_words(text: str) -> None:
    article = read(text)
    assert article.body == text
    for n, passage in enumerate(split_passages(article)):
        assert passage.id == f"any#{n}"
        assert passage.text == passage.span.of(text)
        for span in passage.sentences:
            assert passage.sentence(span) == span.of(text)


@given(TEXTS)
def test_passages_and_their_sentences_stand_in_order_without_overlap(text: str) -> None:
    passages = split_passages(read(text))
    for one, other in pairwise(passages):
        assert one.span.end <= other.span.start
    for passage in passages:
        assert passage.sentences
        assert passage.span.start <= passage.sentences[0].start
        assert passage.sentences[-1].end <= passage.span.end
        for left, right in pairwise(passage.sentences):
            assert left.end <= right.start


@given(TEXTS)
def test_every_character_of_prose_is_in_exactly_one_sentence_and_boilerplate_in_no_passage(
    text: str,
) -> None:
    article = read(text)
    passages = split_passages(article)
    cited = [span for passage in passages for span in passage.sentences]
    prose = [block.span for block in article.blocks if block.kind == "prose"]
    assert spoken(text, cited) == spoken(text, prose)
    for junk in article.boilerplate:
        assert all(p.span.end <= junk.start or junk.end <= p.span.start for p in passages)


@given(TEXTS)
def test_blocks_leave_out_nothing_but_space_and_marks(text: str) -> None:
    blocks = read(text).blocks
    for one, other in pairwise(blocks):
        assert one.span.end <= other.span.start
    inside = {i for block in blocks for i in range(block.span.start, block.span.end)}
    left_out = {char for i, char in enumerate(text) if i not in inside and not char.isspace()}
    assert left_out <= set("#>-*+•.)") | {c for c in left_out if c.isdigit()}


@given(TEXTS)
def test_terms_are_the_same_whatever_stands_around(text: str) -> None:
    assert stems(text) == stems(f" {text} ")
    assert all(word and not word.isspace() for word in words(text))


# Packing


def test_passages_hold_whole_sentences_up_to_the_size() -> None:
    said = [f"Sentence {n} says that trade grew by {n} percent in that year." for n in range(60)]
    article = make_article("a.md", [" ".join(said[:30]), " ".join(said[30:])])
    passages = split_passages(article)
    assert [p.sentence(span) for p in passages for span in p.sentences] == said
    for passage in passages:
        assert count_tokens(passage.text) <= PASSAGE_TOKENS
    # None but the last could have taken the next sentence in.
    for one, other in pairwise(passages):
        first = other.sentence(other.sentences[0])
        assert count_tokens(one.text) + count_tokens(first) > PASSAGE_TOKENS


def test_a_sentence_longer_than_a_passage_is_a_passage_of_its_own() -> None:
    long = "The list names " + ", ".join(f"item {n}" for n in range(80)) + "."
    article = make_article("a.md", [f"A short one. {long} Another short one."])
    assert [p.text for p in split_passages(article)] == [
        "A short one.",
        long,
        "Another short one.",
    ]


def test_a_run_without_full_stop_is_cut_at_white_space() -> None:
    text = "word " * 1_000
    found = split_sentences(text, Span(0, len(text)))
    assert max(span.end - span.start for span in found) <= MAX_SENTENCE_CHARS
    assert all(set(span.of(text).split()) == {"word"} for span in found)


def test_a_heading_opens_the_passage_of_its_text_and_is_no_sentence() -> None:
    before = " ".join(f"Sentence {n} is about something else entirely." for n in range(14))
    body = f"{before}\n\n## Trade at risk\n\nTrade fell to 16 percent."
    last = split_passages(read(body))[-1]
    assert last.text == "## Trade at risk\n\nTrade fell to 16 percent."
    assert [last.sentence(span) for span in last.sentences] == ["Trade fell to 16 percent."]


def test_passages_do_not_reach_over_boilerplate() -> None:
    body = "Trade grew in May.\n\nPhoto credit: India Times\n\nIt fell in June."
    assert [p.text for p in split_passages(read(body))] == [
        "Trade grew in May.",
        "It fell in June.",
    ]


def test_an_article_of_headings_or_boilerplate_alone_has_no_passage() -> None:
    article = make_article("a.md", ["Only a heading"])
    (block,) = article.blocks
    assert split_passages(replace(article, blocks=(Block(block.span, "heading"),))) == ()
    assert split_passages(replace(article, blocks=(Block(block.span, "boilerplate"),))) == ()


# Hard cases

BOUNDS = [
    ["Gov. Smith spoke first.", "Then Rep. Lee left."],
    ["Lt. Gen. Rao and Sgt. Khan served.", "They retired."],
    ["Dr. A. P. J. Abdul Kalam met Mr. Singh on Jan. 5.", "They agreed."],
    ["Prof. J. Lee won.", "Mrs. D. Khan did not."],
    ["St. Petersburg is cold.", "Mt. Everest is high."],
    ["It cost Rs. 500 crore.", "Nobody paid."],
    ['The deal is worth "$1.5 billion."', "It was signed in May."],
    ["“It is $1.5 billion.”", "He left."],
    ["The U.S. Senate met.", "It adjourned."],
    ["He moved to the U.S.", "It was cold."],
    ["It is the No. 1 buyer.", "No. 2 is far behind."],
    ["The firm, Apple Inc., rose.", "Alphabet Inc. fell."],
    ["At 8 p.m. Thursday it closed.", "At 9 a.m. it opened."],
    ["Trade grew — by 5.5 percent — last year.", "It fell before."],
    ["FY2024-25 brought $86.07 million-only 0.02% of the total.", "It grew."],
    ["Inflation hit 3.5% in Q1.", "GDP fell 0.2% y/y."],
    ["LONDON (AP) — Trade grew.", "It fell in May."],
    ["Is it true?", "Yes!", "It is."],
    ["Nobody cared...", "Talks failed."],
    ["Visit example.com.", "It is free."],
    ["Azerbaijan’s stance isn’t new.", "It’s the third country, after Turkey."],
    ["He said: “We will go.", "We will win.”", "Then he left."],
]  # fmt: skip


@pytest.mark.parametrize("said", BOUNDS, ids=lambda said: said[0][:30])
def test_sentence_bounds(said: list[str]) -> None:
    assert sentences(" ".join(said)) == said


def test_a_line_break_inside_a_sentence_does_not_end_it() -> None:
    assert sentences("Trade\nfell in May.\nIt\r\ngrew.") == ["Trade\nfell in May.", "It\r\ngrew."]
