"""The conversation and the sources: their components, empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from rag.types import Filters, Source
from ui.places import EXTRACTIVE
from ui.web.conversation import Answerer
from ui.web.examples import example_questions
from ui.web.filters import FilterParts, build_filters, describe
from ui.web.header import Mode
from ui.web.panels import scope_html, sends_html, tools_html, welcome_html
from ui.web.sources import library_html

MAX_QUESTION_CHARS = 4_000
EDITING = "Editing an earlier question: asking it replaces it and all that follows. Esc cancels."


@dataclass(frozen=True, slots=True)
class TalkParts:
    """The components that the handlers fill."""

    start: Any
    """Stands in the conversation's place before the first question."""
    chat: Any
    box: Any
    send: Any
    stop: Any
    again: Any
    """Starts a new conversation."""
    scope: Any
    """The line under the box."""
    at: Any
    """Number of the question that is asked anew; hidden, filled by the page's script."""
    wire: Any
    """What the page's script asks for; hidden."""
    deliver: Any
    """The button by which it is asked for; hidden."""
    parcel: Any
    """What the page's script is given; hidden."""
    pane: Any
    """The sources."""
    quoting: Any
    """Ticked when no model is to be asked; hidden where there is none."""
    run: Any
    """State: the name of the answer in the making."""
    asked: Any
    """State: the session's exchanges."""
    name: Any
    """State: the name of its conversation."""


def show_html(value: str, name: str) -> gr.Markdown:
    """Our HTML. gr.HTML would need a policy that lets strings run as code."""
    return gr.Markdown(
        value, sanitize_html=True, latex_delimiters=[], show_label=False, elem_id=name
    )


def build_talk(bot: Answerer, cards: Sequence[Source], mode: Mode) -> tuple[TalkParts, FilterParts]:
    """The two panes: the conversation with its box, and the sources.

    Args:
        bot: Knows the articles.
        cards: Its articles now.
        mode: How it answers.
    """
    with gr.Row(elem_id="panes"):
        with gr.Column(elem_id="talk"):
            start = _start(cards)
            chat = _chat()
            with gr.Column(elem_id="ask"):
                show_html(f'<p class="editing">{EDITING}</p>', "editing")
                box, send, stop = _box()
                quoting = _quoting(mode)
                filters, scope, again = _under(bot)
                at, wire, deliver, parcel = _hidden()
        with gr.Column(elem_id="source"):
            pane = show_html(library_html(cards), "pane")
    parts = TalkParts(
        start=start,
        chat=chat,
        box=box,
        send=send,
        stop=stop,
        again=again,
        scope=scope,
        at=at,
        wire=wire,
        deliver=deliver,
        parcel=parcel,
        pane=pane,
        quoting=quoting,
        run=gr.State(""),
        asked=gr.State(()),
        name=gr.State(""),
    )
    return parts, filters


def _start(cards: Sequence[Source]) -> Any:
    """What stands in the conversation before the first question."""
    with gr.Column(elem_id="start") as start:
        show_html(welcome_html(example_questions(cards)), "welcome")
    return start


def _chat() -> Any:
    """The conversation."""
    return gr.Chatbot(
        elem_id="conversation",
        show_label=False,
        label="Conversation",
        container=False,
        height=None,
        layout="bubble",
        buttons=[],
        feedback_options=None,
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        allow_file_downloads=False,
        group_consecutive_messages=False,
    )


def _box() -> tuple[Any, Any, Any]:
    """The question box and its two buttons, of which the style sheet shows one at a time."""
    with gr.Row(elem_id="box"):
        box = gr.Textbox(
            placeholder="Ask about these articles…",
            show_label=False,
            label="Question",
            container=False,
            autofocus=True,
            lines=1,
            max_lines=6,
            max_length=MAX_QUESTION_CHARS,
            elem_id="question",
        )
        send = gr.Button("Ask", variant="primary", elem_id="send", min_width=0)
        stop = gr.Button("Stop", elem_id="stop", min_width=0)
    return box, send, stop


def _quoting(mode: Mode) -> Any:
    """What a question sends to a model, and the switch that sends nothing."""
    with gr.Row(elem_id="model", visible=mode.name != EXTRACTIVE):
        show_html(sends_html(mode), "sends")
        return gr.Checkbox(label="Quote only", container=False, elem_id="quoting", min_width=0)


def _under(bot: Answerer) -> tuple[FilterParts, Any, Any]:
    """What stands under the box: what is searched, and what else can be opened."""
    with gr.Row(elem_id="under"):
        with gr.Accordion("Narrow", open=False, elem_id="narrow"):
            filters = build_filters(bot)
        scope = show_html(scope_html(None, describe(Filters())), "scope")
        show_html(tools_html(), "tools")
        again = gr.Button("New conversation", elem_id="again", min_width=0)
    return filters, scope, again


def _hidden() -> tuple[Any, Any, Any, Any]:
    """Where the page's script and its server exchange words; the style sheet hides them."""
    with gr.Column(elem_id="wires"):
        at = gr.Textbox(elem_id="at", label="Question asked anew", container=False)
        wire = gr.Textbox(elem_id="wire", label="Command", container=False)
        deliver = gr.Button("Deliver", elem_id="deliver")
        parcel = show_html("", "parcel")
    return at, wire, deliver, parcel
