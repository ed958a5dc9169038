"""The dense index of a generation: a Chroma collection, written once and then only read.

The one file of the indexing stage that names chromadb.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partialmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rag.errors import IndexDamagedError, RagError
from rag.indexing.rows import Contents

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

__all__ = ["Collection", "OpenCollection", "database_seal", "write_collection"]

NAME = "passages"
DATABASE = "chroma.sqlite3"

_BATCH = 500  # Chroma takes at most 5,461 rows at once, and is fastest at 500 to 1,000
_ONE_BY_ONE = threading.RLock()  # of 16 threads that open clients at once, 3 or 4 fail (measured)


class OpenCollection:
    """A collection and the client that holds its files."""

    def __init__(self, path: Path, n_passages: int) -> None:
        """Opens the folder. Its files must have been compared with their hashes before.

        Raises:
            IndexDamagedError: It is damaged, or holds another number of vectors.
        """
        with _told(path):
            self._client = _open_client(path)
        try:
            self.collection = self._find(path, n_passages)
        except BaseException:
            self.close()
            raise

    def _find(self, path: Path, n_passages: int) -> Collection:
        with _told(path):
            found = self._client.get_collection(NAME, embedding_function=None)
            count = found.count()
        if count != n_passages:
            raise IndexDamagedError(
                f"{path}: holds {count} vectors of {n_passages} passages; run `footnote repair`"
            )
        return found

    def close(self) -> None:
        """Lets go of the files: 30 clients left open hold 346 of them (measured)."""
        with _ONE_BY_ONE:
            self._client.close()


def write_collection(path: Path, contents: Contents, progress: Callable[[int], None]) -> None:
    """Writes the contents' vectors into a new folder; the caller makes it durable.

    Args:
        path: The folder, which is not there yet.
        contents: What to index.
        progress: Told how many passages are in.

    Raises:
        RagError: Chroma cannot write it.
    """
    n_passages = len(contents.passages)
    # Flushed once, after the last row, and into a folder that nobody reads yet: a kill during a
    # flush can ruin a collection. Never flushing would be as safe but slow to open, as the graph is
    # then built anew at each start: 2.9 s against 0.1 s at 10,000 passages (measured).
    hnsw = {
        "space": "cosine",
        "sync_threshold": max(1, n_passages),
        "batch_size": min(100, max(1, n_passages)),
    }
    with _told(path, kind=RagError, remedy="check free space and permissions, then run it again"):
        with closing(_open_client(path)) as client:
            collection = client.create_collection(
                NAME, embedding_function=None, configuration=cast("Any", {"hnsw": hnsw})
            )
            for start in range(0, n_passages, _BATCH):
                some = contents.passages[start : start + _BATCH]
                collection.add(
                    ids=[passage.id for passage in some],
                    embeddings=contents.vectors[start : start + _BATCH],
                    metadatas=[{"article_id": passage.source.article_id} for passage in some],
                )
                progress(start + len(some))
        with closing(sqlite3.connect(path / DATABASE)) as database:
            # Drops the emptied write log: 23 → 2.3 MB at 10,000 passages, in 0.06 s.
            database.execute("VACUUM")


def database_seal(path: Path, size: int | None = None) -> str:
    """`<size>:<sha256>` of Chroma's SQLite file as it was built, whatever has opened it since.

    At each opening Chroma adds a row to `acquire_write` (measured: nothing else changes), so that
    this table's page and the header's counters are left out, and what comes after `size`.

    Args:
        path: The file.
        size: How long it was when it was built; by default its size now.

    Raises:
        IndexDamagedError: It is missing or no database.
    """
    with _told(path):
        # Not read-only: after a kill in the middle of that row, opening mends the file.
        where = f"{path.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(where, uri=True)) as database:
            (page_size,) = database.execute("PRAGMA page_size").fetchone()
            (page,) = database.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'acquire_write'"
            ).fetchone() or (0,)
        with path.open("rb") as file:
            data = bytearray(file.read() if size is None else file.read(size))
    if page:
        data[(page - 1) * page_size : page * page_size] = bytes(page_size)
    data[24:32] = bytes(8)  # change counter, number of pages
    data[92:100] = bytes(8)  # the counter again, and the release of SQLite that wrote last
    return f"{len(data)}:{hashlib.sha256(data).hexdigest()}"


def _open_client(path: Path) -> Client:
    with _ONE_BY_ONE, _settings_from_code():
        import chromadb
        from chromadb.config import Settings

        # Every field by name: what is not given is taken from variables with bare names, of which
        # `CHROMA_API_IMPL` names a class to import, and from `./.env` (measured).
        values: dict[str, Any] = {
            name: field.get_default(call_default_factory=True)
            for name, field in Settings.model_fields.items()
        }
        values |= {"is_persistent": True, "persist_directory": str(path)}
        values |= {"anonymized_telemetry": False, "allow_reset": False}
        settings = Settings(_env_file=None, **values)  # type: ignore[call-arg]
        return cast("Client", chromadb.PersistentClient(path=path, settings=settings))


@contextmanager
def _settings_from_code() -> Iterator[None]:
    """Shuts `.env` and the environment off while Chroma is imported.

    Its modules make default settings at import, which ends in a traceback where a variable or the
    working directory's `.env` has, say, a `MIGRATIONS` of its own (measured).
    """
    if "chromadb" in sys.modules:
        yield
        return
    from pydantic_settings import BaseSettings

    kept = {name: vars(BaseSettings)[name] for name in ("__init__", "settings_customise_sources")}
    init_only = classmethod(lambda _cls, _settings, init_settings, **_: (init_settings,))
    setattr(BaseSettings, "__init__", partialmethod(kept["__init__"], _env_file=None))  # noqa: B010
    setattr(BaseSettings, "settings_customise_sources", init_only)  # noqa: B010
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(BaseSettings, name, value)


@contextmanager
def _told(
    path: Path, *, kind: type[RagError] = IndexDamagedError, remedy: str = "run `footnote repair`"
) -> Iterator[None]:
    """Turns what Chroma and SQLite raise into a message."""
    try:
        yield
    except _failures() as error:
        raise kind(f"{path}: fails ({error}); {remedy}") from error


def _failures() -> tuple[type[Exception], ...]:
    chroma = sys.modules.get("chromadb.errors")  # not loaded just to look for a missing file
    known = (sqlite3.Error, ValueError, OSError)
    return known if chroma is None else (*known, chroma.ChromaError)
