"""What was made of one question: by the stages of Footnote, each list best first, and by peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rag.answer import Answer
from rag.answering.candidates import Candidate
from rag.types import Passage

EngineName = Literal["stock", "citing"]
"""LlamaIndex's default query engine, and its `CitationQueryEngine`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One question, stage by stage."""

    lexical: tuple[Passage, ...]
    """By BM25 alone."""
    dense: tuple[Passage, ...]
    """By the vectors alone."""
    fused: tuple[Passage, ...]
    """By both, before the cross-encoder; at most `retrieve.POOL`."""
    read: tuple[Passage, ...]
    """The first of those: `ask` reads their sentences."""
    reranked: tuple[Passage, ...]
    """What `search` lists: as the cross-encoder orders them."""
    candidates: tuple[Candidate, ...]
    answer: Answer
    """What `ask` shows."""
    confidence: float = 0.0
    """As `Attempt.confidence`."""

    @property
    def first(self) -> Candidate | None:
        """The sentence that stands first; `ask` shows it unless it refuses."""
        return self.candidates[0] if self.candidates else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One question asked of a part of the articles."""

    answer: Answer
    """What `ask` shows."""
    confidence: float = 0.0
    """Estimated probability that the sentence that stands first answers, also where it is refused
    and whatever it lacks; 0 where no sentence is found."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the stock pipeline."""

    article_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a query engine with an LLM says."""

    text: str
    sources: tuple[str, ...]
    """The texts that the LLM was given, in the order of their numbers."""


@dataclass(frozen=True, slots=True)
class PeerSeen:
    """One question to the stock pipeline."""

    nodes: tuple[Node, ...]
    """What its retriever finds, best first."""
    replies: Mapping[EngineName, Reply] = field(default_factory=dict)
    """What its query engines say; empty without an LLM."""


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that was made of one question."""

    seen: Seen
    peer: PeerSeen | None = None
    """None without a peer."""
    left_out: Attempt | None = None
    """The question asked without the article that answers it; None where it is not asked so."""


def article_ranks(passages: Sequence[Passage]) -> list[str]:
    """The passages' articles, each at the place of its best passage."""
    return list(dict.fromkeys(passage.source.article_id for passage in passages))
