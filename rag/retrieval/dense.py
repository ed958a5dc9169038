"""A query's vector → the generation's nearest rows by cosine similarity, from Chroma."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from chromadb.api.types import Where

    from rag.indexing.generation import Generation


def dense_scores(
    generation: Generation,
    vector: Sequence[float],
    *,
    candidates: int,
    article_ids: Sequence[str] | None,
) -> dict[int, float]:
    """Row → cosine similarity of the nearest rows.

    Args:
        generation: What to search.
        vector: The query's unit vector.
        candidates: How many rows at most.
        article_ids: Articles that pass the reader's filters; None for all. Chroma's filter is
            linear in the number of passages (40 ms at 100,000) and only given when there is one.
    """
    if not len(generation) or (article_ids is not None and not article_ids):
        return {}
    where: Where | None = None
    if article_ids is not None:
        where = cast("Where", {"article_id": {"$in": list(article_ids)}})
    vectors: list[Sequence[float] | Sequence[int]] = [vector]
    found = generation.collection.query(
        query_embeddings=vectors,
        n_results=min(candidates, len(generation)),
        where=where,
        include=["distances"],
    )
    distances = (found["distances"] or [[]])[0]
    rows = generation.rows(found["ids"][0])
    return {row: 1.0 - float(d) for row, d in zip(rows, distances, strict=True)}
