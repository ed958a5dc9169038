"""How much is served at once, what a client hears meanwhile, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import httpx
import pytest
from browser.standin import EXPORTS
from commandline import ROOT, footnote
from serve_http import Ready, Waiting, client, events, served

from rag.answer import Answer
from rag.errors import IndexDamagedError
from rag.types import Turn
from ui.pace import MAX_CLIENTS, Pace
from ui.serve.line import Bounds, Line
from ui.serve.problems import RefusedError

QUESTION = {"question": EXPORTS}
TALK = {"model": "footnote", "stream": True, "messages": [{"role": "user", "content": EXPORTS}]}
FEW = Bounds(at_once=1, waiting=1, seconds=30)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come about")


def busy(http: httpx.Client) -> int:
    return http.get("/health").json()["busy"]


# The line


def test_what_the_line_has_no_place_for_is_turned_away_at_once():
    bot = Waiting()
    with served(lambda: bot, bounds=FEW) as address, client(address) as http:
        with ThreadPoolExecutor(2) as clients:
            asking = [clients.submit(http.post, "/v1/ask", json=QUESTION) for _ in range(2)]
            until(lambda: busy(http) == 2)
            for path, body in (("/v1/ask", QUESTION), ("/v1/chat/completions", TALK)):
                reply = http.post(path, json=body)
                assert reply.status_code == 429
                assert reply.json()["error"]["type"] == "busy"
                assert int(reply.headers["retry-after"]) > 0
            assert http.get("/v1/articles").status_code == 200  # which waits for no model
            bot.go.set()
            assert [reply.result().status_code for reply in asking] == [200, 200]
        until(lambda: busy(http) == 0)


def test_a_client_that_leaves_gives_its_place_back():
    bot = Waiting()
    with (
        served(lambda: bot, bounds=FEW) as address,
        client(address) as http,
        ThreadPoolExecutor(1) as clients,
    ):
        first = clients.submit(http.post, "/v1/ask", json=QUESTION)
        bot.begun.acquire()
        with pytest.raises(httpx.ReadTimeout), client(address) as hasty:
            hasty.post("/v1/ask", json=QUESTION, timeout=0.3)
        until(lambda: busy(http) == 1)
        bot.go.set()
        assert first.result().status_code == 200
    assert len(bot.asked) == 1  # the question of the one who left was never worked on


def test_a_request_is_not_waited_for_without_end():
    bot = Waiting()
    bounds = Bounds(at_once=1, waiting=1, seconds=0.2)
    with served(lambda: bot, bounds=bounds) as address, client(address) as http:
        reply = http.post("/v1/ask", json=QUESTION)
        assert (reply.status_code, reply.json()["error"]["type"]) == (504, "timeout")
        bot.go.set()


def test_a_line_that_is_closed_lets_nobody_in():
    line = Line("test", FEW)
    line.close()
    with pytest.raises(RefusedError, match="stopping"):
        asyncio.run(line.run(lambda: 1))
    assert line.inside == 0


def test_a_line_that_closes_sends_away_who_waits():
    line, go = Line("test", FEW), threading.Event()

    async def main() -> list[object]:
        asking = [asyncio.create_task(line.run(go.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        line.close()
        go.set()
        return await asyncio.gather(*asking, return_exceptions=True)

    worked_on, waiting = asyncio.run(main())
    assert worked_on is True
    assert (type(waiting), waiting.problem.kind) == (RefusedError, "closing")


def test_a_client_that_asks_too_often_is_told_when_to_come_back():
    pace = Pace(per_second=0.5, burst=2)
    with served(Ready, pace=pace) as address, client(address) as http:
        replies = [http.post("/v1/ask", json=QUESTION) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [200, 200, 429]
        assert replies[2].json()["error"]["type"] == "rate_limited"
        assert replies[2].headers["retry-after"] == "2"
        other = http.post("/v1/ask", json=QUESTION, headers={"authorization": "Bearer other"})
        assert other.status_code == 200
        assert http.get("/health").status_code == 200


def test_a_pace_forgets_the_clients_that_were_silent_longest():
    pace = Pace(per_second=1, burst=1)
    assert pace.wait_seconds("first", 0.0) == 0
    assert pace.wait_seconds("first", 0.0) == 1
    for n in range(MAX_CLIENTS):
        pace.wait_seconds(str(n), 0.0)
    assert pace.wait_seconds("first", 0.0) == 0


# Opening


def test_the_port_answers_while_the_models_load():
    opening, bot = threading.Event(), Ready()

    def open_bot() -> Ready:
        assert opening.wait(30)
        return bot

    with served(open_bot) as address, client(address) as http:
        reply = http.get("/health")
        assert (reply.status_code, reply.json()["status"]) == (503, "loading")
        with ThreadPoolExecutor(1) as clients:
            asking = clients.submit(http.post, "/v1/ask", json=QUESTION)
            until(lambda: not asking.done())
            opening.set()
            assert asking.result().status_code == 200
        assert http.get("/health").json()["status"] == "ready"
    assert bot.closed


def test_an_index_that_cannot_be_opened_is_a_503_with_the_remedy():
    def open_bot() -> Ready:
        raise IndexDamagedError("home: damaged; 'footnote repair' mends it")

    with served(open_bot) as address, client(address) as http:
        reply = http.post("/v1/ask", json=QUESTION)
        assert reply.status_code == 503
        assert "'footnote repair' mends it" in reply.json()["error"]["message"]
        assert http.get("/health").json()["status"] == "failed"


class Damaged(Ready):
    """A stand-in whose index is lost after the first words."""

    def steps(self, question: str, history: Sequence[Turn] = (), **_: object):
        del history
        yield Answer(question, question, "extractive", "Some words.")
        raise IndexDamagedError("the index is gone; 'footnote repair' mends it")


def test_an_error_after_the_first_words_ends_the_stream():
    with served(Damaged) as address, client(address) as http:
        reply = http.post("/v1/chat/completions", json=TALK)
    assert reply.status_code == 200
    assert "Some words." in reply.text
    last = reply.text.strip().split("\n\n")[-1]
    assert '"error"' in last
    assert "'footnote repair' mends it" in last


class Growing(Waiting):
    """A stand-in that says a sentence, and the next when it is let go."""

    def steps(self, question: str, history: Sequence[Turn] = (), **_: object):
        del history
        yield Answer(question, question, "extractive", "First.")
        assert self.go.wait(30)
        yield Answer(question, question, "extractive", "First. Second.")


def test_a_sentence_is_sent_before_the_next_is_known():
    bot = Growing()
    with (
        served(lambda: bot) as address,
        client(address) as http,
        http.stream("POST", "/v1/chat/completions", json=TALK) as reply,
    ):
        texts = reply.iter_text()
        seen = ""
        while "First." not in seen:
            seen += next(texts)
        assert "Second" not in seen
        bot.go.set()
        seen += "".join(texts)
    contents = [choice["delta"].get("content") for e in events(seen) for choice in e["choices"]]
    assert contents[:3] == ["", "First.", " Second."]


def test_a_server_that_stops_ends_its_streams():
    bot = Growing()
    with ExitStack() as stack:
        with served(lambda: bot) as address:
            http = stack.enter_context(client(address))
            reply = stack.enter_context(http.stream("POST", "/v1/chat/completions", json=TALK))
            texts = reply.iter_text()
            while "First." not in next(texts):
                pass
            threading.Timer(0.5, bot.go.set).start()  # a thread cannot be stopped, only waited for
        with suppress(httpx.RemoteProtocolError):
            assert "[DONE]" not in "".join(texts)
    assert bot.closed


# The command


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_and_ends_when_told(corpus_home, sign):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui", "serve", "--home", corpus_home, "--port", str(port)]
    serving = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    said = [serving.stderr.readline() for _ in range(2)]
    address = f"http://127.0.0.1:{port}"
    assert said == [
        f"Footnote is opening: {address}\n",
        f"Footnote is ready: {address} — Ctrl-C stops it\n",
    ]
    with client(address) as http:
        assert http.get("/health").json()["index"] == {"articles": 3, "generation": 1}
    serving.send_signal(sign)
    assert serving.communicate(timeout=20)[1] == "Footnote has stopped.\n"
    assert serving.returncode == 0


def test_the_command_says_what_is_wrong_with_a_host_a_port_or_an_index(tmp_path):
    done = footnote("serve", "--host", "0.0.0.0")
    assert (done.returncode, b"--host 127.0.0.1" in done.stderr) == (1, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = footnote("serve", "--port", str(taken.getsockname()[1]))
    assert (done.returncode, b"give another --port" in done.stderr) == (1, True)
    (tmp_path / "CURRENT").write_text("no generation")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    done = footnote("serve", "--home", str(tmp_path), "--port", str(port), timeout=60)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert urlsplit(f"//127.0.0.1:{port}").port == port


def test_the_server_needs_neither_gradio_nor_mcp_to_start():
    code = (
        "import ui.serve.server, ui.serve_command, sys;"
        "print(*(m for m in ('gradio', 'mcp', 'llama_index', 'chromadb', 'openai', 'numpy')"
        " if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []
