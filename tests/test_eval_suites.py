"""The suites that come with Footnote: well-formed, asked once, their gold in the articles."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

from evals.cases import Case, load_cases
from evals.matching import contains, gives_figure, lacks, normalise
from evals.scoring import original_names
from evals.suite import BUILT_IN, Suite, built_in_names, load_suites
from rag.reading.articles import read_articles
from rag.splitting.passages import split_passages
from rag.types import Article, Source

ORIGINALS = sorted((BUILT_IN / "originals").glob("*.jsonl"))
SUITES = load_suites(())
CORPUS = ROOT / "corpus"
PLANTED = BUILT_IN / "conflicts-planted.articles"

each_suite = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)


@cache
def articles_in(folder: Path) -> tuple[Article, ...]:
    return tuple(read_articles([folder]).articles)


def articles_of(suite: Suite, case: Case) -> Sequence[Article]:
    """The case's gold articles; all that the suite is asked of where any will do."""
    every = articles_in(suite.articles or CORPUS)
    gold = {name: a for a in every for name in original_names(a.source)}
    return [gold[name] for name in case.articles] if case.articles else every


def sentences(article: Article) -> Iterator[str]:
    for passage in split_passages(article):
        yield from (passage.sentence(span) for span in passage.sentences)


def stands(words: str, articles: Sequence[Article]) -> bool:
    return any(contains(article.body, words) for article in articles)


def test_the_suites_that_the_docs_name_are_there():
    on_the_corpus = {
        "figures", "dates", "names", "traps", "unanswerable", "followups", "conflicts",
        "attribution", "open", "yesno",
    }  # fmt: skip
    assert set(built_in_names()) == on_the_corpus | {"traps-planted", "conflicts-planted"}
    assert {suite.name for suite in SUITES if suite.articles is None} == on_the_corpus
    assert sum(len(suite.cases) for suite in SUITES if suite.articles is None) >= 250


@pytest.mark.parametrize("path", ORIGINALS, ids=lambda path: path.name)
def test_a_suite_about_the_originals_is_well_formed(path):
    assert load_cases(path)


@each_suite
def test_both_splits_have_a_good_part_of_a_suite(suite):
    splits = Counter(case.split for case in suite.cases)
    assert min(splits["dev"], splits["test"]) >= len(suite.cases) / 3


def test_no_question_is_asked_twice():
    asked = Counter(
        tuple(normalise(question).rstrip("?. ") for question in (*case.history, case.question))
        for suite in SUITES
        for case in suite.cases
    )
    assert [questions for questions, n in asked.items() if n > 1] == []


def test_no_id_is_given_twice():
    ids = Counter(case.id for suite in SUITES for case in suite.cases)
    assert [name for name, n in ids.items() if n > 1] == []


@each_suite
def test_every_gold_figure_and_its_subject_stand_in_a_sentence_of_a_gold_article(suite):
    adrift = [
        case.id
        for case in suite.cases
        if case.figure
        and not any(
            gives_figure(said, case.figure) and not lacks(said, case.subject)
            for article in articles_of(suite, case)
            for said in sentences(article)
        )
    ]
    assert adrift == []


@each_suite
def test_every_gold_answer_stands_in_a_gold_article(suite):
    adrift = []
    for case in suite.cases:
        gold = articles_of(suite, case)
        adrift += [(case.id, words) for words in case.answers if not stands(words, gold)]
        adrift += [(case.id, words) for words in case.all_of if not stands(words, gold)]
    assert adrift == []


@each_suite
def test_who_says_it_stands_in_the_article_or_on_its_card(suite):
    adrift = []
    for case in suite.cases:
        cards = [f"{a.source.outlet} {a.source.title} {a.body}" for a in articles_of(suite, case)]
        kept = [who for who in case.attribution if any(contains(card, who) for card in cards)]
        if case.attribution and not kept:
            adrift.append(case.id)
    assert adrift == []


@each_suite
def test_every_side_of_a_disagreement_stands_in_a_gold_article(suite):
    adrift = [
        (case.id, side)
        for case in suite.cases
        if case.conflict
        for side in case.conflict.figures
        if not stands(side, articles_of(suite, case))
    ]
    assert adrift == []
    assert all(len(set(c.conflict.figures)) > 1 for c in suite.cases if c.conflict)


def test_every_gold_answer_of_the_development_suite_stands_in_the_corpus():
    every = articles_in(CORPUS)
    originals = {name: article for article in every for name in original_names(article.source)}
    adrift = [
        (case.id, name)
        for case in load_cases(BUILT_IN / "originals" / "dev.jsonl")
        for name in case.articles
        if not any(contains(originals[name].body, gold) for gold in case.answers)
    ]
    assert adrift == []


def test_every_planted_disagreement_and_decoy_is_where_the_gold_says():
    gold = json.loads((PLANTED / "gold.json").read_text(encoding="utf-8"))
    by_name = {Path(article.source.path).name: article for article in articles_in(PLANTED)}
    adrift = [
        (side["article"], side["figure"])
        for entry in (*gold["conflicts"], *gold["decoys"])
        for side in entry["sides"]
        if not contains(by_name[side["article"]].body, side["figure"])
    ]
    assert adrift == []
    assert {s["article"] for e in gold["conflicts"] + gold["decoys"] for s in e["sides"]} == set(
        by_name
    )


def test_the_suite_of_planted_disagreements_asks_about_each_of_them_and_no_other():
    gold = json.loads((PLANTED / "gold.json").read_text(encoding="utf-8"))
    planted = {
        (entry["kind"], frozenset(side["figure"] for side in entry["sides"]))
        for entry in gold["conflicts"]
    }
    asked = {
        (case.conflict.kind, frozenset(case.conflict.figures))
        for case in load_cases(BUILT_IN / "conflicts-planted.jsonl")
        if case.conflict
    }
    assert asked == planted


def test_an_article_stands_for_itself_and_for_the_original_that_it_restates(tmp_path):
    restated, plain = tmp_path / "traffic.md", tmp_path / "bridge.txt"
    restated.write_text("---\ntitle: T\nrestates: bridge.txt\n---\n\nBody.\n", encoding="utf-8")
    plain.write_text("restates: tunnel.txt\n", encoding="utf-8")

    def names(path: Path) -> frozenset[str]:
        return original_names(Source("known-as", "T", None, None, None, None, str(path)))

    assert names(restated) == {"known-as", "traffic.md", "bridge.txt"}
    assert names(plain) == {"known-as", "bridge.txt"}
    assert names(tmp_path / "gone.md") == {"known-as", "gone.md"}


def test_a_broken_front_matter_names_no_original(tmp_path):
    path = tmp_path / "odd.md"
    path.write_text("---\nrestates: [\n---\n\nBody.\n", encoding="utf-8")
    assert original_names(Source("odd", "T", None, None, None, None, str(path))) == {
        "odd",
        "odd.md",
    }
