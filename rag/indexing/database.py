"""SQLite files of the index: every failure is told as damage or as a fault of the disk."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import IndexDamagedError, RagError

# What the disk or its owner can mend; any other failure of SQLite means that the file is damaged.
_DISK_FAULTS = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
    }
)


class Database:
    """One open SQLite file, for any number of threads that take turns."""

    def __init__(self, path: Path, *, remedy: str, sealed: bool = False) -> None:
        """Opens the file.

        Args:
            path: The file; made if it is not there, unless `sealed`.
            remedy: What the reader is told to do about a damaged file.
            sealed: It never changes again: read without locks or a journal beside it.

        Raises:
            RagError: It cannot be opened.
        """
        self.path = path
        self._remedy = remedy
        self._turn = threading.Lock()
        where = f"{path.resolve().as_uri()}?{'mode=ro&immutable=1' if sealed else 'mode=rwc'}"
        with self.guarded():
            self._connection = sqlite3.connect(where, uri=True, check_same_thread=False)

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()

    def rows(
        self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Every row of the answer.

        Raises:
            IndexDamagedError: The file is damaged.
            RagError: The disk failed.
        """
        with self._turn, self.guarded():
            return self._connection.execute(sql, values).fetchall()

    def script(self, sql: str) -> None:
        """Runs statements that take no values.

        Raises:
            RagError: As `rows`.
        """
        with self._turn, self.guarded():
            self._connection.executescript(sql)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is written inside, or after any exception nothing of it.

        Raises:
            RagError: As `rows`.
        """
        with self._turn, self.guarded(), self._connection:
            yield self._connection

    @contextmanager
    def guarded(self, what: str = "") -> Iterator[None]:
        """Turns SQLite's failures, and a value that cannot be read, into a message.

        Args:
            what: The part that is being read, for the message.

        Raises:
            IndexDamagedError: The file is damaged.
            RagError: The disk failed, or the file may not be used.
        """
        try:
            yield
        except sqlite3.ProgrammingError:
            raise  # a bug of ours: keeps its traceback
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DISK_FAULTS:
                raise RagError(
                    f"{self.path}: {error}; check free space, permissions and that no other"
                    " program uses the file, then run the command again"
                ) from error
            raise self.damaged(f"is damaged ({error})") from error
        except ValueError as error:
            raise self.damaged(f"{what or 'a value'} is damaged ({error})") from error

    def damaged(self, fault: str) -> IndexDamagedError:
        """The error that names the file, the fault and the remedy."""
        return IndexDamagedError(f"{self.path}: {fault}; {self._remedy}")
