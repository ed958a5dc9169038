"""Answers → Markdown that shows the articles' words as they are."""

from __future__ import annotations

import re

from rag.answer import Answer, Citation
from rag.types import Source
from ui.render import conflict_title, one_line, printable, remarks_of, sides_of, source_label

# Markup: "*bold*", "<b>", "[x](y)", "a | b", "&lt;", "$x$", "a@b.c"
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&$@]")
# Lists and rules: "- item", "+ item", "---", "==="
_MARKDOWN_START = re.compile(r"^(?=[-+=])")
# Numbered lists: "1. item", "1) item"
_MARKDOWN_NUMBER = re.compile(r"^(\d+)(?=[.)](?:\s|$))")
# What a renderer turns into a link by itself: "https://a.b", "www.a.b"
_MARKDOWN_LINK = re.compile(r"(:)(?=//)|(www)(?=\.)", re.IGNORECASE)
_SAFE_URL = re.compile(r"https?://[^\s<>()\[\]\\`\"'|*_~]+")


def to_markdown(answer: Answer) -> str:
    """The answer as Markdown: its words, then every citation with its quote."""
    lines = printable(answer.text).splitlines()
    blocks = [escaped for escaped in map(escape_markdown, lines) if escaped]
    for conflict in answer.conflicts:
        sides = [
            f"- {escape_markdown(side)}: {escape_markdown(label)}"
            for side, label in sides_of(answer, conflict)
        ]
        blocks.append(f"**{escape_markdown(conflict_title(conflict))}**")
        blocks.append("\n".join(sides))
    for citation in answer.citations:
        blocks += _markdown_footnote(citation)
    if answer.refusal and answer.refusal.nearest:
        blocks.append("**Nearest**")
        for citation in answer.refusal.nearest:
            blocks += _markdown_footnote(citation)
    blocks += [escape_markdown(remark) for remark in remarks_of(answer)]
    return "\n\n".join(blocks)


def escape_markdown(text: str) -> str:
    r"""The text on one line, written so that Markdown shows it as it is.

    >>> escape_markdown("1. <b>5 * 5</b>")
    '1\\. \\<b\\>5 \\* 5\\</b\\>'
    """
    text = _MARKDOWN.sub(r"\\\g<0>", one_line(text))
    text = _MARKDOWN_NUMBER.sub(r"\1\\", _MARKDOWN_START.sub(r"\\", text))
    return _MARKDOWN_LINK.sub(r"\g<0>\\", text)


def _markdown_label(source: Source) -> str:
    """The same as Markdown, linked when the address is a plain one."""
    label = escape_markdown(source_label(source))
    return f"[{label}]({source.url})" if _SAFE_URL.fullmatch(source.url or "") else label


def _markdown_footnote(citation: Citation) -> list[str]:
    head = f"**\\[{citation.number}\\]** {_markdown_label(citation.source)}"
    return [head, f"> “{escape_markdown(citation.cited_text)}”"]
