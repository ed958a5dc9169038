"""Recorded replies → what is shown of them, what withheld and why, beside the articles' own words.

python -m evals.replay_table REPLIES SUITE… [--articles FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.records import Record
from evals.replayed import Half, ReplayedModel, load_replies
from evals.run import Options, evaluate
from evals.statistics import share_of
from evals.summary import Result
from evals.worded import QUOTED
from rag.answer import Mode
from rag.config import load_config
from rag.errors import RagError

HALVES: tuple[Half, ...] = ("dev", "test")


@dataclass(frozen=True, slots=True)
class Row:
    """One question, answered from its recorded reply and in the articles' own words."""

    half: Half
    written: int
    """Sentences of the reply."""
    worded: Result
    extractive: Result


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a table a half; the exit code is 0, or 1 after an error or an unverified figure."""
    parser = argparse.ArgumentParser(prog="python -m evals.replay_table", description=__doc__)
    parser.add_argument("replies", type=Path, metavar="REPLIES")
    parser.add_argument("suites", nargs="+", metavar="SUITE")
    parser.add_argument("--articles", type=Path, metavar="FOLDER", help="of suites of your own")
    parser.add_argument(
        "--withheld", action="store_true", help="list what is withheld of the dev half, and why"
    )
    args = parser.parse_args(argv)
    try:
        rows = compare(args.replies, args.suites, args.articles)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    for half in HALVES:
        _print_table(half, [row for row in rows if row.half == half])
    if args.withheld:
        _print_withheld([row.worded.record for row in rows if row.half == "dev"])
    shown = [s for row in rows for s in row.worded.scores if s.metric in _SAFE]
    return int(any(score.value for score in shown))


_SAFE = ("unverified", "unfounded")


def compare(path: Path, suites: Sequence[str], articles: Path | None) -> tuple[Row, ...]:
    """Each question that a reply was recorded for, answered in both modes.

    Args:
        path: A file of replies.
        suites: Whose questions they answer.
        articles: What to ask the suites of, where they are none that come along.

    Raises:
        RagError: One of them cannot be used.
    """
    replies = load_replies(path)
    with tempfile.TemporaryDirectory() as folder:
        config = load_config(home=Path(folder) / "home")
        # As a server that cannot be held to a schema: the replies were recorded as plain text.
        config = replace(config, llm=replace(config.llm, structured="off"))

        def run(mode: Mode) -> dict[str, Result]:
            options = Options(
                suites=tuple(suites),
                articles=articles,
                mode=mode,
                replay=path if mode == "llm" else None,
                only=frozenset(reply.key for reply in replies.replies),
                out=Path(folder) / mode,
            )
            done = evaluate(options, config, progress=lambda *_: None)
            return {result.key: result for result in done.summary.results}

        worded, extractive = run("llm"), run("extractive")
    return tuple(_rows(replies, worded, extractive))


def _rows(
    replies: ReplayedModel, worded: dict[str, Result], extractive: dict[str, Result]
) -> list[Row]:
    return [
        Row(reply.half, len(reply.sentences), worded[reply.key], extractive[reply.key])
        for reply in replies.replies
        if reply.key in worded
    ]


def _print_table(half: Half, rows: Sequence[Row]) -> None:
    answers = [row.worded.record.answer for row in rows]
    given = [answer for answer in answers if answer is not None]
    worded = [a for a in given if a.mode == "llm" and a.refusal is None]
    quoted = sum(QUOTED in (answer.notice or "") for answer in given)
    shown = sum(len(answer.claims) for answer in worded)
    withheld = sum(len(answer.withheld) for answer in given)
    asked_again = sum((a.usage.requests > 1) for a in given if a.usage is not None)
    written = sum(row.written for row in rows)
    print(f"\n{half}: {len(rows)} questions, {written} sentences written")
    print(f"  answers worded by the model       {len(worded)}, quoted in its place {quoted}")
    print(f"  sentences shown, withheld         {shown}, {withheld}; asked again {asked_again}")
    print(f"  {'':34}{'replayed model':26}articles' own words")
    for metric, name in _MEASURES.items():
        told = [
            _told([s.value for r in results for s in r.scores if s.metric == metric])
            for results in ([row.worded for row in rows], [row.extractive for row in rows])
        ]
        print(f"  {name:34}{told[0]:26}{told[1]}")


_MEASURES = {
    "right": "answered right",
    "wrong": "answered wrong",
    "false_refusal": "refused though the articles say",
    "refused": "refused where they don't say",
    "attribution": "who says it kept",
    "citation_recall": "claims that their quotes support",
    "unverified": "unverified figure shown",
    "unfounded": "figure in no cited words",
}


def _told(values: Sequence[float | None]) -> str:
    share = share_of(values)
    if share.mean is None or share.interval is None:
        return "-"
    low, high = share.interval
    return f"{share.mean:.1%} [{low:.0%}, {high:.0%}] of {share.n}"


def _print_withheld(records: Sequence[Record]) -> None:
    for record in records:
        if record.answer is not None and record.answer.withheld:
            print(f"\n{record.suite}/{record.case.id}: {record.case.question}")
            for withheld in record.answer.withheld:
                print(f"  {withheld.text}\n    {withheld.reason}")


if __name__ == "__main__":
    sys.exit(main())
