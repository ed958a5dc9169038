"""Figures of one thing that differ: what is found and how it is typed, and what is no conflict."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from fakes import make_article

from rag.answer import ConflictKind
from rag.checking.conflicts import Clash, Fact, clash_kind, facts_of, find_clashes
from rag.reading.articles import read_articles

ROOT = Path(__file__).parents[1]
SUITES = ROOT / "evals" / "suites"
DAY = date(2025, 3, 4)


def told(text: str, *, days: int = 0, outlet: str = "Gazette", name: str = "") -> list[Fact]:
    """The facts of an article of one paragraph, published so many days after the first."""
    article = make_article(name or f"{outlet}-{days}.md", [text], title="", outlet=outlet)
    source = replace(article.source, published=DAY + timedelta(days=days))
    return list(facts_of(replace(article, source=source)))


def clashes(*facts: list[Fact]) -> list[tuple[ConflictKind, tuple[str, ...]]]:
    found = find_clashes([fact for group in facts for fact in group])
    return [(clash.kind, tuple(side.words for side in clash.sides)) for clash in found]


def planted(folder: str) -> tuple[Clash, ...]:
    articles = read_articles([SUITES / folder]).articles
    return find_clashes(fact for article in articles for fact in facts_of(article))


def sides_of(clash: Clash) -> frozenset[tuple[str, str]]:
    return frozenset((Path(side.source.path).name, side.words) for side in clash.sides)


def test_every_planted_conflict_is_found_and_nothing_else() -> None:
    gold = json.loads((SUITES / "conflicts-planted.articles" / "gold.json").read_text("utf-8"))
    wanted = {
        (
            conflict["kind"],
            frozenset((side["article"], side["figure"]) for side in conflict["sides"]),
        )
        for conflict in gold["conflicts"]
    }
    found = {(clash.kind, sides_of(clash)) for clash in planted("conflicts-planted.articles")}
    assert found == wanted


def test_articles_that_do_not_disagree_have_no_conflict() -> None:
    assert planted("traps-planted.articles") == ()


def test_the_shipped_articles_disagree_on_one_rank() -> None:
    articles = read_articles([ROOT / "corpus"]).articles
    (clash,) = find_clashes(fact for article in articles for fact in facts_of(article))
    assert clash.kind == "disagreement"
    assert {side.words for side in clash.sides} == {"largest", "fourth-largest"}


TOLL = "The landslide above Torvane has killed {} people in Lower Sorrel, the rescuers said."


def test_an_outlets_later_figure_is_an_update_in_order_of_time() -> None:
    late, early = told(TOLL.format(31), days=2), told(TOLL.format(14))
    assert clashes(late, early) == [("update", ("14", "31"))]


def test_two_outlets_of_one_day_disagree() -> None:
    assert clashes(told(TOLL.format(14)), told(TOLL.format(31), outlet="Herald")) == [
        ("disagreement", ("14", "31"))
    ]


def test_a_copy_and_a_restatement_count_once() -> None:
    copies = [told(TOLL.format(14), outlet=outlet) for outlet in ("Herald", "Post", "Wire")]
    assert clashes(told(TOLL.format(14)), *copies) == []
    assert clashes(told(TOLL.format(14)), *copies, told(TOLL.format(31), days=2)) == [
        ("update", ("14", "31"))
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Details of the Torvane fair: 7:30 p.m. at a price of $40.",
            "The Torvane fair costs $55.",
        ),
        ("Torvane shares fell 7 percent on Thursday.", "Torvane shares fell 12 percent on Monday."),
        (
            "Clubs in Torvane pay up to $900 for a permit.",
            "Clubs in Torvane pay $2,000 for a permit.",
        ),
        ("Will Torvane Steel cut 400 jobs in Maro?", "Torvane Steel will cut 650 jobs in Maro."),
        (
            "About 30 percent of the shops in Torvane charge over 5 euros for bread.",
            "About 10 percent of the shops in Torvane charge over 9 euros for bread.",
        ),
        ("Ivo Brandal scored 21 points for Torvane.", "Ivo Brandal scored 9 points for Torvane."),
    ],
)
def test_no_conflict_is_made_of_labels_changes_limits_questions_conditions_and_scores(
    one: str, other: str
) -> None:
    assert clashes(told(one), told(other, days=2)) == []


def test_an_old_figure_that_the_later_sentence_gives_too_is_no_side() -> None:
    later = "The Torvane landslide has killed 31 people in Lower Sorrel, up from 14 on Monday."
    earlier = "The Torvane landslide has killed 14 people in Lower Sorrel."
    assert clashes(told(earlier), told(later, days=1)) == []


def test_two_figures_of_one_article_clash_only_when_two_speakers_give_them() -> None:
    one = "Mayor Berta Kranich said that 740 people marched in Lindhof."
    assert clashes(
        told(f"{one} Police chief Olaf Tessin said that 400 people marched in Lindhof.")
    ) == [("disagreement", ("740", "400"))]
    assert clashes(told(f"{one} Later, 400 people marched in Lindhof.")) == []


def test_two_answers_to_one_question_need_less_in_common_than_two_facts_of_a_corpus() -> None:
    (one,) = told("The ferry Skua cost €42 million, the harbour office said.")
    (other,) = told("The ferry Skua cost €57 million.", days=90, outlet="Herald")
    assert clash_kind(one, other) == "update"
    assert clash_kind(one, other, related=False) is None


@pytest.mark.parametrize(
    ("text", "other", "days"),
    [
        ("Regular gas costs $4.32 a gallon.", "Regular gas stood at $2.77 a gallon a year ago.", 3),
        ("The bank raised its rate by 0.75 points.", "The bank raised its rate by 0.5 points.", 42),
        ("Meta lays off 11,000 employees.", "Meta has 87,000 employees.", 0),
        ("Brady played 22 seasons.", "Brady played 22 seasons, two seasons of them for Tampa.", 3),
        ("The jackpot is $1.25 billion.", "The jackpot is $1.02 billion.", 370),
        ("The party stands at 222 seats.", "The party is short of the 218 seats it needs.", 9),
    ],
)  # fmt: skip
def test_two_answers_that_their_sentences_explain_do_not_disagree(
    text: str, other: str, days: int
) -> None:
    pairs = [(a, b) for a in told(text) for b in told(other, days=days, outlet="Herald")]
    assert pairs
    assert {clash_kind(a, b) for a, b in pairs} == {None}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("His campaign says that he has raised $35 million since May.",
         "The paper says that she has raised $7.3 million since May."),
        ("Nights in the valley stayed below 25 degrees Celsius (77 degrees Fahrenheit) in May.",
         "Nights in the valley stayed below 20 degrees Celsius (68 degrees Fahrenheit) in May."),
        ("Ten members of the House voted to impeach the president in January.",
         "She and nine other members of the House voted to impeach the president in January."),
    ],
)  # fmt: skip
def test_figures_of_others_and_limits_in_another_unit_are_no_conflict(
    text: str, other: str
) -> None:
    assert clashes(told(text), told(other, outlet="Herald")) == []


def test_parts_of_a_year_and_of_a_bill_are_another_scope_also_for_two_answers() -> None:
    half = told("The Pellan dam generated 410 gigawatt hours of power in the first half of 2024.")
    whole = told(
        "The Pellan dam generated 870 gigawatt hours of power in the whole of 2024.", days=9
    )
    assert clash_kind(half[0], whole[0]) == "scope"
    bare = told("Building the Pellan dam cost $640 million, without roads.")
    full = told("Building the Pellan dam, with access roads and a weir, cost $790 million.", days=9)
    assert clash_kind(bare[0], full[0]) == "scope"


def test_sides_of_a_clash_all_differ_from_each_other_and_are_not_chained() -> None:
    values = [told(TOLL.format(n), days=days) for days, n in enumerate((14, 31, 52))]
    assert clashes(*values) == [("update", ("14", "31", "52"))]


def test_the_work_grows_no_faster_than_the_facts() -> None:
    from rag.checking.clashes.alike import NEIGHBOURS, Corpus

    facts = [f for n in range(600) for f in told(TOLL.format(n + 20), days=n, name=f"a{n}")]
    assert len(list(Corpus(facts).pairs())) <= NEIGHBOURS * len(facts)


def test_the_command_lists_by_kind_with_source_quote_and_place() -> None:
    from ui.conflicts_command import clash_to_dict, in_order, to_text

    found = in_order(planted("conflicts-planted.articles"))
    assert [clash.kind for clash in found] == sorted(
        (clash.kind for clash in found), key=["disagreement", "update", "scope"].index
    )
    text = to_text(found, 13, None)
    assert "update, the later figure supersedes the earlier one" in text
    assert text.endswith("13 conflicts in 13 articles")
    side = found[0].sides[0]
    assert f"“{side.text}”" in text
    assert f"{side.source.article_id} {side.sentence.start}:{side.sentence.end}" in text
    row = clash_to_dict(found[0])["sides"][0]
    assert row["cited_text"] == side.text
    assert row["end_char_index"] - row["start_char_index"] == len(row["figure"])


def test_what_an_article_holds_cannot_steer_the_terminal() -> None:
    from ui.conflicts_command import to_text

    red = told("The ferry Skua of Torvane Harbour cost €42 million,\x1b[31m it is said.")
    plain = told("The ferry Skua of Torvane Harbour cost €57 million.", outlet="Herald")
    text = to_text(find_clashes([*red, *plain]), 2, 80)
    assert "1 conflict in 2 articles" in text
    assert "\x1b" not in text
