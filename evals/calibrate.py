"""Fits the weights behind a refusal on development data, and prints how they do on held-out parts.

`python -m evals.calibrate --originals DIR --xquad FILE` reads the three originals with the suites
`suites/originals/dev*.jsonl`, the development half of the built-in suites, and the development half
of XQuAD with and without each question's own paragraph. With two cores to itself that takes about
six minutes; `--cases` and `--limit` make it shorter.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.benchmarks.files import read_xquad
from evals.benchmarks.xquad import XquadQuestion, dev_half
from evals.cases import Case, load_cases
from evals.matching import contains, gives_figure, lacks
from evals.scoring import original_names
from evals.suite import BUILT_IN, load_suites
from rag.answering.candidates import Candidate
from rag.answering.extract import features, find_candidates
from rag.chatbot import Chatbot
from rag.config import Config
from rag.errors import RagError
from rag.indexing.sync import sync
from rag.models.embedding import load_embedder
from rag.retrieval.query import analyse
from rag.types import Filters, Turn

RIDGE = 2.0
FOLDS = 6
LEARNT = 4
"""Candidates of a question to learn from; those behind the first count for `BEHIND` each."""
BEHIND = 0.3
DEPTHS = (1, 2, 4, 6, 8)
THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
ORIGINALS = sorted((BUILT_IN / "originals").glob("dev*.jsonl"))
CORPUS = Path(__file__).parent.parent / "corpus"

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence that may be shown."""

    features: tuple[float, ...]
    is_gold: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """A question with its sentences, best first; none where no sentence is admissible."""

    data: str
    """The data set."""
    question: str
    answerable: bool
    seen: tuple[Seen, ...]

    @property
    def fold(self) -> int:
        """The part it is held out in: the same for all samples of one question."""
        digest = hashlib.sha256(self.question.lower().encode()).digest()
        return int.from_bytes(digest[:4], "big") % FOLDS

    @property
    def learnt(self) -> tuple[Seen, ...]:
        """What is learnt from; nothing where the answer is not among the sentences."""
        if self.answerable and not any(s.is_gold for s in self.seen):
            return ()
        return self.seen[:LEARNT]


def fit_weights(samples: Sequence[Sample]) -> Weights:
    """Constant and weights by ridge-penalised logistic regression (Newton's method)."""
    rows = [(s, 1.0 if n == 0 else BEHIND) for each in samples for n, s in enumerate(each.learnt)]
    x = np.array([(1.0, *seen.features) for seen, _ in rows])
    y = np.array([float(seen.is_gold) for seen, _ in rows])
    counts = np.array([count for _, count in rows])
    penalty = RIDGE * np.diag([0.0] + [1.0] * (x.shape[1] - 1))
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (counts * (p - y)) + penalty @ weights
        hessian = (x * (counts * p * (1 - p))[:, None]).T @ x + penalty
        weights -= np.linalg.solve(hessian + 1e-9 * np.eye(x.shape[1]), gradient)
    return weights


def held_out(samples: Sequence[Sample]) -> list[tuple[Sample, float]]:
    """Each sample with its confidence by the weights that all other folds give."""
    found: list[tuple[Sample, float]] = []
    for fold in range(FOLDS):
        weights = fit_weights([s for s in samples if s.fold != fold])
        found.extend((s, confidence(s, weights)) for s in samples if s.fold == fold)
    return found


def confidence(sample: Sample, weights: Weights) -> float:
    """Estimated probability that the first sentence answers."""
    if not sample.seen:
        return 0.0
    return float(1 / (1 + np.exp(-np.array((1.0, *sample.seen[0].features)) @ weights)))


def curve(judged: Sequence[tuple[Sample, float]]) -> Iterator[str]:
    """For some thresholds: answerable refused, unanswerable refused, risk and coverage."""
    for threshold in THRESHOLDS:
        shares = []
        for answerable in (True, False):
            some = [c for s, c in judged if s.answerable is answerable]
            shares.append(sum(c < threshold for c in some) / len(some) if some else 0.0)
        given = [s for s, c in judged if c >= threshold]
        wrong = sum(not s.seen[0].is_gold for s in given) / len(given) if given else 0.0
        yield (
            f"  {threshold:.2f}  refused: answerable {shares[0]:6.1%},"
            f" unanswerable {shares[1]:6.1%}; first sentence wrong {wrong:6.1%}"
            f" of {len(given) / len(judged):6.1%} answered"
        )


def _seen(
    bot: Chatbot, question: str, history: Sequence[Turn], gold: Callable[[Candidate], bool],
    filters: Filters | None = None,
) -> tuple[Seen, ...]:  # fmt: skip
    query = analyse(question, history)
    hits = bot._retrieve(query.text, filters=filters or Filters(), top_k=bot.config.rerank)
    judged = [c for c in find_candidates(query, hits, bot._scorer) if c.order > -np.inf]
    return tuple(Seen(features(c), gold(c)) for c in judged)


def case_sample(bot: Chatbot, case: Case, data: str) -> Sample:
    """The sample of a suite's case."""
    history: list[Turn] = []
    for question in case.history:
        history.append(Turn(question, bot.ask(question, history).text))

    def is_gold(candidate: Candidate) -> bool:
        if not case.answerable:
            return False
        names = original_names(candidate.passage.source)
        if case.articles and names.isdisjoint(case.articles):
            return False
        if case.figure:
            return gives_figure(candidate.text, case.figure) and not lacks(
                candidate.text, case.subject
            )
        return any(contains(candidate.text, gold) for gold in (*case.answers, *case.all_of))

    seen = _seen(bot, case.question, history, is_gold)
    return Sample(data, case.question, case.answerable, seen)


def xquad_pair(bot: Chatbot, question: XquadQuestion, ids: Sequence[str]) -> Iterator[Sample]:
    """The samples of a question: with all paragraphs, and without its own."""

    def is_gold(candidate: Candidate) -> bool:
        apart = (
            candidate.span.end <= question.span.start or question.span.end <= candidate.span.start
        )
        return candidate.passage.source.article_id == question.article_id and not apart

    others = Filters(articles=tuple(i for i in ids if i != question.article_id))
    seen = _seen(bot, question.question, (), is_gold)
    yield Sample("XQuAD dev half", question.question, answerable=True, seen=seen)
    seen = _seen(bot, question.question, (), lambda _: False, others)
    yield Sample("XQuAD dev half", question.question, answerable=False, seen=seen)


def suite_samples(originals: Path, home: Path, n_cases: int | None = None) -> Iterator[Sample]:
    """One sample a case of the development suites, of the first `n_cases` of each."""
    if n_cases == 0:
        return
    with Chatbot.open(originals, home=home / "originals") as bot:
        for path in ORIGINALS:
            for case in load_cases(path)[:n_cases]:
                yield case_sample(bot, case, "originals dev")
    for suite in load_suites((), split="dev"):
        name = suite.name if suite.articles else "corpus"
        with Chatbot.open(suite.articles or CORPUS, home=home / name) as bot:
            for case in suite.cases[:n_cases]:
                yield case_sample(bot, case, "built-in dev")


def xquad_samples(path: Path, home: Path, limit: int) -> Iterator[Sample]:
    """Two samples a question of the development half."""
    articles, questions = read_xquad(path)
    config = Config(home=home)
    sync(home, articles, scope=[], embedder=load_embedder(config))
    with Chatbot.open(config=config) as bot:
        for question in dev_half(questions)[:limit]:
            yield from xquad_pair(bot, question, [a.source.article_id for a in articles])


def report(samples: Sequence[Sample]) -> Iterator[str]:
    """Weights, and the held-out curve of each data set."""
    constant, *weights = fit_weights(samples)
    yield f"constant {constant:.2f}, weights {', '.join(f'{w:.2f}' for w in weights)}"
    judged = held_out(samples)
    for data in dict.fromkeys(s.data for s in samples):
        some = [(s, c) for s, c in judged if s.data == data]
        yield f"{data}: {len(some)} questions, each judged by weights fitted without it"
        yield "  MIN_CONFIDENCE:"
        yield from curve(some)
        yield f"  SENTENCES_JUDGED: the answer is among the first {depths([s for s, _ in some])}"


def depths(samples: Sequence[Sample]) -> str:
    """How often the answer is among the first few sentences of a question that has one."""
    asked = [sample for sample in samples if sample.answerable]
    hits = {n: sum(any(seen.is_gold for seen in s.seen[:n]) for s in asked) for n in DEPTHS}
    return ", ".join(f"{n}: {hits[n] / len(asked):.1%}" for n in DEPTHS if asked)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints weights and curves; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--originals", type=Path, required=True, help="folder of the originals")
    parser.add_argument("--xquad", type=Path, required=True, help="xquad-en.json")
    parser.add_argument("--limit", type=int, default=150, help="XQuAD questions to take")
    parser.add_argument("--cases", type=int, metavar="N", help="only the first N of each suite")
    args = parser.parse_args(argv)
    try:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            samples = [
                *xquad_samples(args.xquad, home / "xquad", args.limit),
                *suite_samples(args.originals, home, args.cases),
            ]
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    print(*report(samples), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
