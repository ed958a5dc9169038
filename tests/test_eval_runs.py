"""Runs: watched, stopped, gone on with, scored again without asking, and the same every time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest
from scripted import (
    BRIDGE,
    COST,
    FERRY,
    TRAFFIC,
    TUNNEL,
    Scripted,
    quote,
    refuse,
    write_suite,
)

from evals.asking import Asked, Progress
from evals.folders import EvaluationError
from evals.gold import CasesError
from evals.records import RunError, read_run
from evals.run import Evaluation, Options, evaluate
from evals.summary import ALL, Cell
from rag.config import Config, load_config
from rag.errors import QuestionError
from ui.evaluation import complaints

CASES: tuple[dict[str, Any], ...] = (
    {"id": "traffic", "question": "What traffic?", "answers": ["160,000"], "article": "bridge.md"},
    {"id": "cost", "question": "What cost?", "figure": "$1.5 billion", "subject": ["bridge"]},
    {"id": "height", "question": "How high?", "reason": "figure_not_given"},
    {"id": "tunnel", "question": "And there?", "answers": ["1964"], "history": ["What traffic?"]},
)
SCRIPT = {
    "What traffic?": quote(TRAFFIC),
    "What cost?": quote(COST),
    "How high?": refuse("figure_not_given"),
    "And there?": quote("The tunnel opened in 1964.", TUNNEL),
}
QUESTIONS = [case["question"] for case in CASES]


class Bench:
    """A suite on disk, and runs of it against scripted chatbots."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.suite = write_suite(folder / "mine.jsonl", *CASES)
        self.gates = folder / "gates.toml"
        self.gates.write_text("[all]\nright = { min = 1.0 }\n", encoding="utf-8")
        self.config: Config = load_config(home=folder / "home", environ={})
        self.steps: list[tuple[str, int, int]] = []

    def run(self, bot: Asked, *, progress: Progress | None = None, **options: Any) -> Evaluation:
        given = {"suites": (str(self.suite),), "gates": self.gates, **options}
        self.steps.clear()

        def note(stage: str, done: int, total: int) -> None:
            self.steps.append((stage, done, total))
            if progress is not None:
                progress(stage, done, total)

        return evaluate(Options(**given), self.config, progress=note, open_bot=lambda *_: bot)

    def stopped(self, bot: Asked, after: int, **options: Any) -> None:
        """Ctrl-C once so many questions are done."""

        def stop(_stage: str, done: int, _total: int) -> None:
            if done == after:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            self.run(bot, progress=stop, **options)

    @property
    def results(self) -> Path:
        (file,) = (self.folder / "home" / "evals" / "runs").glob("*/results.jsonl")
        return file


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def figures(done: Evaluation) -> dict[str, Any]:
    """Everything of the outcome that is a figure, and none of its times."""
    told = json.loads((done.folder / "summary.json").read_text(encoding="utf-8"))
    return {name: told[name] for name in ("shares", "aurc", "failed", "cases")}


def test_a_run_leaves_results_summary_and_report_and_says_how_far_it_is(bench):
    bot = Scripted(SCRIPT)
    done = bench.run(bot)
    assert {path.name for path in done.folder.iterdir()} == {
        "results.jsonl", "summary.json", "summary.md", "report.html",
    }  # fmt: skip
    assert bench.steps == [("eval", n, 4) for n in range(5)]
    header, records = read_run(done.folder / "results.jsonl")
    assert {record.case.id: record.answer.text for record in records} == {
        case["id"]: SCRIPT[case["question"]].text for case in CASES
    }
    assert header.mode == "extractive"
    assert header.version
    assert "bge" in header.model
    assert all(len(sha) == 64 for sha in (*header.suites.values(), *header.corpora.values()))
    assert done.summary.passed
    assert done.summary.failures == ()
    assert bot.closed


def test_questions_before_are_asked_first_and_a_shared_conversation_once(bench):
    bot = Scripted(SCRIPT)
    bench.suite = write_suite(bench.suite, *CASES, {**CASES[3], "id": "again"})
    bench.run(bot, jobs=1)
    assert bot.asked.count("What traffic?") == 2  # as a case, and as what both cases begin with
    assert bot.histories[bot.asked.index("And there?")] == ("What traffic?",)


@pytest.mark.parametrize("jobs", [1, 3])
def test_two_runs_give_the_same_figures_however_many_at_a_time(bench, tmp_path, jobs):
    script = {**SCRIPT, "What cost?": quote(TRAFFIC, confidence=0.4)}
    first = bench.run(Scripted(script), out=tmp_path / "one", jobs=1)
    second = bench.run(Scripted(script), out=tmp_path / "two", jobs=jobs)
    assert figures(first) == figures(second)
    assert figures(first)["failed"] == ["mine/cost"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_done_before_a_stop_is_kept_and_the_next_call_asks_the_rest(bench, jobs):
    stopped, going_on = Scripted(SCRIPT), Scripted(SCRIPT)
    bench.stopped(stopped, 2, jobs=jobs)
    kept = {record.case.question for record in read_run(bench.results)[1]}
    assert len(kept) == 2
    assert not (bench.results.parent / "summary.json").exists()
    done = bench.run(going_on, jobs=jobs)
    assert done.folder == bench.results.parent
    assert bench.steps[0] == ("eval", 2, 4)
    assert {q for q in going_on.asked if q != "What traffic?"} == set(QUESTIONS) - kept - {
        "What traffic?"
    }
    assert [result.record.case.id for result in done.summary.results] == [c["id"] for c in CASES]
    assert done.summary.passed


def test_a_finished_run_is_not_gone_on_with(bench, tmp_path):
    bench.run(Scripted(SCRIPT), out=tmp_path / "run")
    again = Scripted(SCRIPT)
    bench.run(again, out=tmp_path / "run")
    assert set(again.asked) == set(QUESTIONS)
    assert len(read_run(tmp_path / "run" / "results.jsonl")[1]) == 4


def test_a_line_that_was_cut_off_is_asked_again(bench, tmp_path):
    folder = tmp_path / "run"
    bench.stopped(Scripted(SCRIPT), 3, out=folder, jobs=1)
    results = folder / "results.jsonl"
    whole = results.read_text(encoding="utf-8")
    results.write_text(whole[:-40], encoding="utf-8")
    bot = Scripted(SCRIPT)
    bench.run(bot, out=folder, jobs=1)
    assert bot.asked == ["How high?", "What traffic?", "And there?"]
    lines = results.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["case"]["id"] for line in lines[1:]] == [c["id"] for c in CASES]


def test_fresh_begins_anew(bench, tmp_path):
    bench.stopped(Scripted(SCRIPT), 3, out=tmp_path / "run")
    bot = Scripted(SCRIPT)
    bench.run(bot, out=tmp_path / "run", fresh=True)
    assert set(bot.asked) == set(QUESTIONS)
    assert bench.steps[0] == ("eval", 0, 4)


def change_suite(bench: Bench) -> Scripted:
    write_suite(bench.suite, {**CASES[0], "answers": ["160,000 vehicles"]}, *CASES[1:])
    return Scripted(SCRIPT)


def change_articles(_: Bench) -> Scripted:
    return Scripted(SCRIPT, [BRIDGE, TUNNEL, FERRY])


@pytest.mark.parametrize("change", [change_suite, change_articles])
def test_a_run_of_something_else_is_not_gone_on_with(bench, tmp_path, change):
    bench.stopped(Scripted(SCRIPT), 3, out=tmp_path / "run")
    bot = change(bench)
    bench.run(bot, out=tmp_path / "other")
    assert set(bot.asked) == set(QUESTIONS)


def failing(question: str) -> Any:
    if question == "What cost?":
        raise QuestionError("too long; shorten it")
    return SCRIPT[question]


def test_an_error_is_counted_named_and_scored_nowhere(bench):
    done = bench.run(Scripted(failing))
    (lost,) = (r for r in done.summary.results if r.record.error)
    assert (lost.key, lost.scores, lost.failed) == ("mine/cost", (), True)
    assert done.summary.shares[Cell(ALL, ALL, "right")].n == 2
    assert not done.summary.passed
    assert complaints(done.summary) == ["mine/cost could not be asked: too long; shorten it"]


def test_other_answers_survive_an_error_that_nobody_expected(bench):
    def crash(question: str) -> Any:
        if question == "How high?":
            raise ZeroDivisionError
        return SCRIPT[question]

    with pytest.raises(ZeroDivisionError):
        bench.run(Scripted(crash), jobs=1)
    assert [record.case.id for record in read_run(bench.results)[1]] == ["traffic", "cost"]


# Scoring again


def never(question: str) -> Any:
    raise AssertionError(f"asked {question!r}")


def test_answers_are_scored_again_by_new_gold_without_asking(bench, tmp_path):
    first = bench.run(Scripted(SCRIPT), out=tmp_path / "run")
    write_suite(bench.suite, {**CASES[0], "answers": ["90,000"]}, *CASES[1:])
    again = bench.run(Scripted(never), rescore=first.folder)
    assert [result.key for result in again.summary.failures] == ["mine/traffic"]
    assert complaints(again.summary)[0].startswith("gate missed: all.right is 0.6667")
    assert again.folder == first.folder
    kept = bench.run(Scripted(never), rescore=first.folder / "results.jsonl", out=tmp_path / "new")
    assert (kept.folder, figures(kept)) == (tmp_path / "new", figures(again))


def test_scoring_again_what_has_not_changed_gives_the_same_figures(bench, tmp_path):
    first = bench.run(Scripted(SCRIPT), out=tmp_path / "run")
    before = figures(first)
    assert figures(bench.run(Scripted(never), rescore=first.folder)) == before


def test_articles_that_have_changed_are_not_scored_against(bench, tmp_path):
    first = bench.run(Scripted(SCRIPT), out=tmp_path / "run")
    changed = replace(BRIDGE, version="0" * 64)
    with pytest.raises(EvaluationError, match="articles of 'mine' have changed since; run it"):
        bench.run(Scripted(never, [changed, TUNNEL]), rescore=first.folder)


def test_a_run_of_other_questions_is_not_scored(bench, tmp_path):
    first = bench.run(Scripted(SCRIPT), out=tmp_path / "run")
    write_suite(bench.suite, {**CASES[0], "question": "What traffic there?"})
    with pytest.raises(EvaluationError, match="none of its questions is the suites'"):
        bench.run(Scripted(never), rescore=first.folder)
    with pytest.raises(RunError, match="cannot be read"):
        bench.run(Scripted(never), rescore=tmp_path / "nowhere")


# Gates, baselines, articles


def test_a_missed_gate_names_its_cases(bench):
    done = bench.run(Scripted({**SCRIPT, "What traffic?": quote(COST)}))
    assert not done.summary.passed
    assert complaints(done.summary) == [
        "gate missed: all.right is 0.6667, not at least 1: mine/traffic"
    ]


def test_a_gate_that_blames_many_cases_names_the_first_of_them(bench):
    write_suite(bench.suite, *({**CASES[0], "id": f"t{n:02}"} for n in range(25)))
    (line,) = complaints(bench.run(Scripted({})).summary)
    assert line.endswith("mine/t18, mine/t19 and 5 more")


def test_a_case_that_an_earlier_run_has_right_is_a_regression(bench, tmp_path):
    before = bench.run(Scripted({**SCRIPT, "How high?": quote(COST)}), out=tmp_path / "v1")
    bench.gates.write_text("[regressions]\nmax = 0\n", encoding="utf-8")
    script = {**SCRIPT, "How high?": quote(COST), "What cost?": refuse("off_topic")}
    done = bench.run(Scripted(script), out=tmp_path / "v2", compare=before.folder)
    assert complaints(done.summary) == [
        "gate missed: regressions is 1, not at most 0 that v1 has right: mine/cost"
    ]
    assert bench.run(
        Scripted(SCRIPT), out=tmp_path / "v3", compare=before.folder / "summary.json"
    ).summary.passed


def test_a_suite_about_articles_that_are_not_indexed_is_refused_before_asking(bench):
    bot = Scripted(never, [TUNNEL])
    with pytest.raises(CasesError, match=r"case 'traffic' rests on bridge\.md, which is not index"):
        bench.run(bot)
    assert bot.closed


def test_each_suite_is_asked_of_its_own_articles(bench, tmp_path):
    (tmp_path / "own.articles").mkdir()
    own = write_suite(tmp_path / "own.jsonl", CASES[0])
    opened: list[tuple[Path | None, Path]] = []

    def open_bot(articles: Path | None, config: Config, _progress: Progress) -> Asked:
        opened.append((articles, config.home))
        return Scripted(SCRIPT)

    options = Options(
        suites=(str(bench.suite), str(own)), articles=tmp_path / "news", gates=bench.gates
    )
    done = evaluate(options, bench.config, progress=lambda *_: None, open_bot=open_bot)
    home = bench.config.home
    (first, second) = opened
    assert first == (tmp_path / "news", home)
    assert second[0] == tmp_path / "own.articles"
    # Named for the folder's place: another suite called so has an index of its own.
    assert second[1].parent == home / "evals" / "indexes"
    assert second[1].name.startswith("own-")
    assert done.summary.suites == ("mine", "own")
    assert {result.key for result in done.summary.results} >= {"mine/traffic", "own/traffic"}


def test_only_the_cases_of_a_split_are_asked(bench):
    write_suite(bench.suite, CASES[0], {**CASES[1], "split": "test"})
    bot = Scripted(SCRIPT)
    done = bench.run(bot, split="test")
    assert bot.asked == ["What cost?"]
    assert Cell("mine", "test", "right") in done.summary.shares


@pytest.mark.parametrize("left", ["", '{"format": 1, "crea', '{"format": 0}\n'])
def test_what_a_kill_or_an_older_version_left_is_passed_over(bench, left):
    folder = bench.folder / "home" / "evals" / "runs" / "2020-01-01-000000"
    folder.mkdir(parents=True)
    (folder / "results.jsonl").write_text(left, encoding="utf-8")
    assert bench.run(Scripted(SCRIPT)).summary.passed
    assert (folder / "results.jsonl").read_text(encoding="utf-8") == left


def test_a_split_of_a_run_that_was_stopped_is_counted_by_its_own_cases(bench):
    write_suite(bench.suite, *CASES[:3], {**CASES[3], "split": "test"})
    bench.stopped(Scripted(SCRIPT), 2, jobs=1)
    done = bench.run(Scripted(SCRIPT), split="test")
    assert [(step[1], step[2]) for step in bench.steps] == [(0, 1), (1, 1)]
    assert [result.key for result in done.summary.results] == ["mine/tunnel"]


class Stopped(datetime):
    """A clock that stands."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=tz or UTC)


def test_two_runs_in_one_second_have_a_folder_each(bench, monkeypatch):
    monkeypatch.setattr("evals.run.datetime", Stopped)
    assert bench.run(Scripted(SCRIPT)).folder != bench.run(Scripted(SCRIPT)).folder
