"""An answer's text → paragraphs of HTML, its quotes, footnotes and figures marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answer import Answer, CheckedFigure, Citation, Claim
from rag.types import Source, Span
from ui.web.escaping import escape

_MARK = re.compile(r"[ \u00a0]?\[(\d{1,4})\]")  # "… in 2024. [1]"
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


def by_number(answer: Answer) -> dict[int, Citation]:
    """What the answer points at, a refusal's nearest passages included."""
    nearest = answer.refusal.nearest if answer.refusal else ()
    return {citation.number: citation for citation in (*nearest, *answer.citations)}


def footnote(citation: Citation, turn: int) -> str:
    """A numbered mark that opens the cited words; the quote is its tooltip."""
    source = citation.source
    title = f"“{citation.cited_text}” · {byline(source)}"
    return (
        f'<a class="fn" href="#{mark_id(turn, citation.number)}" title="{escape(title)}">'
        f"{citation.number}</a>"
    )


def paragraphs(answer: Answer, turn: int) -> list[str]:
    """The answer's words, one paragraph a line, with quotes, footnotes and figures marked."""
    quotes = tuple(_quotes(answer))
    pieces = sorted(
        (*_said(quotes), *_marks(answer, turn, quotes), *_figures(answer, quotes)),
        key=lambda piece: (piece.span.start, piece.span.end),
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


def _quotes(answer: Answer) -> Iterator[Span]:
    """Where the answer's text repeats its cited words; around them stand words of ours."""
    cited = {citation.number: citation.cited_text for citation in answer.citations}
    for claim in answer.claims:
        for words in (cited[n] for n in claim.citations if n in cited):
            if (at := claim.text.find(words)) >= 0:
                start = claim.span.start + at
                yield _with_quotation_marks(answer.text, Span(start, start + len(words)))
                break


def _with_quotation_marks(text: str, quote: Span) -> Span:
    marked = text[: quote.start].endswith("“") and text.startswith("”", quote.end)
    return Span(quote.start - 1, quote.end + 1) if marked else quote


def _said(quotes: Iterable[Span]) -> Iterator[_Piece]:
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


def _marks(answer: Answer, turn: int, quotes: Sequence[Span]) -> Iterator[_Piece]:
    """The answer's `[n]` as footnotes; brackets that an article has in its words stay words."""
    shown = by_number(answer)
    for found in _MARK.finditer(answer.text):
        span = Span(*found.span())
        citation = shown.get(int(found[1]))
        if citation and not any(_overlap(span, quote) for quote in quotes):
            yield _Piece(span, footnote(citation, turn))


def _figures(answer: Answer, quotes: Sequence[Span]) -> Iterator[_Piece]:
    shown = by_number(answer)
    for claim in answer.claims:
        for checked in claim.figures:
            start = _figure_start(claim, checked, shown)
            span = Span(start, start + len(checked.text))
            crossed = [quote for quote in quotes if _overlap(span, quote)]
            if start >= 0 and all(q.start <= span.start and span.end <= q.end for q in crossed):
                yield _Piece(span, _figure(checked))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _figure_start(claim: Claim, checked: CheckedFigure, shown: Mapping[int, Citation]) -> int:
    """Where a claim's figure stands in the answer's text; before 0 if it does not.

    Its span counts in the text it was read from: the cited words, when the claim repeats them.
    """
    citation = shown.get(checked.citation) if checked.citation is not None else None
    quote = claim.text.find(citation.cited_text) if citation else -1
    for at in (quote, 0) if quote >= 0 else (0,):
        if claim.text.startswith(checked.text, at + checked.figure.span.start):
            return claim.span.start + at + checked.figure.span.start
    found = claim.text.find(checked.text)
    return claim.span.start + found if found >= 0 else -1


def _figure(checked: CheckedFigure) -> str:
    return (
        f'<span class="fig {checked.state}" title="{_FIGURE_NOTES[checked.state]}">'
        f"{escape(checked.text)}</span>"
    )
