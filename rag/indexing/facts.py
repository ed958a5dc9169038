"""The figures of archived articles: read once a version, kept in the archive, read anew if lost."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rag.checking.clashes.fact_records import dump_facts, load_facts
from rag.checking.clashes.facts import Fact, facts_of
from rag.errors import RagError
from rag.indexing.database import Database
from rag.indexing.records import digest
from rag.types import Article, Source

if TYPE_CHECKING:
    from rag.indexing.archive import Archive

__all__ = ["find_facts", "read_facts", "write_facts"]

_KEPT = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'facts'"


def read_facts(db: Database, source: Source, version: str, reader: str) -> tuple[Fact, ...] | None:
    """The facts of a version; None where they are missing, damaged or read by other rules."""
    if not db.rows(_KEPT):
        return None  # an archive of before they were kept, which may not be written to
    rows = db.rows(
        "SELECT crc, facts FROM facts WHERE article_id = ? AND version = ? AND reader = ?",
        (source.article_id, version, reader),
    )
    if not rows or not isinstance(rows[0][1], str) or _crc(rows[0][1]) != rows[0][0]:
        return None
    try:
        return load_facts(rows[0][1], source)
    except ValueError:
        return None


def write_facts(
    connection: sqlite3.Connection, article: Article, facts: Sequence[Fact], reader: str
) -> None:
    """Stores them inside the caller's transaction, if the archive still holds this very article."""
    text = dump_facts(facts)
    connection.execute(
        "INSERT OR REPLACE INTO facts SELECT article_id, version, ?, ?, ? FROM versions"
        " WHERE article_id = ? AND version = ? AND digest = ?",
        (reader, _crc(text), text, article.source.article_id, article.version, digest(article)),
    )


def find_facts(
    archive: Archive, wanted: Iterable[tuple[Source, str]], progress: Callable[[int], None]
) -> Iterator[Fact]:
    """The facts of the wanted versions of articles, in order.

    What is not in the archive is read, and kept where the archive can be written to: that needs no
    `writer_lock`, as no generation is built of it and SQLite lets writers take turns.

    Args:
        archive: Of the index.
        wanted: Articles of it, each with its version.
        progress: Told after each how many are done.

    Raises:
        UnknownArticleError: One of them was removed in the meantime.
        IndexDamagedError: One of them cannot be read.
    """
    may_write = True
    for n, (source, version) in enumerate(wanted, start=1):
        facts = archive.facts(source, version)
        if facts is None:
            article = archive.article(source.article_id, version)
            facts = facts_of(article)
            may_write = may_write and _is_kept(archive, article, facts)
        yield from facts
        progress(n)


def _is_kept(archive: Archive, article: Article, facts: Sequence[Fact]) -> bool:
    try:
        archive.keep_facts(article, facts)
    except RagError:  # a full disk, a folder that may only be read
        return False
    return True


def _crc(text: str) -> int:
    return zlib.crc32(text.encode("ascii", "replace"))
