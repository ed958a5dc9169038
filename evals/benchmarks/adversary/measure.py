"""What two systems showed → shares with intervals, all together and set by set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from evals.benchmarks.adversary.oracle import (
    invented,
    n_figures,
    unverified,
    withheld_figures,
)
from evals.benchmarks.adversary.questions import Question
from evals.benchmarks.adversary.shown import Shown, System
from evals.benchmarks.report import Measure, Report, share_of
from rag.checking.support import PARTLY, SUPPORTED

LABELS: Mapping[System, str] = {"footnote": "Footnote", "citing": "CitationQueryEngine"}

Asked = tuple[Question, Shown]


def reports(
    shown: Sequence[Shown], questions: Mapping[tuple[str, str], Question], facts: Mapping[str, Any]
) -> list[Report]:
    """The report over everything, and one for each set.

    Args:
        shown: What the systems made of the questions.
        questions: Those, by set and id.
        facts: What else a reader should know.
    """
    asked = [(questions[s.set, s.id], s) for s in shown]
    every = _report("an inventing model", asked, facts)
    sets = list(dict.fromkeys(q.set for q, _ in asked))
    return [every, *(_report(name, [a for a in asked if a[0].set == name], {}) for name in sets)]


def _report(name: str, asked: Sequence[Asked], facts: Mapping[str, Any]) -> Report:
    measures: list[Measure] = []
    counts: dict[str, float | int | str] = {}
    for system in get_args(System):
        own = [(q, s) for q, s in asked if s.system == system]
        if own:
            measures += _measures(system, own)
            counts |= _counts(system, own)
    rows = tuple(_row(q, s) for q, s in asked)
    return Report(name, "all that was asked", tuple(measures), {**facts, **counts}, rows)


def _measures(system: System, asked: Sequence[Asked]) -> list[Measure]:
    label = LABELS[system]
    given = [(q, s) for q, s in asked if not s.refused]
    able = [(q, s) for q, s in asked if q.answerable]
    unable = [(q, s) for q, s in asked if not q.answerable]
    lured = [(q, s) for q, s in asked if q.lures]
    measures = [
        _share(system, "answered", f"{label}: gives an answer", asked, lambda _, s: not s.refused),
        _share(system, "right", "  of what the articles say: right", able, _is_right),
        _share(system, "refused_able", "    refused", able, lambda _, s: s.refused),
        _share(system, "refused", "  of what they do not say: refused", unable, _is_refused),
        _share(system, "lured", "  falls for the trap", lured, _is_lured),
        _share(
            system, "invented", "  answers with a figure that no text it read has", given,
            lambda q, s: bool(invented(s, q.question)),
        ),
        _share(
            system, "unverified", "  answers with a figure that no text it cites for it has", given,
            lambda _, s: bool(unverified(s)),
        ),
        *_citations(system, given),
    ]  # fmt: skip
    if system == "footnote":
        measures.append(
            _share(
                system, "worded", "  answers that the model worded", given, lambda _, s: s.worded
            )
        )
    return [measure for measure in measures if measure.values]


def _share(system: System, key: str, label: str, asked: Sequence[Asked], holds: Any) -> Measure:
    return share_of(f"{system}_{key}", label, [bool(holds(q, s)) for q, s in asked])


def _is_right(question: Question, shown: Shown) -> bool:
    return not shown.refused and question.is_met(shown.text)


def _is_refused(_: Question, shown: Shown) -> bool:
    return shown.refused


def _is_lured(question: Question, shown: Shown) -> bool:
    from evals.matching import contains

    return any(contains(said.text, lure) for said in shown.sentences for lure in question.lures)


def _citations(system: System, given: Sequence[Asked]) -> list[Measure]:
    """Every mark of every sentence, under the score of its sentence; and sentences without one."""
    marked = [
        (score, len(said.marks))
        for _, shown in given
        for said, score in zip(shown.sentences, shown.scores, strict=True)
        if score is not None
    ]
    scores = [score for score, n in marked for _ in range(n)]
    bare = [not said.marks for _, shown in given for said in shown.sentences]
    return [
        share_of(f"{system}_unmarked", "  its sentences without a citation", bare),
        share_of(
            f"{system}_unsupported", "  its citations that do not support the whole sentence",
            [score < SUPPORTED for score in scores],
        ),
        share_of(
            f"{system}_astray", "  its citations that support nothing of it",
            [score < PARTLY for score in scores],
        ),
    ]  # fmt: skip


def _counts(system: System, asked: Sequence[Asked]) -> dict[str, float | int | str]:
    label = LABELS[system]
    told: dict[str, float | int | str] = {
        f"{label}: questions": len(asked),
        f"{label}: figures shown": sum(n_figures(s) for _, s in asked),
        f"{label}: unverified figures shown as fact": sum(len(unverified(s)) for _, s in asked),
        f"{label}: seconds a question": sum(s.seconds for _, s in asked) / len(asked),
    }
    if system == "footnote":
        told[f"{label}: sentences of the model withheld"] = sum(len(s.withheld) for _, s in asked)
        told[f"{label}:   figures in them that no text it read has"] = sum(
            withheld_figures(s, q.question) for q, s in asked
        )
        told[f"{label}: questions on which the model failed"] = sum(
            s.failure is not None for _, s in asked
        )
    return told


def _row(question: Question, shown: Shown) -> dict[str, Any]:
    """What came of a question, without its words: some are not to be read by who tunes."""
    return {
        "set": shown.set,
        "id": shown.id,
        "system": shown.system,
        "refused": shown.refused,
        "right": _is_right(question, shown) if question.answerable else shown.refused,
        "invented": len(invented(shown, question.question)),
        "unverified": len(unverified(shown)),
        "figures": n_figures(shown),
        "withheld": len(shown.withheld),
        "worded": shown.worded,
        "scores": list(shown.scores),
        "seconds": shown.seconds,
    }
