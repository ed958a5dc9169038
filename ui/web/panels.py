"""An answer → HTML for the conversation. Pure; every word that is not ours is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from rag.answer import Answer, CheckedFigure, Citation, Claim, Conflict, Refusal, Withheld
from rag.types import Source, Span
from ui.web.escaping import escape

_MARK = re.compile(r"[ \u00a0]?\[(\d{1,4})\]")  # "… in 2024. [1]"
_LINE = re.compile(r"[^\s][^\r\n]*")

_HEADLINES = {
    "empty_index": "There are no articles yet",
    "off_topic": "The articles are about something else",
    "not_in_sources": "The articles don't say",
    "figure_not_given": "The articles give no such figure",
    "other_period": "The articles speak of another time",
    "other_subject": "The articles speak of something else",
}
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


def answer_html(answer: Answer, turn: int) -> str:
    """The answer as one block: its words with footnote marks, cards, the cited quotes.

    Args:
        answer: What to show.
        turn: Which answer of the conversation it is; tells its footnotes from another's.
    """
    shown = _by_number(answer)
    parts = [f'<p class="notice">{escape(answer.notice)}</p>'] if answer.notice else []
    if answer.refusal is not None:
        parts.append(_refusal(answer, answer.refusal, turn))
    else:
        parts += _paragraphs(answer, turn)
        parts += [_conflict(conflict, shown, turn) for conflict in answer.conflicts]
        parts.append(_notes(answer.citations, turn))
    parts.append(_withheld(answer.withheld))
    return _block("answer", "".join(parts))


def question_html(question: str) -> str:
    """The reader's words."""
    return _block("question", escape(question))


def pending_html() -> str:
    """What stands in an answer's place while it is looked for."""
    return _block("pending", "Looking through the articles…")


def problem_html(message: str) -> str:
    """A message about something that went wrong, in plain words."""
    return _block("answer", f'<div class="card problem"><p>{escape(message)}</p></div>')


def welcome_html() -> str:
    """What stands in the conversation before the first question."""
    return _block(
        "welcome",
        "<h1>Ask the articles.</h1><p>Every sentence of an answer carries a footnote to the exact "
        "words it rests on. When the articles don't say, neither does Footnote.</p>",
    )


def asked_as_html(answer: Answer | None) -> str:
    """The line under the question box: what is searched, and the question as it was understood."""
    if answer is None or answer.query.strip() == answer.question.strip():
        return '<div class="scope">All articles</div>'
    return f'<div class="scope">All articles · asked as: “{escape(answer.query)}”</div>'


def byline(source: Source, *, missing: str = "undated") -> str:
    """Outlet and date as words, not yet escaped."""
    day = f"{source.published.day} {source.published:%B %Y}" if source.published else missing
    return " · ".join(part for part in (source.outlet, day) if part)


def _block(kind: str, inner: str) -> str:
    # A div opens an HTML block in Markdown, so nothing inside it is read as Markdown.
    return f'<div class="{kind}">{inner}</div>'


def _by_number(answer: Answer) -> dict[int, Citation]:
    nearest = answer.refusal.nearest if answer.refusal else ()
    return {citation.number: citation for citation in (*nearest, *answer.citations)}


def _footnote(citation: Citation, turn: int) -> str:
    source = citation.source
    title = f"“{citation.cited_text}” · {byline(source)}"
    return (
        f'<a class="fn" href="#{mark_id(turn, citation.number)}" title="{escape(title)}">'
        f"{citation.number}</a>"
    )


def _paragraphs(answer: Answer, turn: int) -> list[str]:
    """The answer's words, one paragraph a line, with footnotes and figures marked."""
    pieces = sorted(_pieces(answer, turn), key=lambda piece: (piece.span.start, piece.span.end))
    lines = [Span(*line.span()) for line in _LINE.finditer(answer.text)]
    return [f"<p>{''.join(_words(answer.text, line, pieces))}</p>" for line in lines]


def _words(text: str, line: Span, pieces: Sequence[_Piece]) -> Iterator[str]:
    at = line.start
    for piece in pieces:
        if at <= piece.span.start and piece.span.end <= line.end:
            yield escape(text[at : piece.span.start])
            yield piece.html
            at = piece.span.end
    yield escape(text[at : line.end])


def _pieces(answer: Answer, turn: int) -> Iterator[_Piece]:
    shown = _by_number(answer)
    for found in _MARK.finditer(answer.text):
        if citation := shown.get(int(found[1])):
            yield _Piece(Span(*found.span()), _footnote(citation, turn))
    for claim in answer.claims:
        for checked in claim.figures:
            if (span := _in_answer(claim, checked)) is not None:
                yield _Piece(span, _figure(checked))


def _in_answer(claim: Claim, checked: CheckedFigure) -> Span | None:
    """Where a claim's figure stands in the answer's text."""
    at = checked.figure.span.start
    if not claim.text.startswith(checked.text, at):
        at = claim.text.find(checked.text)
    start = claim.span.start + at
    return Span(start, start + len(checked.text)) if at >= 0 else None


def _figure(checked: CheckedFigure) -> str:
    return (
        f'<span class="fig {checked.state}" title="{_FIGURE_NOTES[checked.state]}">'
        f"{escape(checked.text)}</span>"
    )


def _notes(citations: Sequence[Citation], turn: int) -> str:
    """The cited quotes with outlet and date, numbered as in the text."""
    rows = [
        f"<li>{_footnote(citation, turn)}"
        f'<span class="quote">“{escape(citation.cited_text)}”</span> '
        f'<span class="by">{escape(_credit(citation.source))}</span></li>'
        for citation in citations
    ]
    return f'<ol class="notes">{"".join(rows)}</ol>' if rows else ""


def _credit(source: Source) -> str:
    """Who says so: the outlet and date, else the article's title."""
    return byline(source, missing="" if source.outlet else f"“{source.title}”, undated")


def _refusal(answer: Answer, refusal: Refusal, turn: int) -> str:
    words = "".join(_paragraphs(answer, turn))
    near = _notes(refusal.nearest, turn)
    if near:
        near = f'<p class="near">What comes nearest</p>{near}'
    return f'<div class="card none"><h4>{_HEADLINES[refusal.reason]}</h4>{words}{near}</div>'


def _conflict(conflict: Conflict, shown: dict[int, Citation], turn: int) -> str:
    sides = []
    for side in conflict.sides:
        citation = shown.get(side.citation)
        if citation is None:
            sides.append(f"<div><b>{escape(side.figure)}</b></div>")
            continue
        sides.append(
            f"<div><b>{escape(side.figure)}{_footnote(citation, turn)}</b>"
            f'<span class="by">{escape(_credit(citation.source))}</span></div>'
        )
    return (
        f'<div class="card split"><h4>{_conflict_headline(conflict)}</h4>'
        f'<p class="about">{escape(conflict.subject)}</p>'
        f'<div class="sides">{"".join(sides)}</div></div>'
    )


def _conflict_headline(conflict: Conflict) -> str:
    match conflict.kind:
        case "update":
            return "A later article gives a newer figure"
        case "scope":
            return "Figures of different scope"
        case "disagreement":
            return "The articles disagree"
    assert_never(conflict.kind)


def _withheld(withheld: tuple[Withheld, ...]) -> str:
    if not withheld:
        return ""
    rows = "".join(f"<li>{escape(w.text)} <i>{escape(w.reason)}</i></li>" for w in withheld)
    return f"<details><summary>Not shown: could not be verified</summary><ul>{rows}</ul></details>"
