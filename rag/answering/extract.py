"""Hits → the sentences that answer the question, best first, each with what speaks for and against it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.checking import thresholds
from rag.checking.evidence import Evidence, Fit, fit
from rag.checking.names import find_names
from rag.splitting.terms import stems
from rag.types import Hit, Passage, Query, Span

# "It is the third country": the sentence before says what "it" is.
_LEANS = re.compile(
    r"(?:It|Its|They|Their|Them|He|His|She|Her|This|That|These|Those|Both|Such|The former|The latter)\b"
)
_LEFT_OVER = re.compile(r"\b(?:to|from|in|at|with|between|and|of|by|for|against|on|near)\s*$")
_POSSESSIVE = re.compile(r"^['’]s?\b")


class Scorer(Protocol):
    """What the models say of sentences."""

    def relevance(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers: a logit, about -11 to 10."""

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosine of question and text, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer."""

    passage: Passage
    span: Span
    """The words to cite, in the article's body: the sentence, with the one before if it leans on it."""
    fit: Fit
    relevance: float
    """How well it answers the question (cross-encoder logit)."""
    order: float = -math.inf
    """Orders one question's candidates."""
    confidence: float = 0.0
    """Estimated probability that it answers, 0 to 1."""

    @property
    def text(self) -> str:
        """The words to cite."""
        return self.passage.sentence(self.span)

    @property
    def is_admissible(self) -> bool:
        """Whether nothing that the question asks for is missing in it."""
        waived = self.relevance >= thresholds.WAIVE_RELEVANCE
        return not self.fit.gaps and (waived or not self.fit.doubts)


def find_candidates(query: Query, hits: Sequence[Hit], scorer: Scorer) -> tuple[Candidate, ...]:
    """Candidates of the best passages: the admissible ones first, best first, then the others by relevance."""
    found = _sentences(query, hits[: thresholds.PASSAGES_READ], scorer)
    judged = [c for c in found if c.is_admissible][: thresholds.SENTENCES_JUDGED]
    rest = [c for c in found if not c.is_admissible]
    ranked = sorted(_judged(query, judged, scorer), key=lambda c: -c.order)
    return (*ranked, *rest)


def choose(query: Query, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates to show: the best, and close seconds that say something else."""
    fit_to_show = [c for c in candidates if c.is_admissible and c.order > -math.inf]
    if not fit_to_show or fit_to_show[0].confidence < thresholds.MIN_CONFIDENCE:
        return ()
    chosen = [fit_to_show[0]]
    floor = fit_to_show[0].order - thresholds.SECOND_MARGIN
    for candidate in fit_to_show[1:]:
        if candidate.order < floor or len(chosen) == thresholds.MAX_SENTENCES:
            break
        if not any(_repeats(candidate, other) for other in chosen):
            chosen.append(candidate)
    return tuple(chosen)


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


def _sentences(query: Query, hits: Sequence[Hit], scorer: Scorer) -> list[Candidate]:
    """Every sentence of the hits once, most relevant first."""
    found: dict[str, tuple[Passage, Span, Evidence]] = {}
    for hit in hits:
        passage = hit.passage
        for n, span in enumerate(passage.sentences):
            evidence = _evidence(passage, n)
            found.setdefault(evidence.sentence, (passage, span, evidence))
    relevance = scorer.relevance(query.text, list(found))
    candidates = [
        Candidate(passage, _quoted(passage, span), fit(query, evidence), score)
        for (passage, span, evidence), score in zip(found.values(), relevance, strict=True)
    ]
    return sorted(candidates, key=lambda c: -c.relevance)


def _evidence(passage: Passage, n: int) -> Evidence:
    said = [passage.sentence(span) for span in passage.sentences]
    return Evidence(
        sentence=said[n],
        before=said[n - 1] if n else "",
        after=said[n + 1] if n + 1 < len(said) else "",
        title=passage.source.title,
        published=passage.source.published,
    )


def _quoted(passage: Passage, span: Span) -> Span:
    """The span to cite: a sentence that opens with a pronoun is cited with the one before it."""
    place = passage.sentences.index(span)
    if place == 0 or not _LEANS.match(passage.sentence(span)):
        return span
    before = passage.sentences[place - 1]
    between = passage.sentence(Span(before.end, span.start))
    return Span(before.start, span.end) if not between.strip() else span


def _judged(query: Query, candidates: list[Candidate], scorer: Scorer) -> list[Candidate]:
    texts = [c.text for c in candidates]
    bare = bare_question(query.text)
    without_names = (
        scorer.relevance(bare, texts)
        if bare != query.text and stems(bare)
        else [c.relevance for c in candidates]
    )
    cosines = scorer.similarity(query.text, texts)
    return [
        replace(c, order=c.relevance + 0.1 * b + 10 * cos, confidence=_confidence(c, b, cos))
        for c, b, cos in zip(candidates, without_names, cosines, strict=True)
    ]


def _confidence(candidate: Candidate, bare: float, cosine: float) -> float:
    logit = (
        thresholds.CONSTANT
        + thresholds.PER_RELEVANCE * candidate.relevance
        + thresholds.PER_BARE * bare
        + thresholds.PER_COSINE * (cosine - thresholds.COSINE_ZERO)
        + thresholds.PER_TERMS * candidate.fit.terms
    )
    return 1 / (1 + math.exp(-logit))


def _repeats(one: Candidate, other: Candidate) -> bool:
    left, right = set(stems(one.text)), set(stems(other.text))
    overlaps = one.passage.source == other.passage.source and not (
        one.span.end <= other.span.start or other.span.end <= one.span.start
    )
    return overlaps or len(left & right) > 0.6 * min(len(left), len(right))
