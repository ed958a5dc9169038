"""What every test has: no connection to outside, a clean environment, one index of the corpus."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import ui.web  # noqa: F401 - settles what Gradio's client reads when it is first imported

ROOT = Path(__file__).parents[1]

# Repeatable by default; `pytest --hypothesis-profile=search` looks for what nobody has found yet.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=3_000)
settings.load_profile("repeatable")

OUTSIDE: list[str] = []
"""Every attempt to reach another machine, whatever became of the exception."""


class OutsideConnectionError(AssertionError):
    """Something tried to reach another machine."""


def _is_here(host: object) -> bool:
    """Whether the host is this machine; a name is never looked up."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _watch(event: str, args: tuple[object, ...]) -> None:
    """An audit hook: no library can go round it, and no thread."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None  # a path: a Unix socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if not _is_here(host):
        OUTSIDE.append(f"{event} {host!r}")
        raise OutsideConnectionError(f"{event} to {host!r}: tests stay on this machine")


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def _nothing_goes_outside() -> Iterator[None]:
    OUTSIDE.clear()
    yield
    assert OUTSIDE == []


@pytest.fixture(autouse=True, scope="session")
def _clean_environment() -> None:
    """Settings of whoever runs the tests are not what is tested."""
    for name in list(os.environ):
        if name.startswith(("FOOTNOTE_", "OPENAI_")):
            del os.environ[name]


@pytest.fixture(scope="session")
def corpus_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shipped corpus, made with the real models; tests only read it."""
    from rag.chatbot import index_articles
    from rag.config import load_config

    home = tmp_path_factory.mktemp("corpus") / "home"
    index_articles([ROOT / "corpus"], config=load_config(home=home, environ={}))
    return home
