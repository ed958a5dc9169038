"""The LLM judge: what it is asked, what becomes of its replies, and what it is never asked."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from evals.benchmarks.llm import LlmSettings
from evals.cases import Case
from evals.gold import GoldFigure
from evals.judge import JudgedMetric, judge, mark, reference, verdict
from evals.metrics import Metric
from evals.records import Record
from rag.answer import Answer, Citation, Refusal
from rag.errors import ModelError
from rag.types import Source, Span
from tests.loopback import Loopback, serve

CARD = Source("bridge", "The bridge", "Post", None, None, None, "bridge.md")
QUOTE = "The bridge opened in 1932."
ANSWER = Answer(
    question="And when did it open?",
    query="When did the bridge open?",
    mode="extractive",
    text=f"According to Post: “{QUOTE}” [1]",
    citations=(Citation(1, CARD, QUOTE, Span(0, len(QUOTE))),),
)
REFUSED = replace(ANSWER, refusal=Refusal("not_in_sources", "Not said."), citations=())
CASE = Case(id="open", question="And when did it open?", answers=("1932",))
UNANSWERABLE = Case(id="cost", question="What did it cost?", reason="figure_not_given")


@pytest.fixture
def endpoint() -> Iterator[Loopback]:
    with serve() as state:
        yield state


def settings(endpoint: Loopback, **fields: str) -> LlmSettings:
    return LlmSettings(base_url=endpoint.url, model="house-judge", **fields)


def by_kind(faithful: str, correct: str):
    """Replies to each evaluator's own prompt."""
    return lambda prompt: correct if "Reference Answer" in prompt else faithful


def test_every_answer_is_judged_by_its_quotes_and_its_gold(endpoint):
    endpoint.reply = by_kind("YES", "4.0\nThe year is right.")
    told = []
    scores = judge(
        [Record("suite", CASE, ANSWER)] * 2,
        settings(endpoint, api_key="sk-canary"),
        progress=lambda done, total: told.append((done, total)),
    )
    assert [(s.suite, s.case_id, s.metric, s.value) for s in scores] == [
        ("suite", "open", "faithful", 1.0),
        ("suite", "open", "correct", 0.75),
    ] * 2
    assert scores[1].reply == "4.0\nThe year is right."
    assert told == [(1, 2), (2, 2)]
    faithful, correct = endpoint.prompts[:2]
    assert QUOTE in faithful.split("Context:")[-1]
    assert "When did the bridge open?" in correct
    assert "1932" in correct.split("Reference Answer")[-1].split("Generated Answer")[0]
    assert set(endpoint.keys) == {"Bearer sk-canary"}
    assert set(endpoint.models) == {"house-judge"}


@pytest.mark.parametrize(
    "reply", ["", "Yesterday's paper has it.", "45\nout of five", "4.0 or 2.0"]
)
def test_a_reply_that_cannot_be_read_is_no_score(reply, endpoint):
    endpoint.reply = lambda _: reply
    scores = judge([Record("suite", CASE, ANSWER)], settings(endpoint))
    assert [(s.metric, s.value) for s in scores] == [("faithful", None), ("correct", None)]


def test_a_no_is_a_zero(endpoint):
    endpoint.reply = by_kind("No, the quote is of another bridge.", "1\nWrong.")
    scores = judge([Record("suite", CASE, ANSWER)], settings(endpoint))
    assert [s.value for s in scores] == [0.0, 0.0]


def test_refusals_and_errors_are_not_judged_nor_correctness_without_gold(endpoint):
    records = [
        Record("suite", CASE, REFUSED),
        Record("suite", CASE, None, error="no reply"),
        Record("suite", UNANSWERABLE, ANSWER),
    ]
    scores = judge(records, settings(endpoint))
    assert [(s.case_id, s.metric) for s in scores] == [("cost", "faithful")]
    assert len(endpoint.prompts) == 1


def test_the_key_of_the_environment_is_sent_to_no_judge(endpoint, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    judge([Record("suite", CASE, ANSWER)], settings(endpoint))
    assert set(endpoint.keys) == {"Bearer none"}


@pytest.mark.parametrize(
    ("status", "raw"),
    [(500, b"{}"), (401, b'{"error": {"message": "no key"}}'), (200, b"{}"), (200, b"<html>")],
    ids=["broken", "refused", "empty", "html"],
)
def test_an_endpoint_that_gives_no_reply_is_one_clear_error(status, raw, endpoint):
    endpoint.status, endpoint.raw = status, raw
    with pytest.raises(ModelError, match="'house-judge' gives no reply"):
        judge([Record("suite", CASE, ANSWER)], settings(endpoint))


def test_what_the_judge_says_is_no_metric_that_a_gate_could_name():
    assert not set(get_args(JudgedMetric)) & set(get_args(Metric))


@pytest.mark.parametrize(
    ("reply", "value"),
    [
        ("**YES**", 1.0),
        ("no", 0.0),
        ("The dates agree.\n\nAnswer: YES", 1.0),
        ("Note that it says so.", None),
        ("There is no such thing", None),
    ],
)
def test_a_verdict_opens_or_ends_the_reply(reply, value):
    assert verdict(reply) == value


@pytest.mark.parametrize(
    ("reply", "value"),
    [("**4**\nfine", 4.0), ("4/5", 4.0), ("\n\n2.5\n", 2.5), ("0", None), ("-3", None)],
)
def test_a_mark_stands_alone_on_the_first_line(reply, value):
    assert mark(reply) == value


def test_the_gold_of_every_kind_is_told_in_words():
    case = Case(
        id="1",
        question="?",
        figure=GoldFigure(Decimal(3), "USD", Decimal(5)),
        answers=("a", "b"),
        all_of=("c", "d"),
        subject=("export|sale", "India"),
    )
    assert reference(case) == "3 to 5 USD; a or: b; all of: c, d; said of: export or sale, India"
