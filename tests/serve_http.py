"""Footnote served on this machine for the tests: over a real index, or a stand-in that waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from browser.standin import StandIn

from rag.answer import Answer
from rag.chatbot import Chatbot
from rag.config import load_config
from rag.types import Filters, Hit, Turn
from ui.loopback import listen
from ui.pace import Pace
from ui.serve.desk import Desk, Librarian
from ui.serve.line import Bounds
from ui.serve.server import about, make_app, serving

JSON = {"content-type": "application/json"}


@contextmanager
def served(
    open_bot: Callable[[], Librarian], *, bounds: Bounds | None = None, pace: Pace | None = None
) -> Iterator[str]:
    """The address of a server over the chatbot, up until the block ends."""
    desk = Desk(open_bot, bounds)
    try:
        with serving(
            make_app(desk, about("1.2.3", lambda: 7), pace), listen("127.0.0.1", 0, default=-1)
        ) as address:
            desk.open()
            yield address
    finally:
        desk.close()


def opened(home: Path) -> Chatbot:
    """The chatbot over an index, ready."""
    bot = Chatbot.open(config=load_config(home=home, environ={}))
    bot.warm_up()
    return bot


def client(address: str) -> httpx.Client:
    """A client that no proxy variable diverts."""
    return httpx.Client(base_url=address, trust_env=False, timeout=60)


def events(text: str) -> list[dict]:
    """The JSON values of a stream that ended as it should."""
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


class Waiting(StandIn):
    """A stand-in whose answers wait until they are let go."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()
        self.closed = False

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        self.begun.release()
        assert self.go.wait(30)
        return super().ask(question, history, filters=filters, use_llm=use_llm)

    def search(
        self, question: str, *, top_k: int = 10, filters: Filters | None = None
    ) -> tuple[Hit, ...]:
        del question, top_k, filters
        return ()

    def close(self) -> None:
        self.closed = True


class Ready(Waiting):
    """A stand-in that answers at once."""

    def __init__(self) -> None:
        super().__init__()
        self.go.set()
