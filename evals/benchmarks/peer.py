"""The stock pipeline to compare with: LlamaIndex's `VectorStoreIndex` over Chroma, all at defaults.

This file and `evals.benchmarks.engines` name llama_index as a reader's own program would.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, cast, get_args

import chromadb
from chromadb.config import Settings
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import BaseNode, MetadataMode
from llama_index.vector_stores.chroma import ChromaVectorStore

from evals.benchmarks.llm import LlmSettings
from evals.benchmarks.seen import EngineName, Node, PeerSeen
from rag.corpus import Progress
from rag.models.embedding import Embedder
from rag.types import Article

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection
    from llama_index.core.base.base_retriever import BaseRetriever

    from evals.benchmarks.engines import Engines

_BUILT = "built.json"
_BATCH = 64  # nodes between two steps of the progress bar


class Peer(AbstractContextManager["Peer"]):
    """A stock index of the articles, kept in a folder."""

    def __init__(
        self,
        articles: Sequence[Article],
        embedder: Embedder,
        folder: Path,
        progress: Progress,
        *,
        llm: LlmSettings | None = None,
        engines: Sequence[EngineName] = get_args(EngineName),
    ) -> None:
        """Opens the folder's index; builds it where there is none of these articles.

        Args:
            articles: What to index.
            embedder: The model that Footnote itself uses.
            folder: Where the index is kept.
            progress: Is told of every batch.
            llm: Who words the replies of the query engines; without it only nodes are found.
            engines: Which of them are asked.

        Raises:
            ModelError: An LLM is named, and what speaks to it is not installed.
        """
        made_of = _fingerprint(articles, embedder)
        built = folder / _BUILT
        if not built.is_file() or json.loads(built.read_text(encoding="utf-8")) != made_of:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        settings = Settings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(path=str(folder / "chroma"), settings=settings)
        self._client = cast("Client", client)
        self._collection = self._client.get_or_create_collection("articles")
        index = _open(self._collection, embedder)
        if not built.exists():
            _fill(index, articles, progress)
            built.write_text(json.dumps(made_of), encoding="utf-8")
        self._retriever: BaseRetriever = index.as_retriever()
        self._engines = None if llm is None else _engines(index, llm, engines)

    def __len__(self) -> int:
        """Number of nodes."""
        return self._collection.count()

    def see(self, question: str) -> PeerSeen:
        """The nodes it finds, two by default, and what its engines reply, if there is an LLM.

        Raises:
            ModelError: The LLM gives no reply.
        """
        nodes = tuple(
            Node(scored.node.ref_doc_id or "", scored.node.get_content(MetadataMode.NONE))
            for scored in self._retriever.retrieve(question)
        )
        return PeerSeen(nodes, {} if self._engines is None else self._engines.replies(question))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Lets go of the files."""
        self._client.close()


def _open(collection: Collection, embedder: Embedder) -> VectorStoreIndex:
    store = ChromaVectorStore(chroma_collection=collection)
    return VectorStoreIndex(
        nodes=[],
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=embedder.model,
    )


def _engines(index: VectorStoreIndex, llm: LlmSettings, names: Sequence[EngineName]) -> Engines:
    from evals.benchmarks.engines import Engines

    return Engines(index, llm, names)


def _fill(index: VectorStoreIndex, articles: Sequence[Article], progress: Progress) -> None:
    # The bare text: a headline in the embedded words harms (`rag.indexing.build.lexical_text`).
    documents = [Document(text=a.body, doc_id=a.source.article_id) for a in articles]
    nodes: list[BaseNode] = SentenceSplitter().get_nodes_from_documents(documents)
    for start in range(0, len(nodes), _BATCH):
        progress("peer", start, len(nodes))
        index.insert_nodes(nodes[start : start + _BATCH])
    progress("peer", len(nodes), len(nodes))


def _fingerprint(articles: Sequence[Article], embedder: Embedder) -> str:
    versions = "".join(f"{a.source.article_id}:{a.version}\n" for a in articles)
    return hashlib.sha256(f"{embedder.fingerprint}\n{versions}".encode()).hexdigest()
