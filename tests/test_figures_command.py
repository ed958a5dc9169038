"""`footnote figures` on the bundled articles: a table under each sentence, JSON, errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import run

ID = "azerbaijan-boycott-calls-india"


def test_figures_are_listed_with_value_subject_period_and_place(
    corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "figures", "--home", corpus_home, ID)
    assert (code, err) == (0, "")
    (line,) = [line for line in out.splitlines() if line.startswith("  $86.07 million")]
    assert line.split()[:4] == ["$86.07", "million", "86,070,000", "USD"]
    assert "Indian exports, to Azerbaijan" in line
    assert "2024/25" in line
    start, end = map(int, line.split()[-1].split(":"))
    assert run(capsys, "show", "--home", corpus_home, ID)[0] == 0
    assert end - start == len("$86.07 million")


def test_the_json_gives_places_that_count_in_the_body(
    corpus_home: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    from ui.cli import main

    assert main(["figures", "--home", str(corpus_home), ID, "--json"]) == 0
    rows = json.loads(capsysbinary.readouterr().out)
    assert main(["show", "--home", str(corpus_home), ID, "--raw"]) == 0
    body = capsysbinary.readouterr().out.decode("utf-8")
    assert len(rows) > 10
    for row in rows:
        assert body[row["start_char_index"] : row["end_char_index"]] == row["text"]
        start, end = row["sentence"]
        assert start <= row["start_char_index"] < row["end_char_index"] <= end
    ranks = {row["text"]: row for row in rows if row["kind"] == "rank"}
    assert ranks["third-largest"]["subject"] == "destination"
    assert ranks["third-largest"]["period"] == "2023"


def test_an_unknown_article_is_an_error_that_names_it(
    corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "figures", "--home", corpus_home, "no-such-article")
    assert (code, out) == (1, "")
    assert "no-such-article" in err


def test_an_article_without_figures_says_so(
    corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "figures", "--home", corpus_home, "azerbaijan-inquiry-indian-arms")
    assert (code, out) == (0, "")
    assert "no figures" in err
