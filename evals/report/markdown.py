"""Summary → the report as Markdown: headline table, gates and failed cases in short."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evals.metrics import LABELS, LOWER_IS_BETTER
from evals.report.markup import printable
from evals.report.model import model_name, model_terms, model_warnings
from evals.report.verdict import comparison, headline, story
from evals.report.wording import (
    change,
    gate_value,
    gold,
    interval,
    metrics_of,
    newly_failed,
    percent,
    place,
    reasons,
    splits_of,
    suites_of,
)
from evals.summary import ALL, Cell, Result, Summary

MAX_LISTED = 60  # failed cases; a comment of a pull request holds 65,536 characters
MAX_CHARS = 240  # of an answer or a quote

_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$]")  # "a|b", "<b>", "[x](y)", "&lt;"
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)  # "http://a.b", "www.a.b"
_MENTION = re.compile(r"([@#])(?=\w)")  # "@someone" and "#12" tell people on a code host


def to_markdown(summary: Summary) -> str:
    """The report for a pull request or a terminal; the same summary gives the same text."""
    header = summary.header
    model = model_name(summary)
    about = [header.created, f"Footnote {header.version}", header.mode, header.model]
    about += [model] if model else []
    since = comparison(summary)
    parts = [
        f"# {escape(headline(summary))}",
        escape(" · ".join(about)),
        escape(" ".join(story(summary))),
        *([escape(since)] if since else []),
        *_model(summary),
        *_gates(summary),
        _measures(summary),
        *_failed(summary),
    ]
    return "\n\n".join(parts) + "\n"


def escape(text: str, limit: int | None = None) -> str:
    r"""The text on one line as Markdown that shows exactly it, also within a table.

    >>> escape("<b> a|b\nhttp://x @me"), escape("one two three", limit=8)
    ('\\<b\\> a\\|b http\\://x @<!-- -->me', 'one two…')
    """
    line = _SPACE.sub(" ", printable(text)).strip()
    if limit is not None and len(line) > limit:
        line = f"{line[: limit - 1].rstrip()}…"
    line = _ADDRESS.sub(r"\\\g<0>", _MARKUP.sub(r"\\\g<0>", line))
    return _MENTION.sub(r"\1<!-- -->", line)


def _model(summary: Summary) -> Iterator[str]:
    terms = model_terms(summary)
    if not terms:
        return
    yield "## The model"
    yield "\n".join(f"- {escape(term.name)}: {escape(term.text)}" for term in terms)
    yield from (f"**{escape(warning)}**" for warning in model_warnings(summary))


def _gates(summary: Summary) -> Iterator[str]:
    if not summary.gates:
        return
    yield "## Gates"
    lines = ["| gate | bound | value | | cases |", "|---|---|---|---|---|"]
    for gate in summary.gates:
        met = "met" if gate.passed else "**missed**"
        cases = escape(", ".join(gate.cases))
        told = (escape(gate.name), escape(gate.bound), gate_value(gate), met, cases)
        lines.append(f"| {' | '.join(told)} |")
    yield "\n".join(lines)


def _measures(summary: Summary) -> str:
    splits = [(split, ALL, split) for split in splits_of(summary)[1:]]
    suites = [(escape(suite), suite, ALL) for suite in suites_of(summary)[1:]]
    columns = [(ALL, ALL, ALL), *splits, *suites]
    lines = [
        f"| metric | {' | '.join(name for name, _, _ in columns)} |",
        f"|---|{'---|' * len(columns)}",
    ]
    for metric in metrics_of(summary):
        lower = " (lower is better)" if metric in LOWER_IS_BETTER else ""
        cells = [_cell(summary, Cell(suite, split, metric)) for _, suite, split in columns]
        lines.append(f"| {LABELS[metric]}{lower} | {' | '.join(cells)} |")
    note = "Mean, 95 % interval in percent, scored cases; differences in percentage points."
    return "\n".join(["## Measures", "", *lines, "", note])


def _cell(summary: Summary, cell: Cell) -> str:
    share = summary.shares.get(cell)
    if share is None:
        return "–"
    unscored = f", {share.unscored} unscored" if share.unscored else ""
    if share.mean is None:
        return f"– (n = {share.n}{unscored})"
    told = f"{percent(share.mean)} ({interval(share)}; n = {share.n}{unscored})"
    found = change(summary, cell)
    if found is None:
        return told
    if not found.points:
        return f"{told}, as before"
    return f"{told}, {found.points:+.1f} **{found.verdict}**"


def _failed(summary: Summary) -> Iterator[str]:
    failures = summary.failures
    yield f"## Failed cases: {len(failures)} of {len(summary.results)}"
    new = frozenset(newly_failed(summary))
    if failures:
        yield "\n".join(_case(r, is_new=r.key in new) for r in failures[:MAX_LISTED])
    if left := failures[MAX_LISTED:]:
        yield f"And {len(left)} more: {escape(', '.join(result.key for result in left))}"


def _case(result: Result, *, is_new: bool) -> str:
    case = result.record.case
    about = ", ".join((*(["newly failing"] if is_new else []), case.split, *case.tags))
    lines = [f"- **{escape(result.key)}** ({escape(about)}): {escape(case.question)}"]
    lines += [f"asked before: {escape(question)}" for question in case.history]
    lines += [f"{why.name}: {escape(why.text)}" for why in reasons(result)]
    if result.record.error is not None:
        lines.append(f"ended in an error: {escape(result.record.error)}")
    lines += _answer(result)
    asked = "; ".join(f"{term.name} {term.text}" for term in gold(case))
    lines.append(f"gold: {escape(asked, MAX_CHARS)}")
    return "\n  - ".join(lines)


def _answer(result: Result) -> Sequence[str]:
    answer = result.record.answer
    if answer is None:
        return ()
    refusal = answer.refusal
    outcome = f"refused ({escape(refusal.reason)})" if refusal else "answered"
    told = [f"{outcome}: {escape(answer.text, MAX_CHARS)}"]
    cited = ", ".join(f"[{c.number}] {place(c)}" for c in answer.citations)
    return [*told, f"cites: {escape(cited, MAX_CHARS)}"] if cited else told
