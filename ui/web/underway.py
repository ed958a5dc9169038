"""Answers in the making, each with a name by which its reader can have it stopped."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from ui.web.conversation import Exchange, settled

Growing = Generator[Exchange, None, None]

STOP_SECONDS = 3.0
"""How long it is waited for an answer to end: it is told to at its next step."""


@dataclass(frozen=True, slots=True)
class Run:
    """An answer in the making."""

    name: str
    stopped: threading.Event = field(default_factory=threading.Event)
    """Set when it is to end."""
    ended: threading.Event = field(default_factory=threading.Event)


class Underway:
    """Those of the whole page.

    An answer ends itself, and says last what became of it. Were it cancelled from outside, as
    Gradio can, a step that is on its way would be shown after the news that it was stopped.
    """

    def __init__(self) -> None:
        """None."""
        self._runs: dict[str, Run] = {}

    @contextmanager
    def run(self) -> Iterator[Run]:
        """A new one, for as long as the block runs."""
        run = Run(uuid.uuid4().hex)
        self._runs[run.name] = run
        try:
            yield run
        finally:
            del self._runs[run.name]
            run.ended.set()

    def stop(self, name: str, *, wait: bool = False) -> None:
        """Has one end soon.

        Args:
            name: Its name; one that has ended already is none.
            wait: Whether to return when it has ended, and all that it says is said.
        """
        run = self._runs.get(name)
        if run is not None:
            run.stopped.set()
            if wait:
                run.ended.wait(STOP_SECONDS)


def until_stopped(growing: Growing, run: Run) -> Growing:
    """The exchange as it grows; once the run is to be stopped, what there is of it."""
    with closing(growing):
        for exchange in growing:
            if run.stopped.is_set() and exchange.working is not None:
                growing.close()  # at once, not when this has been shown
                yield from settled((exchange,))
                return
            yield exchange
