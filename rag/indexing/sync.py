"""Brings the index up to date with articles: plan, embed what is new, archive, build, publish.

The archive comes first and a generation is built from nothing else, so that a crash or Ctrl-C at
any point leaves the old generation serving and loses at most one article's embedding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.indexing.archive import Archive, require_index
from rag.indexing.build import Progress, build, clear_unfinished
from rag.indexing.disk import writer_lock
from rag.indexing.fill import gather, store_all
from rag.indexing.manifest import (
    Manifest,
    check_files,
    check_manifest,
    current_number,
    generation_name,
    read_manifest,
)
from rag.indexing.plan import SyncPlan, plan_sync
from rag.indexing.verify import VerifyReport, verify
from rag.types import Article

if TYPE_CHECKING:
    from rag.models.embedding import Embedder

__all__ = [
    "SyncPlan",
    "SyncReport",
    "VerifyReport",
    "plan_sync",
    "remove",
    "repair",
    "sync",
    "verify",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncReport:
    """What a change to the index has done."""

    added: tuple[str, ...] = ()
    """Article ids, as the next three."""
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    n_passages: int
    """In the whole index."""
    n_embedded: int
    """Texts that were embedded; the vectors of the others were in the archive."""
    generation: int
    """Number of the generation that is served now."""


def sync(
    home: Path,
    articles: Sequence[Article],
    *,
    scope: Sequence[Path],
    embedder: Embedder,
    progress: Progress | None = None,
) -> SyncReport:
    """Indexes the articles; what has not changed since the last time costs nothing.

    Args:
        home: The index folder; made where there is none.
        articles: Everything that was read from the scope.
        scope: The files and folders that were asked for. Articles from elsewhere stay as they are.
        embedder: Turns the new texts into vectors.
        progress: Told of the stages `embed` (articles), `index` (passages) and `verify`.

    Raises:
        IndexLockedError: Another process is writing.
        ModelError: The embedder gave no usable vector; what was embedded before it is kept.
        RagError: The disk failed, or the archive is damaged.
    """
    progress = progress or _silent
    with _writing(home, create=True) as archive:
        plan = plan_sync(archive.stored(), articles, scope)
        for article_id in plan.removed:
            archive.remove(article_id)
        n_embedded = store_all(archive, (*plan.added, *plan.changed), embedder, progress)
        served = _publish(home, archive, embedder.fingerprint, progress)
        return SyncReport(
            added=tuple(article.source.article_id for article in plan.added),
            changed=tuple(article.source.article_id for article in plan.changed),
            unchanged=plan.unchanged,
            removed=plan.removed,
            n_passages=served.n_passages,
            n_embedded=n_embedded,
            generation=served.number,
        )


def remove(
    home: Path,
    article_ids: Sequence[str],
    *,
    embedder: Embedder,
    progress: Progress | None = None,
) -> SyncReport:
    """Takes articles out of the index in all their versions; their files are left alone.

    Raises:
        UnknownArticleError: One of them is not indexed; nothing was removed.
        IndexMissingError: There is no index.
        RagError: As `sync`.
    """
    progress = progress or _silent
    wanted = tuple(dict.fromkeys(article_ids))
    with _writing(home) as archive:
        for article_id in wanted:
            archive.article(article_id)
        for article_id in wanted:
            archive.remove(article_id)
        n_embedded = store_all(archive, (), embedder, progress)
        served = _publish(home, archive, embedder.fingerprint, progress)
        return SyncReport(
            removed=wanted,
            unchanged=tuple(stored.article_id for stored in archive.stored()),
            n_passages=served.n_passages,
            n_embedded=n_embedded,
            generation=served.number,
        )


def repair(home: Path, *, embedder: Embedder, progress: Progress | None = None) -> SyncReport:
    """Builds a new generation from the archive; no article is read, and nothing is embedded.

    Unless the settings name another embedder, the program splits by newer rules, or a vector is
    damaged: then what is missing is made anew.

    Raises:
        IndexMissingError: There is no index.
        IndexDamagedError: The archive itself is damaged.
        RagError: As `sync`.
    """
    progress = progress or _silent
    with _writing(home) as archive:
        archive.check()
        archive.forget_damaged_vectors()
        n_embedded = store_all(archive, (), embedder, progress)
        served = _publish(home, archive, embedder.fingerprint, progress, anew=True)
        return SyncReport(
            unchanged=tuple(stored.article_id for stored in archive.stored()),
            n_passages=served.n_passages,
            n_embedded=n_embedded,
            generation=served.number,
        )


@contextmanager
def _writing(home: Path, *, create: bool = False) -> Iterator[Archive]:
    if not create:
        require_index(home)
    with writer_lock(home), Archive(home, create=create) as archive:
        clear_unfinished(home)
        yield archive


def _publish(
    home: Path, archive: Archive, embedder: str, progress: Progress, *, anew: bool = False
) -> Manifest:
    """Builds a generation of the archive and publishes it, unless the served one equals it."""
    archive.prune()
    state = archive.state()
    served = None if anew else _served(home, embedder)
    if served is not None and served.state == state:
        return served
    number = build(home, gather(archive, embedder, state), progress)
    return read_manifest(home / generation_name(number))


def _served(home: Path, embedder: str) -> Manifest | None:
    """Manifest of the generation being served, if it is sound and fits the settings."""
    try:
        number = current_number(home)
        if number is None:
            return None
        directory = home / generation_name(number)
        manifest = read_manifest(directory)
        check_manifest(manifest, embedder)
        check_files(directory, manifest)
    except (IndexDamagedError, IndexMismatchError):
        return None
    return manifest


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Tells nobody."""
