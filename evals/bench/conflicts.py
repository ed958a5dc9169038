"""How the time for a corpus's conflicts grows with its articles: reading figures, comparing them.

python -m evals.bench.conflicts realtimeqa-dev.json.gz
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from evals.benchmarks.realtimeqa import load_realtimeqa
from rag.checking.conflicts import Fact, facts_of, find_clashes
from rag.errors import RagError

SIZES = (100, 1_000, 4_000)
RUNS = 5


@dataclass(frozen=True, slots=True)
class Growth:
    """The times for so many articles."""

    n_articles: int
    n_facts: int
    n_clashes: int
    reading: float
    """Seconds for reading and binding all figures, once."""
    comparing: float
    """Seconds for finding the clashes among them, median of the runs."""


def main(argv: Sequence[str] | None = None) -> int:
    """Times every size; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.conflicts", description=__doc__)
    parser.add_argument("path", type=Path, help="realtimeqa-dev.json.gz (docs/benchmarks.md)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each; {RUNS} by default")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    load = os.getloadavg()[0]
    try:
        grown = measure(args.path, sorted(args.sizes), args.runs)
    except (OSError, RagError) as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps([asdict(growth) for growth in grown], indent=2))
        return 0
    print(f"{os.cpu_count()} cores, load average {load:.2f} before the first run\n")
    print("articles   figures  conflicts  reading, s  comparing, s")
    for growth in grown:
        print(
            f"{growth.n_articles:8}  {growth.n_facts:8}  {growth.n_clashes:9}"
            f"  {growth.reading:10.2f}  {growth.comparing:12.2f}"
        )
    return 0


def measure(path: Path, sizes: Sequence[int], runs: int) -> list[Growth]:
    """The times of every size, the smaller ones being the first articles of the larger ones."""
    articles, _ = load_realtimeqa(path, n_articles=max(sizes))
    facts: list[Fact] = []
    read, reading, grown = 0, 0.0, []
    for size in sizes:
        started = time.perf_counter()
        facts += [fact for article in articles[read:size] for fact in facts_of(article)]
        reading += time.perf_counter() - started
        read = min(size, len(articles))
        seconds, n_clashes = [], 0
        for _ in range(runs):
            started = time.perf_counter()
            n_clashes = len(find_clashes(facts))
            seconds.append(time.perf_counter() - started)
        grown.append(Growth(read, len(facts), n_clashes, reading, median(seconds)))
    return grown


if __name__ == "__main__":
    sys.exit(main())
