"""Whether words, a figure or its subject stand in a text, however typeset or written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evals.gold import GoldFigure
from evals.matching import contains, exact_match, gives_figure, lacks, restates, token_f1

TRADE = GoldFigure(Decimal(1_500_000_000), "USD")
SHARE = GoldFigure(Decimal(16), "%")
FIFTH = GoldFigure(Decimal("0.2"), "times")
THIRD = GoldFigure(Decimal(1) / 3, "times")


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


@pytest.mark.parametrize(
    ("text", "gold", "given"),
    [
        ("It is worth $1.5 billion.", TRADE, True),
        ("It is worth 1,500 million dollars.", TRADE, True),
        ("It is worth US$1.5bn.", TRADE, True),
        ("It is worth USD 1.5 billion.", TRADE, True),
        ("It is worth $1,500,000,000.", TRADE, True),
        ("about $1.5-billion, all told", TRADE, True),
        ("It is worth $1.6 billion.", TRADE, False),
        ("It is worth $15 billion.", TRADE, False),
        ("It is worth $1.5 million.", TRADE, False),
        ("It is worth €1.5 billion.", TRADE, False),
        ("It is worth Rs 1.5 billion.", TRADE, False),
        ("They are 1.5 billion people.", TRADE, False),
        ("It is worth $1,500,000,001.", TRADE, False),
        ("They are 1.5 billion people.", GoldFigure(TRADE.value, ""), True),
        ("shrank to 16 per cent", SHARE, True),
        ("shrank to sixteen percent", SHARE, True),
        ("shrank by 16 percentage points", SHARE, False),
        ("16 of them shrank", SHARE, False),
        ("one-fifth of it", FIFTH, True),
        ("a fifth of it", FIFTH, True),
        ("20 percent of it", FIFTH, False),
        ("one-third of it", THIRD, True),
        ("one-third of it", GoldFigure(Decimal("0.3333"), "times"), True),
        ("one-third of it", GoldFigure(Decimal("0.3"), "times"), False),
        ("the third-largest buyer", GoldFigure(Decimal(3), "rank"), True),
        ("the third-largest buyer", THIRD, False),
        ("a span of 2 km", GoldFigure(Decimal(2), "km", Decimal(3)), False),
        ("no figure at all", TRADE, False),
    ],
)
def test_a_figure_is_its_value_and_unit_in_whatever_notation(text, gold, given):
    assert gives_figure(text, gold) is given


@pytest.mark.parametrize(
    ("subject", "missing"),
    [
        ([], ()),
        (["export", "Armenia"], ()),
        (["Azerbaijan|Armenia"], ()),
        (["Azerbaijan|Baku"], ("Azerbaijan|Baku",)),
        (["EXPORTS", "Baku", "arms deal"], ("Baku", "arms deal")),
        (["arms to Armenia"], ()),
    ],
)
def test_every_term_of_the_subject_or_one_of_its_alternatives_is_needed(subject, missing):
    assert lacks("India exported arms to Armenia.", subject) == missing


@pytest.mark.parametrize(
    ("text", "gold", "f1"),
    [
        ("the Silk Road", "Silk Road", 1.0),
        ("the Defence Ministry", "Ministry of Defence", 0.8),  # 2 of 2 tokens, 2 of 3
        ("Silk", "Silk Road", 0.666667),  # 1 of 1, 1 of 2
        ("road road", "road", 0.666667),  # a token counts as often as it stands in both
        ("by rail", "Silk Road", 0.0),
        ("", "Silk Road", 0.0),
    ],
)
def test_token_f1_is_that_of_precision_and_recall(text, gold, f1):
    assert token_f1(text, gold) == f1


def test_an_exact_match_has_the_same_tokens_in_the_same_order():
    assert exact_match("The Silk Road.", "silk road")
    assert exact_match("16 per cent", "16%")
    assert not exact_match("Road Silk", "Silk Road")
    assert not exact_match("the Silk Road today", "Silk Road")


@pytest.mark.parametrize(
    ("claim", "gold", "is_said"),
    [
        ("State courts nullified the vote.", "nullified by state courts", True),
        ("The courts nullified the vote.", "nullified by state courts", False),
        ("It was allowed.", "not allowed", False),
        ("It was not allowed.", "not allowed", True),
        ("It is so.", "it is", True),
        ("So be it.", "it is", False),  # no telling word of it
    ],
)
def test_a_claim_may_turn_the_words_of_a_gold_answer_around(claim, gold, is_said):
    assert restates(claim, gold) is is_said
