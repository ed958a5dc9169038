"""A query's stems → the generation's best rows by BM25."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.splitting.terms import stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.indexing.generation import Generation


def lexical_scores(
    generation: Generation, query: str, *, candidates: int, allowed: NDArray[np.bool_] | None
) -> dict[int, float]:
    """Row → BM25 score (Lucene's variant, k1 1.5, b .75) of the best rows that share a stem.

    Args:
        generation: What to search.
        query: The standalone question.
        candidates: How many rows at most.
        allowed: Rows that pass the reader's filters, of shape (passages,); None for all.
    """
    import numpy as np

    index = generation.lexical
    known = [stem for stem in stems(query) if stem in (index.vocab_dict or {})]
    if not known:
        return {}
    scores = index.get_scores(known)
    if allowed is not None:
        scores = np.where(allowed, scores, 0.0)
    count = min(candidates, len(scores))
    best = np.argpartition(-scores, count - 1)[:count]
    # A score of 0 means that no word matches: such a row was not found.
    return {int(row): float(scores[row]) for row in sorted(best.tolist()) if scores[row] > 0}
