"""A key → the same, which no print, log or copy of what holds it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

_FRAGMENT = 6
"""Characters of a key that give it away: servers tell refused keys by a few of them."""


class Secret:
    """A key that shows itself only to who asks for it by name."""

    __slots__ = ("_reveal",)

    def __init__(self, key: str) -> None:
        self._reveal: Callable[[], str] = lambda: key

    def reveal(self) -> str:
        """The key."""
        return self._reveal()

    def leaks_into(self, text: str) -> bool:
        """Whether the text has a part of the key in it."""
        key = self.reveal()
        size = min(_FRAGMENT, len(key))
        return any(key[i : i + size] in text for i in range(len(key) - size + 1) if size)

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __repr__(self) -> str:
        return "Secret(set)" if self else "Secret(none)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written anywhere; give it again in the environment")
