"""A table of labelled sentences → how many of their kinds and speakers are found.

python -m evals.attribution_table evals/attribution/test.jsonl realtimeqa-dev.json.gz
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from evals.benchmarks.realtimeqa import load_realtimeqa
from evals.statistics import bootstrap_interval
from rag.checking.attributed import is_commentary
from rag.checking.attribution import Attribution, find_attribution
from rag.checking.speech.sayings import AttributionKind
from rag.errors import RagError
from rag.splitting.sentences import split_sentences
from rag.types import Article, Span


class TableError(RagError):
    """A table of attributions, or the articles that it is about, cannot be read."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence as an annotator reads it; places are counted in its article's body."""

    article_id: str
    span: Span
    kind: AttributionKind
    speaker: Span | None
    """Whoever says it, where the article names them next; None where nobody else says it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one sentence comes to."""

    gold: Labelled
    speaker: str | None
    """The labelled speaker's words."""
    found: Attribution

    @property
    def is_kind_right(self) -> bool:
        """Whether the kind is the labelled one."""
        return self.found.kind == self.gold.kind

    @property
    def is_speaker_right(self) -> bool:
        """Whether the found speaker is the labelled one, or there is none in either."""
        if self.speaker is None or self.found.speaker_words is None:
            return self.speaker == self.found.speaker_words
        return is_same_name(self.speaker, self.found.speaker_words)


def is_same_name(one: str, other: str) -> bool:
    """Whether two phrases name the same: half of the shorter one's words, or more, are shared.

    >>> is_same_name("Ann Lee", "Lee"), is_same_name("Ann Lee", "Bo Park")
    (True, False)
    """
    left, right = set(one.lower().split()), set(other.lower().split())
    shared = len(left & right)
    return shared > 0 and 2 * shared >= min(len(left), len(right))


def measures(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """For each measure, 1 or 0 for each sentence that it is about.

    `attributed` is whether it is told apart from the article's own report; `speaker found` is about
    sentences with a labelled speaker, `speaker right` about those for which one was found: a wrong
    name is worse than none.
    """
    scores: dict[str, list[float]] = {
        "attributed": [], "kind": [], "speaker found": [], "speaker right": [],
    }  # fmt: skip
    for outcome in outcomes:
        told = (outcome.found.kind == "fact") == (outcome.gold.kind == "fact")
        scores["attributed"].append(float(told))
        scores["kind"].append(float(outcome.is_kind_right))
        scores.setdefault(f"kind {outcome.gold.kind}", []).append(float(outcome.is_kind_right))
        if outcome.speaker is not None:
            scores["speaker found"].append(float(outcome.is_speaker_right))
        if outcome.found.speaker_words is not None:
            scores["speaker right"].append(float(outcome.is_speaker_right))
    return scores


def load_table(path: Path) -> tuple[Labelled, ...]:
    """The table's sentences.

    Raises:
        TableError: The file is missing, or a line is no labelled sentence.
    """
    if not path.is_file():
        raise TableError(f"no table of attributions at {path}; give the path of a .jsonl file")
    labelled = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            labelled.append(_labelled(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise TableError(
                f"{path}, line {number}: {error!r}; a line is an object with article, start, end,"
                " kind and speaker"
            ) from error
    return tuple(labelled)


def run_table(table: Sequence[Labelled], articles: Mapping[str, Article]) -> list[Outcome]:
    """The outcome of each sentence, read among its neighbours.

    Raises:
        TableError: The table speaks of an article that is not there.
    """
    outcomes = []
    for gold in table:
        article = articles.get(gold.article_id)
        if article is None:
            raise TableError(f"no article {gold.article_id}; give the data set of the table")
        speaker = gold.speaker.of(article.body) if gold.speaker else None
        outcomes.append(Outcome(gold, speaker, _found(gold.span, article)))
    return outcomes


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the measures of a table; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.attribution_table", description=__doc__)
    parser.add_argument("table", type=Path, metavar="TABLE", help="labelled sentences, .jsonl")
    parser.add_argument("data", type=Path, metavar="DATA", help="the file realtimeqa-dev.json.gz")
    parser.add_argument(
        "--show-errors", action="store_true", help="list every sentence that is off"
    )
    parser.add_argument("--json", action="store_true", help="the measures as JSON")
    args = parser.parse_args(argv)
    try:
        articles = _articles(args.data)
        outcomes = run_table(load_table(args.table), articles)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.show_errors:
        _print_errors(outcomes, articles)
    _print_measures(outcomes, as_json=args.json)
    return 0


def _found(span: Span, article: Article) -> Attribution:
    body = article.body
    prose = [block.span for block in article.blocks if block.kind == "prose"]
    spans = [sentence for block in prose for sentence in split_sentences(body, block)]
    return find_attribution(
        span.of(body),
        [one.of(body) for one in spans if one.end <= span.start],
        after=[one.of(body) for one in spans if one.start >= span.end],
        commentary=is_commentary(article),
    )


def _articles(path: Path) -> dict[str, Article]:
    if not path.is_file():
        raise TableError(f"no articles at {path}; give the path of realtimeqa-dev.json.gz")
    articles, _ = load_realtimeqa(path)
    return {article.source.article_id: article for article in articles}


def _labelled(record: dict[str, Any]) -> Labelled:
    kind, speaker = record["kind"], record["speaker"]
    if kind not in get_args(AttributionKind):
        raise ValueError(f"kind is {kind!r}")
    return Labelled(
        record["article"],
        Span(record["start"], record["end"]),
        kind,
        None if speaker is None else Span(*speaker),
    )


def _print_measures(outcomes: Sequence[Outcome], *, as_json: bool) -> None:
    rows = {
        name: (len(values), sum(values) / len(values), bootstrap_interval(values))
        for name, values in measures(outcomes).items()
        if values
    }
    if as_json:
        named = {k: {"n": n, "share": x, "interval": i} for k, (n, x, i) in rows.items()}
        print(json.dumps(named, indent=2))
        return
    for name, (n, value, (low, high)) in rows.items():
        print(f"{name:16} {n:5}  {value:6.1%}  [{low:.1%}, {high:.1%}]")
    taken = Counter((o.gold.kind, o.found.kind) for o in outcomes if not o.is_kind_right)
    for (gold, found), n in taken.most_common():
        print(f"{gold} taken for {found}: {n}")


def _print_errors(outcomes: Sequence[Outcome], articles: Mapping[str, Article]) -> None:
    for outcome in outcomes:
        if outcome.is_kind_right and outcome.is_speaker_right:
            continue
        gold, found = outcome.gold, outcome.found
        print(gold.span.of(articles[gold.article_id].body))
        print(f"  labelled {gold.kind}, {outcome.speaker}")
        print(f"  found    {found.kind}, {found.speaker_words}")


if __name__ == "__main__":
    raise SystemExit(main())
