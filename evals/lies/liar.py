"""A scripted reply and a prompt → the reply's pieces: a model that says what it was told to say."""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evals.lies.cases import Reply
from rag.answer import Usage
from rag.answering.dialogue import Message

MOST_PIECES = 20_000
"""An endless reply that is read this far is not being bounded."""
_NOWHERE = 98
"""What a phrase that the prompt lacks is cited as."""
_PLACE = re.compile(r"\{(!?)([A-Za-z_0-9]+)\}")
_OPENS = re.compile(
    r"^[ \t]*(?:<\w+[^>\n]*?\b(?:number|id|n)=\W?(\d+)|\[(\d+)\]|#*\s*passage\s+\W?(\d+))",
    re.IGNORECASE | re.MULTILINE,
)
_SAID = re.compile(r"(.*?)((?:\s*\[\d+\])+)\s*", re.DOTALL)
_SIZES = (1, 7, 3, 12, 2, 5)
"""Characters of a piece: marks, figures and words are torn apart at every place."""


@dataclass(slots=True)
class Said:
    """What a scripted model was asked, and how far it was listened to."""

    prompts: list[tuple[Message, ...]] = field(default_factory=list)
    unplaced: set[str] = field(default_factory=set)
    """Keys of phrases that stood in no passage of the prompt."""
    was_exhausted: bool = False
    """Whether an endless reply was read to its last piece."""
    n_open: int = 0
    """Replies that are being listened to."""


class ScriptedModel:
    """A language model with one reply; it says it again however often it is asked."""

    def __init__(
        self, reply: Reply, phrases: Mapping[str, str], *, structured: bool = False
    ) -> None:
        """Makes one.

        Args:
            reply: What to say.
            phrases: What the keys of its words stand for.
            structured: Whether to ask to be asked for JSON, and to say plain words so.
        """
        self.said = Said()
        self.structured = structured
        self._reply = reply
        self._phrases = phrases
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """As `rag.answering.dialogue.LanguageModel` has it."""
        return "scripted"

    @property
    def host(self) -> str | None:
        """None: nothing leaves the machine."""
        return None

    @property
    def window(self) -> int:
        """Enough for every passage that is found."""
        return 8_000

    def n_tokens(self, text: str) -> int:
        """A quarter of the characters."""
        return len(text) // 4 + 1

    def preload(self) -> None:
        """Nothing is loaded."""

    def close(self) -> None:
        """Nothing is held."""

    def dialogue(self) -> ScriptedDialogue:
        """A talk of two requests."""
        return ScriptedDialogue(self)

    def script(self, messages: Sequence[Message]) -> tuple[str, set[str]]:
        """What to say to a prompt, and the keys that it has no passage for."""
        return place(self._reply.words, messages, self._phrases)

    def pieces(self, messages: Sequence[Message]) -> Iterator[str]:
        """The reply to a prompt, torn apart."""
        words, unplaced = self.script(messages)
        with self._lock:
            self.said.prompts.append(tuple(messages))
            self.said.unplaced |= unplaced
        if self.structured and self._reply.form == "plain" and self._reply.repeats == 1:
            words = structured(words)
        n_pieces = 0
        for _ in range(self._reply.repeats):
            for piece in torn(words):
                yield piece
                n_pieces += 1
                if n_pieces >= MOST_PIECES:
                    self.said.was_exhausted = True
                    return


class ScriptedDialogue:
    """The talk about one question; a third request is an error of who asks."""

    def __init__(self, model: ScriptedModel) -> None:
        self._model = model
        self._n_asked = 0

    @property
    def requests_left(self) -> int:
        """Of two."""
        return 2 - self._n_asked

    @property
    def usage(self) -> Usage:
        """The requests; tokens are not counted."""
        return Usage(self._model.name, None, self._n_asked, None, None)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,  # noqa: ARG002 -- nor to this
        max_tokens: int | None = None,  # noqa: ARG002 -- a server may not keep to it
    ) -> Generator[str]:
        """The scripted reply.

        Raises:
            RuntimeError: It is the third request.
        """
        if self.requests_left <= 0:
            raise RuntimeError("a third request was sent for one question")
        self._n_asked += 1
        self._model.said.n_open += 1
        try:
            yield from self._model.pieces(messages)
        finally:
            self._model.said.n_open -= 1


def place(
    words: str, messages: Sequence[Message], phrases: Mapping[str, str]
) -> tuple[str, set[str]]:
    """The words with numbers of the prompt's passages, and the keys that it has no passage for."""
    unplaced: set[str] = set()
    whole = {
        "SYSTEM": "\n".join(m.content for m in messages if m.role == "system"),
        "EXAMPLES": "\n".join(m.content for m in messages[:-1] if m.role != "system"),
        "PROMPT": "\n".join(m.content for m in messages),
    }

    def put(found: re.Match[str]) -> str:
        other, key = bool(found[1]), found[2]
        if key in whole:
            return whole[key]
        if key not in phrases:
            return found[0]
        number = number_of(phrases[key], messages, other=other)
        if number is None:
            unplaced.add(key)
        return str(_NOWHERE if number is None else number)

    return _PLACE.sub(put, words), unplaced


def number_of(phrase: str, messages: Sequence[Message], *, other: bool = False) -> int | None:
    """The number of the prompt's passage with the phrase; with `other`, of one without it."""
    wanted = " ".join(phrase.split())
    for message in reversed(messages):
        passages = {} if message.role != "user" else numbered(message.content)
        with_phrase = [n for n, text in passages.items() if wanted in " ".join(text.split())]
        if with_phrase:
            without = [n for n in passages if n not in with_phrase]
            chosen = without if other else with_phrase
            return chosen[0] if chosen else None
    return None


def numbered(prompt: str) -> dict[int, str]:
    """Number → text of each passage of a prompt."""
    opened = list(_OPENS.finditer(prompt))
    ends = [*(found.start() for found in opened[1:]), len(prompt)]
    return {
        int(next(filter(None, found.groups()))): prompt[found.end() : end]
        for found, end in zip(opened, ends, strict=False)
    }


def structured(words: str) -> str:
    """A plain reply as the structured one that says the same."""
    sentences: list[dict[str, object]] = []
    rest = words
    for found in _SAID.finditer(words):
        numbers = [int(n) for n in re.findall(r"\d+", found[2])]
        sentences.append({"text": found[1].strip(), "passages": numbers})
        rest = words[found.end() :]
    if rest.strip():
        sentences.append({"text": rest.strip(), "passages": []})
    return json.dumps({"sentences": sentences}, ensure_ascii=False)


def torn(words: str) -> Iterator[str]:
    """The words in pieces of a few characters."""
    at = 0
    for size in itertools.cycle(_SIZES):
        if at >= len(words):
            return
        yield words[at : at + size]
        at += size
