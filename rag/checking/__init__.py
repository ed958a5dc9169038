"""Checking: what a text states, and whether it answers a question. Plain Python, no model."""
