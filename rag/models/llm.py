"""Settings → the language model that words answers, or none."""

from __future__ import annotations

import ipaddress
import math
import threading
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rag.models.deadlines import Deadlines
from rag.models.secret import Secret
from rag.models.talk import Server, Talk

if TYPE_CHECKING:
    from rag.config import Config, LlmConfig
    from rag.models.probe import Probe

_TOKENS = 1.3
"""Tokens of a model for one of the bundled tokenizer. On 3,000 pieces of 800 characters from
RealTime QA's articles 99 % are below 1.28 (SmolLM2), 1.10 (cl100k) and 1.09 (o200k)."""
_CHARACTERS = 4
"""ASCII characters a token, at most: for long strings that the tokenizer takes for one word."""


class ChatModel:
    """A language model behind an OpenAI-compatible address. Any number of threads may use it."""

    def __init__(self, config: LlmConfig, deadlines: Deadlines) -> None:
        self._server = Server(
            model=config.model,
            base_url=config.base_url,
            key=Secret(config.api_key or ""),
            host=None if is_here(config.host) else config.host,
            window=config.context_window,
            max_tokens=config.max_tokens,
            structured=config.structured == "auto",
            prices=_prices(config),
            deadlines=deadlines,
        )
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """As its server knows it."""
        return self._server.model

    @property
    def host(self) -> str | None:
        """Where prompts are sent; None when they stay on this machine."""
        return self._server.host

    @property
    def window(self) -> int:
        """Tokens that a prompt may have, the reply taken off."""
        return self._server.window - self._server.max_tokens

    @property
    def structured(self) -> bool:
        """Whether replies are asked for as JSON; not where the server has refused it."""
        return self._server.structured and not self._server.plain

    def n_tokens(self, text: str) -> int:
        """About how many tokens a text has, rather too many."""
        with self._lock:
            tokenizer = self._tokenizer
        words = len(tokenizer.encode(text, add_special_tokens=False).ids)
        # Outside ASCII a token may be as little as a byte, and unknown characters all look alike.
        size = len(text.encode("utf-8", "replace"))
        others = size - sum(map(str.isascii, text))
        return max(math.ceil(words * _TOKENS), math.ceil((size - others) / _CHARACTERS) + others)

    @cached_property
    def _tokenizer(self) -> Any:
        from rag.models.onnx import BGE_SMALL, load_tokenizer

        return load_tokenizer(BGE_SMALL)

    def dialogue(self) -> Talk:
        """A talk about one question.

        Raises:
            LlmError: The model failed so often lately that it is left alone for a while.
        """
        self._server.breaker.check()
        return Talk(self._server)

    def probe(self) -> Probe:
        """Finds out what the server can do, with at most three tiny requests."""
        from rag.models.probe import probe

        return probe(self._server, Talk(self._server))

    def preload(self) -> None:
        """Loads what the first question would wait for; asks nothing."""
        self._server.load()

    def close(self) -> None:
        """Breaks off what is being asked. Nothing can be asked afterwards."""
        self._server.background.close()


def load_llm(config: Config, *, deadlines: Deadlines | None = None) -> ChatModel | None:
    """The language model that the settings name; cheap, nothing is loaded or asked yet.

    Args:
        config: The settings.
        deadlines: How long it may take.

    Returns:
        None without a model in the settings.
    """
    if not config.llm.model:
        return None
    return ChatModel(config.llm, deadlines or Deadlines())


def is_here(host: str) -> bool:
    """Whether a host, as an address names it, is this machine."""
    if host == "localhost":
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


def _prices(config: LlmConfig) -> tuple[Decimal, Decimal] | None:
    if not (config.price_in or config.price_out):
        return None
    return Decimal(config.price_in or 0), Decimal(config.price_out or 0)
