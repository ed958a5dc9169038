"""Vectors in the archive, by embedder and text: what has not changed is never embedded again."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rag.indexing.database import Database

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MANY = 500  # values of one statement; the oldest SQLite in use takes 999


def read_vectors(
    db: Database, embedder: str, hashes: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """The embedder's vectors by text hash; missing and damaged ones are left out."""
    import numpy as np

    found: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(hashes), _MANY):
        some = hashes[start : start + _MANY]
        marks = ",".join("?" * len(some))
        sql = f"SELECT sha256, crc, vector FROM vectors WHERE embedder = ? AND sha256 IN ({marks})"  # noqa: S608
        for sha256, crc, blob in db.rows(sql, (embedder, *some)):
            if isinstance(blob, bytes) and zlib.crc32(blob) == crc:
                found[sha256] = np.frombuffer(blob, dtype="<f4")
    return found


def write_vectors(
    connection: sqlite3.Connection, embedder: str, vectors: Mapping[str, NDArray[np.float32]]
) -> None:
    """Stores vectors by text hash, inside the caller's transaction."""
    blobs = ((sha256, vector.astype("<f4").tobytes()) for sha256, vector in vectors.items())
    connection.executemany(
        "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)",
        ((embedder, sha256, zlib.crc32(blob), blob) for sha256, blob in blobs),
    )


def forget_unused(db: Database) -> None:
    """Deletes the vectors of texts that no passage of any version has any more."""
    with db.transaction() as connection:
        connection.execute("DELETE FROM vectors WHERE sha256 NOT IN (SELECT sha256 FROM passages)")


def damaged_vectors(db: Database) -> list[int]:
    """Row numbers of the vectors that do not match their checksum."""
    rows = db.rows("SELECT rowid, crc, vector FROM vectors")
    return [
        rowid for rowid, crc, blob in rows if not isinstance(blob, bytes) or zlib.crc32(blob) != crc
    ]


def forget(db: Database, row_numbers: Sequence[int]) -> None:
    """Deletes vectors by row number."""
    with db.transaction() as connection:
        connection.executemany("DELETE FROM vectors WHERE rowid = ?", ((n,) for n in row_numbers))
