"""Article cards → the Articles tab's list: search, pages, lines about what was added or removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.types import Source
from ui.web.escaping import escape
from ui.web.marking import byline
from ui.web.shelf import Outcome

PAGE = 20
"""Articles shown at once: a thousand rows would freeze the page."""
MAX_OUTCOMES = 60
"""Lines about files that were added at once."""
MAX_LABEL_CHARS = 160
"""Of a title on a button."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list."""

    cards: tuple[Source, ...]
    number: int
    """From 0."""
    n_pages: int
    n_found: int
    """In all pages."""


def find(cards: Sequence[Source], words: str) -> tuple[Source, ...]:
    """The cards whose title, outlet or author has every word, newest first, undated ones last."""
    wanted = words.casefold().split()
    found = [card for card in cards if all(word in _searched(card) for word in wanted)]
    found.sort(key=lambda card: (card.title.casefold(), card.article_id))
    found.sort(key=lambda card: card.published.toordinal() if card.published else 0, reverse=True)
    return tuple(found)


def page_of(cards: Sequence[Source], number: int) -> Page:
    """A page of the cards; the nearest one where there is no such page."""
    n_pages = max(1, -(-len(cards) // PAGE))
    number = min(max(number, 0), n_pages - 1)
    shown = tuple(cards[number * PAGE : (number + 1) * PAGE])
    return Page(shown, number, n_pages, len(cards))


def label(card: Source) -> str:
    """The title as plain words on one line, for a button. Not HTML."""
    line = "".join(sign if sign.isprintable() else " " for sign in card.title)
    line = " ".join(line.split()) or "Untitled"
    return line if len(line) <= MAX_LABEL_CHARS else line[: MAX_LABEL_CHARS - 1].rstrip() + "…"


def meta_html(card: Source, n_figures: int) -> str:
    """The line under a title: outlet, date, figures."""
    counted = "no figures" if not n_figures else f"{n_figures:,} figure{'s'[: n_figures > 1]}"
    return f'<p class="meta">{escape(byline(card))} · {counted}</p>'


def count_html(page: Page, n_all: int) -> str:
    """How much is shown of how much there is."""
    if not n_all:
        words = "No articles yet. Add some above, or run <b>footnote index PATH</b>."
    elif not page.n_found:
        words = "No article has these words in its title or outlet."
    else:
        first = page.number * PAGE + 1
        last = first + len(page.cards) - 1
        shown = f"{first:,}–{last:,} of " if page.n_pages > 1 else ""
        found = f"{page.n_found:,} {'article' if page.n_found == 1 else 'articles'}"
        words = f"{shown}{found}" + ("" if page.n_found == n_all else f" found, {n_all:,} in all")
    return f'<p class="meta">{words}</p>'


def outcomes_html(outcomes: Sequence[Outcome]) -> str:
    """A line a file: what became of it, its name, its title or why it was refused."""
    rows = "".join(
        f'<li class="{outcome.state}"><b>{outcome.state}</b> '
        f'<span class="file">{escape(_short(outcome.name))}</span> '
        f"<span>{escape(_short(outcome.detail))}</span></li>"
        for outcome in outcomes[:MAX_OUTCOMES]
    )
    left = len(outcomes) - MAX_OUTCOMES
    more = f'<li class="refused"><b>and</b> <span>{left:,} more</span></li>' if left > 0 else ""
    return f'<ul class="outcomes">{rows}{more}</ul>' if rows else ""


def working_html(words: str, done: int = 0, total: int = 0) -> str:
    """A line about work that goes on."""
    counted = f" · {done:,} of {total:,}" if total else ""
    return f'<p class="working">{escape(words)}{counted}</p>'


def note_html(words: str, kind: str = "note") -> str:
    """A line about what was done, or could not be."""
    return f'<p class="{kind}">{escape(words[:1].upper() + words[1:])}</p>' if words else ""


def _short(text: str) -> str:
    return text if len(text) <= 2 * MAX_LABEL_CHARS else text[: 2 * MAX_LABEL_CHARS] + "…"


def _searched(card: Source) -> str:
    return " ".join((card.title, card.outlet or "", card.author or "")).casefold()
