"""Hits → candidate sentences with their relevance and what they lack; most relevant first."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.answering.instructions import is_instruction
from rag.checking import thresholds
from rag.checking.evidence import Evidence, Fit, concepts_of, fit
from rag.checking.syntax.concepts import concept
from rag.checking.syntax.names import Name, aligned, find_names, is_named
from rag.types import Hit, Passage, Query, Span

Pair = tuple[str, str]
"""A question and a text."""

# "It is the third country": the sentence before says what "it" is.
_LEANS = re.compile(
    r"(?:It|Its|They|Their|Them|He|His|She|Her|This|That|These|Those|Both|Such"
    r"|The former|The latter)\b"
)


_PLACE = 0.01
"""How much less a sentence promises than the one before it, in the order of the hits."""

_ASKS = re.compile(r"\?[\s\"'”’)\]*_]*$")  # a question in an article, or a quiz's, answers nothing


class Scorer(Protocol):
    """What the models say of sentences."""

    def relevance(self, pairs: Sequence[Pair]) -> list[float]:
        """How well each text answers its question: a logit, about -11 to 10."""

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosine of question and text, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer."""

    passage: Passage
    span: Span
    """The words to cite, in the article's body: the sentence, with the one it leans on."""
    fit: Fit
    relevance: float
    """How well it answers the question (cross-encoder logit)."""
    bare: float = -math.inf
    """How well it answers the question without its names."""
    cosine: float = 0.0
    """Cosine of question and words, by the embedding model."""
    said: float = 0.0
    """Share of the question's terms in its words, the rare ones counted for more, 0 to 1."""
    near: float = 0.0
    """The same of its words, its neighbours and the title."""
    lead: float = 0.0
    """How much more relevant it is than the best other one that lacks nothing."""
    behind: float = -math.inf
    """How much more relevant the best one is that tells of something else."""
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
        """Whether nothing that the question asks for is certainly missing in it."""
        return not self.fit.gaps


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a hit, with what its relevance is read from."""

    passage: Passage
    span: Span
    before: Span | None
    """The sentence before, if this one opens with a pronoun and leans on it."""
    evidence: Evidence

    @property
    def cited(self) -> Span:
        return self.span if self.before is None else Span(self.before.start, self.span.end)


def find_sentences(
    query: Query,
    hits: Sequence[Hit],
    scorer: Scorer,
    *,
    n_read: int = thresholds.SENTENCES_READ,
) -> list[Candidate]:
    """The sentences of the hits that may answer, each once, most relevant first."""
    found = [(sentence, fit(query, sentence.evidence)) for sentence in _sentences(hits)]
    names = find_names(query.text)
    promise = [_promise(query, names, s, f) - _PLACE * n for n, (s, f) in enumerate(found)]
    best = sorted(range(len(found)), key=lambda n: -promise[n])[:n_read]
    read = [found[n] for n in sorted(best)]
    pairs = [pair for sentence, _ in read for pair in _pairs(query, sentence)]
    scores = dict(zip(pairs, scorer.relevance(pairs), strict=True))
    weights = rarity(query, hits)
    candidates = [
        Candidate(
            s.passage,
            s.cited,
            fitting,
            _relevance(query, s, scores),
            said=_weighed(weights, s.evidence.told),
            near=_weighed(weights, s.evidence.reach),
        )
        for s, fitting in read
    ]
    return sorted(candidates, key=lambda candidate: -candidate.relevance)


def rarity(query: Query, hits: Sequence[Hit]) -> dict[str, float]:
    """Concept of each of the question's terms → how few of the hits have it: an idf over them.

    A term that every hit has tells little; one that none has is what is missing.
    """
    texts = [concepts_of(f"{hit.passage.source.title} {hit.passage.text}") for hit in hits]
    return {
        term: math.log((len(texts) + 1) / (sum(term in text for text in texts) + 0.5))
        for term in map(concept, query.terms)
    }


def _weighed(weights: dict[str, float], text: str) -> float:
    present = concepts_of(text)
    total = sum(weights.values())
    found = sum(weight for term, weight in weights.items() if term in present)
    return found / total if total else 1.0


def _promise(query: Query, names: Sequence[Name], sentence: _Sentence, fitting: Fit) -> float:
    """What a sentence promises before a model reads it: the question's words and names in it.

    Weights by eye; what they lose is told at `thresholds.SENTENCES_READ`.
    """
    before = sentence.evidence.before if sentence.before is not None else ""
    said = f"{before} {sentence.evidence.sentence}"
    present = concepts_of(said)
    words = _share([concept(term) in present for term in query.terms])
    named = _share([is_named(name, said) for name in names])
    lacking = bool(fitting.gaps) + 0.5 * bool(fitting.doubts)
    return 2 * words + fitting.terms + named - lacking


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def _sentences(hits: Sequence[Hit]) -> Iterator[_Sentence]:
    seen: set[str] = set()
    for hit in hits:
        passage = hit.passage
        said = [passage.sentence(span) for span in passage.sentences]
        for n, span in enumerate(passage.sentences):
            if said[n] in seen or _ASKS.search(said[n]) or is_instruction(said[n]):
                continue
            seen.add(said[n])
            evidence = Evidence(
                sentence=said[n],
                before=said[n - 1] if n else "",
                after=said[n + 1] if n + 1 < len(said) else "",
                title=passage.source.title,
                published=passage.source.published,
                passage=passage.text,
                leans=_leans_on(passage, n) is not None,
            )
            yield _Sentence(passage, span, _leans_on(passage, n), evidence)


def _leans_on(passage: Passage, n: int) -> Span | None:
    """The sentence before, if this one opens with a pronoun and is not understood without it."""
    if n == 0 or not _LEANS.match(passage.sentence(passage.sentences[n])):
        return None
    before = passage.sentences[n - 1]
    between = passage.sentence(Span(before.end, passage.sentences[n].start))
    return before if not between.strip() else None


def _pairs(query: Query, sentence: _Sentence) -> Iterator[Pair]:
    """What the cross-encoder has to read for a sentence."""
    title = sentence.evidence.title
    spans = (
        (sentence.span,)
        if sentence.before is None
        else (sentence.span, sentence.before, sentence.cited)
    )
    for span in spans:
        yield _reading(query, sentence.passage.sentence(span), title)


def _reading(query: Query, quote: str, title: str) -> Pair:
    """What is read for a quote: behind its title where only that names what is asked about.

    Naming countries as the quote does and adding such titles lifts the right sentence to the first
    place in .811 of the questions of `dev.jsonl`, from .757.
    """
    asked = aligned(query.text, quote)
    absent = [name for name in find_names(query.text) if not is_named(name, quote)]
    titled = bool(absent) and all(is_named(name, title) for name in absent)
    return asked, f"{title}. {quote}" if titled else quote


def _relevance(query: Query, sentence: _Sentence, scores: dict[Pair, float]) -> float:
    def of(span: Span) -> float:
        quote = sentence.passage.sentence(span)
        return scores[_reading(query, quote, sentence.evidence.title)]

    alone = of(sentence.span)
    if sentence.before is None:
        return alone
    # Together with the sentence before it counts only where the two say more than that one does.
    together = of(sentence.cited)
    return together if together - of(sentence.before) > thresholds.JOINT_LEAD else alone
