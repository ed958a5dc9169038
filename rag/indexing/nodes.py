"""The border to LlamaIndex: articles as Documents, passages as TextNodes, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import (
    BaseNode,
    Document,
    NodeRelationship,
    RelatedNodeInfo,
    TextNode,
)

from rag.errors import CorpusError
from rag.splitting.passages import split_passages
from rag.types import Article, Block, BlockKind, Passage, Source, Span

_KINDS: dict[str, BlockKind] = {kind: kind for kind in get_args(BlockKind)}


class PassageParser(NodeParser):
    """Splits Documents made by `to_document` into the passages that Footnote itself indexes."""

    def _parse_nodes(
        self, nodes: Sequence[BaseNode], show_progress: bool = False, **kwargs: Any
    ) -> list[BaseNode]:
        return [
            to_node(passage)
            for node in nodes
            if isinstance(node, Document)
            for passage in split_passages(to_article(node))
        ]

    def _postprocess_parsed_nodes(
        self, nodes: list[BaseNode], parent_doc_map: dict[str, Document]
    ) -> list[BaseNode]:
        linked = super()._postprocess_parsed_nodes(
            [node.model_copy(deep=True) for node in nodes], parent_doc_map
        )
        # That links neighbours, but also puts the Document's metadata into each node and looks the
        # texts up with str.find, which misplaces repeated sentences (measured): the links are kept.
        for node, other in zip(nodes, linked, strict=True):
            node.relationships = other.relationships
        return nodes


def to_document(article: Article) -> Document:
    """The article as a LlamaIndex Document; no model reads its metadata."""
    blocks = " ".join(f"{b.span.start}-{b.span.end}:{b.kind}" for b in article.blocks)
    card = _card(article.source) | {"blocks": blocks, "version": article.version}
    if article.supersedes is not None:
        card["supersedes"] = article.supersedes
    return Document(
        id_=article.source.article_id,
        text=article.body,
        metadata=card,
        excluded_embed_metadata_keys=list(card),
        excluded_llm_metadata_keys=list(card),
    )


def to_article(document: Document) -> Article:
    """The article that `to_document` made a Document of.

    Raises:
        CorpusError: The Document comes from elsewhere.
    """
    card = document.metadata
    try:
        return Article(
            source=_source(card),
            body=document.text,
            blocks=tuple(_block(text) for text in card["blocks"].split()),
            version=card["version"],
            supersedes=card.get("supersedes"),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"Document {document.id_!r} was not made by rag.indexing.nodes.to_document ({error});"
            " read the file with rag.reading and convert the article"
        ) from error


def to_node(passage: Passage) -> TextNode:
    """The passage as a LlamaIndex node; what a model reads of it is its text and nothing else."""
    card = _card(passage.source)
    card["sentences"] = " ".join(f"{s.start}-{s.end}" for s in passage.sentences)
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.span.start,
        end_char_idx=passage.span.end,
        metadata=card,
        # LlamaIndex puts metadata into the embedded text by default; headlines in there harm
        # (RealTime QA subset: dense hit@1 .435 → .323).
        excluded_embed_metadata_keys=list(card),
        excluded_llm_metadata_keys=list(card),
        # Without it a store's `delete(ref_doc_id)` removes nothing (measured).
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.source.article_id)},
    )


def to_passage(node: TextNode) -> Passage:
    """The passage that `to_node` made a node of.

    Raises:
        CorpusError: The node comes from elsewhere.
    """
    card = node.metadata
    try:
        return Passage(
            id=node.node_id,
            source=_source(card),
            text=node.text,
            span=Span(int(str(node.start_char_idx)), int(str(node.end_char_idx))),
            sentences=tuple(_span(text) for text in card["sentences"].split()),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise CorpusError(
            f"node {node.node_id!r} was not made by rag.indexing.nodes.to_node ({error});"
            " use PassageParser"
        ) from error


def _card(source: Source) -> dict[str, str]:
    """Flat and without empty values: Chroma's adapter takes no lists, and turns None into ''."""
    fields = {
        "article_id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "author": source.author,
        "published": source.published.isoformat() if source.published else None,
        "url": source.url,
        "path": source.path,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _source(card: Mapping[str, Any]) -> Source:
    published = card.get("published")
    return Source(
        article_id=card["article_id"],
        title=card["title"],
        outlet=card.get("outlet"),
        author=card.get("author"),
        published=date.fromisoformat(published) if published is not None else None,
        url=card.get("url"),
        path=card["path"],
    )


def _span(text: str) -> Span:
    start, end = text.split("-")
    return Span(int(start), int(end))


def _block(text: str) -> Block:
    span, kind = text.split(":")
    return Block(_span(span), _KINDS[kind])
