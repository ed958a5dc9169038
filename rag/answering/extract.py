"""Candidate sentences → those that answer the question, best first, with a confidence."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from rag.answering.candidates import Candidate, Scorer, find_sentences
from rag.checking import thresholds
from rag.checking.asking.wanted import gives_reason
from rag.checking.evidence import ELSEWHERE
from rag.checking.figures import find_figures
from rag.checking.syntax.names import find_names
from rag.splitting.terms import stems
from rag.types import Hit, Query

_LEFT_OVER = re.compile(r"\b(?:to|from|in|at|with|between|and|of|by|for|against|on|near)\s*$")
_POSSESSIVE = re.compile(r"^['’]s?\b")


def find_candidates(
    query: Query,
    hits: Sequence[Hit],
    scorer: Scorer,
    *,
    n_read: int = thresholds.SENTENCES_READ,
) -> tuple[Candidate, ...]:
    """Candidates: the best admissible ones in order, then the others by relevance."""
    found = find_sentences(query, hits, scorer, n_read=n_read)
    able = [c for c in found if c.is_admissible]
    judged = [_placed(c, found) for c in able[: thresholds.SENTENCES_JUDGED]]
    ranked = sorted(judge_closely(query, judged, scorer), key=lambda c: -c.order)
    return (*ranked, *able[thresholds.SENTENCES_JUDGED :], *(c for c in found if c not in able))


def _placed(candidate: Candidate, found: Sequence[Candidate]) -> Candidate:
    """The candidate with how its relevance stands to that of all the others."""
    rivals = [c.relevance for c in found if c.is_admissible and c.span != candidate.span]
    others = [c.relevance for c in found if c.fit.gaps & ELSEWHERE]
    return replace(
        candidate,
        lead=candidate.relevance - max(rivals, default=-math.inf),
        behind=max(others, default=-math.inf) - candidate.relevance,
    )


def choose(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates to show: the best, and close seconds that say something else."""
    able = [c for c in candidates if c.is_admissible and c.order > -math.inf]
    if not able or able[0].confidence < thresholds.MIN_CONFIDENCE or able[0] != candidates[0]:
        return ()
    chosen = [able[0]]
    floor = able[0].order - thresholds.SECOND_MARGIN
    for candidate in able[1:]:
        if candidate.order < floor or len(chosen) == thresholds.MAX_SENTENCES:
            break
        sure = candidate.confidence >= thresholds.MIN_CONFIDENCE
        if sure and not any(repeats(candidate, other) for other in chosen):
            chosen.append(candidate)
    return _latest_first(chosen)


def combine(chosen: Sequence[Sequence[Candidate]]) -> tuple[Candidate, ...]:
    """What was chosen for each part of a question, in their order and each once."""
    found: list[Candidate] = []
    for candidates in chosen:
        found.extend(c for c in candidates if not any(repeats(c, other) for other in found))
    return tuple(found)


def repeats(one: Candidate, other: Candidate) -> bool:
    """Whether one says what the other does: shared words, or most of the same stems and figures."""
    apart = one.span.end <= other.span.start or other.span.end <= one.span.start
    if one.passage.source == other.passage.source and not apart:
        return True
    return _is_alike(one, other) and not _differs(one, other)


def _latest_first(chosen: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The latest first, where articles of different dates tell the same thing otherwise."""
    first = chosen[0]
    told = [c for c in chosen if c is first or (_is_alike(c, first) and _differs(c, first))]
    if any(c.passage.source.published is None for c in told):
        return tuple(chosen)
    told.sort(key=lambda c: c.passage.source.published or date.min, reverse=True)
    return (*told, *(c for c in chosen if c not in told))


def bare_question(question: str) -> str:
    """The question without its proper names: what is asked about them.

    A sentence that is relevant only because of the names it shares is not relevant to this.

    >>> bare_question("Who is India's ambassador in Baku?")
    'Who is ambassador ?'
    """
    text = question
    for name in reversed(find_names(question)):
        before = _LEFT_OVER.sub("", text[: name.span.start].rstrip())
        after = _POSSESSIVE.sub("", text[name.span.end :])
        text = f"{before.rstrip()} {after.lstrip()}"
    return " ".join(text.split())


def features(candidate: Candidate) -> tuple[float, ...]:
    """What the confidence is estimated from; all about one wide."""
    doubts = candidate.fit.doubts
    if candidate.relevance >= thresholds.WAIVE_RELEVANCE and len(doubts) == 1:
        doubts = frozenset()
    return (
        candidate.relevance / 5,
        10 * (candidate.cosine - 0.65),
        candidate.said,
        candidate.near,
        max(-1.0, min(1.0, candidate.lead / 5)),
        max(0.0, min(1.2, candidate.behind / 5)),
        float(bool(doubts)),
        float("subject" in doubts),
        float(len(doubts) > 1),
    )


def judge_closely(query: Query, candidates: list[Candidate], scorer: Scorer) -> list[Candidate]:
    """The candidates compared closely: with their order and confidence, in the order given."""
    texts = [c.text for c in candidates]
    bare = bare_question(query.text)
    has_names = bare != query.text and bool(stems(bare))
    without_names = (
        scorer.relevance([(bare, text) for text in texts])
        if has_names
        else [c.relevance for c in candidates]
    )
    cosines = scorer.similarity(query.text, texts)
    return [
        _weighed(query, replace(c, bare=b, cosine=cosine))
        for c, b, cosine in zip(candidates, without_names, cosines, strict=True)
    ]


def _weighed(query: Query, candidate: Candidate) -> Candidate:
    logit = thresholds.CONSTANT + sum(
        weight * value
        for weight, value in zip(thresholds.WEIGHTS, features(candidate), strict=True)
    )
    order = candidate.relevance + 0.1 * candidate.bare + 10 * candidate.cosine
    if query.wanted == "reason" and gives_reason(candidate.text):
        order += thresholds.REASON_BONUS
    return replace(candidate, order=order, confidence=1 / (1 + math.exp(-logit)))


def _is_alike(one: Candidate, other: Candidate) -> bool:
    left, right = set(stems(one.text)), set(stems(other.text))
    return len(left & right) > thresholds.SAME_STEMS * min(len(left), len(right))


def _differs(one: Candidate, other: Candidate) -> bool:
    """Whether each gives a figure that the other does not: the same thing told otherwise."""
    left, right = _amounts(one.text), _amounts(other.text)
    return bool(left - right) and bool(right - left)


def _amounts(text: str) -> set[tuple[str, Decimal]]:
    return {(f.unit, f.value) for f in find_figures(text) if f.kind != "date"}
