"""Splitting: articles become passages of whole sentences, each with its exact span."""
