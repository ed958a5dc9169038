"""How the weights behind a refusal are fitted, held out and printed."""

import json
import random
from pathlib import Path

import pytest

from evals import calibrate, calibrate_support
from evals.calibrate import FOLDS, Sample, Seen, confidence, depths, fit_weights, held_out, report


def sample(n: int, *, answerable: bool) -> Sample:
    rng = random.Random(n)
    first = Seen((rng.gauss(2.0 if answerable else -2.0, 1.0), rng.random()), answerable)
    return Sample("made up", f"Question {n}?", answerable, (first, Seen((-3.0, 0.1), False)))


SAMPLES = [sample(n, answerable=n % 2 == 0) for n in range(120)]
XQUAD = {
    "data": [
        {
            "title": page,
            "paragraphs": [
                {
                    "context": f"{page} has a mill. The mill of {page} was built in {year}.",
                    "qas": [
                        {
                            "id": f"{page}-{n}",
                            "question": f"When was the mill of {page} built?",
                            "answers": [
                                {"text": str(year), "answer_start": 37 + 2 * len(page)}
                            ],
                        }
                        for n in range(8)
                    ],
                }
            ],
        }
        for page, year in (("Oslo", 1871), ("Bonn", 1902))
    ]
}  # fmt: skip


def test_weights_tell_what_answers_from_what_does_not() -> None:
    weights = fit_weights(SAMPLES)
    assert weights[1] > 0.5
    sure = [confidence(s, weights) for s in SAMPLES if s.answerable]
    unsure = [confidence(s, weights) for s in SAMPLES if not s.answerable]
    assert sum(sure) / len(sure) > 0.8
    assert sum(unsure) / len(unsure) < 0.2


def test_every_sample_is_judged_once_by_weights_fitted_without_it() -> None:
    judged = held_out(SAMPLES)
    assert len(judged) == len(SAMPLES)
    assert {s.fold for s in SAMPLES} == set(range(FOLDS))


def test_a_question_without_a_sentence_is_refused_at_any_threshold() -> None:
    empty = Sample("made up", "Nothing?", answerable=True, seen=())
    assert confidence(empty, fit_weights(SAMPLES)) == 0.0
    assert depths([*SAMPLES, empty]).startswith("1: 98.4%")


def test_the_report_names_the_thresholds_that_its_curves_choose() -> None:
    lines = list(report(SAMPLES))
    assert lines[0].startswith("constant ")
    assert sum("MIN_CONFIDENCE" in line for line in lines) == 1
    refused = [line for line in lines if "refused: answerable" in line]
    assert len(refused) == len(calibrate.THRESHOLDS)


def test_calibration_runs_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "xquad.json"
    path.write_text(json.dumps(XQUAD), encoding="utf-8")
    words = ["--originals", str(tmp_path), "--xquad", str(path), "--cases", "0", "--limit", "6"]
    assert calibrate.main(words) == 0
    assert "XQuAD dev half: 12 questions" in capsys.readouterr().out


@pytest.mark.parametrize("command", [calibrate, calibrate_support])
def test_a_missing_file_is_told(
    command: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "none.json")
    if command is calibrate:
        assert calibrate.main(["--originals", str(tmp_path), "--xquad", missing]) == 1
    else:
        assert calibrate_support.main([missing]) == 1
    assert "none.json" in capsys.readouterr().err
