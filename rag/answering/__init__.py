"""Answering: hits become the sentences that answer, or a refusal."""
