"""Files and folders of articles → an index that is up to date with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.config import Config
from rag.errors import IndexMissingError
from rag.indexing.archive import FILE as ARCHIVE
from rag.indexing.archive import Archive
from rag.indexing.disk import writer_lock
from rag.indexing.manifest import current_number
from rag.indexing.sync import SyncReport, remove, sync
from rag.models.embedding import load_embedder
from rag.reading.articles import Refused, read_articles
from rag.types import Article

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and how much there is."""

CORPUS = "corpus"


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What indexing some files and folders has done."""

    sync: SyncReport
    refused: tuple[Refused, ...]
    """Files that could not be read, and why."""


def index_articles(
    paths: Sequence[Path], *, config: Config, progress: Progress | None = None
) -> IndexReport:
    """Brings the index up to date with the articles of the files and folders.

    Raises:
        CorpusError: A path does not exist, or nothing in any of them can be read.
        IndexLockedError: Another process is writing.
    """
    reading = read_articles(paths)
    report = sync(
        config.home,
        reading.articles,
        scope=[path.resolve() for path in paths],
        embedder=load_embedder(config),
        progress=progress,
    )
    return IndexReport(report, reading.refused)


def remove_articles(
    article_ids: Sequence[str], *, config: Config, progress: Progress | None = None
) -> SyncReport:
    """Takes articles out of the index; their files are left alone.

    Raises:
        UnknownArticleError: One of them is not indexed; nothing was removed.
        IndexLockedError: Another process is writing.
    """
    embedder = load_embedder(config)
    return remove(config.home, article_ids, embedder=embedder, progress=progress)


def restore_articles(
    articles: Sequence[Article], *, config: Config, progress: Progress | None = None
) -> SyncReport:
    """Puts articles back as they were once read, whatever has become of their files.

    Raises:
        IndexLockedError: Another process is writing.
    """
    embedder = load_embedder(config)
    return sync(config.home, articles, scope=(), embedder=embedder, progress=progress)


def ensure_index(config: Config, progress: Progress | None = None) -> None:
    """Makes an index of `corpus/` where there is none, or finishes the one that was begun.

    Raises:
        IndexMissingError: There is none, and no `corpus/` either.
        RagError: The articles or the archive cannot be read.
    """
    if current_number(config.home) is not None:
        return
    begun = _archived(config.home)
    if not begun or _are_bundled(begun):
        index_articles([default_corpus()], config=config, progress=progress)
        return
    # An interrupted `footnote index PATH`: the reader's own articles are what is asked about, and
    # the bundled ones do not belong among them.
    sync(config.home, (), scope=(), embedder=load_embedder(config), progress=progress)


def default_corpus() -> Path:
    """The folder to index when none is named: `corpus/` here, else the one of this checkout.

    Raises:
        IndexMissingError: There is neither.
    """
    for folder in _default_folders():
        if folder.is_dir():
            return folder
    raise IndexMissingError(
        "there is no index yet and no folder 'corpus' here;"
        " run `footnote index PATH` with your articles"
    )


def bundled_corpus() -> Path:
    """The `corpus/` that comes with Footnote, which its suites are asked of.

    Raises:
        IndexMissingError: This installation has none.
    """
    folder = _default_folders()[-1]
    if not folder.is_dir():
        raise IndexMissingError(f"{folder}: missing; the suites that come along are asked of it")
    return folder


def _default_folders() -> tuple[Path, Path]:
    return Path(CORPUS), Path(__file__).resolve().parent.parent / CORPUS


def _archived(home: Path) -> tuple[Path, ...]:
    """Paths of the articles that an archive without a generation holds."""
    if not (home / ARCHIVE).exists():
        return ()
    # Under the lock: one that is being written just now is no interrupted one.
    with writer_lock(home), Archive(home, create=True) as archive:
        return tuple(Path(stored.path) for stored in archive.stored())


def _are_bundled(paths: Sequence[Path]) -> bool:
    folders = [folder.resolve() for folder in _default_folders() if folder.is_dir()]
    return any(all(path.is_relative_to(folder) for path in paths) for folder in folders)
