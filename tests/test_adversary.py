"""The benchmark of an inventing model: what counts as shown, invented, supported and right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evals.benchmarks.adversary.__main__ import main
from evals.benchmarks.adversary.measure import reports
from evals.benchmarks.adversary.oracle import invented, unverified
from evals.benchmarks.adversary.questions import Question
from evals.benchmarks.adversary.shown import (
    Said,
    Shown,
    of_answer,
    of_reply,
    read_shown,
    to_line,
)
from evals.benchmarks.realtimeqa import NewsCase
from evals.benchmarks.report import as_dict
from evals.benchmarks.seen import Reply
from evals.cases import Case, read_case
from rag.answer import Answer, Citation, Claim, Refusal
from rag.types import Span
from tests.fakes import make_article
from tests.loopback import serve

TRADE = "Trade with Norland reached $1.5 billion in 2024. Exports were $900 million."
ASKED = "How much was trade with Norland worth?"


def reply(text: str, *sources: str) -> Shown:
    return of_reply("s", "q", Reply(text, sources or (TRADE,)), 0.5)


def case(**fields: object) -> Case:
    return read_case({"id": "q", "question": ASKED, **fields}, "test")


def question(**fields: object) -> Question:
    return Question("s", "q", ASKED, case(**fields))


def test_an_engines_marks_go_with_their_sentences() -> None:
    shown = reply(
        "It was $1.5 billion. [1]\nExports fell [2, 7]. Nobody knows why.", TRADE, "Rain."
    )
    assert shown.sentences == (
        Said("It was $1.5 billion.", (1,), (TRADE,)),
        Said("Exports fell.", (2, 7), ("Rain.",)),
        Said("Nobody knows why.", (), ()),
    )


@pytest.mark.parametrize(
    "text",
    [
        "None of the provided sources are helpful.",
        "The sources do not mention the population [1].",
        "I'm sorry, but I cannot answer this question.",
        "Empty Response",
        " ",
    ],
)
def test_an_engine_that_says_it_does_not_know_refuses(text: str) -> None:
    shown = reply(text)
    assert shown.refused
    assert shown.sentences == ()


@pytest.mark.parametrize(
    "text",
    [
        "The sources do not state it, but it was about $7 billion [1].",
        "Trade grew by a lot. The sources do not mention the population.",
    ],
)
def test_an_engine_that_says_so_and_tells_something_all_the_same_answers(text: str) -> None:
    assert not reply(text).refused


def test_an_answer_that_denies_something_is_no_refusal() -> None:
    assert not reply("Norland did not raise its tariffs in 2024 [1].").refused


def test_a_figure_is_invented_when_no_text_that_was_read_has_it() -> None:
    shown = reply("Trade was $1,500 million in 2024 [1]. It was $7 billion in 2019 [1].")
    assert invented(shown, ASKED) == ("$7 billion", "2019")
    assert invented(reply("It rose in 2019."), "Did it rise in 2019?") == ()


def test_a_figure_is_unverified_when_another_text_than_the_cited_has_it() -> None:
    shown = reply("Trade was $1.5 billion [2]. Exports were $900 million [1].", TRADE, "Rain.")
    assert unverified(shown) == ("$1.5 billion",)
    assert invented(shown, ASKED) == ()


def test_a_sentence_without_a_mark_verifies_nothing() -> None:
    assert unverified(reply("Trade was $1.5 billion.")) == ("$1.5 billion",)


def test_a_result_counts_for_the_engine_and_for_us_only_where_it_is_told_as_one() -> None:
    words = "Imports were $600 million [1]."
    assert unverified(reply(words)) == ()
    said = Said("Imports were $600 million.", (1,), (TRADE,))
    ours = Shown("s", "q", "footnote", (said,), (TRADE,), refused=False)
    assert unverified(ours) == ("$600 million",)
    told = Shown("s", "q", "footnote", (said,), (TRADE,), refused=False, computed=("$600 million",))
    assert unverified(told) == ()


def test_a_wrong_result_is_unverified_whoever_computed_it() -> None:
    said = Said("Imports were $650 million.", (1,), (TRADE,))
    told = Shown("s", "q", "footnote", (said,), (TRADE,), refused=False, computed=("$650 million",))
    assert unverified(told) == ("$650 million",)


def answer(refusal: Refusal | None = None) -> Answer:
    article = make_article("norland", TRADE)
    quote = Citation(1, article.source, TRADE[:48], Span(0, 48))
    claim = Claim("Trade was $1.5 billion. [1]", Span(0, 27), "supported", "", (1,))
    claims, citations = ((), ()) if refusal else ((claim,), (quote,))
    return Answer(ASKED, ASKED, "llm", "Trade …", claims, citations, refusal=refusal)


def test_our_sentences_are_the_claims_with_the_words_they_cite() -> None:
    shown = of_answer("s", "q", answer(), ["Rain."])
    assert shown.sentences == (Said("Trade was $1.5 billion.", (1,), (TRADE[:48],)),)
    assert shown.read == ("Rain.", TRADE[:48])
    assert of_answer("s", "q", answer(Refusal("off_topic", "No.")), []).refused


def test_right_needs_value_unit_and_subject() -> None:
    gold = question(figure="$1.5 billion", subject=["Norland|trade"])
    assert gold.is_met("Trade was $1,500 million.")
    assert not gold.is_met("Trade was 1.5 billion euros.")
    assert not gold.is_met("It was $1.5 billion.")
    news = Question("realtimeqa", "n", "Who?", NewsCase("n", "Who?", "Ann Lee", frozenset()))
    assert news.is_met("It was Ann Lee who won.")


def test_a_run_that_was_cut_off_is_read_up_to_its_last_whole_line(tmp_path: Path) -> None:
    shown = reply("It was $1.5 billion [1].")
    path = tmp_path / "run.jsonl"
    path.write_text(to_line(shown) + to_line(shown)[:40], encoding="utf-8")
    assert read_shown(path) == [shown]
    assert path.read_text(encoding="utf-8") == to_line(shown)


def test_each_mark_counts_with_the_score_of_its_sentence() -> None:
    said = (Said("a", (1, 2), ("x", "y")), Said("b", (1,), ("x",)), Said("c", (), ()))
    shown = Shown("s", "q", "citing", said, ("x",), refused=False, scores=(0.9, 0.01, None))
    found = reports([shown], {("s", "q"): question(answers=["b"])}, {})[0]
    means = {m.key: m.mean for m in found.measures}
    assert means["citing_unsupported"] == pytest.approx(1 / 3)
    assert means["citing_astray"] == pytest.approx(1 / 3)
    assert means["citing_unmarked"] == pytest.approx(1 / 3)
    assert means["citing_right"] == 1.0


def test_a_report_has_no_words_of_the_questions() -> None:
    shown = replace(reply("It was $7 [1]."), scores=(0.1,))
    report = reports([shown], {("s", "q"): question(answers=["b"])}, {})[0]
    written = json.dumps(as_dict(report))
    assert '"invented": 1' in written
    assert ASKED not in written
    assert "$7" not in written


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny.articles"
    folder.mkdir()
    (folder / "norland.md").write_text(f"# Trade with Norland\n\n{TRADE}\n", encoding="utf-8")
    lines = [
        {"id": "q1", "question": ASKED, "figure": "$1.5 billion", "article": "norland.md"},
        {"id": "q2", "question": "Who is the king of Sunland?", "reason": "off_topic"},
    ]
    path = tmp_path / "tiny.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_the_same_model_is_asked_through_both_and_a_run_goes_on_where_it_stopped(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--suites", str(suite), "--home", str(tmp_path / "home"), "--json"]
    with serve() as endpoint:
        endpoint.reply = lambda _: "It was $7 billion in 1999 [1]."
        model = ["--llm-base-url", endpoint.url, "--llm-model", "liar"]
        assert main([*words, *model, "--peer-limit", "1"]) == 0
        assert main([*words, *model]) == 0
        n_asked = len(endpoint.prompts)
        capsys.readouterr()
        assert main([*words, *model]) == 0
        assert len(endpoint.prompts) == n_asked
    every = json.loads(capsys.readouterr().out)[0]
    assert every["facts"]["Footnote: questions"] == 2
    assert every["facts"]["CitationQueryEngine: questions"] == 2
    assert every["facts"]["Footnote: unverified figures shown as fact"] == 0
    assert every["facts"]["CitationQueryEngine: unverified figures shown as fact"] == 4
    assert every["measures"]["citing_invented"]["mean"] == 1.0


def test_without_a_model_it_says_what_to_give(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path)]) == 1
    assert "--local, or --llm-base-url and --llm-model" in capsys.readouterr().err
