"""Shares, gold and answers → the words that every form of the report uses for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, get_args

from evals.cases import Case
from evals.gold import GoldFigure
from evals.metrics import LABELS, LOWER_IS_BETTER, Metric
from evals.statistics import Share
from evals.summary import ALL, Cell, GateResult, Result, Summary
from rag.answer import Citation
from rag.types import Source

GROUPS: dict[Metric, str] = {
    "right": "Questions that the articles answer",
    "refused": "Questions that they don't answer",
    "trap": "Traps and disagreements",
    "offsets": "Citations",
    "recall@5": "Retrieval",
}
"""Heading of each group of metrics, by the group's first."""


class Change(NamedTuple):
    """How far a share is from the baseline's."""

    points: float
    """Percentage points, positive when it rose."""
    verdict: str
    """`better`, `worse` or `as before`."""
    is_slight: bool
    """Whether the baseline's mean lies within this run's interval."""


class Term(NamedTuple):
    """One thing that the gold of a case asks for."""

    name: str
    text: str


def percent(value: float, digits: int = 1) -> str:
    """A share as a percentage. It says 0 or 100 only when it is.

    >>> percent(0.9266), percent(0.9999), percent(1.0), percent(0.0001)
    ('92.7 %', '99.9 %', '100 %', '0.1 %')
    """
    least = 10**-digits
    if value in {0.0, 1.0}:
        return f"{value:.0%}".replace("%", " %")
    return f"{min(max(value * 100, least), 100 - least):.{digits}f} %"


def interval(share: Share) -> str:
    """The share's 95% interval in percent: `81.5 to 100`; empty where nothing was scored."""
    if share.interval is None:
        return ""
    return " to ".join(percent(end).removesuffix(" %") for end in share.interval)


def seconds(value: float) -> str:
    """A time with two digits: `0.32 s`, `1.3 s`, `41 s`."""
    return f"{value:.2f} s" if value < 1 else f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def count(n: int, thing: str) -> str:
    """How many there are.

    >>> count(1, "gate"), count(1200, "gate"), count(2, "question")
    ('1 gate', '1,200 gates', '2 questions')
    """
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def metrics_of(summary: Summary) -> tuple[Metric, ...]:
    """The metrics that the run has, in the order of the report."""
    present = {cell.metric for cell in summary.shares}
    return tuple(metric for metric in get_args(Metric) if metric in present)


def suites_of(summary: Summary) -> tuple[str, ...]:
    """`all`, and every suite where the run has several."""
    return (ALL, *summary.suites) if len(summary.suites) > 1 else (ALL,)


def splits_of(summary: Summary) -> tuple[str, ...]:
    """`all`, and `dev` and `test` apart where the run has both."""
    present = {result.record.case.split for result in summary.results}
    return (ALL, "dev", "test") if len(present) > 1 else (ALL,)


def change(summary: Summary, cell: Cell) -> Change | None:
    """The difference against the baseline; None where there is nothing to compare."""
    now = summary.shares.get(cell)
    before = summary.baseline.shares.get(cell) if summary.baseline else None
    if now is None or before is None or now.mean is None or before.mean is None:
        return None
    points = round(100 * (now.mean - before.mean), 1) + 0.0  # never minus zero
    is_slight = now.interval is not None and now.interval[0] <= before.mean <= now.interval[1]
    if points == 0:
        return Change(0.0, "as before", is_slight)
    is_better = (points > 0) is not (cell.metric in LOWER_IS_BETTER)
    return Change(points, "better" if is_better else "worse", is_slight)


def gate_value(gate: GateResult) -> str:
    """A gate's value in the unit of its bound; four decimals tell shares of 5,000 cases apart."""
    if gate.value is None:
        return "not scored"
    return f"{gate.value:.4f}".rstrip("0").rstrip(".")


def newly_failed(summary: Summary) -> tuple[str, ...]:
    """Keys of the cases that fail now and did not in the baseline."""
    if summary.baseline is None:
        return ()
    before = summary.baseline.cases - summary.baseline.failed
    return tuple(result.key for result in summary.failures if result.key in before)


def mended(summary: Summary) -> tuple[str, ...]:
    """Keys of the cases that failed in the baseline and don't now."""
    failed = summary.baseline.failed if summary.baseline else frozenset[str]()
    return tuple(r.key for r in summary.results if not r.failed and r.key in failed)


def reasons(result: Result) -> tuple[Term, ...]:
    """Why a case failed: what it is called, and the reason; each reason once."""
    told: dict[str, str] = {}
    for score in result.shortfalls:
        if score.metric in LOWER_IS_BETTER:  # its label names the fault, so it goes before others
            told[score.reason] = LABELS[score.metric]
        else:
            told.setdefault(score.reason, f"missed: {LABELS[score.metric]}")
    return tuple(Term(name, reason) for reason, name in told.items())


def gold(case: Case) -> tuple[Term, ...]:
    """What a right answer says, or the refusal that is due."""
    return tuple(_gold(case))


def _gold(case: Case) -> Iterator[Term]:
    if case.reason:
        yield Term("refuse", case.reason.replace("_", " "))
    if case.figure:
        yield Term("figure", _figure(case.figure))
    several = (
        ("said of", case.subject, " + "),
        ("any of", case.answers, " | "),
        ("all of", case.all_of, " + "),
        ("said by", case.attribution, " | "),
        ("never", case.never, " | "),
    )
    for name, words, between in several:
        if words:
            yield Term(name, between.join(words))
    if case.conflict:
        kind = f" ({case.conflict.kind})" if case.conflict.kind else ""
        yield Term("disagreement", f"{' against '.join(case.conflict.figures)}{kind}")
    if case.articles:
        yield Term("from", ", ".join(case.articles))


def _figure(figure: GoldFigure) -> str:
    high = "" if figure.high is None else f" to {figure.high:,f}"
    return f"{figure.value:,f}{high} {figure.unit}".rstrip()


def place(citation: Citation) -> str:
    """Where the cited words stand: `bridge [412:530]`."""
    return f"{citation.source.article_id} [{citation.span.start}:{citation.span.end}]"


def card(source: Source) -> str:
    """The publisher's card in a line: outlet, title, date."""
    day = source.published.isoformat() if source.published else None
    return " · ".join(part for part in (source.outlet, source.title, day) if part)
