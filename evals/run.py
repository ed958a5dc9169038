"""A suite of cases goes to a chatbot; shares, times and the failing cases come out.

python -m evals.run evals/suites/dev.jsonl --show-failures
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, get_args

import yaml

from evals.cases import Case, CasesError, Kind, load_cases
from evals.metrics import Metric, Score, Share, falls_short, percentile, score_answer, share
from rag.answer import Answer
from rag.errors import RagError
from rag.types import Article, Source

LABELS: Mapping[Metric, str] = {
    "right": "answerable: answered right",
    "refused_answerable": "answerable: refused",
    "wrong": "answerable: answered wrong",
    "refused_unanswerable": "unanswerable: refused",
    "reason": "refusal reason right",
    "offsets": "citation offsets exact",
}


class Asked(Protocol):
    """What is evaluated: the part of `rag.chatbot.Chatbot` that a run needs."""

    def ask(self, question: str, /) -> Answer:
        """The answer to the question."""

    def article(self, article_id: str, /) -> Article:
        """The article of that id."""

    def articles(self) -> tuple[Source, ...]:
        """The sources of all indexed articles."""


@dataclass(frozen=True, slots=True)
class Result:
    """One case with what came of it."""

    case: Case
    answer: Answer | None
    """None when asking ended in an error."""
    scores: tuple[Score, ...]
    error: str | None = None

    @property
    def shortfalls(self) -> tuple[Score, ...]:
        """The scores that are not full marks."""
        return tuple(score for score in self.scores if falls_short(score))

    @property
    def failed(self) -> bool:
        """Whether a reader should look at it."""
        return self.error is not None or bool(self.shortfalls)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a suite from the command line; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.run", description=__doc__)
    parser.add_argument("suite", type=Path, metavar="SUITE.jsonl")
    parser.add_argument("--home", type=Path, help="folder that holds the index")
    parser.add_argument("--show-failures", action="store_true", help="list every failing case")
    parser.add_argument("--json", action="store_true", help="everything as JSON on standard output")
    args = parser.parse_args(argv)
    try:
        from rag.chatbot import Chatbot

        results = run_suite(load_cases(args.suite), Chatbot.open(home=args.home))
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_dict(args.suite, results), ensure_ascii=False, indent=2))
    else:
        _print_table(args.suite, results)
        if args.show_failures:
            _print_failures(results)
    return 1 if any(r.error for r in results) else 0


def run_suite(cases: Sequence[Case], chatbot: Asked) -> tuple[Result, ...]:
    """Every case asked once and scored, in order; progress goes to standard error.

    Raises:
        CasesError: An article that the cases need is not indexed, or its file is gone.
    """
    from rich.console import Console
    from rich.progress import track

    originals = {source.article_id: original_names(source) for source in chatbot.articles()}
    _check_indexed(cases, originals)
    shown = track(cases, description="Asking", console=Console(stderr=True))

    @cache
    def body_of(article_id: str) -> str:
        return chatbot.article(article_id).body

    def ask(case: Case) -> Result:
        def is_gold(source: Source) -> bool:
            return not case.gold_articles.isdisjoint(originals.get(source.article_id, ()))

        try:
            answer = chatbot.ask(case.question)
        except RagError as error:
            return Result(case, None, (), str(error) or type(error).__name__)
        return Result(case, answer, score_answer(answer, case, is_gold=is_gold, body_of=body_of))

    return tuple(ask(case) for case in shown)


def original_names(source: Source) -> frozenset[str]:
    """The article's own file name, and the name of the original that its front matter restates.

    Raises:
        CasesError: The file is gone, or its front matter is no YAML.
    """
    path = Path(source.path)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise CasesError(
            f"{path}: cannot be read ({error}); run from the folder that it was indexed from"
        ) from error
    opening, _, rest = text.partition("\n")
    if opening.rstrip().lstrip("\ufeff") != "---":
        return frozenset({path.name})
    try:
        fields = yaml.safe_load(rest.partition("\n---")[0])
    except yaml.YAMLError as error:
        raise CasesError(f"{path}: front matter is no YAML ({error}); mend it") from error
    restates = fields.get("restates") if isinstance(fields, dict) else None
    return frozenset({path.name, restates} if isinstance(restates, str) else {path.name})


def _check_indexed(cases: Sequence[Case], originals: Mapping[str, frozenset[str]]) -> None:
    indexed = frozenset[str]().union(*originals.values())
    needed = frozenset[str]().union(*(case.gold_articles for case in cases))
    if missing := sorted(needed - indexed):
        raise CasesError(
            f"no indexed article is or restates {', '.join(missing)}; index the corpus first"
        )


def as_dict(suite: Path, results: Sequence[Result]) -> dict[str, Any]:
    """Shares over all cases and by kind, times, and every case, as JSON values."""
    return {
        "suite": str(suite),
        "cases": len(results),
        "errors": sum(r.error is not None for r in results),
        "shares": _shares(results),
        "by_kind": {kind: _shares(of_kind) for kind, of_kind in _by_kind(results).items()},
        "seconds": _seconds(results),
        "results": [
            {
                "id": r.case.id,
                "failed": r.failed,
                "error": r.error,
                "scores": {s.metric: {"value": s.value, "reason": s.reason} for s in r.scores},
                "answer": None if r.answer is None else r.answer.to_dict(),
            }
            for r in results
        ],
    }


def _by_kind(results: Sequence[Result]) -> dict[str, tuple[Result, ...]]:
    groups = {kind: tuple(r for r in results if r.case.kind == kind) for kind in get_args(Kind)}
    return {kind: group for kind, group in groups.items() if group}


def _share_of(results: Sequence[Result], metric: Metric) -> Share:
    return share((s for r in results for s in r.scores), metric)


def _shares(results: Sequence[Result]) -> dict[str, Any]:
    shares = {metric: _share_of(results, metric) for metric in LABELS}
    return {metric: asdict(found) for metric, found in shares.items() if found.n}


def _seconds(results: Sequence[Result]) -> dict[str, float]:
    """Median and 95th percentile of the time to an answer, in seconds."""
    totals = [
        r.answer.seconds["total"] for r in results if r.answer and "total" in r.answer.seconds
    ]
    if not totals:
        return {}
    return {"median": percentile(totals, 50), "p95": percentile(totals, 95)}


def _print_table(suite: Path, results: Sequence[Result]) -> None:
    print(f"{suite}: {len(results)} cases\n")
    for metric, label in LABELS.items():
        _print_share(label, _share_of(results, metric))
    print()
    for kind, group in _by_kind(results).items():
        headline: Metric = "right" if group[0].case.answerable else "refused_unanswerable"
        _print_share(f"{kind}: {headline.partition('_')[0]}", _share_of(group, headline))
    if seconds := _seconds(results):
        print(f"\nseconds: median {seconds['median']:.3f}, p95 {seconds['p95']:.3f}")
    if errors := sum(r.error is not None for r in results):
        print(f"\n{errors} cases ended in an error and are in no share above")


def _print_share(label: str, found: Share) -> None:
    if found.mean is None or found.interval is None:
        print(f"{label:30}      -  (nothing to score)")
        return
    low, high = found.interval
    print(f"{label:30} {found.mean:6.1%}  [{low:.1%}, {high:.1%}]  n={found.n}")


def _print_failures(results: Sequence[Result]) -> None:
    print(f"\n{sum(r.failed for r in results)} failing cases")
    for result in (r for r in results if r.failed):
        case = result.case
        gold = f"{' | '.join(case.answers)}  ({', '.join(sorted(case.gold_articles))})"
        print(f"\n{case.id}  {case.question}")
        print(f"  gold: {gold if case.answerable else f'refusal, {case.reason}'}")
        print(f"  got:  {_what_came(result)}")
        for reason in dict.fromkeys(s.reason for s in result.shortfalls):
            print(f"  why:  {reason}")


def _what_came(result: Result) -> str:
    if result.answer is None:
        return f"error: {result.error}"
    answer = result.answer
    if answer.refusal is not None:
        return f"refused ({answer.refusal.reason}): {answer.refusal.text}"
    quotes = "".join(
        f"\n        [{c.number}] {c.source.article_id}: {c.cited_text}" for c in answer.citations
    )
    return f"{answer.text}{quotes}"


if __name__ == "__main__":
    sys.exit(main())
