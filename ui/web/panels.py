"""An exchange → HTML for the conversation. Pure; every word that is not ours is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer import Answer
from rag.answering.marks import by_number
from ui.places import EXTRACTIVE
from ui.web.cards import (
    chips_html,
    conflict_html,
    notes_html,
    refusal_html,
    usage_html,
    withheld_html,
)
from ui.web.escaping import escape
from ui.web.header import Mode
from ui.web.marking import paragraphs

_SCOPE = "All articles"


def answer_html(
    answer: Answer, turn: int, *, offers: Sequence[str] = (), working: str | None = None
) -> str:
    """The answer as one block: its words with footnote marks, cards, the cited quotes.

    Args:
        answer: What to show.
        turn: Which answer of the conversation it is; tells its footnotes from another's.
        offers: Questions to ask instead of a refused one.
        working: What is still being done; None when the answer is whole.
    """
    shown = by_number(answer)
    parts = [f'<p class="notice">{escape(answer.notice)}</p>'] if answer.notice else []
    if answer.refusal is not None:
        parts.append(refusal_html(answer, answer.refusal, turn, offers))
    else:
        parts += paragraphs(answer, turn)
        parts += [conflict_html(conflict, shown, turn) for conflict in answer.conflicts]
        sides = {side.citation for conflict in answer.conflicts for side in conflict.sides}
        rest = [citation for citation in answer.citations if citation.number not in sides]
        parts.append(notes_html(rest, turn, answer.text))  # a card has its sides' quotes already
    if working is None:
        parts += [withheld_html(answer), usage_html(answer), _acts(turn)]
    else:
        parts.append(pending_html(working))
    return _block("answer", "".join(parts))


def question_html(question: str, turn: int) -> str:
    """The reader's words, and how to change them."""
    edit = _act("edit", turn, "Edit", "Edit this question and ask it again")
    return _block("asked", f'<div class="question">{escape(question)}</div>{edit}')


def pending_html(doing: str) -> str:
    """What stands in an answer's place while it is looked for."""
    return _block("pending", escape(doing or "Looking through the articles…"))


def problem_html(message: str, turn: int) -> str:
    """A message about something that went wrong, in plain words."""
    words = escape(message[:1].upper() + message[1:])
    return _block("answer", f'<div class="card problem"><p>{words}</p></div>{_again(turn)}')


def stopped_html(turn: int) -> str:
    """What stands in the place of an answer that the reader broke off."""
    return _block("answer", f'<p class="notice">Stopped. Nothing was answered.</p>{_again(turn)}')


def welcome_html(questions: Sequence[str] = ()) -> str:
    """What stands in the conversation before the first question, with some to start with."""
    chips = chips_html(questions) if questions else ""
    return _block(
        "welcome",
        "<h1>Ask the articles.</h1><p>Every sentence of an answer carries a footnote to the exact "
        f"words it rests on. When the articles don't say, neither does Footnote.</p>{chips}",
    )


def scope_html(answer: Answer | None, searched: str = _SCOPE) -> str:
    """The line under the question box: what is searched, and the question as it was understood."""
    if answer is None or answer.query.strip() == answer.question.strip():
        return _block("scope", escape(searched))
    as_ = f'<span class="as">asked as: “{escape(answer.query)}”</span>'
    return _block("scope", f"{escape(searched)} · {as_}")


def sends_html(mode: Mode) -> str:
    """The sentence by the question box that tells what a question sends, and where to."""
    if mode.name == EXTRACTIVE:
        return ""
    if mode.host is None:
        sent = f"{escape(mode.name)} words the answers, on this machine: nothing leaves it."
    else:
        where = f"<b>{escape(mode.host)}</b>"
        sent = f"Your question and passages of your articles are sent to {where}."
    off = "Nothing is sent: the articles are quoted, and no model is asked."
    return _block("sends", f'<p class="on">{sent}</p><p class="off">{off}</p>')


def tools_html() -> str:
    """What can be opened beside the conversation."""
    tools = (
        _act("history", 0, "Earlier conversations", "Conversations that this browser keeps (h)"),
        _act("keys", 0, "Keyboard", "What the keys do (?)"),
    )
    return f'<p class="acts">{"".join(tools)}</p>'


def _acts(turn: int) -> str:
    acts = (
        _act("copy", turn, "Copy with footnotes", "Copy this answer with its footnotes (c)"),
        _act("export", turn, "Export", "Save this conversation as a file (e)"),
        _act("retry", turn, "Ask again", "Ask this question again (r)"),
        _act("like", turn, "Good answer", "Good answer"),
        _act("dislike", turn, "Bad answer", "Bad answer"),
    )
    return f'<p class="acts">{"".join(acts)}</p>'


def _again(turn: int) -> str:
    acts = _act("retry", turn, "Ask again", "Ask this question again (r)")
    return f'<p class="acts">{acts}</p>'


def _act(do: str, turn: int, words: str, title: str) -> str:
    return (
        f'<a class="act {do}" role="button" tabindex="0" href="#{do}-{turn}" title="{title}">'
        f"<span>{words}</span></a>"
    )


def _block(kind: str, inner: str) -> str:
    # A div opens an HTML block in Markdown, so nothing inside it is read as Markdown.
    return f'<div class="{kind}">{inner}</div>'
