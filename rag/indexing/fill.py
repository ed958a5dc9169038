"""Fills the archive with passages, figures and vectors, and gathers what a generation needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING

from rag.checking.clashes.facts import Fact, facts_of
from rag.errors import IndexDamagedError, ModelError
from rag.indexing.archive import Archive
from rag.indexing.build import Progress
from rag.indexing.records import text_hash
from rag.indexing.rows import Contents
from rag.splitting.passages import SPLITTER, split_passages
from rag.types import Article, Passage, Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.models.embedding import Embedder


def store_all(
    archive: Archive, articles: Sequence[Article], embedder: Embedder, progress: Progress
) -> int:
    """Stores the articles, and brings the others up to the embedder and the splitting rules.

    Returns:
        How many texts were embedded.

    Raises:
        ModelError: The embedder gave no usable vectors; the articles before are stored.
    """
    ours = {article.source.article_id for article in articles}
    behind = archive.incomplete(embedder.fingerprint, SPLITTER)
    others = [article_id for article_id in behind if article_id not in ours]
    n_embedded, n_articles = 0, len(articles) + len(others)
    work = chain(articles, (archive.article(article_id) for article_id in others))
    # Models compute outside of the interpreter's lock: where there is a second core, the figures
    # cost hardly any time of their own.
    with ThreadPoolExecutor(max_workers=1) as beside:
        for n, article in enumerate(work):
            progress("embed", n, n_articles)
            reading = beside.submit(facts_of, article)
            n_embedded += _store_one(archive, article, embedder, reading.result)
    if n_articles:
        progress("embed", n_articles, n_articles)
    return n_embedded


def _store_one(
    archive: Archive, article: Article, embedder: Embedder, facts: Callable[[], Sequence[Fact]]
) -> int:
    passages = split_passages(article)
    texts = {text_hash(passage.text): passage.text for passage in passages}
    known = archive.vectors(embedder.fingerprint, list(texts))
    new = {sha256: text for sha256, text in texts.items() if sha256 not in known}
    # One transaction an article: Ctrl-C during a long run keeps every article before this one.
    vectors = _embedded(new, embedder, article.source)
    archive.put(
        article,
        passages,
        vectors,
        embedder=embedder.fingerprint,
        splitter=SPLITTER,
        facts=facts(),
    )
    return len(new)


def _embedded(
    texts: Mapping[str, str], embedder: Embedder, source: Source
) -> dict[str, NDArray[np.float32]]:
    """The texts' vectors, under the texts' keys."""
    import numpy as np

    if not texts:
        return {}  # without loading the model
    made = embedder.model.get_text_embedding_batch(list(texts.values()))
    vectors = [np.asarray(vector, dtype=np.float32) for vector in made]
    shapes = {vector.shape for vector in vectors}
    sound = len(vectors) == len(texts) and len(shapes) == 1 and vectors[0].size
    if not sound or not all(np.isfinite(vector).all() for vector in vectors):
        raise ModelError(
            f"embedder {embedder.fingerprint} gave no usable vectors for article"
            f" {source.article_id!r} ({source.path}); set another model in [embedding]"
        )
    return dict(zip(texts, vectors, strict=True))


def gather(archive: Archive, embedder: str, state: str) -> Contents:
    """Everything of the archive that a generation is built from, by article id.

    Args:
        archive: Complete for the embedder.
        embedder: Its fingerprint.
        state: The archive's.

    Raises:
        IndexDamagedError: A row of the archive is damaged.
        ModelError: Vectors of one embedder are not of one length.
    """
    sources: list[Source] = []
    versions: dict[str, str] = {}
    passages: list[Passage] = []
    vectors: list[NDArray[np.float32]] = []
    for article in archive.articles():
        sources.append(article.source)
        versions[article.source.article_id] = article.version
        own = archive.passages(article)
        hashes = [text_hash(passage.text) for passage in own]
        stored = archive.vectors(embedder, hashes)
        if len(stored) < len(set(hashes)):
            raise IndexDamagedError(
                f"{archive.path}: a vector of {article.source.article_id!r} is damaged;"
                " run `footnote repair`"
            )
        passages += own
        vectors += [stored[sha256] for sha256 in hashes]
    return Contents(
        embedder=embedder,
        state=state,
        sources=tuple(sources),
        versions=versions,
        passages=tuple(passages),
        vectors=_stacked(vectors, embedder),
    )


def _stacked(vectors: Sequence[NDArray[np.float32]], embedder: str) -> NDArray[np.float32]:
    import numpy as np

    if len(lengths := {len(vector) for vector in vectors}) > 1:
        raise ModelError(
            f"embedder {embedder} gave vectors of {sorted(lengths)} numbers: its model was"
            " exchanged under the same name; give it its own name in [embedding]"
        )
    return np.stack(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)
