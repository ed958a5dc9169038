"""The load generator: what it asks, and how it reads what comes of it."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from browser.standin import EXPORTS, WRONG
from serve_http import Ready, Waiting, client, served

from evals.bench.load import main
from evals.bench.served import PAGE, SERVE, Outcome, Target, ask
from ui.serve.line import Bounds
from ui.web.server import listen, serving

# Gradio counts its requests with pandas calls that pandas 3 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:::gradio.queueing")


def put(target: Target, address: str, question: str) -> Outcome:
    async def asking() -> Outcome:
        async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=30) as http:
            return await ask(target, http, question)

    return asyncio.run(asking())


def test_an_answer_of_serve_is_timed():
    with served(Ready) as address:
        outcome = put(SERVE, address, EXPORTS)
        wrong = put(SERVE, address, WRONG)
    assert outcome.kind == "answered"
    assert 0 < outcome.first_seconds <= outcome.total_seconds
    assert (wrong.kind, "400" in wrong.detail) == ("error", True)


def test_a_busy_serve_is_no_error():
    bot = Waiting()
    with (
        served(lambda: bot, bounds=Bounds(at_once=1, waiting=0)) as address,
        client(address) as http,
        ThreadPoolExecutor(1) as clients,
    ):
        first = clients.submit(http.post, "/v1/ask", json={"question": EXPORTS})
        bot.begun.acquire()
        assert put(SERVE, address, EXPORTS).kind == "busy"
        bot.go.set()
        assert first.result().status_code == 200


def test_an_answer_of_the_page_is_timed():
    with serving(Ready(), listen("127.0.0.1", 0)) as address:
        assert put(PAGE, address, EXPORTS).kind == "answered"
        assert put(PAGE, address, WRONG).kind == "error"


def test_a_server_that_is_gone_is_an_error():
    assert put(SERVE, "http://127.0.0.1:9", EXPORTS).kind == "error"


@pytest.mark.parametrize("words", [["--users", "0"], ["--minutes", "0"], ["--minutes", "61"]])
def test_a_load_without_bounds_is_wrong_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "up to 60 minutes" in capsys.readouterr().err


def test_a_short_load_of_the_command_meets_no_error(capsys):
    words = ["--target", "serve", "--users", "2", "--minutes", "0.02", "--burst", "4", "--json"]
    assert main(words) == 0
    loads = json.loads(capsys.readouterr().out)["loads"]
    assert [load["phase"] for load in loads] == ["2 readers", "burst of 4", "one by one"]
    assert sum(load["answered"] for load in loads) == sum(load["asked"] for load in loads) >= 9
