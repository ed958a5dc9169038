"""The Evals tab: what it shows of the latest run, of none, and of one written by an enemy."""

from __future__ import annotations

import json

import pytest
from browser.reader import Page
from browser.standin import HOSTILE
from scripted import TRAFFIC, Scripted, quote, refuse, write_suite

from evals.run import Options, evaluate
from rag.config import load_config
from ui.web.feedback import FeedbackCount
from ui.web.runs import latest_report, report_html

NO_FEEDBACK = FeedbackCount(0, 0)
CASES = (
    {"id": "traffic", "question": "What traffic?", "answers": ["160,000"]},
    {"id": "cost", "question": "What cost?", "figure": "$1.5 billion", "subject": ["bridge"]},
    {"id": "height", "question": "How high?", "reason": "figure_not_given"},
)
SCRIPT = {
    "What traffic?": quote(TRAFFIC),
    "What cost?": refuse("not_in_sources"),
    "How high?": refuse("figure_not_given"),
}


@pytest.fixture
def run(tmp_path):
    """A run below `tmp_path`, as `footnote eval` makes one."""

    def make(cases=CASES, script=SCRIPT, right=0.9, name="mine"):
        suite = write_suite(tmp_path / f"{name}.jsonl", *cases)
        gates = tmp_path / "gates.toml"
        gates.write_text(f"[all]\nright = {{ min = {right} }}\n", encoding="utf-8")
        options = Options(suites=(str(suite),), gates=gates)
        config = load_config(home=tmp_path, environ={})
        silent = lambda *_: None  # noqa: E731
        return evaluate(options, config, progress=silent, open_bot=lambda *_: Scripted(script))

    return make


def shown(home, feedback=NO_FEEDBACK):
    return Page(report_html(latest_report(home), feedback, home))


def test_without_a_report_the_command_that_makes_one_is_told(tmp_path):
    assert "footnote eval --new > my.jsonl" in shown(tmp_path).words


def test_report_tells_shares_missed_gates_and_failing_cases(run, tmp_path):
    done = run()
    words = shown(tmp_path).words
    assert "mine50.0 % " in words
    assert "· n = 2" in words
    assert "1 of 1 gate missedall.right is 0.5, not at least 0.9 mine/cost" in words
    assert "1 of 3 cases to look at" in words
    assert "What cost?wanted figure 1,500,000,000 USD; said of bridge" in words
    assert "got refused (not in sources):" in words
    assert str(done.folder / "report.html") in words


def test_report_without_faults_says_so(run, tmp_path):
    run(cases=CASES[:1])
    words = shown(tmp_path).words
    assert "1 gate met." in words
    assert "No case failed." in words


def test_newest_readable_report_is_shown(run, tmp_path):
    run(cases=CASES[:1], name="first")
    second = run(cases=CASES[:1], name="second")
    (second.folder / "summary.json").write_text("{}")
    assert latest_report(tmp_path).suites == ("first",)
    (second.folder / "results.jsonl").unlink()
    assert "first" in shown(tmp_path).words


def test_run_of_a_release_that_wrote_no_gates_is_shown(run, tmp_path):
    done = run()
    path = done.folder / "summary.json"
    fields = json.loads(path.read_text())
    del fields["gates"]
    path.write_text(json.dumps(fields))
    assert "gate" not in shown(tmp_path).words


def test_hostile_words_of_a_report_stay_words(run, tmp_path):
    words = "\n".join(HOSTILE).replace("\ud800", "")
    case = {"id": words, "question": words, "answers": [words], "tags": [words]}
    run(cases=(case,), script={words: refuse("off_topic")})
    page = shown(tmp_path)
    assert {tag for tag, _ in page.tags} <= {
        "section", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "b", "span",
        "div", "ul", "li", "pre",
    }  # fmt: skip
    assert {name for _, attributes in page.tags for name in attributes} <= {"class", "scope"}


def test_feedback_is_counted_with_the_command_that_asks_it(tmp_path):
    words = shown(tmp_path, FeedbackCount(ready=2, waiting=1)).words
    assert "2 judged answers can be asked again as they are; 1 waits as a comment" in words
    assert f"footnote eval {tmp_path / 'feedback.jsonl'}" in words
    assert "feedback" not in shown(tmp_path).words
