"""Whatever a language model's server does: an answer or a reason, in time, without the key."""

from __future__ import annotations

import inspect
import logging
import threading
import time
import traceback
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from llm_server import FAULTS, KEY, MODEL, LlmServer

from rag.answer import Answer
from rag.answering.dialogue import Message
from rag.chatbot import Chatbot
from rag.config import Config, LlmConfig
from rag.errors import LlmError
from rag.models.deadlines import Deadlines
from rag.models.llm import ChatModel, load_llm

BRIEF = Deadlines(connect=1, first=0.5, gap=0.4, total=2, pause=0.02, heartbeat=0.05)
LEEWAY = 3.0
"""Seconds that a busy machine may take beyond the deadline."""
ASKED = (Message("user", "What was trade worth in 2024?"),)
SCHEMA = {"type": "object", "properties": {"sentences": {"type": "array"}}}
EXPORTS = "What were India's exports to Azerbaijan worth in FY2024-25?"

REASONS = {
    "no reply": "timeout after 0.5 s",
    "refused connection": "no connection",
    "reset": "the connection broke",
    "429": "too many requests (429)",
    "429 insufficient_quota": "the account has no credit left (429)",
    "429 Retry-After 3600": "too many requests (429)",
    "401": "the key was refused (401)",
    "403": "access was refused (403)",
    "404": "no model of that name (404)",
    "400 context_length": "the question is too long for the model",
    "400 response_format": None,
    "408": "the server waited too long (408)",
    "500": "the server failed (500)",
    "503": "the server failed (503)",
    "200 and HTML": "the reply was no completion",
    "truncated JSON": "the reply was no completion",
    "bad JSON midway": "the reply was no completion",
    "no UTF-8 midway": "the reply was no completion",
    "choices empty": "the reply was no completion",
    "choices null": "the reply was no completion",
    "error body with 200": "the reply was no completion",
    "content null": "the model gave no text",
    "refusal": "the model gave no text",
    "content filter": "the server's content filter stopped it",
    "cut midway": "the reply was cut off",
    "no finish reason": "the reply was cut off",
    "error event": "the server broke off",
    "stall after the first token": "no further word for 0.4 s",
    "slow drip": "timeout after 2 s",
    "keep-alive only": "timeout after 0.5 s",
    "redirect to another host": "the server points elsewhere (307)",
    "finish reason length": "the reply reached its limit of 700 tokens",
    "endless output": "the reply reached its limit of 700 tokens",
    "empty body": "the reply was no completion",
    "one huge line": "the reply had no end",
    "endless reasoning": "timeout after 2 s",
    "unfinished thought": "the model gave no text",
}
"""What a reader is told of each fault; nothing where the second request is answered."""

each_fault = pytest.mark.parametrize("fault", FAULTS)


def model_of(server: LlmServer) -> ChatModel:
    settings = LlmConfig(
        model=MODEL, base_url=server.base_url, api_key=KEY, price_in="1", price_out="1"
    )
    model = load_llm(Config(llm=settings), deadlines=BRIEF)
    assert model is not None
    return model


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """What the first request loads is no part of any deadline, but of what a test waits for."""
    model = load_llm(Config(llm=LlmConfig(model=MODEL)))
    assert model is not None
    model.preload()


@pytest.fixture(autouse=True)
def _nothing_stays_and_nothing_tells(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    files = _open_files()
    yield
    assert "footnote-llm" not in {thread.name for thread in threading.enumerate()}
    assert _open_files() <= files
    logged = [record.getMessage() for record in caplog.get_records("call")]
    for text in [*logged, *capfd.readouterr()]:
        _assert_keyless(text)


def _open_files() -> int:
    """Sockets; none where the system does not tell."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        return 0
    return sum("socket" in str(link.readlink()) for link in folder.iterdir() if link.is_symlink())


def _assert_keyless(text: str) -> None:
    assert "canary" not in text
    assert KEY[-4:] not in text


def test_every_fault_has_its_reason() -> None:
    assert list(REASONS) == list(FAULTS)
    assert len(FAULTS) >= 26


@each_fault
def test_a_fault_ends_in_time_with_a_plain_reason(fault: str) -> None:
    with LlmServer([FAULTS[fault]]) as server:
        model = model_of(server)
        started = time.monotonic()
        talk, failure, pieces = model.dialogue(), None, []
        try:
            for piece in talk.stream(ASKED, schema=SCHEMA):
                pieces.append(piece)  # noqa: PERF402 - those before a failure count
        except LlmError as error:
            failure = error
        ended = time.monotonic()
        server.closed_after(ended)
        model.close()
    assert ended - started < BRIEF.total + LEEWAY
    assert len(server.requests) <= 2
    assert len(server.requests) <= talk.usage.requests <= 2
    assert server.strayed == []
    reason = REASONS[fault]
    if reason is None:
        assert (failure, "".join(pieces)) == (None, "Without a schema it works. [1]")
    else:
        assert str(failure) == reason
        _assert_keyless("".join(traceback.format_exception(failure)) + repr(vars(failure)))
        assert failure.too_long is (fault == "400 context_length")
    assert talk.usage.cost is None or talk.usage.cost > Decimal(0)


class Exchanged:
    """A model that is another one for each test, so that one chatbot is opened for all."""

    def __init__(self) -> None:
        self.now: ChatModel | None = None

    def preload(self) -> None:
        """What there is to load, `_loaded` has."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def bot(corpus_home: Path) -> Iterator[Chatbot]:
    if "llm" not in inspect.signature(Chatbot.open).parameters:
        pytest.skip("answers without a model")
    with Chatbot.open(home=corpus_home, llm=Exchanged()) as bot:
        bot.warm_up()
        yield bot


@pytest.fixture(scope="module")
def quoted(bot: Chatbot) -> Answer:
    return bot.ask(EXPORTS, use_llm=False)


@each_fault
def test_chatbot_answers_whatever_the_server_does(fault: str, bot: Chatbot, quoted: Answer) -> None:
    with LlmServer([FAULTS[fault]]) as server:
        bot._llm.now = model_of(server)
        started = time.monotonic()
        *_, answer = bot.stream(EXPORTS)
        ended = time.monotonic()
        server.closed_after(ended)
        bot._llm.now.close()
    assert ended - started < BRIEF.total + LEEWAY + 2 * quoted.seconds["total"]
    assert "$86.07 million" in quoted.text
    assert answer.text.startswith(quoted.text)
    assert answer.notice
    assert (REASONS[fault] or "") in answer.notice
    assert answer.usage is not None
    assert len(server.requests) <= answer.usage.requests <= 2
    _assert_keyless(repr(answer) + repr(bot) + repr(vars(bot)))
