"""Questions asked with and without the article that answers them → refusals, risk, coverage."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.benchmarks.report import Measure, share_of
from evals.benchmarks.seen import Attempt
from evals.matching import contains
from evals.statistics import Point, area_under, risk_coverage

MOST_FALSE_REFUSALS = 0.05
"""Share of the answerable questions at which the near misses that are refused are counted."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One question asked both ways."""

    gold: str
    whole: Attempt
    """With every article."""
    right: bool
    """Whether a quote of that answer holds the gold answer where it stands."""
    left_out: Attempt
    """Without the article that answers: whatever is shown is a near miss."""

    @property
    def answered_anyhow(self) -> bool:
        """Whether an answer is given without the article."""
        return self.left_out.answer.refusal is None

    @property
    def words_elsewhere(self) -> bool:
        """Whether that answer quotes the gold answer's words from another article."""
        quotes = (citation.cited_text for citation in self.left_out.answer.citations)
        return self.answered_anyhow and any(contains(quote, self.gold) for quote in quotes)


def left_out_measures(pairs: Sequence[Pair]) -> list[Measure]:
    """Refusals of the near misses, as `ask` refuses, and as its confidence alone would.

    `ask` also refuses for what a sentence lacks. The last measure drops those rules and refuses by
    the confidence of the first sentence, at the threshold that refuses 5 % of these answerable
    questions: how well it tells the two kinds apart, and not what a reader sees.
    """
    left_out = [not pair.answered_anyhow for pair in pairs]
    elsewhere = [pair.words_elsewhere for pair in pairs]
    threshold = threshold_at([pair.whole.confidence for pair in pairs], MOST_FALSE_REFUSALS)
    at = [] if threshold is None else [pair.left_out.confidence < threshold for pair in pairs]
    share = f"{MOST_FALSE_REFUSALS:.0%}"
    return [
        share_of("left_out_refused", "paragraph left out: refused", left_out),
        share_of("left_out_words", "  answered, with the gold words from another", elsewhere),
        share_of(
            "left_out_refused_at_5", f"  by confidence alone, at {share} of the answerable", at
        ),
    ]


def threshold_at(confidences: Sequence[float], most: float) -> float | None:
    """The highest threshold below which at most that share of the confidences lies.

    None where no threshold does it: too many of them are 0.

    >>> threshold_at([0.9, 0.2, 0.4, 0.8], 0.25), threshold_at([0.0, 0.0, 0.8], 0.05)
    (0.4, None)
    """
    ordered = sorted(confidences)
    if not ordered:
        return None
    # Not the last one: at most all but one are refused, whatever share is allowed.
    threshold = ordered[min(math.floor(most * len(ordered)), len(ordered) - 1)]
    return threshold or None


def curves(pairs: Sequence[Pair]) -> dict[str, tuple[Point, ...]]:
    """Risk against coverage: of the answerable questions, and of both kinds together."""
    whole = [(c, pair.right) for pair in pairs if (c := _given(pair.whole)) is not None]
    near = [(c, False) for pair in pairs if (c := _given(pair.left_out)) is not None]
    return {
        "answerable": risk_coverage(whole, len(pairs)),
        "answerable and left out": risk_coverage([*whole, *near], 2 * len(pairs)),
    }


def curve_facts(found: Mapping[str, Sequence[Point]]) -> dict[str, float]:
    """Area, coverage and risk of each curve."""
    facts: dict[str, float] = {}
    for name, curve in found.items():
        if (area := area_under(curve)) is not None:
            facts[f"AURC, {name}"] = area
            facts[f"coverage, {name}"] = curve[-1].coverage
            facts[f"risk there, {name}"] = curve[-1].risk
    return facts


def _given(attempt: Attempt) -> float | None:
    """Confidence of an answer that is given."""
    return None if attempt.answer.refusal is not None else attempt.answer.confidence
