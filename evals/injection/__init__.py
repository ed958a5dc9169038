"""Poisoned articles, the models that obey them, and what comes of it for a reader."""
