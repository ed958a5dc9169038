"""Numbers, dates and figures: value, unit and the exact words, over news phrases and any text."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checking.figures import find_figures
from rag.checking.numerals.dates import find_dates, full_date, normal_period
from rag.checking.numerals.numbers import CARDINALS, find_numbers
from rag.checking.syntax.casing import fold

PIECES = [
    "$", "€", "Rs. ", "1", "2,500", "3.5", " million", " billion-dollar", "%", " per cent", "2023",
    "FY2024-25", " May ", "20 May 2025", "third-", "largest", "7th", " half of the ", "twice",
    " km", "six years", "over ", "JF-17", "the 1267 Committee", "\u0130", "\u0131", "\u017f",
    "\u212a", "٣", "½", " to ", " and a half", "between ", "’90s", "U.S. ", "two ", "hundred ",
    "²", "-", ".", ",", " ",
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
        ("two hundred and fifty thousand", 250_000),
        ("one and a half million", 1_500_000),
        ("half a million", 500_000),
        ("a quarter of a million", 250_000),
        ("two dozen", 24),
        ("half-dozen", 6),
        ("two thousand and five", 2005),
        ("twelve hundred", 1200),
    ],
)
def test_a_number_is_its_value_in_digits_or_words(text: str, value: int) -> None:
    assert numbers(f"It sold {text} of them.") == [(text, Decimal(value))]


@pytest.mark.parametrize(
    ("text", "value"), [("2 1/2", "2.5"), ("2½", "2.5"), ("two-and-a-half", "2.5"), ("¾", "0.75")]
)
def test_a_fraction_behind_a_number_belongs_to_it(text: str, value: str) -> None:
    assert numbers(f"It took {text} of them.") == [(text, Decimal(value))]


def test_two_numbers_that_stand_side_by_side_are_two() -> None:
    assert [value for _, value in numbers("two hundred and three hundred, five six")] == [
        200,
        300,
        5,
        6,
    ]


@pytest.mark.parametrize("text", ["dozens of", "several million", "a few hundred", "thousands"])
def test_a_vague_plural_is_no_number(text: str) -> None:
    assert numbers(f"They saw {text} birds.") == []


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
    ("some 500 km away", ("500 km", "quantity", "500", "kilometre")),
    ("a plant of 40 MW", ("40 MW", "quantity", "40", "megawatt")),
    ("weighs 2.4 kg", ("2.4 kg", "quantity", "2.4", "kilogram")),
    ("1,500 foreign tourists came", ("1,500", "count", "1500", "tourist")),
    ("two high-profile visits", ("two", "count", "2", "visit")),
    ("on 20 May 2025", ("20 May 2025", "date", "2025", "day")),
    ("on May 20, 2025", ("May 20, 2025", "date", "2025", "day")),
    ("early May 2025", ("May 2025", "date", "2025", "month")),
    ("came in July.", ("July", "date", "7", "month")),
    ("in FY2024-25 stood", ("FY2024-25", "date", "2024", "fiscal_year")),
    ("by 2023, India", ("2023", "date", "2023", "year")),
    ("a $15-billion plan", ("$15-billion", "money", "15000000000", "USD")),
    ("gave A$5m to", ("A$5m", "money", "5000000", "AUD")),
    ("up 17 cents a litre", ("17 cents", "money", "0.17", "USD")),
    ("a 25p coin", ("25p", "money", "0.25", "GBP")),
    ("in 2 million yuan", ("2 million yuan", "money", "2000000", "CNY")),
    ("paid 500 Swiss francs", ("500 Swiss francs", "money", "500", "CHF")),
    ("lost 20 pounds", ("20 pounds", "quantity", "20", "pound")),
    ("by half a percentage point", ("half a percentage point", "percent", "0.5", "pp")),
    ("the second most populous land", ("second most populous", "rank", "2", "rank")),
    ("the No. 3 seed", ("No. 3", "rank", "3", "rank")),
    ("grew 12 times as", ("12 times", "ratio", "12", "times")),
    ("for one in five voters", ("one in five", "ratio", "0.2", "times")),
    ("a half-hour show", ("a half-hour", "duration", "0.5", "hour")),
    ("for an hour and a half", ("an hour and a half", "duration", "1.5", "hour")),
    ("a 72-year-old man", ("72-year", "duration", "72", "year")),
    ("came a year ago", ("a year", "duration", "1", "year")),
    ("for 12 consecutive months", ("12 consecutive months", "duration", "12", "month")),
    ("at 40°C", ("40°C", "quantity", "40", "°C")),
    ("of -12 degrees Celsius", ("-12 degrees Celsius", "quantity", "-12", "°C")),
    ("a 900-square-foot flat", ("900-square-foot", "quantity", "900", "square foot")),
    ("ran at 60 miles per hour", ("60 miles per hour", "quantity", "60", "mph")),
    ("a 100m sprint", ("100m", "quantity", "100", "metre")),
    ("sold 40m copies", ("40m", "count", "40000000", "copy")),
    ("for 47 Democrats", ("47", "count", "47", "democrat")),
    ("on 2025-05-20", ("2025-05-20", "date", "2025", "day")),
    ("on the 20th of May 2021", ("20th of May 2021", "date", "2021", "day")),
    ("in the ’80s", ("’80s", "date", "1980", "decade")),
    ("since the 1990s", ("1990s", "date", "1990", "decade")),
    ("late 19th-century art", ("19th-century", "date", "19", "century")),
    ("in mid-2022", ("2022", "date", "2022", "year")),
    ("since mid-June", ("June", "date", "6", "month")),
    ("born in 1066", ("1066", "date", "1066", "year")),
    ("at nearly 2000 people", ("2000", "count", "2000", "people")),
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
        "a Boeing 737 landed",
        "under Title 42 it",
        "with an iPhone 14 in",
        "the type 2 kind",
        "at 10 Downing Street",
        "of 1267 Oak St. in",
        "after the 9/11 attacks, open 24/7",
        "at 3 p.m. or 09:30, from 6 to 10:20 p.m.",
        "call 602-555-0111 or see a.com/2022/01/02/x",
        "in version 2.0.1 of",
        "no one and one another",
        "a six-figure sum, a two-way road",
        "Ocean's Eleven and the Big Ten",
        "on CBS' “60 Minutes” show",
        "won 79-72, then 6-3, 6-4",
        "April Jones and August Wilson",
        "the 787 Dreamliner flew",
        "the 16th Street bridge",
        "by third parties",
        "to Flight 1549 and room 2012",
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


@pytest.mark.parametrize(
    "text", ["30-odd ships", "20-plus years", "40+ ships", "a million or so", "5,000 ships or more"]
)
def test_words_behind_a_figure_make_it_approximate_too(text: str) -> None:
    assert [figure.approximate for figure in find_figures(f"It has {text}.")] == [True]


@pytest.mark.parametrize("text", ["over the past 6 years", "to repay over 6 years", "above all 6"])
def test_over_is_not_always_about(text: str) -> None:
    assert [figure.approximate for figure in find_figures(f"They came {text}.")] == [False]


RANGES = [
    ("10 to 15 percent", "10", "15", "%"),
    ("$1-2 million", "1000000", "2000000", "USD"),
    ("$500,000 to $1 million", "500000", "1000000", "USD"),
    ("3 to 5 million", "3000000", "5000000", "ship"),
    ("2-3 weeks", "2", "3", "week"),
    ("10- to 15-minute", "10", "15", "minute"),
    ("two or three days", "2", "3", "day"),
    ("50-60", "50", "60", "ship"),
    ("May 5-7", "5", "7", "day"),
    ("2015-2019", "2015", "2019", "year"),
]


@pytest.mark.parametrize(("text", "low", "high", "unit"), RANGES, ids=[r[0] for r in RANGES])
def test_a_range_is_one_figure_whose_ends_share_what_is_said_once(
    text: str, low: str, high: str, unit: str
) -> None:
    (figure,) = find_figures(f"It was for {text} ships.")
    assert (str(figure.value), str(figure.high), figure.unit) == (low, high, unit)
    assert figure.span.of(f"It was for {text} ships.") == text


def test_between_makes_a_range_of_two_figures_with_and() -> None:
    text = "between 5 and 7 years, with 5 and 7 ships"
    assert [figure.span.of(text) for figure in find_figures(text)] == ["5 and 7 years", "5", "7"]


@pytest.mark.parametrize(
    "text", ["fell from 8% to 6%", "rose from 5% to 9%", "raise the age from 18 to 25"]
)
def test_what_changed_from_one_figure_to_another_is_no_range(text: str) -> None:
    assert [figure.high for figure in find_figures(text)] == [None, None]


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


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("on 20 May 2025", "2025-05-20"),
        ("on Sept. 3, 2025", "2025-09-03"),
        ("2025-05-20", "2025-05-20"),
        ("in May 2025", "2025-05"),
        ("in 2025", "2025"),
        ("in May", None),
    ],
)
def test_a_date_is_written_as_finely_as_it_is_said(text: str, date: str | None) -> None:
    assert full_date(text) == date


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


@pytest.mark.parametrize(
    "piece",
    [
        "1-",
        "a-",
        "1.1",
        "1,111,",
        "million ",
        "two hundred and ",
        "half a ",
        "$",
        "May 5, ",
        "a.com/",
        "9 to ",
        "A ",
        "the first ",
        "1/",
        "x@",
        "3:1 ",
        "between 1 and ",
        "20",
        "\u0130",
    ],
)
def test_a_long_text_is_read_to_its_end(piece: str) -> None:
    # A pattern that backtracks without bound would not come back from this.
    text = piece * (64_000 // len(piece))
    assert all(figure.span.end <= len(text) for figure in find_figures.__wrapped__(text))


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
