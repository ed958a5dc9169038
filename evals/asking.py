"""Suites and chatbots → records, several questions at a time; what is done is written at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from evals.cases import Case
from evals.ranking import TOP_K
from evals.records import Record, to_line
from evals.suite import Suite
from evals.usage import total
from rag.answer import Answer, Usage
from rag.errors import RagError
from rag.types import Article, Hit, Source, Turn

Progress = Callable[[str, int, int], None]
"""Told what is done, how much of it, and how much there is."""


class Asked(Protocol):
    """What is evaluated: the part of `rag.chatbot.Chatbot` that a run needs."""

    def ask(self, question: str, history: Sequence[Turn] = (), /) -> Answer:
        """The answer to the question."""

    def retrieve(self, question: str, /, *, top_k: int = 10) -> tuple[Hit, ...]:
        """The passages found for it, best first."""

    def article(self, article_id: str, /) -> Article:
        """The article of that id."""

    def articles(self) -> tuple[Source, ...]:
        """The sources of all indexed articles."""

    def versions(self) -> dict[str, str]:
        """The version of each, by its id."""


class Conversations:
    """Asks a case with the questions before it; a conversation that two cases share, once."""

    def __init__(self, bot: Asked) -> None:
        self._bot = bot
        self._turns: dict[tuple[str, ...], Turn] = {}
        self._lock = threading.Lock()

    def ask(self, case: Case) -> Answer:
        """The answer to the case's question, the earlier ones asked before it.

        Raises:
            RagError: It cannot be asked.
        """
        return self.ask_counted(case)[0]

    def ask_counted(self, case: Case) -> tuple[Answer, Usage | None]:
        """The answer, and all that a language model was asked for it, as `ask`.

        What an earlier question cost is counted once, for the case that it was asked for.
        """
        history: list[Turn] = []
        usages: list[Usage | None] = []
        for n, question in enumerate(case.history, start=1):
            asked = case.history[:n]
            with self._lock:
                turn = self._turns.get(asked)
            if turn is None:
                before = self._bot.ask(question, history)
                usages.append(before.usage)
                turn = before.turn
                with self._lock:
                    self._turns[asked] = turn
            history.append(turn)
        answer = self._bot.ask(case.question, history)
        return answer, total([*usages, answer.usage])


def ask_suites(
    suites: Sequence[tuple[Suite, Asked]],
    *,
    done: Iterable[Record],
    path: Path,
    jobs: int,
    progress: Progress,
    secret: str | None = None,
) -> tuple[Record, ...]:
    """Every case that is not done yet, asked and added to the run's file, which has a header.

    Args:
        suites: What to ask, and of whom.
        done: Records that the file has already.
        path: The run's file.
        jobs: Questions to ask at a time, at least 1.
        progress: Told how many of all cases are done.
        secret: A key that no record may have, should a server say it back.

    Raises:
        KeyboardInterrupt: It was stopped; the questions that were being asked are finished first.
        OSError: The file cannot be written.
    """
    records = {(record.suite, record.case.id): record for record in done}
    fields = {suite.name: suite.fields() for suite, _ in suites}
    total = sum(len(suite.cases) for suite, _ in suites)
    progress("eval", len(records), total)
    with path.open("a", encoding="utf-8") as file:
        for told in _asked(suites, frozenset(records), jobs):
            record = _without(secret, told) if secret else told
            records[record.suite, record.case.id] = record
            file.write(to_line(record, fields[record.suite][record.case.id]))
            file.flush()
            progress("eval", len(records), total)
    return tuple(records[suite.name, case.id] for suite, _ in suites for case in suite.cases)


def _asked(
    suites: Sequence[tuple[Suite, Asked]], done: frozenset[tuple[str, str]], jobs: int
) -> Iterator[Record]:
    """The records in the order in which they are finished."""
    talks = {suite.name: Conversations(bot) for suite, bot in suites}
    todo = [(s.name, case, bot) for s, bot in suites for case in s.cases]
    waiting = iter([one for one in todo if (one[0], one[1].id) not in done])
    running: set[Future[Record]] = set()
    with ThreadPoolExecutor(jobs) as pool:
        while True:
            # Only as many as can be asked are handed over: a stop then leaves little to finish.
            for name, case, bot in islice(waiting, jobs - len(running)):
                running.add(pool.submit(_ask, name, case, bot, talks[name]))
            if not running:
                return
            try:
                ended, running = wait(running, return_when=FIRST_COMPLETED)
            except KeyboardInterrupt:
                yield from (future.result() for future in running)
                raise
            yield from (future.result() for future in ended)


def _ask(suite: str, case: Case, bot: Asked, talk: Conversations) -> Record:
    try:
        answer, usage = talk.ask_counted(case)
        found = bot.retrieve(answer.query, top_k=TOP_K)
    except RagError as error:
        return Record(suite, case, None, error=str(error) or type(error).__name__)
    return Record(suite, case, answer, tuple(hit.passage.id for hit in found), usage=usage)


def _without(secret: str, record: Record) -> Record:
    """The record with dots for the key, wherever a server or model has put it."""
    if record.error is not None:
        return replace(record, error=record.error.replace(secret, "…"))
    told = json.dumps(record.answer.to_dict()) if record.answer is not None else ""
    written = json.dumps(secret)[1:-1]
    if written not in told:
        return record
    return replace(record, answer=Answer.from_dict(json.loads(told.replace(written, "…"))))
