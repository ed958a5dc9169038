"""Answers against gold: right, wrong, refused, kept, shown and unscored are told apart."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest
from scripted import (
    BRIDGE,
    COST,
    LEAD,
    OPENED,
    TRAFFIC,
    TUNNEL,
    TUNNEL_COST,
    cite,
    quote,
    refuse,
    say,
)

from evals.cases import Case
from evals.gold import GoldConflict, GoldFigure
from evals.metrics import (
    LABELS,
    LOWER_IS_BETTER,
    Metric,
    Score,
    falls_short,
    score_answer,
)
from evals.offsets import offset_exact, offset_score
from evals.ranking import ranking_scores, relevant
from rag.answer import Answer, Citation, Conflict, Reading
from rag.splitting.passages import split_passages
from rag.types import Source, Span

PRICE = GoldFigure(Decimal(1_500_000_000), "USD")


def case(**fields: Any) -> Case:
    return Case(id="c", question="?", **fields)


HOW_MANY = case(answers=("160,000",))
HOW_MUCH = case(figure=PRICE, subject=("bridge|span", "repair"))
UNSAID = case(reason="figure_not_given")


def is_bridge(source: Source) -> bool:
    return source.article_id == "bridge"


def scores(answer: Answer, of: Case) -> dict[str, float | None]:
    found = score_answer(answer, of, is_gold=is_bridge)
    assert len({score.metric for score in found}) == len(found)
    assert all(score.case_id == "c" and score.reason for score in found)
    return {score.metric: score.value for score in found}


def reason(answer: Answer, of: Case, metric: Metric) -> str:
    (found,) = (s for s in score_answer(answer, of, is_gold=is_bridge) if s.metric == metric)
    return found.reason


# Right, wrong or refused


@pytest.mark.parametrize(
    ("answer", "values"),
    [
        (quote(TRAFFIC), (1.0, 0.0, 0.0)),
        (quote(OPENED), (0.0, 1.0, 0.0)),
        (refuse("off_topic", cite(TRAFFIC)), (0.0, 0.0, 1.0)),
        # Said, but not by what it cites; cited, but not said; said without a citation.
        (say((f"It is {TRAFFIC}.", [cite(OPENED)])), (0.0, 1.0, 0.0)),
        (say(("A lot of vehicles.", [cite(TRAFFIC)])), (0.0, 1.0, 0.0)),
        (say((TRAFFIC, [])), (0.0, 1.0, 0.0)),
        # One claim of two is enough.
        (say((OPENED, [cite(OPENED)]), (TRAFFIC, [cite(TRAFFIC, number=2)])), (1.0, 0.0, 0.0)),
    ],
)
def test_right_wrong_and_refused_are_told_apart(answer, values):
    found = scores(answer, HOW_MANY)
    assert (found["right"], found["wrong"], found["false_refusal"]) == values


def test_any_one_answer_will_do_and_all_of_needs_all():
    assert scores(quote(TRAFFIC), case(answers=("9", "160,000")))["right"] == 1.0
    both = say((OPENED, [cite(OPENED)]), (TRAFFIC, [cite(TRAFFIC, number=2)]))
    assert scores(both, case(all_of=("160,000", "1932")))["right"] == 1.0
    assert scores(quote(TRAFFIC), case(all_of=("160,000", "1932")))["right"] == 0.0
    assert reason(quote(TRAFFIC), case(all_of=("160,000", "1932")), "right").endswith("1932")


def test_where_articles_are_named_one_of_them_has_to_be_cited():
    opened = quote("The tunnel opened in 1964.", TUNNEL)
    assert scores(opened, case(answers=("1964",)))["right"] == 1.0
    assert scores(opened, case(answers=("1964",), articles=("bridge.md",)))["right"] == 0.0
    named = case(answers=("1964",), articles=("bridge.md",))
    assert reason(opened, named, "right") == "a gold answer is given, but from another article"


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("Repairs of the bridge will cost $1.5 billion", 1.0),
        ("Repairs of the bridge will cost 1,500 million dollars", 1.0),
        ("Repairs of the bridge will cost $1.6 billion", 0.0),
        ("Repairs of the bridge will cost $1.5 million", 0.0),
        ("Repairs of the bridge will cost €1.5 billion", 0.0),
        ("Repairs of the bridge will cost 1.5 percent", 0.0),
    ],
)
def test_a_figure_is_right_by_value_and_unit_in_claim_and_quote(words, right):
    found = scores(say((words, [cite(COST)])), HOW_MUCH)
    assert (found["right"], found["figure"]) == (right, right)


def test_the_figure_of_another_subject_is_wrong():
    other = quote(TUNNEL_COST, TUNNEL)
    assert scores(other, HOW_MUCH)["figure"] == 0.0
    assert reason(other, HOW_MUCH, "right") == "the figure is given, but not of bridge|span"


def test_the_figure_counts_from_any_article_and_the_answer_from_a_gold_one():
    gold = case(figure=PRICE, subject=("repair",), articles=("bridge.md",))
    found = scores(quote(TUNNEL_COST, TUNNEL), gold)
    assert (found["right"], found["figure"]) == (0.0, 1.0)


def test_quotes_are_measured_against_the_gold_answers():
    found = scores(quote("160,000"), HOW_MANY)
    assert (found["exact"], found["f1"]) == (1.0, 1.0)
    # 1 of 3 tokens (the article "a" is none), 1 of 1.
    found = scores(quote(TRAFFIC), HOW_MANY)
    assert (found["exact"], found["f1"]) == (0.0, 0.5)
    assert scores(refuse("off_topic"), HOW_MANY)["f1"] == 0.0


# Refusals


def test_a_question_without_an_answer_is_to_be_refused_for_the_right_reason():
    assert scores(refuse("figure_not_given"), UNSAID) == {"refused": 1.0, "reason": 1.0}
    assert scores(refuse("off_topic"), UNSAID) == {"refused": 1.0, "reason": 0.0}
    answered = scores(quote(TRAFFIC), UNSAID)
    assert (answered["refused"], answered["reason"]) == (0.0, None)


# Attribution, traps, disagreements


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (quote(COST), 1.0),
        (quote("Repairs of the bridge will cost $1.5 billion"), 0.0),
        (refuse("off_topic"), None),
        (quote(OPENED), None),
        (
            say(
                (COST, [cite(COST)]),
                ("Repairs of the bridge will cost $1.5 billion.", [cite(COST, number=2)]),
            ),
            0.0,
        ),
    ],
)
def test_every_claim_that_answers_has_to_keep_who_says_it(answer, kept):
    of = replace(HOW_MUCH, attribution=("Mayor", "Transport Ministry"))
    assert scores(answer, of)["attribution"] == kept


def test_a_trap_is_fallen_into_by_showing_the_wrong_answer():
    trap = replace(HOW_MUCH, never=("tunnel", "160,000"))
    assert scores(quote(COST), trap)["trap"] == 1.0
    assert scores(quote(TUNNEL_COST, TUNNEL), trap)["trap"] == 0.0
    assert reason(quote(TUNNEL_COST, TUNNEL), trap, "trap") == "shown: tunnel"
    assert scores(refuse("other_subject", cite(TUNNEL_COST, TUNNEL)), trap)["trap"] == 1.0
    assert scores(quote(TRAFFIC), replace(UNSAID, never=("160,000",)))["trap"] == 0.0


def conflicting(*figures: str, kind: Any = "update") -> Answer:
    sides = tuple(Reading(figure, n) for n, figure in enumerate(figures, start=1))
    return quote(TRAFFIC, conflicts=(Conflict("traffic", kind, sides),))


SIDES = replace(HOW_MANY, conflict=GoldConflict(("160,000", "170,000 vehicles"), "update"))


@pytest.mark.parametrize(
    ("answer", "shown", "kind"),
    [
        (conflicting("160,000 vehicles", "170,000"), 1.0, 1.0),
        (conflicting("170,000", "160,000", kind="scope"), 1.0, 0.0),
        (conflicting("160,000", "180,000"), 0.0, None),
        (conflicting("160,000", "1170,000"), 0.0, None),
        (quote(TRAFFIC), 0.0, None),
        (refuse("off_topic"), 0.0, None),
    ],
)
def test_a_disagreement_is_shown_with_every_side_and_its_kind(answer, shown, kind):
    found = scores(answer, SIDES)
    assert (found["conflict"], found["conflict_kind"]) == (shown, kind)
    assert "false_conflict" not in found


def test_a_disagreement_is_not_to_be_made_up():
    assert scores(quote(TRAFFIC), HOW_MANY)["false_conflict"] == 0.0
    assert scores(conflicting("160,000", "170,000"), HOW_MANY)["false_conflict"] == 1.0
    assert "false_conflict" not in scores(refuse("off_topic"), UNSAID)


def test_no_side_of_a_disagreement_stands_for_two():
    of = replace(SIDES, conflict=GoldConflict(("fourth-largest", "largest")))
    assert scores(conflicting("fourth-largest", "seventh-largest"), of)["conflict"] == 0.0


def test_without_a_gold_kind_the_kind_is_not_judged():
    of = replace(SIDES, conflict=GoldConflict(("160,000", "170,000")))
    assert "conflict_kind" not in scores(conflicting("160,000", "170,000"), of)


# Citations


def test_offsets_are_exact_only_when_they_cut_out_the_cited_words():
    body = BRIDGE.body
    n = len(body)

    def exact(words: str, start: int, end: int, body: str | None = body) -> bool:
        return offset_exact(Citation(1, BRIDGE.source, words, Span(start, end)), body)

    assert exact("The bridge", 0, 10)
    assert exact("claims.", n - 7, n)
    assert not exact("The bridge", 1, 11)
    assert not exact("claims.", n - 7, n + 1)
    assert not exact("claims", -7, -1)
    assert not exact("", 3, 3)
    assert not exact("The bridge", 0, 10, None)


def test_one_citation_out_of_place_spoils_the_answers_offsets():
    off = replace(cite(OPENED), number=2, span=Span(1, len(OPENED) + 1))
    bodies = {"bridge": BRIDGE.body}.get
    value = {
        "none": offset_score(say(("Well.", [])), HOW_MANY, bodies).value,
        "right": offset_score(quote(OPENED), HOW_MANY, bodies).value,
        "off": offset_score(say((OPENED, [cite(OPENED), off])), HOW_MANY, bodies).value,
        "nearest": offset_score(refuse("off_topic", off), UNSAID, bodies).value,
        "unknown": offset_score(quote(TUNNEL_COST, TUNNEL), HOW_MANY, bodies).value,
    }
    assert value == {"none": None, "right": 1.0, "off": 0.0, "nearest": 0.0, "unknown": 0.0}
    told = offset_score(refuse("off_topic", off), UNSAID, bodies).reason
    assert told == "not the article's words at their place: [2] bridge 1:27"


def test_a_figure_that_the_quote_lacks_is_named():
    answer = say((f"{TRAFFIC} in 1999, [1]", [cite(TRAFFIC)]))
    assert scores(answer, HOW_MANY)["figures_cited"] == 0.0
    assert reason(answer, HOW_MANY, "figures_cited") == "not in the cited words: 1999"
    assert scores(quote(TRAFFIC), HOW_MANY)["figures_cited"] == 1.0


def test_a_refusal_cites_nothing_that_could_be_judged():
    judged = {"figures_cited", "citation_recall", "citation_precision", "support"}
    assert judged.isdisjoint(scores(refuse("off_topic", cite(OPENED)), HOW_MANY))
    assert judged <= set(scores(say((f"{LEAD} {OPENED}", [])), UNSAID))


# Which scores are faults


def test_only_a_scored_case_without_full_marks_falls_short():
    told = [
        ("right", 0.0), ("right", 1.0), ("wrong", 0.0), ("wrong", 1.0), ("reason", None),
        ("f1", 0.2), ("mrr", 0.0), ("citation_recall", 0.5), ("false_conflict", 1.0),
    ]  # fmt: skip
    short = [name for name, value in told if falls_short(Score("c", name, value, ""))]
    assert short == ["right", "wrong", "citation_recall", "false_conflict"]


def test_every_metric_has_a_label():
    assert tuple(LABELS) == get_args(Metric)
    assert set(LABELS) >= LOWER_IS_BETTER


# Retrieval


def ranked(retrieved: list[str], judged: set[str]) -> list[float | None]:
    found = ranking_scores({"c": retrieved}, {"c": frozenset(judged)})
    return [score.value for score in found]


def test_ranking_scores_are_those_of_a_hand_computation():
    # Relevant at ranks 2 and 6; nDCG = (1/log2(3) + 1/log2(7)) / (1 + 1/log2(3)).
    found = ranked(["x1", "a", "x2", "x3", "x4", "b"], {"a", "b"})
    assert found == [0.5, 1.0, 0.5, pytest.approx((0.63093 + 0.35621) / 1.63093, abs=1e-4)]
    assert ranked(["a"], {"a"}) == [1.0, 1.0, 1.0, 1.0]
    assert ranked(["x"], {"a"}) == [0.0, 0.0, 0.0, 0.0]
    assert ranked([], {"a"}) == [0.0, 0.0, 0.0, 0.0]


def test_a_case_that_no_passage_answers_is_not_scored():
    assert ranked(["x"], set()) == [None] * 4
    assert list(ranking_scores({"c": ["x"]}, {})) == []


def test_a_passage_is_relevant_by_the_words_and_figures_that_it_holds():
    bridge, tunnel = (tuple(split_passages(article)) for article in (BRIDGE, TUNNEL))
    assert relevant(HOW_MUCH, (*bridge, *tunnel)) == {p.id for p in bridge if "$1.5" in p.text}
    assert relevant(HOW_MANY, (*bridge, *tunnel)) == {p.id for p in bridge if TRAFFIC in p.text}
    assert relevant(case(all_of=("1964", "1932")), tunnel) == {tunnel[0].id}
    assert relevant(case(answers=("1066",)), (*bridge, *tunnel)) == frozenset()
