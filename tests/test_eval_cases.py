"""Suites of questions: a line becomes the case it describes, or is refused with its place."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from scripted import write_suite

from evals.cases import FIELDS, Case, load_cases
from evals.gold import CasesError, GoldConflict, GoldFigure
from evals.suite import load_suites

BASIC = {"id": "fig-001", "question": "What traffic is there?"}
GIVEN = {**BASIC, "answers": ["160,000"]}
UNGIVEN = {"id": "nm-001", "question": "What did it cost?", "reason": "figure_not_given"}


def case_of(tmp_path: Path, **fields: Any) -> Case:
    (case,) = load_cases(write_suite(tmp_path / "one.jsonl", {**BASIC, **fields}))
    return case


def test_a_line_becomes_the_case_it_describes(tmp_path):
    full = {
        **GIVEN,
        "history": ["Which bridge is it?"],
        "all_of": ["vehicles"],
        "figure": {"value": "160000", "unit": ""},
        "subject": ["bridge|span"],
        "attribution": ["Ministry"],
        "never": ["tunnel"],
        "conflict": {"figures": ["160,000", "170,000"], "kind": "update"},
        "polarity": "neither",
        "article": "bridge.md",
        "articles": ["bridge.md", "tunnel.md"],
        "reason": None,
        "split": "test",
        "tags": ["terse"],
        "note": "asked in May",
        "kind": "figure",
        "answerable": True,
    }
    assert set(full) == set(FIELDS)
    assert load_cases(write_suite(tmp_path / "suite.jsonl", full, UNGIVEN)) == (
        Case(
            id="fig-001",
            question="What traffic is there?",
            history=("Which bridge is it?",),
            figure=GoldFigure(Decimal(160_000), ""),
            answers=("160,000",),
            all_of=("vehicles",),
            subject=("bridge|span",),
            attribution=("Ministry",),
            never=("tunnel",),
            conflict=GoldConflict(("160,000", "170,000"), "update"),
            polarity="neither",
            articles=("bridge.md", "tunnel.md"),
            split="test",
            tags=("terse", "figure"),
        ),
        Case(id="nm-001", question="What did it cost?", reason="figure_not_given"),
    )


@pytest.mark.parametrize(
    ("written", "gold"),
    [
        ("$1.5 billion", GoldFigure(Decimal(1_500_000_000), "USD")),
        ("16 per cent", GoldFigure(Decimal(16), "%")),
        ("third-largest", GoldFigure(Decimal(3), "rank")),
        ("160,000", GoldFigure(Decimal(160_000), "")),
        ("160,000 vehicles", GoldFigure(Decimal(160_000), "")),
        ({"value": 0.2, "unit": "times"}, GoldFigure(Decimal("0.2"), "times")),
        ({"value": "2", "unit": "km", "high": "3"}, GoldFigure(Decimal(2), "km", Decimal(3))),
    ],
)
def test_a_gold_figure_is_written_as_in_an_article_or_as_value_and_unit(tmp_path, written, gold):
    assert case_of(tmp_path, figure=written).figure == gold


def test_empty_lines_and_comments_are_no_cases(tmp_path):
    path = tmp_path / "suite.jsonl"
    line = json.dumps(GIVEN)
    path.write_text(f"\ufeff# a comment\n\n  // another\n{line}\n \n", encoding="utf-8")
    assert [case.id for case in load_cases(path)] == ["fig-001"]
    (suite,) = load_suites([str(path)])
    assert suite.fields() == {"fig-001": GIVEN}


def test_a_line_separator_inside_of_a_string_ends_no_line(tmp_path):
    fields = {**GIVEN, "question": "What\u2028traffic?"}
    path = tmp_path / "suite.jsonl"
    path.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
    assert load_cases(path)[0].question == "What\u2028traffic?"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"question": "  "}, "'question' is '  '; give a str"),
        ({"id": 7}, "'id' is 7; give a str"),
        ({"answers": "160,000"}, "'answers' is '160,000'; give a list"),
        ({"answers": [160000]}, "'answers' is [160000]; give a list of non-empty strings"),
        ({"answers": [" "]}, "give a list of non-empty strings"),
        ({"anwser": "160,000"}, "unknown field 'anwser'; known: id, question"),
        ({"answers": []}, "no gold; give figure, answers, all_of or"),
        ({"answers": None}, "no gold"),
        ({"reason": "too_hard"}, "unknown reason 'too_hard'; known: empty_index, off_topic"),
        ({"reason": "off_topic"}, "'reason' and 'answers' exclude each other; remove one"),
        ({"split": "train"}, "unknown split 'train'; known: dev, test"),
        ({"answerable": False}, "'answerable' contradicts the other fields"),
        ({"answerable": 1}, "'answerable' is 1; give a bool"),
        ({"subject": ["trade"]}, "'subject' without 'figure'"),
        ({"figure": "some trade"}, "reads as 0 figures; write one, such as"),
        ({"figure": "$1 for 2 people"}, "reads as 2 figures"),
        ({"figure": {"value": "16"}}, "give value and unit"),
        ({"figure": {"value": "16", "unit": "%", "low": 1}}, "give value and unit"),
        ({"figure": {"value": "a lot", "unit": "%"}}, "has a value that is no number"),
        ({"conflict": {"figures": "12"}}, "give figures, a list"),
        ({"conflict": {"figures": [12]}}, "give a list of non-empty strings"),
        ({"conflict": {"figures": ["1", "2"], "kind": "typo"}}, "unknown kind 'typo'"),
        ({"id": "nm-001"}, "id 'nm-001' is taken by line 1; choose another"),
    ],
)
def test_a_broken_line_is_refused_with_its_place(tmp_path, change, complaint):
    path = write_suite(tmp_path / "suite.jsonl", UNGIVEN, {**GIVEN, **change})
    with pytest.raises(CasesError, match=re.escape(complaint)) as caught:
        load_cases(path)
    assert str(caught.value).startswith(f"{path}:2: ")


@pytest.mark.parametrize("name", ["id", "question"])
def test_a_missing_field_is_named(tmp_path, name):
    path = write_suite(tmp_path / "suite.jsonl", {k: v for k, v in GIVEN.items() if k != name})
    with pytest.raises(CasesError, match=f":1: {name} missing; add it"):
        load_cases(path)


@pytest.mark.parametrize("text", [None, "", "# only a comment\n", "[1]\n", "{oops\n", b"\xff{}\n"])
def test_a_file_without_a_case_is_refused(tmp_path, text):
    path = tmp_path / "suite.jsonl"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CasesError, match=r"suite\.jsonl:"):
        load_cases(path)


def test_a_suite_is_found_by_name_and_by_path_and_its_articles_beside_it(tmp_path):
    path = write_suite(tmp_path / "mine.jsonl", GIVEN)
    mine, traps = load_suites([str(path), "traps"])
    assert (mine.name, mine.is_built_in, mine.articles) == ("mine", False, None)
    assert (traps.name, traps.is_built_in, traps.articles) == ("traps", True, None)
    (tmp_path / "mine.articles").mkdir()
    (mine,) = load_suites([str(path)])
    assert mine.articles == tmp_path / "mine.articles"


def test_a_suite_that_is_neither_file_nor_built_in_is_refused_with_the_names_there_are():
    with pytest.raises(CasesError, match=r"'figuers' is no file, and none of the suites .*figures"):
        load_suites(["figuers"])


def test_two_suites_of_one_name_are_refused(tmp_path):
    path = write_suite(tmp_path / "traps.jsonl", GIVEN)
    with pytest.raises(CasesError, match="two suites are called traps; rename one"):
        load_suites(["traps", str(path)])


def test_a_split_takes_its_cases_only(tmp_path):
    path = write_suite(tmp_path / "suite.jsonl", GIVEN, {**UNGIVEN, "split": "test"})
    (suite,) = load_suites([str(path)], split="test")
    assert [case.id for case in suite.cases] == ["nm-001"]
    other = write_suite(tmp_path / "other.jsonl", GIVEN)
    with pytest.raises(CasesError, match="no case is of the split 'test'; leave --split out"):
        load_suites([str(other)], split="test")
