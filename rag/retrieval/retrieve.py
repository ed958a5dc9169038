"""Query → hits: hybrid retrieval and reranking as LlamaIndex classes, in our types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.indexing.generation import Generation
from rag.indexing.nodes import to_node, to_passage
from rag.models.reranker import CrossEncoder
from rag.retrieval.dense import dense_scores
from rag.retrieval.fusion import fuse, group_copies
from rag.retrieval.lexical import lexical_scores
from rag.types import Filters, Hit

CANDIDATES = 100
"""Rows that each half contributes; pools of 20 lose up to three points of hit@1."""
POOL = 24
"""Fused passages that are looked at for near-duplicates."""
_COPIES = "copies"


class HybridRetriever(BaseRetriever):
    """BM25 and dense retrieval over one generation, fused, near-duplicates grouped."""

    def __init__(
        self,
        generation: Generation,
        embedding: BaseEmbedding,
        *,
        filters: Filters,
        pool: int = POOL,
    ) -> None:
        """Searches what the filters admit."""
        super().__init__()
        self._generation = generation
        self._embedding = embedding
        self._filters = filters
        self._pool = pool

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        generation = self._generation
        admitted = [self._filters.admit(source) for source in generation.sources]
        everything = all(admitted)
        allowed = None if everything else np.asarray(admitted)[generation.source_of_row]
        article_ids = [
            s.article_id for s, ok in zip(generation.sources, admitted, strict=True) if ok
        ]
        text = query_bundle.query_str
        vector = query_bundle.embedding or self._embedding.get_query_embedding(text)
        lexical = lexical_scores(generation, text, candidates=CANDIDATES, allowed=allowed)
        dense = dense_scores(
            generation,
            vector,
            candidates=CANDIDATES,
            article_ids=None if everything else article_ids,
        )
        best = fuse(lexical, dense)[: self._pool]
        passages = generation.passages([row for row, _ in best])
        hits = [Hit(passage, score) for passage, (_, score) in zip(passages, best, strict=True)]
        return [to_scored_node(hit) for hit in group_copies(hits)]


def retrieve(
    generation: Generation, query: str, *, embedding: BaseEmbedding, filters: Filters, top_k: int
) -> tuple[Hit, ...]:
    """The best passages for a query by the fused ranking; at most `top_k`.

    Raises:
        IndexDamagedError: The generation cannot be read.
    """
    retriever = HybridRetriever(generation, embedding, filters=filters, pool=max(POOL, top_k))
    return tuple(to_hit(node) for node in retriever.retrieve(QueryBundle(query))[:top_k])


def rerank(hits: Sequence[Hit], query: str, *, cross_encoder: CrossEncoder) -> tuple[Hit, ...]:
    """The hits in the order of the cross-encoder's scores."""
    nodes = [to_scored_node(hit) for hit in hits]
    postprocessor = cross_encoder.postprocessor(top_n=max(1, len(nodes)))
    ranked = postprocessor.postprocess_nodes(nodes, query_bundle=QueryBundle(query))
    return tuple(to_hit(node) for node in ranked)


def to_scored_node(hit: Hit) -> NodeWithScore:
    """The hit for LlamaIndex; its copies travel in the metadata, which no model reads."""
    node = to_node(hit.passage)
    if hit.copies:
        node.metadata[_COPIES] = list(hit.copies)
        node.excluded_embed_metadata_keys.append(_COPIES)
        node.excluded_llm_metadata_keys.append(_COPIES)
    return NodeWithScore(node=node, score=hit.score)


def to_hit(scored: NodeWithScore) -> Hit:
    """The hit that a scored node stands for."""
    node: Any = scored.node
    if not isinstance(node, TextNode):
        raise TypeError(f"{type(node).__name__} is not a passage's node")
    copies = node.metadata.get(_COPIES, ())
    return Hit(to_passage(node), float(scored.score or 0.0), tuple(copies))
