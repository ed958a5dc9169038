"""Runs' folders: where a run is written, and which earlier one is gone on with or scored again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from shutil import copyfile

from evals.records import Header, Record, RunError, cut_torn_line, read_run, write_header
from evals.suite import Suite
from rag.answer import Mode
from rag.errors import RagError

RESULTS = "results.jsonl"
OUTCOME = "summary.json"
"""Written last: a run's folder that has it is finished."""


class EvaluationError(RagError):
    """An evaluation cannot be made as it was asked for."""


def begin(
    runs: Path, header: Header, suites: Sequence[Suite], *, out: Path | None, fresh: bool
) -> tuple[Path, Header, tuple[Record, ...]]:
    """The run's folder, its header, and what of it is done: an unfinished run is gone on with.

    Args:
        runs: The folder of all runs.
        header: What is to be run.
        suites: What is to be asked.
        out: The run's folder, if it was named.
        fresh: Whether to begin anew in any case.
    """
    wanted = {(suite.name, case.id) for suite in suites for case in suite.cases}
    for folder in [out] if out else sorted(runs.glob("*"), reverse=True):
        if fresh or not (folder / RESULTS).exists() or (folder / OUTCOME).exists():
            continue
        with suppress(RunError):  # one that cannot be read is not gone on with; a new one begins
            begun, records = read_run(folder / RESULTS)
            if begun.identity == header.identity:
                cut_torn_line(folder / RESULTS)
                # What could not be asked then may be now.
                done = [r for r in records if r.error is None and (r.suite, r.case.id) in wanted]
                return folder, begun, tuple(done)
    folder = out or _new_folder(runs, header.created)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / OUTCOME).unlink(missing_ok=True)
    write_header(folder / RESULTS, header)
    return folder, header, ()


def _new_folder(runs: Path, created: str) -> Path:
    """A folder named for the moment; a second run in that second gets another name."""
    name = created[:19].replace(":", "").replace("T", "-")
    names = chain([name], (f"{name}-{n}" for n in count(2)))
    return next(runs / name for name in names if not (runs / name).exists())


def mode_of(run: Path) -> Mode:
    """Who worded the answers of an earlier run.

    Raises:
        RunError: It cannot be read.
    """
    return read_run(_results(run))[0].mode


def answered_before(
    run: Path, suites: Sequence[Suite], corpora: Mapping[str, str]
) -> tuple[Header, tuple[Record, ...]]:
    """The answers of an earlier run, with the gold that the suites have now.

    Args:
        run: Its folder or results.
        suites: Which of its questions count.
        corpora: What is indexed now, by suite, as `Header.corpora`.

    Raises:
        RunError: It cannot be read.
        EvaluationError: It asked none of the suites' questions, or the articles have changed.
    """
    header, records = read_run(_results(run))
    known = {(s.name, c.id): c for s in suites for c in s.cases}
    kept: dict[tuple[str, str], Record] = {}
    for record in records:
        case = known.get((record.suite, record.case.id))
        if case and (case.question, case.history) == (record.case.question, record.case.history):
            kept[record.suite, case.id] = replace(record, case=case)
    if not kept:
        raise EvaluationError(f"{run}: none of its questions is the suites'; name its suites")
    for name in {suite for suite, _ in kept}:
        if header.corpora[name] != corpora[name]:
            raise EvaluationError(
                f"{run}: the articles of {name!r} have changed since; run it again to ask anew"
            )
    return header, tuple(kept.values())


def copy_of(run: Path, out: Path | None) -> Path:
    """The folder to write an earlier run's new scores to, its answers in it."""
    results = _results(run)
    if out is None or out.resolve() == results.parent.resolve():
        return results.parent
    out.mkdir(parents=True, exist_ok=True)
    copyfile(results, out / RESULTS)
    return out


def _results(run: Path) -> Path:
    return run / RESULTS if run.is_dir() else run
