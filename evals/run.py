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
from evals.gates import (
    BASELINE,
    GATES,
    Gates,
    judge,
    load_baseline,
    load_gates,
    outcome,
)
from evals.records import Header, Record, read_run, write_header
from evals.report import to_html, to_markdown
from evals.scoring import check_articles, score_records
from evals.suite import Suite, load_suites
from evals.summary import Baseline, Summary, summarise
from rag.config import Config
from rag.errors import RagError

EVALS_DIR = "evals"
"""Folder inside of the index's home that holds runs, and the indexes of suites' own articles."""
RESULTS, OUTCOME, REPORT, SUMMARY = "results.jsonl", "summary.json", "report.html", "summary.md"

Open = Callable[[Path | None, Config, Progress], Asked]
"""Articles to bring an index up to date with, settings → whom to ask."""


class EvaluationError(RagError):
    """An evaluation cannot be made as it was asked for."""


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
            header, records = _asked_before(options.rescore, suites, bots)
            folder = options.out or _file(options.rescore).parent
            folder.mkdir(parents=True, exist_ok=True)
        else:
            header = _header(suites, bots, config, options)
            folder, header, done = _begin(options, config, header)
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
    from rag.corpus import default_corpus

    indexes = config.home / EVALS_DIR / "indexes"
    if suite.articles is not None:
        return suite.articles, indexes / suite.name
    if suite.is_built_in and options.articles is None:
        return default_corpus(), indexes / "corpus"
    return options.articles, config.home


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


def _begin(
    options: Options, config: Config, header: Header
) -> tuple[Path, Header, tuple[Record, ...]]:
    """The run's folder, its header, and what of it is done: an unfinished run is gone on with."""
    runs = config.home / EVALS_DIR / "runs"
    candidates = [options.out] if options.out else sorted(runs.glob("*"), reverse=True)
    for folder in candidates:
        if options.fresh or not (folder / RESULTS).exists() or (folder / OUTCOME).exists():
            continue
        begun, records = read_run(folder / RESULTS)
        if begun.identity == header.identity:
            _cut(folder / RESULTS)
            return folder, begun, records
    folder = options.out or runs / header.created.replace(":", "").replace("T", "-")[:17]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / OUTCOME).unlink(missing_ok=True)
    write_header(folder / RESULTS, header)
    return folder, header, ()


def _cut(path: Path) -> None:
    """Takes away a last line without an end, which a kill has left; the next would be glued on."""
    text = path.read_bytes()
    if not text.endswith(b"\n"):
        path.write_bytes(text[: text.rindex(b"\n") + 1])


def _asked_before(
    run: Path, suites: Sequence[Suite], bots: Mapping[str, Asked]
) -> tuple[Header, tuple[Record, ...]]:
    """The answers of an earlier run, with the gold that the suites have now."""
    header, records = read_run(_file(run))
    known = {(s.name, c.id): c for s in suites for c in s.cases}
    kept: list[Record] = []
    for record in records:
        case = known.get((record.suite, record.case.id))
        if case and (case.question, case.history) == (record.case.question, record.case.history):
            kept.append(replace(record, case=case))
    if not kept:
        raise EvaluationError(
            f"{run}: none of its questions is one of the suites'; name its suites"
        )
    for name in {record.suite for record in kept}:
        if header.corpora[name] != _corpus_hash(bots[name]):
            raise EvaluationError(
                f"{run}: the articles of {name!r} have changed since; run it again to ask anew"
            )
    return header, tuple(kept)


def _file(run: Path) -> Path:
    return run / RESULTS if run.is_dir() else run


def _write(folder: Path, summary: Summary) -> None:
    told = json.dumps(outcome(summary, folder.name), ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(to_html(summary), encoding="utf-8")
    (folder / SUMMARY).write_text(to_markdown(summary), encoding="utf-8")
    (folder / OUTCOME).write_text(told + "\n", encoding="utf-8")  # last: it says that all is done
