"""Suites → a run's folder: what was answered, its scores against gates and baseline, a report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evals.asking import Asked, Progress, ask_suites
from evals.folders import OUTCOME, RESULTS, answered_before, begin, copy_of
from evals.gates import (
    BASELINE,
    GATES,
    Gates,
    judge,
    load_baseline,
    load_gates,
    outcome,
)
from evals.records import Header
from evals.report import to_html, to_markdown
from evals.scoring import check_articles, score_records
from evals.suite import Suite, load_suites
from evals.summary import Baseline, Summary, summarise
from rag.config import Config

EVALS_DIR = "evals"
"""Folder inside of the index's home that holds runs, and the indexes of suites' own articles."""
REPORT, SUMMARY = "report.html", "summary.md"

Open = Callable[[Path | None, Config, Progress], Asked]
"""Articles to bring an index up to date with, settings → whom to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to run."""

    suites: tuple[str, ...] = ()
    """Names or paths; all that come with Footnote when empty."""
    articles: Path | None = None
    """Folder or file to index first, for suites of the reader's own."""
    split: str | None = None
    """Only cases of this split."""
    compare: Path | None = None
    """An earlier run; by default the one that comes with Footnote, for its own suites."""
    gates: Path | None = None
    """A file of gates; by default the one that comes with Footnote."""
    out: Path | None = None
    """Folder of the run; by default a new one under the home."""
    jobs: int = 2
    """Questions asked at a time."""
    fresh: bool = False
    """Begin anew, though an unfinished run of the same is there."""
    rescore: Path | None = None
    """An earlier run whose answers are scored again, without asking."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a run."""

    summary: Summary
    folder: Path


def evaluate(
    options: Options, config: Config, *, progress: Progress, open_bot: Open | None = None
) -> Evaluation:
    """Asks, scores, judges and reports.

    Args:
        options: What to run.
        config: Settings of the chatbot; its home holds the runs.
        progress: Told how far it is.
        open_bot: Opens whom to ask; by default a `Chatbot` on an index of the suite's articles.

    Raises:
        RagError: A suite, its articles, a run or the gates cannot be used.
        KeyboardInterrupt: It was stopped; the same call goes on from there.
    """
    suites = load_suites(options.suites, split=options.split)
    gates, baseline = _yardstick(options, suites)
    opener = open_bot or _open_chatbot
    with _bots(suites, options, config, lambda a, c: opener(a, c, progress)) as bots:
        for suite in suites:
            check_articles(suite, bots[suite.name])
        if options.rescore is not None:
            corpora = {name: _corpus_hash(bot) for name, bot in bots.items()}
            header, records = answered_before(options.rescore, suites, corpora)
            folder = copy_of(options.rescore, options.out)
        else:
            header = _header(suites, bots, config, options)
            runs = config.home / EVALS_DIR / "runs"
            folder, header, done = begin(runs, header, suites, out=options.out, fresh=options.fresh)
            records = ask_suites(
                [(suite, bots[suite.name]) for suite in suites],
                done=done,
                path=folder / RESULTS,
                jobs=options.jobs,
                progress=progress,
            )
        results = score_records(records, bots)
    summary = judge(summarise(header, results), gates, baseline)
    _write(folder, summary)
    return Evaluation(summary, folder)


def _yardstick(options: Options, suites: Sequence[Suite]) -> tuple[Gates, Baseline | None]:
    gates = load_gates(options.gates or GATES)
    if options.compare is not None:
        return gates, load_baseline(options.compare)
    ours = all(suite.is_built_in for suite in suites) and BASELINE.exists()
    return gates, load_baseline(BASELINE) if ours else None


@contextmanager
def _bots(
    suites: Sequence[Suite],
    options: Options,
    config: Config,
    opener: Callable[[Path | None, Config], Asked],
) -> Iterator[Mapping[str, Asked]]:
    """Whom to ask, by suite; suites over the same articles share one."""
    opened: dict[Path, Asked] = {}
    bots: dict[str, Asked] = {}
    with ExitStack() as stack:
        for suite in suites:
            articles, home = _place(suite, options, config)
            if home not in opened:
                bot = opener(articles, replace(config, home=home))
                if hasattr(bot, "close"):
                    stack.callback(bot.close)
                opened[home] = bot
            bots[suite.name] = opened[home]
        yield bots


def _place(suite: Suite, options: Options, config: Config) -> tuple[Path | None, Path]:
    """The articles that the suite is asked of, and the home of their index."""
    from rag.corpus import bundled_corpus

    if suite.articles is not None:
        return suite.articles, _index_of(suite.articles, config)
    if suite.is_built_in and options.articles is None:
        bundled = bundled_corpus()
        return bundled, _index_of(bundled, config)
    return options.articles, config.home


def _index_of(articles: Path, config: Config) -> Path:
    """The home of the index of these articles alone, wherever the command is typed."""
    place = hashlib.sha256(str(articles.resolve()).encode()).hexdigest()[:12]
    return config.home / EVALS_DIR / "indexes" / f"{articles.stem}-{place}"


def _open_chatbot(articles: Path | None, config: Config, progress: Progress) -> Asked:
    from rag.chatbot import Chatbot

    bot = Chatbot.open(articles, config=config, progress=progress)
    bot.warm_up()  # the first answer's time is then an answer's, not a model's
    return bot


def _header(
    suites: Sequence[Suite], bots: Mapping[str, Asked], config: Config, options: Options
) -> Header:
    from importlib.metadata import version

    return Header(
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        version=version("footnote-rag"),
        mode="extractive",
        model=f"{config.embedding.provider} {config.embedding.model}",
        suites={suite.name: suite.sha256 for suite in suites},
        corpora={suite.name: _corpus_hash(bots[suite.name]) for suite in suites},
        jobs=options.jobs,
    )


def _corpus_hash(bot: Asked) -> str:
    versions = json.dumps(bot.versions(), sort_keys=True)
    return hashlib.sha256(versions.encode()).hexdigest()


def _write(folder: Path, summary: Summary) -> None:
    told = json.dumps(outcome(summary, folder.name), ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(to_html(summary), encoding="utf-8")
    (folder / SUMMARY).write_text(to_markdown(summary), encoding="utf-8")
    (folder / OUTCOME).write_text(told + "\n", encoding="utf-8")  # last: it says that all is done
