"""Suites → a run's folder: what was answered, its scores against gates and baseline, a report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from evals.answering import Answering, answering
from evals.asking import Asked, Progress, ask_suites
from evals.folders import (
    OUTCOME,
    RESULTS,
    EvaluationError,
    answered_before,
    begin,
    copy_of,
    mode_of,
)
from evals.gates import BASELINE, GATES, GATES_LLM, Gates, judge, load_baseline, load_gates, outcome
from evals.records import Header, Record
from evals.report import to_html, to_markdown
from evals.scoring import check_articles, score_records
from evals.suite import Suite, chosen, load_suites
from evals.summary import Baseline, Summary, summarise
from rag.answer import Mode
from rag.answering.dialogue import Served
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
    mode: Mode | None = None
    """Who words the answers; by default the articles, or who did in the run to be rescored."""
    replay: Path | None = None
    """A language model's recorded replies, read in its place; only their questions are asked."""
    only: frozenset[str] | None = None
    """`suite/id` of the cases to ask; all when None."""


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
    mode = _mode(options)
    gates, baseline = _yardstick(options, suites, mode)
    # An earlier run's answers are there: only its articles are looked into.
    asking: Mode = "extractive" if options.rescore else mode
    with answering(config, mode=asking, replay=options.replay) as who:
        suites = chosen(suites, who.only if options.only is None else options.only)
        opener = open_bot or (lambda a, c, p: _open_chatbot(a, c, p, who.model))
        with _bots(suites, options, who.config, lambda a, c: opener(a, c, progress)) as bots:
            folder, header, records = _answered(suites, bots, who, options, progress)
            results = score_records(records, bots)
    summary = judge(summarise(header, results), gates, baseline)
    _write(folder, summary)
    return Evaluation(summary, folder)


def _mode(options: Options) -> Mode:
    if options.rescore is None:
        return options.mode or "extractive"
    answered = mode_of(options.rescore)
    if options.mode not in (None, answered):
        raise EvaluationError(
            f"{options.rescore}: its answers are {answered}; leave --mode {options.mode} out"
        )
    return answered


def _yardstick(
    options: Options, suites: Sequence[Suite], mode: Mode
) -> tuple[Gates, Baseline | None]:
    gates = load_gates(options.gates or (GATES_LLM if mode == "llm" else GATES))
    if options.compare is not None:
        return gates, load_baseline(options.compare)
    # The baseline that comes along is of the articles' own words.
    ours = mode == "extractive" and all(suite.is_built_in for suite in suites)
    return gates, load_baseline(BASELINE) if ours and BASELINE.exists() else None


def _answered(
    suites: Sequence[Suite],
    bots: Mapping[str, Asked],
    who: Answering,
    options: Options,
    progress: Progress,
) -> tuple[Path, Header, tuple[Record, ...]]:
    """The run's folder, what was run, and every answer: asked for, or of an earlier run."""
    for suite in suites:
        check_articles(suite, bots[suite.name])
    if options.rescore is not None:
        corpora = {name: _corpus_hash(bot) for name, bot in bots.items()}
        header, records = answered_before(options.rescore, suites, corpora)
        return copy_of(options.rescore, options.out), header, records
    header = _header(suites, bots, who, options)
    runs = who.config.home / EVALS_DIR / "runs"
    folder, header, done = begin(runs, header, suites, out=options.out, fresh=options.fresh)
    records = ask_suites(
        [(suite, bots[suite.name]) for suite in suites],
        done=done,
        path=folder / RESULTS,
        jobs=options.jobs,
        progress=progress,
        secret=who.config.llm.api_key,
    )
    return folder, header, records


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


def _open_chatbot(
    articles: Path | None, config: Config, progress: Progress, model: Served | None
) -> Asked:
    from rag.chatbot import Chatbot

    bot = Chatbot.open(articles, config=config, progress=progress, llm=model)
    bot.warm_up()  # the first answer's time is then an answer's, not a model's
    return bot


def _header(
    suites: Sequence[Suite], bots: Mapping[str, Asked], who: Answering, options: Options
) -> Header:
    from importlib.metadata import version

    embedding = who.config.embedding
    return Header(
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        version=version("footnote-rag"),
        mode="extractive" if who.wording is None else "llm",
        model=f"{embedding.provider} {embedding.model}",
        suites={suite.name: suite.sha256 for suite in suites},
        corpora={suite.name: _corpus_hash(bots[suite.name]) for suite in suites},
        jobs=options.jobs,
        wording=who.wording,
    )


def _corpus_hash(bot: Asked) -> str:
    versions = json.dumps(bot.versions(), sort_keys=True)
    return hashlib.sha256(versions.encode()).hexdigest()


def _write(folder: Path, summary: Summary) -> None:
    told = json.dumps(outcome(summary, folder.name), ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(to_html(summary), encoding="utf-8")
    (folder / SUMMARY).write_text(to_markdown(summary), encoding="utf-8")
    (folder / OUTCOME).write_text(told + "\n", encoding="utf-8")  # last: it says that all is done
