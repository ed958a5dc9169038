"""The source of truth: SQLite with every article, its versions, passages and vectors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.checking.clashes.facts import READER, Fact
from rag.errors import IndexMissingError, RagError, UnknownArticleError
from rag.indexing.database import Database
from rag.indexing.facts import read_facts, write_facts
from rag.indexing.manifest import CURRENT
from rag.indexing.plan import Stored
from rag.indexing.records import (
    digest,
    dump_article,
    dump_passage,
    load_article,
    load_passage,
    path_key,
    text_hash,
)
from rag.indexing.tables import CURRENT_VERSIONS, FACTS, INCOMPLETE, SCHEMA, TABLES
from rag.indexing.vectors import (
    damaged_vectors,
    forget,
    forget_unused,
    read_vectors,
    write_vectors,
)
from rag.types import Article, Passage, Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = "archive.sqlite"


def require_index(home: Path) -> None:
    """Refuses a folder that holds no index.

    Raises:
        IndexMissingError: Neither an archive nor a generation is there.
    """
    if not ((home / CURRENT).exists() or (home / FILE).exists()):
        raise IndexMissingError(f"no index in {home}; run `footnote index PATH...` first")


class Archive:
    """The open archive of an index folder."""

    def __init__(self, home: Path, *, create: bool = False) -> None:
        """Opens the folder's archive, or with `create` makes one where there is no index yet.

        Raises:
            IndexMissingError: There is none, and `create` is off.
            IndexDamagedError: It is damaged, or gone from beside a generation.
        """
        if not create:
            require_index(home)
        self.path = home / FILE
        # Everything else is derived from this file, so that nothing can mend it but the articles.
        remedy = f"remove the folder {home} and run `footnote index PATH...` again"
        self._db = Database(self.path, remedy=remedy)
        try:
            self._prepare(create=create and not (home / CURRENT).exists())
        except BaseException:
            self._db.close()
            raise

    def _prepare(self, *, create: bool) -> None:
        ((schema,),) = self._db.rows("PRAGMA user_version")
        if schema != SCHEMA and not (schema == 0 and create):
            # SQLite takes a missing or emptied file for a new database of schema 0.
            raise self._db.damaged("is missing or empty" if not schema else f"has schema {schema}")
        self._db.script("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        if schema == 0:
            self._db.script(TABLES)
        with suppress(RagError):  # older, in a folder that may only be read: does without
            self._db.script(FACTS)

    def __enter__(self) -> Self:
        """The archive itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def stored(self) -> tuple[Stored, ...]:
        """What is in the archive, by article id."""
        return tuple(Stored(row[0], row[1], row[3]) for row in self._db.rows(CURRENT_VERSIONS))

    def articles(self) -> Iterator[Article]:
        """Every article at its current version, by id, one in memory at a time."""
        for stored in self.stored():
            yield self.article(stored.article_id)

    def article(self, article_id: str, version: str | None = None) -> Article:
        """The article, at its current version or at the one named.

        Raises:
            UnknownArticleError: There is none of that id and version.
            IndexDamagedError: It cannot be read.
        """
        rows = self._db.rows(
            "SELECT v.article, v.digest FROM versions v JOIN articles a ON a.id = v.article_id"
            " WHERE a.id = ? AND v.version = coalesce(?, a.version)",
            (article_id, version),
        )
        if not rows:
            at = f" at version {version!r}" if version is not None else ""
            raise UnknownArticleError(
                f"no article {article_id!r}{at} is indexed; `footnote articles` lists them"
            )
        with self._db.guarded(f"article {article_id!r}"):
            article = load_article(rows[0][0])
            if digest(article) != rows[0][1]:
                raise ValueError("it does not match its hash")
        return article

    def passages(self, article: Article) -> tuple[Passage, ...]:
        """The passages of an article that came out of this archive, in reading order.

        Raises:
            IndexDamagedError: One cannot be read, or its words are not the body's.
        """
        article_id = article.source.article_id
        rows = self._db.rows(
            "SELECT passage, sha256 FROM passages WHERE article_id = ? AND version = ? ORDER BY n",
            (article_id, article.version),
        )
        with self._db.guarded(f"a passage of {article_id!r}"):
            passages = tuple(load_passage(text, article.source) for text, _ in rows)
            for passage, (_, sha256) in zip(passages, rows, strict=True):
                if passage.text != passage.span.of(article.body):
                    raise ValueError(f"{passage.id} is not what the body says at {passage.span}")
                if text_hash(passage.text) != sha256:
                    raise ValueError(f"{passage.id} does not match its hash")
        return passages

    def vectors(self, embedder: str, hashes: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The embedder's vectors by text hash; missing and damaged ones are left out."""
        return read_vectors(self._db, embedder, hashes)

    def incomplete(self, embedder: str, splitter: str) -> tuple[str, ...]:
        """Ids of the articles that were split or read by other rules, or lack a vector."""
        values = {"embedder": embedder, "splitter": splitter, "reader": READER}
        return tuple(row[0] for row in self._db.rows(INCOMPLETE, values))

    def state(self) -> str:
        """SHA-256 (hex) of what a generation is built from: equal states, equal generations."""
        return text_hash(repr(self._db.rows(CURRENT_VERSIONS)))

    def facts(self, source: Source, version: str) -> tuple[Fact, ...] | None:
        """The bound figures of a version of an article; None where they have to be read anew."""
        return read_facts(self._db, source, version, READER)

    def keep_facts(self, article: Article, facts: Sequence[Fact]) -> None:
        """Stores what was read of an archived article; nothing if it is gone or changed by now."""
        with self._db.transaction() as db:
            write_facts(db, article, facts, READER)

    def put(
        self,
        article: Article,
        passages: Sequence[Passage],
        vectors: Mapping[str, NDArray[np.float32]],
        *,
        embedder: str,
        splitter: str,
        facts: Sequence[Fact] | None = None,
    ) -> None:
        """Stores an article as current, with all that belongs to it, or after a crash none of it.

        Args:
            article: As read, with the id it is to have.
            passages: All of them, in reading order.
            vectors: New ones, by text hash.
            embedder: Fingerprint of what made the vectors.
            splitter: Name of what made the passages.
            facts: Its bound figures, where they have been read.
        """
        source, version = article.source, article.version
        at = (source.article_id, version)
        with self._db.transaction() as db:
            known = "SELECT version FROM articles WHERE id = ?"
            row = db.execute(known, (source.article_id,)).fetchone()
            if row and row[0] != version:
                article = replace(article, supersedes=row[0])
            db.execute(
                "INSERT INTO articles VALUES (?, ?, ?)"
                " ON CONFLICT(id) DO UPDATE SET version = excluded.version",
                (source.article_id, path_key(source.path), version),
            )
            db.execute("DELETE FROM versions WHERE article_id = ? AND version = ?", at)
            db.execute(
                "INSERT INTO versions VALUES (?, ?, ?, ?, ?)",
                (*at, digest(article), splitter, dump_article(article)),
            )
            db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?)",
                ((*at, n, text_hash(p.text), dump_passage(p)) for n, p in enumerate(passages)),
            )
            write_vectors(db, embedder, vectors)
            if facts is not None:
                write_facts(db, article, facts, READER)

    def remove(self, article_id: str) -> None:
        """Deletes the article in all its versions. Its vectors stay until `prune`."""
        with self._db.transaction() as db:
            db.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    def prune(self) -> None:
        """Deletes the vectors that nothing uses, after a sync: a renamed file needs no new ones."""
        forget_unused(self._db)

    def n_damaged_vectors(self) -> int:
        """How many vectors do not match their checksum."""
        return len(damaged_vectors(self._db))

    def forget_damaged_vectors(self) -> None:
        """Deletes them, so that they are made anew."""
        forget(self._db, damaged_vectors(self._db))

    def check(self) -> None:
        """Reads the whole file.

        Raises:
            IndexDamagedError: Something in it other than a vector is damaged.
        """
        faults = self._db.rows("PRAGMA integrity_check(1)")
        if faults != [("ok",)]:
            raise self._db.damaged(f"is damaged ({faults[0][0]})")
        for article in self.articles():
            self.passages(article)
