"""`passages.sqlite` of a generation: row ↔ passage and the sources; hits need no archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.indexing.database import Database
from rag.indexing.records import dump_passage, dump_source, load_passage, load_source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.types import Passage, Source

_MANY = 500  # values of one statement; the oldest SQLite in use takes 999

_TABLES = """
CREATE TABLE sources (n INTEGER PRIMARY KEY, version TEXT NOT NULL, source TEXT NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL,
    passage TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that a generation is built from."""

    embedder: str
    """Fingerprint of the embedder that made the vectors."""
    state: str
    """`Archive.state` at that moment."""
    sources: tuple[Source, ...]
    versions: Mapping[str, str]
    """Article id → version."""
    passages: tuple[Passage, ...]
    """By row; each one's source is among the sources."""
    vectors: NDArray[np.float32]
    """Of shape (passages, dimensions)."""


def write_rows(path: Path, contents: Contents) -> None:
    """Writes the file; the caller makes it durable."""
    places = {source.article_id: n for n, source in enumerate(contents.sources)}
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(_TABLES)
        connection.executemany(
            "INSERT INTO sources VALUES (?, ?, ?)",
            (
                (n, contents.versions[source.article_id], dump_source(source))
                for n, source in enumerate(contents.sources)
            ),
        )
        connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?)",
            (
                (row, passage.id, places[passage.source.article_id], dump_passage(passage))
                for row, passage in enumerate(contents.passages)
            ),
        )


class Rows:
    """The open file, for any number of threads."""

    def __init__(self, path: Path) -> None:
        """Opens the file and reads the sources.

        Raises:
            IndexDamagedError: It is missing or damaged.
        """
        import numpy as np

        self._db = Database(path, remedy="run `footnote repair`", sealed=True)
        sources = self._db.rows("SELECT source, version FROM sources ORDER BY n")
        places = self._db.rows("SELECT source FROM passages ORDER BY row")
        with self._db.guarded("a source"):
            self.sources = tuple(load_source(text) for text, _ in sources)
            self.versions: dict[str, str] = {
                source.article_id: version
                for source, (_, version) in zip(self.sources, sources, strict=True)
            }
            self.source_of_row: NDArray[np.int32] = np.array(
                [place for (place,) in places], dtype=np.int32
            )

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def ids(self) -> list[str]:
        """Every passage id, by row."""
        return [
            passage_id for (passage_id,) in self._db.rows("SELECT id FROM passages ORDER BY row")
        ]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the rows, in the order asked for.

        Raises:
            IndexDamagedError: There is no such row, or it cannot be read.
        """
        wanted = [int(row) for row in rows]  # numpy's integers would be stored as bytes
        found = self._find("row", "source, passage", wanted)
        with self._db.guarded("a passage"):
            return [load_passage(found[row][1], self.sources[found[row][0]]) for row in wanted]

    def rows(self, passage_ids: Sequence[str]) -> list[int]:
        """The rows of the passages, in the order asked for.

        Raises:
            IndexDamagedError: There is no such passage.
        """
        found = self._find("id", "row", passage_ids)
        return [found[passage_id][0] for passage_id in passage_ids]

    def _find(self, key: str, columns: str, values: Sequence[Any]) -> dict[Any, tuple[Any, ...]]:
        found: dict[Any, tuple[Any, ...]] = {}
        for start in range(0, len(values), _MANY):
            some = values[start : start + _MANY]
            marks = ",".join("?" * len(some))
            sql = f"SELECT {key}, {columns} FROM passages WHERE {key} IN ({marks})"  # noqa: S608
            found.update((row[0], row[1:]) for row in self._db.rows(sql, some))
        if unknown := [value for value in values if value not in found]:
            raise self._db.damaged(f"holds no passage of {key} {unknown[0]!r}")
        return found
