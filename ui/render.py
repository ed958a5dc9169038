"""Answers, hits, articles → terminal text and JSON values; articles' words are escaped."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from rag.answer import Answer, Citation, Conflict, FigureState
from rag.answering.remarks import how_computed, usage_line
from rag.types import Article, Hit, Source

WIDTH = 80
"""Columns of a text when nothing is known about the terminal."""
_MIN_WIDTH = 30
# "\r\n", "\r": a lone carriage return lets a text overwrite what the terminal shows already.
_LINE_END = re.compile(r"\r\n?")
# Escape sequences ("\x1b[2J"), C1 controls, bidirectional overrides ("\u202e"), lone surrogates.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""The text with everything that would steer a terminal shown as an escape; line ends are kept.

    >>> printable("red \x1b[31m alert")
    'red \\x1b[31m alert'
    """
    text = _LINE_END.sub("\n", text)
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def one_line(text: str) -> str:
    """The printable text with every run of white space as one space."""
    return " ".join(printable(text).split())


def to_text(answer: Answer, width: int | None = WIDTH) -> str:
    """The answer for a terminal: its words, then a footnote for every citation.

    Args:
        answer: What to show.
        width: Columns to wrap at; None leaves every paragraph on one line.
    """
    blocks = [words_to_text(answer, width)]
    for conflict in answer.conflicts:
        sides = [f"{side}: {label}" for side, label in sides_of(answer, conflict)]
        lines = [_fill(f"{conflict_title(conflict)}:", width)]
        blocks.append("\n".join([*lines, *(_fill(f"- {side}", width, "  ") for side in sides)]))
    blocks += [_footnote(citation, width) for citation in answer.citations]
    if answer.refusal and answer.refusal.nearest:
        blocks.append("Nearest:")
        blocks += [_footnote(citation, width) for citation in answer.refusal.nearest]
    blocks += [_fill(remark, width) for remark in remarks_of(answer)]
    return "\n\n".join(blocks)


def words_to_text(answer: Answer, width: int | None = WIDTH) -> str:
    """The answer's words for a terminal, with which `to_text` begins."""
    return "\n".join(_fill(line, width) for line in printable(answer.text).splitlines())


def hit_to_text(rank: int, hit: Hit, width: int | None = WIDTH) -> str:
    """A hit for a terminal: rank (from 1), source, place and the passage's words."""
    passage = hit.passage
    place = f"{passage.source.article_id} {passage.span.start}-{passage.span.end}"
    copies = f", also in {', '.join(hit.copies)}" if hit.copies else ""
    lines = [
        _fill(f"{rank}. {source_label(passage.source)}", width),
        _fill(f"{place}, score {hit.score:.3f}{copies}", width, "   "),
        _fill(passage.text, width, "   "),
    ]
    return "\n".join(lines)


def sources_to_text(sources: Sequence[Source]) -> str:
    """A table of the articles: id, outlet, date, title."""
    rows = [("ID", "OUTLET", "DATE", "TITLE")]
    rows += [
        (one_line(s.article_id), one_line(s.outlet or "-"), _date(s) or "-", one_line(s.title))
        for s in sources
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[3]])
        for row in rows
    )


def article_to_text(article: Article) -> str:
    """The article for a terminal: a header of what is known about it, an empty line, its body."""
    known = {name: value for name, value in source_to_dict(article.source).items() if value}
    header = [f"{name}: {one_line(value)}" for name, value in known.items()]
    return "\n".join([*header, "", printable(article.body)])


def source_to_dict(source: Source) -> dict[str, Any]:
    """The article's card as in `footnote articles --json`."""
    return {
        "article_id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "author": source.author,
        "published": _date(source),
        "url": source.url,
        "path": source.path,
    }


def article_to_dict(article: Article) -> dict[str, Any]:
    """The article as in `footnote show --json`."""
    return {**source_to_dict(article.source), "version": article.version, "body": article.body}


def hit_to_dict(rank: int, hit: Hit) -> dict[str, Any]:
    """The hit as in `footnote search --json`."""
    passage = hit.passage
    return {
        "rank": rank,
        "score": hit.score,
        "passage_id": passage.id,
        **source_to_dict(passage.source),
        "text": passage.text,
        "start_char_index": passage.span.start,
        "end_char_index": passage.span.end,
        "copies": list(hit.copies),
    }


def _date(source: Source) -> str | None:
    return source.published.isoformat() if source.published else None


def source_label(source: Source) -> str:
    """Outlet, date and title, as far as they are known."""
    known = ", ".join(part for part in (source.outlet, _date(source)) if part)
    return f"{known}: {source.title}" if known else source.title


def _fill(text: str, width: int | None, indent: str = "") -> str:
    line = one_line(text)
    if width is None:
        return indent + line
    return textwrap.fill(
        line,
        max(width, _MIN_WIDTH),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _footnote(citation: Citation, width: int | None) -> str:
    span = citation.span
    return "\n".join(
        [
            _fill(f"[{citation.number}] {source_label(citation.source)}", width),
            _fill(f"“{citation.cited_text}”", width, "    "),
            _fill(f"{citation.source.article_id} {span.start}-{span.end}", width, "    "),
        ]
    )


def conflict_title(conflict: Conflict) -> str:
    """What a conflict is, in words."""
    match conflict.kind:
        case "update":
            return f"A later article updates {conflict.subject}"
        case "scope":
            return f"Figures of another scope or period for {conflict.subject}"
        case "disagreement":
            return f"The articles disagree on {conflict.subject}"
    assert_never(conflict.kind)


def sides_of(answer: Answer, conflict: Conflict) -> Iterator[tuple[str, str]]:
    """Each side's figure with its citation's number, and the card of the article that gives it."""
    sources = {citation.number: citation.source for citation in answer.citations}
    for side in conflict.sides:
        source = sources.get(side.citation)
        label = source_label(source) if source else "source not shown"
        yield f"{side.figure} [{side.citation}]", label


_FIGURE_REMARKS: dict[FigureState, str] = {
    "computed": "computed from the cited figures",
    "not_verified": "not verified against the cited words",
}


def remarks_of(answer: Answer) -> Iterator[str]:
    """What the reader has to know besides the answer, a sentence each."""
    for claim in answer.claims:
        if claim.verdict != "supported":
            yield f"Not supported by its source: {claim.text} ({claim.reason})"
        for checked in claim.figures:
            if remark := _FIGURE_REMARKS.get(checked.state):
                how = how_computed(claim, checked)
                yield f"{checked.text}: {remark}{f' ({how})' if how else ''}."
    for withheld in answer.withheld:
        yield f"Withheld: {withheld.text} ({withheld.reason})"
    if answer.notice:
        yield f"Note: {answer.notice}"
    if line := usage_line(answer):
        yield line
