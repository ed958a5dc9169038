"""A checked answer → the text of a chat message, and where its footnote marks stand in it. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rag.answer import Answer, Citation, Conflict
from rag.answering.marks import find_footnotes
from rag.types import Span
from ui.render import conflict_title, source_label
from ui.serve.wanted import SOURCES

# What makes a chat window load an address or run markup, with the sign that a backslash goes
# before: "![x](…)", "[x](…)", "[x]: …", "<img …>", "```mermaid"; and a backslash, which would undo
# the one before the next sign. Each rule looks back only: a text that grows stays as it was.
_LOADS = re.compile(r"(?<=!)\[|(?<=\])[(:]|<|(?<=``)`|(?<=~~)~|\\")
_PLAIN_ADDRESS = re.compile(r"https?://[\w.~:/?#@!&'*+,;=%-]+", re.IGNORECASE)
"""An address that can stand in a text: "https://example.org/a?b=1"."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A footnote mark of the message, and what it points at."""

    span: Span
    """Where it stands in the message: characters from 0, end exclusive."""
    citation: Citation


@dataclass(frozen=True, slots=True)
class Content:
    """A message's text, its marks in order."""

    text: str
    marks: tuple[Mark, ...]


def said(answer: Answer) -> str:
    """The answer's words as the message gives them."""
    return _neutral(answer.text)[0]


def write(answer: Answer) -> Content:
    """The whole message: the answer's words, what the articles disagree on, and the sources."""
    words, inserted = _neutral(answer.text)
    blocks = [words, *_conflicts(answer)]
    if answer.citations:
        blocks.append(SOURCES.strip() + "\n\n" + "\n\n".join(map(_source, answer.citations)))
    if answer.refusal and answer.refusal.nearest:
        blocks.append("\n\n".join(["Nearest", *map(_source, answer.refusal.nearest)]))
    if answer.notice:
        blocks.append(f"Note: {_neutral(answer.notice)[0]}")
    text = "\n\n".join(blocks)
    marks = tuple(_marks(answer, inserted))
    listed = {mark.citation.number for mark in marks}
    unmarked = (c for c in answer.citations if c.number not in listed)
    return Content(text, (*marks, *(_listed(text, citation) for citation in unmarked)))


def web_address(citation: Citation) -> str | None:
    """The article's address, if it is a plain one of the web."""
    url = citation.source.url
    return url if url and _PLAIN_ADDRESS.fullmatch(url) else None


def _neutral(text: str) -> tuple[str, list[int]]:
    r"""The text with nothing in it that a chat window would load, and where backslashes came in.

    >>> _neutral("![x](https://a.b) <i>")
    ('!\\[x]\\(https://a.b) \\<i>', [1, 4, 18])
    """
    inserted = [found.start() for found in _LOADS.finditer(text)]
    return _LOADS.sub(r"\\\g<0>", text), inserted


def _marks(answer: Answer, inserted: list[int]) -> Iterator[Mark]:
    if answer.refusal:
        return
    for span, citation in find_footnotes(answer):
        start = span.end - len(f"[{citation.number}]")
        before = bisect_right(inserted, start)
        yield Mark(Span(start + before, span.end + bisect_right(inserted, span.end - 1)), citation)


def _listed(text: str, citation: Citation) -> Mark:
    """The citation in the list of sources, where the answer's words have no mark of it."""
    mark = f"[{citation.number}]"
    start = text.rindex(f"\n{mark} ") + 1
    return Mark(Span(start, start + len(mark)), citation)


def _conflicts(answer: Answer) -> Iterator[str]:
    for conflict in answer.conflicts:
        yield f"{_neutral(conflict_title(conflict))[0]}: {_sides(conflict)}"


def _sides(conflict: Conflict) -> str:
    return "; ".join(f"{_neutral(side.figure)[0]} [{side.citation}]" for side in conflict.sides)


def _source(citation: Citation) -> str:
    """A paragraph of the list of sources, on one line."""
    label = " ".join(_neutral(source_label(citation.source))[0].split())
    quote = " ".join(_neutral(citation.cited_text)[0].split())
    place = web_address(citation) or citation.source.article_id
    span = citation.span
    return f"[{citation.number}] {label}. “{quote}” ({place}, {span.start}-{span.end})"
