"""Hits → the sentences that answer the question, best first, each with what speaks for and against it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rag.checking import thresholds
from rag.checking.evidence import Evidence, Fit, fit
from rag.checking.wanted import gives_reason
from rag.checking.names import aligned, find_names, is_named
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
    bare: float = -math.inf
    """How well it answers the question without its names."""
    cosine: float = 0.0
    """Cosine of question and words, by the embedding model."""
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
    found = _sentences(query, hits, scorer)
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
    alone = {
        sentence: _relevance(query, sentence, evidence, scorer)
        for sentence, (_, _, evidence) in found.items()
    }
    candidates = []
    for sentence, (passage, span, evidence) in found.items():
        quoted, score = span, alone[sentence]
        if leans_on := _leans_on(passage, span):
            joined = Span(leans_on.start, span.end)
            together = _relevance(query, passage.sentence(joined), evidence, scorer)
            # The pair only counts where it says more than the sentence before does alone.
            quoted = joined
            lead = together - alone[passage.sentence(leans_on)]
            score = together if lead > thresholds.JOINT_LEAD else score
        candidates.append(Candidate(passage, quoted, fit(query, evidence), score))
    return sorted(candidates, key=lambda c: -c.relevance)


def _relevance(query: Query, quote: str, evidence: Evidence, scorer: Scorer) -> float:
    """The quote's relevance; where only the title names what is asked about, with the title before it.

    Naming countries as the quote does and adding such titles lifts the right sentence to the first
    place in .811 of the development questions, from .757.
    """
    asked = aligned(query.text, quote)
    (score,) = scorer.relevance(asked, [quote])
    absent = [name for name in find_names(query.text) if not is_named(name, quote)]
    if absent and all(is_named(name, evidence.title) for name in absent):
        (titled,) = scorer.relevance(asked, [f"{evidence.title}. {quote}"])
        return max(score, titled)
    return score


def _evidence(passage: Passage, n: int) -> Evidence:
    said = [passage.sentence(span) for span in passage.sentences]
    return Evidence(
        sentence=said[n],
        before=said[n - 1] if n else "",
        after=said[n + 1] if n + 1 < len(said) else "",
        title=passage.source.title,
        published=passage.source.published,
        passage=passage.text,
    )


def _leans_on(passage: Passage, span: Span) -> Span | None:
    """The sentence before, if this one opens with a pronoun and would not be understood without it."""
    place = passage.sentences.index(span)
    if place == 0 or not _LEANS.match(passage.sentence(span)):
        return None
    before = passage.sentences[place - 1]
    between = passage.sentence(Span(before.end, span.start))
    return before if not between.strip() else None


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
        _weighed(query, replace(c, bare=b, cosine=cos))
        for c, b, cos in zip(candidates, without_names, cosines, strict=True)
    ]


def _weighed(query: Query, candidate: Candidate) -> Candidate:
    logit = thresholds.CONSTANT + sum(
        weight * value for weight, value in zip(thresholds.WEIGHTS, features(candidate), strict=True)
    )
    order = candidate.relevance + 0.1 * candidate.bare + 10 * candidate.cosine
    if query.wanted == "reason" and gives_reason(candidate.text):
        order += thresholds.REASON_BONUS
    return replace(candidate, order=order, confidence=1 / (1 + math.exp(-logit)))


def features(candidate: Candidate) -> tuple[float, float, float, float]:
    """What the confidence is estimated from; all about one wide."""
    return (
        candidate.relevance / 5,
        candidate.bare / 5,
        10 * (candidate.cosine - 0.65),
        candidate.fit.terms,
    )


def _repeats(one: Candidate, other: Candidate) -> bool:
    left, right = set(stems(one.text)), set(stems(other.text))
    overlaps = one.passage.source == other.passage.source and not (
        one.span.end <= other.span.start or other.span.end <= one.span.start
    )
    return overlaps or len(left & right) > 0.6 * min(len(left), len(right))
