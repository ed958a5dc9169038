"""A table of annotated sentences → how many of their figures are read, and how exactly."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from evals.benchmarks.realtimeqa import load_realtimeqa
from evals.figure_sentences import Expected, Sentence, TableError, load_table
from evals.statistics import bootstrap_interval
from rag.checking.figures import find_figures
from rag.errors import RagError
from rag.types import Figure, Span

_DIGITS = Decimal("1e-12")
"""Two values are one when they differ by less than this share: 2/3 has no last digit."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one sentence comes to."""

    pairs: tuple[tuple[Expected, Figure], ...]
    """Of one kind and value, one over the other."""
    missed: tuple[Expected, ...]
    """Without a right figure."""
    wrong: tuple[Figure, ...]
    """Found, but right for nothing."""

    @property
    def right(self) -> tuple[tuple[Expected, Figure], ...]:
        """The pairs whose words and unit agree too."""
        return tuple(pair for pair in self.pairs if is_right(*pair))


def is_right(gold: Expected, found: Figure) -> bool:
    """Whether span, value, high, kind and unit agree; what is counted may be named otherwise."""
    named = gold.kind == "count" or gold.unit == found.unit
    return named and gold.span == found.span and _is_same_value(gold, found)


def score_sentence(
    gold: Iterable[Expected], ignored: Sequence[Span], found: Iterable[Figure]
) -> Outcome:
    """The outcome of a sentence, everything counted from the same place."""

    def counts(span: Span) -> bool:
        return not any(_overlap(span, other) for other in ignored)

    expected = [figure for figure in gold if counts(figure.span)]
    given = [figure for figure in found if counts(figure.span)]
    pairs = [
        (one, two)
        for one in expected
        for two in given
        if _overlap(one.span, two.span) and _is_same_value(one, two)
    ]
    right = [pair for pair in pairs if is_right(*pair)]
    return Outcome(
        pairs=tuple(pairs),
        missed=tuple(one for one in expected if not any(one is gold for gold, _ in right)),
        wrong=tuple(two for two in given if not any(two is figure for _, figure in right)),
    )


def measures(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """For each measure, 1 or 0 for each figure that it is about; a kind's are `recall money`."""
    scores: dict[str, list[float]] = {"precision": [], "recall": []}
    for outcome in outcomes:
        right = outcome.right
        for name, kinds, value in (
            ("precision", [figure.kind for _, figure in right], 1.0),
            ("precision", [figure.kind for figure in outcome.wrong], 0.0),
            ("recall", [gold.kind for gold, _ in right], 1.0),
            ("recall", [gold.kind for gold in outcome.missed], 0.0),
        ):
            for kind in kinds:
                scores[name].append(value)
                scores.setdefault(f"{name} {kind}", []).append(value)
        for gold, figure in outcome.pairs:
            scores.setdefault("offsets", []).append(float(gold.span == figure.span))
        for gold, figure in right:
            approximate = float(gold.approximate == figure.approximate)
            scores.setdefault("approximate", []).append(approximate)
            if gold.kind == "count":
                scores.setdefault("counted noun", []).append(float(gold.unit == figure.unit))
    return scores


def run_table(
    table: Sequence[Sentence],
    bodies: Mapping[str, str],
    find: Callable[[str], Iterable[Figure]] = find_figures,
) -> list[Outcome]:
    """The outcome of each sentence, read by itself and scored in its own places.

    Raises:
        TableError: The table speaks of an article that is not among the bodies.
    """
    outcomes = []
    for sentence in table:
        if sentence.article_id not in bodies:
            raise TableError(f"no article {sentence.article_id}; give the data set of the table")
        start = sentence.span.start
        gold = [
            Expected(_moved(g.span, -start), g.value, g.high, g.unit, g.kind, g.approximate)
            for g in sentence.figures
        ]
        ignored = [_moved(span, -start) for span in sentence.ignored]
        found = find(sentence.span.of(bodies[sentence.article_id]))
        outcomes.append(score_sentence(gold, ignored, found))
    return outcomes


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the measures of a table; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.figures_table", description=__doc__)
    parser.add_argument("table", type=Path, metavar="TABLE", help="annotated sentences, .jsonl")
    parser.add_argument("data", type=Path, metavar="DATA", help="the file realtimeqa-dev.json.gz")
    parser.add_argument("--show-errors", action="store_true", help="print every figure that is off")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(argv)
    try:
        table = load_table(args.table)
        bodies = _bodies(args.data)
        outcomes = run_table(table, bodies)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.show_errors:
        for sentence, outcome in zip(table, outcomes, strict=True):
            _print_errors(sentence.span.of(bodies[sentence.article_id]), outcome)
    _print_measures(measures(outcomes), as_json=args.json)
    return 0


def _bodies(path: Path) -> dict[str, str]:
    if not path.is_file():
        raise TableError(f"no articles at {path}; give the path of realtimeqa-dev.json.gz")
    articles, _ = load_realtimeqa(path)
    return {article.source.article_id: article.body for article in articles}


def _print_measures(scores: Mapping[str, list[float]], *, as_json: bool) -> None:
    rows = [
        (name, len(values), sum(values) / len(values), bootstrap_interval(values))
        for name, values in scores.items()
        if values
    ]
    if as_json:
        table = {name: {"n": n, "share": share, "interval": ends} for name, n, share, ends in rows}
        print(json.dumps(table, indent=2))
        return
    for name, n, share, (low, high) in rows:
        print(f"{name:20} {n:5}  {share:6.1%}  [{low:.1%}, {high:.1%}]")


def _print_errors(text: str, outcome: Outcome) -> None:
    if outcome.missed or outcome.wrong:
        print(text)
    for sign, figures in (("  missed", outcome.missed), ("  found ", outcome.wrong)):
        for f in figures:
            high = f" to {f.high}" if f.high is not None else ""
            print(f"{sign} [{f.span.of(text)}] {f.kind} {f.value}{high} {f.unit}")


def _is_same_value(gold: Expected, found: Figure) -> bool:
    if gold.kind != found.kind or (gold.high is None) != (found.high is None):
        return False
    ends = [(gold.value, found.value)]
    if gold.high is not None and found.high is not None:
        ends.append((gold.high, found.high))
    return all(abs(one - two) <= _DIGITS * max(abs(one), abs(two)) for one, two in ends)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


if __name__ == "__main__":
    raise SystemExit(main())
