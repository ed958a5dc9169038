"""Numbers, dates and figures: value, unit and the exact words, over news phrases and any text."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.casing import fold
from rag.checking.dates import find_dates, normal_period
from rag.checking.figures import find_figures
from rag.checking.numbers import CARDINALS, find_numbers

PIECES = [
    "$", "€", "Rs. ", "1", "2,500", "3.5", " million", " billion-dollar", "%", " per cent", "2023",
    "FY2024-25", " May ", "20 May 2025", "third-", "largest", "7th", " half of the ", "twice",
    " km", "six years", "over ", "JF-17", "the 1267 Committee", "\u0130", "\u0131", "\u017f",
    "\u212a", "٣", "½", "²", "-", ".", ",", " ",
]  # fmt: skip
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=25).map("".join)


def figures(text: str) -> list[tuple[str, str, str, str]]:
    """Words, kind, value and unit of every figure."""
    return [(f.span.of(text), f.kind, str(f.value), f.unit) for f in find_figures(text)]


def numbers(text: str) -> list[tuple[str, Decimal]]:
    return [(number.span.of(text), number.value) for number in find_numbers(text)]


# Numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,500", 1_500),
        ("1,50,000", 150_000),
        ("86.07 million", 86_070_000),
        ("1.5bn", 1_500_000_000),
        ("40k", 40_000),
        ("500 crore", 5_000_000_000),
        ("twenty-five", 25),
        ("two hundred thousand", 200_000),
        ("a million", 1_000_000),
        ("a dozen", 12),
        ("2 million million", 2 * 10**12),
    ],
)
def test_a_number_is_its_value_in_digits_or_words(text: str, value: int) -> None:
    assert numbers(f"It sold {text} of them.") == [(text, Decimal(value))]


@pytest.mark.parametrize("text", ["7th", "the 17th floor", "GPT4", "someone", "attend"])
def test_what_only_holds_digits_or_letters_of_a_number_is_none(text: str) -> None:
    assert numbers(text) == []


@pytest.mark.parametrize("word", CARDINALS)
def test_every_number_word_is_read_in_any_case(word: str) -> None:
    assert numbers(word.upper()) == [(word.upper(), Decimal(CARDINALS[word]))]


# Figures of news

NEWS = [
    ("worth $1.5 billion", ("$1.5 billion", "money", "1500000000", "USD")),
    ("stood at $86.07 million-just", ("$86.07 million", "money", "86070000", "USD")),
    ("paid US$ 40 for", ("US$ 40", "money", "40", "USD")),
    ("cost Rs. 500 crore", ("Rs. 500 crore", "money", "5000000000", "INR")),
    ("about 500 rupees", ("500 rupees", "money", "500", "INR")),
    ("a billion-dollar trade", ("billion-dollar", "money", "1000000000", "USD")),
    ("€3bn", ("€3bn", "money", "3000000000", "EUR")),
    ("1.5 trillion yen", ("1.5 trillion yen", "money", "1500000000000", "JPY")),
    ("just 0.02% of", ("0.02%", "percent", "0.02", "%")),
    ("by 16 per cent", ("16 per cent", "percent", "16", "%")),
    ("five percentage points", ("five percentage points", "percent", "5", "pp")),
    ("25 basis points", ("25 basis points", "percent", "25", "bp")),
    ("the third-largest buyer", ("third-largest", "rank", "3", "rank")),
    ("ranked 7th there", ("7th", "rank", "7", "rank")),
    ("the largest source", ("largest", "rank", "1", "rank")),
    ("about one-fifth the size", ("one-fifth", "ratio", "0.2", "times")),
    ("over half of the", ("half", "ratio", "0.5", "times")),
    ("grew ten-fold", ("ten-fold", "ratio", "10", "times")),
    ("over the past six years,", ("six years", "duration", "6", "year")),
    ("some 500 km away", ("500 km", "quantity", "500", "km")),
    ("a plant of 40 MW", ("40 MW", "quantity", "40", "mw")),
    ("weighs 2.4 kg", ("2.4 kg", "quantity", "2.4", "kg")),
    ("1,500 foreign tourists came", ("1,500", "count", "1500", "tourist")),
    ("two high-profile visits", ("two", "count", "2", "visit")),
    ("on 20 May 2025", ("20 May 2025", "date", "2025", "day")),
    ("on May 20, 2025", ("May 20, 2025", "date", "2025", "day")),
    ("early May 2025", ("May 2025", "date", "2025", "month")),
    ("came in July.", ("July", "date", "7", "month")),
    ("in FY2024-25 stood", ("FY2024-25", "date", "2024", "fiscal_year")),
    ("by 2023, India", ("2023", "date", "2023", "year")),
]


@pytest.mark.parametrize(("text", "figure"), NEWS, ids=[text for text, _ in NEWS])
def test_a_figure_of_news_is_read_with_value_unit_and_words(
    text: str, figure: tuple[str, str, str, str]
) -> None:
    assert figures(text) == [figure]


@pytest.mark.parametrize(
    "text",
    [
        "JF-17 Block jets",
        "under Article 370 of",
        "the UN’s 1267 Committee",
        "COVID-19 spread",
        "the G20 met",
        "one of the first-rate",
        "They may come",
    ],
)
def test_a_number_that_only_names_something_is_no_figure(text: str) -> None:
    assert [figure for figure in figures(text) if figure[1] != "rank"] == []


@pytest.mark.parametrize("word", ["about", "nearly", "over", "more than", "roughly", "up to"])
def test_about_and_its_like_make_a_figure_approximate(word: str) -> None:
    (about,) = find_figures(f"It paid {word} $5 million.")
    (exact,) = find_figures("It paid $5 million.")
    assert (about.approximate, exact.approximate) == (True, False)
    assert (about.value, about.unit) == (exact.value, exact.unit)


def test_figures_of_a_sentence_come_in_order() -> None:
    sentence = (
        "Exports to Baku came in FY2024-25 to $86.07 million-only 0.02% of the whole-and"
        " trade has shrunk to 16% of its peak."
    )
    assert [said for said, *_ in figures(sentence)] == [
        "FY2024-25",
        "$86.07 million",
        "0.02%",
        "16%",
    ]


# Periods


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("FY2024-25", "2024/25"),
        ("2024/2025", "2024/25"),
        ("2024–25", "2024/25"),
        ("FY25", "2024/25"),
        ("fiscal year 2025", "2024/25"),
        ("FY00", "1999/00"),
        ("20 May 2025", "2025"),
        ("in July", None),
    ],
)
def test_a_period_has_one_notation(text: str, period: str | None) -> None:
    assert normal_period(text) == period


def test_the_verb_may_is_no_month() -> None:
    assert [date.span.of("May he come in May.") for date in find_dates("May he come in May.")] == [
        "May"
    ]
    assert list(find_dates("They may come.")) == []


# Any text


@given(TEXTS)
def test_figures_of_any_text_stand_in_it_in_order_without_overlap(text: str) -> None:
    found = find_figures(text)
    for figure in found:
        assert 0 <= figure.span.start < figure.span.end <= len(text)
        assert figure.value.is_finite()
    for one, other in pairwise(found):
        assert one.span.end <= other.span.start


@given(TEXTS)
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ["9" * 400, "$" + "9" * 40 + " trillion", "1." + "3" * 60 + "%"])
def test_a_number_of_any_length_has_a_value(text: str) -> None:
    assert find_figures(text)


@pytest.mark.parametrize("text", ["R\u017f. 500", "fir\u017ft", "one-\u017fixth", "5 \u212am"])
def test_letters_that_only_match_without_case_are_read(text: str) -> None:
    # IGNORECASE takes the long s for an s and the sign for kelvin for a k.
    assert find_figures(text)
