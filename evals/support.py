"""A claim and the words it cites → how far they support it, and citation precision and recall."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from evals.matching import contains, normalise
from rag.answer import Answer, Citation, Claim
from rag.checking.figures import find_figures
from rag.splitting.terms import stems
from rag.types import Figure

_MARK = re.compile(r"\[\d+\]")
# "Armenia" in "trade with Armenia"; a sentence's first word is capitalised, whatever it is.
_NAME = re.compile(r"(?<=[a-z0-9,;] )[A-Z][\w-]+")

Level = Literal["full", "partial", "none"]
"""TREC RAG's levels of support (Thakur et al., SIGIR 2025: full, partial, no support)."""

WEIGHTS: dict[Level, float] = {"full": 1.0, "partial": 0.5, "none": 0.0}
"""As TREC RAG's weighted precision and recall count them."""

FULL, PARTIAL = 0.9, 0.5
"""Least share of a claim's stems that stand in the cited words and the source's card. A quotation
has all of them; a word or two may be the claim's own."""


def support_level(claim: str, citations: Sequence[Citation]) -> Level:
    """How far the cited words support the claim.

    A judge without a model, and so the same on every run: each figure of the claim has to stand in
    the cited words with its value and unit, and its words have to be theirs. It takes a paraphrase
    for less than it is, and misses a contradiction in the same words.
    """
    evidence = " ".join(_evidence(citation) for citation in citations)
    if lost_names(claim, evidence):
        return "none"
    said = set(stems(_MARK.sub("", claim)))
    covered = len(said & set(stems(evidence))) / len(said) if said else 0.0
    if covered < PARTIAL or lost_figures(claim, citations):
        return "none"
    return "full" if covered >= FULL else "partial"


def lost_names(claim: str, evidence: str) -> tuple[str, ...]:
    """The claim's capitalised words, inside of a sentence, that the evidence lacks."""
    known = set(stems(evidence))
    found = (match.group() for match in _NAME.finditer(claim))
    return tuple(name for name in found if not set(stems(name)) <= known)


def lost_figures(claim: str, citations: Sequence[Citation]) -> tuple[str, ...]:
    """The claim's figures that stand in none of its cited words, as written."""
    evidence = " . ".join(_evidence(citation) for citation in citations)
    said = _MARK.sub("", claim)
    known = {_key(figure, evidence) for figure in find_figures(evidence)}
    return tuple(
        words
        for figure in find_figures(said)
        if (words := figure.span.of(said))
        and _key(figure, said) not in known
        and not contains(evidence, words)
    )


def _key(figure: Figure, text: str) -> tuple[object, ...]:
    # Two days of one month are read as one period: their words tell them apart.
    words = normalise(figure.span.of(text)) if figure.unit == "day" else ""
    return figure.kind, figure.value, figure.high, figure.unit, words


def citation_recall(answer: Answer) -> float | None:
    """Share of claims that their citations together support in full; None without a claim.

    ALCE (Gao et al., EMNLP 2023), with `support_level` in the place of its entailment model.
    """
    if not answer.claims:
        return None
    full = [support_level(c.text, _cited(answer, c)) == "full" for c in answer.claims]
    return sum(full) / len(full)


def citation_precision(answer: Answer) -> float | None:
    """Share of citations that are not beside the point; None without a citation in a claim.

    ALCE (Gao et al., EMNLP 2023): a citation counts when the claim is supported and the citation
    supports it alone, or the others don't without it.
    """
    useful = [
        _is_useful(claim, citation, _cited(answer, claim))
        for claim in answer.claims
        for citation in _cited(answer, claim)
    ]
    return sum(useful) / len(useful) if useful else None


def weighted_support(answer: Answer) -> float | None:
    """Mean support of claims by their first citation, 0 to 1; None without a claim.

    TREC RAG 2024's weighted support: full 1, partial 0.5, none 0, judged on the first citation.
    """
    if not answer.claims:
        return None
    levels = [support_level(c.text, _first(answer, c)) for c in answer.claims]
    return sum(WEIGHTS[level] for level in levels) / len(levels)


def _is_useful(claim: Claim, citation: Citation, cited: Sequence[Citation]) -> bool:
    if support_level(claim.text, cited) != "full":
        return False
    if support_level(claim.text, [citation]) == "full":
        return True
    return support_level(claim.text, [c for c in cited if c != citation]) != "full"


def _cited(answer: Answer, claim: Claim) -> list[Citation]:
    return [citation for citation in answer.citations if citation.number in claim.citations]


def _first(answer: Answer, claim: Claim) -> list[Citation]:
    """The citation that the claim names first."""
    return [c for c in answer.citations if c.number == next(iter(claim.citations), None)]


def _evidence(citation: Citation) -> str:
    """The cited words with the source's card, which the words that lead in are taken from."""
    source = citation.source
    day = source.published.isoformat() if source.published else ""
    card = f"{source.outlet or ''} {source.title} {source.author or ''} {day}"
    # Words of the lead-in that say nothing of the matter.
    ours = "according the same article report commentary author"
    return f"{citation.cited_text} . {card} . {ours}"
