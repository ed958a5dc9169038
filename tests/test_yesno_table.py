"""The table of yes/no questions: its rows, its counts, and what is wrong with a line."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from evals.yesno_table import Outcome, Row, TableError, load_rows, table
from rag.answer import Answer

HALVES = [ROOT / "evals" / "yesno" / f"{half}.jsonl" for half in ("dev", "test")]


def test_the_halves_share_no_question() -> None:
    dev, test = ({row.question for row in load_rows(path)} for path in HALVES)
    assert len(dev) >= 60
    assert len(test) >= 60
    assert not dev & test


@pytest.mark.parametrize(
    "line",
    ['{"question": "Is it?"}', "no json", '{"question": "Is it?", "said": "aye", "of": "x"}'],
)
def test_a_line_that_is_no_row_is_refused_with_its_place(tmp_path: Path, line: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"rows\.jsonl:1"):
        load_rows(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        load_rows(tmp_path / "none.jsonl")


def test_a_wrong_word_is_counted_and_shown() -> None:
    answer = Answer("", "", "extractive", "No: it is not")
    outcomes = [
        Outcome(Row("Is it so?", "yes", "corpus", None), "no", answer),
        Outcome(Row("Was it so?", "neither", "corpus", None), "neither", answer),
    ]
    told = table(outcomes)
    assert "all: 2 questions, 1 with a right word; yes or no said to 1, wrongly to 1" in told
    assert told.endswith("wrong: no, not yes: Is it so?")
