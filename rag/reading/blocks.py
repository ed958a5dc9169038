"""A body's text → its blocks: paragraphs, headings and boilerplate, with exact spans."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.types import Block, BlockKind, Span

MAX_HEADING_WORDS = 14
WRAPPED_CHARS = 45
"""A line at least this long that ends without a full stop goes on in the next line."""
MAX_NOTE_CHARS = 400
"""Credits and legal notes are short; a longer paragraph that mentions one is prose."""
MAX_RELATED_SHARE = 0.35
"""What follows a "Related news" line is boilerplate if it is at most this share of the body."""

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_STOP = re.compile(r"""[.!?…:;]["'”’)\]*_]*\s*$""")  # ends here: `… billion."`
_MARKUP = re.compile(r"\s*(?:#{1,6}\s+|>\s*|[-*+•]\s+|\d{1,3}[.)]\s+)")  # "## ", "> ", "- ", "1. "
_HEADING_MARK = re.compile(r"\s*#{1,6}\s+\S")
_LETTER = re.compile(r"[^\W\d_]")
_RELATED = re.compile(
    r"\W*(?:related|recommended|trending|more)\s+(?:news|stories|articles|posts|reading|coverage)\W*$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"""\s*(?:
      !\[[^\]]*\]\([^)]*\)\s*$                                      # ![](picture.jpg)
    | <(?:img|script|style|iframe)\b
    | \(?(?:file\s+)?(?:photo|image|picture|pic|video)s?\s*(?:credits?|courtesy|source|by\b|/|:)
    | (?:image|photo)\s+for\s+representation
    | source\s*:\s*\S+\s*$                                          # SOURCE: OUTLET.
    | (?:based\s+on|with\s+inputs?\s+from|inputs?\s+from)\s+.{2,80}$ # Based On An Outlet Report
    | (?:read|see|watch|listen)\s+(?:more|also|next)\b.{0,200}$
    | also\s+read\b
    | advertisement\W*$
    | (?:click\s+here|sign\s+up|subscribe|follow\s+us|share\s+this|download\s+the\s+app)\b
    | hide\s+caption\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_LEGAL = re.compile(
    r"""(?:all\s+rights\s+reserved | ©\s*\d{4} | \bcopyright\s+(?:\(c\)\s*)?\d{4} | \bDMCA\b
    | (?:cannot|can\s?not|may\s+not|must\s+not)\s+be\s+
      (?:re)?(?:produced|published|printed|distributed)
    | without\s+(?:the\s+)?(?:prior\s+)?(?:written\s+)?permission )""",
    re.IGNORECASE | re.VERBOSE,
)


def split_blocks(body: str) -> tuple[Block, ...]:
    """The body's blocks in order. What no block covers is white space and markup."""
    blocks: list[Block] = []
    seen: set[str] = set()
    related = False
    for span in _paragraphs(body):
        text = span.of(body)
        kind = _kind(text, listed=_is_listed(body, span))
        key = " ".join(text.casefold().split())
        if related or (key in seen and len(key) >= MAX_HEADING_WORDS):
            kind = "boilerplate"
        elif _RELATED.match(text) and span.start >= len(body) * (1 - MAX_RELATED_SHARE):
            kind, related = "boilerplate", True
        seen.add(key)
        blocks.append(Block(span, kind))
    return tuple(blocks)


def _kind(text: str, *, listed: bool) -> BlockKind:
    if _BOILERPLATE.match(text) or (len(text) <= MAX_NOTE_CHARS and _LEGAL.search(text)):
        return "boilerplate"
    if _HEADING_MARK.match(text):
        return "heading"
    short = len(text.split()) <= MAX_HEADING_WORDS
    # "Exports: $86 million" is a fact on a line of its own, not a heading.
    has_fact = ": " in text and any(c.isdigit() for c in text)
    if not _LETTER.search(text):
        return "heading"
    return (
        "heading" if short and not listed and not has_fact and not _STOP.search(text) else "prose"
    )


def _is_listed(body: str, span: Span) -> bool:
    line_start = max(body.rfind("\n", 0, span.start), body.rfind("\r", 0, span.start)) + 1
    mark = _MARKUP.match(body, line_start, span.start)
    return mark is not None and "#" not in mark.group()


def _paragraphs(body: str) -> Iterator[Span]:
    """Spans of lines that belong together: wrapped lines are joined, marks left out."""
    open_span: Span | None = None
    last_line_end = 0
    for line in _LINE.finditer(body):
        if not line.group().strip():
            continue
        marked = _MARKUP.match(body, line.start(), line.end())
        joins = (
            open_span is not None
            and not marked
            and not _BOILERPLATE.match(body, open_span.start, open_span.end)
            and not _BOILERPLATE.match(body, line.start(), line.end())
            and body.count("\n", last_line_end, line.start()) <= 1
            and not _STOP.search(body, open_span.start, open_span.end)
            and _line_length(body, open_span) >= WRAPPED_CHARS
        )
        last_line_end = line.end()
        heading = bool(_HEADING_MARK.match(body, line.start(), line.end()))
        start = marked.end() if marked and not heading else line.start()
        span = _stripped(body, start, line.end())
        if span is None:
            continue
        if joins and open_span is not None:
            open_span = Span(open_span.start, span.end)
            continue
        if open_span is not None:
            yield open_span
        open_span = span
    if open_span is not None:
        yield open_span


def _line_length(body: str, span: Span) -> int:
    """Characters of the span's last line."""
    return span.end - max(span.start, body.rfind("\n", span.start, span.end) + 1)


def _stripped(body: str, start: int, end: int) -> Span | None:
    text = body[start:end]
    left = len(text) - len(text.lstrip())
    size = len(text.strip())
    return Span(start + left, start + left + size) if size else None
