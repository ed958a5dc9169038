"""Settings → the embedding model, with the fingerprint that an index remembers it by."""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rag.config import Config, EmbeddingConfig
from rag.errors import ConfigError
from rag.models.onnx import BGE_SMALL, OnnxEncoder

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

BUNDLED = "bundled"
BUNDLED_DIM = 384
_LOADING = threading.Lock()


@dataclass(frozen=True)
class Embedder:
    """An embedding model, loaded at first use, and its name for the index's manifest."""

    config: EmbeddingConfig
    threads: int

    @cached_property
    def fingerprint(self) -> str:
        """Names model and weights: vectors of different fingerprints never share an index."""
        chosen = self.config
        if chosen.provider == BUNDLED:
            return f"{BUNDLED}:{BGE_SMALL.name}:{BGE_SMALL.model_sha256[:12]}:{BUNDLED_DIM}"
        return ":".join(part for part in (chosen.provider, chosen.model, chosen.base_url) if part)

    @cached_property
    def _encoder(self) -> OnnxEncoder:
        return OnnxEncoder(BGE_SMALL, threads=self.threads)

    def preload(self) -> None:
        """Loads the bundled model's files, if it is the one; imports nothing heavy.

        Raises:
            ModelError: They are missing or damaged.
        """
        if self.config.provider == BUNDLED:
            with _LOADING:
                _ = self._encoder

    @cached_property
    def model(self) -> BaseEmbedding:
        """The model itself.

        Raises:
            ConfigError: The settings name no usable model.
            ModelError: The bundled files are missing or damaged.
        """
        if self.config.provider == BUNDLED:
            self.preload()
            from rag.models.bundled import BundledEmbedding

            return BundledEmbedding(encoder=self._encoder)
        return _load(self.config)


def load_embedder(config: Config) -> Embedder:
    """The embedder that the settings name; cheap, nothing is loaded yet.

    Raises:
        ConfigError: `bundled` is asked for another model than the bundled one.
    """
    chosen = config.embedding
    if chosen.provider == BUNDLED and chosen.model != BGE_SMALL.name:
        raise ConfigError(
            f"embedding model {chosen.model!r} is not bundled; name {BGE_SMALL.name!r}, or set"
            " 'provider' in [embedding] to 'openai' or to a LlamaIndex embedding class"
        )
    return Embedder(chosen, config.threads)


def _load(chosen: EmbeddingConfig) -> BaseEmbedding:
    if chosen.provider == "openai":
        from rag.models.endpoint import EndpointEmbedding

        # Its own ten retries on top of the client's ten make one hung call last eleven minutes.
        return EndpointEmbedding(
            model_name=chosen.model,
            api_base=_required(chosen.base_url),
            api_key=chosen.api_key or "none",
            max_retries=1,
            timeout=60.0,
        )
    return _load_class(chosen)


def _required(base_url: str | None) -> str:
    if not base_url:
        raise ConfigError(
            "[embedding] provider 'openai' needs 'base_url', e.g. http://localhost:11434/v1"
        )
    return base_url


def _load_class(chosen: EmbeddingConfig) -> BaseEmbedding:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from pydantic import ValidationError

    module_name, _, class_name = chosen.provider.rpartition(".")
    try:
        loaded: Any = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"[embedding] provider is {chosen.provider!r}: {error}; give 'bundled', 'openai' or"
            " the dotted name of an installed LlamaIndex embedding class"
        ) from error
    if not (isinstance(loaded, type) and issubclass(loaded, BaseEmbedding)):
        raise ConfigError(f"[embedding] {chosen.provider!r} is not a LlamaIndex embedding class")
    try:
        options: dict[str, Any] = dict(chosen.options)
        return loaded(**options)
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ConfigError(_refused(chosen, "; ".join(faults))) from error
    except (TypeError, ValueError) as error:
        raise ConfigError(_refused(chosen, str(error))) from error


def _refused(chosen: EmbeddingConfig, why: str) -> str:
    return f"[embedding] {chosen.provider!r} refuses its options ({why}); mend [embedding.options]"
