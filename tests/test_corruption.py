"""How claims are corrupted and reworded, and what their measure counts."""

import random
from datetime import date
from pathlib import Path

import pytest

from evals.corrupted import Pair, corruptions, is_same
from evals.corruption import Sample, main, run, samples
from evals.rewording import (
    clause_alone,
    lightly,
    number_rewritten,
    opening_moved,
    rounded,
    without_insertion,
)
from rag.checking.figures import find_figures
from rag.checking.verify import Cited
from rag.types import Article, Block, Source, Span

SENTENCE = "In 2022, the port, which opened late, earned $3.5 million and spent $1.25 million."


def pair(sentence: str, words: str, *beside: str, elsewhere: tuple[str, ...] = ()) -> Pair:
    figure = next(f for f in find_figures(sentence) if f.span.of(sentence) == words)
    return Pair(sentence, figure, beside, elsewhere, elsewhere)


def test_every_corruption_leaves_another_figure() -> None:
    made = dict(corruptions(pair(SENTENCE, "$3.5 million", "$1.25 million"), random.Random(1)))
    assert set(made) == {"digit", "unit", "magnitude", "subject, same sentence"}
    assert made["unit"].figure == "€3.5 million"
    assert made["magnitude"].figure == "$3.5 billion"
    assert made["subject, same sentence"].sentence.endswith("$1.25 million and spent $3.5 million.")
    for changed in made.values():
        assert changed.span.of(changed.sentence) == changed.figure
        assert changed.sentence != SENTENCE


@pytest.mark.parametrize(
    ("sentence", "words", "kind", "figure"),
    [
        ("It is 40 km long.", "40 km", "unit", "40 miles"),
        ("It rose by 4 percent.", "4 percent", "unit", "4 percentage points"),
        ("It drew 4,000 people.", "4,000", "unit", "$4,000"),
    ],
)
def test_a_unit_becomes_another(sentence: str, words: str, kind: str, figure: str) -> None:
    assert dict(corruptions(pair(sentence, words), random.Random(1)))[kind].figure == figure


def test_a_date_is_changed_and_never_its_digits_alone() -> None:
    made = dict(corruptions(pair(SENTENCE, "2022"), random.Random(1)))
    assert set(made) == {"period, date changed"}
    one, other = (
        find_figures(text)[0] for text in (SENTENCE, made["period, date changed"].sentence)
    )
    assert not is_same(one, other)


def test_a_sentence_is_reworded_without_a_change_of_meaning() -> None:
    figure = pair(SENTENCE, "$3.5 million").figure
    assert lightly("However, it cost $5.", figure) == "It cost $5."
    assert lightly("It cost $5, he said.", figure) == "It cost $5, he says."
    assert opening_moved("In 2022, the port earned $3.5 million.", figure) == (
        "The port earned $3.5 million in 2022."
    )
    figure = pair("The port, which opened late, earned $3.5 million.", "$3.5 million").figure
    assert without_insertion("The port, which opened late, earned $3.5 million.", figure) == (
        "The port earned $3.5 million."
    )
    long = "While it rained, the port was sold for $3.5 million, and nobody cared."
    assert clause_alone(long, pair(long, "$3.5 million").figure) == (
        "The port was sold for $3.5 million."
    )


def test_a_number_is_rewritten_and_rounded() -> None:
    text = "It cost 1.5 billion."
    assert number_rewritten(text, pair(text, "1.5 billion").figure) == "It cost 1,500 million."
    text = "It drew 1,234 people."
    assert rounded(text, pair(text, "1,234").figure) == "It drew about 1,200 people."
    assert rounded("It drew 120 people.", pair("It drew 120 people.", "120").figure) is None


def test_what_is_right_and_wrong_is_counted_apart() -> None:
    cited = Cited(1, SENTENCE, published=date(2023, 1, 1))
    scores = run([Sample(pair(SENTENCE, "$3.5 million", "$1.25 million"), cited)])
    assert scores.unchanged["lightly reworded"] == [1.0]
    assert scores.changed["digit"] == scores.changed["magnitude"] == [1.0]


def test_samples_are_the_same_every_time() -> None:
    source = Source("a", "The port", "The Paper", None, date(2023, 1, 1), None, "a.md")
    span = Span(0, len(SENTENCE))
    article = Article(source, SENTENCE, (Block(span, "prose"),))
    drawn = samples([article], 2)
    assert len(drawn) == 2
    assert drawn == samples([article], 2)


def test_a_missing_file_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.json.gz")]) == 1
    assert "none.json.gz" in capsys.readouterr().err
