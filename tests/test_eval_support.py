"""Citations judged by the words they cite: support, ALCE's precision and recall, lost figures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted import BRIDGE, COST, LEAD, OPENED, TUNNEL, cite, quote, refuse, say

from evals.support import (
    citation_precision,
    citation_recall,
    lost_figures,
    support_level,
    weighted_support,
)

CARRIES = "It carries 160,000 vehicles a day, 4.5% fewer than in 2019."


@pytest.mark.parametrize(
    ("claim", "level"),
    [
        (f"{LEAD} “{OPENED}” [1]", "full"),
        (OPENED, "full"),
        ("The same article: “The bridge opened in 1932.” [1]", "full"),
        # 3 of 4 stems: bridge, open, 1932, ceremoni.
        ("The bridge opened in 1932 with ceremony.", "partial"),
        # 2 of 5 stems: bridge, 1932.
        ("In 1932 painters finished the lovely bridge.", "none"),
        ("The bridge opened in 1933.", "none"),
        ("The bridge opened in 1932 with 3 lanes.", "none"),
        ("", "none"),
    ],
)
def test_support_is_full_partial_or_none_by_words_and_figures(claim, level):
    assert support_level(claim, [cite(OPENED)]) == level


def test_without_a_citation_nothing_is_supported():
    assert support_level(OPENED, []) == "none"


def test_a_figure_is_lost_when_no_cited_word_gives_it_in_its_unit():
    cited = [cite(CARRIES)]
    assert lost_figures("160,000 vehicles, 4.5 percent fewer", cited) == ()
    assert lost_figures("160 thousand vehicles", cited) == ()
    assert lost_figures("160,001 vehicles, 4.6% fewer", cited) == ("160,001", "4.6%")
    assert lost_figures("$4.5 fewer", cited) == ("$4.5",)
    assert lost_figures("1932", [cite(OPENED), cite(CARRIES, number=2)]) == ()
    assert lost_figures("1932", cited) == ("1932",)


@pytest.mark.parametrize(
    ("claim", "lost"),
    [
        ("It opened on 6 May 1932.", "6 May 1932"),
        ("The bridge has 1 lane.", "1"),
    ],
)
def test_a_day_and_the_number_of_a_citation_are_no_figures_of_the_quote(claim, lost):
    body = replace(BRIDGE, body="It opened on 5 May 1932. The bridge has lanes.")
    cited = [cite(body.body, body)]
    assert lost_figures(claim, cited) == (lost,)


def test_recall_is_the_share_of_claims_that_are_supported_in_full():
    both = say((OPENED, [cite(OPENED)]), ("It opened in 1933.", [cite(OPENED)]))
    assert citation_recall(both) == 0.5
    assert citation_recall(say((OPENED, []))) == 0.0
    assert citation_recall(refuse("off_topic", cite(OPENED))) is None


def test_claims_are_supported_by_their_citations_together():
    claim = "The bridge opened in 1932. It carries 160,000 vehicles a day."
    answer = say((claim, [cite(OPENED), cite(CARRIES, number=2)]))
    assert citation_recall(answer) == 1.0
    # Leave either out, and the rest does not support it: both are useful.
    assert citation_precision(answer) == 1.0


def test_a_citation_that_neither_supports_alone_nor_is_needed_is_beside_the_point():
    beside = cite("Repairs of the tunnel will cost $1.5 billion.", TUNNEL, 2)
    answer = say((OPENED, [cite(OPENED), beside]))
    assert citation_recall(answer) == 1.0
    assert citation_precision(answer) == 0.5


def test_no_citation_of_an_unsupported_claim_counts():
    answer = say((OPENED, [cite(OPENED)]), ("It opened in 1933.", [cite(OPENED)]))
    assert citation_precision(answer) == 0.5


def test_two_citations_that_each_support_the_claim_are_both_useful():
    answer = say((OPENED, [cite(OPENED), cite(OPENED, number=2)]))
    assert citation_precision(answer) == 1.0


def test_without_a_citation_there_is_no_precision():
    assert citation_precision(say((OPENED, []))) is None
    assert citation_precision(refuse("off_topic", cite(OPENED))) is None


def test_weighted_support_is_judged_on_the_first_citation():
    full, second = cite(OPENED), cite(COST, number=2)
    partial = "The bridge opened in 1932 with ceremony."
    assert weighted_support(say((OPENED, [full, second]))) == 1.0
    assert weighted_support(say((partial, [full]))) == 0.5
    assert weighted_support(say((OPENED, [full]), (partial, [full]), (OPENED, []))) == 0.5
    assert weighted_support(refuse("off_topic")) is None
    # 3 of 7 stems stand in the first, and one of its figures does not.
    both = "The bridge opened in 1932. It carries 160,000 vehicles a day."
    assert weighted_support(say((both, [full, cite(CARRIES, number=2)]))) == 0.0


def test_the_lead_in_counts_as_the_cards_words():
    assert citation_recall(quote(OPENED)) == 1.0
    foreign = f"According to Herald: “{OPENED}” [1]"
    assert support_level(foreign, [cite(OPENED, BRIDGE)]) != "full"
