"""The cross-encoder as a LlamaIndex postprocessor."""

from __future__ import annotations

from typing import Any

from llama_index.core.bridge.pydantic import Field, PrivateAttr
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle

from rag.models.reranker import CrossEncoder


class CrossEncoderRerank(BaseNodePostprocessor):
    """Reorders the first `top_n` nodes by the cross-encoder's score and drops the rest."""

    top_n: int = Field(gt=0)
    _cross_encoder: CrossEncoder = PrivateAttr()

    def __init__(self, *, cross_encoder: CrossEncoder, top_n: int, **kwargs: Any) -> None:
        """Wraps a cross-encoder."""
        super().__init__(**{"top_n": top_n, **kwargs})
        self._cross_encoder = cross_encoder

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None:
            return nodes[: self.top_n]
        pool = nodes[: self.top_n]
        texts = [hit.node.get_content(MetadataMode.NONE) for hit in pool]
        scores = self._cross_encoder.scores([(query_bundle.query_str, text) for text in texts])
        ranked = [
            NodeWithScore(node=hit.node, score=score)
            for hit, score in zip(pool, scores, strict=True)
        ]
        # A stable sort: equal scores keep the order of retrieval.
        return sorted(ranked, key=lambda hit: -(hit.score or 0.0))
