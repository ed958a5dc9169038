"""Plain text → article, whose body is the text unchanged: offsets count in the file itself."""

from __future__ import annotations

import re
from pathlib import Path

from rag.reading.blocks import split_blocks
from rag.types import Article, Block, Source

OPENING_CHARS = 70
"""An article without a headline goes by its opening words, at most this many characters."""

_SOURCE_LINE = re.compile(r"\s*source\s*:\s*(\S.*?)[\s.]*$", re.IGNORECASE)  # "SOURCE: OUTLET."
_BASED_ON = re.compile(
    r"\s*based\s+on\s+(?:an?|the)\s+(\S.*?)\s+(?:report|story|article)s?\W*$", re.I
)


def read_text(text: str, path: Path, article_id: str) -> Article:
    """The article in a plain text; headline and outlet where the text itself gives them."""
    blocks = split_blocks(text)
    source = Source(
        article_id=article_id,
        title=headline(text, blocks),
        outlet=_outlet(text, blocks),
        author=None,
        published=None,
        url=None,
        path=str(path),
    )
    return Article(source=source, body=text, blocks=blocks)


def headline(body: str, blocks: tuple[Block, ...]) -> str:
    """The heading that opens the body, else its opening words."""
    spoken = [block for block in blocks if block.kind != "boilerplate"]
    if not spoken:
        return "Untitled"
    opening = " ".join(spoken[0].span.of(body).lstrip("#").split())
    if spoken[0].kind == "heading" or len(opening) <= OPENING_CHARS:
        return opening
    return opening[:OPENING_CHARS].rsplit(" ", 1)[0].rstrip(",;:—–-") + " …"


def _outlet(body: str, blocks: tuple[Block, ...]) -> str | None:
    for block in blocks:
        if block.kind != "boilerplate":
            continue
        line = block.span.of(body)
        if found := _SOURCE_LINE.match(line):
            return found.group(1)
        if found := _BASED_ON.match(line):
            return f"an article based on a {found.group(1)} report"
    return None
