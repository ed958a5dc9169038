"""The Articles tab: find, read, add and remove articles, wired to a chatbot and its index."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast

import gradio as gr
from gradio.context import Context

from rag.corpus import Progress
from rag.errors import RagError
from rag.types import Article, Source
from ui.web.filters import Hook
from ui.web.library_view import Stock, build_stock, row_components, row_updates
from ui.web.listing import count_html, find, note_html, outcomes_html, page_of, working_html
from ui.web.reader import article_html, count_figures, figures_of, nothing_open_html
from ui.web.shelf import Indexed, Removed, Shelf
from ui.web.uploads import MAX_PASTE_CHARS, Upload, pasted
from ui.web.working import taken, worked

__all__ = ["Hook", "Librarian", "LibraryParts", "build_library"]


class Librarian(Protocol):
    """What the tab needs of a chatbot. One that has a `config` too can change its articles."""

    def articles(self) -> tuple[Source, ...]:
        """Every article's card."""
        ...

    def article(self, article_id: str) -> Article:
        """One article as read."""
        ...


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """The tab, built."""

    stock: Stock
    refresh: Callable[..., Any]
    """Brings the list up to date: from the search's words and the page's number."""


def build_library(bot: Librarian, *, changed: Sequence[Hook] = ()) -> LibraryParts:
    """The Articles tab's content, in the tab's context.

    Args:
        bot: Knows the articles; one without a `config` has them for reading only.
        changed: What else to bring up to date after articles were added or removed.
    """
    tab, root = Context.block, Context.root_block
    shelf = Shelf(cast("Indexed", bot)) if hasattr(bot, "config") else None
    library = _Library(bot, shelf)
    stock = build_stock(can_change=shelf is not None)
    shown, number, removed = gr.State(()), gr.State(0), gr.State(None)
    listed = [shown, number, stock.count, stock.previous, stock.following, *row_components(stock)]
    at = [stock.search, number, shown]
    # The list is filled when the tab is first opened: to count figures takes a moment.
    opening = tab.select if isinstance(tab, gr.Tab) else root.load if root else None
    if opening is not None:
        _private(opening, library.listed, at, listed)
    _private(stock.search.change, library.found, [stock.search, shown], listed, "always_last")
    _private(stock.previous.click, library.newer, at, listed)
    _private(stock.following.click, library.older, at, listed)
    opened = [row.opened.click for row in stock.rows]
    _private(opened, library.opened, [shown], [stock.reader])
    _private(stock.back.click, nothing_open_html, [], [stock.reader])
    for change in _changes(library, stock, shown, removed):
        _private(change.then, library.listed, at, listed)
        for hook in changed:
            _private(change.then, hook.refresh, list(hook.inputs), list(hook.outputs))
    return LibraryParts(stock, library.listed)


class _Library:
    """The handlers. What a session has removed lives in its own state, to be undone there."""

    def __init__(self, bot: Librarian, shelf: Shelf | None) -> None:
        self._bot = bot
        self._shelf = shelf
        self._counted = lru_cache(maxsize=5_000)(self._count)

    def listed(self, words: str, number: int, shown: Sequence[str]) -> list[Any]:
        """The list's page, as values of its components."""
        cards = self._bot.articles()
        versions: dict[str, str] = getattr(self._bot, "versions", dict)()
        page = page_of(find(cards, words), number)
        rows = row_updates(
            page, lambda c: self._counted(c.article_id, versions.get(c.article_id)), shown
        )
        several = page.n_pages > 1
        previous = gr.update(visible=several, interactive=page.number > 0)
        following = gr.update(visible=several, interactive=page.number + 1 < page.n_pages)
        ids = tuple(card.article_id for card in page.cards)
        return [ids, page.number, count_html(page, len(cards)), previous, following, *rows]

    def found(self, words: str, shown: Sequence[str]) -> list[Any]:
        """The first page of what is looked for."""
        return self.listed(words, 0, shown)

    def newer(self, words: str, number: int, shown: Sequence[str]) -> list[Any]:
        """The page before."""
        return self.listed(words, number - 1, shown)

    def older(self, words: str, number: int, shown: Sequence[str]) -> list[Any]:
        """The page after."""
        return self.listed(words, number + 1, shown)

    def opened(self, shown: Sequence[str], event: gr.EventData) -> str:
        """The article whose title was clicked, to be read."""
        name = getattr(event.target, "elem_id", None) or "open-0"
        n = int(name.removeprefix("open-"))
        try:
            article = self._bot.article(shown[n])
        except (IndexError, RagError):
            return note_html("this article is no longer indexed", "problem")
        return article_html(article, figures_of(article))

    def add_files(self, paths: Sequence[str] | None) -> Iterator[list[Any]]:
        """Files as the browser has sent them → lines about each, and an empty place to drop."""
        uploads = [taken(Path(path)) for path in paths or ()]
        for told in self._add(uploads, ()):
            yield [*told, None]

    def add_text(self, text: str, title: str, outlet: str, published: str) -> Iterator[list[Any]]:
        """A pasted text → a line about it, and empty fields when it was added."""
        if len(text) > MAX_PASTE_CHARS:
            words = f"a text of more than {MAX_PASTE_CHARS:,} characters: save it as a file instead"
            yield [note_html(words, "problem"), *[gr.skip()] * 4]
            return
        upload = pasted(text, title=title, outlet=outlet, published=published)
        yield from self._add([upload], ["", "", "", ""])

    def remove(self, shown: Sequence[str], *picked: bool) -> Iterator[list[Any]]:
        """The selected articles → a line, what undoing it needs, and the button to do so."""
        ids = [name for name, is_picked in zip(shown, picked, strict=False) if is_picked]
        shelf = self._shelf
        if not ids or shelf is None:
            yield [note_html("select the articles to remove first"), gr.skip(), gr.skip()]
            return
        for told in worked(lambda progress: shelf.remove(ids, progress)):
            if isinstance(told, Removed):
                n = f"{len(ids)} articles" if len(ids) > 1 else f"“{told.articles[0].source.title}”"
                yield [note_html(f"removed {n}"), told, gr.update(visible=True)]
            else:
                yield [told, gr.skip(), gr.skip()]

    def undo(self, removed: Removed | None) -> Iterator[list[Any]]:
        """What was removed last → a line, and nothing left to undo."""
        shelf = self._shelf
        if removed is None or shelf is None:
            yield [note_html("there is nothing to undo"), gr.skip(), gr.update(visible=False)]
            return

        def restore(progress: Progress) -> bool:
            shelf.restore(removed, progress)
            return True

        for told in worked(restore):
            if told is True:
                n = len(removed.articles)
                words = f"restored {n} articles" if n > 1 else "restored the article"
                yield [note_html(words), None, gr.update(visible=False)]
            else:
                yield [told, gr.skip(), gr.skip()]

    def _add(self, uploads: Sequence[Upload], emptied: Sequence[Any]) -> Iterator[list[Any]]:
        shelf, kept = self._shelf, [gr.skip() for _ in emptied]
        if not uploads or shelf is None:
            yield [gr.skip(), *kept]
            return
        yield [working_html("Reading"), *kept]
        for told in worked(lambda progress: shelf.add(uploads, progress)):
            if isinstance(told, list):
                took = any(outcome.state != "refused" for outcome in told)
                yield [outcomes_html(told), *(emptied if took else kept)]
            else:
                yield [told, *kept]

    def _count(self, article_id: str, _version: str | None) -> int:
        with suppress(RagError):
            return count_figures(self._bot.article(article_id))
        return 0


def _changes(library: _Library, stock: Stock, shown: gr.State, removed: gr.State) -> list[Any]:
    """The events that change the index; Gradio runs one of them at a time, in all sessions."""
    adding, undone = stock.adding, [stock.outcome, removed, stock.undo]
    if adding is None:
        return []
    fields = [adding.text, adding.title, adding.outlet, adding.published]
    picked = [shown, *(row.picked for row in stock.rows)]
    wired = (
        (adding.drop.upload, library.add_files, [adding.drop], [stock.outcome, adding.drop]),
        (adding.add.click, library.add_text, fields, [stock.outcome, *fields]),
        (stock.remove.click, library.remove, picked, undone),
        (stock.undo.click, library.undo, [removed], undone),
    )
    limits: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "index"}
    return [_private(event, fn, ins, outs, **limits) for event, fn, ins, outs in wired]


def _private(
    events: Any, fn: Any, inputs: list[Any], outputs: list[Any], mode: str = "once", **more: Any
) -> Any:
    """A handler of the page itself, hidden from the API."""
    settings = {"api_visibility": "private", "show_progress": "hidden", "trigger_mode": mode}
    if isinstance(events, list):
        return gr.on(events, fn, inputs, outputs, **settings, **more)
    return events(fn, inputs, outputs, **settings, **more)
