"""Stand-ins of the product's own interfaces: deterministic, and predictable by eye."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from llama_index.core.base.embeddings.base import BaseEmbedding
from pydantic import PrivateAttr

from rag.types import Article, Block, Source, Span

DIM = 64
_WORD = re.compile(r"\w+")


def hashed(text: str, dim: int = DIM) -> list[float]:
    """A unit vector of the text's words: texts that share words are near each other."""
    vector = [0.0] * dim
    for word in _WORD.findall(text.lower()) or [text]:
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % dim] += 1.0
    length = math.hypot(*vector)
    return [value / length for value in vector]


class HashingEmbedding(BaseEmbedding):
    """Embeds words by their hashes, keeps what it was asked for, and can be told to fail."""

    dim: int = DIM
    fail_on: str = ""
    _texts: list[str] = PrivateAttr(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return self._texts

    def _get_text_embedding(self, text: str) -> list[float]:
        if self.fail_on and self.fail_on in text:
            raise ConnectionError("the embedding service is down")
        self._texts.append(text)
        return hashed(text, self.dim)

    def _get_query_embedding(self, query: str) -> list[float]:
        return hashed(query, self.dim)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


@dataclass(frozen=True)
class FakeEmbedder:
    """What `rag.models.embedding.Embedder` is to the index."""

    model: HashingEmbedding = field(default_factory=HashingEmbedding)
    fingerprint: str = f"hashing:{DIM}"


def make_article(
    path: Path | str, paragraphs: Sequence[str], *, title: str = "A headline", outlet: str = "Post"
) -> Article:
    """An article of plain paragraphs, as a reader would make it; nothing is written to disk."""
    body = "\n\n".join(paragraphs)
    blocks, start = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(Span(start, start + len(paragraph)), "prose"))
        start += len(paragraph) + 2
    return Article(
        source=Source(
            article_id=Path(path).stem.lower(),
            title=title,
            outlet=outlet,
            author=None,
            published=date(2025, 5, 20),
            url=None,
            path=str(path),
        ),
        body=body,
        blocks=tuple(blocks),
        version=hashlib.sha256(
            f"{title}\n{outlet}\n{body}".encode("utf-8", "surrogatepass")
        ).hexdigest(),
    )


def write_article(path: Path, *paragraphs: str, title: str = "A headline") -> Article:
    """Writes a file and reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(paragraphs), encoding="utf-8")
    return make_article(path, paragraphs, title=title)
