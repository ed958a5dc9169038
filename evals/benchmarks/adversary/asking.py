"""Groups of questions → what each system showed, added to a file question by question."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from evals.benchmarks.adversary.questions import Group, Question
from evals.benchmarks.adversary.shown import Shown, System, of_answer, of_reply, read_shown, to_line
from evals.benchmarks.llm import LlmSettings
from evals.benchmarks.progress import Bars
from evals.benchmarks.wice import wice_scorer
from rag.checking.support import Scorer, find_support
from rag.config import Config
from rag.errors import RagError
from rag.splitting.sentences import split_sentences
from rag.types import Span

if TYPE_CHECKING:
    from evals.benchmarks.peer import Peer
    from rag.chatbot import Chatbot

_LED = re.compile(r".{1,250}?: “(.+)”$", re.DOTALL)
"""A quotation with its lead: "According to the Gazette: “…”"."""

Ask = Callable[[Question], Shown]


class Run:
    """A file of what was shown, and what is to be asked yet."""

    def __init__(
        self,
        path: Path,
        groups: Sequence[Group],
        config: Config,
        bars: Bars,
        *,
        peer: LlmSettings | None,
        n_peer: int | None = None,
    ) -> None:
        """Reads what is done.

        Args:
            path: The file; a run that was stopped goes on from it.
            groups: What to ask.
            config: Of Footnote: its model, and the folder that keeps the indexes.
            bars: Told how far it is.
            peer: Who words the engine's replies; None asks no engine.
            n_peer: Questions that the engine is asked, in an order by hashes, so that they are a
                fair sample of all.
        """
        self._path = path
        self._groups = groups
        self._config = config
        self._bars = bars
        self._peer = peer
        self._n_peer = n_peer
        self.errors: list[str] = []
        """Questions that could not be asked, and why; a next run asks them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._done = {(s.system, s.set, s.id): s for s in read_shown(path)}
        self._scorer: Scorer = wice_scorer(config.threads)
        self._n_asked = self._total = 0

    @property
    def shown(self) -> tuple[Shown, ...]:
        """All that is done, of this run and those before it."""
        wanted = {(q.set, q.id) for group in self._groups for q in group.questions}
        return tuple(s for s in self._done.values() if (s.set, s.id) in wanted)

    def ask(self) -> None:
        """Asks what is not done yet: Footnote everything, then the engine.

        One system after the other: the model's server keeps what it has read of the prompt before,
        and the prompts of one system begin alike.

        Raises:
            RagError: The articles cannot be indexed, or a package is missing.
            KeyboardInterrupt: It was stopped; the same call goes on from there.
        """
        ours = [(g, self._missing("footnote", g.questions)) for g in self._groups]
        theirs = self._missing("citing", self._sample()) if self._peer else []
        self._total = sum(len(questions) for _, questions in ours) + len(theirs)
        for group, questions in ours:
            if questions:
                with closing(_footnote(group, self._config, self._bars)) as bot:
                    self._record(questions, partial(_ask_footnote, bot, self._scorer))
        self._ask_engine(theirs)

    def _sample(self) -> list[Question]:
        every = [q for group in self._groups for q in group.questions]
        return sorted(every, key=lambda q: q.place)[: self._n_peer]

    def _ask_engine(self, questions: Sequence[Question]) -> None:
        if self._peer is None:
            return
        wanted = {question.set for question in questions}
        with ExitStack() as stack:
            peers: dict[str, Peer] = {}
            for group in self._groups:
                if sets := {q.set for q in group.questions} & wanted:
                    peer = _peer(group, self._config, self._bars, self._peer)
                    peers |= dict.fromkeys(sets, stack.enter_context(peer))
            self._record(questions, lambda q: _ask_engine(peers[q.set], self._scorer, q))

    def _missing(self, system: System, questions: Sequence[Question]) -> list[Question]:
        return [q for q in questions if (system, q.set, q.id) not in self._done]

    def _record(self, questions: Sequence[Question], ask: Ask) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            for question in questions:
                try:
                    shown = ask(question)
                except RagError as error:
                    self.errors.append(f"{question.set} {question.id}: {error}")
                    continue
                self._done[shown.system, shown.set, shown.id] = shown
                file.write(to_line(shown))
                file.flush()
                self._n_asked += 1
                self._bars("ask", self._n_asked, self._total)


def _footnote(group: Group, config: Config, bars: Bars) -> Chatbot:
    from rag.chatbot import Chatbot
    from rag.indexing.sync import sync
    from rag.models.embedding import load_embedder

    own = replace(config, home=config.home / group.name)
    sync(own.home, group.articles, scope=[], embedder=load_embedder(own), progress=bars)
    bot = Chatbot.open(config=own)
    bot.warm_up()
    return bot


def _ask_footnote(bot: Chatbot, scorer: Scorer, question: Question) -> Shown:
    answer = bot.ask(question.question)
    hits = bot.retrieve(answer.query, top_k=bot.config.rerank)
    read = [hit.passage.text for hit in hits]
    return judged(of_answer(question.set, question.id, answer, read), scorer)


def _peer(group: Group, config: Config, bars: Bars, llm: LlmSettings) -> Peer:
    from evals.benchmarks.peer import Peer
    from rag.models.embedding import load_embedder

    folder = config.home / f"{group.name}-peer"
    return Peer(group.articles, load_embedder(config), folder, bars, llm=llm, engines=("citing",))


def _ask_engine(peer: Peer, scorer: Scorer, question: Question) -> Shown:
    started = time.perf_counter()
    reply = peer.see(question.question).replies["citing"]
    shown = of_reply(question.set, question.id, reply, time.perf_counter() - started)
    return judged(shown, scorer)


def judged(shown: Shown, scorer: Scorer) -> Shown:
    """The same with a score for each sentence: how far all that it cites supports it, together."""
    scores = tuple(
        None if not said.marks else _support(said.text, said.cited, scorer)
        for said in shown.sentences
    )
    return replace(shown, scores=scores)


def _support(text: str, cited: Sequence[str], scorer: Scorer) -> float:
    led = _LED.match(text)
    if led and any(led[1] in one for one in cited):
        text = led[1]  # who says it stands in the article's card, not in its words
    sentences = [span.of(one) for one in cited for span in split_sentences(one, Span(0, len(one)))]
    return find_support(text, sentences, scorer).score if sentences else 0.0
