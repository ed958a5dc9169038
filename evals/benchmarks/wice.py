"""WiCE (Kamoi et al., EMNLP 2023): Wikipedia's claims with the sentences of the page they cite."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from rag.config import Config
from rag.models.embedding import load_embedder
from rag.models.reranker import CrossEncoder
from rag.models.scorer import SentenceScorer

Label = Literal["supported", "partially_supported", "not_supported"]


@dataclass(frozen=True, slots=True)
class WiceClaim:
    """A claim, what it cites, and what annotators say of the two."""

    id: str
    claim: str
    sentences: tuple[str, ...]
    """The cited page, in order; its first lines may be what the page says of itself."""
    label: Label
    supporting: tuple[tuple[int, ...], ...]
    """Sets of places in `sentences`, each of which supports what is supported; none, no set."""

    @property
    def gold(self) -> tuple[str, ...]:
        """The sentences of the first supporting set; none where nothing is supported."""
        first = self.supporting[0] if self.supporting else ()
        return tuple(self.sentences[i] for i in sorted(set(first)))


def load_wice(path: Path) -> tuple[WiceClaim, ...]:
    """All claims, in the file's order."""
    return tuple(_claim(record) for record in _records(path))


def wice_scorer(threads: int) -> SentenceScorer:
    """The bundled models, as `ask` uses them."""
    return SentenceScorer(CrossEncoder(threads=threads), load_embedder(Config(threads=threads)))


def _records(path: Path) -> Iterator[dict[str, Any]]:
    # Not `splitlines`, which would also break a line at a separator inside a string.
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)


def _claim(record: dict[str, Any]) -> WiceClaim:
    if record["label"] not in get_args(Label):
        raise ValueError(f"label {record['label']!r} is none of {', '.join(get_args(Label))}")
    claim = WiceClaim(
        id=record["meta"]["id"],
        claim=record["claim"].strip(),
        sentences=tuple(record["evidence"]),
        label=record["label"],
        supporting=tuple(tuple(places) for places in record["supporting_sentences"]),
    )
    if any(not 0 <= i < len(claim.sentences) for places in claim.supporting for i in places):
        raise ValueError(f"claim {claim.id}: a supporting sentence is not among those cited")
    return claim
