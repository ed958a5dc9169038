"""Does a cited text support a claim: what is lacking, how it is weighed, and how it is measured."""

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from evals import calibrate_support
from evals.benchmarks import __main__ as command
from evals.benchmarks.measure_wice import run_wice
from evals.benchmarks.ranking import (
    Scored,
    auroc,
    auroc_lead,
    average_precision,
    balanced_accuracy,
    f1,
    resampled,
)
from evals.benchmarks.report import as_dict
from evals.benchmarks.wice import WiceClaim, load_wice
from rag.checking.claims.absent import absent_figures
from rag.checking.support import (
    CLOSEST,
    LACKING,
    OPPOSED,
    PARTLY,
    SUPPORTED,
    WEIGHTS,
    Signals,
    closest,
    find_support,
    judge,
    measure,
    signals,
)
from tests.fakes import hashed

PIER = "The pier at Whitby was lengthened by 40 metres in 1912, after a storm had broken its end."
FERRY = "A ferry crosses twice a day."
TOLL = "Its toll brings the town $3 million a year."
FULL = Signals(1.0, (), (), (), (), 0.95, 9.0, opposed=False)


class WordScorer:
    """Cosine and relevance of hashed words."""

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []

    def similarity(self, question: str, texts: list[str]) -> list[float]:
        own = hashed(question)
        return [sum(a * b for a, b in zip(own, hashed(t), strict=True)) for t in texts]

    def relevance(self, pairs: list[tuple[str, str]]) -> list[float]:
        self.pairs += pairs
        return [20 * self.similarity(one, [other])[0] - 10 for one, other in pairs]


def signals_of(claim: str, *texts: str) -> Signals:
    return signals(claim, texts, similarity=0.9, relevance=8.0)


def record(number: int, label: str, claim: str, supporting: list[list[int]]) -> dict:
    return {
        "label": label,
        "supporting_sentences": supporting,
        "claim": claim,
        "evidence": [FERRY, PIER, TOLL],
        "meta": {"id": f"c{number}"},
    }


RECORDS = [
    record(1, "supported", "Whitby's pier was lengthened by 40 metres in 1912.", [[1]]),
    record(2, "partially_supported", "In 1912 the pier got 40 metres and a lamp.", [[1], [1, 2]]),
    record(3, "not_supported", "A museum of whaling opened in the old mill.", []),
    record(4, "supported", "The toll brings the town $3 million a year.", [[2]]),
]


@pytest.fixture
def wice(tmp_path: Path) -> Path:
    path = tmp_path / "wice.jsonl"
    path.write_text("\n".join(map(json.dumps, RECORDS)) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("claim", "text", "absent"),
    [
        ("It cost $5 million.", "Five million dollars were spent.", ()),
        ("It cost $5 million.", "It cost 5 million euros.", ("$5 million",)),
        ("Sales rose 20%.", "Sales rose 20 percentage points.", ("20%",)),
        ("On November 2, 2004 it rained.", "Posted 11/2/2004.", ()),
        ("It rained in 2005.", "It rained in 2004.", ("2005",)),
        ("Eleven people came.", "There were 11 guests.", ()),
        ("It has 830,000 members.", "It has 830000 members.", ()),
        ("It has 83 members.", "It has 830 members.", ("83",)),
        ("It sails on Route 66.", "It sails on Route 67.", ("66",)),
    ],
)
def test_a_figure_is_absent_when_neither_its_value_nor_its_digits_are_there(claim, text, absent):
    assert absent_figures(claim, text) == absent


def test_what_is_missing_is_named_in_the_claims_words():
    claim = "In 1913 Ada Crane lengthened the pier at Whitby with granite."
    found = signals_of(claim, PIER, FERRY)
    assert found.names == found.strangers == ("Ada Crane",)
    assert found.figures == ("1913",)
    assert found.words == ("granite",)
    assert judge(found).missing == ("Ada Crane", "1913", "granite")


def test_a_name_of_which_a_word_is_there_is_no_stranger():
    found = signals_of("The Whitby Harbour Trust lengthened the pier.", PIER)
    assert found.names == ("Whitby Harbour Trust",)
    assert found.strangers == ()


def test_another_country_is_a_stranger():
    found = signals_of("Exports to Armenia rose.", "Exports to Azerbaijan rose.")
    assert found.strangers == ("Armenia",)


def test_words_of_one_concept_stand_for_each_other():
    assert signals_of("The arms contract was signed.", "The weapons deal was signed.").words == ()


@pytest.mark.parametrize(
    ("claim", "text", "opposed"),
    [
        ("The council signed the treaty.", "The council did not sign the treaty.", True),
        ("The council never signed the treaty.", "The council signed the treaty.", True),
        ("The council did not sign the treaty.", "The council didn’t sign the treaty.", False),
        ("Trade with the island rose in May.", "Trade with the island fell in May.", True),
        ("Trade with the island rose in May.", "Trade with the island did not fall.", False),
        ("The council signed the treaty.", "No ferry crosses on Sundays.", False),
    ],
)
def test_a_denial_of_the_same_words_opposes(claim, text, opposed):
    assert signals_of(claim, FERRY, text).opposed is opposed


def test_what_is_opposed_supports_nothing():
    assert judge(replace(FULL, opposed=True)).score == OPPOSED < PARTLY


@pytest.mark.parametrize("lack", [{"figures": ("7",)}, {"names": ("X",), "strangers": ("X",)}])
def test_a_foreign_figure_or_name_is_never_wholly_supported(lack):
    assert judge(FULL).score > SUPPORTED
    assert judge(replace(FULL, **lack)).score <= LACKING < SUPPORTED


@pytest.mark.parametrize(
    "less",
    [
        {"terms": 0.5},
        {"names": ("A",)},
        {"names": ("A", "B")},
        {"figures": ("1",)},
        {"similarity": 0.4},
        {"relevance": -5.0},
    ],
)
def test_less_of_any_signal_never_raises_the_score(less):
    assert all(weight > 0 for weight in WEIGHTS)
    middling = replace(FULL, similarity=0.7, relevance=2.0)
    assert judge(replace(middling, **less)).score < judge(middling).score


def test_without_texts_there_is_no_support():
    support = find_support("The pier was lengthened in 1912.", [], WordScorer())
    assert support.score < PARTLY
    assert support.missing == ("1912", "pier", "lengthened")


def test_a_claim_without_words_is_judged_all_the_same():
    assert 0 <= find_support("?", [FERRY], WordScorer()).score <= 1


def test_long_pages_are_read_where_they_are_nearest():
    far = [f"Nothing of note, item {letter}." for letter in "abcdefghijklmnopqrstuvwxyz" * 2]
    texts = [*far, PIER, *far]
    scorer = WordScorer()
    claim = "The pier at Whitby was lengthened."
    read = closest(claim, texts, scorer.similarity(claim, texts))
    assert len(far) in read
    assert len(read) <= 2 * CLOSEST
    found = measure(claim, texts, scorer)
    assert found.similarity == max(scorer.similarity(claim, texts))
    assert len(scorer.pairs) <= 2 * CLOSEST + 15
    assert found.words == ()


def test_neighbours_are_judged_together():
    scorer = WordScorer()
    measure("The pier carries a ferry.", [PIER, FERRY, TOLL], scorer)
    second = {text for _, text in scorer.pairs}
    assert {f"{PIER} {FERRY}", f"{FERRY} {TOLL}", f"{PIER} {FERRY} {TOLL}"} < second
    assert f"{PIER} {TOLL}" not in second


def test_wice_is_read_with_its_gold_sentences(wice):
    claims = load_wice(wice)
    assert claims[1] == WiceClaim(
        id="c2",
        claim="In 1912 the pier got 40 metres and a lamp.",
        sentences=(FERRY, PIER, TOLL),
        label="partially_supported",
        supporting=((1,), (1, 2)),
    )
    assert [claim.gold for claim in claims] == [(PIER,), (PIER,), (), (TOLL,)]


@pytest.mark.parametrize(
    "wrong", [{"label": "refuted"}, {"supporting_sentences": [[3]]}, {"meta": {}}]
)
def test_another_format_is_refused(wrong, tmp_path, capsys):
    path = tmp_path / "other.jsonl"
    path.write_text(json.dumps(RECORDS[0] | wrong), encoding="utf-8")
    assert command.main(["wice", str(path)]) == 1
    assert f"{path}: is not WiCE's wice-claim-dev.jsonl" in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path, capsys):
    assert command.main(["wice", str(tmp_path / "none")]) == 1
    assert "not part of this project" in capsys.readouterr().err


def test_auroc_is_the_share_of_pairs_in_order():
    rng = random.Random(3)
    cases = [Scored(rng.random() < 0.4, rng.randrange(6), rng.randrange(6)) for _ in range(60)]
    pairs = [(p.score, n.score) for p in cases if p.positive for n in cases if not n.positive]
    won = sum((p > n) + (p == n) / 2 for p, n in pairs)
    assert auroc(cases) == pytest.approx(won / len(pairs))
    swapped = [Scored(case.positive, case.rival) for case in cases]
    assert auroc_lead(cases) == pytest.approx(auroc(cases) - auroc(swapped))


def test_precision_accuracy_and_f1_at_a_threshold():
    cases = [Scored(True, 0.9), Scored(False, 0.8), Scored(True, 0.6), Scored(False, 0.1)]
    assert average_precision(cases) == pytest.approx((1 + 2 / 3) / 2)
    assert balanced_accuracy(0.6)(cases) == pytest.approx((1 + 0.5) / 2)
    assert f1(0.6)(cases) == pytest.approx(2 * 2 / (3 + 2))


def test_the_interval_is_of_the_statistic_and_none_without_both_labels():
    rng = random.Random(1)
    cases = [Scored(i % 2 == 0, rng.gauss(i % 2 == 0, 1)) for i in range(80)]
    found = resampled("a", "A", cases, auroc)
    assert found.interval is not None
    assert found.interval.low < found.mean < found.interval.high
    alone = resampled("a", "A", [case for case in cases if case.positive], auroc)
    assert (alone.mean, alone.interval) == (None, None)


def test_the_report_compares_with_simpler_scores(wice):
    told = []
    scorer = WordScorer()
    report = run_wice(
        load_wice(wice),
        "dev",
        lambda claim, texts: measure(claim, texts, scorer),
        {},
        progress=lambda *done: told.append(done),
    )
    found = as_dict(report)["measures"]
    assert told[-1] == ("ask", 4, 4)
    assert report.facts == {
        "claims supported": 2,
        "claims partially supported": 1,
        "claims not supported": 1,
    }
    for name in ("lexical", "cosine", "relevance"):
        lead = found["supported_auroc"]["mean"] - found[f"supported_auroc_{name}"]["mean"]
        assert found[f"supported_auroc_minus_{name}"]["mean"] == pytest.approx(lead)
    assert found["partly_auroc"]["mean"] == 1.0
    assert report.cases[2]["missing"] == ["museum", "whaling", "opened", "old", "mill"]
    assert report.cases[2]["score_of_gold"] is None
    assert math.isclose(report.cases[0]["lexical"], 1.0)


def test_weights_are_found_again_from_what_they_generate():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4000, 2)) * [1, 10] + [5, 0]
    y = (rng.random(4000) < 1 / (1 + np.exp(-(x @ [2.0, 0.1] - 10)))).astype(float)
    assert calibrate_support.fit_weights(x, y) == pytest.approx([-10, 2, 0.1], rel=0.15)


def test_calibration_holds_claims_out_and_prints_constants():
    rng = random.Random(5)
    labels = ["supported"] * 20 + ["partially_supported"] * 20 + ["not_supported"] * 20
    found = [
        replace(FULL, similarity=rng.gauss(0.9 - 0.2 * (i // 20), 0.05), terms=rng.random())
        for i in range(60)
    ]
    lines = list(calibrate_support.report(found, labels))
    assert lines[0].startswith("constant and weights: -")
    areas = [float(line.split()[-1]) for line in lines if "AUROC" in line]
    assert all(0.9 < area <= 1 for area in areas)


def test_wice_runs_end_to_end(wice, capsys):
    assert command.main(["wice", str(wice), "--half", "all", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["facts"]["sentences cited"] == 12
    scores = [case["score"] for case in report["cases"]]
    assert min(scores[0], scores[3]) > max(SUPPORTED, scores[1])
    assert scores[1] > PARTLY > scores[2]
