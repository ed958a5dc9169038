"""An answer → HTML for the conversation. Pure; every word that is not ours is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from rag.answer import Answer, Citation, Conflict, Refusal, Withheld
from rag.types import Source
from ui.web.escaping import escape
from ui.web.marking import by_number, byline, footnote, paragraphs

_HEADLINES = {
    "empty_index": "There are no articles yet",
    "off_topic": "The articles are about something else",
    "not_in_sources": "The articles don't say",
    "figure_not_given": "The articles give no such figure",
    "other_period": "The articles speak of another time",
    "other_subject": "The articles say it of something else",
}


def answer_html(answer: Answer, turn: int) -> str:
    """The answer as one block: its words with footnote marks, cards, the cited quotes.

    Args:
        answer: What to show.
        turn: Which answer of the conversation it is; tells its footnotes from another's.
    """
    shown = by_number(answer)
    parts = [f'<p class="notice">{escape(answer.notice)}</p>'] if answer.notice else []
    if answer.refusal is not None:
        parts.append(_refusal(answer, answer.refusal, turn))
    else:
        parts += paragraphs(answer, turn)
        parts += [_conflict(conflict, shown, turn) for conflict in answer.conflicts]
        parts.append(_notes(answer.citations, turn, answer.text))
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
    return _block(
        "answer",
        f'<div class="card problem"><p>{escape(message[:1].upper() + message[1:])}</p></div>',
    )


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


def _block(kind: str, inner: str) -> str:
    # A div opens an HTML block in Markdown, so nothing inside it is read as Markdown.
    return f'<div class="{kind}">{inner}</div>'


def _notes(citations: Sequence[Citation], turn: int, said: str = "") -> str:
    """The cited quotes with outlet and date, numbered as in the text; shorter if said there."""
    rows = [
        f"<li>{footnote(citation, turn)}"
        f'<span class="quote{" brief" if citation.cited_text in said else ""}">'
        f"“{escape(citation.cited_text)}”</span> "
        f'<span class="by">{escape(_credit(citation.source))}</span></li>'
        for citation in citations
    ]
    return f'<ol class="notes">{"".join(rows)}</ol>' if rows else ""


def _credit(source: Source) -> str:
    """Who says so: the outlet and date, else the article's title."""
    return byline(source, missing="" if source.outlet else f"“{source.title}”, undated")


def _refusal(answer: Answer, refusal: Refusal, turn: int) -> str:
    headline = _HEADLINES[refusal.reason]
    said_already = answer.text.strip(" .") == headline
    words = "" if said_already else "".join(paragraphs(answer, turn))
    near = _notes(refusal.nearest, turn)
    if near:
        near = f'<p class="near">What comes nearest</p>{near}'
    return f'<div class="card none"><h4>{headline}</h4>{words}{near}</div>'


def _conflict(conflict: Conflict, shown: dict[int, Citation], turn: int) -> str:
    sides = []
    for side in conflict.sides:
        citation = shown.get(side.citation)
        if citation is None:
            sides.append(f"<div><b>{escape(side.figure)}</b></div>")
            continue
        sides.append(
            f"<div><b>{escape(side.figure)}{footnote(citation, turn)}</b>"
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
