"""An OpenAI-compatible endpoint as a LlamaIndex embedding, its failures told as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import openai
from llama_index.embeddings.openai_like import OpenAILikeEmbedding

from rag.errors import ModelError

# A reply that is no list of vectors ends in one of the last four, not in an error of the client.
_FAILURES = (
    openai.OpenAIError, httpx.HTTPError, ValueError, TypeError, AttributeError, IndexError,
)  # fmt: skip


class EndpointEmbedding(OpenAILikeEmbedding):
    """Text → vector, by whatever model the endpoint serves under the name."""

    def _get_text_embedding(self, text: str) -> list[float]:
        with self._told():
            return super()._get_text_embedding(text)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        with self._told():
            return super()._get_text_embeddings(texts)

    def _get_query_embedding(self, query: str) -> list[float]:
        with self._told():
            return super()._get_query_embedding(query)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except _FAILURES as error:
            raise ModelError(
                f"{self.api_base}: embedding model {self.model_name!r} gives no vector ({error});"
                " see that the endpoint runs, or name another one in [embedding]"
            ) from error
