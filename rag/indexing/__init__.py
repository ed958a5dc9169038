"""Indexing: articles become an archive, and the archive a sealed generation to search in."""
