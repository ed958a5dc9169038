"""`footnote doctor`: what is set, what is wrong and how to mend it, and never the key."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commandline import run
from llm_server import FAULTS, KEY, MODEL, Exchange, LlmServer, Script, reply

import rag.models.llm
from rag.models.deadlines import Deadlines

BRIEF = Deadlines(connect=1, first=0.5, gap=0.4, total=2, pause=0.02, heartbeat=0.05)
YELLOW = '{"colour": "yellow"}'
Doctor = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rag.models.llm, "Deadlines", lambda: BRIEF)


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Runs it; its exit code and what it prints, in which no part of the key may be."""

    def examine(*words: str) -> tuple[int, str]:
        code, out, err = run(capsys, "doctor", *words)
        assert "canary" not in out + err
        assert KEY[-4:] not in out + err
        return code, out + err

    return examine


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, doctor: Doctor) -> Callable[..., tuple[int, str]]:
    """Runs it with a server that plays a script."""

    def examine(script: Script, *words: str, **options: Any) -> tuple[int, str]:
        with LlmServer(script, **options) as server:
            monkeypatch.setenv("FOOTNOTE_LLM_MODEL", MODEL)
            monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", server.base_url)
            monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", KEY)
            told = doctor(*words)
            assert len(server.requests) <= 2
            assert len(server.others) <= 1
            assert all("article" not in str(request.body) for request in server.requests)
            return told

    return examine


def test_without_a_model_all_is_well(doctor: Doctor) -> None:
    code, told = doctor()
    assert code == 0
    assert "No language model is named" in told
    assert "No index in .footnote yet; `footnote index PATH` makes one." in told


def test_a_key_that_lies_about_is_told_not_to_be_used(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    code, told = doctor()
    assert code == 0
    assert "OPENAI_API_KEY is set and not used: no model is named" in told
    Path("footnote.toml").write_text('[llm]\nmodel = "m"\nbase_url = "https://llm.example/v1"\n')
    assert (
        "OPENAI_API_KEY is set and not used: the address in footnote.toml" in doctor("--no-llm")[1]
    )
    monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", KEY)
    assert "FOOTNOTE_LLM variables come first" in doctor("--no-llm")[1]


def test_where_settings_come_from_is_told(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("footnote.toml").write_text(f'threads = 1\n[llm]\nmodel = "one"\napi_key = "{KEY}"\n')
    monkeypatch.setenv("FOOTNOTE_LLM_MODEL", "two")
    code, told = doctor("--no-llm", "--home", "elsewhere")
    assert code == 0
    assert "threads = 1 (footnote.toml)" in told
    assert "[llm] model = two (FOOTNOTE_LLM_MODEL)" in told
    assert "[llm] api_key = set (footnote.toml)" in told
    assert "home = elsewhere (--home)" in told
    assert "The key of [llm] stands in a file" in told
    assert "are sent to api.openai.com" in told
    assert "two was not asked, because of --no-llm" in told


def test_settings_that_cannot_be_used_are_what_is_wrong(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_LLM_MODEL", "m")
    monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", f"https://user:{KEY}@llm.example/v1")
    code, told = doctor()
    assert code == 1
    assert "FOOTNOTE_LLM_BASE_URL" in told
    assert "holds a user or password" in told


def test_a_key_that_would_go_in_the_clear_is_noted(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_LLM_MODEL", "m")
    monkeypatch.setenv("FOOTNOTE_LLM_BASE_URL", "http://llm.example/v1")
    monkeypatch.setenv("FOOTNOTE_LLM_API_KEY", KEY)
    code, told = doctor("--no-llm")
    assert code == 0
    assert "the key, questions and passages can be read on the way; use https" in told


def test_the_index_is_counted(doctor: Doctor, corpus_home: Path) -> None:
    code, told = doctor("--home", str(corpus_home))
    assert code == 0
    assert f"The index in {corpus_home} has 3 articles." in told


def test_a_damaged_index_is_wrong(doctor: Doctor) -> None:
    Path(".footnote").mkdir()
    Path(".footnote/CURRENT").write_text("nothing\n")
    code, told = doctor()
    assert code == 1
    assert "names no generation; run `footnote repair`" in told


def test_a_model_that_does_all_that_is_wanted(served: Callable[..., tuple[int, str]]) -> None:
    code, told = served([reply(YELLOW, size=4)])
    assert code == 0
    assert f"{MODEL} is on this machine: questions and passages stay here." in told
    assert f"{MODEL} answers, the first word after " in told
    assert "It keeps to a JSON schema." in told
    assert "All is well." in told
    notes = [line for line in told.splitlines() if line.startswith("note")]
    assert [note.split()[1:3] for note in notes] == [["No", "index"]]


def test_what_a_model_cannot_do_is_noted(served: Callable[..., tuple[int, str]]) -> None:
    code, told = served([reply("Yellow.", size=100, counts=False)], models=())
    assert code == 0
    assert "in one piece" in told
    assert "does not keep to a JSON schema" in told
    assert "does not count tokens" in told
    code, told = served([FAULTS["400 response_format"]])
    assert code == 0
    assert "does not keep to a JSON schema" in told


def test_a_model_with_more_to_say_than_it_may_does_answer(
    served: Callable[..., tuple[int, str]],
) -> None:
    code, told = served([FAULTS["finish reason length"]])
    assert (code, "test-model answers" in told) == (0, True)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("refused connection", "no connection. See that the server runs"),
        ("no reply", "timeout after 0.5 s. See that the server runs"),
        ("401", "the key was refused (401). See that FOOTNOTE_LLM_API_KEY holds the key"),
        ("403", "access was refused (403). See that FOOTNOTE_LLM_API_KEY holds the key"),
        ("500", "the server failed (500) (it says: Internal error)."),
        ("200 and HTML", "the reply was no completion. Until it does, answers are quotations."),
    ],
)
def test_what_is_wrong_with_a_server_is_told_with_a_remedy(
    fault: str, words: str, served: Callable[..., tuple[int, str]]
) -> None:
    code, told = served([FAULTS[fault]])
    assert code == 1
    assert words in told
    assert "1 to mend." in told


def test_a_model_that_is_not_there_is_told_with_those_that_are(
    served: Callable[..., tuple[int, str]],
) -> None:
    models = ["alpha", "beta", "delta", "gamma", "test-model:8b", "zeta", "eta"]
    code, told = served([FAULTS["404"]], models=models)
    assert code == 1
    assert "no model of that name (404)" in told
    assert "It has test-model:8b, alpha, beta, delta, eta; name one of its models" in told
    assert "base_url ends as the server wants it" in served([FAULTS["404"]], models=())[1]


async def _hostile(exchange: Exchange) -> None:
    await exchange.error(400, f"\x1b[2J bad {KEY} {KEY[-6:]}")


def test_a_servers_words_are_shown_without_the_key(served: Callable[..., tuple[int, str]]) -> None:
    code, told = served([_hostile])
    assert code == 1
    assert "refused the request (400)." in told
    assert "\x1b" not in told


def test_json_tells_the_same(served: Callable[..., tuple[int, str]]) -> None:
    code, told = served([FAULTS["404"]], "--json")
    report = json.loads(told)
    assert code == 1
    assert report["settings"]["[llm] api_key"] == {"value": "set", "source": "FOOTNOTE_LLM_API_KEY"}
    assert [f["about"] for f in report["findings"] if f["state"] == "wrong"] == ["model"]
