"""Settings → the language model that words answers; none without a named model."""

from __future__ import annotations

from typing import Any

from rag.config import Config


def load_llm(config: Config) -> Any:
    """None: the client is not there yet."""
    assert not config.llm.model
