"""Benchmarks on tiny files of the published formats: what is counted, and said of bad files."""

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evals.bench import speed
from evals.benchmarks import __main__ as command
from evals.benchmarks.halves import half_of, is_dev
from evals.benchmarks.measure_realtimeqa import cut, run_realtimeqa
from evals.benchmarks.measure_xquad import run_xquad
from evals.benchmarks.peer import Peer
from evals.benchmarks.realtimeqa import NewsCase, load_realtimeqa
from evals.benchmarks.report import Measure, Report, as_dict, as_lines, difference, share_of
from evals.benchmarks.seen import Seen, article_ranks
from evals.benchmarks.xquad import XquadQuestion, dev_half, load_xquad, xquad_articles
from rag.answer import Answer, Citation, Refusal
from rag.answering.candidates import Candidate
from rag.checking.evidence import Fit
from rag.splitting.passages import split_passages
from rag.types import Passage, Span
from tests.fakes import FakeEmbedder, make_article

ROOT = Path(__file__).parents[1]
BRIDGE = "The bridge opened in 1932 after eight years of work. It carries eight lanes of traffic."
TOWER = "The tower is 324 metres tall. Gustave built it for the fair of 1889 on the river's bank."


def ask_of(paragraph: str, question_id: str, question: str, answer: str) -> dict:
    places = [{"text": answer, "answer_start": paragraph.index(answer)}]
    return {"id": question_id, "question": question, "answers": places}


PARAGRAPHS = [
    {"context": BRIDGE, "qas": [ask_of(BRIDGE, "q1", "When did the bridge open?", "1932")]},
    {"context": TOWER, "qas": [ask_of(TOWER, "q2", "How tall is the tower?", "324 metres")]},
]
XQUAD = {"version": "1.1", "data": [{"title": "Harbour_Bridge", "paragraphs": PARAGRAPHS}]}


def news(article_id: str, text: str, **fields: object) -> dict:
    url = f"https://www.news.example/{article_id}"
    return {
        "id": article_id,
        "url": url,
        "title": "A title",
        "published": "2022/01/06",
        "text": text,
    } | fields


def quiz(case_id: str, question: str, answer: str, *article_ids: str, stands: bool = True) -> dict:
    record = {"id": case_id, "asked": "2022/01/07", "question": question, "choices": [answer]}
    return record | {"answer": answer, "article_ids": article_ids, "answer_in_articles": stands}


REALTIMEQA = {
    "articles": [news("a1", BRIDGE), news("a2", TOWER, published=None), news("a3", "Rain. Fog.")],
    "cases": [
        quiz("20220107_0", "When did the bridge open?", "“1932”", "a1"),
        quiz("20220107_1", "How tall is the tower?", "324 metres", "a2", "a1"),
        quiz("20220107_2", "Will it rain?", "Rain", "a3"),
        quiz("20220107_3", "Who paid for it?", "Nobody", "a1", stands=False),
    ],
}


@pytest.fixture
def xquad(tmp_path: Path) -> Path:
    path = tmp_path / "xquad.json"
    path.write_text(json.dumps(XQUAD), encoding="utf-8")
    return path


@pytest.fixture
def realtimeqa(tmp_path: Path) -> Path:
    path = tmp_path / "realtimeqa.json.gz"
    path.write_bytes(gzip.compress(json.dumps(REALTIMEQA).encode()))
    return path


def passage(text: str, article_id: str) -> Passage:
    article = make_article(f"{article_id}.md", [text])
    return split_passages(article)[0]


def quoting(place: Passage, words: str, number: int = 1) -> Citation:
    start = place.text.index(words)
    return Citation(number, place.source, words, Span(start, start + len(words)))


def seen(*places: Passage, quotes: tuple[Citation, ...] = (), first: str | None = None) -> Seen:
    refusal = None if quotes else Refusal("not_in_sources", "Not given.")
    answer = Answer("q", "q", "extractive", "text", citations=quotes, refusal=refusal)
    answer = replace(answer, seconds={"retrieve": 0.1, "total": 0.3})
    candidates: tuple[Candidate, ...] = ()
    if first is not None:
        start = places[0].text.index(first)
        fit = Fit(frozenset(), frozenset(), 1.0)
        candidates = (Candidate(places[0], Span(start, start + len(first)), fit, 9.0),)
    return Seen(places, places, places, places, places, candidates, answer)


def means(report: Report) -> dict[str, float | None]:
    return {measure.key: measure.mean for measure in report.measures}


def test_xquad_paragraphs_become_articles_that_hold_their_answers(xquad):
    articles = {article.source.article_id: article for article in xquad_articles(xquad)}
    questions = load_xquad(xquad)
    assert list(articles) == ["harbour_bridge-0", "harbour_bridge-1"]
    assert [q.span.of(articles[q.article_id].body) for q in questions] == ["1932", "324 metres"]
    assert {a.source.title for a in articles.values()} == {"Harbour Bridge"}
    assert all("://" in a.source.path for a in articles.values())  # the same from every folder


def test_halves_are_apart_whole_and_repeatable(xquad):
    questions = [replace(load_xquad(xquad)[0], id=str(n)) for n in range(200)]
    dev, test = half_of(questions, "dev"), half_of(questions, "test")
    assert dev == dev_half(questions) == [q for q in questions if is_dev(q.id)]
    assert sorted([*dev, *test], key=lambda q: int(q.id)) == half_of(questions, "all") == questions
    assert 80 < len(dev) < 120


def test_realtimeqa_article_has_its_outlet_date_and_text(realtimeqa):
    articles, _ = load_realtimeqa(realtimeqa)
    first, second, _ = articles
    assert (first.body, first.source.title) == (BRIDGE, "A title")
    assert (first.source.outlet, first.source.published) == ("news.example", date(2022, 1, 6))
    assert first.source.url == "https://www.news.example/a1"
    assert second.source.published is None


def test_realtimeqa_keeps_the_cases_that_its_articles_answer(realtimeqa):
    _, cases = load_realtimeqa(realtimeqa)
    assert [case.answer for case in cases] == ["1932", "324 metres", "Rain"]
    articles, cases = load_realtimeqa(realtimeqa, n_articles=1)
    assert [article.source.article_id for article in articles] == ["a1"]
    assert [case.id for case in cases] == ["20220107_0"]


def test_paragraphs_rank_by_their_best_passage():
    found = [passage(BRIDGE, "b"), passage(TOWER, "t"), passage("More.", "b")]
    assert article_ranks(found) == ["b", "t"]


def test_xquad_counts_only_a_quote_around_the_answers_own_place():
    bridge, tower = passage(BRIDGE, "b"), passage(TOWER, "t")
    question = XquadQuestion("q", "When?", "b", "1932", Span(21, 25))
    opening = "The bridge opened in 1932 after eight years of work."
    results = {
        "right": seen(bridge, tower, quotes=(quoting(bridge, opening),), first=opening),
        "elsewhere": seen(tower, bridge, quotes=(quoting(tower, TOWER),), first=TOWER),
        "refused": seen(tower),
    }
    report = run_xquad(
        [replace(question, question=name) for name in results], "dev", results.__getitem__, {}
    )
    found = means(report)
    assert found["reranked_r_at_1"] == pytest.approx(1 / 3)
    assert found["reranked_r_at_5"] == pytest.approx(2 / 3)
    assert found["reranked_mrr"] == pytest.approx((1 + 1 / 2) / 3)
    assert found["sentence_hit_at_1"] == found["cited"] == pytest.approx(1 / 3)
    assert found["refused"] == found["wrong"] == pytest.approx(1 / 3)
    assert report.facts["median seconds of ask, total"] == 0.3
    assert [case["cites_answer"] for case in report.cases] == [True, False, False]


def test_realtimeqa_compares_quotes_with_the_peers_node():
    bridge, tower = passage(BRIDGE, "b"), passage(TOWER, "t")
    case = NewsCase("c", "right", "324 metres", frozenset({"t"}))
    height = "The tower is 324 metres tall."
    looked = {
        "right": (seen(tower, quotes=(quoting(tower, height),)), (BRIDGE,)),
        "other": (seen(bridge, tower, quotes=(quoting(bridge, BRIDGE),)), ("no", TOWER)),
        "refused": (seen(tower, first=height), (TOWER, "no")),
    }
    cases = [replace(case, id=name, question=name) for name in looked]
    found = means(run_realtimeqa(cases, "dev", looked.__getitem__, {}))
    assert found["cited"] == found["cited_own"] == found["refused"] == pytest.approx(1 / 3)
    assert found["first"] == pytest.approx(1 / 3)
    assert found["bm25"] == found["dense"] == found["reranked"] == pytest.approx(2 / 3)
    assert found["listed"] == found["read"] == 1.0
    assert found["peer"] == pytest.approx(1 / 3)
    assert found["peer_within_128"] == pytest.approx(2 / 3)
    assert found["cited_minus_peer"] == pytest.approx(0)


def test_without_a_peer_nothing_is_said_of_one():
    tower = passage(TOWER, "t")
    case = NewsCase("c", "q", "324 metres", frozenset({"t"}))
    report = run_realtimeqa([case], "dev", lambda _: (seen(tower), ()), {})
    assert not [key for key in means(report) if "peer" in key]


def test_budget_cuts_after_whole_words_across_texts():
    assert cut(["One, two.", "Three four."], 5) == "One, two.\nThree"
    assert cut(["One."], 50) == "One."


def test_report_prints_bars_intervals_and_paired_differences():
    ours = share_of("ours", "ours", [True, True, False, True], bar=0.7)
    peer = share_of("peer", "peer", [False, True, False, True], bar=0.7)
    both = difference("gain", "ours minus peer", ours, peer)
    empty = Measure("none", "none", ())
    report = Report("Name", "dev", (ours, peer, both, empty), {"passages": 4442, "seconds": 0.25})
    lines = list(as_lines(report))
    assert lines[:3] == ["Name, half: dev", "  passages: 4,442", "  seconds: 0.250"]
    assert "75.0%" in lines[4]
    assert lines[4].endswith("n=4  bar 0.70: met")
    assert lines[5].endswith("bar 0.70: MISSED")
    assert "+25.0" in lines[6]
    assert lines[7].endswith("(no questions)")
    values = as_dict(report)
    assert json.loads(json.dumps(values))["measures"]["ours"]["mean"] == 0.75
    assert values["measures"]["none"]["interval"] is None


def test_peer_finds_by_its_nodes_and_is_built_once(tmp_path):
    articles = [make_article("bridge.md", [BRIDGE]), make_article("tower.md", [TOWER])]
    embedder, stages = FakeEmbedder(), []

    def best(question, some=articles):
        with Peer(some, embedder, tmp_path / "peer", lambda *told: stages.append(told)) as peer:
            return peer.best(question)

    assert best("How tall is the tower?") == (TOWER, BRIDGE)
    assert embedder.model.texts == [BRIDGE, TOWER]
    assert stages == [("peer", 0, 2), ("peer", 2, 2)]
    assert best("The bridge opened in 1932 after eight years of work") == (BRIDGE, TOWER)
    assert len(embedder.model.texts) == 2
    assert best("How tall is the tower?", articles[:1]) == (BRIDGE,)


@pytest.mark.parametrize("name", ["xquad", "realtimeqa"])
def test_missing_file_is_named_with_what_it_should_be(name, tmp_path, capsys):
    assert command.main([name, str(tmp_path / "none")]) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path / 'none'}: cannot be read (No such file or directory)" in said
    assert "not part of this project" in said


def test_another_file_is_refused(xquad, realtimeqa, tmp_path, capsys):
    other = tmp_path / "other.json.gz"
    other.write_bytes(gzip.compress(b'{"articles": []}'))
    cut_short = tmp_path / "short.json.gz"
    cut_short.write_bytes(realtimeqa.read_bytes()[:40])
    for name, path in (
        ("xquad", realtimeqa),
        ("realtimeqa", xquad),
        ("realtimeqa", other),
        ("realtimeqa", cut_short),
    ):
        assert command.main([name, str(path)]) == 1
        assert str(path) in capsys.readouterr().err


def test_xquad_runs_end_to_end_and_keeps_its_index(xquad, tmp_path, capsys):
    words = ["xquad", str(xquad), "--half", "all", "--home", str(tmp_path / "home"), "--json"]
    assert command.main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["measures"]["reranked_r_at_1"]["mean"] == 1.0
    assert first["measures"]["sentence_hit_at_1"]["mean"] == 1.0
    assert (first["facts"]["articles"], first["facts"]["texts embedded now"]) == (2, 2)
    assert command.main(words) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["texts embedded now"] == 0


def test_realtimeqa_runs_end_to_end_against_the_peer(realtimeqa, tmp_path, capsys):
    home = tmp_path / "home"
    words = ["realtimeqa", str(realtimeqa), "--half", "all", "--limit", "2", "--home", str(home)]
    assert command.main(words) == 0
    table = capsys.readouterr().out
    assert "stock LlamaIndex: first node" in table
    assert "100.0%" in table
    assert (tmp_path / "home-peer" / "built.json").is_file()


def test_benchmark_module_shows_its_commands():
    done = subprocess.run(
        [sys.executable, "-m", "evals.benchmarks", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "realtimeqa" in done.stdout


def test_speed_times_every_wait_and_stage(capsys, monkeypatch):
    monkeypatch.setattr(speed, "WARM_QUESTIONS", 1)
    assert speed.main(["--runs", "1", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert [wait["bar"] for wait in values["waits"].values()] == [0.15, 2.5, 0.3]
    stages = values["cold_stages"]
    assert {"interpreter start", "importing llama_index", "first question"} <= set(stages)
    assert all(stage["median"] >= 0 for stage in stages.values())
