"""Footnote on data that others published: `python -m evals.benchmarks BENCHMARK PATH`."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from evals.benchmarks.halves import half_of
from evals.benchmarks.measure_realtimeqa import run_realtimeqa
from evals.benchmarks.measure_xquad import run_xquad
from evals.benchmarks.progress import Bars
from evals.benchmarks.realtimeqa import NewsCase, load_realtimeqa
from evals.benchmarks.report import Report, as_dict, as_lines
from evals.benchmarks.xquad import XquadQuestion, load_xquad, xquad_articles
from evals.cases import CasesError
from rag.errors import RagError
from rag.types import Article

if TYPE_CHECKING:
    from evals.benchmarks.peer import Peer
    from evals.benchmarks.seen import Seen
    from evals.benchmarks.stages import Stages


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a benchmark from the command line; the exit code is 0, or 1 after an error."""
    args = _parser().parse_args(argv)
    try:
        with _home(args.home) as home, Bars() as bars:
            report: Report = args.run(args, home, bars)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_dict(report), ensure_ascii=False, indent=2))
    else:
        print(*as_lines(report), sep="\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="BENCHMARK")
    xquad = commands.add_parser("xquad", help="right paragraph, right sentence")
    xquad.set_defaults(run=_xquad)
    news = commands.add_parser("realtimeqa", help="answers from 4,442 news articles")
    news.set_defaults(run=_realtimeqa)
    for command, name in ((xquad, "xquad-en.json"), (news, "realtimeqa-dev.json.gz")):
        command.add_argument("path", type=Path, metavar="PATH", help=f"the file {name}")
        command.add_argument("--half", choices=("dev", "test", "all"), default="test")
        command.add_argument("--limit", type=int, metavar="N", help="ask only the first N")
        command.add_argument("--home", type=Path, help="folder that keeps the index between runs")
        command.add_argument("--json", action="store_true", help="with every question, as JSON")
    news.add_argument("--articles", type=int, metavar="N", help="index only the first N")
    news.add_argument("--no-peer", action="store_true", help="without stock LlamaIndex")
    return parser


@contextmanager
def _home(chosen: Path | None) -> Iterator[Path]:
    """The folder that was chosen, else one that goes when the run is over."""
    if chosen is not None:
        yield chosen
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "home"


def _xquad(args: argparse.Namespace, home: Path, bars: Bars) -> Report:
    articles, asked = read_xquad(args.path)
    questions = half_of(asked, args.half)[: args.limit]
    stages, facts = _opened(articles, home, bars)
    with stages:
        see = bars.counted(stages.see, len(questions))
        return run_xquad(questions, args.half, see, facts)


def _realtimeqa(args: argparse.Namespace, home: Path, bars: Bars) -> Report:
    articles, known = read_realtimeqa(args.path, args.articles)
    cases = half_of(known, args.half)[: args.limit]
    stages, facts = _opened(articles, home, bars)
    with ExitStack() as opened:
        opened.enter_context(stages)
        peer = None
        if not args.no_peer:
            peer = opened.enter_context(_peer(articles, stages, home, bars))
            facts |= {"nodes of stock LlamaIndex": len(peer)}

        def see(question: str) -> tuple[Seen, tuple[str, ...]]:
            return stages.see(question), () if peer is None else peer.best(question)

        return run_realtimeqa(cases, args.half, bars.counted(see, len(cases)), facts)


def read_xquad(path: Path) -> tuple[tuple[Article, ...], tuple[XquadQuestion, ...]]:
    """XQuAD's paragraphs and questions.

    Raises:
        CasesError: The file is missing or another one.
    """
    with _told(path, "XQuAD's xquad-en.json (SQuAD v1.1 format)"):
        return xquad_articles(path), load_xquad(path)


def read_realtimeqa(
    path: Path, n_articles: int | None
) -> tuple[tuple[Article, ...], tuple[NewsCase, ...]]:
    """RealTime QA's articles and cases.

    Raises:
        CasesError: The file is missing or another one.
    """
    with _told(path, "RealTime QA's realtimeqa-dev.json.gz"):
        return load_realtimeqa(path, n_articles=n_articles)


@contextmanager
def _told(path: Path, wanted: str) -> Iterator[None]:
    """Turns what reading raises into a message."""
    try:
        yield
    except OSError as error:
        raise CasesError(
            f"{path}: cannot be read ({error.strerror or error}); give the path of {wanted}, which"
            " is not part of this project"
        ) from error
    except (ValueError, KeyError, TypeError, IndexError, EOFError) as error:
        raise CasesError(f"{path}: is not {wanted} ({type(error).__name__}: {error})") from error


def _opened(
    articles: Sequence[Article], home: Path, bars: Bars
) -> tuple[Stages, dict[str, float | int | str]]:
    """The indexed articles, and how large and how quick that was."""
    from evals.benchmarks.stages import open_stages

    started = time.perf_counter()
    stages, report = open_stages(articles, home, bars)
    return stages, {
        "articles": len(articles),
        "passages": report.n_passages,
        "texts embedded now": report.n_embedded,
        "seconds to index and open": time.perf_counter() - started,
        "peak memory after that, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _peer(articles: Sequence[Article], stages: Stages, home: Path, bars: Bars) -> Peer:
    """Stock LlamaIndex over the same articles, its index beside ours.

    Raises:
        CasesError: A package that only this comparison needs is not installed.
    """
    try:
        from evals.benchmarks.peer import Peer
    except ImportError as error:
        raise CasesError(
            f"{error}; install footnote-rag[dev] for the comparison, or give --no-peer"
        ) from error
    return Peer(articles, stages.embedder, home.with_name(f"{home.name}-peer"), bars)


if __name__ == "__main__":
    sys.exit(main())
