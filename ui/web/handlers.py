"""What the reader does → new values of the page's components."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import gradio as gr

from rag import export
from rag.errors import QuestionError, RagError, UnknownArticleError
from rag.types import Article, Filters, Turn
from ui.web.answering import Answering
from ui.web.conversation import Exchange, messages, settled, turns
from ui.web.feedback import record_feedback
from ui.web.panels import scope_html
from ui.web.records import kept_html, parcel_html, read_records
from ui.web.sources import citations_of, library_html, sources_html
from ui.web.talk import TalkParts
from ui.web.underway import Growing, Underway, until_stopped

MAX_REASON_CHARS = 1_000

Values = dict[Any, Any]
"""New values by component; the others stay."""
Talk = tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """How the reader restricts a question."""

    components: Sequence[Any] = ()
    """In the order that `to_filters` takes their values."""
    to_filters: Callable[..., Filters] = Filters
    describe: Callable[[Filters], str] = lambda _: "All articles"


class Handlers:
    """The page's handlers. What is shared is the chatbot; a conversation lives in its session."""

    def __init__(
        self,
        answering: Answering,
        parts: TalkParts,
        *,
        home: Path | None = None,
        narrowing: Narrowing | None = None,
    ) -> None:
        """Of the components that they fill.

        Args:
            answering: Works on the questions.
            parts: The components.
            home: Folder that feedback is kept in; without one, none is.
            narrowing: How a question is restricted; by default it is not.
        """
        self._answering = answering
        self._bot = answering.bot
        self._parts = parts
        self._home = home
        self._narrowing = narrowing or Narrowing()
        self._numbers = count(1)
        self._underway = Underway()
        self._commands: dict[str, Callable[[Any, Talk], Values]] = {
            "open": self._open,
            "copy": self._copy,
            "export": self._export,
            "feedback": self._feedback,
        }

    def reply(
        self,
        question: str,
        asked: Talk,
        name: str,
        at: str,
        quoting: Any,
        *filtered: Any,
    ) -> Iterator[Values]:
        """The question at once, then its answer as it grows.

        Args:
            question: The reader's words.
            asked: The conversation so far.
            name: Of the conversation.
            at: Number of an earlier question: that one and all after it are replaced.
            quoting: Whether the articles are quoted only, and no model is asked.
            filtered: What the search is narrowed to.
        """
        if not question.strip() or (asked and asked[-1].working is not None):
            return  # the words stay in the box
        parts = self._parts
        before: Talk = asked
        if at.isdecimal() and 1 <= int(at) <= len(before):
            before = before[: int(at) - 1]
        name = name or uuid.uuid4().hex
        cleared = {parts.box: "", parts.at: "", parts.start: gr.update(visible=False)}
        filters, growing = self._growing(question, before, filtered, use_llm=not quoting)
        with self._underway.run() as run, closing(until_stopped(growing, run)) as coming:
            cleared[parts.run] = run.name
            for exchange in coming:
                shown = (*before, exchange)
                news = {parts.chat: messages(shown), parts.asked: shown, parts.name: name}
                if exchange.working is None:
                    news |= self._told(shown, filters)
                    news[parts.parcel] = kept_html(shown, name, self._number())
                yield {**cleared, **news}
                cleared = {}

    def stop(self, run: str) -> None:
        """Ends the answer in the making; what was shown of it stays, and so does its question."""
        self._underway.stop(run)

    def restart(self, run: str) -> Values:
        """An empty conversation."""
        self._underway.stop(run, wait=True)
        return {self._parts.name: "", self._parts.box: "", **self._shown(())}

    def narrow(self, *filtered: Any) -> str:
        """The line under the box, when the reader has narrowed the search."""
        try:
            return scope_html(None, self._narrowing.describe(self._narrowing.to_filters(*filtered)))
        except QuestionError as error:
            return scope_html(None, str(error))

    def open_sources(self, asked: Talk, event: gr.SelectData) -> Any:
        """The sources of the answer that was clicked in the conversation."""
        turn = event.index // 2 + 1 if isinstance(event.index, int) else 0
        if not 1 <= turn <= len(asked) or asked[turn - 1].answer is None:
            return gr.skip()
        return self._sources(asked, turn)

    def command(self, words: str, asked: Talk) -> Values:
        """What the page's script asks for, as JSON: `{"do": "copy", "turn": 2}`."""
        try:
            command = json.loads(words)
            return self._commands[command["do"]](command, settled(asked))
        except RagError as error:
            return self._say(str(error))
        except (ValueError, LookupError, TypeError, AttributeError):
            return self._say("That could not be done.")

    def _growing(
        self, question: str, before: Talk, filtered: Sequence[Any], *, use_llm: bool
    ) -> tuple[Filters, Growing]:
        try:
            filters = self._narrowing.to_filters(*filtered)
        except QuestionError as error:
            problem = Exchange(question, problem=str(error))
            return Filters(), (told for told in (problem,))
        return filters, self._answering.exchanges(question, before, filters, use_llm=use_llm)

    def _open(self, command: Any, _: Talk) -> Values:
        """A conversation that the browser kept."""
        exchanges = read_records(command["exchanges"])
        name, parts = str(command["talk"])[:64], self._parts
        if not exchanges:
            return {}
        # The box is left alone: a reader may have begun to write before the reload was through.
        opened = {parts.name: name, **self._shown(exchanges)}
        answered = [n for n, exchange in enumerate(exchanges, 1) if exchange.answer]
        if answered:
            opened[parts.pane] = self._sources(exchanges, answered[-1])
        return opened

    def _copy(self, command: Any, asked: Talk) -> Values:
        answer = _answer(asked, command["turn"])
        return self._parcel("copy", text=export.answer_markdown(answer))

    def _export(self, command: Any, asked: Talk) -> Values:
        answers = [exchange.answer for exchange in asked if exchange.answer]
        if not answers:
            return self._say("There is no answer to save yet.")
        made = export.export(answers, command["format"])
        return self._parcel("file", name=made.name, type=made.media_type, text=made.text)

    def _feedback(self, command: Any, asked: Talk) -> Values:
        turn, liked = command["turn"], command["liked"] is True
        answer = _answer(asked, turn)
        if self._home is None:
            return self._say("There is no folder to keep feedback in.")
        earlier: Sequence[Turn] = turns(asked[: turn - 1])
        reason = str(command.get("reason", ""))[:MAX_REASON_CHARS]
        record_feedback(self._home, answer, earlier, liked, reason)
        return self._parcel("rated", turn=turn, liked=liked)

    def _told(self, shown: Talk, filters: Filters) -> Values:
        """The sources and the line under the box, of a whole answer."""
        answer, parts = shown[-1].answer, self._parts
        told = {parts.scope: scope_html(answer, self._narrowing.describe(filters))}
        if answer is not None:
            told[parts.pane] = self._sources(shown, len(shown))
        return told

    def _shown(self, exchanges: Talk) -> Values:
        parts = self._parts
        return {
            parts.chat: messages(exchanges),
            parts.asked: exchanges,
            parts.at: "",
            parts.start: gr.update(visible=not exchanges),
            parts.scope: scope_html(None, self._narrowing.describe(Filters())),
            parts.pane: library_html(self._bot.articles()),
        }

    def _sources(self, asked: Talk, turn: int) -> str:
        answer = asked[turn - 1].answer
        if answer is None:
            return ""
        found: dict[str, Article] = {}
        for citation in citations_of(answer):
            with suppress(UnknownArticleError):  # removed since; its quotes are shown alone
                found[citation.source.article_id] = self._bot.article(citation.source.article_id)
        return sources_html(answer, found, turn)

    def _say(self, words: str) -> Values:
        return self._parcel("say", text=words[:1].upper() + words[1:])

    def _parcel(self, kind: str, **content: Any) -> Values:
        return {self._parts.parcel: parcel_html(kind, self._number(), **content)}

    def _number(self) -> int:
        return next(self._numbers)


def _answer(asked: Talk, turn: int) -> Any:
    """The answer of a turn, counted from 1.

    Raises:
        LookupError: There is none.
    """
    answer = asked[turn - 1].answer if turn >= 1 else None
    if answer is None:
        raise LookupError(turn)
    return answer
