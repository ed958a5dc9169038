"""`footnote eval`: what it prints, its exit codes, and one line for what cannot be used."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from commandline import run
from scripted import COST, OPENED, TRAFFIC, Scripted, quote, refuse, write_suite

from evals.cases import load_cases
from evals.run import Options, evaluate
from rag.chatbot import Chatbot
from rag.config import load_config
from ui.evaluation import TEMPLATE, complaints

CASE = {"id": "opened", "question": "When did the bridge open?", "answers": ["1932"]}
SCRIPT = {CASE["question"]: quote(OPENED)}
ARTICLES = {
    "bridge.md": "---\ntitle: The old bridge\noutlet: Post\n---\n\nThe bridge over the Lowe "
    "opened in 1932. It carries 160,000 vehicles a day. The Transport Ministry claims that "
    "repairs of the bridge will cost $12 million.\n",
    "ferry.md": "---\ntitle: The ferry\noutlet: Gazette\n---\n\nThe ferry to Orrin sails twice an "
    "hour in summer. Captain Mira Dole has steered the ferry for nine years.\n",
    "tunnel.txt": "The tunnel under the Lowe\n\nThe tunnel under the Lowe is 3 km long. Work on "
    "the tunnel ended in 1964.\n",
}
FIVE = (
    {"id": "opened", "question": "When did the bridge over the Lowe open?", "answers": ["1932"]},
    {"id": "traffic", "question": "How many vehicles a day does the bridge carry?",
     "figure": "160,000", "subject": ["carries"], "article": "bridge.md"},
    {"id": "repairs", "question": "What will repairs of the bridge cost?",
     "figure": "$12 million", "subject": ["repairs", "bridge"], "attribution": ["Ministry"]},
    {"id": "captain", "question": "Who is the captain of the ferry?", "answers": ["Mira Dole"]},
    {"id": "pizza", "question": "How long does a pizza bake?", "reason": "off_topic"},
)  # fmt: skip
LOOSE = "[all]\noffsets = { min = 1.0 }\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "mine.jsonl", CASE)


@pytest.fixture
def gates(tmp_path: Path) -> Path:
    path = tmp_path / "loose.toml"
    path.write_text(LOOSE, encoding="utf-8")
    return path


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    bot = Scripted(SCRIPT)
    monkeypatch.setattr("evals.run._open_chatbot", lambda *_: bot)
    return bot


def test_a_newcomer_has_a_report_on_five_questions_within_a_minute(tmp_path, home, capsys, gates):
    news = tmp_path / "news"
    news.mkdir()
    for name, text in ARTICLES.items():
        (news / name).write_text(text, encoding="utf-8")
    mine = write_suite(tmp_path / "my.jsonl", *FIVE)
    words = ("--home", home, "eval", mine, "--articles", news, "--fail-under", gates)
    started = time.monotonic()
    code, out, err = run(capsys, *words, "--out", tmp_path / "one")
    assert time.monotonic() - started < 60
    assert "5 questions of my" in out
    assert out.endswith(f"report: {tmp_path / 'one' / 'report.html'}\n")
    assert "<html" in (tmp_path / "one" / "report.html").read_text(encoding="utf-8")
    assert "asking 0/5" in err
    again, _, _ = run(capsys, *words, "--out", tmp_path / "two", "--json")
    one, two = (
        json.loads((tmp_path / name / "summary.json").read_text(encoding="utf-8"))
        for name in ("one", "two")
    )
    assert (code, again, one["failed"]) == (0, 0, [])
    for same in ("shares", "aurc", "cases"):
        assert one[same] == two[same]
    assert one["header"]["corpora"] == two["header"]["corpora"]


def test_the_suite_to_begin_with_is_one_and_passes_on_the_bundled_articles(
    tmp_path, capsys, corpus_home
):
    code, out, err = run(capsys, "eval", "--new")
    assert (code, out, err) == (0, TEMPLATE, "")
    path = tmp_path / "my.jsonl"
    path.write_text(out, encoding="utf-8")
    assert len(load_cases(path)) == 5
    with Chatbot.open(config=load_config(home=corpus_home, environ={})) as bot:
        done = evaluate(
            Options(suites=(str(path),), out=tmp_path / "run"),
            load_config(home=tmp_path / "home", environ={}),
            progress=lambda *_: None,
            open_bot=lambda *_: bot,
        )
    assert done.summary.failures == ()
    assert complaints(done.summary) == []


def test_the_outcome_is_told_in_lines_or_as_json(scripted, suite, gates, home, capsys, tmp_path):
    words = ("--home", home, "eval", suite, "--fail-under", gates)
    code, out, _ = run(capsys, *words, "--out", tmp_path / "a")
    assert code == 0
    assert "answered right, from a right article       100.0% [100.0%, 100.0%] of 1" in out
    code, out, _ = run(capsys, *words, "--out", tmp_path / "b", "--json")
    told = json.loads(out)
    assert (code, told["folder"], told["cases"]) == (0, str(tmp_path / "b"), ["mine/opened"])
    assert scripted.asked == [CASE["question"]] * 2


def test_what_could_not_be_scored_is_told_beside_what_could(
    scripted, gates, home, capsys, tmp_path
):
    unsaid = [{"id": f"u{n}", "question": f"Why {n}?", "reason": "off_topic"} for n in range(3)]
    suite = write_suite(tmp_path / "mine.jsonl", *unsaid)
    scripted.reply = lambda q: quote(COST) if q == "Why 0?" else refuse("off_topic")
    _, out, _ = run(capsys, "--home", home, "eval", suite, "--fail-under", gates)
    assert (
        "with the right reason                      100.0% [100.0%, 100.0%] of 2, 1 not scored"
        in out
    )


@pytest.mark.usefixtures("scripted")
def test_each_of_several_suites_has_its_line(suite, gates, home, capsys, tmp_path):
    other = write_suite(tmp_path / "other.jsonl", {**CASE, "answers": ["1999"]})
    _, out, _ = run(capsys, "--home", home, "eval", suite, other, "--fail-under", gates)
    lines = [line.split() for line in out.splitlines()]
    assert ["mine", "right", "100.0%", "[100.0%,", "100.0%]", "of", "1"] in lines
    assert ["other", "right", "0.0%", "[0.0%,", "0.0%]", "of", "1"] in lines


def test_ctrl_c_keeps_what_was_done_and_the_next_call_goes_on(
    scripted, gates, home, capsys, tmp_path
):
    cases = [{**CASE, "id": f"q{n}", "question": f"What {n}?"} for n in range(4)]
    suite = write_suite(tmp_path / "mine.jsonl", *cases)
    words = ("--home", home, "eval", suite, "--jobs", "1", "--fail-under", gates)

    def interrupt(question: str):
        if question == "What 2?":
            raise KeyboardInterrupt
        return quote(OPENED)

    scripted.reply = interrupt
    code, _, err = run(capsys, *words)
    assert code == 130
    assert err.endswith("footnote: stopped; what was done so far is kept\n")
    scripted.asked.clear()
    scripted.reply = lambda _: quote(OPENED)
    code, _, err = run(capsys, *words)
    assert code == 0
    assert scripted.asked == ["What 2?", "What 3?"]
    assert "asking 2/4" in err


def test_answers_are_scored_again_from_the_command_line(
    scripted, suite, gates, home, capsys, tmp_path
):
    words = ("--home", home, "eval", suite, "--fail-under", gates)
    run(capsys, *words, "--out", tmp_path / "run")
    scripted.asked.clear()
    code, out, _ = run(capsys, *words, "--rescore", tmp_path / "run")
    assert (code, scripted.asked) == (0, [])
    assert str(tmp_path / "run" / "report.html") in out


def test_a_missed_gate_and_a_regression_are_named_on_stderr(
    scripted, suite, home, capsys, tmp_path
):
    strict = tmp_path / "strict.toml"
    strict.write_text("[mine]\nright = { min = 1.0 }\n[regressions]\nmax = 0\n", encoding="utf-8")
    words = ("--home", home, "eval", suite, "--fail-under", strict)
    assert run(capsys, *words, "--out", tmp_path / "v1")[0] == 0
    scripted.reply = lambda _: quote(TRAFFIC)
    code, _, err = run(capsys, *words, "--out", tmp_path / "v2", "--compare", tmp_path / "v1")
    assert code == 1
    assert "footnote: gate missed: mine.right is 0, not at least 1: mine/opened\n" in err
    assert "regressions is 1, not at most 0 that v1 has right: mine/opened\n" in err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("nothing-of-that-name",), "is no file, and none of the suites"),
        (("{broken}",), "broken.jsonl:1: not JSON"),
        (("{lacking}",), "lacking.jsonl:1: no gold"),
        (("{tunnel}",), "case 'opened' rests on castle.md, which is not indexed; indexed are"),
        (("{mine}", "{mine}"), "two suites are called mine"),
        (("{mine}", "--split", "test"), "no case is of the split 'test'"),
        (("{mine}", "--fail-under", "{broken}"), "cannot be read as TOML"),
        (("{mine}", "--fail-under", "{missing}"), "cannot be read as TOML"),
        (("{mine}", "--compare", "{missing}"), "no outcome of a run"),
        (("{mine}", "--compare", "{mine}"), "no outcome of a run"),
        (("{mine}", "--rescore", "{missing}"), "cannot be read"),
        (("{mine}", "--rescore", "{mine}"), "no run of this version"),
        (("{mine}", "--out", "{mine}"), "mine.jsonl"),
    ],
)
def test_what_cannot_be_used_is_an_error_in_one_line(
    scripted, tmp_path, home, capsys, words, complaint
):
    files = {
        "mine": write_suite(tmp_path / "mine.jsonl", CASE),
        "lacking": write_suite(tmp_path / "lacking.jsonl", {"id": "a", "question": "Why?"}),
        "tunnel": write_suite(tmp_path / "tunnel.jsonl", {**CASE, "article": "castle.md"}),
        "broken": tmp_path / "broken.jsonl",
        "missing": tmp_path / "missing",
    }
    files["broken"].write_text("{oops\n", encoding="utf-8")
    code, out, err = run(capsys, "--home", home, "eval", *(w.format(**files) for w in words))
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert complaint in err
    assert scripted.asked == []


HALF_A_PAIR = '{"id": "a", "question": "\\ud800", "answers": ["y"]}'
NO_NUMBER = '{"id": "opened", "question": "When did the bridge open?", "figure": %s}'


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        pytest.param("s.jsonl", HALF_A_PAIR, ("{}",), id="half of a surrogate pair"),
        pytest.param(
            "s.jsonl", NO_NUMBER % '{"value": "NaN", "unit": ""}', ("{}",), id="a gold of NaN"
        ),
        pytest.param(
            "s.jsonl", NO_NUMBER % '{"value": "Infinity", "unit": ""}', ("{}",), id="infinite gold"
        ),
        pytest.param(
            "g.toml",
            '[regressions]\nmax = "x"\n',
            ("{mine}", "--compare", "{first}", "--fail-under", "{}"),
            id="regressions of no number",
        ),
        pytest.param("r.jsonl", "5\n", ("{mine}", "--rescore", "{}"), id="a run of no objects"),
    ],
)
def test_what_is_written_oddly_is_an_error_in_one_line(
    scripted, tmp_path, capsys, name, text, words
):
    path, home, first = tmp_path / name, tmp_path / "home", tmp_path / "first"
    mine = write_suite(tmp_path / "mine.jsonl", CASE)
    run(capsys, "--home", home, "eval", mine, "--out", first)
    asked = len(scripted.asked)
    path.write_text(f"{text}\n", encoding="utf-8")
    given = (word.format(path, mine=mine, first=first) for word in words)
    code, out, err = run(capsys, "--home", home, "eval", *given)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert name in err
    assert len(scripted.asked) == asked


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--jobs", "0"), "'0' is no number of questions; give 1 to 64"),
        (("--jobs", "many"), "'many' is no number of questions"),
        (("--split", "train"), "invalid choice: 'train'"),
        (("--mode", "guess"), "invalid choice: 'guess'"),
    ],
)
def test_wrong_usage_exits_with_2(capsys, words, complaint):
    with pytest.raises(SystemExit) as caught:
        run(capsys, "eval", *words)
    assert caught.value.code == 2
    assert complaint in capsys.readouterr().err
