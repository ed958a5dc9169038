"""The answer: claims, citations, conflicts or a refusal, and the JSON that leaves the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.types import Figure, Source, Span

SCHEMA = 1
"""Version of the JSON contract, docs/json.md."""

Verdict = Literal["supported", "contradicted", "unsupported", "uncited"]
FigureState = Literal["verified", "computed", "not_verified"]
ConflictKind = Literal["update", "scope", "disagreement"]
RefusalReason = Literal[
    "empty_index",
    "off_topic",
    "not_in_sources",
    "figure_not_given",
    "other_period",
    "other_subject",
]
Mode = Literal["extractive", "llm"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer to the exact words an answer rests on."""

    number: int
    """As printed, from 1."""
    source: Source
    cited_text: str
    """Equal to the article's `body[span.start:span.end]`, always."""
    span: Span
    """Where the words stand in the article's body."""


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of a claim and what became of its check."""

    text: str
    """As it stands in the claim."""
    figure: Figure
    state: FigureState
    citation: int | None
    """Number of the citation that bears it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer with its verdict."""

    text: str
    span: Span
    """Where it stands in the answer's text."""
    verdict: Verdict
    reason: str
    citations: tuple[int, ...]
    """Numbers of the citations it rests on."""
    figures: tuple[CheckedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """A drafted sentence that failed its check and is not shown as fact."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One side of a conflict."""

    figure: str
    """As the source words it."""
    citation: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that give different figures for one thing."""

    subject: str
    kind: ConflictKind
    sides: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no answer is given, and what comes nearest."""

    reason: RefusalReason
    text: str
    """The same for a reader, in a sentence."""
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown, scored and exported: the one result of the journey."""

    question: str
    """As asked."""
    query: str
    """The standalone question that was searched."""
    mode: Mode
    text: str
    """The answer in words with its `[n]` marks; a refusal's sentence when refused. Never empty."""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    """In the order of their numbers."""
    conflicts: tuple[Conflict, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    refusal: Refusal | None = None
    notice: str | None = None
    """Something the reader should know about how the answer came about."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time per stage, in seconds: retrieve, answer, verify, total."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON contract of docs/json.md."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "query": self.query,
            "mode": self.mode,
            "answer": self.text,
            "refusal": None if self.refusal is None else _refusal(self.refusal),
            "claims": [_claim(claim) for claim in self.claims],
            "withheld": [{"text": w.text, "reason": w.reason} for w in self.withheld],
            "citations": [_citation(citation) for citation in self.citations],
            "conflicts": [_conflict(conflict) for conflict in self.conflicts],
            "notice": self.notice,
            "seconds": dict(self.seconds),
        }


def _citation(citation: Citation) -> dict[str, Any]:
    source = citation.source
    return {
        "number": citation.number,
        "article_id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "published": source.published.isoformat() if source.published else None,
        "url": source.url,
        "path": source.path,
        "cited_text": citation.cited_text,
        "start_char_index": citation.span.start,
        "end_char_index": citation.span.end,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "start": claim.span.start,
        "end": claim.span.end,
        "verdict": claim.verdict,
        "reason": claim.reason,
        "citations": list(claim.citations),
        "figures": [
            {
                "text": checked.text,
                "value": str(checked.figure.value),
                "unit": checked.figure.unit,
                "kind": checked.figure.kind,
                "state": checked.state,
                "citation": checked.citation,
            }
            for checked in claim.figures
        ],
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "subject": conflict.subject,
        "kind": conflict.kind,
        "sides": [{"figure": s.figure, "citation": s.citation} for s in conflict.sides],
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "reason": refusal.reason,
        "text": refusal.text,
        "nearest": [_citation(citation) for citation in refusal.nearest],
    }
