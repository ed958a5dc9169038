"""Runs that a language model words: what they tell of it, and that no two modes are mixed."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from commandline import run
from scripted import COST, OPENED, TRAFFIC, Scripted, cite, quote, refuse, say, write_suite

from evals.folders import EvaluationError
from evals.records import Wording, read_run
from evals.report import to_html, to_markdown
from evals.report.model import model_terms, model_warnings
from evals.run import Evaluation, Options, evaluate
from evals.worded import QUOTED, notice_kind, reason_kind, worded_of
from rag.answer import Answer, Usage, Withheld
from rag.config import Config, LlmConfig

CASES: tuple[dict[str, Any], ...] = (
    {"id": "traffic", "question": "What traffic?", "answers": ["160,000"]},
    {"id": "cost", "question": "What cost?", "figure": "$1.5 billion", "subject": ["bridge"]},
    {"id": "height", "question": "How high?", "reason": "figure_not_given"},
    {"id": "age", "question": "How old?", "answers": ["1932"], "history": ["What traffic?"]},
)
USAGE = Usage("m", "example.org", 1, 1_000, 30, Decimal("0.0002"))
SECONDS = {"total": 1.0, "first_token": 0.5, "first_claim": 0.75}
UNAVAILABLE = "The model m is unavailable (timeout after 20 s); these are the articles' own words."


def worded(words: str, cited: str, **changes: Any) -> Answer:
    """What a model said of the words that it cites."""
    given = {"mode": "llm", "usage": USAGE, "seconds": SECONDS, **changes}
    return say((f"{words} [1]", [cite(cited)]), **given)


SCRIPT = {
    "What traffic?": worded("It carries 160,000 vehicles a day.", TRAFFIC),
    "What cost?": quote(COST, notice=UNAVAILABLE, usage=replace(USAGE, cost=None)),
    "How high?": replace(refuse("figure_not_given"), mode="llm", usage=USAGE),
    "How old?": worded(
        "It opened in 1932.", OPENED, withheld=(Withheld("It is new.", "“new”: not said"),)
    ),
}


class Bench:
    """A suite, replies for all of its cases, and runs of it against scripted chatbots."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.suite = write_suite(folder / "mine.jsonl", *CASES)
        self.replies = folder / "replies.jsonl"
        self.write_replies("It carries 160,000 vehicles a day. [[160,000]]")
        self.config = Config(home=folder / "home")

    def write_replies(self, reply: str) -> None:
        lines = (
            {"suite": "mine", "id": c["id"], "question": c["question"], "reply": [reply]}
            for c in CASES
        )
        self.replies.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")

    def run(self, bot: Scripted, mode: Any = "llm", **options: Any) -> Evaluation:
        progress = options.pop("progress", lambda *_: None)
        given = {"replay": self.replies if mode == "llm" else None, "mode": mode, **options}
        return evaluate(
            Options(suites=(str(self.suite),), **given),
            self.config,
            progress=progress,
            open_bot=lambda *_: bot,
        )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_run_tells_which_model_and_what_became_of_its_replies(bench):
    done = bench.run(Scripted(SCRIPT))
    header, _ = read_run(done.folder / "results.jsonl")
    assert header.mode == "llm"
    assert header.wording is not None
    assert (header.wording.model, header.wording.host) == ("recorded replies", None)
    assert header.wording.prompt_version >= 1
    assert len(header.wording.replies or "") == 64
    found = done.summary.worded
    assert found is not None
    assert (found.answers, found.worded, found.refused) == (4, 2, 1)
    assert (found.quoted, found.fallen_back, found.unasked) == (0, 1, 0)
    assert (found.shown, found.withheld) == (2, 1)
    assert found.notices == {"timeout after 20 s": 1}
    assert found.seconds["first_claim"] == (0.75, 0.75)


def test_what_was_asked_for_earlier_questions_of_a_conversation_is_counted(bench):
    usage = bench.run(Scripted(SCRIPT), jobs=1).summary.worded.usage
    # Four cases and the question before one of them; one of them told no price.
    assert (usage.requests, usage.prompt_tokens, usage.completion_tokens) == (5, 5_000, 150)
    assert usage.cost == Decimal("0.0008")
    assert usage.host == "example.org"


def test_the_model_stands_in_every_form_of_the_report(bench):
    summary = bench.run(Scripted(SCRIPT), jobs=1).summary
    terms = {term.name: term.text for term in model_terms(summary)}
    assert terms["worded by the model"] == "2 of 4, 50.0 %"
    assert terms["sentences withheld"] == "1 of 3, 33.3 %; 0.25 an answer"
    assert terms["asked of the model"] == (
        "5 requests, 5,000 tokens in, 150 out, estimated cost 0.0008"
    )
    for told in (to_html(summary), to_markdown(summary)):
        for words in ("recorded replies", "timeout after 20 s", "5,000 tokens in"):
            assert words in told
    outcome = json.loads((bench.run(Scripted(SCRIPT)).folder / "summary.json").read_text())
    assert outcome["worded"]["usage"]["cost"] == "0.0008"
    assert outcome["worded"]["fallen_back"] == 1


def test_a_run_in_the_articles_own_words_says_nothing_of_a_model(bench):
    bench.config = replace(bench.config, llm=LlmConfig(model="m", base_url="http://127.0.0.1:1"))
    summary = bench.run(Scripted({q: quote(OPENED) for q in SCRIPT}), mode=None).summary
    assert (summary.header.mode, summary.header.wording, summary.worded) == (
        "extractive", None, None,
    )  # fmt: skip
    assert model_terms(summary) == ()
    assert "The model" not in to_html(summary)


def test_a_run_that_mostly_fell_back_is_warned_of(bench):
    most = {**SCRIPT, "What traffic?": SCRIPT["What cost?"]}
    (warning,) = model_warnings(bench.run(Scripted(most)).summary)
    assert warning.startswith("2 of 4 answers fell back")
    assert warning.endswith("most often: timeout after 20 s")
    few = dict.fromkeys(SCRIPT, SCRIPT["What traffic?"])
    assert model_warnings(bench.run(Scripted(few)).summary) == ()
    noted = quote(COST, notice=f"The wording of m could not be verified; {QUOTED}.")
    assert model_warnings(bench.run(Scripted(dict.fromkeys(SCRIPT, noted))).summary) == ()


def test_an_unverified_figure_fails_the_run(bench):
    lying = {**SCRIPT, "What traffic?": worded("It carries 190,000 vehicles a day.", TRAFFIC)}
    done = bench.run(Scripted(lying), jobs=1)
    (gate,) = [g for g in done.summary.gates if g.name == "all.unfounded"]
    assert (gate.passed, gate.cases) == (False, ("mine/traffic",))
    assert all(g.passed for g in bench.run(Scripted(SCRIPT)).summary.gates)


# No two modes in one run


def stop_after(n: int) -> Any:
    def stop(_stage: str, done: int, _total: int) -> None:
        if done == n:
            raise KeyboardInterrupt

    return stop


def test_a_stopped_run_is_gone_on_with_by_its_own_mode_and_replies_alone(bench):
    def stopped() -> None:
        with pytest.raises(KeyboardInterrupt):
            bench.run(Scripted(SCRIPT), jobs=1, progress=stop_after(2))

    stopped()
    extractive = Scripted({q: quote(OPENED) for q in SCRIPT})
    bench.run(extractive, mode="extractive")
    assert {c["question"] for c in CASES} <= set(extractive.asked)
    before = bench.replies.read_bytes()
    bench.write_replies("Something else. [[160,000]]")
    others = Scripted(SCRIPT)
    bench.run(others)
    assert {c["question"] for c in CASES} <= set(others.asked)
    bench.replies.write_bytes(before)
    rest = Scripted(SCRIPT)
    done = bench.run(rest, jobs=1)
    assert "What cost?" not in rest.asked
    assert done.summary.worded.answers == 4


def test_a_run_is_rescored_in_its_own_mode_and_no_model_is_needed(bench, tmp_path):
    first = bench.run(Scripted(SCRIPT), out=tmp_path / "run")

    def never(question: str) -> Answer:
        raise AssertionError(question)

    again = bench.run(Scripted(never), mode=None, rescore=first.folder)
    assert again.summary.header == first.summary.header
    assert again.summary.worded == first.summary.worded
    assert {gate.name for gate in again.summary.gates} == {g.name for g in first.summary.gates}
    with pytest.raises(EvaluationError, match="its answers are llm; leave --mode extractive out"):
        bench.run(Scripted(never), mode="extractive", rescore=first.folder)


def test_runs_of_both_modes_are_compared_but_no_regression_is_counted(bench, tmp_path):
    gates = tmp_path / "gates.toml"
    gates.write_text("[regressions]\nmax = 0\n", encoding="utf-8")
    own = Scripted({"How high?": refuse("figure_not_given")})
    before = bench.run(own, mode="extractive", out=tmp_path / "own", gates=gates)
    wrong = Scripted({**SCRIPT, "How high?": worded("The bridge opened in 1932.", OPENED)})
    done = bench.run(wrong, compare=before.folder, gates=gates)
    assert done.summary.passed
    assert "Since own (extractive), 1 case newly fails" in to_markdown(done.summary)
    same = bench.run(Scripted(SCRIPT), out=tmp_path / "llm", gates=gates)
    done = bench.run(wrong, compare=same.folder, gates=gates)
    (gate,) = done.summary.gates
    assert (gate.name, gate.passed, gate.cases) == ("regressions", False, ("mine/height",))


# From the command line


def test_without_a_model_the_mode_says_how_to_name_one(bench, tmp_path, capsys, monkeypatch):
    for name in ("FOOTNOTE_LLM_MODEL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "--home", tmp_path, "eval", bench.suite, "--mode", "llm")
    assert (code, out) == (1, "")
    assert "no model is named; set FOOTNOTE_LLM_MODEL, or model under [llm]" in err


def test_replies_are_read_from_the_command_line_and_a_warning_is_told(
    bench, tmp_path, capsys, monkeypatch
):
    bot = Scripted(dict.fromkeys(SCRIPT, SCRIPT["What cost?"]))
    monkeypatch.setattr("evals.run._open_chatbot", lambda *_: bot)
    words = ("--home", tmp_path, "eval", bench.suite, "--replay", bench.replies)
    _, out, err = run(capsys, *words, "--mode", "llm")
    assert "fallen back: answered without it           4 of 4, 100 %" in out
    assert "footnote: 4 of 4 answers fell back" in err
    code, _, err = run(capsys, *words)
    assert code == 1
    assert "replies word answers; give --mode llm too" in err


def test_what_is_counted_together():
    assert notice_kind("The model m is unavailable (HTTP 500); these are …") == "HTTP 500"
    assert notice_kind("m wrote nothing.") == "m wrote nothing."
    one, two = "“$5”: the words have “$6”; it is new", "“7 %”: the words have “8 %”"
    assert reason_kind(one) == reason_kind(two)
    assert worded_of(()).answers == 0
    wording = Wording("m", "example.org", 1, 8_192, 700, "auto")
    assert wording.replies is None
