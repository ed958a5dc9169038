"""The bundled ms-marco MiniLM-L12 cross-encoder (int8): how well a text answers a question."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from rag.models.onnx import MINILM_RERANKER, OnnxEncoder

if TYPE_CHECKING:
    from rag.models.rerank_nodes import CrossEncoderRerank


class CrossEncoder:
    """Scores question–text pairs; loaded at first use."""

    def __init__(self, *, threads: int) -> None:
        """Loads nothing yet."""
        self._threads = threads
        self._loading = threading.Lock()

    @cached_property
    def _encoder(self) -> OnnxEncoder:
        with self._loading:
            return OnnxEncoder(MINILM_RERANKER, threads=self._threads)

    def load(self) -> None:
        """Loads the model now, so that a first question need not wait for it.

        Raises:
            ModelError: The bundled files are missing or damaged.
        """
        _ = self._encoder

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """A logit for each question and text: about -11 (unrelated) to 10 (answers it)."""
        return [float(logit[0]) for logit in self._encoder.run_all(pairs)]

    def postprocessor(self, *, top_n: int) -> CrossEncoderRerank:
        """This model as a LlamaIndex postprocessor."""
        from rag.models.rerank_nodes import CrossEncoderRerank

        return CrossEncoderRerank(cross_encoder=self, top_n=top_n)
