"""Answers → Markdown, HTML or JSON that carries every quote with its source and offsets. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from rag.answer import Answer, Citation, Conflict
from rag.answering.marks import by_number, find_footnotes
from rag.answering.remarks import usage_line, withheld_title
from rag.contract import SCHEMA, to_dict
from rag.errors import ConfigError
from rag.types import Source

Format = Literal["markdown", "html", "json"]

# Escape sequences, C1 controls, bidirectional overrides, lone surrogates: they would steer what
# shows the text. Line ends and tabs stay.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Markup: "*bold*", "<b>", "[x](y)", "a | b", "&lt;", "$x$", "a@b.c"
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$@]")
# What is markup at a line's start: "- item", "+ item", "===", "1. item", "1) item"
_MARKUP_AT_START = re.compile(r"^(\s*\d*)(?=[-+=]|(?<=\d)[.)])")
_SPACE = re.compile(r"\s+")
# What a reader of Markdown turns into a link by itself: "https://a.b", "www.a.b"
_AUTOLINK = re.compile(r"(:)(?=//)|(www)(?=\.)", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\\`\"'|*_~]+")
_KINDS = {
    "update": "A later article gives a newer figure",
    "scope": "Figures of different scope",
    "disagreement": "The articles disagree",
}
_STYLE = (
    "body{font:17px/1.65 Georgia,serif;color:#1d1c1a;background:#fbfaf7;max-width:42em;"
    "margin:3em auto;padding:0 1.2em}h1{font-size:1.6em}h2{font-size:1.15em;margin-top:2.4em}"
    "aside{background:#f3f0ea;border-radius:8px;padding:.6em 1em;margin:1em 0}"
    "ol{font-size:.86em;color:#5f5b53;border-top:1px solid #e4dfd5;padding-top:.8em}"
    "q{font-style:italic}q::before,q::after{content:none}"
    "sup a{color:#0b5d5e;text-decoration:none;font:600 .75em system-ui,sans-serif}"
    "footer,.as{font:.8em system-ui,sans-serif;color:#5f5b53}"
    "@media(prefers-color-scheme:dark){body{color:#ece9e1;background:#161613}"
    "aside{background:#272520}ol,footer,.as{color:#a7a195}sup a{color:#7cc5c2}}"
)


@dataclass(frozen=True, slots=True)
class Export:
    """A file to save."""

    name: str
    media_type: str
    text: str


def export(answers: Sequence[Answer], form: str) -> Export:
    """The answers as a file of one of the formats.

    Raises:
        ConfigError: There is no such format.
    """
    match form:
        case "markdown":
            return Export("conversation.md", "text/markdown", to_markdown(answers))
        case "html":
            return Export("conversation.html", "text/html", to_html(answers))
        case "json":
            return Export("conversation.json", "application/json", to_json(answers))
    raise ConfigError(f"no format {form!r} to export; give one of {', '.join(get_args(Format))}")


def to_json(answers: Sequence[Answer]) -> str:
    """The answers in the contract's form, docs/json.md, as one JSON document."""
    document = {"schema": SCHEMA, "answers": [to_dict(answer) for answer in answers]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_markdown(answers: Sequence[Answer]) -> str:
    """The questions and answers, their footnotes numbered through, each with its quote."""
    parts, notes, first = [], [], 1
    for answer in answers:
        parts.append(f"## {_plain(answer.question)}")
        if answer.query.strip() != answer.question.strip():
            parts.append(f"*Asked as: {_plain(answer.query)}*")
        parts += _body(answer, first)
        notes += _notes(answer, first)
        first += len(by_number(answer))
    return "\n\n".join([*parts, *notes]) + "\n"


def answer_markdown(answer: Answer) -> str:
    """One answer with its footnotes, to be put into a note."""
    return "\n\n".join([*_body(answer, 1), *_notes(answer, 1)]) + "\n"


def to_html(answers: Sequence[Answer]) -> str:
    """The same as a page of its own that loads nothing and runs nothing."""
    shown = "".join(_section(answer, turn) for turn, answer in enumerate(answers, start=1))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>Answers with footnotes</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>Answers with footnotes</h1>\n{shown}"
        "<footer>Footnote. Offsets count characters in the article's text, from 0, the end "
        "excluded.</footer>\n</body></html>\n"
    )


def _body(answer: Answer, first: int) -> Iterator[str]:
    labels = _labels(answer, first)
    said = "".join(
        "\n".join(map(_plain, words.split("\n"))) + (f"[^{labels[note.number]}]" if note else "")
        for words, note in _pieces(answer)
    )
    yield from (line for line in said.split("\n") if line.strip())
    for conflict in answer.conflicts:
        sides = [
            f"> - {_plain(side.figure)}[^{labels[side.citation]}]"
            for side in conflict.sides
            if side.citation in labels
        ]
        yield "\n".join([f"> **{_plain(_conflict(conflict))}**", ">", *sides])
    if answer.refusal and answer.refusal.nearest:
        near = (labels[citation.number] for citation in answer.refusal.nearest)
        yield f"Nearest: {' '.join(f'[^{label}]' for label in near)}"
    if answer.withheld:
        yield _plain(withheld_title(answer))
        yield "\n".join(f"- {_plain(w.text)} ({_plain(w.reason)})" for w in answer.withheld)
    yield from (f"*{_plain(line)}*" for line in (answer.notice, usage_line(answer)) if line)


def _notes(answer: Answer, first: int) -> list[str]:
    labels = _labels(answer, first)
    return [
        f"[^{labels[citation.number]}]: “{_plain(citation.cited_text)}” — "
        f"{_linked(citation.source)} ({_plain(_place(citation))})"
        for citation in by_number(answer).values()
    ]


def _labels(answer: Answer, first: int) -> dict[int, int]:
    """The footnotes' numbers in the whole document."""
    return {number: label for label, number in enumerate(by_number(answer), start=first)}


def _pieces(answer: Answer) -> Iterator[tuple[str, Citation | None]]:
    """The text's words, each run up to a footnote mark and the citation it stands for."""
    at = 0
    for span, citation in find_footnotes(answer):
        yield answer.text[at : span.start], citation
        at = span.end
    yield answer.text[at:], None


def _section(answer: Answer, turn: int) -> str:
    anchors = {number: f"a{turn}c{number}" for number in by_number(answer)}
    said = "".join(
        _escaped(words) + (_mark(note.number, anchors) if note else "")
        for words, note in _pieces(answer)
    )
    asides = "".join(
        f"<aside><b>{_escaped(_conflict(conflict))}</b><ul>"
        + "".join(
            f"<li>{_escaped(side.figure)}{_mark(side.citation, anchors)}</li>"
            for side in conflict.sides
        )
        + "</ul></aside>"
        for conflict in answer.conflicts
    )
    fold = "".join(f"<li>{_escaped(f'{w.text} ({w.reason})')}</li>" for w in answer.withheld)
    if fold:
        asides += f"<aside><b>{_escaped(withheld_title(answer))}</b><ul>{fold}</ul></aside>"
    told = (answer.notice, usage_line(answer))
    asides += "".join(f'<p class="as">{_escaped(line)}</p>' for line in told if line)
    notes = "".join(
        f'<li id="{anchors[number]}" value="{number}"><q>“{_escaped(citation.cited_text)}”</q> '
        f"{_escaped(f'{_label(citation.source)} ({_place(citation)})')}</li>"
        for number, citation in by_number(answer).items()
    )
    as_ = "" if answer.query.strip() == answer.question.strip() else f"Asked as: {answer.query}"
    lines = "".join(f"<p>{line}</p>" for line in said.split("\n") if line.strip())
    return (
        f'<section><h2>{_escaped(answer.question)}</h2><p class="as">{_escaped(as_)}</p>'
        f"{lines}{asides}<ol>{notes}</ol></section>\n"
    )


def _mark(number: int, anchors: dict[int, str]) -> str:
    anchor = anchors.get(number)
    return f'<sup><a href="#{anchor}">[{number}]</a></sup>' if anchor else ""


def _conflict(conflict: Conflict) -> str:
    return f"{_KINDS[conflict.kind]}: {conflict.subject}"


def _place(citation: Citation) -> str:
    span = citation.span
    return f"{citation.source.article_id}, characters {span.start}–{span.end}"


def _label(source: Source) -> str:
    """Outlet, date and title, as far as they are known."""
    day = source.published.isoformat() if source.published else None
    known = ", ".join(part for part in (source.outlet, day) if part)
    return f"{known}: {source.title}" if known else source.title


def _linked(source: Source) -> str:
    label = _plain(_label(source))
    return f"[{label}]({source.url})" if _ADDRESS.fullmatch(source.url or "") else label


def _plain(text: str) -> str:
    r"""The words on one line, written so that Markdown shows them as they are.

    >>> _plain("1. <b>5 * 5</b>")
    '1\\. \\<b\\>5 \\* 5\\</b\\>'
    """
    shown = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _SPACE.sub(" ", text))
    shown = _MARKUP_AT_START.sub(r"\1\\", _MARKUP.sub(r"\\\g<0>", shown))
    return _AUTOLINK.sub(r"\g<0>\\", shown)


def _escaped(text: str) -> str:
    return html.escape(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
