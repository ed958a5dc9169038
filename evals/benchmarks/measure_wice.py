"""WiCE → how well the support score tells supported claims from others, beside simpler scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.benchmarks.ranking import (
    Scored,
    auroc,
    auroc_lead,
    average_precision,
    balanced_accuracy,
    f1,
    resampled,
)
from evals.benchmarks.report import Measure, Report, share_of
from evals.benchmarks.wice import WiceClaim
from rag.checking.support import PARTLY, SUPPORTED, Signals, Support, judge
from rag.corpus import Progress
from rag.splitting.terms import stems

Look = Callable[[str, Sequence[str]], Signals]
"""A claim and its cited texts → what is measured of them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One claim and what was made of it."""

    claim: WiceClaim
    signals: Signals
    """Of the whole cited page."""
    of_gold: Support | None
    """Of the gold sentences alone; None where there are none."""

    @property
    def support(self) -> Support:
        """The score of the whole cited page."""
        return judge(self.signals)

    @property
    def lexical(self) -> float:
        """Greatest share of the claim's stems in one cited sentence."""
        own = set(stems(self.claim.claim))
        shares = (len(own & set(stems(text))) / len(own) for text in self.claim.sentences)
        return max(shares, default=0.0) if own else 0.0


def run_wice(
    claims: Sequence[WiceClaim],
    half: str,
    look: Look,
    facts: Mapping[str, float | int | str],
    progress: Progress | None = None,
) -> Report:
    """Every claim looked at, in order.

    Args:
        claims: The claims of a half.
        half: Which half of WiCE's development set they are.
        look: What is measured of a claim and its cited texts.
        facts: Sizes and times to report with the measures.
        progress: Told after each claim how many are done.
    """
    outcomes = []
    for claim in claims:
        outcomes.append(_outcome(claim, look))
        if progress is not None:
            progress("ask", len(outcomes), len(claims))
    labels = {f"claims {label}": n for label, n in _counted(claims)}
    rows = tuple(_row(outcome) for outcome in outcomes)
    return Report("WiCE", half, tuple(_measures(outcomes)), {**facts, **labels}, rows)


def _outcome(claim: WiceClaim, look: Look) -> Outcome:
    of_gold = judge(look(claim.claim, claim.gold)) if claim.gold else None
    return Outcome(claim, look(claim.claim, claim.sentences), of_gold)


def _counted(claims: Sequence[WiceClaim]) -> Iterator[tuple[str, int]]:
    for label in ("supported", "partially_supported", "not_supported"):
        yield label.replace("_", " "), sum(claim.label == label for claim in claims)


def _measures(outcomes: Sequence[Outcome]) -> Iterator[Measure]:
    wholly = [o.claim.label == "supported" for o in outcomes]
    partly = [o.claim.label != "not_supported" for o in outcomes]
    yield from _compared("supported", "supported or not wholly", outcomes, wholly)
    yield from _compared("partly", "at least partly or not at all", outcomes, partly)
    yield from _decided("supported", "supported", outcomes, wholly, SUPPORTED)
    yield from _decided("partly", "at least partly", outcomes, partly, PARTLY)
    given = [(o.claim.label == "supported", o.of_gold.score) for o in outcomes if o.of_gold]
    label = "AUROC supported or partly, gold sentences alone cited"
    yield resampled("gold_auroc", label, [Scored(*pair) for pair in given], auroc)


def _compared(
    key: str, label: str, outcomes: Sequence[Outcome], golds: Sequence[bool]
) -> Iterator[Measure]:
    """The score, and below it what it is to be better than."""
    scores = [o.support.score for o in outcomes]
    rivals = {
        "lexical": ("lexical overlap", [o.lexical for o in outcomes]),
        "cosine": ("cosine", [o.signals.similarity for o in outcomes]),
        "relevance": ("cross-encoder", [o.signals.relevance for o in outcomes]),
    }
    cases = [Scored(*pair) for pair in zip(golds, scores, strict=True)]
    yield resampled(f"{key}_auroc", f"AUROC {label}", cases, auroc)
    for name, (said, values) in rivals.items():
        alone = [Scored(*pair) for pair in zip(golds, values, strict=True)]
        yield resampled(f"{key}_auroc_{name}", f"… {said} alone", alone, auroc)
    for name, (said, values) in rivals.items():
        paired = [Scored(*three) for three in zip(golds, scores, values, strict=True)]
        lead = f"{key}_auroc_minus_{name}"
        yield resampled(lead, f"… lead over {said}", paired, auroc_lead, points=True)
    yield resampled(f"{key}_ap", f"average precision, {label}", cases, average_precision)


def _decided(
    key: str, label: str, outcomes: Sequence[Outcome], golds: Sequence[bool], threshold: float
) -> Iterator[Measure]:
    """What comes of deciding at the threshold."""
    scores = [o.support.score for o in outcomes]
    cases = [Scored(*pair) for pair in zip(golds, scores, strict=True)]
    right = [(score >= threshold) is gold for score, gold in zip(scores, golds, strict=True)]
    at = f"{label}, from {threshold}"
    yield share_of(f"{key}_accuracy", f"accuracy: {at}", right)
    balanced = balanced_accuracy(threshold)
    yield resampled(f"{key}_balanced", f"balanced accuracy: {at}", cases, balanced)
    yield resampled(f"{key}_f1", f"F1: {at}", cases, f1(threshold))


def _row(outcome: Outcome) -> Mapping[str, Any]:
    claim, support = outcome.claim, outcome.support
    return {
        "id": claim.id,
        "claim": claim.claim,
        "label": claim.label,
        "score": support.score,
        "missing": list(support.missing),
        "lexical": outcome.lexical,
        "cosine": outcome.signals.similarity,
        "relevance": outcome.signals.relevance,
        "score_of_gold": outcome.of_gold.score if outcome.of_gold else None,
    }
