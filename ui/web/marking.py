"""An answer's text → paragraphs of HTML, its quotes, footnotes and figures marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answer import Answer, CheckedFigure, Citation, Claim
from rag.answering.marks import find_figures, find_footnotes, find_quotes
from rag.answering.remarks import how_computed
from rag.types import Source, Span
from ui.web.escaping import escape

_LINE_END = re.compile(r"[\r\n]+")

_FIGURE_NOTES = {
    "verified": "Found in the cited words",
    "computed": "Computed from the cited figures",
    "not_verified": "Not found in the cited words",
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the answer's text that is not shown as plain words."""

    span: Span
    html: str


def mark_id(turn: int, number: int) -> str:
    """Name of a citation's words in the sources pane, unique in the conversation."""
    return f"a{turn}c{number}"


def byline(source: Source, *, missing: str = "undated") -> str:
    """Outlet and date as words, not yet escaped."""
    day = f"{source.published.day} {source.published:%B %Y}" if source.published else missing
    return " · ".join(part for part in (source.outlet, day) if part)


def credit(source: Source) -> str:
    """Who says so, not yet escaped: the outlet and date, else the article's title."""
    return byline(source, missing="" if source.outlet else f"“{source.title}”, undated")


def footnote(citation: Citation, turn: int) -> str:
    """A numbered mark that opens the cited words; the quote and who says it are its title."""
    title = f"“{citation.cited_text}” · {credit(citation.source)}"
    return (
        f'<a class="fn" href="#{mark_id(turn, citation.number)}" title="{escape(title)}">'
        f"{citation.number}</a>"
    )


def paragraphs(answer: Answer, turn: int) -> list[str]:
    """The answer's words, one paragraph a line, with quotes, footnotes and figures marked."""
    quotes = find_quotes(answer)
    marks = (_Piece(span, footnote(cited, turn)) for span, cited in find_footnotes(answer))
    figures = (_Piece(span, _figure(f, claim)) for span, f, claim in find_figures(answer))
    pieces = sorted(
        (*_said(quotes), *marks, *figures), key=lambda piece: (piece.span.start, piece.span.end)
    )
    ends = [
        found.start()
        for found in _LINE_END.finditer(answer.text)
        if not any(quote.start < found.start() < quote.end for quote in quotes)
    ]
    shown = []
    for start, end in pairwise((0, *ends, len(answer.text))):
        kind = ' class="quoted"' if any(start <= quote.start < end for quote in quotes) else ""
        words = "".join(_words(answer.text, Span(start, end), pieces))
        shown.append(f"<p{kind}>{words}</p>")
    return shown


def _said(quotes: Sequence[Span]) -> Iterator[_Piece]:
    for quote in quotes:
        yield _Piece(Span(quote.start, quote.start), '<span class="said">')
        yield _Piece(Span(quote.end, quote.end), "</span>")


def _words(text: str, line: Span, pieces: Sequence[_Piece]) -> Iterator[str]:
    at = line.start
    for piece in pieces:
        if at <= piece.span.start and piece.span.end <= line.end:
            yield escape(text[at : piece.span.start])
            yield piece.html
            at = piece.span.end
    yield escape(text[at : line.end])


def _figure(checked: CheckedFigure, claim: Claim) -> str:
    note = _FIGURE_NOTES[checked.state]
    if how := how_computed(claim, checked):
        note = f"{note}: {how}"
    return f'<span class="fig {checked.state}" title="{escape(note)}">{escape(checked.text)}</span>'
