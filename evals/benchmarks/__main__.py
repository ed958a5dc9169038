"""Footnote on data that others published: `python -m evals.benchmarks BENCHMARK PATH`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.benchmarks.options import add_options, count, options_of
from evals.benchmarks.run import BENCHMARKS, print_report, run_benchmark
from rag.errors import RagError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a benchmark from the command line; the exit code is 0, or 1 after an error."""
    args = _parser().parse_args(argv)
    try:
        options = options_of(args, home=args.home, n_articles=args.articles)
        report = run_benchmark(args.benchmark, args.path, options)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    print_report(report, as_json=args.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="BENCHMARK", dest="benchmark")
    for name, benchmark in BENCHMARKS.items():
        command = commands.add_parser(name, help=benchmark.about)
        command.add_argument("path", type=Path, metavar="PATH", help=f"the file {benchmark.file}")
        add_options(command)
        command.add_argument("--home", type=Path, help="folder that keeps the index between runs")
        first = "index only the first N (realtimeqa)"
        command.add_argument("--articles", type=count, metavar="N", help=first)
        command.add_argument("--json", action="store_true", help="with every question, as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
