"""What the reader restricts a question to: components under the question box → `Filters`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import gradio as gr

from rag.errors import QuestionError
from rag.types import Filters, Source
from ui.web.listing import label
from ui.web.marking import byline

MAX_CHOICES = 2_000
"""Articles that can be picked from a list; of more, the newest."""

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")  # "2025", "2025-05", "2025-05-20"


class Cards(Protocol):
    """What the filters need of a chatbot."""

    def articles(self) -> tuple[Source, ...]:
        """Every article's card."""
        ...


@dataclass(frozen=True, slots=True)
class Hook:
    """Components that a change of the articles makes stale, and what brings them up to date."""

    refresh: Callable[..., Any]
    """Takes the inputs' values, gives the outputs'."""
    inputs: Sequence[Any]
    outputs: Sequence[Any]


@dataclass(frozen=True, slots=True)
class FilterParts:
    """The filters on the page."""

    components: list[Any]
    """Outlets, articles, since, until: in the order that `to_filters` takes their values."""
    hook: Hook
    """Brings the choices up to date."""


def build_filters(bot: Cards) -> FilterParts:
    """The filters' components, in the context where it is called.

    Args:
        bot: Knows the articles.
    """
    cards = bot.articles()
    with gr.Column(elem_id="filters"):
        outlets = gr.Dropdown(
            outlet_choices(cards), label="Outlets", multiselect=True, value=[], elem_id="outlets"
        )
        articles = gr.Dropdown(
            article_choices(cards), label="Articles", multiselect=True, value=[], elem_id="picked"
        )
        with gr.Row(elem_id="dates"):
            since = _day("Published since", "since")
            until = _day("Published until", "until")
    picks = [outlets, articles]

    def refresh(named: list[str] | None, picked: list[str] | None) -> list[Any]:
        return refreshed(bot.articles(), named or [], picked or [])

    return FilterParts([*picks, since, until], Hook(refresh, picks, picks))


def to_filters(
    outlets: Sequence[str] | None,
    articles: Sequence[str] | None,
    since: str | None,
    until: str | None,
) -> Filters:
    """The filters that the components' values stand for.

    >>> given = to_filters(["Post"], [], "2025-05", "2025")
    >>> given.outlets, str(given.since), str(given.until)
    (('Post',), '2025-05-01', '2025-12-31')

    Raises:
        QuestionError: A date is none, or the last one is before the first one.
    """
    first, last = _first(since, "since"), _last(until, "until")
    if first and last and last < first:
        raise QuestionError(
            f"no day is both since {first} and until {last}; exchange or remove one of the dates"
        )
    return Filters(tuple(outlets or ()), tuple(articles or ()), first, last)


def describe(filters: Filters) -> str:
    """The filters in a line of plain words.

    >>> describe(Filters()), describe(Filters(outlets=("a", "b"), since=date(2025, 5, 1)))
    ('All outlets · any date', '2 outlets · since 1 May 2025')
    """
    outlets = _counted(len(filters.outlets), "outlet") if filters.outlets else ""
    articles = _counted(len(filters.articles), "article") if filters.articles else ""
    since = f"since {_words(filters.since)}" if filters.since else ""
    until = f"until {_words(filters.until)}" if filters.until else ""
    dates = " ".join(part for part in (since, until) if part)
    if not (outlets or articles):
        outlets = "All outlets"
    if not (dates or filters.articles):
        dates = "" if filters.outlets else "any date"
    return " · ".join(part for part in (outlets, articles, dates) if part)


def outlet_choices(cards: Sequence[Source]) -> list[tuple[str, str]]:
    """The outlets by name, each with its number of articles."""
    counts: dict[str, tuple[str, int]] = {}
    for card in cards:
        if card.outlet:
            name, n = counts.get(card.outlet.casefold(), (card.outlet, 0))
            counts[card.outlet.casefold()] = (name, n + 1)
    return [(f"{_plain(name)} ({n:,})", name) for _, (name, n) in sorted(counts.items())]


def article_choices(cards: Sequence[Source]) -> list[tuple[str, str]]:
    """The articles, newest first, by title with outlet and date."""
    newest = sorted(cards, key=lambda card: card.published or date.min, reverse=True)
    return [
        (f"{label(card)} · {_plain(byline(card))}", card.article_id)
        for card in newest[:MAX_CHOICES]
    ]


def refreshed(
    cards: Sequence[Source], outlets: Sequence[str], articles: Sequence[str]
) -> list[Any]:
    """New choices; what is picked and still there stays picked."""
    updates = []
    for choices, picked in ((outlet_choices(cards), outlets), (article_choices(cards), articles)):
        left = {value for _, value in choices}
        updates.append(gr.update(choices=choices, value=[p for p in picked if p in left]))
    return updates


def _day(words: str, name: str) -> gr.Textbox:
    return gr.Textbox(label=words, placeholder="2025-05-20", max_length=10, elem_id=name)


def _first(text: str | None, name: str) -> date | None:
    if (read := _read(text, name)) is None:
        return None
    year, month, day = read
    return _date(year, month or 1, day or 1, text, name)


def _last(text: str | None, name: str) -> date | None:
    """The last day of a year or month, where no day is given."""
    if (read := _read(text, name)) is None:
        return None
    year, month, day = read
    if day is not None:
        return _date(year, month or 0, day, text, name)
    if month in {None, 12}:
        return _date(year, 12, 31, text, name)
    following = _date(year, (month or 0) + 1, 1, text, name)
    return date.fromordinal(following.toordinal() - 1)


def _read(text: str | None, name: str) -> tuple[int, int | None, int | None] | None:
    if not (text or "").strip():
        return None
    found = _DATE.fullmatch((text or "").strip())
    if found is None or "0" in {part.lstrip("0") or "0" for part in found.groups() if part}:
        raise _no_date(text, name)
    year, month, day = (int(part) if part else None for part in found.groups())
    return year or 0, month, day


def _date(year: int, month: int, day: int, text: str | None, name: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _no_date(text, name) from error


def _no_date(text: str | None, name: str) -> QuestionError:
    return QuestionError(
        f"published {name} {text!r}: no date; write it as 2025-05-20, 2025-05 or 2025"
    )


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _plain(text: str) -> str:
    return " ".join("".join(s if s.isprintable() else " " for s in text).split())
