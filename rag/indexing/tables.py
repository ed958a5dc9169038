"""The archive's tables, and the longer questions to them."""

from __future__ import annotations

SCHEMA = 1
"""Kept in `user_version`; 0 is a file that SQLite has just made."""

FACTS = """
CREATE TABLE IF NOT EXISTS facts (
    article_id TEXT NOT NULL, version TEXT NOT NULL,
    reader TEXT NOT NULL,  -- the rules they were read by
    crc INTEGER NOT NULL, facts TEXT NOT NULL,
    PRIMARY KEY (article_id, version),
    FOREIGN KEY (article_id, version) REFERENCES versions(article_id, version) ON DELETE CASCADE);
"""
"""The articles' figures, bound. Derived from `versions`; archives of before they were kept have no
such table, and every program that knows it makes it where it is missing."""

TABLES = f"""
BEGIN;
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,  -- resolved: what a file is known by
    version TEXT NOT NULL);
CREATE TABLE versions (
    article_id TEXT NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
    version TEXT NOT NULL, digest TEXT NOT NULL, splitter TEXT NOT NULL, article TEXT NOT NULL,
    PRIMARY KEY (article_id, version));
CREATE TABLE passages (
    article_id TEXT NOT NULL, version TEXT NOT NULL, n INTEGER NOT NULL,
    sha256 TEXT NOT NULL, passage TEXT NOT NULL,
    PRIMARY KEY (article_id, version, n),
    FOREIGN KEY (article_id, version) REFERENCES versions(article_id, version) ON DELETE CASCADE);
CREATE INDEX passages_sha256 ON passages(sha256);
CREATE TABLE vectors (
    embedder TEXT NOT NULL, sha256 TEXT NOT NULL,
    crc INTEGER NOT NULL, vector BLOB NOT NULL,  -- float32, little-endian
    PRIMARY KEY (embedder, sha256));
{FACTS}
PRAGMA user_version = {SCHEMA};
COMMIT;
"""

CURRENT_VERSIONS = """
SELECT a.id, a.path, a.version, v.digest, v.splitter FROM articles a
JOIN versions v ON v.article_id = a.id AND v.version = a.version ORDER BY a.id"""

INCOMPLETE = """
SELECT a.id FROM articles a JOIN versions v ON v.article_id = a.id AND v.version = a.version
WHERE v.splitter <> :splitter
OR NOT EXISTS (
    SELECT 1 FROM facts f
    WHERE f.article_id = a.id AND f.version = a.version AND f.reader = :reader)
OR EXISTS (
    SELECT 1 FROM passages p WHERE p.article_id = a.id AND p.version = a.version
    AND NOT EXISTS (
        SELECT 1 FROM vectors x WHERE x.embedder = :embedder AND x.sha256 = p.sha256))
ORDER BY a.id"""
