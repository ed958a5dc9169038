"""Benchmarks on tiny files of the published formats: what is counted, and said of bad files."""

import argparse
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from evals.benchmarks import __main__ as command
from evals.benchmarks.halves import half_of, is_dev
from evals.benchmarks.llm import LlmSettings
from evals.benchmarks.measure_left_out import threshold_at
from evals.benchmarks.measure_realtimeqa import cut, run_realtimeqa
from evals.benchmarks.measure_xquad import run_xquad
from evals.benchmarks.options import NAMES, Options, add_options, options_of
from evals.benchmarks.peer import Peer
from evals.benchmarks.realtimeqa import NewsCase, load_realtimeqa
from evals.benchmarks.report import Measure, Report, as_dict, as_lines, difference, share_of
from evals.benchmarks.run import BENCHMARKS, run_benchmark
from evals.benchmarks.seen import Attempt, Look, Node, PeerSeen, Reply, Seen, article_ranks
from evals.benchmarks.xquad import XquadQuestion, dev_half, load_xquad, xquad_articles
from rag.answer import Answer, Citation, Refusal
from rag.answering.candidates import Candidate
from rag.checking.evidence import Fit
from rag.errors import ModelError
from rag.splitting.passages import split_passages
from rag.types import Passage, Span
from tests.fakes import FakeEmbedder, make_article
from tests.loopback import Loopback, serve

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


def nodes(*texts: str) -> PeerSeen:
    return PeerSeen(tuple(Node("a", text) for text in texts))


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
        [replace(question, question=name) for name in results],
        "dev",
        lambda asked: Look(results[asked.question]),
        {},
    )
    found = means(report)
    assert found["reranked_r_at_1"] == found["bm25_r_at_1"] == pytest.approx(1 / 3)
    assert found["reranked_r_at_5"] == pytest.approx(2 / 3)
    assert found["reranked_mrr"] == pytest.approx((1 + 1 / 2) / 3)
    assert found["sentence_hit_at_1"] == found["cited"] == pytest.approx(1 / 3)
    assert found["refused"] == found["wrong"] == pytest.approx(1 / 3)
    assert report.facts["median seconds of ask, total"] == 0.3
    assert [case["cites_answer"] for case in report.cases] == [True, False, False]
    assert not report.curves
    assert not [key for key in found if "left_out" in key or "peer" in key]


def test_realtimeqa_compares_quotes_with_the_peers_node():
    bridge, tower = passage(BRIDGE, "b"), passage(TOWER, "t")
    case = NewsCase("c", "right", "324 metres", frozenset({"t"}))
    height = "The tower is 324 metres tall."
    looked = {
        "right": Look(seen(tower, quotes=(quoting(tower, height),)), nodes(BRIDGE)),
        "other": Look(seen(bridge, tower, quotes=(quoting(bridge, BRIDGE),)), nodes("no", TOWER)),
        "refused": Look(seen(tower, first=height), nodes(TOWER, "no")),
    }
    cases = [replace(case, id=name) for name in looked]
    found = means(run_realtimeqa(cases, "dev", lambda asked: looked[asked.id], {}))
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
    report = run_realtimeqa([case], "dev", lambda _: Look(seen(tower)), {})
    assert not [key for key in means(report) if "peer" in key]


def tried(place: Passage, confidence: float, *quotes: Citation) -> tuple[Seen, Attempt]:
    """A question whose first sentence has that confidence; quoted if there are quotes."""
    looked = seen(place, quotes=quotes)
    answer = replace(looked.answer, confidence=confidence if quotes else None)
    return replace(looked, answer=answer, confidence=confidence), Attempt(answer, confidence)


def test_left_out_paragraphs_are_refusals_at_a_threshold_and_risk_on_the_curve():
    bridge, tower = passage(BRIDGE, "b"), passage(TOWER, "t")
    question = XquadQuestion("q", "When?", "b", "1932", Span(21, 25))
    right = quoting(bridge, "The bridge opened in 1932 after eight years of work.")
    wrong, elsewhere = quoting(tower, TOWER), quoting(passage("Since 1932.", "c"), "Since 1932.")
    looks = {
        "sure": Look(tried(bridge, 0.9, right)[0], left_out=tried(tower, 0.3)[1]),
        "unsure": Look(tried(bridge, 0.5, right)[0], left_out=tried(tower, 0.45, wrong)[1]),
        "misled": Look(tried(tower, 0.6, wrong)[0], left_out=tried(tower, 0.7, elsewhere)[1]),
        "refused": Look(tried(tower, 0.4)[0], left_out=tried(tower, 0)[1]),
    }
    report = run_xquad(
        [replace(question, id=name) for name in looks], "dev", lambda asked: looks[asked.id], {}
    )
    found = means(report)
    assert found["refused"] == found["left_out_words"] == 1 / 4
    assert found["left_out_refused"] == 1 / 2
    # None of the four may be refused at 5 %: the threshold is the least of them, 0.4.
    assert found["left_out_refused_at_5"] == 1 / 2
    assert report.curves["answerable"] == ((1 / 4, 0.0), (2 / 4, 1 / 2), (3 / 4, 1 / 3))
    assert [p.coverage for p in report.curves["answerable and left out"]] == [
        n / 8 for n in (1, 2, 3, 4, 5)
    ]
    assert report.curves["answerable and left out"][-1].risk == 3 / 5
    assert report.facts["AURC, answerable"] == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert report.cases[1]["left_out"] == {
        "refused": None,
        "cited": [TOWER],
        "confidence": 0.45,
    }
    assert any(line.startswith("risk at coverage, answerable:") for line in as_lines(report))
    assert as_dict(report)["curves"]["answerable"][0] == {"coverage": 1 / 4, "risk": 0.0}


def test_no_threshold_is_told_where_too_many_have_nothing_to_show():
    question = XquadQuestion("q", "When?", "b", "1932", Span(21, 25))
    whole, left_out = tried(passage(TOWER, "t"), 0.0)
    report = run_xquad([question], "dev", lambda _: Look(whole, left_out=left_out), {})
    assert means(report)["left_out_refused_at_5"] is None
    assert means(report)["left_out_refused"] == 1.0


def test_the_threshold_lets_no_more_than_the_share_fall_below():
    confidences = [n / 40 for n in range(1, 41)]
    threshold = threshold_at(confidences, 0.05)
    assert sum(value < threshold for value in confidences) == 2
    assert threshold_at([], 0.05) is None


def test_stock_nodes_are_ranked_by_their_articles_in_xquad():
    question = XquadQuestion("q", "When?", "b", "1932", Span(21, 25))
    found = {
        "first": PeerSeen((Node("b", "x"), Node("c", "y"))),
        "second": PeerSeen((Node("c", "x"), Node("b", "y"))),
        "none": PeerSeen(()),
    }
    report = run_xquad(
        [replace(question, id=name) for name in found],
        "dev",
        lambda asked: Look(seen(passage(TOWER, "t")), found[asked.id]),
        {},
    )
    assert means(report)["peer_r_at_1"] == pytest.approx(1 / 3)
    assert means(report)["peer_found"] == pytest.approx(2 / 3)
    assert not [key for key in means(report) if "citing" in key]


def test_engines_replies_are_held_against_the_texts_that_they_were_given():
    tower = passage(TOWER, "t")
    height = "The tower is 324 metres tall."
    case = NewsCase("c", "How tall was the tower in 1990?", "324 metres", frozenset({"t"}))
    stock = {
        "right": Reply("324 metres.", (TOWER,)),
        "invented": Reply("It is 500 metres tall and weighs 9 tonnes.", (TOWER,)),
        "of the question": Reply("In 1990 it was as tall as in 1889.", (TOWER,)),
    }
    citing = {
        "right": Reply("324 metres [1], on a river [2].", (TOWER, BRIDGE)),
        "invented": Reply("324 metres [7].", (TOWER,)),
        "of the question": Reply("I cannot tell.", (TOWER,)),
    }
    looks = {
        name: Look(
            seen(tower, quotes=(quoting(tower, height), quoting(tower, TOWER[30:], 2))),
            PeerSeen((Node("t", TOWER),), {"stock": stock[name], "citing": citing[name]}),
        )
        for name in stock
    }
    cases = [replace(case, id=name) for name in stock]
    report = run_realtimeqa(cases, "dev", lambda asked: looks[asked.id], {})
    found = means(report)
    assert found["stock_holds"] == found["stock_lost_figures"] == pytest.approx(1 / 3)
    assert found["citing_holds"] == pytest.approx(2 / 3)
    assert found["citing_lost_figures"] == 0
    assert found["citing_marked"] == pytest.approx(2 / 3)
    assert found["citing_marks"] == pytest.approx((1 / 2 + 0) / 2)
    assert (found["ours_holds"], found["ours_marks"]) == (1.0, 1 / 2)
    assert report.cases[0]["replies"] == {
        "stock": "324 metres.",
        "citing": "324 metres [1], on a river [2].",
    }


@pytest.fixture
def endpoint() -> Iterator[Loopback]:
    with serve() as state:
        yield state


def test_engines_ask_the_endpoint_with_the_articles_words(endpoint, tmp_path):
    endpoint.reply = lambda prompt: "324 metres [1]" if "Source 1:" in prompt else "324 metres"
    llm = LlmSettings(base_url=endpoint.url, model="house-model", api_key="sk-canary")
    articles = [make_article("bridge.md", [BRIDGE]), make_article("tower.md", [TOWER])]
    with Peer(articles, FakeEmbedder(), tmp_path / "peer", lambda *_: None, llm=llm) as peer:
        found = peer.see("How tall is the tower?")
    assert [node.article_id for node in found.nodes] == ["tower", "bridge"]
    assert found.replies == {
        "stock": Reply("324 metres", (TOWER, BRIDGE)),
        "citing": Reply("324 metres [1]", (TOWER, BRIDGE)),
    }
    assert all(TOWER in prompt for prompt in endpoint.prompts)
    assert (set(endpoint.keys), set(endpoint.models)) == ({"Bearer sk-canary"}, {"house-model"})


def test_an_endpoint_that_fails_ends_the_run_with_a_message(endpoint, xquad, tmp_path):
    endpoint.status = 500
    llm = LlmSettings(base_url=endpoint.url, model="house-model")
    options = Options(half="all", home=tmp_path / "home", llm=llm)
    with pytest.raises(ModelError, match="'house-model' gives no reply"):
        run_benchmark("xquad", xquad, options)


def test_flags_name_the_llm_or_say_what_is_lacking(xquad, endpoint, tmp_path, capsys):
    words = ["xquad", str(xquad), "--half", "all", "--home", str(tmp_path / "home")]
    for more, lacking in (
        (["--llm-model", "m"], "--llm-base-url"),
        (["--llm-base-url", endpoint.url], "--llm-model"),
        (["--llm-base-url", endpoint.url, "--llm-model", "m", "--no-peer"], "--no-peer"),
    ):
        assert command.main([*words, *more]) == 1
        assert lacking in capsys.readouterr().err
    endpoint.reply = lambda _: "It opened in 1932 [1]."
    assert command.main([*words, "--llm-base-url", endpoint.url, "--llm-model", "m"]) == 0
    assert "CitationQueryEngine: its text holds the answer" in capsys.readouterr().out
    assert set(endpoint.keys) == {"Bearer none"}


def test_the_settings_key_goes_only_to_its_own_endpoint():
    parser = argparse.ArgumentParser()
    add_options(parser)
    configured = LlmSettings(base_url="http://here/v1", model="one", api_key="sk-canary")
    same = options_of(parser.parse_args(["--llm-model", "two"]), llm=configured)
    other = options_of(parser.parse_args(["--llm-base-url", "http://there/v1"]), llm=configured)
    assert same.llm == replace(configured, model="two")
    assert other.llm == LlmSettings(base_url="http://there/v1", model="one")
    assert "sk-canary" not in repr(same)
    assert options_of(parser.parse_args([])) == Options()


@pytest.mark.parametrize("given", ["0", "-1", "many"])
def test_a_count_that_is_none_is_wrong_usage(given, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(["xquad", "file", "--limit", given])
    assert ended.value.code == 2
    assert repr(given) in capsys.readouterr().err


def test_every_name_is_a_benchmark_and_flags_load_nothing_heavy():
    assert sorted(NAMES) == sorted(BENCHMARKS)
    heavy = {"llama_index", "openai", "numpy", "rich", "chromadb"}
    code = f"import sys, evals.benchmarks.options; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


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
            return tuple(node.text for node in peer.see(question).nodes)

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
    assert first["measures"]["peer_r_at_1"]["mean"] == 1.0
    assert first["measures"]["left_out_refused"]["n"] == 2
    assert all(case["confidence"] > case["left_out"]["confidence"] for case in first["cases"])
    assert command.main([*words, "--no-peer", "--no-left-out"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["facts"]["texts embedded now"] == 0
    assert not [key for key in again["measures"] if "left_out" in key or "peer" in key]


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
    from evals.bench import speed

    monkeypatch.setattr(speed, "WARM_QUESTIONS", 1)
    assert speed.main(["--runs", "1", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert [wait["bar"] for wait in values["waits"].values()] == [0.15, 2.5, 0.3]
    stages = values["cold_stages"]
    assert {"interpreter start", "importing llama_index", "first question"} <= set(stages)
    assert all(stage["median"] >= 0 for stage in stages.values())
