"""The commands on the real corpus: what they print, and what can be done with it."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from commandline import ARMS, NOT_SAID, ROOT, TRADE, footnote, run

from ui.cli import main


@pytest.fixture
def home(corpus_home: Path, tmp_path: Path) -> Path:
    """An index of the corpus that a test may change."""
    return Path(shutil.copytree(corpus_home, tmp_path / "home"))


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    text = "".join(f"{line}\n" for line in lines).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def test_an_answer_is_on_stdout_and_nothing_else(
    corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "ask", "--home", corpus_home, *TRADE.split())
    assert (code, err) == (0, "")
    assert "$1.5 billion" in out
    assert "\n[1] " in out


def test_a_refusal_exits_with_3(corpus_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "ask", "--home", corpus_home, NOT_SAID)
    assert (code, err) == (3, "")
    assert out.strip()


@pytest.mark.parametrize(("question", "code"), [(TRADE, 0), (NOT_SAID, 3)])
def test_json_is_one_valid_line_whose_quotes_are_exact(
    question: str, code: int, corpus_home: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["ask", "--home", str(corpus_home), "--json", question]) == code
    (line,) = capsysbinary.readouterr().out.splitlines()
    answer = json.loads(line)
    schema = json.loads((ROOT / "docs/answer.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(answer, schema)
    cited = answer["citations"] + (answer["refusal"] or {"nearest": []})["nearest"]
    assert cited or code
    for citation in cited:
        main(["show", "--home", str(corpus_home), citation["article_id"], "--raw"])
        body = capsysbinary.readouterr().out.decode("utf-8")
        place = slice(citation["start_char_index"], citation["end_char_index"])
        assert body[place] == citation["cited_text"]
    numbers = [citation["number"] for citation in answer["citations"]]
    assert numbers == sorted(set(numbers))
    for claim in answer["claims"]:
        assert answer["answer"][claim["start"] : claim["end"]] == claim["text"]
        assert set(claim["citations"]) <= set(numbers)


def test_the_example_of_the_page_on_json_runs(
    corpus_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs/json.md").read_text(encoding="utf-8")
    example = page.partition("```python\n")[2].partition("```")[0]
    monkeypatch.setenv("FOOTNOTE_HOME", str(corpus_home))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    checked = example + "assert answer['citations']\n"
    subprocess.run([sys.executable, "-c", checked], check=True)


def test_lines_are_answered_one_object_each_and_bad_ones_keep_their_place(
    corpus_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = json.dumps(["Who visited Pakistan in July?", "And in May?"])
    typed(monkeypatch, TRADE, "", "[broken", conversation, "word " * 10_000)
    code, out, err = run(capsys, "ask", "--home", corpus_home, "--json", "-")
    first, broken, last, long = map(json.loads, out.splitlines())
    assert code == 1
    assert first["question"] == TRADE
    assert broken["line"] == 3
    assert "not a JSON array" in broken["error"]
    assert last["question"] == "And in May?"
    assert last["query"] != "And in May?"
    assert long["line"] == 5
    assert [line.partition(": ")[2][:7] for line in err.splitlines()] == ["line 3:", "line 5:"]


def test_lines_that_are_all_answered_or_refused_exit_with_0(
    corpus_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, TRADE, NOT_SAID)
    code, out, err = run(capsys, "ask", "--home", corpus_home, "-")
    assert (code, err) == (0, "")
    assert f"> {TRADE}\n\n" in out
    assert f"> {NOT_SAID}\n\n" in out


def test_search_lists_ranked_passages(
    corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "search", "--home", corpus_home, "--json", "--top-k", "3", TRADE)
    hits = json.loads(out)
    assert code == 0
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert "$1.5 billion" in hits[0]["text"]
    _, text, _ = run(capsys, "search", "--home", corpus_home, "--top-k", "3", TRADE)
    assert text.startswith("1. ")


def test_articles_and_show(corpus_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "articles", "--home", corpus_home, "--json")
    listed = json.loads(out)
    assert len(listed) == len(list((ROOT / "corpus").glob("*.md")))
    _, table, _ = run(capsys, "articles", "--home", corpus_home)
    assert len(table.splitlines()) == 1 + len(listed)
    _, out, _ = run(capsys, "show", "--home", corpus_home, "--json", ARMS)
    shown = json.loads(out)
    _, text, _ = run(capsys, "show", "--home", corpus_home, ARMS)
    assert text.startswith(f"article_id: {ARMS}\ntitle: {shown['title']}\n")
    assert text.endswith(shown["body"] + "\n")


def test_filters_restrict_the_articles(
    corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["search", "--home", corpus_home, "--json", "oil"]
    _, out, _ = run(capsys, *words, "--article", ARMS)
    assert {hit["article_id"] for hit in json.loads(out)} == {ARMS}
    _, out, _ = run(capsys, *words, "--outlet", "idrw.org")
    assert {hit["article_id"] for hit in json.loads(out)} == {ARMS}
    code, out, _ = run(capsys, *words, "--since", "2025-01-01")
    assert (code, out) == (0, "[]\n")  # no article of the corpus gives its date


def test_verify_remove_and_index_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "verify", "--home", home)
    assert (code, err) == (0, "")
    assert re.fullmatch(rf"ok: 3 articles, \d+ passages; index in {home}\n", out)
    code, out, _ = run(capsys, "remove", "--home", home, ARMS)
    assert (code, out) == (0, f"removed {ARMS}; index in {home}\n")
    code, _, err = run(capsys, "show", "--home", home, ARMS)
    assert (code, err.count("\n")) == (1, 1)
    code, out, _ = run(capsys, "index", "--home", home, ROOT / "corpus")
    assert code == 0
    assert out.startswith("3 articles (1 added, 0 changed, 2 unchanged, 0 removed), ")
    assert out.endswith(f"passages; index in {home}\n")


def test_without_an_index_the_first_question_builds_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "corpus", tmp_path / "corpus")
    monkeypatch.setenv("FOOTNOTE_HOME", "kept")
    done = footnote("ask", "--json", TRADE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "$1.5 billion" in json.loads(done.stdout)["answer"]
    assert done.stderr
    assert (tmp_path / "kept" / "CURRENT").is_file()
    again = footnote("ask", "--json", TRADE, cwd=tmp_path)
    assert (again.returncode, again.stderr) == (0, b"")
