"""Nothing leaves this machine: watched in every test, and run where there is no network at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from commandline import ARMS, NOT_SAID, ROOT, TRADE
from conftest import OUTSIDE, OutsideConnectionError

COMMANDS = [
    ["index", "corpus"],
    ["ask", "--json", TRADE],
    ["ask", NOT_SAID],
    ["search", TRADE],
    ["articles"],
    ["show", ARMS],
    ["verify"],
    ["repair"],
]
CODES = [0, 0, 3, 0, 0, 0, 0, 0]
CUT_OFF = ["unshare", "--net", "--map-root-user"]


TRACED = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o"]


def works(*words: str) -> bool:
    """Whether the system has the command and lets this user run it."""
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


# The watch itself


def attempt(host: str) -> None:
    with socket.socket() as any_socket:
        any_socket.settimeout(1)
        any_socket.connect((host, 443))


@pytest.mark.parametrize("host", ["192.0.2.1", "10.0.0.1"])
def test_a_connection_to_outside_fails_and_is_remembered(host: str) -> None:
    with pytest.raises(OutsideConnectionError):
        attempt(host)
    assert [seen.split()[-1] for seen in OUTSIDE] == [repr(host)]
    OUTSIDE.clear()


def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(OutsideConnectionError):
        socket.getaddrinfo("example.org", 443)
    with pytest.raises(OutsideConnectionError):
        socket.gethostbyname("example.org")
    with pytest.raises(OutsideConnectionError), socket.socket(type=socket.SOCK_DGRAM) as any_socket:
        any_socket.sendto(b"?", ("192.0.2.1", 53))
    assert len(OUTSIDE) == 3
    OUTSIDE.clear()


def test_what_a_library_swallows_is_remembered_all_the_same() -> None:
    def swallow() -> None:
        try:
            attempt("192.0.2.1")
        except BaseException:  # noqa: BLE001 - as careless code would
            return

    thread = threading.Thread(target=swallow)
    thread.start()
    thread.join()
    assert OUTSIDE == ["socket.connect '192.0.2.1'"]
    OUTSIDE.clear()


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, server.getsockname()[1]), timeout=5).close()


def test_no_setting_of_the_readers_reaches_a_test() -> None:
    assert [name for name in os.environ if name.startswith(("FOOTNOTE_", "OPENAI_"))] == []


# The program


@pytest.fixture
def home(corpus_home: Path, tmp_path: Path) -> Path:
    """An index of the corpus that a test may change."""
    return Path(shutil.copytree(corpus_home, tmp_path / "home"))


def run_all(home: Path, *before: str) -> tuple[list[int], list[str]]:
    """Exit codes of all commands in one process, and what it tried to reach through Python."""
    watched = (
        "import json, sys, conftest; from ui.cli import main\n"
        "codes = [main([*words, '--home', sys.argv[1]]) for words in json.loads(sys.argv[2])]\n"
        "sys.stderr.write('\\n' + json.dumps([codes, conftest.OUTSIDE]))"
    )
    done = subprocess.run(
        [*before, sys.executable, "-c", watched, str(home), json.dumps(COMMANDS)],
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
    )
    codes, outside = json.loads(done.stderr.splitlines()[-1])
    return codes, outside


def test_no_command_tries_a_connection(home: Path, tmp_path: Path) -> None:
    # Libraries in C++ or Rust go past Python, as ONNX Runtime would to report to its makers: where
    # strace can be used, the system is asked as well.
    trace = tmp_path / "trace"
    trace.touch()
    traced = [*TRACED, str(trace)] if works(*TRACED, os.devnull, "true") else []
    assert run_all(home, *traced) == (CODES, [])
    hosts = re.findall(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"', trace.read_text())
    assert set(hosts) <= {"127.0.0.1", "::1"}


@pytest.mark.skipif(not works(*CUT_OFF, "true"), reason="unshare may make no network here")
def test_the_first_question_is_answered_without_a_network_and_with_an_empty_home(
    tmp_path: Path,
) -> None:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    empty = tmp_path / "nobody"
    empty.mkdir()
    done = subprocess.run(
        [*CUT_OFF, sys.executable, "-m", "ui", "ask", "--json", TRADE],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={"HOME": str(empty), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "$1.5 billion" in answer["citations"][0]["cited_text"]
    assert list(empty.iterdir()) == []
