"""The scorer of labelled attributions, on made-up text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evals.attribution_table import TableError, load_table, main, measures, run_table
from rag.reading.text import read_text

TEXT = (
    "The bridge is closed. “It is unsafe,” Ann Lee said. “It will stay shut.” She said it would be"
    " rebuilt. The mayor allegedly knew."
)
LABELS = [
    ("The bridge is closed.", "fact", None),
    ("“It will stay shut.”", "reported", "Ann Lee"),
    ("She said it would be rebuilt.", "reported", "Ann Lee"),
    ("The mayor allegedly knew.", "alleged", None),
]


def record(sentence: str, kind: str, speaker: str | None) -> dict[str, object]:
    start = TEXT.index(sentence)
    at = TEXT.index(speaker) if speaker else None
    span = None if speaker is None or at is None else [at, at + len(speaker)]
    end = start + len(sentence)
    return {"article": "bridge", "start": start, "end": end, "kind": kind, "speaker": span}


def written(folder: Path, labels: list[tuple[str, str, str | None]]) -> Path:
    path = folder / "table.jsonl"
    path.write_text("\n".join(json.dumps(record(*label)) for label in labels), encoding="utf-8")
    return path


def articles():
    return {"bridge": read_text(TEXT, Path("bridge"), "bridge")}


def test_right_kinds_and_speakers_score_full_marks(tmp_path):
    outcomes = run_table(load_table(written(tmp_path, LABELS)), articles())
    scores = measures(outcomes)
    assert scores["kind"] == [1.0] * 4
    assert scores["speaker found"] == [1.0, 1.0]
    assert scores["speaker right"] == [1.0, 1.0]


def test_a_wrong_kind_or_speaker_scores_nothing(tmp_path):
    labels = [("The mayor allegedly knew.", "fact", None)]
    labels += [("She said it would be rebuilt.", "reported", "The mayor")]
    scores = measures(run_table(load_table(written(tmp_path, labels)), articles()))
    assert scores["kind"] == [0.0, 1.0]
    assert scores["speaker found"] == [0.0]
    assert scores["speaker right"] == [0.0]


def test_an_article_that_is_not_there_is_named(tmp_path):
    with pytest.raises(TableError, match="no article bridge"):
        run_table(load_table(written(tmp_path, LABELS)), {})


@pytest.mark.parametrize("line", ["{", "[]", '{"article": "a"}', "1"])
def test_a_bad_line_is_named_with_its_number(tmp_path, line):
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(TableError, match=r"bad\.jsonl, line 1"):
        load_table(path)


def test_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(TableError, match="kind is 'rumour'"):
        load_table(written(tmp_path, [("The bridge is closed.", "rumour", None)]))


def test_the_command_prints_measures_and_errors(tmp_path, capsys):
    data = tmp_path / "data.json.gz"
    one = {"id": "bridge", "url": "https://a.example/b", "title": "T", "published": None}
    with gzip.open(data, "wt", encoding="utf-8") as file:
        json.dump({"articles": [{**one, "text": TEXT}], "cases": []}, file)
    table = written(tmp_path, [*LABELS, ("The mayor allegedly knew.", "fact", None)])
    assert main([str(table), str(data), "--show-errors"]) == 0
    out = capsys.readouterr().out
    assert "80.0%" in out
    assert "fact taken for alleged: 1" in out
    assert "labelled fact, None" in out


def test_a_missing_file_is_an_error_without_a_traceback(tmp_path, capsys):
    assert main([str(tmp_path / "none.jsonl"), str(tmp_path / "none.gz")]) == 1
    assert "give the path" in capsys.readouterr().err


@pytest.mark.parametrize("half", ["dev", "test"])
def test_the_tables_of_the_project_are_well_formed_and_hold_no_text(half):
    path = Path(__file__).parents[1] / "evals" / "attribution" / f"{half}.jsonl"
    table = load_table(path)
    assert len(table) >= 120
    assert len({(one.article_id, one.span) for one in table}) == len(table)
    for line in path.read_text(encoding="utf-8").splitlines():
        assert json.loads(line).keys() == {"article", "start", "end", "kind", "speaker", "sample"}
