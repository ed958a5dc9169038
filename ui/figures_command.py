"""The command `footnote figures`: an article's id → its figures, each with subject and period."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ui.terminal import ProgressDisplay, complain, print_json, text_width

if TYPE_CHECKING:
    from rag.checking.binding import Bound
    from rag.types import Article, Figure, Span

    Sentences = Iterable[tuple[Span, tuple[Bound, ...]]]

_OK = 0
_HEADINGS = ("WORDS", "VALUE", "SUBJECT", "PERIOD", "PLACE")
_MAX_COLUMN = 44
"""Columns beyond which a cell is cut short."""
_PLACES = Decimal("0.0001")
"""Two thirds is shown as 0.6667."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be typed after `footnote figures`."""
    help_id = "as 'footnote articles' lists it"
    parser.add_argument("article_id", metavar="ARTICLE_ID", help=help_id)
    parser.add_argument("--json", action="store_true", help="print JSON (see docs/binding.md)")


def figures(args: argparse.Namespace) -> int:
    """Lists the article's figures, grouped by sentence; offsets count in its body."""
    from rag.chatbot import Chatbot
    from rag.checking.binding import bind_sentences
    from rag.config import load_config

    with ProgressDisplay() as progress:
        bot = Chatbot.open(config=load_config(home=args.home), progress=progress)
    with bot:
        article = bot.article(args.article_id)
    sentences = list(bind_sentences(article))
    if args.json:
        print_json([row for span, bounds in sentences for row in _dicts(article, span, bounds)])
    elif sentences:
        sys.stdout.write(to_table(article, sentences, text_width()) + "\n")
    else:
        complain(f"{article.source.article_id}: no figures")
    return _OK


def to_table(article: Article, sentences: Sentences, width: int | None) -> str:
    """A table of the figures under their sentences; None as width cuts no sentence short."""
    from ui.render import one_line

    groups = [(span, [_cells(article, span, b) for b in bounds]) for span, bounds in sentences]
    rows = [_HEADINGS, *(row for _, group in groups for row in group)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [_line(_HEADINGS, widths)]
    for span, group in groups:
        lines += ["", _cut(one_line(span.of(article.body)), width or sys.maxsize)]
        lines += [_line(row, widths) for row in group]
    return "\n".join(lines)


def about(sentence: str, bound: Bound) -> str:
    """What a figure of the sentence is read as, in a line: value, subject, period."""
    subject, period = _told(sentence, bound)
    value = "" if period and bound.figure.kind == "date" else _value(bound.figure)
    return " · ".join(part for part in (value, subject, period) if part)


def _told(sentence: str, bound: Bound) -> tuple[str, str]:
    said, period = _subject(sentence, bound), _period(bound)
    return ("" if said == "-" else said), ("" if period == "-" else period)


def _period(bound: Bound) -> str:
    if bound.part and (bound.period or "").startswith(bound.part):
        return bound.period or "-"  # "July", not "Jul July"
    return " ".join(part for part in (bound.part, bound.period) if part) or "-"


def _cells(article: Article, sentence: Span, bound: Bound) -> tuple[str, ...]:
    from ui.render import one_line

    figure = bound.figure
    start, end = (sentence.start + at for at in (figure.span.start, figure.span.end))
    said = _subject(sentence.of(article.body), bound)
    cells = (article.body[start:end], _value(figure), said, _period(bound))
    return (*(_cut(one_line(cell), _MAX_COLUMN) for cell in cells), f"{start}:{end}")


def _subject(text: str, bound: Bound) -> str:
    """ "Indian exports to Azerbaijan": the words it is about, and the names that go with them."""
    span = bound.figure.subject
    said = (span.of(text) if span else bound.quantity) or "-"
    roles: dict[str, list[str]] = {}
    for name, role in bound.entities:
        if name not in said:
            roles.setdefault(role, []).append(name)
    bare = {"subject", "object"}
    named = (f"{'' if r in bare else r} {' and '.join(n)}".strip() for r, n in roles.items())
    return ", ".join([said, *named])


def _value(figure: Figure) -> str:
    """ "~1,500 tourist", "10 to 15 %"."""
    ends = [figure.value] if figure.high is None else [figure.value, figure.high]
    said = " to ".join(_number(value, plain=figure.kind == "date") for value in ends)
    return f"{'~' if figure.approximate else ''}{said} {figure.unit}".strip()


def _number(value: Decimal, *, plain: bool) -> str:
    short = value if value == value.to_integral_value() else value.quantize(_PLACES).normalize()
    return f"{short:f}" if plain else f"{short:,f}"


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(["", *padded]).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def _dicts(article: Article, sentence: Span, bounds: tuple[Bound, ...]) -> Iterator[dict[str, Any]]:
    text = sentence.of(article.body)
    for bound in bounds:
        figure, subject = bound.figure, bound.figure.subject
        yield {
            "text": figure.span.of(text),
            "start_char_index": sentence.start + figure.span.start,
            "end_char_index": sentence.start + figure.span.end,
            "sentence": [sentence.start, sentence.end],
            "value": f"{figure.value:f}",
            "high": None if figure.high is None else f"{figure.high:f}",
            "unit": figure.unit,
            "kind": figure.kind,
            "approximate": figure.approximate,
            "subject": subject and subject.of(text),
            "quantity": bound.quantity,
            "terms": sorted(bound.terms),
            "entities": [{"name": name, "role": role} for name, role in bound.entities],
            "period": bound.period,
            "part": bound.part,
            "qualifiers": sorted(bound.qualifiers),
            "speakers": sorted(bound.speakers),
            "why": bound.why,
        }
