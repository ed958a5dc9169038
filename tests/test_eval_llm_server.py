"""Runs against a server: its faults cost no case, and no file of a run has the key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commandline import run
from llm_server import Exchange, LlmServer, reply, says
from scripted import write_suite

KEY = "sk-canary-4711-0815"
ARTICLES = {
    "bridge.md": "---\ntitle: The old bridge\noutlet: Post\n---\n\nThe bridge over the Lowe opened"
    " in 1932. It carries 160,000 vehicles a day.\n",
    "ferry.md": "---\ntitle: The ferry\noutlet: Gazette\n---\n\nCaptain Mira Dole has steered the"
    " ferry to Orrin for nine years. The ferry sails twice an hour in summer.\n",
}
CASES: tuple[dict[str, Any], ...] = (
    {"id": "opened", "question": "When did the bridge over the Lowe open?", "answers": ["1932"]},
    {"id": "captain", "question": "Who has steered the ferry to Orrin?", "answers": ["Mira Dole"]},
    {"id": "often", "question": "How often does the ferry sail in summer?", "answers": ["twice"]},
)
OPENED = "The bridge over the Lowe opened in 1932. [1]"


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """What is typed, before the mode's own words."""
    news = tmp_path / "news"
    news.mkdir()
    for name, text in ARTICLES.items():
        (news / name).write_text(text, encoding="utf-8")
    suite = write_suite(tmp_path / "mine.jsonl", *CASES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_LLM_MODEL", "test-model")
    monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", KEY)
    run_folder = tmp_path / "run"
    return ("--home", tmp_path / "home", "eval", suite, "--articles", news, "--out", run_folder,
            "--jobs", "1")  # fmt: skip


def found_in(folder: Path, secret: str) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 4
    return [path.name for path in files if secret.encode() in path.read_bytes()]


async def tells_the_key(exchange: Exchange) -> None:
    await exchange.error(401, f"Incorrect API key: {exchange.request.headers['authorization']}")


def test_the_key_gets_into_no_file_though_the_server_says_it_back(
    words, tmp_path, capsys, monkeypatch
):
    parrot = says(lambda _: f"The bridge has the key {KEY}. [1] {OPENED}")
    with LlmServer([parrot, parrot, tells_the_key]) as server:
        monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", server.base_url)
        _, out, err = run(capsys, *words, "--mode", "llm")
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert found_in(tmp_path / "run", KEY) == []
    assert KEY not in out + err


def test_a_server_that_fails_in_the_middle_costs_no_case_and_is_warned_of(
    words, capsys, monkeypatch
):
    async def broken(exchange: Exchange) -> None:
        await exchange.error(500, "out of memory")

    with LlmServer([reply(OPENED), broken]) as server:
        monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", server.base_url)
        code, out, err = run(capsys, *words, "--mode", "llm", "--json")
    worded = json.loads(out)["worded"]
    assert (worded["answers"], worded["worded"], worded["fallen_back"]) == (3, 1, 2)
    assert all("500" in kind for kind in worded["notices"])
    assert worded["usage"]["requests"] >= 3
    assert "2 of 3 answers fell back" in err
    assert code == 0


def test_no_model_is_asked_without_the_mode_whatever_is_configured(words, capsys, monkeypatch):
    with LlmServer(OPENED) as server:
        monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", server.base_url)
        assert run(capsys, *words)[0] in (0, 1)
        assert server.requests == []


def test_the_model_of_a_flag_wins_and_the_key_goes_to_no_other_server(words, capsys, monkeypatch):
    with LlmServer(OPENED) as server:
        monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", "http://127.0.0.1:9/v1")
        flags = ("--llm-base-url", server.base_url, "--llm-model", "other")
        _, out, _ = run(capsys, *words, "--mode", "llm", *flags)
        assert {r.body["model"] for r in server.requests} == {"other"}
        assert all(KEY not in str(r.headers) for r in server.requests)
    assert "other on this machine, prompt" in out
