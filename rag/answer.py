"""The answer: claims, citations, conflicts or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from rag.types import Figure, Source, Span, Turn

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
class Usage:
    """What a language model was asked for an answer."""

    model: str
    """Name that its server knows it by."""
    host: str | None
    """Where passages were sent; None when they stayed on this machine."""
    requests: int
    """Requests that were sent, those that failed among them."""
    prompt_tokens: int | None
    """As the server counts them; None where it does not say."""
    completion_tokens: int | None
    cost: Decimal | None = None
    """Estimated, in the currency of the prices in the settings; None without prices."""


@dataclass(frozen=True, slots=True)
class Working:
    """What is being done while there is nothing more to show."""

    words: str
    """For a reader: "Asking llama3.1 …"."""


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
    confidence: float | None = None
    """Estimated probability that it answers, 0 to 1; None where none is estimated."""
    notice: str | None = None
    """Something the reader should know about how the answer came about."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time per stage, in seconds: retrieve, answer, verify, total; with a model also
    first_token and first_claim, from the question on."""
    usage: Usage | None = None
    """What a language model was asked; None where none was."""

    @property
    def turn(self) -> Turn:
        """The exchange as a later question's history takes it."""
        cited = tuple((c.source.article_id, c.span) for c in self.citations)
        return Turn(self.question, self.text, cited)

    def to_dict(self) -> dict[str, Any]:
        """The JSON contract of docs/json.md."""
        from rag.contract import to_dict

        return to_dict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Answer:
        """The answer that `to_dict` wrote, with what the contract holds of it.

        Raises:
            KeyError: A field of the contract is missing.
            ValueError: A value is none of the contract's.
        """
        from rag.contract import from_dict

        return from_dict(fields)
