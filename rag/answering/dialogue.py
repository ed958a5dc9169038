"""What answering asks of a language model: a few requests and one deadline for a question."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rag.answer import Usage


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


class Dialogue(Protocol):
    """The talk with a model about one question."""

    @property
    def requests_left(self) -> int:
        """Requests that may still be sent; two for a question, those that fail among them."""
        ...

    @property
    def usage(self) -> Usage:
        """What has been asked so far."""
        ...

    def stream(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,
        max_tokens: int | None = None,
    ) -> Generator[str]:
        """The reply, piece by piece; an empty piece at least every 0.25 s while nothing comes.

        Closing the iterator breaks the request off. A request that fails before its first piece is
        sent once more where that can help and one is left.

        Args:
            messages: The prompt.
            schema: JSON Schema of the reply, for servers that can be held to one; others reply in
                plain text.
            max_tokens: Longest reply; by default as the settings say.

        Raises:
            LlmError: It fails, breaks off, or takes too long. What came before was given already.
        """
        ...


class LanguageModel(Protocol):
    """A model that words answers."""

    @property
    def name(self) -> str:
        """As its server knows it."""
        ...

    @property
    def window(self) -> int:
        """Tokens that a prompt may have, the reply taken off."""
        ...

    @property
    def structured(self) -> bool:
        """Whether replies are asked for as JSON; not where the server has refused it."""
        ...

    def n_tokens(self, text: str) -> int:
        """About how many tokens a text has, rather too many."""
        ...

    def dialogue(self) -> Dialogue:
        """A talk about one question.

        Raises:
            LlmError: The model failed so often lately that it is left alone for a while.
        """
        ...


class Served(LanguageModel, Protocol):
    """A model behind a server, to be let go of."""

    @property
    def host(self) -> str | None:
        """Where passages are sent; None when they stay on this machine."""
        ...

    def preload(self) -> None:
        """Loads what the first question would wait for; asks nothing."""
        ...

    def close(self) -> None:
        """Breaks off what is being asked."""
        ...
