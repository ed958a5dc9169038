"""What we rely on from LlamaIndex, Chroma and bm25s: an upgrade that changes it fails here."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from pathlib import Path

import bm25s
import chromadb
import numpy as np
import pytest
from chromadb.config import Settings
from fakes import HashingEmbedding, hashed
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import MetadataMode, Node, NodeWithScore, QueryBundle, TextNode

from rag.config import Config
from rag.indexing.collection import OpenCollection, write_collection
from rag.indexing.generation import Generation
from rag.indexing.nodes import to_node, to_passage
from rag.indexing.rows import Contents
from rag.models.embedding import load_embedder
from rag.models.reranker import CrossEncoder
from rag.retrieval.dense import dense_scores
from rag.retrieval.lexical import lexical_scores
from rag.retrieval.retrieve import HybridRetriever, to_hit, to_scored_node
from rag.types import Filters, Hit, Passage, Source, Span

TEXTS = ["oil is sold", "gas is sold", "tourists come", "oil and gas are sold to tourists"]
QUESTION = "How much is bilateral trade between India and Azerbaijan worth?"


def passages() -> tuple[Passage, ...]:
    return tuple(
        Passage(
            id=f"article-{n % 2}#{n}",
            source=Source(f"article-{n % 2}", "T", None, None, None, None, "/a.md"),
            text=text,
            span=Span(0, len(text)),
            sentences=(Span(0, len(text)),),
        )
        for n, text in enumerate(TEXTS)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A collection as the index writes it."""
    found = passages()
    contents = Contents(
        embedder="hashing:64",
        state="state",
        sources=tuple({p.source.article_id: p.source for p in found}.values()),
        versions={},
        passages=found,
        vectors=np.array([hashed(text) for text in TEXTS], dtype=np.float32),
    )
    write_collection(tmp_path / "chroma", contents, lambda _: None)
    return tmp_path / "chroma"


@pytest.fixture
def generation(corpus_home: Path) -> Iterator[Generation]:
    opened = Generation.open(corpus_home)
    yield opened
    opened.close()


# Chroma


def test_chromas_distance_is_one_minus_the_cosine_nearest_first(folder: Path) -> None:
    opened = OpenCollection(folder, len(TEXTS))
    query = hashed("oil sold")
    found = opened.collection.query(query_embeddings=[query], n_results=4, include=["distances"])
    opened.close()
    cosines = {p.id: float(np.dot(query, hashed(p.text))) for p in passages()}
    (ids,), (distances,) = found["ids"], found["distances"] or [[]]
    assert ids == sorted(cosines, key=lambda name: -cosines[name])
    assert np.allclose(
        [1 - distance for distance in distances], [cosines[i] for i in ids], atol=1e-5
    )


def test_chromas_filter_admits_the_articles_that_are_named(folder: Path) -> None:
    opened = OpenCollection(folder, len(TEXTS))
    found = opened.collection.query(
        query_embeddings=[hashed("oil")], n_results=4, where={"article_id": {"$in": ["article-1"]}}
    )
    opened.close()
    assert {name.partition("#")[0] for name in found["ids"][0]} == {"article-1"}


def test_chroma_keeps_the_old_text_of_an_id_that_is_added_again(tmp_path: Path) -> None:
    # Why a generation is written once, into a new folder.
    client = chromadb.PersistentClient(str(tmp_path), Settings(anonymized_telemetry=False))
    collection = client.create_collection("any", embedding_function=None)
    collection.add(ids=["a"], embeddings=[[1.0, 0.0]], documents=["old"])
    collection.add(ids=["a"], embeddings=[[0.0, 1.0]], documents=["new"])
    assert collection.get(ids=["a"])["documents"] == ["old"]
    client.close()


def test_chroma_takes_batches_of_the_size_that_is_written(tmp_path: Path) -> None:
    client = chromadb.PersistentClient(str(tmp_path), Settings(anonymized_telemetry=False))
    assert client.get_max_batch_size() >= 500
    client.close()


# bm25s


def test_bm25s_scores_every_document_and_survives_saving_without_pickle(tmp_path: Path) -> None:
    index = bm25s.BM25()
    index.index([text.split() for text in TEXTS], show_progress=False)
    index.save(tmp_path, show_progress=False, allow_pickle=False)
    loaded = bm25s.BM25.load(tmp_path, mmap=False, allow_pickle=False)
    scores = loaded.get_scores(["oil"])
    assert [score > 0 for score in scores] == ["oil" in text for text in TEXTS]
    assert scores[0] > scores[3]  # the shorter text
    assert np.array_equal(scores, index.get_scores(["oil"]))
    assert "oil" in loaded.vocab_dict
    assert "nowhere" not in loaded.vocab_dict
    assert not list(tmp_path.glob("*.pkl"))


# Both halves of retrieval


def test_lexical_scores_are_those_of_rows_that_share_a_word(generation: Generation) -> None:
    scores = lexical_scores(generation, "Pinaka rocket launchers", candidates=100, allowed=None)
    found = generation.passages(sorted(scores, key=lambda row: -scores[row]))
    assert "Pinaka" in found[0].text
    assert lexical_scores(generation, "the of and", candidates=9, allowed=None) == {}
    assert lexical_scores(generation, "xylophone", candidates=9, allowed=None) == {}
    nothing = np.zeros(len(generation), dtype=bool)
    assert lexical_scores(generation, "Pinaka", candidates=9, allowed=nothing) == {}


def test_dense_scores_are_cosines_of_the_nearest_rows(generation: Generation) -> None:
    model = load_embedder(Config()).model
    query = model.get_query_embedding(QUESTION)
    scores = dense_scores(generation, query, candidates=5, article_ids=None)
    assert len(scores) == 5
    for row, score in scores.items():
        (passage,) = generation.passages([row])
        assert math.isclose(
            score, np.dot(query, model.get_text_embedding(passage.text)), abs_tol=1e-3
        )
    assert dense_scores(generation, query, candidates=5, article_ids=[]) == {}


# LlamaIndex


def test_an_embedding_class_is_asked_for_each_text_in_order_and_its_vectors_are_left_alone() -> (
    None
):
    model = HashingEmbedding()
    vectors = model.get_text_embedding_batch(TEXTS * 20)
    assert vectors == [hashed(text) for text in TEXTS * 20]
    assert model.texts == TEXTS * 20
    assert model.get_query_embedding("oil") == hashed("oil")


def test_our_retriever_is_a_llamaindex_retriever(generation: Generation) -> None:
    retriever = HybridRetriever(generation, load_embedder(Config()).model, filters=Filters())
    assert isinstance(retriever, BaseRetriever)
    nodes = retriever.retrieve(QUESTION)
    assert nodes == retriever.retrieve(QueryBundle(QUESTION))
    assert [n.node_id for n in asyncio.run(retriever.aretrieve(QUESTION))] == [
        n.node_id for n in nodes
    ]
    scores = [node.score or 0 for node in nodes]
    assert scores == sorted(scores, reverse=True)
    assert any("$1.5 billion" in to_hit(node).passage.text for node in nodes[:3])


def test_retriever_and_postprocessor_chain_without_changing_a_passage(
    generation: Generation,
) -> None:
    retriever = HybridRetriever(generation, load_embedder(Config()).model, filters=Filters())
    nodes = retriever.retrieve(QUESTION)
    rerank = CrossEncoder(threads=2).postprocessor(top_n=5)
    ranked = rerank.postprocess_nodes(nodes, query_str=QUESTION)
    assert len(ranked) == 5
    found = {node.node_id: to_hit(node).passage for node in nodes}
    assert all(to_hit(node).passage == found[node.node_id] for node in ranked)
    assert "$1.5 billion" in to_hit(ranked[0]).passage.text


def test_a_hits_copies_travel_through_llamaindex_unread_by_models() -> None:
    hit = Hit(passages()[0], 0.5, ("article-1#1",))
    node = to_scored_node(hit)
    assert to_hit(node) == hit
    assert node.node.get_content(MetadataMode.EMBED) == hit.passage.text
    assert node.node.get_content(MetadataMode.LLM) == hit.passage.text


def test_a_node_of_llamaindex_keeps_id_offsets_and_metadata_through_its_own_json() -> None:
    for passage in passages():
        copy = TextNode.from_json(to_node(passage).to_json())
        assert to_passage(copy) == passage


def test_what_is_no_passages_node_is_refused() -> None:
    with pytest.raises(TypeError, match="Node is not a passage's node"):
        to_hit(NodeWithScore(node=Node(), score=1.0))
