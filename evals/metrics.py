"""Answers and gold become scores, and scores become shares with intervals: plain Python, pure."""

from __future__ import annotations

import math
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from evals.cases import Case
from rag.answer import Answer, Citation
from rag.types import Source

Metric = Literal[
    "right", "refused_answerable", "wrong", "refused_unanswerable", "reason", "offsets"
]

# Hyphens and dashes of every width, and the minus sign: "seventh-largest".
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]")
# Quotes, curly or straight, primes and guillemets: the apostrophe of "India's".
_QUOTES = re.compile(r"[\"'`\u00b4\u2018-\u201f\u2032\u2033\u00ab\u00bb]")
# "16 per cent", "16 percent", "16 %".
_PERCENT = re.compile(r"\s*(?:\bper\s?cent\b|%)")


class Interval(NamedTuple):
    """A confidence interval of a mean, both ends in the values' unit."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """What one metric says about one case."""

    case_id: str
    metric: Metric
    value: float | None
    """From 0 to 1; None when the case says nothing about the metric."""
    reason: str
    """Why, for a reader of the failures."""


@dataclass(frozen=True, slots=True)
class Share:
    """The mean of one metric over the cases it could be scored on."""

    n: int
    """Scored cases."""
    mean: float | None
    """From 0 to 1; None when no case was scored."""
    interval: Interval | None
    """95% percentile bootstrap; None when no case was scored."""


def normalise(text: str) -> str:
    r"""The text without the differences that do not change what it says.

    >>> normalise("India\u2019s  seventh-largest: 16 per cent")
    "india's seventh largest: 16%"
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _QUOTES.sub("'", _DASHES.sub(" ", text))
    return " ".join(_PERCENT.sub("%", text).split())


def contains(quote: str, gold: str) -> bool:
    """Whether the quote holds the gold string, never as a part of a longer word or number.

    >>> contains("trade fell to 16% of it", "16%"), contains("fell to 0.16% of it", "16%")
    (True, False)
    """
    words = re.escape(normalise(gold))
    pattern = rf"(?<!\w)(?<!\d[.,]){words}(?!\w)(?![.,]\d)"
    return re.search(pattern, normalise(quote)) is not None


def citation_contains(citation: Citation, case: Case) -> bool:
    """Whether the cited words hold one of the gold answers."""
    return any(contains(citation.cited_text, gold) for gold in case.answers)


def quote_contains(answer: Answer, case: Case) -> bool:
    """Whether any cited quote holds one of the gold answers, whichever article it is from."""
    return any(citation_contains(citation, case) for citation in answer.citations)


def offset_exact(citation: Citation, body: str) -> bool:
    """Whether the article's body, sliced at the citation's offsets, is the cited text."""
    span = citation.span
    # Slicing would forgive a negative start or an end past the body; a contract does not.
    return 0 <= span.start < span.end <= len(body) and span.of(body) == citation.cited_text


def score_answer(
    answer: Answer,
    case: Case,
    *,
    is_gold: Callable[[Source], bool],
    body_of: Callable[[str], str],
) -> tuple[Score, ...]:
    """All scores of one answered case.

    Args:
        answer: What the chatbot gave.
        case: The question and its gold.
        is_gold: Whether a source is one of the case's gold articles.
        body_of: The body of an article, by its id.
    """
    outcome = _score_answerable if case.answerable else _score_unanswerable
    return (
        *outcome(answer, case, is_gold),
        _score_offsets(answer, case, body_of),
    )


def _score_answerable(
    answer: Answer, case: Case, is_gold: Callable[[Source], bool]
) -> tuple[Score, ...]:
    refused = answer.refusal is not None
    right = not refused and any(
        is_gold(citation.source) and citation_contains(citation, case)
        for citation in answer.citations
    )
    if answer.refusal is not None:
        why = f"refused: {answer.refusal.reason}"
    elif right:
        why = "a quote from a gold article holds a gold answer"
    elif quote_contains(answer, case):
        why = "a gold answer is quoted, but from another article"
    else:
        why = "no quote holds a gold answer"
    return (
        Score(case.id, "right", float(right), why),
        Score(case.id, "refused_answerable", float(refused), why),
        Score(case.id, "wrong", float(not refused and not right), why),
    )


def _score_unanswerable(
    answer: Answer, case: Case, _is_gold: Callable[[Source], bool]
) -> tuple[Score, ...]:
    if answer.refusal is None:
        return (
            Score(case.id, "refused_unanswerable", 0.0, "answered"),
            Score(case.id, "reason", None, "answered, so there is no reason to judge"),
        )
    given = answer.refusal.reason
    why = f"refused: {given}; gold {case.reason}"
    return (
        Score(case.id, "refused_unanswerable", 1.0, why),
        Score(case.id, "reason", float(given == case.reason), why),
    )


def _score_offsets(answer: Answer, case: Case, body_of: Callable[[str], str]) -> Score:
    """Of all citations, a refusal's nearest passages among them."""
    nearest = answer.refusal.nearest if answer.refusal else ()
    citations = (*answer.citations, *nearest)
    if not citations:
        return Score(case.id, "offsets", None, "nothing cited")
    exact = sum(offset_exact(c, body_of(c.source.article_id)) for c in citations)
    return Score(
        case.id, "offsets", exact / len(citations), f"{exact} of {len(citations)} citations exact"
    )


def falls_short(score: Score) -> bool:
    """Whether the score is anything but full marks; an unscored case never falls short."""
    full_marks = 0.0 if score.metric in {"refused_answerable", "wrong"} else 1.0
    return score.value is not None and score.value != full_marks


def bootstrap_interval(values: Sequence[float], seed: int = 0, n: int = 2000) -> Interval:
    """The 95% percentile bootstrap interval of the mean.

    B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics, 1979:
    `n` resamples with replacement, each as large as the sample; the interval runs between the
    2.5% and 97.5% points of their means.

    Raises:
        ValueError: No values.
    """
    if not values:
        raise ValueError("no values to take an interval of; leave unscored cases without one")
    rng = random.Random(seed)  # noqa: S311 - repeatable resampling, no secret
    size = len(values)
    means = sorted(math.fsum(rng.choices(values, k=size)) / size for _ in range(n))
    return Interval(percentile(means, 2.5), percentile(means, 97.5))


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value with at least `percent` (0 to 100) of the values at or below it.

    >>> percentile([3, 1, 2, 4], 50)
    2

    Raises:
        ValueError: No values.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values to take a percentile of")
    return ordered[max(math.ceil(percent / 100 * len(ordered)) - 1, 0)]


def share(scores: Iterable[Score], metric: Metric) -> Share:
    """The metric's mean over its scored cases; a case without a value counts nowhere."""
    values = [s.value for s in scores if s.metric == metric and s.value is not None]
    if not values:
        return Share(0, None, None)
    return Share(len(values), math.fsum(values) / len(values), bootstrap_interval(values))
