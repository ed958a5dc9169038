"""A table of annotated sentences → how many figures are bound to the right subject and period."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.benchmarks.realtimeqa import load_realtimeqa
from evals.statistics import bootstrap_interval
from rag.checking.binding import Bound, bind
from rag.errors import RagError
from rag.splitting.terms import stems
from rag.types import Article, Span

_CHARS_BEFORE = 600
"""How much of the body before a sentence is given to it."""


class BindingTableError(RagError):
    """A table of bound figures, or the articles that it is about, cannot be read."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure as an annotator reads it; its place is counted in the article's body."""

    span: Span
    must: tuple[str, ...]
    """Words that have to be among its terms."""
    must_not: tuple[str, ...]
    """Words that belong to a neighbour."""
    period: str | None
    dated: bool
    """Whether the annotator says anything about the period."""


@dataclass(frozen=True, slots=True)
class Row:
    """An annotated sentence."""

    article_id: str
    span: Span
    figures: tuple[Expected, ...]


def score(gold: Expected, bound: Bound) -> dict[str, float]:
    """For each measure that the figure is about, 1 or 0."""
    named = bound.terms | {key for name, _ in bound.entities for key in stems(name)}
    scores = {"subject has its terms": float(_stems(gold.must) <= named)}
    if gold.must_not:
        scores["no neighbour's terms"] = float(not _stems(gold.must_not) & bound.terms)
    scores["subject"] = min(scores.values())
    if gold.dated:
        scores["period"] = float(bound.period == gold.period)
    scores["subject and period"] = min(scores["subject"], scores.get("period", 1.0))
    return scores


def load_rows(path: Path) -> tuple[Row, ...]:
    """The table's sentences.

    Raises:
        BindingTableError: The file is missing, or a line is no annotated sentence.
    """
    if not path.is_file():
        raise BindingTableError(f"no table at {path}; give the path of a .jsonl file")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            rows.append(_row(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise BindingTableError(
                f"{path}, line {number}: {error!r}; a line is an object with article, start, end"
                " and figures"
            ) from error
    return tuple(rows)


def run_rows(
    rows: Sequence[Row], articles: Mapping[str, Article], *, show_errors: bool = False
) -> tuple[dict[str, list[float]], list[float]]:
    """The measures, and the seconds that each sentence took.

    Raises:
        BindingTableError: The table speaks of an article that is not among them.
    """
    scores: dict[str, list[float]] = {"figure found": []}
    seconds = []
    for row in rows:
        if row.article_id not in articles:
            raise BindingTableError(f"no article {row.article_id}; give the table's data set")
        article = articles[row.article_id]
        text = row.span.of(article.body)
        before = article.body[max(0, row.span.start - _CHARS_BEFORE) : row.span.start]
        began = time.perf_counter()
        bounds = bind(
            text, before=before, title=article.source.title, published=article.source.published
        )
        seconds.append(time.perf_counter() - began)
        for gold in row.figures:
            bound = _match(gold, row.span.start, bounds)
            scores["figure found"].append(float(bound is not None))
            if bound is None:
                continue
            found = score(gold, bound)
            for name, value in found.items():
                scores.setdefault(name, []).append(value)
            if show_errors and found["subject and period"] < 1:
                _print_error(text, gold, bound)
    return scores, seconds


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the measures of a table; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.binding_table", description=__doc__)
    parser.add_argument("table", type=Path, metavar="TABLE", help="annotated sentences, .jsonl")
    parser.add_argument("data", type=Path, metavar="DATA", help="the file realtimeqa-dev.json.gz")
    parser.add_argument("--show-errors", action="store_true", help="print every figure that is off")
    parser.add_argument("--json", action="store_true", help="print the measures as JSON")
    args = parser.parse_args(argv)
    try:
        rows = load_rows(args.table)
        if not args.data.is_file():
            raise BindingTableError(f"no articles at {args.data}; give realtimeqa-dev.json.gz")
        articles = {a.source.article_id: a for a in load_realtimeqa(args.data)[0]}
        scores, seconds = run_rows(rows, articles, show_errors=args.show_errors)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    _print_measures(scores, seconds, as_json=args.json)
    return 0


def _print_measures(
    scores: Mapping[str, list[float]], seconds: Sequence[float], *, as_json: bool
) -> None:
    rows = {
        name: (len(values), sum(values) / len(values), bootstrap_interval(values))
        for name, values in scores.items()
        if values
    }
    median = 1000 * sorted(seconds)[len(seconds) // 2] if seconds else 0.0
    if as_json:
        shares = {k: {"n": n, "share": share, "interval": i} for k, (n, share, i) in rows.items()}
        print(json.dumps({**shares, "median_ms": median}, indent=2))
        return
    for name, (n, share, (low, high)) in rows.items():
        print(f"{name:22} {n:5}  {share:6.1%}  [{low:.1%}, {high:.1%}]")
    print(f"median {median:.2f} ms a sentence")


def _print_error(text: str, gold: Expected, bound: Bound) -> None:
    print(text)
    print(f"   {bound.figure.span.of(text)}: {' '.join(sorted(bound.terms))}; {bound.period}")
    extra = sorted(_stems(gold.must_not) & bound.terms)
    lacking = sorted(_stems(gold.must) - bound.terms)
    period = f" period {gold.period}" if gold.dated and gold.period != bound.period else ""
    print(f"   lacks {lacking} has {extra}{period}; {bound.why}")


def _match(gold: Expected, start: int, bounds: Sequence[Bound]) -> Bound | None:
    for bound in bounds:
        span = bound.figure.span
        if span.start + start < gold.span.end and gold.span.start < span.end + start:
            return bound
    return None


def _stems(words: Sequence[str]) -> set[str]:
    return {stem for word in words for stem in stems(word)}


def _row(record: dict[str, Any]) -> Row:
    return Row(
        article_id=record["article"],
        span=Span(record["start"], record["end"]),
        figures=tuple(
            Expected(
                span=Span(figure["start"], figure["end"]),
                must=tuple(figure["must"]),
                must_not=tuple(figure["must_not"]),
                period=figure.get("period"),
                dated="period" in figure,
            )
            for figure in record["figures"]
        ),
    )


if __name__ == "__main__":
    raise SystemExit(main())
