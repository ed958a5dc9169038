"""A claim and the texts it cites → how far they support it, with what of it they lack."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.checking.claims.absent import absent_figures, absent_words, is_stranger
from rag.checking.figures import find_figures
from rag.checking.syntax.concepts import concept, concepts
from rag.checking.syntax.names import find_names, is_named
from rag.types import Span

CLOSEST = 12
"""Texts read closely where there are more: this many by their words, as many by their meaning."""

WIDENED = 5
"""The most relevant texts are judged with their neighbours too, two or three in a row: the AUROC of
supporting at least partly is .88 so, and .84 text by text; of supporting wholly .76 and .70."""

CONSTANT = -8.67
WEIGHTS = (2.40, 0.53, 1.00, 8.03, 1.20)
"""Logistic regression over `features`, by `python -m evals.calibrate_support`, on the development
half of WiCE (180 claims, 53 wholly supported, 102 partly). AUROC of held-out folds: .840 for wholly
supported claims, .822 to .839 with any one signal left out."""

MOST_NAMES = 3
MOST_FIGURES = 2
"""From these counts on, one more that is absent changes nothing."""

LEAST_RELEVANCE = -11.5
"""What the cross-encoder says of texts that have nothing in common."""

SUPPORTED = 0.5
"""From this score on the texts support the whole claim. Held-out folds: 53 % of WiCE's supported
claims reach it, and 10 % of the others; from 0.3 on, 79 % and 31 %."""

PARTLY = 0.05
"""From this score on they support some of it: 90 % of the claims that have some support reach it,
and 9 of the 25 that have none."""

LACKING = 0.49
"""Most that a claim scores when the texts lack a figure of it, or a name in every word: below
`SUPPORTED`, as another figure or country in a quote's own words would else pass for the quote's. On
WiCE that is so of 11 of the 53 supported claims (most by dates that the page implies) and of 77 of
the 127 others; AUROC of held-out folds .844 without the rule, .840 with it."""

SAME_WORDS = 0.8
"""A text that holds this share of a claim's concepts speaks of the same thing; if just one of the
two is in the negative, they are opposed."""

OPPOSED = 0.04
"""Most that a claim scores which a text denies: below `PARTLY`. It happens nowhere in WiCE's
development half; a signal for unlike negation alone told nothing there (AUROC .47)."""

_NEGATION = re.compile(
    r"\b(?:not|never|cannot|nobody|none|neither|nor|without|no|\w+n['’]t)\b", re.IGNORECASE
)  # "did not", "isn’t"
# Stems of each side; a buyer's import is a seller's export, so trade's two sides are none.
_OPPOSITES = (("rise", "fall"), ("surplus", "deficit"), ("begin", "end"), ("support", "oppos"))


class Scorer(Protocol):
    """What the models say of texts."""

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """How well each second text answers the first: a logit, about -11 to 10."""

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosine of the first text and each other."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is measured of a claim and its cited texts."""

    terms: float
    """Share of the claim's concepts that the texts hold, 0 to 1."""
    names: tuple[str, ...]
    """Names of the claim that the texts lack."""
    strangers: tuple[str, ...]
    """Those of them of which the texts hold no word at all."""
    figures: tuple[str, ...]
    """Figures of the claim that the texts lack."""
    words: tuple[str, ...]
    """Other words of the claim whose concepts the texts lack."""
    similarity: float
    """Greatest cosine of the claim and a text."""
    relevance: float
    """Greatest logit of the claim with a text, or with two or three in a row."""
    opposed: bool
    """Whether a text says nearly the same in the negative, or the claim does of it."""


@dataclass(frozen=True, slots=True)
class Support:
    """How far cited texts support a claim."""

    score: float
    """Estimated probability that they support all of it, 0 to 1."""
    missing: tuple[str, ...]
    """What of the claim they lack, in its words: names and figures first, then other words."""


def find_support(claim: str, texts: Sequence[str], scorer: Scorer) -> Support:
    """How far the cited texts support the claim; without texts, not at all."""
    return judge(measure(claim, texts, scorer))


def measure(claim: str, texts: Sequence[str], scorer: Scorer) -> Signals:
    """The claim's signals, of the texts that stand closest to it where there are many."""
    similarities = scorer.similarity(claim, texts)
    read = closest(claim, texts, similarities)
    alone = scorer.relevance([(claim, texts[i]) for i in read])
    best = sorted(zip(read, alone, strict=True), key=lambda pair: -pair[1])[:WIDENED]
    wider = scorer.relevance([(claim, " ".join(r)) for r in _runs(texts, [i for i, _ in best])])
    return signals(
        claim,
        [texts[i] for i in read],
        similarity=max(similarities, default=0.0),
        relevance=max([*alone, *wider], default=-math.inf),
    )


def closest(claim: str, texts: Sequence[str], similarities: Sequence[float]) -> list[int]:
    """Places of the texts that are nearest by words or by meaning, in order."""
    own = concepts(claim)
    shared = [len(own & concepts(text)) for text in texts]
    places = range(len(texts))
    by_words = sorted(places, key=lambda i: -shared[i])[:CLOSEST]
    by_meaning = sorted(places, key=lambda i: -similarities[i])[:CLOSEST]
    return sorted({*by_words, *by_meaning})


def _runs(texts: Sequence[str], places: Sequence[int]) -> list[Sequence[str]]:
    """Two and three texts in a row around each place."""
    bounds = {
        bound for i in places for bound in ((i - 1, i + 1), (i, i + 2), (max(i - 1, 0), i + 2))
    }
    return [texts[a:b] for a, b in sorted(bounds) if a >= 0 and b <= len(texts) and b - a > 1]


def signals(claim: str, texts: Sequence[str], *, similarity: float, relevance: float) -> Signals:
    """What the texts hold of the claim, beside what the models say of them.

    Args:
        claim: One sentence.
        texts: What it cites, in order.
        similarity: Greatest cosine of the claim and a text.
        relevance: Greatest cross-encoder logit of the claim with a text or a few in a row.
    """
    together = " ".join(texts)
    present = concepts(together)
    own = concepts(_NEGATION.sub(" ", claim))
    names = [name for name in find_names(claim) if not is_named(name, together)]
    figures = absent_figures(claim, together)
    taken = [name.span for name in find_names(claim)]
    taken += [figure.span for figure in find_figures(claim)]
    taken += [Span(*denial.span()) for denial in _NEGATION.finditer(claim)]
    return Signals(
        terms=len(own & present) / len(own) if own else 1.0,
        names=tuple(dict.fromkeys(name.text for name in names)),
        strangers=tuple(dict.fromkeys(n.text for n in names if is_stranger(n, together))),
        figures=figures,
        words=absent_words(claim, present, taken),
        similarity=similarity,
        relevance=relevance,
        opposed=any(_is_opposed(claim, own, text) for text in texts),
    )


def _is_opposed(claim: str, own: frozenset[str], text: str) -> bool:
    """Whether one of the two denies what the other says, or says the opposite in its words."""
    present = concepts(text)
    turned = {
        concept(one)
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
        if concept(one) in own - present and concept(other) in present - own
    }
    alike = own - turned
    if not alike or len(alike & present) < SAME_WORDS * len(alike):
        return False
    denied = bool(_NEGATION.search(claim)) != bool(_NEGATION.search(text))
    return denied != bool(turned)  # "did not fall" is not far from "rose"


def features(found: Signals) -> tuple[float, ...]:
    """What the weights are for: each the greater, the more is supported."""
    return (
        found.terms,
        -float(min(len(found.names), MOST_NAMES)),
        -float(min(len(found.figures), MOST_FIGURES)),
        found.similarity,
        max(found.relevance, LEAST_RELEVANCE) / 10,
    )


def judge(found: Signals) -> Support:
    """What the signals come to."""
    missing = tuple(dict.fromkeys((*found.names, *found.figures, *found.words)))
    return Support(weigh(found, CONSTANT, WEIGHTS), missing)


def weigh(found: Signals, constant: float, weights: Sequence[float]) -> float:
    """The score under these weights."""
    total = constant + sum(w * x for w, x in zip(weights, features(found), strict=True))
    score = 1 / (1 + math.exp(-total))
    if found.opposed:
        return min(score, OPPOSED)
    return min(score, LACKING) if found.figures or found.strangers else score
