"""The table of figures: what counts as right, what is left out, and what a bad file says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evals.figure_sentences import Expected, Sentence, TableError, load_table
from evals.figures_table import main, measures, run_table, score_sentence
from rag.checking.figures import find_figures
from rag.types import Span

TEXT = "The harbour sold 1,200 boats for about $3 million, up 5%."


def gold(words: str, value: str, unit: str, kind: str, **more: Any) -> Expected:
    start = TEXT.index(words)
    return Expected(
        span=Span(start, start + len(words)),
        value=Decimal(value),
        high=more.get("high"),
        unit=unit,
        kind=kind,
        approximate=more.get("approximate", False),
    )


BOATS = gold("1,200", "1200", "boat", "count")
SUM = gold("$3 million", "3000000", "USD", "money", approximate=True)
SHARE = gold("5%", "5", "%", "percent")


def means(*expected: Expected, ignored: tuple[Span, ...] = ()) -> dict[str, float]:
    scores = measures([score_sentence(expected, ignored, find_figures(TEXT))])
    return {name: sum(values) / len(values) for name, values in scores.items() if values}


def test_figures_that_agree_in_everything_are_right() -> None:
    found = means(BOATS, SUM, SHARE)
    assert found["precision"] == found["recall"] == found["offsets"] == found["approximate"] == 1
    assert found["recall money"] == found["precision count"] == found["counted noun"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        gold("3 million", "3000000", "USD", "money"),
        gold("$3 million", "3", "USD", "money"),
        gold("$3 million", "3000000", "AUD", "money"),
        gold("$3 million", "3000000", "USD", "count"),
        gold("$3 million", "3000000", "USD", "money", high=Decimal(4_000_000)),
    ],
    ids=["words", "value", "unit", "kind", "range"],
)
def test_one_difference_makes_a_figure_missed_and_another_wrong(wrong: Expected) -> None:
    found = means(BOATS, wrong, SHARE)
    assert found["recall"] == found["precision"] == pytest.approx(2 / 3)


def test_what_is_counted_may_be_named_otherwise() -> None:
    found = means(gold("1,200", "1200", "vessel", "count"), SUM, SHARE)
    assert (found["recall"], found["counted noun"]) == (1, 0)


def test_offsets_are_scored_where_the_value_is_right() -> None:
    found = means(BOATS, gold("3 million", "3000000", "USD", "money"), SHARE)
    assert found["offsets"] == pytest.approx(2 / 3)


def test_about_is_reported_apart() -> None:
    found = means(BOATS, gold("$3 million", "3000000", "USD", "money"), SHARE)
    assert (found["recall"], found["approximate"]) == (1, pytest.approx(2 / 3))


def test_what_overlaps_an_ignored_range_counts_nowhere() -> None:
    found = means(BOATS, SUM, ignored=(SHARE.span,))
    assert found["precision"] == found["recall"] == 1
    assert "precision percent" not in found


def test_a_fraction_without_end_is_the_same_to_twelve_digits() -> None:
    text = "It gave two-thirds."
    expected = Expected(Span(8, 18), Decimal("0.666666666666667"), None, "times", "ratio", False)
    assert score_sentence([expected], (), find_figures(text)).right


def test_a_sentence_is_read_by_itself_in_its_article() -> None:
    start = 10
    moved = [
        Expected(
            Span(g.span.start + start, g.span.end + start), g.value, None, g.unit, g.kind, True
        )
        for g in (BOATS, SUM, SHARE)
    ]
    sentence = Sentence("x", Span(start, start + len(TEXT)), tuple(moved), ())
    (outcome,) = run_table([sentence], {"x": "Seven up. " + TEXT})
    assert len(outcome.right) == 3
    assert not outcome.wrong


def test_a_table_of_another_data_set_is_refused_by_name() -> None:
    with pytest.raises(TableError, match="no article abc"):
        run_table([Sentence("abc", Span(0, 1), (), ())], {})


def line(**changed: Any) -> str:
    figure = {
        "start": 1,
        "end": 2,
        "text": "5",
        "value": "5",
        "high": None,
        "unit": "",
        "kind": "count",
    }
    record = {"article": "x", "start": 0, "end": 9, "figures": [figure | {"approximate": False}]}
    return json.dumps(record | {"ignore": [[4, 6]]} | changed)


def test_a_table_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    path.write_text(line() + "\n" + line(figures=[], ignore=[]), encoding="utf-8")
    one, other = load_table(path)
    assert (one.figures[0].value, one.ignored, other.figures) == (Decimal(5), (Span(4, 6),), ())


@pytest.mark.parametrize("bad", ["{", "{}", "[]", line(figures=[{"start": 1}])])
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "table.jsonl"
    path.write_text(line() + "\n" + bad, encoding="utf-8")
    with pytest.raises(TableError, match="line 2"):
        load_table(path)


@pytest.mark.parametrize("missing", ["table.jsonl", "data.json.gz"])
def test_a_missing_file_is_a_message_and_an_exit_code(
    tmp_path: Path, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "table.jsonl").write_text(line(), encoding="utf-8")
    table = tmp_path / ("none.jsonl" if missing == "table.jsonl" else "table.jsonl")
    assert main([str(table), str(tmp_path / "data.json.gz")]) == 1
    assert "give the path" in capsys.readouterr().err
