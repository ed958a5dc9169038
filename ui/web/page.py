"""The page: two panes, the conversation and its sources, wired to a chatbot."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Any

import gradio as gr
from gradio.events import api

from rag.errors import RagError, UnknownArticleError
from rag.types import Article, Source, Turn
from ui.web.conversation import Answerer, Exchange, messages, turns
from ui.web.examples import example_questions
from ui.web.panels import asked_as_html, welcome_html
from ui.web.sources import citations_of, library_html, sources_html

MAX_QUESTION_CHARS = 4_000
MAX_WAITING = 64
"""Questions in the queue before the next one is told that the server is busy."""
MAX_ANSWERED_AT_ONCE = 2
"""Answers worked on at the same time. Answering is bound by the processor."""
MAX_OPEN = 16
"""Questions of the page taken up at the same time; all but two wait for their turn."""

_FAILED = "Something went wrong on this machine while answering. The details are in Footnote's log."

logger = logging.getLogger(__name__)


def build_app(bot: Answerer) -> gr.Blocks:
    """The chat page over a chatbot, not yet served.

    Args:
        bot: Answers the questions; it is not closed here.
    """
    page = _Page(bot)
    cards = bot.articles()
    app = gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True, fill_height=True)
    with app:
        _html(_header(len(cards)), "top")
        asked = gr.State(())
        with gr.Row(elem_id="panes"):
            with gr.Column(elem_id="talk"):
                start, chips = _start(cards)
                chat = _chat()
                box, button, again, scope = _question()
            with gr.Column(elem_id="source"):
                source = _html(library_html(cards), "pane")
        outputs = [chat, asked, box, source, scope, start]
        replies = [
            _on(triggers, page.reply, [question, asked], outputs)
            for question, triggers in [
                (box, [box.submit, button.click]),
                *((chip, [chip.click]) for chip in chips),
            ]
        ]
        _on([again.click], page.restart, [], outputs, cancels=replies)
        _on([chat.select], page.open_sources, [asked], [source])
        api(page.ask, api_name="ask", concurrency_limit=MAX_ANSWERED_AT_ONCE)
    app.queue(max_size=MAX_WAITING)
    return app


class _Page:
    """The handlers. What is shared is the chatbot; a conversation lives in its browser session."""

    def __init__(self, bot: Answerer) -> None:
        self._bot = bot
        self._turn = BoundedSemaphore(MAX_ANSWERED_AT_ONCE)

    def reply(self, question: str, asked: tuple[Exchange, ...]) -> Iterator[tuple[Any, ...]]:
        """The question at once, then its answer, as values of the page's components."""
        skip = gr.skip()
        if not question.strip():
            yield skip, skip, skip, skip, skip, skip
            return
        pending = (*asked, Exchange(question))
        hidden = gr.update(visible=False)
        # The session keeps only finished exchanges, so that one broken off leaves nothing behind.
        yield messages(pending), skip, "", skip, skip, hidden
        done = (*asked, self._exchange(question, asked))
        source = self._sources(done, len(done)) if done[-1].answer else skip
        yield messages(done), done, skip, source, asked_as_html(done[-1].answer), hidden

    def restart(self) -> tuple[Any, ...]:
        """An empty conversation."""
        library = library_html(self._bot.articles())
        return [], (), "", library, asked_as_html(None), gr.update(visible=True)

    def open_sources(self, asked: tuple[Exchange, ...], event: gr.SelectData) -> Any:
        """The sources of the answer that was clicked in the conversation."""
        turn = event.index // 2 + 1 if isinstance(event.index, int) else 0
        if not 1 <= turn <= len(asked) or asked[turn - 1].answer is None:
            return gr.skip()
        return self._sources(asked, turn)

    def ask(self, question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question from the articles, with citations to the exact words.

        Args:
            question: The question in words.
            history: Earlier questions of the same conversation, oldest first.

        Returns:
            The answer as in docs/json.md, without the files' paths.
        """
        try:
            with self._turn:
                answer = self._bot.ask(question, [Turn(q) for q in history or ()])
        except RagError as error:
            raise gr.Error(str(error)) from error
        reply = answer.to_dict()
        # gradio_client takes every object with a "path" for a file and tries to download it.
        for citation in (*reply["citations"], *(reply["refusal"] or {}).get("nearest", ())):
            del citation["path"]
        return reply

    def _exchange(self, question: str, asked: Sequence[Exchange]) -> Exchange:
        try:
            with self._turn:
                return Exchange(question, self._bot.ask(question, turns(asked)))
        except RagError as error:
            return Exchange(question, problem=str(error))
        except Exception:  # the page's outermost handler: a bug must not empty it
            logger.exception("A question could not be answered")
            return Exchange(question, problem=_FAILED)

    def _sources(self, asked: Sequence[Exchange], turn: int) -> str:
        answer = asked[turn - 1].answer
        if answer is None:
            return ""
        found: dict[str, Article] = {}
        for citation in citations_of(answer):
            with suppress(UnknownArticleError):  # removed since; its quotes are shown alone
                found[citation.source.article_id] = self._bot.article(citation.source.article_id)
        return sources_html(answer, found, turn)


def _on(
    triggers: list[Any], handler: Any, inputs: list[Any], outputs: list[Any], **more: Any
) -> Any:
    """A handler of the page itself, hidden from the API."""
    return gr.on(
        triggers,
        handler,
        inputs,
        outputs,
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="once",
        concurrency_limit=MAX_OPEN,
        concurrency_id="page",
        **more,
    )


def _html(value: str, name: str) -> gr.Markdown:
    """Our HTML. gr.HTML would need a policy that lets strings run as code."""
    return gr.Markdown(
        value, sanitize_html=True, latex_delimiters=[], show_label=False, elem_id=name
    )


def _header(n_articles: int) -> str:
    noun = "article" if n_articles == 1 else "articles"
    return (
        '<div class="header"><b>Footnote<sup>1</sup></b>'
        f'<span class="mode">extractive · {n_articles:,} {noun} · on this machine</span></div>'
    )


def _start(cards: Sequence[Source]) -> tuple[gr.Column, list[gr.Button]]:
    """What stands in the conversation before the first question."""
    with gr.Column(elem_id="start") as start:
        _html(welcome_html(), "welcome")
        with gr.Row(elem_id="chips"):
            chips = [
                gr.Button(question, elem_classes="chip", min_width=0)
                for question in example_questions(cards)
            ]
    return start, chips


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="conversation",
        show_label=False,
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


def _question() -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Markdown]:
    with gr.Column(elem_id="ask"):
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
            button = gr.Button("Ask", variant="primary", elem_id="send", min_width=0)
        with gr.Row(elem_id="under"):
            scope = _html(asked_as_html(None), "scope")
            again = gr.Button("New conversation", elem_id="again", min_width=0)
    return box, button, again, scope
