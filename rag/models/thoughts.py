"""Pieces of a reply → the same without what the model says to itself between two tags."""

from __future__ import annotations

OPENS, CLOSES = "<think>", "</think>"


class Thoughts:
    """Leaves out `<think>…</think>`, as reasoning models write it, however the tags are cut."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._begun = False

    def without(self, piece: str) -> str:
        """What of the reply so far is for the reader and was not given yet."""
        self._held += piece
        shown = ""
        while True:
            tag = CLOSES if self._inside else OPENS
            before, found, after = self._held.partition(tag)
            if not found:
                kept = _unfinished(self._held, tag)
                before, after = (
                    self._held[: len(self._held) - kept],
                    self._held[-kept:] * (kept > 0),
                )
            if not self._inside:
                shown += before
            self._held = after
            if not found:
                return self._from_its_first_word(shown)
            self._inside = not self._inside

    def rest(self) -> str:
        """What was held back at the reply's end: no tag after all."""
        return "" if self._inside else self._from_its_first_word(self._held)

    def _from_its_first_word(self, shown: str) -> str:
        # After a thought come blank lines.
        shown = shown if self._begun else shown.lstrip()
        self._begun = self._begun or bool(shown)
        return shown


def _unfinished(text: str, tag: str) -> int:
    """Characters at the end that may be the beginning of the tag."""
    return next(
        (n for n in range(min(len(tag) - 1, len(text)), 0, -1) if text.endswith(tag[:n])), 0
    )
