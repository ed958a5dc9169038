"""Parts of an answer that are not its sentences → HTML: quotes, cards and the fold. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answer import Answer, Citation, Conflict, ConflictKind, Reading, Refusal
from rag.answering.remarks import usage_line, withheld_title
from ui.web.escaping import escape
from ui.web.marking import credit, footnote, paragraphs

_REFUSED = {
    "empty_index": "There are no articles yet",
    "off_topic": "The articles are about something else",
    "not_in_sources": "The articles don't say",
    "figure_not_given": "The articles give no such figure",
    "other_period": "The articles speak of another time",
    "other_subject": "The articles say it of something else",
}
_KINDS: dict[ConflictKind, tuple[str, str]] = {
    "update": ("A later article gives a newer figure", "An update: the later one replaces it."),
    "scope": (
        "Figures of different scope",
        "Both can be right: they measure different things or times.",
    ),
    "disagreement": (
        "The articles disagree",
        "They give different figures for one and the same thing.",
    ),
}


def notes_html(citations: Sequence[Citation], turn: int, said: str = "") -> str:
    """The cited quotes with outlet and date, numbered as in the text; shorter if said there."""
    rows = [
        f"<li>{footnote(citation, turn)}"
        f'<span class="quote{" brief" if citation.cited_text in said else ""}">'
        f"“{escape(citation.cited_text)}”</span> "
        f'<span class="by">{escape(credit(citation.source))}</span></li>'
        for citation in citations
    ]
    return f'<ol class="notes">{"".join(rows)}</ol>' if rows else ""


def refusal_html(answer: Answer, refusal: Refusal, turn: int, offers: Sequence[str] = ()) -> str:
    """What is missing, what comes nearest, and questions that the articles do answer."""
    headline = _REFUSED[refusal.reason]
    said_already = answer.text.strip(" .") == headline
    words = "" if said_already else "".join(paragraphs(answer, turn))
    near = notes_html(refusal.nearest, turn)
    if near:
        near = f'<p class="near">What comes nearest</p>{near}'
    asked = ""
    if offers:
        asked = f'<p class="near">The articles do answer</p>{chips_html(offers)}'
    return f'<div class="card none"><h4>{headline}</h4>{words}{near}{asked}</div>'


def chips_html(questions: Sequence[str]) -> str:
    """Questions that are asked by a click."""
    links = [
        f'<a class="chip" role="button" tabindex="0" href="#ask">{escape(question)}</a>'
        for question in questions
    ]
    return f'<div class="chips">{"".join(links)}</div>'


def conflict_html(conflict: Conflict, shown: Mapping[int, Citation], turn: int) -> str:
    """The sides of a disagreement beside each other, each with its figure, source and quote."""
    headline, meaning = _KINDS[conflict.kind]
    sides = "".join(_side(side, shown.get(side.citation), turn) for side in conflict.sides)
    return (
        f'<div class="card split {conflict.kind}"><h4>{headline}</h4>'
        f'<p class="about">{escape(conflict.subject)}. {meaning}</p>'
        f'<div class="sides">{sides}</div></div>'
    )


def _side(side: Reading, citation: Citation | None, turn: int) -> str:
    if citation is None:
        return f'<div class="side"><b>{escape(side.figure)}</b></div>'
    return (
        f'<div class="side"><b>{escape(side.figure)}{footnote(citation, turn)}</b>'
        f'<span class="by">{escape(credit(citation.source))}</span>'
        f'<span class="quote">“{escape(citation.cited_text)}”</span></div>'
    )


def withheld_html(answer: Answer) -> str:
    """The sentences that failed their check, in a closed fold, each with why."""
    if not answer.withheld:
        return ""
    rows = "".join(
        f'<li>{escape(w.text)} <span class="why">{escape(w.reason)}</span></li>'
        for w in answer.withheld
    )
    title = escape(withheld_title(answer))
    return f'<details class="withheld"><summary>{title}</summary><ul>{rows}</ul></details>'


def usage_html(answer: Answer) -> str:
    """The line about the model that was asked; nothing where none was."""
    line = usage_line(answer)
    return f'<p class="usage">{escape(line)}</p>' if line else ""
