"""A benchmark's name and the path of its data → its report; the one way in for every command."""

from __future__ import annotations

import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.benchmarks.files import read_realtimeqa, read_wice, read_xquad
from evals.benchmarks.halves import half_of
from evals.benchmarks.measure_realtimeqa import run_realtimeqa
from evals.benchmarks.measure_xquad import run_xquad
from evals.benchmarks.options import BenchmarkName, Options
from evals.benchmarks.progress import Bars
from evals.benchmarks.realtimeqa import NewsCase
from evals.benchmarks.report import Report, as_dict, as_lines
from evals.benchmarks.seen import Attempt, Look
from evals.benchmarks.xquad import XquadQuestion
from evals.gold import CasesError
from rag.config import Config
from rag.types import Article, Filters

if TYPE_CHECKING:
    from evals.benchmarks.peer import Peer
    from evals.benchmarks.stages import Stages

Facts = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A public data set and what is measured on it."""

    file: str
    """Name its publisher, or whoever prepared it, gave the file."""
    about: str
    run: Callable[[Path, Options, Path, Bars], Report]
    """From the data's path, the options and the folder for the index."""


def run_benchmark(name: BenchmarkName, path: Path, options: Options) -> Report:
    """What the benchmark finds; how far it is shows on standard error.

    Args:
        name: One of `options.NAMES`.
        path: The data, which is not part of the project.
        options: How to run it.

    Raises:
        CasesError: The file is missing or another one, or a package that only the comparison
            needs is not installed.
        ModelError: The LLM that was named gives no reply.
        RagError: The articles cannot be indexed, or the index not read.
    """
    with _home(options.home) as home, Bars() as bars:
        return BENCHMARKS[name].run(path, options, home, bars)


def print_report(report: Report, *, as_json: bool) -> None:
    """Prints the report on standard output: a table, or JSON with every question."""
    if as_json:
        print(json.dumps(as_dict(report), ensure_ascii=False, indent=2))
    else:
        print(*as_lines(report), sep="\n")


def _xquad(path: Path, options: Options, home: Path, bars: Bars) -> Report:
    articles, asked = read_xquad(path)
    questions = half_of(asked, options.half)[: options.limit]
    ids = tuple(article.source.article_id for article in articles)
    with _opened(articles, options, home, bars) as (stages, peer, facts):

        def left_out(question: XquadQuestion) -> Attempt:
            others = tuple(one for one in ids if one != question.article_id)
            return stages.attempt(question.question, Filters(articles=others))

        def look(question: XquadQuestion) -> Look:
            return Look(
                stages.see(question.question),
                None if peer is None else peer.see(question.question),
                left_out(question) if options.left_out else None,
            )

        return run_xquad(questions, options.half, bars.counted(look, len(questions)), facts)


def _realtimeqa(path: Path, options: Options, home: Path, bars: Bars) -> Report:
    articles, known = read_realtimeqa(path, options.articles)
    cases = half_of(known, options.half)[: options.limit]
    with _opened(articles, options, home, bars) as (stages, peer, facts):

        def look(case: NewsCase) -> Look:
            found = None if peer is None else peer.see(case.question)
            return Look(stages.see(case.question), found)

        return run_realtimeqa(cases, options.half, bars.counted(look, len(cases)), facts)


def _wice(path: Path, options: Options, _home: Path, bars: Bars) -> Report:
    from evals.benchmarks.measure_wice import run_wice
    from evals.benchmarks.wice import wice_scorer
    from rag.checking.support import measure

    claims = half_of(read_wice(path), options.half)[: options.limit]
    scorer = wice_scorer(Config().threads)
    sentences = sum(len(claim.sentences) for claim in claims)
    facts: Facts = {"claims": len(claims), "sentences cited": sentences}
    return run_wice(claims, options.half, lambda c, t: measure(c, t, scorer), facts, progress=bars)


BENCHMARKS: Mapping[BenchmarkName, Benchmark] = {
    "realtimeqa": Benchmark(
        "realtimeqa-dev.json.gz", "answers from 4,442 news articles", _realtimeqa
    ),
    "wice": Benchmark("wice-claim-dev.jsonl", "does a cited page support a claim", _wice),
    "xquad": Benchmark("xquad-en.json", "right paragraph, right sentence, or a refusal", _xquad),
}
"""Every benchmark, by the name that a command gives it."""


@contextmanager
def _home(chosen: Path | None) -> Iterator[Path]:
    """The folder that was chosen, else one that goes when the run is over."""
    if chosen is not None:
        yield chosen
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "home"


@contextmanager
def _opened(
    articles: Sequence[Article], options: Options, home: Path, bars: Bars
) -> Iterator[tuple[Stages, Peer | None, Facts]]:
    """The indexed articles, the peer's index of them, and how large and how quick that was."""
    from evals.benchmarks.stages import open_stages

    with ExitStack() as opened:
        started = time.perf_counter()
        stages, report = open_stages(articles, home, bars)
        opened.enter_context(stages)
        facts: Facts = {
            "articles": len(articles),
            "passages": report.n_passages,
            "texts embedded now": report.n_embedded,
            "seconds to index and open": time.perf_counter() - started,
            "peak memory after that, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            // 1024,
        }
        peer = opened.enter_context(_peer(articles, stages, options, home, bars))
        if peer is not None:
            facts["nodes of stock LlamaIndex"] = len(peer)
        yield stages, peer, facts


def _peer(
    articles: Sequence[Article], stages: Stages, options: Options, home: Path, bars: Bars
) -> AbstractContextManager[Peer | None]:
    """Stock LlamaIndex over the same articles, its index beside ours.

    Raises:
        CasesError: A package that only this comparison needs is not installed.
    """
    if not options.peer:
        return nullcontext()
    try:
        from evals.benchmarks.peer import Peer
    except ImportError as error:
        raise CasesError(
            f"{error}; install footnote-rag[peers] for the comparison, or give --no-peer"
        ) from error
    folder = home.with_name(f"{home.name}-peer")
    return Peer(articles, stages.embedder, folder, bars, llm=options.llm)
