"""A model behind `footnote serve`: who leaves breaks it off; mode, host and tokens are told."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx
import pytest
from browser.standin import EXPORTS
from browser.worded import HOST, MODEL, Worded
from mcp import Client
from serve_http import Waiting, client, events, served

from ui.places import AT_ONCE, MAX_OPEN
from ui.serve.line import Bounds

PROMISED_SECONDS = 1.0
QUESTION = {"question": EXPORTS}
TALK = {"model": "footnote", "messages": [{"role": "user", "content": EXPORTS}]}
MANY = Bounds(at_once=MAX_OPEN)


class Model(Worded):
    """Words answers once it may go on; counts those that it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.open = 0
        self._counting = threading.Lock()

    def steps(self, question, history=(), *, filters=None, use_llm=True):
        with self._counting:
            self.open += 1
        try:
            yield from super().steps(question, history, filters=filters, use_llm=use_llm)
        finally:
            with self._counting:
                self.open -= 1

    def search(self, question, *, top_k=10, filters=None):
        del question, top_k, filters
        return ()

    def close(self) -> None:
        pass


@pytest.fixture
def bot() -> Model:
    return Model()


@pytest.fixture
def address(bot: Model) -> Iterator[str]:
    with served(lambda: bot, bounds=MANY) as where:
        yield where


def until(holds: Callable[[], object]) -> None:
    for _ in range(2_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come about")


def leave_http(address: str, bot: Model, path: str, body: dict) -> float:
    """Asks, leaves when the model is asked, and says when."""

    async def asking() -> float:
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            asked = asyncio.create_task(http.post(path, json=body, timeout=30))
            while not bot.open:
                await asyncio.sleep(0.01)
            asked.cancel()
            with suppress(asyncio.CancelledError):
                await asked
            return time.monotonic()

    return asyncio.run(asking())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask", QUESTION),
        ("/v1/chat/completions", TALK),
        ("/v1/chat/completions", {**TALK, "stream": True}),
    ],
    ids=["ask", "completion", "stream"],
)
def test_a_client_that_leaves_breaks_off_what_is_asked(address, bot, path, body):
    left = leave_http(address, bot, path, body)
    until(lambda: not bot.open)
    assert time.monotonic() - left < PROMISED_SECONDS
    assert bot.closed.is_set()


def test_a_client_that_leaves_between_two_sentences_breaks_off_what_is_asked(address, bot):
    body = {**TALK, "stream": True}
    bot.go_on(1)
    with client(address) as http, http.stream("POST", "/v1/chat/completions", json=body) as reply:
        texts = reply.iter_text()
        while "86.07" not in next(texts):
            pass
    left = time.monotonic()
    until(lambda: not bot.open)
    assert time.monotonic() - left < PROMISED_SECONDS


def test_a_client_of_mcp_that_leaves_breaks_off_what_is_asked(address, bot):
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": QUESTION},
    }
    headers = {"accept": "application/json, text/event-stream"}

    async def asking() -> float:
        async with httpx.AsyncClient(base_url=address, trust_env=False, headers=headers) as http:
            asked = asyncio.create_task(http.post("/mcp", json=body, timeout=30))
            while not bot.open:
                assert not asked.done(), asked.result().text
                await asyncio.sleep(0.01)
            asked.cancel()
            with suppress(asyncio.CancelledError):
                await asked
            return time.monotonic()

    left = asyncio.run(asking())
    until(lambda: not bot.open)
    assert time.monotonic() - left < PROMISED_SECONDS


def test_a_client_of_mcp_is_answered_when_it_stays(address, bot):
    bot.go_on()

    async def asking() -> str:
        async with Client(f"{address}/mcp") as connected:
            return (await connected.call_tool("ask", QUESTION)).content[0].text

    assert "The pass was closed for 41 days. [2]" in asyncio.run(asking())


def test_a_request_that_takes_too_long_breaks_off_what_is_asked(bot):
    with served(lambda: bot, bounds=Bounds(seconds=0.3)) as address, client(address) as http:
        assert http.post("/v1/ask", json=QUESTION).status_code == 504
        until(lambda: not bot.open)


def test_many_wait_for_the_model_at_once_and_few_for_the_processor(address, bot):
    async def asking(n: int) -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as http:
            asked = [asyncio.create_task(http.post("/v1/ask", json=QUESTION)) for _ in range(n)]
            while bot.open < n:
                await asyncio.sleep(0.01)
            bot.go_on()
            return await asyncio.gather(*asked)

    replies = asyncio.run(asking(8))
    assert [reply.status_code for reply in replies] == [200] * 8
    assert AT_ONCE < 8 <= MAX_OPEN


def test_mode_host_and_tokens_are_told(address, bot):
    bot.go_on()
    with client(address) as http:
        reply = http.post("/v1/chat/completions", json=TALK).json()
        assert reply["usage"] == {
            "prompt_tokens": 1234,
            "completion_tokens": 210,
            "total_tokens": 1444,
        }
        health = http.get("/health").json()
        assert (health["mode"], health["host"]) == (MODEL, HOST)
        wanted = {"stream": True, "stream_options": {"include_usage": True}}
        streamed = http.post("/v1/chat/completions", json={**TALK, **wanted}).text
        assert events(streamed)[-1]["usage"]["total_tokens"] == 1444


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_a_request_can_do_without_the_model(address, bot, path):
    body = {**(QUESTION if path == "/v1/ask" else TALK), "use_llm": False}
    with client(address) as http:
        reply = http.post(path, json=body)
        assert reply.status_code == 200
        assert "“Exports in 2024 came to" in json.dumps(reply.json(), ensure_ascii=False)
        assert not bot.used_llm
        assert http.post(path, json={**body, "use_llm": "no"}).status_code == 400


def test_words_are_counted_where_no_model_is_asked():
    bot = Waiting()
    bot.go.set()
    with served(lambda: bot) as address, client(address) as http:
        usage = http.post("/v1/chat/completions", json=TALK).json()["usage"]
    assert 0 < usage["prompt_tokens"] < usage["completion_tokens"]
