"""Summary → the headline table: metrics by suite, with intervals, counts and differences."""

from __future__ import annotations

from collections.abc import Iterator

from evals.metrics import LABELS, LOWER_IS_BETTER, PARTIAL_IS_FINE, Metric
from evals.report.markup import Html, el, join
from evals.report.wording import (
    GROUPS,
    change,
    interval,
    metrics_of,
    percent,
    splits_of,
    suites_of,
)
from evals.summary import ALL, Cell, Summary

_SPLITS = {ALL: "All cases", "dev": "Dev cases", "test": "Test cases"}


def tables(summary: Summary) -> Html:
    """A table of all cases, and one of each split where the run has both, to be chosen from."""
    splits = splits_of(summary)
    shown = [_table(summary, split) for split in splits]
    if len(splits) == 1:
        return shown[0]
    choices = (
        el(
            "label",
            el("input", type="radio", name="split", value=split, checked=split == ALL),
            el("span", _SPLITS[split]),
        )
        for split in splits
    )
    legend = el("legend", "Cases that the table counts", cls="aside")
    return join([el("fieldset", legend, *choices, cls="choice"), *shown])


def _table(summary: Summary, split: str) -> Html:
    suites = suites_of(summary)
    present = {cell.suite for cell in summary.shares if cell.split == split}
    shown = [suite for suite in suites if suite in present]
    heads = (el("th", "all" if s == ALL else s, scope="col") for s in shown)
    head = el("thead", el("tr", el("th", "Metric", scope="col"), *heads))
    what = "Mean" if len(splits_of(summary)) == 1 else f"{_SPLITS[split]}: mean"
    caption = el("caption", f"{what}, 95 % interval, number of cases")
    body = el("tbody", *_rows(summary, split, shown))
    return el(
        "div",
        el("table", caption, head, body),
        cls="scroll measures",
        data_split=split,
        tabindex="0",
        role="region",
        aria_label=f"Measures, {_SPLITS[split].lower()}",
    )


def _rows(summary: Summary, split: str, suites: list[str]) -> Iterator[Html]:
    heading = ""
    told = ""
    for metric in LABELS:
        heading = GROUPS.get(metric, heading)
        if metric not in metrics_of(summary):
            continue
        if heading != told:
            told = heading
            title = el("th", heading, colspan=str(len(suites) + 1), scope="rowgroup")
            yield el("tr", title, cls="group")
        yield _row(summary, split, suites, metric)


def _row(summary: Summary, split: str, suites: list[str], metric: Metric) -> Html:
    lower = el("small", "lower is better") if metric in LOWER_IS_BETTER else None
    name = el("th", LABELS[metric], lower, scope="row")
    cells = (_cell(summary, Cell(suite, split, metric)) for suite in suites)
    return el("tr", name, *cells, cls="partial" if metric in PARTIAL_IS_FINE else None)


def _cell(summary: Summary, cell: Cell) -> Html:
    share = summary.shares.get(cell)
    if share is None:
        return el("td", el("span", "–", aria_label="not measured"), cls="none")
    unscored = el("small", f"{share.unscored} unscored") if share.unscored else None
    if share.mean is None:
        return el("td", el("b", "–", aria_label="nothing could be scored"), unscored)
    spread = el("small", f"{interval(share)}, n = {share.n}")
    return el("td", el("b", percent(share.mean)), spread, unscored, _change(summary, cell))


def _change(summary: Summary, cell: Cell) -> Html | None:
    found = change(summary, cell)
    if found is None:
        return None
    if not found.points:
        return el("small", "as before", cls="change same")
    slight = " slight" if found.is_slight else ""
    words = f"{found.points:+.1f} {found.verdict}".replace("-", "−")
    return el("small", words, cls=f"change {found.verdict}{slight}")
