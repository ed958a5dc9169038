"""The components of the Articles tab, not yet wired: the list, and the reader beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.types import Source
from ui.web.listing import PAGE, Page, label, meta_html
from ui.web.reader import nothing_open_html
from ui.web.uploads import MAX_FILE_BYTES, MAX_FILES, MAX_PASTE_CHARS


@dataclass(frozen=True, slots=True)
class Row:
    """An article in the list."""

    box: gr.Row
    picked: gr.Checkbox
    opened: gr.Button
    meta: gr.Markdown


@dataclass(frozen=True, slots=True)
class Adding:
    """Where articles are added."""

    drop: gr.File
    title: gr.Textbox
    outlet: gr.Textbox
    published: gr.Textbox
    text: gr.Textbox
    add: gr.Button


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything on the tab."""

    search: gr.Textbox
    adding: Adding | None
    """None where the articles can only be read."""
    outcome: gr.Markdown
    undo: gr.Button
    count: gr.Markdown
    rows: tuple[Row, ...]
    previous: gr.Button
    following: gr.Button
    remove: gr.Button
    reader: gr.Markdown
    back: gr.Button


def build_stock(*, can_change: bool) -> Stock:
    """The tab's components, in the context where it is called.

    Args:
        can_change: Whether articles can be added and removed.
    """
    with gr.Row(elem_id="library"):
        with gr.Column(elem_id="stock"):
            search = gr.Textbox(
                placeholder="Find by title, outlet or author…",
                show_label=False,
                label="Find articles",
                container=False,
                max_length=200,
                elem_id="find",
            )
            adding = _adding() if can_change else None
            outcome = markdown("", "outcome")
            undo = gr.Button("Undo", visible=False, elem_id="undo", min_width=0)
            with gr.Row(elem_id="tally"):
                count = markdown("", "count")
                remove = gr.Button(
                    "Remove selected", visible=can_change, elem_id="remove", min_width=0
                )
            rows = tuple(_row(n, can_change=can_change) for n in range(PAGE))
            with gr.Row(elem_id="pager"):
                previous = gr.Button("\u2039 newer", visible=False, elem_id="newer", min_width=0)
                following = gr.Button("older \u203a", visible=False, elem_id="older", min_width=0)
        with gr.Column(elem_id="opened"):
            back = gr.Button("\u2039 All articles", elem_id="back", min_width=0)
            reader = markdown(nothing_open_html(), "reader")
    return Stock(
        search, adding, outcome, undo, count, rows, previous, following, remove, reader, back
    )


def row_components(stock: Stock) -> list[Any]:
    """What `row_updates` gives values for."""
    return [part for row in stock.rows for part in (row.box, row.picked, row.opened, row.meta)]


def row_updates(page: Page, count: Callable[[Source], int], shown: Sequence[str] = ()) -> list[Any]:
    """The page's articles as values of the rows; the rows that are left over are hidden.

    Args:
        page: What to show.
        count: Tells how many figures an article has.
        shown: Ids of what the rows show now. A row that goes on showing its article stays selected.
    """
    updates: list[Any] = []
    for n, card in enumerate(page.cards):
        title = label(card)
        picked = gr.update(label=f"Select {title}")
        if list(shown[n : n + 1]) != [card.article_id]:
            picked["value"] = False
        updates += [
            gr.update(visible=True),
            picked,
            gr.update(value=title),
            meta_html(card, count(card)),
        ]
    for _ in range(PAGE - len(page.cards)):
        updates += [gr.update(visible=False), gr.update(value=False), gr.skip(), gr.skip()]
    return updates


def markdown(value: str, name: str | None = None, classes: Sequence[str] = ()) -> gr.Markdown:
    """Our HTML. gr.HTML would need a policy that lets strings run as code."""
    return gr.Markdown(
        value,
        sanitize_html=True,
        latex_delimiters=[],
        show_label=False,
        elem_id=name,
        elem_classes=list(classes),
    )


def _row(n: int, *, can_change: bool) -> Row:
    with gr.Row(visible=False, elem_classes="entry") as box:
        picked = gr.Checkbox(
            label="Select",
            container=False,
            visible=can_change,
            min_width=0,
            scale=0,
            elem_classes="picked",
        )
        with gr.Column(min_width=0, elem_classes="about"):
            opened = gr.Button("", elem_id=f"open-{n}", elem_classes="title", min_width=0)
            meta = markdown("", classes=["under"])
    return Row(box, picked, opened, meta)


def _adding() -> Adding:
    with gr.Accordion("Add articles", open=False, elem_id="add"):
        drop = gr.File(
            label=f"Drop .md or .txt files here, up to {MAX_FILES} of {MAX_FILE_BYTES // 10**6} MB",
            file_count="multiple",
            show_label=True,
            height=110,
            elem_id="drop",
        )
        with gr.Accordion("or paste a text", open=False, elem_id="paste"):
            text = gr.Textbox(
                label="Text",
                lines=6,
                max_lines=12,
                # One more than is taken, so that a longer text is refused and not cut in silence.
                max_length=MAX_PASTE_CHARS + 1,
                elem_id="paste-text",
            )
            title = gr.Textbox(label="Title", max_length=300, elem_id="paste-title")
            with gr.Row(elem_id="paste-facts"):
                outlet = gr.Textbox(label="Outlet", max_length=100, min_width=0)
                published = gr.Textbox(
                    label="Date", placeholder="2025-05-20", max_length=10, min_width=0
                )
            add = gr.Button("Add this text", elem_id="paste-add", min_width=0)
    return Adding(drop, title, outlet, published, text, add)
