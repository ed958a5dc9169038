"""Summary of a run that a language model words → what a reader should know of it, in terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evals.report.wording import Term, count, percent, seconds
from evals.summary import Summary
from evals.worded import TOO_MANY, Worded
from rag.answer import Usage

MAX_KINDS = 5
"""Reasons that are listed; the summary's JSON has them all."""
_TIMES = {"first_token": "first token", "first_claim": "first checked sentence"}


def model_name(summary: Summary) -> str | None:
    """The model and where it runs; None for a run without one.

    `gpt-4o-mini at api.openai.com, prompt 3`.
    """
    wording = summary.header.wording
    if wording is None:
        return None
    replayed = " (replayed)" if wording.replies else ""
    where = f"at {wording.host}" if wording.host else "on this machine"
    return f"{wording.model}{replayed} {where}, prompt {wording.prompt_version}"


def model_terms(summary: Summary) -> tuple[Term, ...]:
    """What the model made of the questions, a line each; none for a run without one."""
    name, worded = model_name(summary), summary.worded
    if name is None or worded is None:
        return ()
    return (Term("model", name), *_terms(worded))


def model_warnings(summary: Summary) -> tuple[str, ...]:
    """What makes the run's figures say little about its model."""
    worded = summary.worded
    if worded is None or not worded.is_doubtful:
        return ()
    first = next(iter(worded.notices))
    return (
        f"{worded.fallen_back} of {count(worded.answers, 'answer')} fell back and owe the model"
        f" nothing, more than {percent(TOO_MANY, 0)}: the figures say little about it; most often:"
        f" {first}",
    )


def _terms(worded: Worded) -> Iterator[Term]:
    yield Term("worded by the model", _part(worded.worded, worded))
    yield Term("refused by the model", _part(worded.refused, worded))
    yield Term("quoted where its wording failed", _part(worded.quoted, worded))
    yield Term("fallen back: answered without it", _part(worded.fallen_back, worded))
    if worded.unasked:
        yield Term("answered without asking it", _part(worded.unasked, worded))
    if worded.notices:
        yield Term("notices", _kinds(worded.notices))
    said = worded.shown + worded.withheld
    if said:
        each = f"{worded.withheld / worded.answers:.2f} an answer"
        told = f"{worded.withheld:,} of {said:,}, {percent(worded.withheld / said)}; {each}"
        yield Term("sentences withheld", told)
    if worded.reasons:
        yield Term("withheld because", _kinds(worded.reasons))
    if worded.computed:
        yield Term("figures computed from cited ones", f"{worded.computed:,}")
    for name, (median, p95) in worded.seconds.items():
        yield Term(_TIMES[name], f"median {seconds(median)}, 95 % within {seconds(p95)}")
    if worded.usage is not None:
        yield Term("asked of the model", _usage(worded.usage))


def _usage(usage: Usage) -> str:
    parts = [count(usage.requests, "request")]
    if usage.prompt_tokens is not None:
        parts.append(f"{usage.prompt_tokens:,} tokens in")
    if usage.completion_tokens is not None:
        parts.append(f"{usage.completion_tokens:,} out")
    cost = "cost unknown" if usage.cost is None else f"estimated cost {usage.cost:.4f}"
    return ", ".join([*parts, cost])


def _part(n: int, worded: Worded) -> str:
    share = f", {percent(n / worded.answers)}" if worded.answers else ""
    return f"{n:,} of {worded.answers:,}{share}"


def _kinds(counted: Mapping[str, int]) -> str:
    told = [f"{n:,} times {kind}" for kind, n in list(counted.items())[:MAX_KINDS]]
    more = sum(list(counted.values())[MAX_KINDS:])
    return "; ".join([*told, *([f"{more:,} others"] if more else [])])
