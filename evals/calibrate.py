"""Fits the weights behind a refusal on development data, and prints the risk–coverage curve.

`python -m evals.calibrate --originals DIR --xquad FILE` reads the three originals with the suites
`dev*.jsonl`, to which the weights are fitted, and the development half of XQuAD with and without
each question's own paragraph.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.xquad import dev_half, load_xquad, xquad_articles
from evals.cases import load_cases
from rag.answering.candidates import Candidate
from rag.answering.extract import features, find_candidates
from rag.chatbot import Chatbot
from rag.config import Config
from rag.indexing.sync import sync
from rag.models.embedding import load_embedder
from rag.retrieval.query import analyse
from rag.types import Filters

RIDGE = 0.3
SUITES = sorted((Path(__file__).parent / "suites" / "originals").glob("dev*.jsonl"))


@dataclass(frozen=True, slots=True)
class Sample:
    """The best sentence for one question; None where none is admissible."""

    answerable: bool
    best: Candidate | None


def fit_weights(samples: Sequence[Sample]) -> NDArray[np.float64]:
    """Constant and weights by ridge-penalised logistic regression (Newton's method)."""
    seen = [(s.answerable, s.best) for s in samples if s.best is not None]
    x = np.array([(1.0, *features(best)) for _, best in seen])
    y = np.array([float(answerable) for answerable, _ in seen])
    penalty = RIDGE * np.diag([0.0] + [1.0] * (x.shape[1] - 1))
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (p - y) + penalty @ weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty + 1e-9 * np.eye(x.shape[1])
        weights -= np.linalg.solve(hessian, gradient)
    return weights


def curve(samples: Sequence[Sample], weights: NDArray[np.float64]) -> Iterator[str]:
    """For some thresholds of confidence: answerable refused, unanswerable refused."""
    for threshold in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
        shares = []
        for answerable in (True, False):
            some = [s for s in samples if s.answerable is answerable]
            refused = sum(_confidence(s, weights) < threshold for s in some)
            shares.append(f"{refused / len(some):6.1%}")
        yield f"  {threshold:.2f}  refused: answerable {shares[0]}, unanswerable {shares[1]}"


def _confidence(sample: Sample, weights: NDArray[np.float64]) -> float:
    if sample.best is None:
        return 0.0
    return float(1 / (1 + np.exp(-np.array((1.0, *features(sample.best))) @ weights)))


def _sample(bot: Chatbot, question: str, filters: Filters, *, answerable: bool) -> Sample:
    query = analyse(question)
    hits = bot._retrieve(query.text, filters, bot.config.rerank)
    candidates = find_candidates(query, hits, bot._scorer)
    first = candidates[0] if candidates else None
    return Sample(answerable, first if first is not None and first.is_admissible else None)


def originals_samples(folder: Path, home: Path) -> list[Sample]:
    """One sample a case of the development suites."""
    with Chatbot.open(folder, home=home) as bot:
        return [
            _sample(bot, c.question, Filters(), answerable=c.answerable)
            for suite in SUITES
            for c in load_cases(suite)
        ]


def xquad_samples(path: Path, home: Path, limit: int) -> list[Sample]:
    """Two samples a question: with all paragraphs, and without its own."""
    questions = load_xquad(path)
    articles = xquad_articles(path)
    config = Config(home=home)
    sync(home, articles, scope=[], embedder=load_embedder(config))
    ids = [article.source.article_id for article in articles]
    samples = []
    with Chatbot.open(config=config) as bot:
        for question in dev_half(questions)[:limit]:
            others = Filters(articles=tuple(i for i in ids if i != question.article_id))
            samples.append(_sample(bot, question.question, Filters(), answerable=True))
            samples.append(_sample(bot, question.question, others, answerable=False))
    return samples


def main(argv: Sequence[str] | None = None) -> int:
    """Prints weights and curves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--originals", type=Path, required=True, help="folder of the originals")
    parser.add_argument("--xquad", type=Path, required=True, help="xquad-en.json")
    parser.add_argument("--limit", type=int, default=150, help="XQuAD questions to take")
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        own = originals_samples(args.originals, Path(folder) / "originals")
        other = xquad_samples(args.xquad, Path(folder) / "xquad", args.limit)
    weights = fit_weights(own)
    print("constant and weights:", *(f"{w:.2f}" for w in weights))
    for name, samples in (("development suites", own), ("XQuAD dev half", other)):
        print(f"{name}: {len(samples)} questions", *curve(samples, weights), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
