"""Settings of an OpenAI-compatible endpoint → LlamaIndex's client of it, its failures as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError

if TYPE_CHECKING:
    import httpx
    from llama_index.core.llms import LLM


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmSettings:
    """Which LLM answers for a peer, or judges."""

    base_url: str
    """Of the endpoint, e.g. http://localhost:8080/v1."""
    model: str
    """Name the endpoint knows the model by."""
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 120.0
    """Seconds to wait for a reply; small models on a processor take their time."""
    max_tokens: int | None = None
    """Longest reply; None leaves it to the endpoint."""


def load_llm(settings: LlmSettings, *, http: httpx.AsyncClient | None = None) -> LLM:
    """The client; it asks for the likeliest words, so that a run can be repeated.

    Args:
        settings: The endpoint.
        http: What carries asynchronous calls, for who wants to close it.

    Raises:
        ModelError: The package that speaks to endpoints is not installed.
    """
    try:
        from llama_index.llms.openai_like import OpenAILike
    except ImportError as error:
        raise ModelError(f"{error}; install footnote-rag[peers] to use an LLM here") from error
    # By name: the class does not declare what its base takes beside its fields.
    carried: dict[str, Any] = {} if http is None else {"async_http_client": http}
    return OpenAILike(
        model=settings.model,
        api_base=settings.base_url,
        # Never none: the client would send the key that it finds in the environment.
        api_key=settings.api_key or "none",
        is_chat_model=True,
        temperature=0.0,
        max_tokens=settings.max_tokens,
        max_retries=1,
        timeout=settings.timeout,
        **carried,
    )


@contextmanager
def failures_told(settings: LlmSettings) -> Iterator[None]:
    """Turns an endpoint's failure into a message.

    Raises:
        ModelError: It does not answer, or not with a completion.
    """
    import httpx
    import openai

    # A reply that is no completion ends in one of the last four, not in an error of the client.
    failures = (
        openai.OpenAIError, httpx.HTTPError, JSONDecodeError, TypeError, AttributeError, IndexError,
    )  # fmt: skip
    try:
        yield
    except failures as error:
        raise ModelError(
            f"{settings.base_url}: LLM {settings.model!r} gives no reply ({error}); see that the"
            " endpoint runs and serves that model"
        ) from error
