"""The lines under an answer: model, tokens and price, what is left out, how sums are made."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from browser.standin import EXPORTS, StandIn
from browser.worded import worded

from rag import export
from rag.answer import Usage
from rag.answering.remarks import how_computed, usage_line, withheld_title
from ui.render import to_text

ANSWER = worded("q")
QUOTED = StandIn().ask(EXPORTS)


@pytest.mark.parametrize(
    ("usage", "line"),
    [
        (Usage("m", None, 1, None, None), "Worded by m · 1 request"),
        (Usage("m", "h", 2, 1200, 34), "Worded by m at h · 2 requests · 1,200 tokens in, 34 out"),
        (Usage("m", None, 1, None, 5), "Worded by m · 1 request · 5 tokens out"),
        (
            Usage("m", None, 1, 9, None, Decimal("0.00123")),
            "Worded by m · 1 request · 9 tokens in · about 0.0012 at your prices",
        ),
        (
            Usage("m", None, 1, None, None, Decimal("0.00001")),
            "Worded by m · 1 request · less than 0.0001 at your prices",
        ),
        (Usage("m", None, 1, None, None, Decimal(0)), "Worded by m · 1 request"),
    ],
)
def test_the_line_tells_what_is_known_of_the_model(usage, line):
    assert usage_line(replace(ANSWER, usage=usage)) == line


def test_a_model_that_did_not_word_the_answer_was_only_asked():
    usage = Usage("m", None, 2, None, None)
    assert usage_line(replace(QUOTED, usage=usage)) == "Asked m · 2 requests"
    assert usage_line(QUOTED) is None


def test_what_is_left_out_is_counted():
    one = replace(ANSWER, withheld=ANSWER.withheld[:1])
    assert withheld_title(ANSWER) == "2 sentences of the model were left out"
    assert withheld_title(one) == "1 sentence of the model was left out"
    assert withheld_title(QUOTED) == "Not shown: could not be verified (1)"


def test_a_computed_figure_tells_what_it_was_worked_out_from():
    claim = ANSWER.claims[1]
    assert how_computed(claim, claim.figures[0]) == "the difference between 100% and 16%"
    assert how_computed(claim, replace(claim.figures[0], text="85")) is None
    assert how_computed(ANSWER.claims[0], ANSWER.claims[0].figures[0]) is None


def test_terminal_and_exports_tell_of_model_sums_and_what_was_left_out():
    text = to_text(ANSWER, None)
    assert "worked out" not in text
    assert "computed from the cited figures (the difference between 100% and 16%)." in text
    assert "Withheld: Exports doubled to $172 million" in text
    assert text.endswith(usage_line(ANSWER))
    for made in (export.to_markdown([ANSWER]), export.to_html([ANSWER])):
        assert "Worded by" in made
        assert "2 sentences of the model were left out" in made
        assert not re.search(r"(?<!\\)<img", made)
    down = replace(ANSWER, notice="The model is down.")
    assert "The model is down" in export.to_html([down])
    assert "The model is down" in export.to_markdown([down])
