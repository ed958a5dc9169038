"""What a figure is about and when it holds, on sentences made up for one behaviour each."""

from __future__ import annotations

import random
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.binding_table import BindingTableError, Expected, load_rows, score
from rag.checking.binding import Bound, bind, bind_article, bind_sentences
from rag.checking.subjects.sameness import closest, same_period, same_subject
from rag.reading.articles import read_article

PIECES = [
    "5 %", "$2 billion", "in 2022", ", ", "and ", "(", ") ", "— ", "the ", "sales ", "rose ", "to ",
    "from ", "it ", "; ", ": ", "who ", "that ", "because ", "respectively ", "12 ", "people ",
    "of ", "said ", ". ", "\n", "’s ", "which ", "with ", "up ", "half ", "20 May 2025 ", "'", "İ",
]  # fmt: skip


def bound(sentence: str, words: str, **around: object) -> Bound:
    """The bound figure that is written so."""
    found = bind(sentence, **around)  # type: ignore[arg-type]
    return next(b for b in found if b.figure.span.of(sentence) == words)


def subject(sentence: str, words: str) -> str:
    span = bound(sentence, words).figure.subject
    return span.of(sentence) if span else ""


# Whose figure it is


@pytest.mark.parametrize(
    ("sentence", "words", "has", "has_not"),
    [
        ("The stove weighs 2.4 kg and the tent 3.1 kg.", "2.4 kg", "stove", "tent"),
        ("The stove weighs 2.4 kg and the tent 3.1 kg.", "3.1 kg", "tent", "stove"),
        ("Sales rose 5% to $2 billion, while profit fell to $300 million.", "5%", "sale", "profit"),
        (
            "Sales rose 5% to $2 billion, while profit fell to $300 million.",
            "$300 million",
            "profit",
            "sale",
        ),
        ("The fire killed 12 people and injured 30.", "12", "kill", "injur"),
        ("The fire killed 12 people and injured 30.", "30", "injur", "kill"),
        ("Cars would pay €2 for each crossing, lorries €9.", "€9", "lorri", "car"),
        ("The show has 80 paintings and 150 prints.", "80", "paint", "print"),
        ("The show has 80 paintings and 150 prints.", "150", "print", "paint"),
        ("Eleven girls and 25 boys were rescued.", "25", "boy", "girl"),
        ("Households spend 30% more on gas and 43% more on oil.", "30%", "gas", "oil"),
        ("Households spend 30% more on gas and 43% more on oil.", "43%", "oil", "gas"),
        ("The farm, which sold 40 cows, has 300 hectares.", "40", "cow", "hectar"),
        ("Of the parents who smoke, 28% worry; of the rest, 9% do.", "28%", "worri", "rest"),
        ("Mills closed because orders fell 7%, the owner said.", "7%", "order", "mill"),
    ],
)
def test_each_figure_of_a_sentence_has_its_own_words(
    sentence: str, words: str, has: str, has_not: str
) -> None:
    terms = bound(sentence, words).terms
    assert has in terms
    assert has_not not in terms


@pytest.mark.parametrize(
    ("sentence", "words", "about"),
    [
        ("About 3,400 people left.", "3,400", "people"),
        ("The city signed a $40 million contract.", "$40 million", "contract"),
        ("It ended with a total compensation of $29 million.", "$29 million", "total compensation"),
        ("India is the third-largest buyer of oil.", "third-largest", "buyer"),
        ("India ranked as the seventh-largest among the partners.", "seventh-largest", "partners"),
        ("The delay could raise the price to $34.15.", "$34.15", "price"),
        ("The number of registered boats rose 71%.", "71%", "registered boats"),
        ("Crude prices jumped 8% on Monday.", "8%", "Crude prices"),
        ("Bilateral trade now amounts to about $1.5 billion.", "$1.5 billion", "Bilateral trade"),
    ],
)
def test_the_subject_is_the_words_that_are_measured(sentence: str, words: str, about: str) -> None:
    assert subject(sentence, words) == about


def test_respectively_gives_each_figure_its_subject() -> None:
    sentence = "Anna Berg and Ben Holm scored 3 and 5 points respectively."
    assert {"anna", "point"} <= bound(sentence, "3").terms
    assert "holm" not in bound(sentence, "3").terms
    assert {"holm", "point"} <= bound(sentence, "5").terms
    assert "anna" not in bound(sentence, "5").terms


def test_a_figure_in_brackets_is_about_what_stands_before_them() -> None:
    assert "share" in bound("Shares of Korvin (up 4%) led the gains.", "4%").terms
    twin = bound("The raft is 525 feet (160 metres) long.", "160 metres")
    assert "raft" in twin.terms
    assert "goes back to the figure before it" in twin.why


def test_what_the_source_is_called_is_no_subject() -> None:
    found = bound("Sales rose 5%, according to the Lumen institute.", "5%")
    assert "lumen" not in found.terms
    assert "lumen" in found.speakers


def test_a_speaker_behind_the_quotation_is_no_subject() -> None:
    found = bound("The closure will cost 740 jobs, said Berta Kranich.", "740")
    assert "kranich" not in found.terms
    assert "kranich" in found.speakers


# When


@pytest.mark.parametrize(
    ("sentence", "words", "period"),
    [
        ("Visits went from 12 in 2022 to 19 in 2023.", "12", "2022"),
        ("Visits went from 12 in 2022 to 19 in 2023.", "19", "2023"),
        ("By 2023, India had 40 offices.", "40", "2023"),
        ("Exports came to $86 million in FY2024-25.", "$86 million", "2024/25"),
        ("In 2019, prices rose 4%, while wages fell 2%.", "2%", "2019"),
        ("Sales were up 45% from 2017.", "45%", None),
        ("Sales have grown 45% since 2017.", "45%", None),
        ("The flood of 2003, which killed 44 people, was the worst.", "44", "2003"),
        ("The club was founded in 1950. It has 40 members.", "40", None),
        ("The fund has 40 members.", "40", None),
    ],
)
def test_the_period_is_read_from_the_figures_own_clause_or_the_opening(
    sentence: str, words: str, period: str | None
) -> None:
    before, _, last = sentence.rpartition(". ")
    assert bound(last, words, before=before).period == period


def test_a_part_of_the_year_is_kept() -> None:
    found = bound("Rivian lost $1.7 billion in the second quarter of 2022.", "$1.7 billion")
    assert (found.period, found.part) == ("2022", "Q2")


def test_last_year_is_counted_from_the_day_of_publication() -> None:
    sentence = "The economy added 6 million jobs last year."
    assert bound(sentence, "6 million").period is None
    assert bound(sentence, "6 million", published=date(2023, 2, 1)).period == "2022"


def test_a_month_without_a_year_is_the_last_one_before_publication() -> None:
    found = bound("In October, 40 shops closed.", "40", published=date(2023, 2, 1))
    assert (found.period, found.part) == ("2022", "Oct")


def test_a_date_is_about_what_happened() -> None:
    found = bound("The bridge was built in 1931.", "1931")
    assert found.period == "1931"
    assert {"bridg", "build"} <= found.terms


# How it is meant


@pytest.mark.parametrize(
    ("sentence", "words", "qualifiers"),
    [
        ("Sales rose by 5%.", "5%", {"change", "up"}),
        ("Sales fell by 5%.", "5%", {"change", "down"}),
        ("The rate rose to 5%.", "5%", {"end"}),
        ("The rate rose from 4% to 5%.", "4%", {"start"}),
        ("The ticket will cost $5.", "$5", {"planned"}),
        ("Employers added 500 jobs a month.", "500", {"per month"}),
        ("It won 9% of the vote.", "9%", {"share"}),
        ("The average wage is $20 an hour.", "$20", {"per hour"}),
    ],
)
def test_levels_changes_rates_and_plans_are_told_apart(
    sentence: str, words: str, qualifiers: set[str]
) -> None:
    assert qualifiers <= bound(sentence, words).qualifiers


def test_the_direction_between_two_countries_is_kept() -> None:
    found = bound("India's exports to Azerbaijan came to $86 million.", "$86 million")
    assert dict(found.entities) == {"India": "of", "Azerbaijan": "to"}


# What stands before


def test_a_pronoun_goes_back_to_the_sentence_before() -> None:
    found = bound("It holds 600 people.", "600", before="The ferry Skua was built in Halvick.")
    assert "ferri" in found.terms
    assert "goes back to" in found.why


def test_a_pronoun_of_the_same_sentence_stays_there() -> None:
    found = bound(
        "Rivian said that it lost $2 billion.", "$2 billion", before="The Gannet was sold."
    )
    assert "rivian" in found.terms
    assert "gannet" not in found.terms


def test_a_bare_figure_goes_back_past_a_pronoun() -> None:
    before = "The harbour of Halvick was rebuilt. It is deep."
    assert "harbour" in bound("The total was $4 million.", "$4 million", before=before).terms


def test_trade_without_parties_takes_them_from_the_title() -> None:
    found = bound("Trade grew by 4%.", "4%", title="India and Azerbaijan look ahead")
    assert {name for name, _ in found.entities} == {"India", "Azerbaijan"}


# The same thing?


def reasons(one: tuple[str, str], other: tuple[str, str]) -> tuple[bool, str]:
    return same_subject(bound(*one), bound(*other))


FLOOD = "The flood killed 12 people in Arlo.", "12"
SKUA = "The Skua is 118 metres long.", "118 metres"
EXPORTS = "Arms exports to Armenia rose by 4%.", "4%"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("The ferry Skua cost €42 million.", "€42 million"), ("The Skua cost €5.", "€5")),
        (SKUA, ("The Skua measures 124 metres in length.", "124 metres")),
        (FLOOD, ("Nineteen people were killed by the flood in Arlo.", "Nineteen")),
        (("One-fifth of the houses burned.", "One-fifth"), ("Some 20% of houses burned.", "20%")),
        (EXPORTS, ("Weapons exports to Armenia grew by 5%.", "5%")),
    ],
)
def test_a_thing_in_other_words_is_the_same(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert reasons(one, other)[0]


STOVE = "The stove weighs 2.4 kg and the tent 3.1 kg."


OMAN = "Exports from India to Oman hit $5 million.", "$5 million"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((STOVE, "2.4 kg"), (STOVE, "3.1 kg")),
        (("Sales rose by 5%.", "5%"), ("Sales rose to 6%.", "6%")),
        (("The rate rose from 4% to 5%.", "4%"), ("The rate rose from 4% to 5%.", "5%")),
        (("The flood killed 12 people.", "12"), ("The flood injured 30 people.", "30")),
        (("Torvane has 62 trams.", "62"), ("Ister has 48 trams.", "48")),
        (OMAN, ("Exports from Oman to India hit $6 million.", "$6 million")),
        (("The pass costs $5 a day.", "$5"), ("The pass costs $90 a year.", "$90")),
        (("The pass costs $5.", "$5"), ("The pass covers 5 parks.", "5")),
        (("About 28 Black women run cities.", "28"), ("Nine Asian women run cities.", "Nine")),
    ],
)
def test_another_thing_is_not_the_same_and_the_reason_is_said(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    is_same, reason = reasons(one, other)
    assert not is_same
    assert reason


def test_periods_are_compared_with_their_parts() -> None:
    year = bound("The dam made 870 units in 2024.", "870")
    half = bound("The dam made 410 units in the first half of 2024.", "410")
    month = bound("The dam made 90 units in May 2024.", "90")
    other = bound("The dam made 800 units in 2023.", "800")
    undated = bound("The dam made 870 units.", "870")
    assert not same_period(year, half)[0]
    assert not same_period(year, other)[0]
    assert same_period(year, month)[0]
    assert same_period(year, undated)[0]
    assert not same_period(year, undated, undated=False)[0]


def test_the_closest_figure_is_the_one_a_claim_means() -> None:
    source = bind("United Airlines canceled 71 flights and Delta Airlines canceled 66 flights.")
    claim = bound("Delta Airlines canceled 71 flights.", "71")
    assert [str(b.figure.value) for b in closest(claim, source)] == ["66"]


def test_nothing_is_closest_to_a_figure_of_another_thing() -> None:
    source = bind("The stove weighs 2.4 kg.")
    assert closest(bound("Profit fell to $300 million.", "$300 million"), source) == ()


# Whole articles, any text, time


def test_an_articles_figures_are_at_their_places(tmp_path: Path) -> None:
    path = tmp_path / "dam.md"
    path.write_text("# The dam\n\nThe dam cost $5 million. It has 3 gates.\n", encoding="utf-8")
    article = read_article(path)
    found = bind_article(article)
    assert [span.of(article.body) for _, span in found] == ["$5 million", "3"]
    assert "dam" in found[1][0].terms
    spans = [span.of(article.body) for span, _ in bind_sentences(article)]
    assert spans == ["The dam cost $5 million.", "It has 3 gates."]


TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=25).map("".join)


@given(TEXTS)
def test_any_text_is_bound_alike_each_time(text: str) -> None:
    found = bind(text, before=text, title=text)
    assert found == bind(text, before=text, title=text)
    for b in found:
        assert b.figure.span.of(text)
        assert b.figure.subject is None or b.figure.subject.of(text)
        assert b.why
        assert same_period(b, b)[0]


def test_a_long_sentence_takes_no_longer_than_its_length_asks() -> None:
    def seconds(n: int) -> float:
        names = random.Random(n)
        parts = (f"Aro{names.random()} sold {n} boats for $5 million in 2022" for _ in range(n))
        sentence = ", and ".join(parts)
        began = time.perf_counter()
        bind(sentence)
        return time.perf_counter() - began

    seconds(5)
    short, long = min(seconds(20) for _ in range(3)), min(seconds(80) for _ in range(3))
    assert long < 12 * short + 0.05


# The table


def test_a_row_is_scored_by_its_words_and_its_period() -> None:
    found = bound(STOVE, "3.1 kg")
    gold = Expected(found.figure.span, ("tent",), ("stove",), None, dated=True)
    assert min(score(gold, found).values()) == 1
    wrong = Expected(found.figure.span, ("tent",), ("weighs",), "2024", dated=True)
    assert score(wrong, found)["no neighbour's terms"] == 0
    assert score(wrong, found)["period"] == 0
    assert score(wrong, found)["subject and period"] == 0


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    with pytest.raises(BindingTableError, match=r"no table at .*; give"):
        load_rows(path)
    path.write_text('{"article": "a"}\n', encoding="utf-8")
    with pytest.raises(BindingTableError, match="line 1"):
        load_rows(path)


@pytest.mark.parametrize("name", ["dev", "test-1", "test-2"])
def test_the_tables_are_whole(name: str) -> None:
    rows = load_rows(Path(__file__).parents[1] / f"evals/binding/{name}.jsonl")
    assert len(rows) >= 80
    for row in rows:
        for figure in row.figures:
            assert row.span.start <= figure.span.start < figure.span.end <= row.span.end
            assert figure.must
