"""A follow-up question → one that stands on its own, by a language model; checked for additions."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing

from rag.answer import Working
from rag.answering.dialogue import Dialogue
from rag.answering.drafts import plain
from rag.answering.prompts import write_condensation
from rag.checking.claims.absent import absent_figures
from rag.checking.syntax.names import find_names, is_named
from rag.types import Turn

MAX_CHARS = 400
"""A longer rewording is more than the question."""
MAX_TOKENS = 100


def condense(
    question: str, history: Sequence[Turn], dialogue: Dialogue, asking: Working
) -> Generator[Working, None, str | None]:
    """The question with the names that it leaves out; None where the model gives no usable one.

    Yields what is being done, while the model is silent.

    Raises:
        LlmError: The model gives no reply.
    """
    reply = ""
    with closing(
        dialogue.stream(write_condensation(question, history), max_tokens=MAX_TOKENS)
    ) as pieces:
        for piece in pieces:
            reply += piece
            if len(reply) > 2 * MAX_CHARS:
                return None
            if not piece:
                yield asking
    text = plain(reply.strip().strip('"“”').removeprefix("Question:"))
    return text if _is_faithful(text, question, history) else None


def _is_faithful(text: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether it is a question that names nothing which the conversation does not."""
    said = " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history)])
    short = 0 < len(text) <= max(MAX_CHARS, len(question)) and text.endswith("?")
    named = all(is_named(name, said) for name in find_names(text))
    return short and named and not absent_figures(text, said)
