"""The client of a language model: what it sends, what it gives, what it never shows."""

from __future__ import annotations

import gc
import gzip
import logging
import pickle
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from llm_server import FAULTS, KEY, MODEL, Exchange, LlmServer, Script, reply

from rag.answering.dialogue import Message
from rag.config import Config, LlmConfig
from rag.errors import LlmError
from rag.models.breaker import Breaker
from rag.models.deadlines import Deadlines
from rag.models.llm import ChatModel, load_llm
from rag.models.thoughts import Thoughts

QUICK = Deadlines(connect=5, first=5, gap=5, total=20, pause=0.01, heartbeat=0.02)
ASKED = (Message("system", "Answer from the passages."), Message("user", "What was trade worth?"))
SAID = "Trade was worth $1 billion in 2024. [1]"
SCHEMA = {"type": "object", "properties": {"sentences": {"type": "array"}}}


def model_of(server: LlmServer, deadlines: Deadlines = QUICK, **changes: Any) -> ChatModel:
    settings = {"model": MODEL, "base_url": server.base_url, "api_key": KEY, **changes}
    model = load_llm(Config(llm=LlmConfig(**settings)), deadlines=deadlines)
    assert model is not None
    return model


@pytest.fixture(autouse=True)
def _no_thread_stays() -> Iterator[None]:
    yield
    assert "footnote-llm" not in {thread.name for thread in threading.enumerate()}


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """What the first request loads is no part of any deadline, but of what a test waits for."""
    model = load_llm(Config(llm=LlmConfig(model=MODEL)))
    assert model is not None
    model.preload()


def told(script: Script | str, **changes: Any) -> str:
    with LlmServer(script) as server:
        model = model_of(server, **changes)
        try:
            return "".join(model.dialogue().stream(ASKED))
        finally:
            model.close()


# What is sent


def test_without_a_model_there_is_none_whatever_else_is_set() -> None:
    assert load_llm(Config(llm=LlmConfig(api_key=KEY))) is None


def test_a_request_is_what_the_settings_say() -> None:
    with LlmServer(SAID) as server:
        model = model_of(server, max_tokens=300)
        assert "".join(model.dialogue().stream(ASKED, schema=SCHEMA)) == SAID
        model.close()
    (request,) = server.requests
    body = request.body
    assert [(m["role"], m["content"]) for m in body["messages"]] == [
        ("system", "Answer from the passages."),
        ("user", "What was trade worth?"),
    ]
    assert (body["model"], body["temperature"], body["max_tokens"]) == (MODEL, 0, 300)
    assert body["stream"] is True
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert "tools" not in body
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-canary")
    with LlmServer(SAID) as server:
        model = model_of(server, api_key=None)
        assert "".join(model.dialogue().stream(ASKED)) == SAID
        model.close()
    (request,) = server.requests
    assert "authorization" not in request.headers


def test_a_schema_is_not_asked_for_where_it_is_off() -> None:
    with LlmServer(SAID) as server:
        model = model_of(server, structured="off")
        assert not model.structured
        _ = list(model.dialogue().stream(ASKED, schema=SCHEMA))
        model.close()
    assert "response_format" not in server.requests[0].body


def test_a_shorter_reply_may_be_asked_for_and_no_longer_one() -> None:
    with LlmServer([SAID, SAID]) as server:
        model = model_of(server, max_tokens=100)
        talk = model.dialogue()
        for most in (70, 5_000):
            _ = list(talk.stream(ASKED, max_tokens=most))
        model.close()
    assert [request.body["max_tokens"] for request in server.requests] == [70, 100]


def test_nothing_is_sent_before_the_first_piece_is_wanted() -> None:
    with LlmServer(SAID) as server:
        model = model_of(server)
        model.dialogue().stream(ASKED).close()
        model.close()
    assert server.requests == []


def test_a_proxy_is_used_for_other_machines_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with LlmServer(SAID) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
        away = model_of(server, base_url="http://llm.example/v1")
        assert away.host == "llm.example"
        assert "".join(away.dialogue().stream(ASKED)) == SAID
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        here = model_of(server)
        assert here.host is None
        assert "".join(here.dialogue().stream(ASKED)) == SAID
        away.close()
        here.close()
    paths = [request.path for request in server.requests]
    assert paths == ["http://llm.example/v1/chat/completions", "/v1/chat/completions"]


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("http://localhost:11434/v1", None),
        ("http://127.0.0.2/v1", None),
        ("http://[::1]:8080/v1", None),
        ("https://api.openai.com/v1", "api.openai.com"),
        ("http://192.168.1.7:8000", "192.168.1.7"),
        ("https://localhost.example/v1", "localhost.example"),
    ],
)
def test_the_host_is_told_unless_it_is_this_machine(base_url: str, host: str | None) -> None:
    model = load_llm(Config(llm=LlmConfig(model=MODEL, base_url=base_url)))
    assert model is not None
    assert model.host == host


# What is given


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_a_reply_comes_whole_however_it_is_cut(size: int) -> None:
    said = "Über 1,5 Mrd. € — «Handel» 🙂 [1]"
    assert told([reply(said, size=size)]) == said


@pytest.mark.parametrize("size", [1, 2, 5, 8, 1000])
def test_what_a_model_says_to_itself_is_left_out(size: int) -> None:
    thinking = f"<think>Trade was <b>$9</b> billion?</think>\n\n{SAID} Is 3 <th 4?"
    assert told([reply(thinking, size=size)]) == f"{SAID} Is 3 <th 4?"


def test_thoughts_are_left_out_in_the_middle_and_unfinished_tags_are_words() -> None:
    thoughts = Thoughts()
    pieces = ["One <th", "ink>two</thi", "nk> three", " <thin"]
    shown = [thoughts.without(piece) for piece in pieces]
    assert ("".join(shown), thoughts.rest()) == ("One  three ", "<thin")


def test_an_empty_piece_comes_while_there_is_nothing() -> None:
    with LlmServer([reply(SAID, first=0.3)]) as server:
        model = model_of(server)
        pieces = list(model.dialogue().stream(ASKED))
        model.close()
    assert "" in pieces[: pieces.index(SAID[:12])]


def test_half_a_pair_of_characters_can_be_written_after_all() -> None:
    assert told(["a \ud83d b"]).encode("utf-8") == b"a ? b"


def test_tokens_and_their_price_are_told() -> None:
    with LlmServer([SAID, reply(SAID, counts=False)]) as server:
        model = model_of(server, price_in="2", price_out="10")
        talk = model.dialogue()
        assert (talk.usage.requests, talk.usage.cost) == (0, None)
        _ = list(talk.stream(ASKED))
        assert (talk.usage.prompt_tokens, talk.usage.completion_tokens) == (8, 8)
        assert talk.usage.cost == Decimal("0.000096")
        _ = list(talk.stream(ASKED))
        assert (talk.usage.requests, talk.usage.prompt_tokens) == (2, 8)
        model.close()


def test_without_prices_or_counts_no_cost_is_told() -> None:
    with LlmServer([SAID, reply(SAID, counts=False)]) as server:
        model = model_of(server)
        first, second = model.dialogue(), model.dialogue()
        for talk in (first, second):
            _ = list(talk.stream(ASKED))
        model.close()
    assert (first.usage.prompt_tokens, first.usage.cost) == (8, None)
    assert (second.usage.prompt_tokens, second.usage.completion_tokens) == (None, None)


def test_tokens_are_counted_rather_too_many() -> None:
    model = load_llm(Config(llm=LlmConfig(model=MODEL, context_window=4_000, max_tokens=500)))
    assert model is not None
    assert model.window == 3_500
    assert model.n_tokens("") == 0
    assert 9 <= model.n_tokens("Trade was worth $1,234.5 million.") <= 20
    assert model.n_tokens("中文" * 50) >= 100
    assert model.n_tokens("x" * 4_000) >= 1_000


# What is tried again


def test_a_talk_has_two_requests() -> None:
    with LlmServer(SAID) as server:
        model = model_of(server)
        talk = model.dialogue()
        assert talk.requests_left == 2
        _ = list(talk.stream(ASKED)), list(talk.stream(ASKED))
        assert talk.requests_left == 0
        with pytest.raises(LlmError, match="2 requests are used up"):
            _ = list(talk.stream(ASKED))
        model.close()
    assert len(server.requests) == 2


@pytest.mark.parametrize("fault", ["reset", "429", "408", "500", "503", "no reply"])
def test_what_may_go_through_a_moment_later_is_sent_again(fault: str) -> None:
    deadlines = replace(QUICK, first=0.5)
    with LlmServer([FAULTS[fault], SAID]) as server:
        model = model_of(server, deadlines)
        talk = model.dialogue()
        assert "".join(talk.stream(ASKED)) == SAID
        model.close()
    assert (len(server.requests), talk.requests_left) == (2, 0)


async def _wait_a_little(exchange: Exchange) -> None:
    await exchange.error(429, "Slow down", Retry_After="0.3")


def test_a_server_that_asks_to_wait_gets_its_time() -> None:
    with LlmServer([_wait_a_little, SAID]) as server:
        model = model_of(server)
        assert "".join(model.dialogue().stream(ASKED)) == SAID
        model.close()
    first, second = server.requests
    assert second.at - first.at >= 0.3


@pytest.mark.parametrize(
    "fault", ["429 insufficient_quota", "429 Retry-After 3600", "401", "403", "404", "cut midway"]
)
def test_what_cannot_help_is_not_sent_again(fault: str) -> None:
    with LlmServer([FAULTS[fault], SAID]) as server:
        model = model_of(server)
        talk = model.dialogue()
        with pytest.raises(LlmError):
            _ = list(talk.stream(ASKED))
        model.close()
    assert (len(server.requests), talk.requests_left) == (1, 1)


def test_a_schema_that_is_refused_is_not_asked_for_again() -> None:
    with LlmServer([FAULTS["400 response_format"]]) as server:
        model = model_of(server)
        assert model.structured
        for _ in range(2):
            assert "".join(model.dialogue().stream(ASKED, schema=SCHEMA)).endswith("[1]")
        assert not model.structured
        model.close()
    assert ["response_format" in request.body for request in server.requests] == [
        True,
        False,
        False,
    ]


async def _refuse(exchange: Exchange) -> None:
    await exchange.error(400, "temperature must be 1")


def test_a_refusal_of_something_else_says_nothing_of_schemas() -> None:
    with LlmServer([_refuse]) as server:
        model = model_of(server)
        with pytest.raises(LlmError, match=r"the server refused the request \(400\)") as raised:
            _ = list(model.dialogue().stream(ASKED, schema=SCHEMA))
        assert raised.value.detail == "temperature must be 1"
        assert model.structured
        model.close()


def test_a_prompt_that_is_too_long_can_be_told_and_asked_again() -> None:
    with LlmServer([FAULTS["400 context_length"], SAID]) as server:
        model = model_of(server)
        talk = model.dialogue()
        with pytest.raises(LlmError) as raised:
            _ = list(talk.stream(ASKED))
        assert raised.value.too_long
        assert "".join(talk.stream(ASKED[1:])) == SAID
        model.close()


def test_five_failures_and_the_server_is_left_alone_for_half_a_minute() -> None:
    now = 0.0
    breaker = Breaker(lambda: now)
    for _ in range(5):
        breaker.check()
        breaker.failed()
    with pytest.raises(LlmError, match="left alone for 30 s after 5 failures"):
        breaker.check()
    now = 30.0
    breaker.check()
    for at in (31.0, 40.0, 50.0, 60.0, 92.0):  # the first is more than a minute past
        now = at
        breaker.failed()
    breaker.check()
    breaker.succeeded()
    breaker.failed()
    breaker.check()


def test_a_model_that_fails_is_left_alone_and_readers_who_leave_are_no_failure() -> None:
    with LlmServer([reply(SAID, delay=0.05)] * 6 + [FAULTS["404"]]) as server:
        model = model_of(server)
        for _ in range(6):
            pieces = model.dialogue().stream(ASKED)
            assert any(piece for piece in pieces)
            pieces.close()
        for _ in range(5):
            with pytest.raises(LlmError, match="no model of that name"):
                _ = list(model.dialogue().stream(ASKED))
        with pytest.raises(LlmError, match="left alone"):
            model.dialogue()
        model.close()
    assert len(server.requests) == 11


# How it ends


@pytest.mark.parametrize("when", ["before the first piece", "midway"])
def test_who_leaves_closes_the_request_and_nothing_stays(when: str) -> None:
    waiting = when == "before the first piece"
    script = FAULTS["no reply"] if waiting else reply("a " * 2_000, delay=0.01)
    took, resources = [], set()
    with LlmServer([script]) as server:
        model = model_of(server)
        for trial in range(100):
            pieces = model.dialogue().stream(ASKED)
            for piece in pieces:
                if piece or (waiting and len(server.requests) > trial):
                    break
            left = time.monotonic()
            pieces.close()
            took.append(server.closed_after(left))
            if trial in (10, 55, 99):
                gc.collect()
                files = sum(1 for _ in Path("/proc/self/fd").iterdir())
                resources.add((threading.active_count(), files))
        model.close()
    assert max(took) < 1.0
    assert len(resources) == 1


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux does")
def test_who_closes_the_model_breaks_off_what_others_ask() -> None:
    with LlmServer([FAULTS["no reply"]]) as server:
        model = model_of(server)
        pieces = model.dialogue().stream(ASKED)
        assert next(pieces) == ""
        while not server.requests:
            next(pieces)
        model.close()
        with pytest.raises(LlmError, match="closed"):
            _ = list(pieces)
        server.closed_after(time.monotonic())
        with pytest.raises(LlmError, match="closed"):
            _ = list(model.dialogue().stream(ASKED))


def test_a_model_that_is_forgotten_ends_its_thread() -> None:
    with LlmServer([SAID]) as server:
        model = model_of(server)
        _ = list(model.dialogue().stream(ASKED))
        del model
        gc.collect()
        assert "footnote-llm" not in {thread.name for thread in threading.enumerate()}


def test_many_readers_ask_at_once() -> None:
    with LlmServer([reply(SAID, delay=0.01)]) as server:
        model = model_of(server)
        replies: list[str] = []

        def ask() -> None:
            replies.append("".join(model.dialogue().stream(ASKED)))

        readers = [threading.Thread(target=ask) for _ in range(20)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        model.close()
    assert replies == [SAID] * 20


async def _packed(exchange: Exchange) -> None:
    body = gzip.compress(b'data: {"choices": [{"delta": {"content": "x"}}]}\n\n' * 100)
    await exchange.respond(200, body, "text/event-stream", Content_Encoding="gzip")


def test_a_reply_that_nobody_asked_to_be_packed_is_not_unpacked() -> None:
    with pytest.raises(LlmError, match="the reply was no completion"):
        told([_packed])


# What is never shown


def test_the_key_is_in_nothing_that_can_be_printed_saved_or_logged(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with LlmServer([SAID, FAULTS["401"]]) as server:
        model = model_of(server)
        talk = model.dialogue()
        pieces = talk.stream(ASKED)
        _ = list(pieces)
        with pytest.raises(LlmError) as raised:
            _ = list(talk.stream(ASKED))
        parts = [model, talk, model._server, model._server.connection, model._server.key]
        shown = [repr(part) + str(part) for part in [*parts, talk.usage, raised.value]]
        shown += [str(vars(part)) for part in parts[:-1]]
        shown += traceback.format_exception(raised.value)
        for part in parts:
            with pytest.raises(TypeError):
                pickle.dumps(part)
        model.close()
    assert caplog.records
    shown += [record.getMessage() for record in caplog.records]
    for text in [*shown, *capfd.readouterr()]:
        assert "canary" not in text
        assert KEY[-4:] not in text
