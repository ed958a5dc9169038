"""A sentence → the parts of it that stand between quotation marks, begun before it or going on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Span

_MARK = re.compile(r"[“”\"„«»]")
_OPENING, _CLOSING = frozenset("“„«"), frozenset("”»")
_BEFORE_OPENING = frozenset(" \n\t\u00a0([{—–-/'‘:")  # ("It is so", —"It is so"
_SPEECH_WORDS = 4  # "American Graffiti" is a title, "Big Lie" a byword: no speech
_SPEECH_SHARE = 0.8
_UNCLOSED = 2  # sentences; the marks of a quotation are often left out by those who set a page


@dataclass(frozen=True, slots=True)
class Quotations:
    """What of a sentence is quoted."""

    parts: tuple[Span, ...]
    """The words between marks, without the marks, in order."""
    begun: bool
    """The first part began in an earlier sentence."""
    open: bool
    """The last part goes on behind the sentence."""


def find_quotations(sentence: str, *, opened: bool = False) -> Quotations:
    """The quoted parts of a sentence.

    Args:
        sentence: The sentence.
        opened: Whether a quotation of the sentence before is still open.

    >>> find_quotations("“Go,” he said.").parts
    (Span(start=1, end=4),)
    """
    parts: list[Span] = []
    begun = False
    start: int | None = 0 if opened else None
    for found in _MARK.finditer(sentence):
        at = found.start()
        if _opens(sentence, at, inside=start is not None):
            # A second opening mark: a paragraph that repeats it, or one whose closing was left out.
            start = at + 1
        elif start is not None:
            begun = begun or (opened and start == 0)
            parts.append(Span(start, at))
            start = None
        elif not parts:  # closes what nothing in sight has opened
            begun = True
            parts.append(Span(0, at))
    if start is not None:
        begun = begun or (opened and start == 0)
        parts.append(Span(start, len(sentence)))
    kept = tuple(part for part in parts if part.end > part.start)
    return Quotations(kept, begun, start is not None)


def open_before(sentences: Sequence[str]) -> tuple[bool, ...]:
    """For each of some sentences in a row, whether a quotation is open where it begins.

    One that nothing closes reaches no farther than `_UNCLOSED` sentences, and one that is opened
    once more before it was closed had ended: a closing mark was left out.
    """
    opened = [False] * len(sentences)
    since: int | None = None  # the sentence that opened it
    for n, sentence in enumerate(sentences):
        if since is not None and _opens_first(sentence):
            opened[since + 1 : n] = [False] * (n - since - 1)
            since = None
        opened[n] = since is not None
        quotations = find_quotations(sentence, opened=opened[n])
        if not quotations.open:
            since = None
        elif since is None or (quotations.parts and quotations.parts[-1].start > 0):
            since = n
    if since is not None:
        cut = since + 1 + _UNCLOSED
        opened[cut:] = [False] * len(opened[cut:])
    return tuple(opened)


def is_speech(sentence: str, quotations: Quotations) -> bool:
    """Whether the sentence is somebody's words as a whole, not one with a quoted title in it."""
    if not quotations.parts:
        return False
    words = len(sentence.split())
    quoted = sum(len(part.of(sentence).split()) for part in quotations.parts)
    if quotations.begun and quotations.parts[0].end >= _SPEECH_SHARE * len(sentence):
        return True
    return quoted >= _SPEECH_SHARE * words and (
        quoted >= _SPEECH_WORDS or quotations.begun or quotations.open
    )


def _opens_first(sentence: str) -> bool:
    """Whether the sentence's first mark opens a quotation."""
    found = _MARK.search(sentence)
    if found is None:
        return False
    mark, at = found.group(), found.start()
    return mark in _OPENING or (mark not in _CLOSING and _opens(sentence, at, inside=True))


def _opens(sentence: str, at: int, *, inside: bool) -> bool:
    mark = sentence[at]
    if mark in _OPENING:
        return True
    if mark in _CLOSING:
        return not inside and at > 0 and sentence[at - 1] == " "  # was ” on hold”: a misprint
    # A straight mark: by what stands on either side of it.
    spaced = at == 0 or sentence[at - 1] in _BEFORE_OPENING
    ends = at + 1 == len(sentence) or sentence[at + 1].isspace()
    return not inside if spaced == ends else spaced
