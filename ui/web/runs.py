"""The latest run of `footnote eval` → HTML: headline table, missed gates, failing cases."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.folders import OUTCOME, RESULTS
from evals.gates import load_baseline
from evals.records import Record, read_run
from evals.report.wording import count, gold, interval, percent, seconds
from evals.run import EVALS_DIR
from evals.statistics import Share
from evals.summary import ALL, Cell
from rag.errors import RagError
from ui.web.escaping import escape
from ui.web.feedback import FILE, FeedbackCount

MAX_LISTED = 40
"""Failing cases on the page; the report in the run's folder has them all."""
MAX_CHARS = 280
"""Of an answer or its gold."""

_HEADLINE = (("right", "Answered right"), ("wrong", "Wrong"), ("refused", "Refused rightly"))


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound that the run has missed."""

    name: str
    bound: str
    value: float | None
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What the tab shows of a run."""

    folder: Path
    created: str
    model: str
    suites: tuple[str, ...]
    shares: Mapping[Cell, Share]
    seconds: Mapping[str, float]
    missed: tuple[Gate, ...]
    n_gates: int
    n_cases: int
    n_failed: int
    failures: tuple[Record, ...]
    """The first of them."""


def latest_report(home: Path) -> Report | None:
    """The newest finished run below the index's home; None where there is none to be read."""
    runs = home / EVALS_DIR / "runs"
    for folder in sorted((path.parent for path in runs.glob(f"*/{OUTCOME}")), reverse=True):
        try:
            return _read(folder)
        except (OSError, ValueError, KeyError, TypeError, RagError):
            continue  # a run of another release; an older one may be readable
    return None


def report_html(report: Report | None, feedback: FeedbackCount, home: Path) -> str:
    """The tab's content.

    Args:
        report: The latest one, if there is any.
        feedback: How many answers the readers have judged.
        home: The index folder, for the commands that are named.
    """
    parts = [_none()] if report is None else list(_told(report))
    return f'<section class="report">{"".join(parts)}{_feedback(feedback, home)}</section>'


def _read(folder: Path) -> Report:
    outcome = json.loads((folder / OUTCOME).read_text(encoding="utf-8"))
    header, records = read_run(folder / RESULTS)
    failed = set(outcome["failed"])
    failures = [record for record in records if f"{record.suite}/{record.case.id}" in failed]
    gates = [_gate(fields) for fields in outcome.get("gates", ())]
    return Report(
        folder=folder,
        created=header.created,
        model=f"{header.mode} · {header.model}",
        suites=tuple(header.suites),
        shares=load_baseline(folder).shares,
        seconds={name: float(value) for name, value in outcome["seconds"].items()},
        missed=tuple(gate for gate, passed in gates if not passed),
        n_gates=len(gates),
        n_cases=len(outcome["cases"]),
        n_failed=len(failed),
        failures=tuple(failures[:MAX_LISTED]),
    )


def _gate(fields: Mapping[str, Any]) -> tuple[Gate, bool]:
    gate = Gate(fields["name"], fields["bound"], fields["value"], tuple(fields["cases"]))
    return gate, bool(fields["passed"])


def _told(report: Report) -> Iterator[str]:
    about = f"{report.created[:16].replace('T', ' ')} · {report.model}"
    times = [
        f"{name} {seconds(report.seconds[name])}"
        for name in ("median", "p95")
        if name in report.seconds
    ]
    facts = [about, *(["an answer takes " + ", ".join(times)] if times else [])]
    yield "<h2>How good the answers are</h2>"
    yield f'<p class="meta">{escape(" · ".join(facts))}</p>'
    yield _table(report)
    yield _gates(report)
    yield _failures(report)
    name = escape(str(report.folder / "report.html"))
    yield f'<p class="meta">The whole report: <b class="path">{name}</b></p>'


def _table(report: Report) -> str:
    heads = "".join(f"<th>{name}</th>" for _, name in _HEADLINE)
    suites = report.suites if len(report.suites) == 1 else (ALL, *report.suites)
    rows = "".join(f"<tr>{_row(report, suite)}</tr>" for suite in suites)
    return (
        f"<table><thead><tr><th>Suite</th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        '<p class="meta">Share of the cases that ask for it, its 95 % interval, and how many cases'
        " were scored.</p>"
    )


def _row(report: Report, suite: str) -> str:
    shares = [report.shares.get(Cell(suite, ALL, metric)) for metric, _ in _HEADLINE]  # type: ignore[arg-type]
    name = "all suites" if suite == ALL else suite
    return f'<th scope="row">{escape(name)}</th>' + "".join(f"<td>{_share(s)}</td>" for s in shares)


def _share(share: Share | None) -> str:
    if share is None or share.mean is None:
        return '<span class="meta">–</span>'
    about = f"{interval(share)} · n = {share.n:,}"
    return f'<b>{percent(share.mean)}</b> <span class="meta">{escape(about)}</span>'


def _gates(report: Report) -> str:
    if not report.n_gates:
        return ""
    if not report.missed:
        return f'<p class="gates met">{count(report.n_gates, "gate")} met.</p>'
    rows = "".join(
        f"<li><b>{escape(gate.name)}</b> is {_value(gate)}, not {escape(gate.bound)}"
        f'<span class="meta"> {escape(_cut(", ".join(gate.cases)))}</span></li>'
        for gate in report.missed
    )
    missed = f"{len(report.missed):,} of {count(report.n_gates, 'gate')} missed"
    return f'<div class="gates"><h3>{missed}</h3><ul>{rows}</ul></div>'


def _value(gate: Gate) -> str:
    return "not scored" if gate.value is None else f"{gate.value:.4g}"


def _failures(report: Report) -> str:
    if not report.n_failed:
        return '<p class="gates met">No case failed.</p>'
    rows = "".join(_case(record) for record in report.failures)
    left = report.n_failed - len(report.failures)
    more = f'<p class="meta">and {left:,} more</p>' if left else ""
    heading = f"{report.n_failed:,} of {count(report.n_cases, 'case')} to look at"
    return f'<h3>{heading}</h3><ul class="failures">{rows}</ul>{more}'


def _case(record: Record) -> str:
    wanted = "; ".join(f"{term.name} {term.text}" for term in gold(record.case))
    answer = record.answer
    got = record.error or (answer.text if answer else "")
    if answer and answer.refusal:
        got = f"refused ({answer.refusal.reason.replace('_', ' ')}): {got}"
    asked = " → ".join((*record.case.history, record.case.question))
    return (
        f'<li><p class="asked">{escape(_cut(asked))}</p>'
        f'<p><span class="meta">wanted</span> {escape(_cut(wanted))}</p>'
        f'<p><span class="meta">got</span> {escape(_cut(got))}</p>'
        f'<p class="meta">{escape(f"{record.suite}/{record.case.id}")}</p></li>'
    )


def _none() -> str:
    return (
        "<h2>No report yet</h2><p>Write down a few questions whose answers you know, and let "
        "Footnote sit the exam:</p>"
        "<pre>footnote eval --new &gt; my.jsonl\nfootnote eval my.jsonl</pre>"
        '<p class="meta"><b class="path">footnote eval</b> alone asks the questions that come with '
        "Footnote. The newest report shows here.</p>"
    )


def _feedback(feedback: FeedbackCount, home: Path) -> str:
    if not (feedback.ready or feedback.waiting):
        return ""
    ready = f"{count(feedback.ready, 'judged answer')} can be asked again as they are"
    verb = "waits" if feedback.waiting == 1 else "wait"
    waiting = f"; {feedback.waiting:,} {verb} as a comment for you to write down what is right"
    name = escape(str(home / FILE))
    return (
        f"<h3>Your feedback</h3><p>{ready}{waiting if feedback.waiting else ''}.</p>"
        f"<pre>footnote eval {name}</pre>"
    )


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_CHARS else line[: MAX_CHARS - 1].rstrip() + "…"
