"""A claim's sentence and the cited ones → what of it they lack, and the models' score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.checking.claims.added import added_words
from rag.checking.claims.alignment import content_keys, tokens
from rag.checking.claims.replaced import is_framing
from rag.checking.claims.turned import turns
from rag.checking.support import Scorer, judge, signals
from rag.checking.syntax.concepts import concepts
from rag.checking.syntax.wordclasses import ANAPHORS
from rag.checking.thresholds import LEAST_HELD
from rag.splitting.sentences import split_sentences
from rag.types import Span

RESULTS = content_keys(
    tokens(
        """total together combined altogether sum average difference more less fewer share
        proportion times twice double triple growth grew rose fell increase decrease exceed
        higher lower greater larger smaller longer shorter older younger heavier lighter"""
    )
)
"""Words that call for a result, which no cited sentence need have."""
_CONTEXT = 3
"""Sentences before a cited one that it may go on about without naming it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the cited words, and what stands before it."""

    text: str
    before: str
    around: str
    """What stands before the cited words, the title and the outlet."""


@dataclass(frozen=True, slots=True)
class Absent:
    """What the cited words lack of a claim."""

    words: tuple[str, ...]
    held: float
    """Share of the claim's telling words that they hold, 0 to 1."""


def absent_telling(claim: str, cited: Sequence[Told], *, computed: bool = False) -> Absent:
    """What of a claim's telling words the cited words lack; a name may stand around them.

    Args:
        claim: One sentence.
        cited: The cited sentences.
        computed: Whether words that call for a result are the claim's own.
    """
    words = tokens(claim)
    own = [
        w for i, w in enumerate(words) if w.content and not is_framing(w) and not turns(words, i)
    ]
    if computed:
        own = [w for w in own if w.key not in RESULTS and not w.low.endswith("er")]
    held = content_keys(tokens(" ".join(told.text for told in cited)))
    around = content_keys(tokens(" ".join(f"{told.around} {told.before}" for told in cited)))
    absent = [w for w in own if w.key not in held]
    lacking = [w for w in absent if not (w.text[0].isupper() and w.key in around)]
    said = tuple(dict.fromkeys(word.text for word in lacking))
    return Absent(said, 1 - len(lacking) / len(own) if own else 1.0)


def unsaid_words(claim: str, cited: Sequence[Told], *, computed: bool = False) -> str:
    """The words of a claim that the cited ones say in no form, for a reader, or empty."""
    added = added_words(
        tokens(claim),
        tokens(" ".join(told.text for told in cited)),
        tokens(" ".join(f"{told.around} {told.before}" for told in cited)),
        tokens(" ".join(_before(told) for told in cited)),
        RESULTS if computed else frozenset(),
    )
    return f"the words cited lack {_listed(added)}" if added else ""


def support_of(claim: str, cited: Sequence[Told], scorer: Scorer) -> float:
    """What models say: the estimated probability that the cited sentences support the claim."""
    texts = [_in_context(told) for told in cited]
    together = " ".join(texts)
    # The nearest one alone, and all together: more take longer and tell no more.
    own = concepts(claim)
    nearest = max(texts, key=lambda text: len(own & concepts(text)))
    read = list(dict.fromkeys([nearest, together]))
    relevance = scorer.relevance([(claim, text) for text in read])
    similarity = scorer.similarity(claim, read)
    found = signals(claim, texts, similarity=max(similarity), relevance=max(relevance))
    # Figures, names and denials have been looked at apart.
    return judge(replace(found, figures=(), strangers=(), opposed=False)).score


def _in_context(told: Told) -> str:
    """A cited sentence, with the one before it where it refers back: "its repair"."""
    if not ANAPHORS & {word.low for word in tokens(told.text)}:
        return told.text
    spans = split_sentences(told.before, Span(0, len(told.before)))
    return f"{spans[-1].of(told.before)} {told.text}" if spans else told.text


def _before(told: Told) -> str:
    spans = split_sentences(told.before, Span(0, len(told.before)))
    return " ".join(span.of(told.before) for span in spans[-_CONTEXT:])


def too_few_held(claim: str, cited: Sequence[Told], *, computed: bool) -> str:
    """The words that the cited ones lack where they hold too few, for a reader, or empty."""
    absent = absent_telling(claim, cited, computed=computed)
    return f"the words cited lack {_listed(absent.words)}" if absent.held < LEAST_HELD else ""


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
