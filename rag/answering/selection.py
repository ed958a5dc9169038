"""Judged candidates → the few that together say most of what a wide question asks, each thing once.

Chosen by maximal marginal relevance (Carbonell & Goldstein, SIGIR 1998): the next sentence is the
most relevant one that repeats least of those before it, and what the question asks for and they
lack counts for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from rag.answering.candidates import Candidate
from rag.checking.evidence import concepts_of
from rag.checking.figures import find_figures
from rag.splitting.terms import stems
from rag.types import Query, Span

MAX_SENTENCES = 6
"""Of an answer to a wide question; most need three to five."""
MAX_A_SIDE = 2
"""Sentences for each of two things that are compared."""

LEAST_RELEVANCE = -3.5
"""A sentence on a topic has at least this relevance to its bare name. Of 32 questions of the
development half of `open`: those on the topic have -3.0 to 6.6, those off it -4.2 to -11."""
BEHIND = 6.5
"""On a topic, a sentence is at most this much less relevant than the best; same questions."""

SIDE_RELEVANCE = -1.0
SIDE_BEHIND = 3.0
"""The same of each of two things compared, where one sentence mostly is enough."""

MORE_CONFIDENCE = 0.4
"""A further sentence of a list, or a further reason, has at least this estimated probability."""
MORE_BEHIND = 5.0
"""... and its order is at most this much below the best's."""

NEW_SHARE = 0.5
"""Weight of what is new in a sentence against its relevance: the lambda of the paper, as 1 - it."""
ASPECT_SHARE = 0.3
"""Weight of the question's words that no sentence chosen before has."""
FIGURE_SHARE = 0.1
"""Weight of a figure: what a sentence with one says is seldom said by another."""
LEAST_GAIN = -0.15
"""A sentence that gains less is not worth its place."""

MOST_NEW = 4
"""A sentence with so few words that the question has not says little but that more follows."""
_SAYING = frozenset(stems("accord articl author report say said write state add already now see"))

Repeats = Callable[[Candidate, Candidate], bool]
"""Whether the first says what the second does."""


def on_topic(
    candidates: Sequence[Candidate], *, least: float = LEAST_RELEVANCE, behind: float = BEHIND
) -> list[Candidate]:
    """The candidates that tell of a topic, most relevant first."""
    able = sorted((c for c in candidates if c.is_admissible), key=lambda c: -c.relevance)
    floor = max(least, able[0].relevance - behind) if able else least
    return [c for c in able if c.relevance >= floor]


def further(chosen: Sequence[Candidate], candidates: Sequence[Candidate]) -> list[Candidate]:
    """What was chosen, and the candidates that may add to it, best first."""
    best = max(c.order for c in chosen)
    more = [
        c
        for c in candidates
        if c.is_admissible
        and c not in chosen
        and c.confidence >= MORE_CONFIDENCE
        and c.order >= best - MORE_BEHIND
    ]
    return [*chosen, *more]


def announced(query: Query, candidate: Candidate) -> Candidate:
    """The candidate with the sentence behind it, where it only says that something follows.

    "Effects can already be seen." answers no question about the effects; what comes next does.
    """
    new = set(stems(candidate.text)) - set(stems(query.text)) - _SAYING
    at = next(
        (n for n, s in enumerate(candidate.passage.sentences) if s.end == candidate.span.end), -1
    )
    if len(new) > MOST_NEW or not 0 <= at < len(candidate.passage.sentences) - 1:
        return candidate
    follows = candidate.passage.sentences[at + 1]
    between = candidate.passage.sentence(Span(candidate.span.end, follows.start))
    if between.strip() or "\n" in between:
        return candidate
    return replace(candidate, span=Span(candidate.span.start, follows.end))


def select(
    candidates: Sequence[Candidate],
    aspects: Sequence[str],
    repeats: Repeats,
    *,
    most: int = MAX_SENTENCES,
    sure: int = 1,
) -> tuple[Candidate, ...]:
    """The candidates to show, in the order chosen.

    Args:
        candidates: What may be shown, best first.
        aspects: Concepts that the question asks about.
        repeats: Whether one says what another does.
        most: How many to choose at most.
        sure: How many of the first are taken in any case.
    """
    chosen = list(candidates[:sure])
    rest = list(candidates[sure:])
    if not chosen:
        return ()
    high = max(c.relevance for c in candidates)
    while rest and len(chosen) < most:
        rest = [c for c in rest if not any(repeats(c, other) for other in chosen)]
        gains = [_gain(c, chosen, aspects, 1 - (high - c.relevance) / BEHIND) for c in rest]
        best = max(range(len(rest)), key=gains.__getitem__, default=None)
        if best is None or gains[best] < LEAST_GAIN:
            break
        chosen.append(rest.pop(best))
    return tuple(chosen)


def _gain(
    candidate: Candidate, chosen: Sequence[Candidate], aspects: Sequence[str], relevance: float
) -> float:
    words = concepts_of(candidate.text)
    told = [concepts_of(other.text) for other in chosen]
    alike = max(len(words & other) / max(min(len(words), len(other)), 1) for other in told)
    lacking = {aspect for aspect in aspects if not any(aspect in other for other in told)}
    covered = len(lacking & words) / len(lacking) if lacking else 0.0
    figures = any(figure.kind not in {"date", "rank"} for figure in find_figures(candidate.text))
    told_anew = ASPECT_SHARE * covered + FIGURE_SHARE * figures
    return (1 - NEW_SHARE) * relevance - NEW_SHARE * alike + told_anew


def by_date(chosen: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Article by article, the earliest first and undated ones last, each in its own order."""
    first: dict[str, int] = {}
    for n, candidate in enumerate(chosen):
        first.setdefault(candidate.passage.source.article_id, n)

    def place(candidate: Candidate) -> tuple[date, int, int]:
        source = candidate.passage.source
        return source.published or date.max, first[source.article_id], candidate.span.start

    return tuple(sorted(chosen, key=place))
