"""A run's file: what is written is read again, a line that was cut off is left out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import OPENED, TRAFFIC, cite, quote, refuse

from evals.cases import Case
from evals.records import Header, Record, RunError, read_run, to_line, write_header
from rag.answer import Answer, Usage

HEADER = Header(
    created="2026-01-02T03:04:05+00:00",
    version="0.1.0",
    mode="extractive",
    model="bundled bge",
    suites={"suite": "5" * 64},
    corpora={"suite": "c" * 64},
    jobs=2,
)
FIELDS = {"id": "a", "question": "What traffic?", "answers": ["160,000"]}
CASE = Case(id="a", question="What traffic?", answers=("160,000",))
USAGE = Usage("m", "example.org", 2, 900, 40, Decimal("0.0012"))
RECORD = Record("suite", CASE, quote(TRAFFIC), ("bridge#0",), usage=USAGE)

seconds = st.dictionaries(st.text(), st.floats(0, 1e6))
confidences = st.none() | st.floats(0, 1)


@settings(max_examples=60)
@given(st.builds(Answer, seconds=seconds, confidence=confidences))
def test_an_answer_of_any_kind_comes_back_from_its_json_as_it_was(answer):
    written = answer.to_dict()
    assert Answer.from_dict(json.loads(json.dumps(written))).to_dict() == written


def test_what_the_contract_holds_of_an_answer_comes_back_whole():
    refused = refuse("other_period", cite(OPENED))
    assert Answer.from_dict(refused.to_dict()) == refused
    answer = quote(TRAFFIC)
    assert Answer.from_dict(answer.to_dict()) == answer


def run_file(path: Path, *records: Record) -> Path:
    write_header(path, HEADER)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(to_line(record, FIELDS) for record in records)
    return path


def test_header_and_records_are_read_as_they_were_written(tmp_path):
    lost = Record("suite", CASE, None, error="too long; shorten it")
    path = run_file(tmp_path / "results.jsonl", RECORD, lost)
    assert read_run(path) == (HEADER, (RECORD, lost))


def test_every_line_is_json_with_the_full_answer_and_the_header_tells_of_what(tmp_path):
    path = run_file(tmp_path / "results.jsonl", RECORD)
    header, line = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert header["suites"]["suite"] == "5" * 64
    assert header["corpora"]["suite"] == "c" * 64
    assert (header["version"], header["model"]) == ("0.1.0", "bundled bge")
    assert line["case"] == FIELDS
    assert line["answer"] == quote(TRAFFIC).to_dict()


@pytest.mark.parametrize("kept", [1, 20, -1])
def test_a_last_line_that_was_cut_off_is_left_out(tmp_path, kept):
    path = run_file(tmp_path / "results.jsonl", RECORD)
    cut = to_line(RECORD, FIELDS)[:kept]
    path.write_text(path.read_text(encoding="utf-8") + cut, encoding="utf-8")
    assert read_run(path) == (HEADER, (RECORD,))


def changed(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def of(text: str) -> str:
        lines = [json.loads(line) for line in text.splitlines()]
        change(lines[-1])
        return "".join(json.dumps(line) + "\n" for line in lines)

    return of


@pytest.mark.parametrize(
    "broken",
    [
        lambda _: "",
        lambda _: "{}\n",
        lambda _: "[]\n",
        lambda text: text.replace('"format": 1', '"format": 2'),
        lambda text: text.replace('"jobs": 2', '"jobs": 2, "more": 3'),
        lambda text: text + "{oops\n",
        lambda text: text + "null\n",
        changed(lambda line: line.pop("answer")),
        changed(lambda line: line["answer"].pop("claims")),
        changed(lambda line: line["case"].pop("answers")),
    ],
)
def test_a_file_that_is_no_run_of_this_version_is_refused(tmp_path, broken):
    path = run_file(tmp_path / "results.jsonl", RECORD)
    path.write_text(broken(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(RunError, match=r"results\.jsonl: no run of this version .* run it again"):
        read_run(path)


def test_a_file_that_is_not_there_is_an_error_with_its_name(tmp_path):
    with pytest.raises(RunError, match=r"gone\.jsonl: cannot be read .*results\.jsonl"):
        read_run(tmp_path / "gone.jsonl")


def test_runs_differ_by_what_is_asked_of_whom_and_not_by_when_and_how_quickly():
    assert replace(HEADER, created="later", jobs=9).identity == HEADER.identity
    for change in ({"version": "2"}, {"mode": "llm"}, {"model": "m"}, {"suites": {}}):
        assert replace(HEADER, **change).identity != HEADER.identity
