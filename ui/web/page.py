"""The page: tabs, the conversation and its sources, wired to a chatbot."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import gradio as gr
from gradio.events import api

from rag.errors import RagError
from rag.types import Turn
from ui.places import MAX_OPEN
from ui.web.answering import Answering
from ui.web.conversation import Answerer
from ui.web.filters import describe, to_filters
from ui.web.handlers import Handlers, Narrowing
from ui.web.header import Mode, header_html
from ui.web.library import Hook, build_library
from ui.web.reports import build_reports
from ui.web.talk import TalkParts, build_talk, show_html

if TYPE_CHECKING:
    from rag.config import Config

MAX_WAITING = 64
"""Questions in the queue before the next one is told that the server is busy."""
MAX_SESSIONS = 500
"""Sessions whose state is kept; the one unused longest goes first. Each takes 0.3 MB, and every
call of a program opens one: with Gradio's 10,000 the memory would grow to 3 GB."""
MAX_HANDLED = 16
"""Other things that readers do at the same time: none of them takes long."""


@runtime_checkable
class Configured(Protocol):
    """A chatbot that knows its folder."""

    config: Config


def build_app(bot: Answerer, *, mode: Mode | None = None) -> gr.Blocks:
    """The chat page over a chatbot, not yet served.

    Args:
        bot: Answers the questions; it is not closed here. One with a `config` has a folder where
            feedback is kept and evaluations are found.
        mode: How the chatbot answers; by default as it says.
    """
    mode = mode or Mode(bot.mode, bot.host)
    home: Path | None = bot.config.home if isinstance(bot, Configured) else None
    answering = Answering(bot)
    cards = bot.articles()
    app = gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True, fill_height=True)
    with app:
        top = show_html(_header(bot, mode), "top")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"):
                parts, filters = build_talk(bot, cards, mode)
            with gr.Tab("Articles", id="articles"):
                header = Hook(partial(_header, bot, mode), [], [top])
                build_library(bot, changed=[header, filters.hook])
            if home is not None:
                with gr.Tab("Evals", id="evals"):
                    build_reports(home)
        narrowing = Narrowing(filters.components, to_filters, describe)
        _wire(Handlers(answering, parts, home=home, narrowing=narrowing), parts, narrowing)
        _offer(answering)
    app.queue(max_size=MAX_WAITING)
    app.state_session_capacity = MAX_SESSIONS
    return app


def _header(bot: Answerer, mode: Mode) -> str:
    return header_html(len(bot.articles()), mode)


def _wire(handlers: Handlers, parts: TalkParts, narrowing: Narrowing) -> None:
    asked, name = parts.asked, parts.name
    filled = [parts.chat, asked, name, parts.box, parts.at, parts.pane, parts.scope, parts.start]
    filled += [parts.parcel, parts.run]
    _on(
        [parts.box.submit, parts.send.click],
        handlers.reply,
        [parts.box, asked, name, parts.at, parts.quoting, *narrowing.components],
        filled,
        lane="answers",  # those that wait for a model leave the other handlers their places
    )
    _on([parts.stop.click], handlers.stop, [parts.run], [])
    _on([parts.again.click], handlers.restart, [parts.run], filled)
    _on([parts.chat.select], handlers.open_sources, [asked], [parts.pane])
    if narrowing.components:
        changes = [component.change for component in narrowing.components]
        _on(changes, handlers.narrow, list(narrowing.components), [parts.scope], mode="always_last")
    # Every command counts, also one that is given while another is carried out.
    _on([parts.deliver.click], handlers.command, [parts.wire, asked], filled, mode="multiple")


def _on(
    triggers: list[Any],
    handler: Any,
    inputs: list[Any],
    outputs: list[Any],
    *,
    mode: str = "once",
    lane: str = "page",
) -> Any:
    """A handler of the page itself, hidden from the API."""
    return gr.on(
        triggers,
        handler,
        inputs,
        outputs,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode=mode,
        concurrency_limit=MAX_OPEN if lane == "answers" else MAX_HANDLED,
        concurrency_id=lane,
    )


def _offer(answering: Answering) -> None:
    """The one handler that other programs may call."""

    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question from the articles, with citations to the exact words.

        Args:
            question: The question in words.
            history: Earlier questions of the same conversation, oldest first.

        Returns:
            The answer as in docs/json.md, without the files' paths.
        """
        try:
            answer = answering.ask(question, [Turn(q) for q in history or ()])
        except RagError as error:
            raise gr.Error(str(error)) from error
        reply = answer.to_dict()
        # gradio_client takes every object with a "path" for a file and tries to download it.
        for citation in (*reply["citations"], *(reply["refusal"] or {}).get("nearest", ())):
            del citation["path"]
        return reply

    api(ask, api_name="ask", concurrency_limit=answering.at_once)
