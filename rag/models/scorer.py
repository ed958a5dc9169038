"""The bundled models as judges of single sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.models.embedding import Embedder
from rag.models.reranker import CrossEncoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SentenceScorer:
    """Relevance by the cross-encoder, similarity by the embedding model."""

    def __init__(self, cross_encoder: CrossEncoder, embedder: Embedder) -> None:
        """Loads nothing yet."""
        self._cross_encoder = cross_encoder
        self._embedder = embedder

    def relevance(self, question: str, texts: Sequence[str]) -> list[float]:
        """A cross-encoder logit for each text, about -11 to 10."""
        return self._cross_encoder.scores(question, texts)

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosine of question and each text."""
        import numpy as np

        model = self._embedder.model
        asked = _unit(np.asarray(model.get_query_embedding(question)))
        return [float(asked @ _unit(np.asarray(model.get_text_embedding(t)))) for t in texts]


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    scaled: NDArray[np.float64] = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return scaled
