"""LlamaIndex gets our passages with our offsets, and gives them back unchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import make_article
from llama_index.core.schema import Document, MetadataMode, NodeRelationship, TextNode

from rag.errors import CorpusError
from rag.indexing.nodes import PassageParser, to_article, to_document, to_node, to_passage
from rag.splitting.passages import split_passages
from rag.types import Block, Span

ARTICLE = make_article(
    "/corpus/Trade.md",
    [
        "The two countries trade oil. Trade grew by 5 % in 2024.",
        *(f"Sentence number {n} of the report says what sentence one said." for n in range(40)),
        "The two countries trade oil. Trade grew by 5 % in 2024.",
    ],
    title="Trade — “up”",
)


def test_passage_survives_the_round_trip() -> None:
    bare = replace(ARTICLE.source, outlet=None, published=None, title="")
    for article in (ARTICLE, replace(ARTICLE, source=bare)):
        for passage in split_passages(article):
            assert to_passage(to_node(passage)) == passage


def test_article_survives_the_round_trip() -> None:
    article = replace(ARTICLE, supersedes="an older one")
    assert to_article(to_document(article)) == article
    mixed = replace(article, blocks=(Block(Span(0, 5), "heading"), Block(Span(7, 9), "prose")))
    assert to_article(to_document(mixed)) == mixed


def test_parser_gives_the_passages_that_footnote_indexes() -> None:
    nodes = PassageParser().get_nodes_from_documents([to_document(ARTICLE)])
    assert tuple(to_passage(node) for node in nodes) == split_passages(ARTICLE)


def test_repeated_sentence_keeps_its_own_offsets() -> None:
    # LlamaIndex's own search by str.find gives the last node the place of the first.
    nodes = PassageParser().get_nodes_from_documents([to_document(ARTICLE)])
    assert len(nodes) > 1
    for node in nodes:
        assert isinstance(node, TextNode)
        assert ARTICLE.body[node.start_char_idx : node.end_char_idx] == node.text


def test_models_read_nothing_but_the_text() -> None:
    for node in PassageParser().get_nodes_from_documents([to_document(ARTICLE)]):
        assert isinstance(node, TextNode)
        assert node.get_content(MetadataMode.EMBED) == node.text
        assert node.get_content(MetadataMode.LLM) == node.text


def test_nodes_know_their_article_and_neighbours() -> None:
    nodes = PassageParser().get_nodes_from_documents([to_document(ARTICLE)])
    assert {node.ref_doc_id for node in nodes} == {"trade"}
    assert nodes[0].relationships[NodeRelationship.NEXT].node_id == nodes[1].node_id
    assert nodes[1].relationships[NodeRelationship.PREVIOUS].node_id == nodes[0].node_id


def test_metadata_is_flat_as_vector_stores_want_it() -> None:
    (node, *_) = PassageParser().get_nodes_from_documents([to_document(ARTICLE)])
    assert all(isinstance(value, str) for value in node.metadata.values())


def test_foreign_document_and_node_are_refused_by_name() -> None:
    with pytest.raises(CorpusError, match="'letter' was not made by"):
        PassageParser().get_nodes_from_documents([Document(id_="letter", text="Dear all,")])
    with pytest.raises(CorpusError, match="'n' was not made by"):
        to_passage(TextNode(id_="n", text="Dear all,"))
