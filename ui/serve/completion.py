"""A checked answer → a completion of the API of chat models, whole or in chunks. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from rag.answer import Answer
from ui.serve.content import Mark, said, web_address, write
from ui.serve.shown import answer_to_dict
from ui.serve.wanted import MODEL, Completion

_TOKEN = re.compile(r"\w+|[^\w\s]")  # "In 2024" is two, "$86.07" four
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Frame:
    """What all parts of one completion share."""

    id: str
    created: int
    """Seconds since 1970, UTC."""
    base: str
    """Address of this server; an article without one of its own is shown there."""

    def fields(self, kind: str) -> dict[str, Any]:
        """The fields that a part begins with."""
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL}

    def article_address(self, article_id: str) -> str:
        """Where this server shows an article."""
        return f"{self.base}/v1/articles/{quote(article_id, safe='')}"


def whole(answer: Answer, asked: Completion, frame: Frame) -> dict[str, Any]:
    """The completion in one piece."""
    content = write(answer)
    message = {
        "role": "assistant",
        "content": content.text,
        "refusal": None,
        **_evidence(answer, content.marks, frame),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    fields = frame.fields("chat.completion")
    usage = _usage(asked, answer, content.text)
    return {**fields, "choices": [choice], "usage": usage}


class Chunks:
    """The completion as events: its sentences as they come, the evidence, the end."""

    def __init__(self, asked: Completion, frame: Frame) -> None:
        """Nothing is sent yet."""
        self._asked = asked
        self._frame = frame
        self._sent = ""

    def begin(self) -> bytes:
        """Whose message it is."""
        return self._chunk({"role": "assistant", "content": ""})

    def grow(self, answer: Answer) -> bytes:
        """What the answer's words have more than those before; nothing if they have not."""
        return self._more(said(answer))

    def end(self, answer: Answer) -> Iterator[bytes]:
        """The rest of the whole answer, its evidence, and that nothing follows."""
        content = write(answer)
        yield self._more(content.text)
        yield self._chunk(_evidence(answer, content.marks, self._frame))
        yield self._chunk({}, finish="stop")
        if self._asked.stream_options and self._asked.stream_options.include_usage:
            usage = {"choices": [], "usage": _usage(self._asked, answer, content.text)}
            yield event({**self._frame.fields("chat.completion.chunk"), **usage})
        yield DONE

    def _more(self, text: str) -> bytes:
        more = text[len(self._sent) :]
        self._sent = text
        return self._chunk({"content": more}) if more else b""

    def _chunk(self, delta: dict[str, Any], *, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event({**self._frame.fields("chat.completion.chunk"), "choices": [choice]})


def to_json(value: object) -> bytes:
    """JSON in UTF-8; half a surrogate pair, which an article may have, is no character of it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def event(value: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return b"data: " + to_json(value) + b"\n\n"


def _evidence(answer: Answer, marks: Iterable[Mark], frame: Frame) -> dict[str, Any]:
    annotations = [_annotation(mark, frame) for mark in marks]
    return {"annotations": annotations, "footnote": answer_to_dict(answer)}


def _annotation(mark: Mark, frame: Frame) -> dict[str, Any]:
    citation, source = mark.citation, mark.citation.source
    address = web_address(citation)
    cited = {
        "start_index": mark.span.start,
        "end_index": mark.span.end,
        "url": address or frame.article_address(source.article_id),
        "title": source.title if address else source.article_id,
        "number": citation.number,
        "cited_text": citation.cited_text,
    }
    return {"type": "url_citation", "url_citation": cited}


def _usage(asked: Completion, answer: Answer, content: str) -> dict[str, int]:
    """The tokens of the model that was asked; where none was, or it doesn't count, words and signs.

    No model is paid by those, but clients add them up.
    """
    used = answer.usage
    prompt, completion = (used.prompt_tokens, used.completion_tokens) if used else (None, None)
    if prompt is None or completion is None:
        prompt = sum(len(_TOKEN.findall(message.text)) for message in asked.messages)
        completion = len(_TOKEN.findall(content))
    total = prompt + completion
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total}
