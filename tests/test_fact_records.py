"""Facts as text: all of them come back whole, and what is no such text is refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from rag.checking.clashes.fact_records import dump_facts, load_facts
from rag.checking.clashes.facts import READER, facts_of
from rag.reading.articles import read_articles
from rag.types import Article

ROOT = Path(__file__).parents[1]
READ_BY = ("facts-1", "a01a64c616ab")
"""The rules' name, and the first digits of the SHA-256 of what they read in our own articles."""


def our_articles() -> tuple[Article, ...]:
    suites = ROOT / "evals" / "suites"
    return read_articles([ROOT / "corpus", *sorted(suites.glob("*.articles"))]).articles


def test_facts_come_back_whole() -> None:
    for article in our_articles():
        facts = facts_of(article)
        assert load_facts(dump_facts(facts), article.source) == facts


def test_rules_that_read_otherwise_have_another_name() -> None:
    texts = [dump_facts(facts_of(article)) for article in our_articles()]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
    assert (READER, digest) == READ_BY, (
        "other facts are read than before: give rag.checking.clashes.facts.READER its next name, so"
        " that archives are read anew, and write both down in READ_BY"
    )


@pytest.mark.parametrize(
    "text",
    [
        "", "{}x", "[1]", "[[0]]", '[["0","It rose 5 %.",[]]]x', '[[0,"It rose.",[[]]]]',
        '[[0,"a",[[["x",null,"%","percent",false,null,null,0,1],"",[],[],[],[],null,null,[],[],""]]]]',
        '[[0,"a",[[["1",null,"%","sum",false,null,null,0,1],"",[],[],[],[],null,null,[],[],""]]]]',
        '[[0,"a",[[["1",null,"%","percent",false,null,null,0,1],"",[7],[],[],[],null,null,[],[],""]]]]',
        "[" * 5_000,
    ],
)  # fmt: skip
def test_a_text_that_is_not_of_facts_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_facts(text, our_articles()[0].source)
