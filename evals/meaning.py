"""Sentences of news, and the same with their meaning turned → the share of each that is told."""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evals.benchmarks.halves import is_dev
from evals.benchmarks.realtimeqa import load_realtimeqa
from evals.corruption import CorruptionError
from evals.meaning_changes import Stated, changes, names_of
from evals.rewording import PLAIN, lightly, synonym_put, word_added, words_added
from evals.statistics import percentile, share_of
from rag.checking.lacking import absent_telling
from rag.checking.support import Scorer
from rag.checking.verify import Cited, Verdict, told_by, verify
from rag.errors import RagError
from rag.splitting.sentences import split_sentences
from rag.types import Article, Span

SEED = 20250521
"""Of the sample and of every change in it."""
_LENGTHS = (40, 300)
"""Characters of a sentence."""
_PROSE = re.compile(r"^[A-Z“\"][^|•►]+[.!?][”\"]?$")
_PER_ARTICLE = 2
_FORMS: dict[str, Callable[[str], str | None]] = {
    "": str,
    " · lightly reworded": lightly,
    " · a word added": word_added,
}
"""The claims in which a changed sentence stands."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence in its place."""

    stated: Stated
    cited: Cited
    next: Cited | None = None
    """The sentence behind it, to be cited wrongly."""


@dataclass(slots=True)
class Scores:
    """1 where verification is right, by what was done to the sentence."""

    kept: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    caught: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: list[float] = field(default_factory=list)
    held: list[tuple[float, float]] = field(default_factory=list)
    """Share of a reworded sentence's words that it holds itself, and that the next one holds."""
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    """What was done, the claim, the cited words and the reason."""


def samples(articles: Sequence[Article], n: int) -> list[Sample]:
    """So many sentences of the articles' prose, drawn at random, at most two an article."""
    rng = random.Random(SEED)  # noqa: S311 - a repeatable sample
    order = list(articles)
    rng.shuffle(order)
    drawn: list[Sample] = []
    other = names_of(order[-1].body) if order else []
    for article in order:
        own = list(_of_article(article, other))
        other = names_of(article.body)
        drawn += rng.sample(own, min(len(own), _PER_ARTICLE))
        if len(drawn) >= n:
            break
    return drawn[:n]


def _of_article(article: Article, others: Sequence[str]) -> Iterator[Sample]:
    names = names_of(article.body)
    elsewhere = tuple(name for name in others if name not in article.body)
    for block in article.blocks:
        if block.kind != "prose":
            continue
        spans = split_sentences(article.body, block.span)
        for span, behind in zip(spans, [*spans[1:], None], strict=True):
            sentence = span.of(article.body)
            if not _LENGTHS[0] <= len(sentence) <= _LENGTHS[1] or not _PROSE.match(sentence):
                continue
            here = tuple(name for name in names if name not in sentence)
            stated = Stated(sentence, here, elsewhere)
            behind_it = None if behind is None else _cited(article, behind)
            yield Sample(stated, _cited(article, span), behind_it)


def _cited(article: Article, span: Span) -> Cited:
    source = article.source
    before = article.body[max(0, span.start - 600) : span.start]
    text = span.of(article.body)
    return Cited(1, text, before, source.title, source.outlet, source.published)


def run(drawn: Sequence[Sample], scorer: Scorer | None = None) -> Scores:
    """Checks every claim that can be made from the samples."""
    scores = Scores()
    rng = random.Random(SEED)  # noqa: S311 - repeatable changes
    for sample in drawn:
        _score_kept(sample, scores, scorer)
        _score_next(sample, scores, scorer)
        for kind, changed in changes(sample.stated, rng):
            for said, form in _FORMS.items():
                # "According to the report" is an attribution of its own.
                if kind.startswith("the attribution") and "lightly" in said:
                    continue
                claim = form(changed)
                if claim is not None:
                    verdict = verify(claim, [sample.cited], scorer=scorer)
                    _count(scores.caught[kind + said], not verdict.supported)
                    _note(scores, kind + said, claim, sample, verdict, right=not verdict.supported)
    return scores


def _score_next(sample: Sample, scores: Scores, scorer: Scorer | None) -> None:
    """The sentence, reworded, with the next one cited for it."""
    claim = word_added(sample.stated.sentence)
    if sample.next is None or claim is None:
        return
    verdict = verify(claim, [sample.next], scorer=scorer)
    done = "the next sentence cited"
    wrong = Sample(sample.stated, sample.next)
    _count(scores.caught[done], not verdict.supported)
    _note(scores, done, claim, wrong, verdict, right=not verdict.supported)
    own = absent_telling(synonym_put(claim) or claim, told_by([sample.cited])).held
    scores.held.append((own, absent_telling(claim, told_by([sample.next])).held))


def _score_kept(sample: Sample, scores: Scores, scorer: Scorer | None) -> None:
    text = sample.stated.sentence
    claims = {
        "unchanged": text,
        "lightly reworded": lightly(text),
        "a word added": word_added(text),
        "words added behind": words_added(text),
        **{name: reword(text) for name, reword in PLAIN.items()},
    }
    for name, claim in claims.items():
        if claim is None:
            continue
        began = time.perf_counter()
        verdict = verify(claim, [sample.cited], scorer=scorer)
        scores.seconds.append(time.perf_counter() - began)
        _count(scores.kept[name], verdict.supported)
        _note(scores, name, claim, sample, verdict, right=verdict.supported)


def _count(into: list[float], right: bool) -> None:  # noqa: FBT001 - one value to put down
    into.append(float(right))


def _note(
    scores: Scores, done: str, claim: str, sample: Sample, verdict: Verdict, *, right: bool
) -> None:
    if not right:
        scores.wrong.append((done, claim, sample.cited.text, verdict.reason))


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the shares; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.meaning", description=__doc__)
    parser.add_argument("data", type=Path, metavar="DATA", help="the file realtimeqa-dev.json.gz")
    parser.add_argument("--half", choices=["dev", "test"], default="dev")
    parser.add_argument("--n", type=int, default=1000, help="sentences to draw (%(default)s)")
    parser.add_argument("--models", action="store_true", help="ask the bundled models too")
    parser.add_argument("--show-errors", action="store_true", help="print every wrong verdict")
    args = parser.parse_args(argv)
    try:
        if not args.data.is_file():
            raise CorruptionError(f"no articles at {args.data}; give realtimeqa-dev.json.gz")
        articles = load_realtimeqa(args.data)[0]
        half = [a for a in articles if is_dev(a.source.article_id) == (args.half == "dev")]
        scores = run(samples(half, args.n), _scorer() if args.models else None)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.show_errors:
        for done, claim, text, reason in scores.wrong:
            print(f"{done}\n   claim: {claim}\n   cited: {text}\n   {reason}")
    _print(scores)
    return 0


def _scorer() -> Scorer:
    from evals.benchmarks.wice import wice_scorer
    from rag.config import Config

    return wice_scorer(Config().threads)


def _print(scores: Scores) -> None:
    for title, rows in (("kept", scores.kept), ("changed, not supported", scores.caught)):
        print(title)
        for kind, values in rows.items():
            share = share_of(values)
            low, high = share.interval or (0.0, 0.0)
            print(f"  {kind:58} {share.n:5}  {share.mean or 0:6.1%}  [{low:.1%}, {high:.1%}]")
    print(
        "share of the words held: reworded sentences below it, with the next one cited from it on"
    )
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        below = sum(own < least for own, _ in scores.held) / max(1, len(scores.held))
        other = sum(near >= least for _, near in scores.held) / max(1, len(scores.held))
        print(f"  {least:.1f}  {below:6.1%}  {other:6.1%}")
    print(f"median {1000 * percentile(scores.seconds, 50):.2f} ms a claim")


if __name__ == "__main__":
    raise SystemExit(main())
