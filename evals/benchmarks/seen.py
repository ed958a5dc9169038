"""What the stages of Footnote made of one question, each list best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer import Answer
from rag.answering.candidates import Candidate
from rag.types import Passage


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

    @property
    def first(self) -> Candidate | None:
        """The sentence that stands first; `ask` shows it unless it refuses."""
        return self.candidates[0] if self.candidates else None


def article_ranks(passages: Sequence[Passage]) -> list[str]:
    """The passages' articles, each at the place of its best passage."""
    return list(dict.fromkeys(passage.source.article_id for passage in passages))
