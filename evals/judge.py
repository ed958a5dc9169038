"""A run's records → what an LLM thinks of the answers, beside the metrics and in no gate.

LlamaIndex's evaluators put the questions; a reply that cannot be read is no score, never a zero.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evals.benchmarks.llm import LlmSettings, failures_told, load_llm
from evals.cases import Case
from evals.records import Record
from rag.answer import Answer

if TYPE_CHECKING:
    from llama_index.core.evaluation import EvaluationResult
    from llama_index.core.llms import LLM

JudgedMetric = Literal["faithful", "correct"]
"""Not among `evals.metrics.Metric`: what a judge says cannot get into a gate."""

LABELS: dict[JudgedMetric, str] = {
    "faithful": "LLM judge: the quotes support the answer",
    "correct": "LLM judge: the answer is right",
}

BEST, WORST = 5.0, 1.0
"""Ends of the scale on which `CorrectnessEvaluator` asks for a score."""

# Reads "YES", "**No.**" and "Answer: yes".
_VERDICT = re.compile(r"\W*(?:answer\W+)?(yes|no)\b", re.IGNORECASE)
# Reads "4.0", "**4**", "Score: 4.5" and "4/5".
_SCORE = re.compile(r"[^\w-]*(?:score[^\w-]+)?(\d+(?:\.\d+)?)(?:\s*/\s*5)?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class JudgeScore:
    """What the judge says of one case in one respect."""

    suite: str
    case_id: str
    metric: JudgedMetric
    value: float | None
    """From 0 to 1; None when the reply could not be read."""
    reply: str
    """The judge's own words."""


def judge(
    records: Sequence[Record],
    settings: LlmSettings,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[JudgeScore, ...]:
    """The judge's scores of every answer that was given, in the order of the records.

    `faithful` is asked of every answer, `correct` of answers to answerable questions, against their
    gold. Refusals and errors are left out: whether they are right is no matter of opinion.

    Args:
        records: A run's records.
        settings: The LLM that judges.
        progress: Is told how many answers are judged, and of how many.

    Raises:
        ModelError: The LLM gives no reply, or what speaks to it is not installed.
    """
    return asyncio.run(_judge_all(list(_given(records)), settings, progress))


def _given(records: Sequence[Record]) -> Iterator[tuple[Record, Answer]]:
    for record in records:
        if record.answer is not None and record.answer.refusal is None:
            yield record, record.answer


async def _judge_all(
    given: Sequence[tuple[Record, Answer]],
    settings: LlmSettings,
    progress: Callable[[int, int], None] | None,
) -> tuple[JudgeScore, ...]:
    import httpx

    scores: list[JudgeScore] = []
    # One connection for all of them, closed in the loop that it belongs to.
    async with httpx.AsyncClient(timeout=settings.timeout) as http:
        llm = load_llm(settings, http=http)
        for n, (record, answer) in enumerate(given, start=1):
            with failures_told(settings):
                scores.append(await _faithful(llm, record, answer))
                if record.case.answerable:
                    scores.append(await _correct(llm, record, answer))
            if progress is not None:
                progress(n, len(given))
    return tuple(scores)


async def _faithful(llm: LLM, record: Record, answer: Answer) -> JudgeScore:
    from llama_index.core.evaluation import FaithfulnessEvaluator

    quotes = [citation.cited_text for citation in answer.citations]
    found = await FaithfulnessEvaluator(llm).aevaluate(response=answer.text, contexts=quotes)
    # Its own score takes a reply without "yes" for a no, and "yesterday" for a yes.
    return _score(record, "faithful", verdict(found.feedback or ""), found)


async def _correct(llm: LLM, record: Record, answer: Answer) -> JudgeScore:
    from llama_index.core.evaluation import CorrectnessEvaluator

    # Its own parser breaks on a reply of one line, and lets 45 out of 5 pass.
    evaluator = CorrectnessEvaluator(llm, parser_function=lambda reply: (mark(reply), reply))
    found = await evaluator.aevaluate(
        query=answer.query, response=answer.text, reference=reference(record.case)
    )
    value = None if found.score is None else (found.score - WORST) / (BEST - WORST)
    return _score(record, "correct", value, found)


def _score(
    record: Record, metric: JudgedMetric, value: float | None, found: EvaluationResult
) -> JudgeScore:
    return JudgeScore(record.suite, record.case.id, metric, value, found.feedback or "")


def verdict(reply: str) -> float | None:
    r"""1 for yes, 0 for no, where the reply opens or ends with one of them; else None.

    >>> verdict("YES."), verdict("The context lacks it.\nAnswer: no"), verdict("Hard to say.")
    (1.0, 0.0, None)
    """
    lines = [line for line in reply.splitlines() if line.strip()]
    for line in (lines[:1] or [""]) + lines[-1:]:
        if said := _VERDICT.match(line):
            return float(said[1].lower() == "yes")
    return None


def mark(reply: str) -> float | None:
    r"""The score from 1 to 5 on the reply's first line; None where there is none.

    >>> mark("4.5\nIt gives the year."), mark("Score: 3"), mark("45"), mark("Good, 5 of 5 facts")
    (4.5, 3.0, None, None)
    """
    lines = [line for line in reply.splitlines() if line.strip()]
    said = _SCORE.match(lines[0]) if lines else None
    value = float(said[1]) if said else None
    return value if value is not None and WORST <= value <= BEST else None


def reference(case: Case) -> str:
    """The gold of an answerable case in words, for a judge.

    >>> from decimal import Decimal
    >>> from evals.gold import GoldFigure
    >>> reference(Case(id="1", question="?", figure=GoldFigure(Decimal(5), "%"), subject=("GDP",)))
    '5 %; said of: GDP'
    """
    said: list[str] = []
    if case.figure is not None:
        high = f" to {case.figure.high}" if case.figure.high is not None else ""
        said.append(f"{case.figure.value}{high} {case.figure.unit}".strip())
    if case.answers:
        said.append(" or: ".join(case.answers))
    if case.all_of:
        said.append(f"all of: {', '.join(case.all_of)}")
    if case.subject:
        said.append(f"said of: {', '.join(term.replace('|', ' or ') for term in case.subject)}")
    return "; ".join(said)
