"""Summary → the verdict in plain words: a headline, what was counted, and five key facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from evals.metrics import Metric
from evals.report.wording import count, interval, mended, newly_failed, percent, seconds, splits_of
from evals.summary import ALL, Cell, Result, Summary


class Fact(NamedTuple):
    """One of the numbers of the first screen."""

    name: str
    number: str
    """Large: `71 %`."""
    counted: str
    """What it is a share of: `65 of 92`."""
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cases of a run, or of a split, came out."""

    cases: int
    answerable: int
    right: int
    wrong: int
    refused_wrongly: int
    unanswerable: int
    refused: int
    answered_anyway: int
    citing: int
    """Cases whose answer cites."""
    exact: int
    """Those whose every citation is exact."""
    errors: int


def tally(results: Iterable[Result]) -> Tally:
    """The cases counted by outcome; one that ended in an error has no other outcome."""
    every = tuple(results)

    def having(metric: Metric, *values: float) -> int:
        found = (s.value for r in every for s in r.scores if s.metric == metric)
        return sum(value in values for value in found)

    return Tally(
        cases=len(every),
        answerable=having("right", 0.0, 1.0),
        right=having("right", 1.0),
        wrong=having("wrong", 1.0),
        refused_wrongly=having("false_refusal", 1.0),
        unanswerable=having("refused", 0.0, 1.0),
        refused=having("refused", 1.0),
        answered_anyway=having("refused", 0.0),
        citing=having("offsets", 0.0, 1.0),
        exact=having("offsets", 1.0),
        errors=sum(r.record.error is not None for r in every),
    )


def headline(summary: Summary) -> str:
    """The verdict in one line, as the gates have it."""
    n_gates = len(summary.gates)
    missed = sum(not gate.passed for gate in summary.gates)
    errors = sum(result.record.error is not None for result in summary.results)
    if not summary.results:
        return "Nothing was asked"
    if missed:
        return f"Not to be trusted yet: {missed} of {count(n_gates, 'gate')} missed"
    if n_gates and errors:
        return f"Not to be trusted yet: {count(errors, 'question')} ended in an error"
    if n_gates:
        return f"To be trusted on these articles: {_all(n_gates, 'gate')} met"
    return _in_figures(tally(summary.results))


def _in_figures(found: Tally) -> str:
    if not found.answerable:
        return f"Refused rightly {found.refused} times of {found.unanswerable}"
    return f"Right on {percent(found.right / found.answerable, 0)} of what the articles answer"


def story(summary: Summary) -> tuple[str, ...]:
    """What came of the questions, in sentences."""
    found = tally(summary.results)
    told = []
    if found.answerable:
        told.append(
            f"Of {count(found.answerable, 'question')} that the articles answer, {found.right:,} "
            f"{_were(found.right)} answered right, {found.wrong:,} wrong, and "
            f"{found.refused_wrongly:,} refused."
        )
    if found.unanswerable:
        told.append(
            f"Of {found.unanswerable:,} that they don't answer, {found.refused:,} "
            f"{_were(found.refused)} refused and {found.answered_anyway:,} answered anyway."
        )
    if found.citing:
        told.append(_citations(found, summary))
    if found.errors:
        told.append(
            f"{count(found.errors, 'question')} ended in an error and {_were(found.errors)}"
            " not scored."
        )
    if not summary.gates and summary.results:
        told.append("No gates are set for this run: the figures have to speak for themselves.")
    return tuple(told)


def comparison(summary: Summary) -> str | None:
    """What changed since the baseline, in a sentence; None without one."""
    if summary.baseline is None:
        return None
    failed, passed = len(newly_failed(summary)), len(mended(summary))
    baseline, mode = summary.baseline, summary.header.mode
    name = baseline.name if baseline.mode == mode else f"{baseline.name} ({baseline.mode})"
    new = sum(result.key not in baseline.cases for result in summary.results)
    added = f", and {count(new, 'case')} {_were(new)} not in it" if new else ""
    return (
        f"Since {name}, {count(failed, 'case')} newly "
        f"{'fails' if failed == 1 else 'fail'} and {passed:,} no longer "
        f"{'does' if passed == 1 else 'do'}{added}."
    )


def facts(summary: Summary) -> tuple[Fact, ...]:
    """The key facts: right, refused rightly, wrong, citations, times; those that can be told."""
    found = tally(summary.results)
    told = []
    if found.answerable:
        told.append(_share(summary, "Answered right", "right", (found.right, found.answerable)))
    if found.unanswerable:
        told.append(
            _share(summary, "Refused rightly", "refused", (found.refused, found.unanswerable))
        )
    if asked := found.answerable + found.unanswerable:
        wrong = found.wrong + found.answered_anyway
        parts = (
            f"{found.wrong:,} where the articles answer",
            f"{found.answered_anyway:,} where they don't",
        )
        told.append(Fact("Answered wrong", f"{wrong:,}", f"of {asked:,}", parts))
    if found.citing:
        told.append(_share(summary, "Citations exact", "offsets", (found.exact, found.citing)))
    if summary.seconds:
        told.append(_slowest(summary))
    return tuple(told)


def _share(summary: Summary, name: str, metric: Metric, counted: tuple[int, int]) -> Fact:
    n, of = counted
    share = summary.shares.get(Cell(ALL, ALL, metric))
    details = []
    if share is not None and 0 < n < of:
        # All alike leaves an interval without width, which would read as certainty.
        details.append(f"95 % interval {interval(share)}")
    by_split = [
        f"{split} {percent(part.mean, 0)}"
        for split in splits_of(summary)[1:]
        if (part := summary.shares.get(Cell(ALL, split, metric))) and part.mean is not None
    ]
    if by_split:
        details.append(", ".join(by_split))
    return Fact(name, percent(n / of, 0), f"{n:,} of {of:,}", tuple(details))


def _slowest(summary: Summary) -> Fact:
    at, key = max(
        (answer.seconds["total"], result.key)
        for result in summary.results
        if (answer := result.record.answer) and "total" in answer.seconds
    )
    told = f"median {seconds(summary.seconds['median'])}, p95 {seconds(summary.seconds['p95'])}"
    return Fact("Slowest", seconds(at), key, (told, f"{summary.header.jobs} at a time"))


def _citations(found: Tally, summary: Summary) -> str:
    if found.exact < found.citing:
        off = found.citing - found.exact
        return f"In {count(off, 'answer')} a citation is not where it says it stands."
    n = sum(
        len(answer.citations) + len(answer.refusal.nearest if answer.refusal else ())
        for result in summary.results
        if (answer := result.record.answer)
    )
    return (
        f"All {n:,} citations stand exactly where they say."
        if n > 1
        else ("The one citation stands exactly where it says.")
    )


def _all(n: int, thing: str) -> str:
    return f"the one {thing} is" if n == 1 else f"all {n:,} {thing}s are"


def _were(n: int) -> str:
    return "was" if n == 1 else "were"
