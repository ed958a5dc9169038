"""A reply, piece by piece → its sentences with the passages they cite, as soon as each is whole."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rag.answering.prompts import REFUSAL
from rag.splitting.sentences import split_sentences
from rag.types import Span

MAX_REPLY_CHARS = 12_000
"""What goes on longer is not read."""
MAX_PENDING_CHARS = 2_000
"""A sentence that has not ended by then never will."""
_AHEAD = 12
"""Characters of the next sentence that have to be there before one counts as ended: "U.S. T" may
still become "U.S. Treasury"."""

# As in: [2], [1, 2], [1-3], [^2], 【2】, [passage 2]
_MARK = re.compile(
    r"\s*[\[【]\s*(?:passages?\s*)?\^?(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*[\]】]", re.I
)
_END = r"(?<![.!?…])[.!?…]+[”\"’')\]]*"
# "… in 2024. [1]": the mark belongs to the sentence before.
_BEHIND = re.compile(rf"({_END})((?:{_MARK.pattern})+)", re.IGNORECASE)
_MAY_END = re.compile(rf"{_END}\s*(?:[\[【]|\s\S)")
_TAIL = re.compile(r"[.!?…]+[”\"’')]*$")
_ITEM = re.compile(r"^\s*(?:[-*•–—+]|\(?\d{1,2}[.)]|#{1,6})\s+")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|(?<!\w)_|_(?!\w)|`+|~~")
_REFUSED = re.compile(rf"\W*{REFUSAL}\b", re.IGNORECASE)
_FENCE = re.compile(r"^\s*```(?:json)?\s*\n")
_SENTENCES = re.compile(r'"sentences"\s*:\s*\[')


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that a model wrote."""

    text: str
    """Without its marks and without markup of lists and emphasis."""
    passages: tuple[int, ...]
    """Numbers of the prompt's passages that it cites, as written."""


class ReplyReader:
    """Takes a reply in pieces; JSON of the prompt's schema, or plain text with marks."""

    def __init__(self) -> None:
        """Nothing has been read yet."""
        self._rest = ""
        self._n_read = 0
        self._json: bool | None = None
        self._inside = False  # of the array of a JSON reply
        self._n_told = 0
        self._is_endless = False

    refused = False
    """Whether the model says that the passages don't answer."""

    def feed(self, piece: str) -> Iterator[Draft]:
        """The sentences that are whole now."""
        self._n_read += len(piece)
        self._rest += piece
        if self._json is None:
            begun = _FENCE.sub("", self._rest).lstrip()
            if not begun or begun.startswith("`"):
                return
            self._json = begun.startswith("{")
        yield from self._objects() if self._json else self._lines(ended=False)
        self._is_endless = len(self._rest) > MAX_PENDING_CHARS

    def end(self) -> Iterator[Draft]:
        """The last sentence, when the reply is over."""
        self._rest = self._rest[:MAX_PENDING_CHARS]
        if self._json:
            yield from self._objects()
        else:
            yield from self._lines(ended=True)

    @property
    def is_full(self) -> bool:
        """Whether more was read than a reply or a sentence can have."""
        return self._is_endless or self._n_read > MAX_REPLY_CHARS

    def _lines(self, *, ended: bool) -> Iterator[Draft]:
        while "\n" in self._rest:
            line, _, self._rest = self._rest.partition("\n")
            yield from self._sentences(line)
        if ended:
            line, self._rest = self._rest, ""
            yield from self._sentences(line)
            return
        if not _MAY_END.search(self._rest):  # splitting anew with each piece takes its time
            return
        for span in _ended(text := _marks_first(self._rest)):
            yield from self._sentences(span.of(text))
            self._rest = text[span.end :]

    def _sentences(self, line: str) -> Iterator[Draft]:
        text = plain(_marks_first(line))
        if _REFUSED.match(text):
            self.refused = True
            return
        for span in split_sentences(text, Span(0, len(text))):
            if draft := _draft(span.of(text)):
                yield draft

    def _objects(self) -> Iterator[Draft]:
        """The objects of "sentences" that are whole."""
        if not self._inside and (begun := _SENTENCES.search(self._rest)):
            self._rest, self._inside = self._rest[begun.end() :], True
        while self._inside:
            self._rest = self._rest.lstrip(" \t\r\n,")
            try:
                value, end = json.JSONDecoder().raw_decode(self._rest)
            except (ValueError, RecursionError):  # not whole yet, or nested beyond all reason
                self.refused = self.refused or (self._rest[:1] == "]" and not self._n_told)
                return
            self._rest = self._rest[end:]
            self._n_told += 1
            yield from _told(self._sentences, value)


def _told(read: Callable[[str], Iterator[Draft]], value: Any) -> Iterator[Draft]:
    """What one object of a JSON reply says."""
    text = value.get("text") if isinstance(value, dict) else None
    if not isinstance(text, str):
        return
    numbers = value.get("passages")
    cited = [n for n in numbers if type(n) is int] if isinstance(numbers, list) else []
    for draft in read(" ".join(text.split())):
        yield Draft(draft.text, tuple(dict.fromkeys([*draft.passages, *cited])))


def plain(text: str) -> str:
    """The text in usual characters, without what can't be seen, list marks and emphasis.

    >>> plain("- **1.5** billion")
    '1.5 billion'
    """
    usual = unicodedata.normalize("NFKC", text.replace("…", "\0")).replace("\0", "…")
    seen = "".join(c for c in usual if unicodedata.category(c) not in {"Cf", "Cc", "Co", "Cs"})
    return " ".join(_EMPHASIS.sub("", _ITEM.sub("", seen)).split())


def _marks_first(text: str) -> str:
    """Marks behind a full stop before it, so that they stay with their sentence."""
    return _BEHIND.sub(lambda found: f"{found[2]}{found[1]}", text)


def _ended(text: str) -> Iterator[Span]:
    """The sentences that are certainly over, in front of the one that is being written."""
    *whole, last = split_sentences(text, Span(0, len(text))) or (Span(0, 0),)
    marked = text[last.start :].startswith(("[", "【"))
    if whole and last.end - last.start >= _AHEAD and not marked:
        yield Span(0, whole[-1].end)


def _draft(sentence: str) -> Draft | None:
    numbers = [n for mark in _MARK.finditer(sentence) for n in _numbers(mark[1])]
    text = " ".join(_MARK.sub("", sentence).split())
    text = re.sub(r"\s+([.,;:!?])", r"\1", text)
    if not any(character.isalnum() for character in text):
        return None
    return Draft(text, tuple(dict.fromkeys(numbers)))


def _numbers(words: str) -> Iterator[int]:
    """The numbers of a mark: "1, 3", "2-4"."""
    for part in re.split(r"[,;]", words):
        first, *last = (int(n) for n in re.findall(r"\d+", part))
        yield from range(first, min(last[0], first + 9) + 1) if last else (first,)
