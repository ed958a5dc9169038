"""True and corrupted claims about news sentences → the share of each that verification tells."""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evals.benchmarks.halves import is_dev
from evals.benchmarks.realtimeqa import load_realtimeqa
from evals.corrupted import Changed, Pair, corruptions
from evals.rewording import REWORDINGS
from evals.statistics import Share, percentile, share_of
from rag.checking.conflicts import Fact, facts_of
from rag.checking.numerals.agreement import unit_of
from rag.checking.verify import Cited, Verdict, verify
from rag.errors import RagError
from rag.types import Article

SEED = 20250520
"""Of the sample and of every change in it."""
_REWORDED = (
    "lightly reworded",
    "verbatim",
    "a word added",
    "words added behind",
    "clause alone",
    "without an insertion",
    "opening moved",
)
"""The claims that are corrupted."""
_LONGEST = 400
"""Characters of a sentence; more is a list that was not split."""


class CorruptionError(RagError):
    """There are no articles to make claims from."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A pair and what is cited for it."""

    pair: Pair
    cited: Cited


@dataclass(slots=True)
class Scores:
    """1 where verification is right, by what was done to the claim."""

    unchanged: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: list[float] = field(default_factory=list)
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    """What was done, the claim, the cited words and the reason."""


def samples(articles: Sequence[Article], n: int) -> list[Sample]:
    """So many figures of the articles' sentences, drawn at random."""
    rng = random.Random(SEED)  # noqa: S311 - a repeatable sample
    drawn: list[Sample] = []
    order = list(articles)
    rng.shuffle(order)
    for article in order:
        own = list(_of_article(article))
        drawn += rng.sample(own, min(len(own), 3))
        if len(drawn) >= n:
            break
    return drawn[:n]


def _of_article(article: Article) -> Iterator[Sample]:
    facts = facts_of(article)
    for fact in facts:
        if len(fact.text) > _LONGEST or fact.words not in fact.text:
            continue
        start = fact.sentence.start
        before = article.body[max(0, start - 600) : start]
        yield Sample(
            _pair(fact, facts),
            Cited(
                1,
                fact.text,
                before,
                article.source.title,
                article.source.outlet,
                article.source.published,
            ),
        )


def _pair(fact: Fact, facts: Sequence[Fact]) -> Pair:
    figure = fact.bound.figure
    others = [
        other for other in facts
        if unit_of(other.bound.figure) == unit_of(figure) and other.bound.figure.kind == figure.kind
        and (other.bound.figure.unit == figure.unit or figure.kind != "count")
        and (other.bound.figure.value, other.bound.figure.high) != (figure.value, figure.high)
    ]  # fmt: skip
    beside = [o for o in others if o.sentence == fact.sentence]
    period = fact.bound.period
    return Pair(
        fact.text,
        figure,
        tuple(o.words for o in beside if fact.text.count(o.words) == 1),
        tuple(o.words for o in others if o.sentence != fact.sentence),
        tuple(o.words for o in others if period and o.bound.period and o.bound.period != period),
    )


def run(drawn: Sequence[Sample]) -> Scores:
    """Checks every claim that can be made from the samples."""
    scores = Scores()
    rng = random.Random(SEED)  # noqa: S311 - repeatable changes
    for sample in drawn:
        _score_unchanged(sample, scores)
        for kind, changed in corruptions(sample.pair, rng):
            for name in _REWORDED:
                _score_changed(sample, kind, changed, name, scores)
    return scores


def _score_changed(sample: Sample, kind: str, changed: Changed, name: str, scores: Scores) -> None:
    figure = replace(sample.pair.figure, span=changed.span)
    claim = REWORDINGS[name](changed.sentence, figure)
    if claim is None or changed.figure not in claim:
        return
    verdict = verify(claim, [sample.cited])
    caught = not _is_verified(verdict, changed.figure)
    done = kind if name == _REWORDED[0] else f"{kind} · {name}"
    scores.changed[done].append(float(caught))
    if not caught:
        scores.wrong.append((done, claim, sample.cited.text, verdict.reason))


def _score_unchanged(sample: Sample, scores: Scores) -> None:
    pair = sample.pair
    for name, reword in REWORDINGS.items():
        claim = reword(pair.sentence, pair.figure)
        if claim is None:
            continue
        began = time.perf_counter()
        verdict = verify(claim, [sample.cited])
        scores.seconds.append(time.perf_counter() - began)
        words = pair.figure.span.of(pair.sentence)
        right = _is_verified(verdict, words if words in claim else None)
        scores.unchanged[name].append(float(right))
        if not right:
            scores.wrong.append((name, claim, sample.cited.text, verdict.reason))


def _is_verified(verdict: Verdict, words: str | None) -> bool:
    """Whether the figure so written is verified; of a rewritten one, whether all figures are."""
    own = [f for f in verdict.figures if words is None or f.text == words]
    if not own:
        return verdict.supported
    return all(f.state != "not_verified" for f in own)


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the shares; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.corruption", description=__doc__)
    parser.add_argument("data", type=Path, metavar="DATA", help="the file realtimeqa-dev.json.gz")
    parser.add_argument("--half", choices=["dev", "test"], default="dev")
    parser.add_argument("--n", type=int, default=2000, help="figures to draw (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print the shares as JSON")
    parser.add_argument("--show-errors", action="store_true", help="print every wrong verdict")
    args = parser.parse_args(argv)
    try:
        scores = run(samples(_articles(args.data, args.half), args.n))
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.show_errors:
        for done, claim, text, reason in scores.wrong:
            print(f"{done}\n   claim: {claim}\n   cited: {text}\n   {reason}")
    _print(scores, as_json=args.json)
    return 0


def _articles(path: Path, half: str) -> list[Article]:
    if not path.is_file():
        raise CorruptionError(f"no articles at {path}; give the path of realtimeqa-dev.json.gz")
    articles = load_realtimeqa(path)[0]
    return [a for a in articles if is_dev(a.source.article_id) == (half == "dev")]


def _print(scores: Scores, *, as_json: bool) -> None:
    shares = {
        "unchanged, verified": {k: share_of(v) for k, v in sorted(scores.unchanged.items())},
        "changed, not verified": {k: share_of(v) for k, v in sorted(scores.changed.items())},
    }
    median = 1000 * percentile(scores.seconds, 50)
    if as_json:
        table = {title: {k: _record(s) for k, s in rows.items()} for title, rows in shares.items()}
        print(json.dumps({**table, "median_ms": median}, indent=2))
        return
    for title, rows in shares.items():
        print(title)
        for kind, share in rows.items():
            low, high = share.interval or (0.0, 0.0)
            print(f"  {kind:46} {share.n:5}  {share.mean or 0:6.1%}  [{low:.1%}, {high:.1%}]")
    print(f"median {median:.2f} ms a claim")


def _record(share: Share) -> dict[str, object]:
    return {"n": share.n, "share": share.mean, "interval": share.interval}


if __name__ == "__main__":
    raise SystemExit(main())
