"""Answers and gold → scores of every metric, each with its reason: plain Python, pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from evals.cases import Case, Polarity
from evals.gold import GoldConflict
from evals.matching import (
    all_sides,
    contains,
    exact_match,
    gives_figure,
    lacks,
    restates,
    token_f1,
)
from evals.support import citation_precision, citation_recall, lost_figures, weighted_support
from rag.answer import Answer, Citation, Claim
from rag.types import Source

Metric = Literal[
    "right", "figure", "wrong", "false_refusal", "exact", "f1", "refused", "reason", "trap",
    "attribution", "polarity", "conflict", "conflict_kind", "false_conflict", "offsets",
    "figures_cited", "unverified", "unfounded", "citation_recall", "citation_precision", "support",
    "recall@5", "recall@10", "mrr", "ndcg@10",
]  # fmt: skip

LABELS: Mapping[Metric, str] = {
    "right": "answered right, from a right article",
    "figure": "right value, unit and subject",
    "wrong": "answered wrong",
    "false_refusal": "refused though the articles say",
    "exact": "exact match",
    "f1": "token F1",
    "refused": "refused where the articles don't say",
    "reason": "with the right reason",
    "trap": "trap avoided",
    "attribution": "who says it is kept",
    "polarity": "yes or no right, where said",
    "conflict": "disagreement shown",
    "conflict_kind": "and its kind right",
    "false_conflict": "disagreement shown where there is none",
    "offsets": "citation offsets exact",
    "figures_cited": "figures that stand in the cited words",
    "unverified": "unverified figure shown as fact",
    "unfounded": "figure shown that no cited words have",
    "citation_recall": "citation recall",
    "citation_precision": "citation precision",
    "support": "support, weighted",
    "recall@5": "retrieval recall@5",
    "recall@10": "retrieval recall@10",
    "mrr": "retrieval MRR",
    "ndcg@10": "retrieval nDCG@10",
}
"""What a reader calls each metric, in the order of the report."""
LOWER_IS_BETTER: frozenset[Metric] = frozenset(
    {"wrong", "false_refusal", "false_conflict", "unverified", "unfounded"}
)
PARTIAL_IS_FINE: frozenset[Metric] = frozenset(
    {"exact", "f1", "support", "recall@5", "recall@10", "mrr", "ndcg@10"}
)
"""Metrics by which a case is measured, and not found at fault."""

IsGold = Callable[[Source], bool]


@dataclass(frozen=True, slots=True)
class Score:
    """What one metric says about one case."""

    case_id: str
    metric: Metric
    value: float | None
    """From 0 to 1; None when the case could not be scored."""
    reason: str
    """Why, for a reader of the failures."""


class Fault(NamedTuple):
    """What is wrong with a claim."""

    nearness: int
    """The higher, the nearer the claim came to a right answer."""
    reason: str


def falls_short(score: Score) -> bool:
    """Whether the score is a fault: not full marks in a metric that asks for them."""
    if score.value is None or score.metric in PARTIAL_IS_FINE:
        return False
    return score.value != (0.0 if score.metric in LOWER_IS_BETTER else 1.0)


def score_answer(answer: Answer, case: Case, *, is_gold: IsGold) -> tuple[Score, ...]:
    """What the answer alone tells; `evals.offsets` and `evals.ranking` need the articles as well.

    Args:
        answer: What the chatbot gave.
        case: The question and its gold.
        is_gold: Whether a source is one of the case's gold articles.
    """
    outcome = _answerable(answer, case, is_gold) if case.answerable else _unanswerable(answer, case)
    return (*outcome, *_shown(answer, case), *_citations(answer, case))


def fault(
    claim: Claim, citations: Collection[Citation], case: Case, is_gold: IsGold
) -> Fault | None:
    """Why a claim is not the right answer; None when it is.

    The claim has to say it, and words that it cites, from a right article, have to say it too.
    """
    cited = [citation for citation in citations if citation.number in claim.citations]
    return next(_faults(claim.text, cited, case, is_gold), None)


def _faults(said: str, cited: Collection[Citation], case: Case, is_gold: IsGold) -> Iterator[Fault]:
    if not cited:
        yield Fault(0, "nothing is cited for it")
    quotes = " ".join(citation.cited_text for citation in cited)
    gold = case.figure
    if gold and not (gives_figure(said, gold) and gives_figure(quotes, gold)):
        yield Fault(1, "no claim gives the figure, with its unit, in the words that it cites")
    if case.answers and not any(restates(said, g) and contains(quotes, g) for g in case.answers):
        yield Fault(2, "no claim and its quote hold a gold answer")
    if missing := lacks(f"{said} {quotes}", case.subject):
        yield Fault(3, f"the figure is given, but not of {', '.join(missing)}")
    if case.articles and not any(is_gold(citation.source) for citation in cited):
        yield Fault(4, "a gold answer is given, but from another article")


def _answerable(answer: Answer, case: Case, is_gold: IsGold) -> Iterator[Score]:
    why = _why_wrong(answer, case, is_gold)
    refused = answer.refusal is not None
    told = why or "a claim and its quote from a right article give the gold answer"
    yield Score(case.id, "right", float(not why), told)
    if case.figure:
        anywhere = _why_wrong(answer, case, lambda _: True)
        yield Score(case.id, "figure", float(not anywhere), anywhere or "value, unit and subject")
    yield Score(case.id, "false_refusal", float(refused), told)
    yield Score(case.id, "wrong", float(bool(why) and not refused), told)
    if case.answers:
        said = "" if refused else " ".join(c.cited_text for c in answer.citations)
        exact = any(exact_match(said, gold) for gold in case.answers)
        best = max(token_f1(said, gold) for gold in case.answers)
        yield Score(case.id, "exact", float(exact), "the quotes against the gold answers")
        yield Score(case.id, "f1", best, "the quotes against the gold answers")
    if case.attribution:
        yield _attribution(answer, case, is_gold)


def _why_wrong(answer: Answer, case: Case, is_gold: IsGold) -> str:
    if answer.refusal is not None:
        return f"refused: {answer.refusal.reason}"
    quotes = " ".join(c.cited_text for c in answer.citations)
    if missing := [gold for gold in case.all_of if not contains(quotes, gold)]:
        return f"not in the quotes: {', '.join(missing)}"
    found = [fault(claim, answer.citations, case, is_gold) for claim in answer.claims]
    told = [f for f in found if f is not None]
    if len(told) < len(found):
        return ""
    return max(told).reason if told else "no claim"


def _attribution(answer: Answer, case: Case, is_gold: IsGold) -> Score:
    """Of the claims that answer right: the words they show have to say who says it."""
    able = [c for c in answer.claims if fault(c, answer.citations, case, is_gold) is None]
    if not able:
        return Score(case.id, "attribution", None, "not answered right")
    kept = all(any(contains(c.text, who) for who in case.attribution) for c in able)
    why = "" if kept else f"no claim may lack who says it: {' | '.join(case.attribution)}"
    return Score(case.id, "attribution", float(kept), why or "kept")


def _unanswerable(answer: Answer, case: Case) -> Iterator[Score]:
    if answer.refusal is None:
        yield Score(case.id, "refused", 0.0, f"answered; gold is a refusal: {case.reason}")
        yield Score(case.id, "reason", None, "answered, so there is no reason to judge")
        return
    given = answer.refusal.reason
    why = f"refused: {given}; gold: {case.reason}"
    yield Score(case.id, "refused", 1.0, why)
    yield Score(case.id, "reason", float(given == case.reason), why)


def said_polarity(answer: Answer) -> Polarity:
    """Whether the answer opens with a plain yes or no."""
    opening = answer.claims[0].text if answer.claims else ""
    said = opening[:4].lower()
    return "yes" if said in {"yes:", "yes,"} else "no" if said[:3] in {"no:", "no,"} else "neither"


def _shown(answer: Answer, case: Case) -> Iterator[Score]:
    """Traps, yes or no, and disagreements."""
    if case.polarity is not None and answer.refusal is None:
        said = said_polarity(answer)
        right = None if said == "neither" else float(said == case.polarity)
        yield Score(case.id, "polarity", right, f"said: {said}; gold: {case.polarity}")
    if case.never:
        fell = [w for w in case.never if any(contains(c.text, w) for c in answer.claims)]
        why = f"shown: {', '.join(fell)}" if fell else "none of them shown"
        yield Score(case.id, "trap", float(not fell), why)
    if case.conflict is not None:
        yield from _conflict(answer, case.id, case.conflict)
    elif case.answerable:
        told = "; ".join(c.subject for c in answer.conflicts)
        why = f"shown where there is none: {told}" if told else "none shown"
        yield Score(case.id, "false_conflict", float(bool(told)), why)


def _conflict(answer: Answer, case_id: str, gold: GoldConflict) -> Iterator[Score]:
    for conflict in answer.conflicts:
        if all_sides([side.figure for side in conflict.sides], gold.figures):
            yield Score(case_id, "conflict", 1.0, "every side is shown")
            if gold.kind is not None:
                why = f"{conflict.kind}; gold: {gold.kind}"
                yield Score(case_id, "conflict_kind", float(conflict.kind == gold.kind), why)
            return
    yield Score(case_id, "conflict", 0.0, f"not shown: {' against '.join(gold.figures)}")
    if gold.kind is not None:
        yield Score(case_id, "conflict_kind", None, "not shown")


def _citations(answer: Answer, case: Case) -> Iterator[Score]:
    """How far the cited words carry what is said; a refusal claims nothing."""
    if answer.refusal is not None:
        return
    lost = [
        figure
        for claim in answer.claims
        for figure in lost_figures(
            claim.text, [c for c in answer.citations if c.number in claim.citations]
        )
    ]
    why = f"not in the cited words: {', '.join(lost)}" if lost else "all of them"
    yield Score(case.id, "figures_cited", float(not lost), why)
    measured: tuple[tuple[Metric, float | None, str], ...] = (
        ("citation_recall", citation_recall(answer), "claims that their quotes support"),
        ("citation_precision", citation_precision(answer), "citations that support their claim"),
        ("support", weighted_support(answer), "support by the first citation"),
    )
    for metric, value, why in measured:
        yield Score(case.id, metric, value, why)
