"""Footnote: answers from a folder of articles, every sentence with a footnote to the exact words.

>>> from rag import Chatbot
>>> Chatbot.open("corpus").ask("…")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.answer import Answer, Citation, Claim, Refusal
from rag.errors import RagError
from rag.types import Article, Filters, Hit, Passage, Source, Span, Turn

if TYPE_CHECKING:
    from rag.chatbot import Chatbot

__all__ = [
    "Answer",
    "Article",
    "Chatbot",
    "Citation",
    "Claim",
    "Filters",
    "Hit",
    "Passage",
    "RagError",
    "Refusal",
    "Source",
    "Span",
    "Turn",
]


def __getattr__(name: str) -> Any:
    # Chatbot brings the index and the models along: it is imported when it is asked for.
    if name == "Chatbot":
        from rag.chatbot import Chatbot

        return Chatbot
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
