"""Compares the served generation with the archive and with itself, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMissingError
from rag.indexing.archive import Archive, require_index
from rag.indexing.check import REPAIR, Probes, find_problems, probe_step
from rag.indexing.disk import writer_lock
from rag.indexing.generation import Generation
from rag.indexing.records import text_hash


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of the whole index has found."""

    problems: tuple[str, ...]
    """Each with its remedy; none means that everything is as it was built."""
    n_articles: int
    """In the archive, as far as it can be read."""
    n_passages: int


@dataclass(frozen=True, slots=True)
class _Archived:
    state: str
    versions: Mapping[str, str]
    hashes: Mapping[str, str]
    """Passage id → hash of its text."""
    n_damaged_vectors: int


def verify(home: Path) -> VerifyReport:
    """Checks the index: every file's hash, every passage's words, and that vectors are found.

    Raises:
        IndexMissingError: There is no index.
        IndexLockedError: It is being written just now.
        RagError: The disk failed.
    """
    require_index(home)
    problems: list[str] = []
    archived: _Archived | None = None
    with writer_lock(home):
        try:
            archived = _read_archive(home)
        except IndexDamagedError as error:
            problems.append(str(error))
        try:
            with closing(Generation.open(home)) as served:
                problems += _compare(home, archived, served)
        except (IndexDamagedError, IndexMissingError) as error:
            problems.append(str(error))
    if archived is None:
        return VerifyReport(tuple(problems), 0, 0)
    return VerifyReport(tuple(problems), len(archived.versions), len(archived.hashes))


def _read_archive(home: Path) -> _Archived:
    with Archive(home) as archive:
        archive.check()
        versions: dict[str, str] = {}
        hashes: dict[str, str] = {}
        for article in archive.articles():
            versions[article.source.article_id] = article.version
            hashes |= {p.id: text_hash(p.text) for p in archive.passages(article)}
        return _Archived(archive.state(), versions, hashes, archive.n_damaged_vectors())


def _compare(home: Path, archived: _Archived | None, served: Generation) -> Iterator[str]:
    if archived is None:
        yield from find_problems(served.directory, None)
        return
    if archived.n_damaged_vectors:
        yield f"{home}: {archived.n_damaged_vectors} vectors of the archive are damaged; {REPAIR}"
    if served.manifest.state != archived.state:
        yield f"{served.directory}: is older than the archive, a run was cut off; {REPAIR}"
    elif served.versions != archived.versions or set(served.ids()) != set(archived.hashes):
        yield f"{served.directory}: does not hold the archive's articles; {REPAIR}"
    yield from find_problems(served.directory, _probes(home, archived, served))


def _probes(home: Path, archived: _Archived, served: Generation) -> Probes:
    """Passages and the vectors that the archive has of them: those must find them."""
    import numpy as np

    ids = [i for i in served.ids()[:: probe_step(len(served))] if i in archived.hashes]
    with Archive(home) as archive:
        found = archive.vectors(served.manifest.embedder, [archived.hashes[i] for i in ids])
    ids = [i for i in ids if archived.hashes[i] in found]
    vectors = [found[archived.hashes[i]] for i in ids]
    return Probes(tuple(ids), np.stack(vectors) if ids else np.zeros((0, 0), dtype=np.float32))
