"""The archive's tables."""

from __future__ import annotations

SCHEMA = 1
"""Kept in `user_version`; 0 is a file that SQLite has just made."""

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
PRAGMA user_version = {SCHEMA};
COMMIT;
"""
