"""Gates and baselines: what is missed, and which cases are to blame."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted import quote

from evals.cases import Case
from evals.gates import GATES, Gate, Gates, GatesError, judge, load_baseline, load_gates, outcome
from evals.metrics import Metric, Score
from evals.records import Header, Record, RunError
from evals.suite import built_in_names
from evals.summary import Result, Summary, summarise

HEADER = Header("2026-01-02", "0.1.0", "extractive", "bge", {}, {}, 2)


def result(name: str, suite: str = "mine", error: str | None = None, **scores: float | None):
    """A case of the suite that has these scores."""
    case = Case(id=name, question=f"What of {name}?", answers=("x",))
    record = Record(suite, case, None if error else quote("The bridge"), error=error)
    return Result(record, tuple(Score(name, m, v, "why") for m, v in scores.items()))


def summary(*results: Result) -> Summary:
    return summarise(HEADER, results)


GOOD, BAD = result("good", right=1.0), result("bad", right=0.0)


def gates(*bounds: tuple[str, Metric, float | None, float | None], regressions=None) -> Gates:
    return Gates(tuple(Gate(*bound) for bound in bounds), regressions)


def test_the_shipped_gates_ask_for_exact_citations_everywhere():
    lows = {gate.metric: gate.low for gate in load_gates(GATES).bounds if gate.suite == "all"}
    assert (lows["offsets"], lows["figures_cited"]) == (1.0, 1.0)


def test_the_shipped_gates_are_of_suites_that_are_there():
    assert {gate.suite for gate in load_gates(GATES).bounds} <= {"all", *built_in_names()}


def test_gates_are_read_from_tables(tmp_path):
    path = tmp_path / "gates.toml"
    path.write_text(
        "[all]\nright = { min = 0.9 }\nwrong = { max = 0.05 }\n"
        '[traps]\n"recall@5" = { min = 0.5, max = 1 }\n[regressions]\nmax = 2\n',
        encoding="utf-8",
    )
    read = load_gates(path)
    assert read == gates(
        ("all", "right", 0.9, None),
        ("all", "wrong", None, 0.05),
        ("traps", "recall@5", 0.5, 1),
        regressions=2,
    )
    assert [gate.bound for gate in read.bounds] == [
        "at least 0.9",
        "at most 0.05",
        "at least 0.5 and at most 1",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[all\n", "cannot be read as TOML"),
        (None, "cannot be read as TOML"),
        ("right = 0.9\n", "'right' is 0.9; write a [right] table"),
        ("[all]\nrigth = { min = 1 }\n", "[all] rigth: no metric; known: right, figure"),
        ("[all]\nright = 0.9\n", "[all] right = 0.9; write { min = 0.9 }"),
        ("[all]\nright = {}\n", "write { min = 0.9 }"),
        ("[all]\nright = { least = 1 }\n", "write { min = 0.9 }"),
        ("[all]\nright = { min = 95 }\n", "a bound is from 0 to 1"),
        ("[all]\nright = { min = nan }\n", "a bound is from 0 to 1"),
        ('[all]\nright = { min = "1" }\n', "a bound is from 0 to 1"),
        ("[all]\nright = { min = true }\n", "a bound is from 0 to 1"),
        ("regressions = 1\n", "[regressions] is 1; write max = 0"),
        ("[regressions]\nmin = 1\n", "write max = 0"),
    ],
)
def test_gates_that_make_no_sense_are_refused_with_their_place(tmp_path, text, complaint):
    path = tmp_path / "gates.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(GatesError, match=re.escape(complaint)) as caught:
        load_gates(path)
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize(
    ("bound", "passed", "blamed"),
    [
        (("all", "right", 0.5, None), True, ()),
        (("all", "right", 0.51, None), False, ("mine/bad",)),
        (("mine", "right", 1.0, None), False, ("mine/bad",)),
        (("all", "right", None, 0.4), False, ("mine/good",)),
        (("all", "right", 0.5, 0.5), True, ()),
    ],
)
def test_a_gate_is_missed_by_the_mean_and_names_the_cases_to_blame(bound, passed, blamed):
    (gate,) = judge(summary(GOOD, BAD), gates(bound), None).gates
    assert (gate.name, gate.value) == (f"{bound[0]}.right", 0.5)
    assert (gate.passed, gate.cases) == (passed, blamed)


def test_an_upper_bound_blames_the_cases_above_it():
    run = summary(result("good", wrong=0.0), result("bad", wrong=1.0))
    (gate,) = judge(run, gates(("all", "wrong", None, 0.1)), None).gates
    assert (gate.passed, gate.cases) == (False, ("mine/bad",))


def test_a_gate_of_one_suite_leaves_the_others_alone():
    run = summary(GOOD, replace(BAD, record=replace(BAD.record, suite="other")))
    (gate,) = judge(run, gates(("mine", "right", 1.0, None)), None).gates
    assert gate.passed


def test_a_gate_of_a_suite_that_was_not_run_says_nothing():
    judged = judge(summary(GOOD), gates(("traps", "trap", 1.0, None)), None)
    assert judged.gates == ()
    assert judged.passed


def test_a_gate_over_all_says_nothing_of_a_metric_that_no_case_is_for():
    assert judge(summary(GOOD), gates(("all", "refused", 1.0, None)), None).gates == ()


@pytest.mark.parametrize("suite", ["all", "mine"])
def test_a_gate_against_which_nothing_could_be_scored_is_missed(suite):
    run = summary(result("a", reason=None), result("b", reason=None))
    judged = judge(run, gates((suite, "reason", 0.0, None)), None)
    assert [(gate.value, gate.passed) for gate in judged.gates] == [(None, False)]
    assert not judged.passed


def test_a_gate_against_which_nothing_could_be_scored_names_its_cases():
    run = summary(result("a", reason=None), result("b", reason=None))
    (gate,) = judge(run, gates(("all", "reason", 0.0, None)), None).gates
    assert gate.cases == ("mine/a", "mine/b")


def test_a_gate_of_a_suite_that_has_no_case_for_its_metric_is_missed():
    (gate,) = judge(summary(GOOD), gates(("mine", "trap", 1.0, None)), None).gates
    assert (gate.value, gate.passed) == (None, False)


def test_a_case_that_could_not_be_asked_fails_the_run_whatever_the_gates():
    judged = judge(summary(GOOD, result("lost", error="too long")), gates(), None)
    assert not judged.passed
    assert judge(summary(GOOD), gates(), None).passed


def saved(path: Path, run: Summary) -> Path:
    path.mkdir()
    file = path / "summary.json"
    file.write_text(json.dumps(outcome(run, path.name)), encoding="utf-8")
    return path


def test_an_outcome_is_read_as_it_was_written(tmp_path):
    run = summary(GOOD, BAD, result("half", right=None))
    folder = saved(tmp_path / "run-1", run)
    baseline = load_baseline(folder)
    assert baseline.name == "run-1"
    assert baseline.shares == run.shares
    assert (baseline.failed, baseline.cases) == (
        {"mine/bad"},
        {"mine/good", "mine/bad", "mine/half"},
    )
    assert load_baseline(folder / "summary.json") == baseline
    assert load_baseline(folder / "results.jsonl") == baseline


def test_regressions_are_the_cases_that_the_baseline_has_right(tmp_path):
    before = summary(
        result("was-right", right=1.0), result("was-wrong", right=0.0), result("fine", right=1.0)
    )
    now = summary(
        result("was-right", right=0.0),
        result("was-wrong", right=0.0),
        result("fine", right=1.0),
        result("new", right=0.0),
    )
    baseline = load_baseline(saved(tmp_path / "v1", before))
    (gate,) = judge(now, gates(regressions=0), baseline).gates
    assert (gate.name, gate.value, gate.passed) == ("regressions", 1.0, False)
    assert gate.cases == ("mine/was-right",)
    assert gate.bound == "at most 0 that v1 has right"
    assert judge(now, gates(regressions=1), baseline).passed
    assert judge(now, gates(regressions=0), None).gates == ()
    assert judge(now, gates(), baseline).gates == ()


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[]",
        "5",
        '"x"',
        '{"name": "x"}',
        '{"name": "x", "shares": [{"cell": ["a"]}], "failed": [], "cases": []}',
        '{"name": "x", "shares": [], "failed": null, "cases": []}',
    ],
)
def test_what_is_no_outcome_of_a_run_is_refused(tmp_path, content: Any):
    path = tmp_path / "summary.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(RunError, match=r"no outcome of a run .*; name a run's folder"):
        load_baseline(tmp_path)
