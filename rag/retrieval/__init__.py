"""Retrieval: a question becomes hits."""
