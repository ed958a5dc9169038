"""How a corpus's conflicts grow in time and memory with its articles: reading, loading, comparing.

python -m evals.bench.conflicts realtimeqa-dev.json.gz
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from evals.benchmarks.realtimeqa import load_realtimeqa
from rag.checking.clashes.fact_records import dump_facts
from rag.checking.conflicts import Fact, facts_of, find_clashes
from rag.errors import RagError
from rag.indexing.archive import Archive
from rag.indexing.facts import find_facts
from rag.types import Article

SIZES = (100, 1_000, 4_000)
RUNS = 5


@dataclass(frozen=True, slots=True)
class Growth:
    """The times and the memory for so many articles."""

    n_articles: int
    n_facts: int
    n_clashes: int
    reading: float
    """Seconds for reading and binding all figures, once: what indexing spends on them."""
    keeping: float
    """Seconds for putting them into the archive, one transaction an article."""
    loading: float
    """Seconds for having them from the archive, median of the runs."""
    comparing: float
    """Seconds for finding the clashes among them, median of the runs."""
    kept_mb: float
    """What they add to the archive's file, in millions of bytes."""
    memory_mb: float
    """The most that loading and comparing hold at a time, in millions of bytes."""


@dataclass(frozen=True, slots=True)
class _Spent:
    """What filling the archive took: seconds, seconds and millions of bytes."""

    reading: float
    keeping: float
    kept_mb: float


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
    print("articles figures conflicts  reading  keeping  loading  comparing   kept  memory")
    for g in grown:
        print(
            f"{g.n_articles:8} {g.n_facts:7} {g.n_clashes:9} {g.reading:7.2f}s {g.keeping:7.2f}s"
            f" {g.loading:7.2f}s {g.comparing:9.2f}s {g.kept_mb:4.0f}MB {g.memory_mb:5.0f}MB"
        )
    return 0


def measure(path: Path, sizes: Sequence[int], runs: int) -> list[Growth]:
    """The growth of every size, the smaller ones being the first articles of the larger ones."""
    articles, _ = load_realtimeqa(path, n_articles=max(sizes))
    grown: list[Growth] = []
    done, spent = 0, _Spent(0.0, 0.0, 0.0)
    with TemporaryDirectory() as folder, Archive(Path(folder), create=True) as archive:
        for article in articles:
            archive.put(article, (), {}, embedder="", splitter="")
        for size in sizes:
            more = _fill(archive, articles[done:size])
            spent = _Spent(*(x + y for x, y in zip(astuple(spent), astuple(more), strict=True)))
            done = min(size, len(articles))
            grown.append(_grown(archive, articles[:done], runs, spent))
    return grown


def _fill(archive: Archive, articles: Sequence[Article]) -> _Spent:
    started = time.perf_counter()
    facts = [facts_of(article) for article in articles]
    read = time.perf_counter()
    for article, own in zip(articles, facts, strict=True):
        archive.keep_facts(article, own)
    kept = time.perf_counter()
    return _Spent(read - started, kept - read, sum(len(dump_facts(own)) for own in facts) / 1e6)


def _grown(archive: Archive, articles: Sequence[Article], runs: int, spent: _Spent) -> Growth:
    loading, comparing = [], []
    facts: list[Fact] = []
    n_clashes = 0
    for _ in range(runs):
        started = time.perf_counter()
        facts = _load(archive, articles)
        loaded = time.perf_counter()
        n_clashes = len(find_clashes(facts))
        loading.append(loaded - started)
        comparing.append(time.perf_counter() - loaded)
    n_facts = len(facts)
    facts = []
    return Growth(
        n_articles=len(articles),
        n_facts=n_facts,
        n_clashes=n_clashes,
        reading=spent.reading,
        keeping=spent.keeping,
        loading=median(loading),
        comparing=median(comparing),
        kept_mb=spent.kept_mb,
        memory_mb=_memory_mb(archive, articles),
    )


def _load(archive: Archive, articles: Sequence[Article]) -> list[Fact]:
    return list(find_facts(archive, [(a.source, a.version) for a in articles], lambda _: None))


def _memory_mb(archive: Archive, articles: Sequence[Article]) -> float:
    """Measured apart from the times, as counting every byte takes time."""
    tracemalloc.start()
    find_clashes(_load(archive, articles))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


if __name__ == "__main__":
    sys.exit(main())
