"""Fits the weights of the support score on WiCE's development half, and prints the thresholds.

`python -m evals.calibrate_support wice-claim-dev.jsonl` prints the constants for
`rag/checking/support.py`, how the score ranks claims that it was not fitted on, and what each
threshold gives. With two cores to itself that takes about five minutes for the 180 claims.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.files import read_wice
from evals.benchmarks.halves import half_of
from evals.benchmarks.ranking import Scored, auroc, balanced_accuracy
from evals.benchmarks.wice import Label, wice_scorer
from rag.checking.support import Signals, features, measure, weigh
from rag.errors import RagError

RIDGE = 5.0
"""Penalty on the weights of standardised features; 1 to 10 rank the held-out claims alike."""

FOLDS = 10
ROUNDS = 5

Vector = NDArray[np.float64]


def fit_weights(x: Vector, y: Vector) -> Vector:
    """Constant and weights by ridge-penalised logistic regression (Newton's method).

    Features are standardised for the penalty to weigh on all alike; the weights returned are for
    the features as they are.
    """
    centre, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    z = np.column_stack([np.ones(len(x)), (x - centre) / spread])
    penalty = RIDGE * np.diag([0.0] + [1.0] * x.shape[1])
    weights = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ weights))
        gradient = z.T @ (p - y) + penalty @ weights
        hessian = (z * (p * (1 - p))[:, None]).T @ z + penalty
        weights -= np.linalg.solve(hessian, gradient)
    raw = weights[1:] / spread
    return np.concatenate([[weights[0] - raw @ centre], raw])


def held_out(found: Sequence[Signals], labels: Sequence[Label], seed: int) -> list[float]:
    """Each claim's score by weights fitted on the other folds, labels spread evenly over them."""
    order = list(range(len(labels)))
    random.Random(seed).shuffle(order)  # noqa: S311 - repeatable folds, no secret
    order.sort(key=lambda i: labels[i])
    scores = [0.0] * len(labels)
    for k in range(FOLDS):
        others = [i for place, i in enumerate(order) if place % FOLDS != k]
        weights = fitted([found[i] for i in others], [labels[i] for i in others])
        for i in order[k::FOLDS]:
            scores[i] = weigh(found[i], weights[0], weights[1:])
    return scores


def fitted(found: Sequence[Signals], labels: Sequence[Label]) -> list[float]:
    """Constant and weights for telling wholly supported claims from others."""
    x = np.array([features(signals) for signals in found])
    weights: list[float] = fit_weights(
        x, np.array([float(la == "supported") for la in labels])
    ).tolist()
    return weights


def curve(scores: Sequence[float], golds: Sequence[bool]) -> Iterator[str]:
    """For some thresholds: share of positives and of negatives above, and balanced accuracy."""
    cases = [Scored(gold, score) for gold, score in zip(golds, scores, strict=True)]
    for threshold in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        shares = []
        for wanted in (True, False):
            some = [case.score >= threshold for case in cases if case.positive is wanted]
            shares.append(f"{sum(some) / len(some):6.1%}")
        balanced = balanced_accuracy(threshold)(cases)
        yield f"  {threshold:.2f}  positive {shares[0]}, negative {shares[1]}, {balanced:.3f}"


def report(found: Sequence[Signals], labels: Sequence[Label]) -> Iterator[str]:
    """The weights, and what they give."""
    yield "constant and weights: " + " ".join(f"{weight:.2f}" for weight in fitted(found, labels))
    rounds = [held_out(found, labels, seed) for seed in range(ROUNDS)]
    for name, golds in (
        ("supported", [label == "supported" for label in labels]),
        ("at least partly supported", [label != "not_supported" for label in labels]),
    ):
        areas = [auroc(list(map(Scored, golds, scores))) for scores in rounds]
        yield f"{name}: AUROC of held-out claims {sum(areas) / ROUNDS:.3f}"
        yield from curve(rounds[0], golds)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints weights and curves; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="wice-claim-dev.jsonl")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of the models")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N claims")
    args = parser.parse_args(argv)
    try:
        claims = half_of(read_wice(args.path), "dev")[: args.limit]
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    scorer = wice_scorer(args.threads)
    found = [measure(claim.claim, claim.sentences, scorer) for claim in claims]
    print(f"WiCE dev half: {len(claims)} claims")
    print(*report(found, [claim.label for claim in claims]), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
