"""A liked or disliked answer → a line of <home>/feedback.jsonl that `footnote eval` can read.

A liked answer is a case as it stands: its quotes, or its refusal's reason, are the gold. A disliked
one has no gold before somebody writes it down, so that its line is a comment until then.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.answer import Answer
from rag.indexing.disk import disk_errors
from rag.types import Turn

FILE = "feedback.jsonl"
MAX_NOTE_CHARS = 2_000
_COMMENT = "# "


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """How many cases a file of feedback holds."""

    ready: int
    """Cases that `footnote eval` asks."""
    waiting: int
    """Cases that wait, as comments, for somebody to write down what is right."""


def feedback_case(
    answer: Answer, history: Sequence[Turn], *, liked: bool, reason: str, name: str
) -> dict[str, Any]:
    """The fields of a case, its gold empty where it is not known.

    Args:
        answer: What was shown.
        history: The conversation before, oldest first.
        liked: Whether the reader liked it.
        reason: The reader's words about it; may be empty.
        name: The case's id.
    """
    fields: dict[str, Any] = {"id": name, "question": answer.question}
    if history:
        fields["history"] = [turn.question for turn in history]
    fields |= _gold(answer) if liked else {}
    if not fields.keys() & {"answers", "all_of", "reason"}:
        fields["answers"] = []
    fields["tags"] = ["liked" if liked else "disliked"]
    said = [*([reason.strip()] if reason.strip() else []), f"answered: {answer.text}"]
    fields["note"] = _cut(" | ".join(said))
    return fields


def feedback_line(fields: Mapping[str, Any]) -> str:
    """The case on a line of its own; a comment when it has no gold yet."""
    # A lone surrogate is no character and cannot be written; the suite's reader refuses it too.
    text = json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    return f"{_COMMENT if fields.get('answers') == [] else ''}{text}\n"


def record_feedback(
    home: Path,
    answer: Answer,
    history: Sequence[Turn],
    liked: bool,  # noqa: FBT001 - as the page calls it
    reason: str,
) -> None:
    """Appends the answer to the home's file of feedback.

    Args:
        home: The index folder.
        answer: What was shown.
        history: The conversation before, oldest first.
        liked: Whether the reader liked it.
        reason: The reader's words about it; may be empty.

    Raises:
        RagError: The file cannot be written.
    """
    name = f"{datetime.now(UTC):%Y-%m-%d}-{uuid.uuid4().hex[:8]}"
    fields = feedback_case(answer, history, liked=liked, reason=reason, name=name)
    path = home / FILE
    with disk_errors(path):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        try:
            # One write call at the file's end: lines of two pages never mix.
            os.write(handle, (_missing_end(handle) + feedback_line(fields)).encode("utf-8"))
            os.fsync(handle)
        finally:
            os.close(handle)


def count_feedback(home: Path) -> FeedbackCount:
    """What the home's file of feedback holds; nothing where there is none."""
    try:
        text = (home / FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return FeedbackCount(0, 0)
    lines = [line.strip() for line in text.split("\n")]
    return FeedbackCount(
        sum(line.startswith("{") for line in lines),
        sum(line.startswith(_COMMENT + "{") for line in lines),
    )


def _gold(answer: Answer) -> dict[str, Any]:
    if answer.refusal is not None:
        return {"reason": answer.refusal.reason}
    quotes = list(dict.fromkeys(c.cited_text for c in answer.citations))
    said = [quote for quote in quotes if quote.strip() and quote in answer.text]
    return {"answers" if len(said) == 1 else "all_of": said} if said else {}


def _missing_end(handle: int) -> str:
    """A line's end when a crash has left the last line without one."""
    size = os.fstat(handle).st_size
    return "" if not size or os.pread(handle, 1, size - 1) == b"\n" else "\n"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_NOTE_CHARS else text[: MAX_NOTE_CHARS - 1] + "…"
