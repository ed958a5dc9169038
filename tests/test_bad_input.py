"""Bad input: one line that names the thing and the remedy, the right exit code, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import ARMS, ROOT, TRADE, footnote, run


@pytest.fixture
def home(corpus_home: Path, tmp_path: Path) -> Path:
    """An index of the corpus that a test may change."""
    return Path(shutil.copytree(corpus_home, tmp_path / "home"))


def test_a_damaged_index_is_named_and_can_be_repaired(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (generation,) = [path for path in home.glob("gen-*") if path.is_dir()]
    shutil.rmtree(generation / "chroma")
    code, out, err = run(capsys, "verify", "--home", home)
    assert code == 1
    assert out + err
    code, _, err = run(capsys, "ask", "--home", home, TRADE)
    assert (code, err.count("\n")) == (1, 1)
    assert "repair" in err
    assert run(capsys, "repair", "--home", home)[0] == 0
    assert run(capsys, "verify", "--home", home)[0] == 0
    assert run(capsys, "ask", "--home", home, TRADE)[0] == 0


def test_a_second_writer_is_told_who_holds_the_index(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rag.indexing.disk import writer_lock

    with writer_lock(home):
        code, out, err = run(capsys, "index", "--home", home, ROOT / "corpus")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert str(os.getpid()) in err


BAD_FILES: dict[str, bytes] = {
    "broken.md": b"---\ntitle: [open\n---\nBody.\n",
    "binary.txt": b"GIF89a\x00\x01\x02" * 50,
    "latin.txt": "Café.".encode("latin-1"),
    "empty.txt": b"",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_read_is_named_in_one_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / name
    bad.write_bytes(BAD_FILES[name])
    code, out, err = run(capsys, "index", "--home", tmp_path / "home", bad)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("footnote: ")
    assert str(bad) in err


def test_refused_files_are_named_and_the_rest_is_indexed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    news = Path(shutil.copytree(ROOT / "corpus", tmp_path / "news"))
    for name, content in BAD_FILES.items():
        (news / name).write_bytes(content)
    code, out, err = run(capsys, "index", "--home", home, "--json", news)
    assert code == 0
    refused = {Path(refusal["path"]).name for refusal in json.loads(out)["refused"]}
    assert refused == set(BAD_FILES)
    named = [line for line in err.splitlines() if line.startswith(f"footnote: {news}")]
    assert len(named) == len(BAD_FILES)


@pytest.mark.parametrize("make", [None, "folder"], ids=["missing", "empty"])
def test_a_folder_without_articles_is_named(
    make: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "news"
    if make:
        folder.mkdir()
    code, out, err = run(capsys, "index", "--home", tmp_path / "home", folder)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert str(folder) in err


@pytest.mark.parametrize("question", ["", "   ", "word " * 10_000], ids=["empty", "blank", "long"])
def test_a_question_that_cannot_be_asked_is_one_line(
    question: str, corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "ask", "--home", corpus_home, question)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert len(err) < 300


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["show", "nothing"], "nothing"),
        (["remove", "nothing"], "nothing"),
        (["ask", "--article", "nothing", TRADE], "nothing"),
        (["ask", "--outlet", "Nobody", TRADE], "Nobody"),
    ],
)
def test_a_name_that_is_not_indexed_is_said_so(
    words: list[str], named: str, corpus_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "--home", corpus_home, *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert repr(named) in err


def test_a_home_that_is_a_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    home.write_text("not a folder", encoding="utf-8")
    code, out, err = run(capsys, "articles", "--home", home)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert str(home) in err


def test_output_in_ascii_is_still_json(corpus_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = footnote("show", "--home", str(corpus_home), "--json", ARMS)
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("ascii"))["article_id"] == ARMS


def test_a_reader_that_leaves_is_no_error(corpus_home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "ui", "show", "--home", str(corpus_home), ARMS]
    with os.fdopen(writing, "wb") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_one_line(corpus_home: Path) -> None:
    command = [sys.executable, "-m", "ui", "articles", "--home", str(corpus_home)]
    with Path("/dev/full").open("wb") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1


def test_a_closed_standard_input_is_one_line(corpus_home: Path) -> None:
    command = f"exec {sys.executable} -m ui ask --home '{corpus_home}' - <&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"footnote: standard input is closed")
