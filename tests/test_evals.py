"""Evaluation: suites are well-formed, gold stands in the corpus, scores say what happened."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evals import metrics
from evals.cases import Case, CasesError, load_cases
from evals.metrics import Score, contains, normalise, offset_exact, score_answer
from evals.run import as_dict, original_names, run_suite
from rag.answer import Answer, Citation, Refusal
from rag.errors import QuestionError
from rag.types import Article, Source, Span

ROOT = Path(__file__).parents[1]
SUITES = sorted((ROOT / "evals/suites").glob("*.jsonl"))
CORPUS = sorted((ROOT / "corpus").glob("*.md"))

BODY = "The bridge opened in 1932. It carries 160,000 vehicles a day, 4.5% fewer than in 2019."
SPLIT = {"split": "dev"}
BASIC = {"id": "fig-001", "question": "What traffic is there?", "kind": "figure", **SPLIT}
RECORD = {**BASIC, "answerable": True, "answers": ["160,000"], "article": "bridge.txt"}
UNGIVEN = {"id": "nm-001", "question": "What did it cost?", "kind": "near_miss", **SPLIT}
REFUSED = {**UNGIVEN, "answerable": False, "reason": "figure_not_given"}
TRAFFIC = Case(**RECORD | {"answers": ("160,000",)})
COST = Case(**REFUSED)


def source(article_id: str = "bridge", path: str = "corpus/bridge.txt") -> Source:
    return Source(article_id, "The bridge", None, None, None, None, path)


def quoting(words: str, article_id: str = "bridge") -> Answer:
    start = BODY.index(words)
    citation = Citation(1, source(article_id), words, Span(start, start + len(words)))
    return Answer("q", "q", "extractive", f"{words} [1]", citations=(citation,))


def refusing(reason, *nearest: Citation) -> Answer:
    refusal = Refusal(reason, "Not given.", nearest)
    return Answer("q", "q", "extractive", "Not given.", refusal=refusal)


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.name)
def test_shipped_suite_has_only_wellformed_cases_of_different_ids(path):
    assert load_cases(path)


def test_no_question_is_asked_twice_in_a_suite_or_across_suites():
    asked = Counter(normalise(c.question).rstrip("?") for path in SUITES for c in load_cases(path))
    assert [question for question, n in asked.items() if n > 1] == []


def test_every_gold_answer_of_the_dev_suite_stands_in_the_corpus():
    originals = {
        name: path.read_text(encoding="utf-8")
        for path in CORPUS
        for name in original_names(source(path.stem, str(path)))
    }
    adrift = [
        (case.id, name)
        for case in load_cases(ROOT / "evals/suites/dev.jsonl")
        for name in sorted(case.gold_articles)
        if not any(contains(originals[name], gold) for gold in case.answers)
    ]
    assert adrift == []


def test_a_line_becomes_the_case_it_describes(tmp_path):
    path = write(tmp_path / "suite.jsonl", RECORD | {"reason": None}, REFUSED)
    path.write_text(f"\n{path.read_text('utf-8')}\n", encoding="utf-8")  # empty lines are no cases
    assert load_cases(path) == (TRAFFIC, COST)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "riddle"}, "unknown kind 'riddle'"),
        ({"split": None}, "'split' is None"),
        ({"answerable": 1}, "'answerable' is 1; give a bool"),
        ({"question": "  "}, "'question' is '  '"),
        ({"answers": "160,000"}, "'answers' is '160,000'; give a list"),
        ({"answers": []}, "needs 'answers' and 'article'"),
        ({"article": None}, "needs 'answers' and 'article'"),
        ({"anwser": "160,000"}, "unknown field 'anwser'"),
        ({"reason": "off_topic"}, "no 'reason'"),
        ({"reason": "too_hard"}, "unknown reason 'too_hard'"),
        ({"kind": "near_miss"}, "kind 'near_miss' with answerable True"),
        ({"id": "nm-001"}, "id 'nm-001' is taken by line 1; choose another"),
        (REFUSED | {"answers": ["160,000"]}, "needs 'reason', and no 'answers'"),
        (REFUSED | {"answers": [], "reason": "off_topic"}, "'off_topic' is both or neither"),
    ],
)
def test_a_broken_line_is_refused_with_its_place(tmp_path, change, complaint):
    path = write(tmp_path / "suite.jsonl", REFUSED, RECORD | change)
    with pytest.raises(CasesError) as caught:
        load_cases(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert complaint in str(caught.value)


@pytest.mark.parametrize("name", ["id", "question", "kind", "answerable", "split"])
def test_a_missing_field_is_named(tmp_path, name):
    path = write(tmp_path / "suite.jsonl", {k: v for k, v in RECORD.items() if k != name})
    with pytest.raises(CasesError, match=f":1: {name} missing"):
        load_cases(path)


@pytest.mark.parametrize("text", [None, "", "[1]\n", "{oops\n"])
def test_a_file_without_a_case_is_refused(tmp_path, text):
    path = tmp_path / "suite.jsonl"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(CasesError, match=r"suite\.jsonl:"):
        load_cases(path)


@pytest.mark.parametrize(
    ("quote", "gold", "found"),
    [
        ("India\u2019s exports", "india's exports", True),
        ("in FY2024\u201325 alone", "FY2024-25", True),
        ("the seventh\u2011largest partner", "Seventh largest", True),
        ("shrank to 16 per cent", "16%", True),
        ("worth $1.5\u00a0billion.", "1.5 billion", True),
        ("$86.07 million-just", "86.07 million", True),
        ("in 2023.", "2023", True),
        ("$11.5 billion", "1.5 billion", False),
        ("$1.5 billion", "5 billion", False),
        ("0.16% of it", "16%", False),
        ("1,932 people", "932", False),
        ("2020.5 points", "2020", False),
        ("Indian traders", "India", False),
    ],
)
def test_gold_is_found_however_typeset_and_never_inside_a_word_or_number(quote, gold, found):
    assert contains(quote, gold) is found


def test_a_gold_answer_counts_in_quotes_and_not_in_the_answers_own_words():
    assert metrics.quote_contains(quoting("It carries 160,000 vehicles a day"), TRAFFIC)
    assert not metrics.quote_contains(
        replace(quoting("1932"), text="160,000 vehicles [1]"), TRAFFIC
    )


def test_offsets_are_exact_only_when_they_cut_out_the_cited_words():
    def exact(words: str, start: int, end: int) -> bool:
        return offset_exact(Citation(1, source(), words, Span(start, end)), BODY)

    n = len(BODY)
    assert exact("The bridge", 0, 10)
    assert exact("2019.", n - 5, n)
    assert not exact("The bridge", 1, 11)
    assert not exact("2019.", n - 5, n + 1)
    assert not exact("2019", -5, -1)
    assert not exact("", 3, 3)


OFF_BY_ONE = Citation(1, source(), "The bridge", Span(1, 11))


@pytest.mark.parametrize(
    ("case", "answer", "values"),
    [
        (TRAFFIC, quoting("160,000 vehicles"), (1.0, 0.0, 0.0, 1.0)),
        (TRAFFIC, quoting("160,000 vehicles", "tunnel"), (0.0, 0.0, 1.0, 1.0)),
        (TRAFFIC, quoting("opened in 1932"), (0.0, 0.0, 1.0, 1.0)),
        (TRAFFIC, refusing("off_topic"), (0.0, 1.0, 0.0, None)),
        (COST, refusing("figure_not_given"), (1.0, 1.0, None)),
        (COST, refusing("figure_not_given", OFF_BY_ONE), (1.0, 1.0, 0.0)),
        (COST, refusing("other_period"), (1.0, 0.0, None)),
        (COST, quoting("4.5% fewer"), (0.0, None, 1.0)),
    ],
)
def test_right_wrong_refused_and_unknown_are_told_apart(case, answer, values):
    outcome = ("right", "refused_answerable", "wrong")
    names = (*(outcome if case.answerable else ("refused_unanswerable", "reason")), "offsets")
    scores = score_answer(
        answer, case, is_gold=lambda s: s.article_id == "bridge", body_of=lambda _: BODY
    )
    assert tuple((s.metric, s.value) for s in scores) == tuple(zip(names, values, strict=True))


def test_only_a_scored_case_without_full_marks_falls_short():
    scores = [("right", 0.0), ("right", 1.0), ("wrong", 0.0), ("wrong", 1.0), ("reason", None)]
    short = [score for score in scores if metrics.falls_short(Score("fig-001", *score, ""))]
    assert short == [("right", 0.0), ("wrong", 1.0)]


def test_the_interval_brackets_the_mean_and_repeats_with_its_seed():
    values = [1.0] * 80 + [0.0] * 20
    low, high = metrics.bootstrap_interval(values)
    # The normal approximation, 0.8 +- 1.96 * sqrt(0.8 * 0.2 / 100), gives 0.722 and 0.878.
    assert (low, high) == (pytest.approx(0.722, abs=0.02), pytest.approx(0.878, abs=0.02))
    assert metrics.bootstrap_interval(values) == (low, high)
    assert metrics.bootstrap_interval([1.0, 1.0, 1.0]) == (1.0, 1.0)
    with pytest.raises(ValueError, match="no values"):
        metrics.bootstrap_interval([])


def test_percentile_is_one_of_the_values():
    percentiles = [metrics.percentile(range(20, 0, -1), percent) for percent in (0, 50, 95, 96)]
    assert percentiles == [1, 10, 19, 20]


def test_a_share_leaves_out_other_metrics_and_cases_without_a_value():
    values = [
        ("a", "reason", 1.0),
        ("b", "reason", None),
        ("c", "reason", 0.0),
        ("c", "right", 1.0),
    ]
    found = metrics.share([Score(*value, "") for value in values], "reason")
    assert (found.n, found.mean) == (2, 0.5)
    assert metrics.share([], "wrong").mean is None


def test_an_article_stands_for_itself_and_for_the_original_that_it_restates(tmp_path):
    restated, plain = tmp_path / "traffic.md", tmp_path / "bridge.txt"
    restated.write_text("---\ntitle: T\nrestates: bridge.txt\n---\n\nBody.\n", encoding="utf-8")
    plain.write_text("restates: tunnel.txt\n", encoding="utf-8")
    assert original_names(source(path=str(restated))) == {"traffic.md", "bridge.txt"}
    assert original_names(source(path=str(plain))) == {"bridge.txt"}


class Librarian:
    """A chatbot over one article that answers by a rule of the test."""

    def __init__(self, path: Path, reply: Callable[[str], Answer]) -> None:
        path.write_text(BODY, encoding="utf-8")
        self.known, self.ask = source(path=str(path)), reply

    def article(self, article_id: str) -> Article:
        assert article_id == self.known.article_id
        return Article(self.known, BODY)

    def articles(self) -> tuple[Source, ...]:
        return (self.known,)


def test_a_run_reports_shares_by_kind_and_times(tmp_path):
    def reply(question: str) -> Answer:
        answer = quoting("160,000 vehicles") if "traffic" in question else refusing("off_topic")
        return replace(answer, seconds={"total": 0.25})

    results = run_suite((TRAFFIC, COST), Librarian(tmp_path / "bridge.txt", reply))
    report = as_dict(Path("suite.jsonl"), results)
    certain = {"n": 1, "mean": 1.0, "interval": (1.0, 1.0)}
    never = {"n": 1, "mean": 0.0, "interval": (0.0, 0.0)}
    assert [(r.case.id, r.failed) for r in results] == [("fig-001", False), ("nm-001", True)]
    assert report["shares"]["right"] == certain
    assert report["by_kind"]["near_miss"] == {"refused_unanswerable": certain, "reason": never}
    assert report["seconds"] == {"median": 0.25, "p95": 0.25}


def test_a_case_that_ends_in_an_error_is_reported_and_scored_nowhere(tmp_path):
    def reply(question: str) -> Answer:
        raise QuestionError(f"{question!r} cannot be asked; shorten it")

    (result,) = run_suite((TRAFFIC,), Librarian(tmp_path / "bridge.txt", reply))
    assert (result.answer, result.scores, result.failed) == (None, (), True)
    assert result.error == f"{TRAFFIC.question!r} cannot be asked; shorten it"


def test_a_suite_about_articles_that_are_not_indexed_is_refused(tmp_path):
    chatbot = Librarian(tmp_path / "tunnel.txt", lambda _: refusing("off_topic"))
    with pytest.raises(CasesError, match=r"restates bridge\.txt; index the corpus first"):
        run_suite((TRAFFIC,), chatbot)


def test_cases_and_metrics_load_without_any_heavy_library():
    heavy = {"llama_index", "chromadb", "gradio", "openai"}
    code = f"import sys, evals.cases, evals.metrics; print({heavy} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
