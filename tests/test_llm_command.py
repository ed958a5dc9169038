"""`footnote ask`, `chat` and `serve` with a model: flags win, terminals see claims come, Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import ROOT, footnote, run
from fake_model import passage_with
from llm_server import KEY, MODEL, Behaviour, LlmServer, reply, says

from rag.errors import ConfigError
from ui.arguments import parse
from ui.model_flags import settings_of

TRADE = "How much is trade between India and Azerbaijan worth?"
TRUE = "Bilateral trade between India and Azerbaijan currently amounts to $1.5 billion."
MORE = (
    "The author calls the $1.5 billion impressive but says that the true potential of trade between"
    " India and Azerbaijan has hardly been touched."
)
PROMISED_SECONDS = 1.0


def says_of_trade(*sentences: str, **timing: float) -> Behaviour:
    """A reply of the sentences, each citing the prompt's passage that gives the trade."""

    def rule(body: dict) -> str:
        number = passage_with(body["messages"][-1]["content"], TRUE)
        return " ".join(f"{sentence} [{number}]" for sentence in sentences)

    return says(rule, **timing)


def flags(server: LlmServer) -> list[str]:
    return ["--llm-model", MODEL, "--llm-base-url", server.base_url]


# The flags


@pytest.fixture
def _settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("footnote.toml").write_text('[llm]\nmodel = "written"\nbase_url = "http://written/v1"\n')


@pytest.mark.usefixtures("_settings")
@pytest.mark.parametrize("command", [["ask", "q"], ["chat"], ["serve"]])
def test_flags_win_over_the_settings(command):
    def llm(*words: str) -> tuple[str, str]:
        chosen = settings_of(parse([*command, *words])).llm
        return chosen.model, chosen.base_url

    assert llm() == ("written", "http://written/v1")
    assert llm("--llm-model", "typed") == ("typed", "http://written/v1")
    assert llm("--llm-base-url", "http://typed:1/v1") == ("written", "http://typed:1/v1")
    assert llm("--no-llm")[0] == ""


@pytest.mark.parametrize(
    "words",
    [
        ["--no-llm", "--llm-model", "m"],
        ["--llm-model", " "],
        ["--llm-model", "m", "--llm-base-url", "localhost:11434"],
        ["--llm-model", "m", "--llm-base-url", "file:///etc/passwd"],
        ["--llm-model", "m", "--llm-base-url", "http://[::1"],
        ["--llm-model", "m", "--llm-base-url", f"http://{KEY}@localhost/v1"],
        ["--llm-api-key", KEY],
    ],
)
def test_flags_that_cannot_be_used_are_wrong_usage(words, capsys):
    with pytest.raises(SystemExit) as stopped:
        parse(["ask", "q", *words])
    assert stopped.value.code == 2
    if "--llm-api-key" not in words:
        assert KEY not in capsys.readouterr().err


def test_a_server_without_a_model_is_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="add --llm-model"):
        settings_of(parse(["ask", "q", "--llm-base-url", "http://localhost:1/v1"]))


# Answers


def test_a_model_words_the_answer_and_is_told(capsys, corpus_home, monkeypatch):
    monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", KEY)
    with LlmServer(says_of_trade(TRUE, MORE)) as server:
        words = ["ask", TRADE, "--home", corpus_home, *flags(server)]
        code, out, err = run(capsys, *words)
        assert code == 0
        assert out.startswith(f"{TRUE} [1]")
        assert re.search(rf"\nWorded by {MODEL} · 1 request · [\d,]+ tokens in, \d+ out\n$", out)
        assert err == f"footnote: {MODEL} words the answers; on this machine\n"
        code, out, err = run(capsys, *words, "--json")
        assert json.loads(out)["usage"]["model"] == MODEL
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert KEY not in out + err


def test_without_the_model_nothing_is_sent(capsys, corpus_home, monkeypatch):
    with LlmServer(says_of_trade(TRUE)) as server:
        monkeypatch.setenv("FOOTNOTE_LLM_MODEL", MODEL)
        monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", server.base_url)
        code, out, err = run(capsys, "ask", TRADE, "--no-llm", "--home", corpus_home)
        assert (code, err) == (0, "")
        assert "Worded by" not in out
        assert server.requests == []


def test_a_conversation_is_answered_line_by_line(corpus_home):
    asked = f'["{TRADE}", "{TRADE}"]\n{TRADE}\n'.encode()
    with LlmServer(says_of_trade(TRUE)) as server:
        done = footnote("ask", "-", "--home", str(corpus_home), *flags(server), input=asked)
    out = done.stdout.decode()
    assert out.count(f"> {TRADE}\n\n{TRUE} [1]") == 2
    assert done.stderr.decode().count("words the answers") == 1


# The terminal


class Terminal:
    """`footnote ask` on a terminal of its own, and what that shows."""

    def __init__(self, home: Path, server: LlmServer) -> None:
        self._terminal, end = pty.openpty()
        words = ["ask", TRADE, "--home", str(home), *flags(server)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui", *words],
            cwd=ROOT,
            stdin=end,
            stdout=end,
            stderr=subprocess.PIPE,
            env={**os.environ, "COLUMNS": "200"},
        )
        os.close(end)
        self.shown = ""

    def read_until(self, holds: Callable[[str], bool]) -> None:
        until = time.monotonic() + 100
        while not holds(self.shown):
            assert time.monotonic() < until, self.shown
            if select.select([self._terminal], [], [], 0.05)[0] and not self._read():
                break

    def end(self) -> tuple[int, str]:
        """Exit code and stderr, all that is shown read."""
        while self._read():
            pass
        os.close(self._terminal)
        with self.process.stderr as stderr:
            told = stderr.read().decode()
        return self.process.wait(), told

    def _read(self) -> bool:
        """Whether there was something; not, once the command has closed its end."""
        try:
            more = os.read(self._terminal, 65_536)
        except OSError:
            return False
        self.shown += more.decode().replace("\r\n", "\n")
        return bool(more)


def test_a_terminal_sees_a_claim_before_the_next_is_known(corpus_home):
    with LlmServer(says_of_trade(TRUE, MORE, size=8, delay=0.05)) as server:
        terminal = Terminal(corpus_home, server)
        terminal.read_until(lambda shown: f"{TRUE} [1]" in shown)
        assert "impressive" not in terminal.shown
        assert terminal.end()[0] == 0
    assert terminal.shown.count(TRUE) == 2  # as a claim, and as the words it rests on
    assert "impressive" in terminal.shown
    assert f"Worded by {MODEL}" in terminal.shown


@pytest.mark.parametrize("moment", ["before the first token", "between two sentences"])
def test_ctrl_c_closes_the_request_and_keeps_what_was_shown(corpus_home, moment):
    silent = moment == "before the first token"
    behaviour = reply("x", first=60) if silent else says_of_trade(TRUE, *[MORE] * 40, delay=0.2)
    with LlmServer(behaviour) as server:
        terminal = Terminal(corpus_home, server)
        terminal.read_until(lambda shown: bool(server.requests) and (silent or TRUE in shown))
        stopped = time.monotonic()
        terminal.process.send_signal(signal.SIGINT)
        assert server.closed_after(stopped) < PROMISED_SECONDS
        code, err = terminal.end()
    assert code == 130
    assert "Traceback" not in err
    assert terminal.shown == ("" if silent else f"{TRUE} [1]\n")
