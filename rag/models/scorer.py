"""The bundled models as judges of single sentences, whichever model the index was built with."""

from __future__ import annotations

from collections.abc import Sequence

from rag.models.embedding import Embedder
from rag.models.reranker import CrossEncoder


class SentenceScorer:
    """Relevance by the cross-encoder, similarity by the bundled embedding model.

    The thresholds were measured with these two; other models' cosines lie elsewhere.
    """

    def __init__(self, cross_encoder: CrossEncoder, bundled: Embedder) -> None:
        """Loads nothing yet."""
        self._cross_encoder = cross_encoder
        self._bundled = bundled

    def relevance(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """A cross-encoder logit for each question and text, about -11 to 10."""
        unique = list(dict.fromkeys(pairs))
        scores = dict(zip(unique, self._cross_encoder.scores(unique), strict=True))
        return [scores[pair] for pair in pairs]

    def similarity(self, question: str, texts: Sequence[str]) -> list[float]:
        """Cosine of question and each text."""
        import numpy as np

        if not texts:
            return []
        vectors = np.asarray(self._bundled.model.get_text_embedding_batch([question, *texts]))
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]
