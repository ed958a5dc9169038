"""Candidates that don't answer → why not, in words for a reader, and the nearest of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer import RefusalReason
from rag.answering.candidates import Candidate
from rag.checking import thresholds
from rag.checking.asking.wanted import FIGURE_KINDS
from rag.checking.evidence import Gap
from rag.checking.figures import find_figures
from rag.checking.refusal import reason_for, reason_text
from rag.checking.syntax.names import find_names, is_named
from rag.types import Query

N_NEAREST = 3
_WHICH = re.compile(r"\b(?:which|who|whom|whose|where)\b", re.IGNORECASE)
_TELLING = re.compile(
    r"\b(?:say|said|think|react(?:ed)?|repl(?:y|ied)|respond(?:ed)?|announced?|why|how did)\b", re.I
)  # "How did Spain react": what others said is no sibling of it


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a question is not answered."""

    reason: RefusalReason
    text: str
    """The reason in a sentence."""
    nearest: tuple[Candidate, ...]
    """The nearest words, those that the text tells of first."""


def explain(query: Query, candidates: Sequence[Candidate]) -> Explanation:
    """Why none of the candidates answers."""
    by_relevance = sorted(candidates, key=lambda c: -c.relevance)
    if not by_relevance or _is_off_topic(query, by_relevance):
        text = reason_text("off_topic", query)
        return Explanation("off_topic", text, tuple(by_relevance[:N_NEAREST]))
    floor = by_relevance[0].relevance - thresholds.SIBLING_BEHIND
    siblings = [c for c in by_relevance if c.relevance >= floor and is_sibling(query, c)]
    first = max(siblings, key=_kinship, default=by_relevance[0])
    reason = reason_for(query, _elsewhere(first) if siblings else frozenset())
    rest = [c for c in by_relevance if c is not first]
    return Explanation(
        reason, reason_text(reason, query, first.text), (first, *rest[: N_NEAREST - 1])
    )


def _kinship(candidate: Candidate) -> float:
    """How much a sentence is about the same thing as the question."""
    alone = len(_elsewhere(candidate)) == 1
    return candidate.relevance / 5 + candidate.said + alone


def _elsewhere(candidate: Candidate) -> frozenset[Gap]:
    return candidate.fit.gaps | (candidate.fit.doubts & {"subject"})


def is_sibling(query: Query, candidate: Candidate) -> bool:
    """Whether it gives just what is asked, of another party or for another period."""
    gaps = _elsewhere(candidate)
    relevance, said = candidate.relevance, candidate.said
    if query.wanted not in FIGURE_KINDS and gaps == {"figure"}:
        return said >= thresholds.SIBLING_TERMS  # another rank: "the third-largest buyer"
    sure = "figure" not in candidate.fit.doubts or (
        gaps == {"period"} and relevance > thresholds.SIBLING_ALONE
    )
    if not gaps or not gaps <= {"period", "subject"} or not sure:
        return False
    if query.wanted in FIGURE_KINDS:
        some = said > 0 and relevance > thresholds.SIBLING_RELEVANCE
        return some or relevance > thresholds.SIBLING_ALONE or said >= thresholds.SIBLING_TERMS
    if "subject" in gaps and not _asks_for_one(query, candidate):
        return False
    return relevance > thresholds.SIBLING_ALONE or said >= thresholds.SIBLING_TERMS


def _asks_for_one(query: Query, candidate: Candidate) -> bool:
    """Whether what is asked is one thing that every party may have: which jets, how large."""
    if _WHICH.search(query.text) or query.wanted == "yes_no":
        return True
    amounts = any(figure.kind != "date" for figure in find_figures(candidate.text))
    return query.wanted == "open" and amounts and not _TELLING.search(query.text)


def _is_off_topic(query: Query, by_relevance: Sequence[Candidate]) -> bool:
    """Whether nothing relevant was found, nor anything that bears the question's names or terms."""
    best = by_relevance[0].relevance
    if best >= thresholds.OFF_TOPIC_RELEVANCE:
        return False
    names = find_names(query.text)
    named = any(is_named(name, c.text) for name in names for c in by_relevance)
    return not named
