"""Mode and settings of a run → who words its answers, and what the run tells of it.

A run without `--mode llm` asks no model, whatever is configured: its figures can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from evals.records import Wording
from rag.answer import Mode
from rag.answering.dialogue import Served
from rag.config import Config, LlmConfig
from rag.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers in a run."""

    config: Config
    """Settings of the chatbot; without a model's name where none is to be asked."""
    model: Served | None = None
    wording: Wording | None = None
    only: frozenset[str] | None = None
    """`suite/id` of the cases that it can answer; None for any."""


@contextmanager
def answering(config: Config, *, mode: Mode, replay: Path | None = None) -> Iterator[Answering]:
    """Who answers while the block runs.

    Args:
        config: All settings.
        mode: Whether a language model words the answers.
        replay: Its recorded replies, to be read in its place (`evals.replayed`).

    Raises:
        ConfigError: A model is wanted, and none is named.
        RagError: The model or the replies cannot be used.
    """
    if mode == "extractive":
        if replay is not None:
            raise ConfigError(f"--replay {replay}: replies word answers; give --mode llm too")
        yield Answering(replace(config, llm=LlmConfig()))
        return
    if replay is not None:
        from evals.replayed import load_replies

        replies = load_replies(replay, structured=config.llm.structured != "off")
        only = frozenset(reply.key for reply in replies.replies)
        yield Answering(config, replies, _wording(config, replies, replies.sha256), only)
        return
    if not config.llm.model:
        raise ConfigError(
            "--mode llm: no model is named; set FOOTNOTE_LLM_MODEL, or model under [llm] in"
            " footnote.toml (docs/settings.md)"
        )
    from rag.models.llm import load_llm

    model = load_llm(config)
    assert model is not None  # one is named
    try:
        yield Answering(config, model, _wording(config, model, None))
    finally:
        model.close()


def _wording(config: Config, model: Served, replies: str | None) -> Wording:
    from rag.answering.prompts import PROMPT_VERSION

    return Wording(
        model=model.name,
        host=model.host,
        prompt_version=PROMPT_VERSION,
        context_window=config.llm.context_window,
        max_tokens=config.llm.max_tokens,
        structured=config.llm.structured,
        replies=replies,
    )
