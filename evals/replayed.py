"""Recorded replies → a language model that gives them again, without a network.

A line of a file of replies is a JSON object: `suite`, `id` and `question` of a case, and `reply`,
the sentences that a model wrote when it was asked with Footnote's prompt; none means that it
refused. `[[some words]]` stands for the number of the passage that holds these words, so that a
reply outlives another order of the passages, and `{{some words}}` for that passage's whole sentence
with its number: models copy it when they are told to keep to the words. `repair` has for each of
the sentences what it became when it was asked for again; an empty one was left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from rag.answer import Usage
from rag.answering.dialogue import Message
from rag.errors import LlmError, RagError
from rag.splitting.sentences import split_sentences
from rag.types import Span

Half = Literal["dev", "test"]

_SENTENCE = re.compile(r"\{\{(.+?)\}\}")
_PHRASE = re.compile(r"\[\[(.+?)\]\]")
_PASSAGE = re.compile(r'<passage number="(\d+)"[^>]*>(.*?)</passage>', re.DOTALL)
_QUESTION = re.compile(r"Question: (.*)$")
REFUSAL = "NOT IN THE PASSAGES"
MAX_REQUESTS = 2
ENDING = 40
"""Characters by whose end a sentence is known again: a "Yes" in front of it may be gone."""
PIECE = 4
"""Characters that come at a time, about those of a token."""


class RepliesError(RagError):
    """A file of replies cannot be read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What was written in answer to one question."""

    suite: str
    id: str
    question: str
    sentences: tuple[str, ...]
    repair: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """As results name their case."""
        return f"{self.suite}/{self.id}"

    @property
    def half(self) -> Half:
        """By its name alone: replies of `test` are counted, and nothing is learnt from them."""
        return "test" if hashlib.sha256(self.key.encode()).digest()[0] % 2 else "dev"


class ReplayedModel:
    """Replies as it was recorded; to what was not, it fails as a server does."""

    def __init__(self, replies: Sequence[Reply], *, sha256: str, structured: bool = False) -> None:
        """Takes the replies of a file.

        Args:
            replies: What to give again.
            sha256: Of their file, in hex.
            structured: Whether they come as JSON.
        """
        self.replies = tuple(replies)
        self.sha256 = sha256
        self.structured = structured
        self.name = "recorded replies"
        self.host: str | None = None
        self.window = 8_192 - 700  # as the settings have it where they say nothing
        self._by_question = {_key(reply.question): reply for reply in replies}

    def n_tokens(self, text: str) -> int:
        """Rather too many: three characters a token."""
        return len(text) // 3 + 1

    def dialogue(self) -> ReplayedDialogue:
        """A talk about one question."""
        return ReplayedDialogue(self)

    def preload(self) -> None:
        """There is nothing to load."""

    def close(self) -> None:
        """There is nothing to let go of."""

    def reply_to(self, messages: Sequence[Message]) -> str:
        """What was written in answer to a prompt, with the numbers that its passages have.

        A sentence whose passage is not in the prompt is left out: it could not have been written.

        Raises:
            LlmError: Nothing was recorded for its question.
        """
        asked = [m.content for m in messages if m.role == "user" and "Question: " in m.content]
        found = _QUESTION.search(asked[-1].rstrip()) if asked else None
        reply = self._by_question.get(_key(found[1])) if found else None
        if reply is None:
            raise LlmError("no reply was recorded for this question")
        passages = {int(n): " ".join(words.split()) for n, words in _PASSAGE.findall(asked[-1])}
        last = messages[-1].content
        written = reply.sentences if last == asked[-1] else _asked_again(reply, last)
        numbered = [told for one in written if (told := _numbered(one, passages))]
        return _as_json(numbered) if self.structured else " ".join(numbered) or REFUSAL


@dataclass(slots=True)
class ReplayedDialogue:
    """The talk about one question."""

    model: ReplayedModel
    requests_left: int = MAX_REQUESTS
    usage: Usage = field(init=False)

    def __post_init__(self) -> None:
        self.usage = Usage(self.model.name, None, 0, 0, 0)

    def stream(
        self,
        messages: Sequence[Message],
        *,
        schema: Mapping[str, object] | None = None,  # noqa: ARG002 - as the model was told
        max_tokens: int | None = None,  # noqa: ARG002 - it was recorded as it is
    ) -> Generator[str]:
        """The recorded reply, a few characters at a time.

        Raises:
            LlmError: Nothing was recorded for the question.
        """
        self.requests_left -= 1
        sent = sum(self.model.n_tokens(m.content) for m in messages)
        before = self.usage
        asked = (before.prompt_tokens or 0) + sent
        self.usage = replace(before, requests=before.requests + 1, prompt_tokens=asked)
        text = self.model.reply_to(messages)
        told = (before.completion_tokens or 0) + self.model.n_tokens(text)
        self.usage = replace(self.usage, completion_tokens=told)
        for start in range(0, len(text), PIECE):
            yield text[start : start + PIECE]


def load_replies(path: Path, *, structured: bool = False) -> ReplayedModel:
    """The model that gives a file's replies again.

    Raises:
        RepliesError: The file cannot be read, or a line of it is no reply.
    """
    try:
        content = path.read_bytes()
        lines = content.decode().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RepliesError(f"{path}: cannot be read ({error}); name a file of replies") from error
    replies = [_read(path, n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    sha256 = hashlib.sha256(content).hexdigest()
    return ReplayedModel(replies, sha256=sha256, structured=structured)


def _read(path: Path, number: int, line: str) -> Reply:
    try:
        fields: dict[str, Any] = json.loads(line)
        return Reply(
            suite=fields["suite"],
            id=fields["id"],
            question=fields["question"],
            sentences=tuple(fields["reply"]),
            repair=tuple(fields.get("repair", ())),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RepliesError(
            f"{path}:{number}: no reply ({error!r}); give suite, id, question and reply"
        ) from error


def _asked_again(reply: Reply, asked: str) -> list[str]:
    """What the sentences became that a prompt asks for again; it lists them as they were read."""
    pairs = zip(reply.sentences, reply.repair, strict=False)
    return [mended for said, mended in pairs if _PHRASE.sub("", said).strip()[-ENDING:] in asked]


def _numbered(sentence: str, passages: Mapping[int, str]) -> str:
    """The sentence with numbers for its phrases; empty where a passage is not there."""
    held = {
        words: next((n for n, text in passages.items() if words.lower() in text.lower()), 0)
        for words in (*_PHRASE.findall(sentence), *_SENTENCE.findall(sentence))
    }
    if not all(held.values()):
        return ""
    told = _SENTENCE.sub(
        lambda found: f"{_around(passages[held[found[1]]], found[1])} [[{found[1]}]]", sentence
    )
    return _PHRASE.sub(lambda found: f"[{held[found[1]]}]", told)


def _around(text: str, words: str) -> str:
    """The sentence of the text in which the words end."""
    end = text.lower().index(words.lower()) + len(words)
    spans = split_sentences(text, Span(0, len(text)))
    return next(span.of(text) for span in spans if span.end >= end)


def _as_json(sentences: Sequence[str]) -> str:
    told = [
        {
            "text": " ".join(re.sub(r"\s*\[\d+\]", "", text).split()),
            "passages": [int(n) for n in re.findall(r"\[(\d+)\]", text)],
        }
        for text in sentences
    ]
    return json.dumps({"sentences": told}, ensure_ascii=False)


def _key(question: str) -> str:
    return " ".join(question.split()).casefold()
