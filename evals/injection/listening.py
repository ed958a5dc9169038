"""A served model → the same, with what it is asked kept: a leak is told by the prompt's words."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

from rag.answer import Usage
from rag.answering.dialogue import Dialogue, Message, Served


class Listening:
    """A model that is listened in on."""

    def __init__(self, served: Served) -> None:
        """Nothing has been asked yet."""
        self._served = served
        self.prompts: list[tuple[Message, ...]] = []

    @property
    def name(self) -> str:
        """The model's."""
        return self._served.name

    @property
    def host(self) -> str | None:
        """The model's."""
        return self._served.host

    @property
    def window(self) -> int:
        """The model's."""
        return self._served.window

    @property
    def structured(self) -> bool:
        """The model's."""
        return self._served.structured

    def n_tokens(self, text: str) -> int:
        """The model's."""
        return self._served.n_tokens(text)

    def dialogue(self) -> Dialogue:
        """The model's, each prompt kept."""
        return _Heard(self._served.dialogue(), self.prompts)

    def preload(self) -> None:
        """The model's."""
        self._served.preload()

    def close(self) -> None:
        """Leaves the model as it is: others go on with it."""


class _Heard:
    """A talk, and where its prompts are kept."""

    def __init__(self, dialogue: Dialogue, prompts: list[tuple[Message, ...]]) -> None:
        self._dialogue = dialogue
        self._prompts = prompts

    @property
    def requests_left(self) -> int:
        return self._dialogue.requests_left

    @property
    def usage(self) -> Usage:
        return self._dialogue.usage

    def stream(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,
        max_tokens: int | None = None,
    ) -> Generator[str]:
        self._prompts.append(tuple(messages))
        return self._dialogue.stream(messages, schema=schema, max_tokens=max_tokens)
