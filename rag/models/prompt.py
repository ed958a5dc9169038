"""What is asked of a language model, and how a request ends: values that pass between threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a prompt."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked."""

    messages: Sequence[tuple[str, str]]
    """Role and words."""
    max_tokens: int
    schema: Mapping[str, object] | None
    """Of the reply."""
    plain: bool
    """Whether the server gets only what every one knows: no schema, no question for counts."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How a request failed."""

    reason: str
    """Fits into "The model … is unavailable (…)"."""
    again: bool = False
    """Whether the same request may go through a moment later."""
    wait: float | None = None
    """Seconds that the server asks to wait."""
    refused: bool = False
    """Whether the request was refused as it is, perhaps for what not every server knows."""
    too_long: bool = False
    blames: bool = True
    """Whether the server is at fault, and not the prompt or the model's words."""
    detail: str = ""
    """The server's own words, where they tell nothing of the key."""


@dataclass(frozen=True, slots=True)
class End:
    """How a reply ended."""

    failure: Failure | None
    counts: tuple[int, int] | None
    """Tokens sent and replied, where the server counts them."""
