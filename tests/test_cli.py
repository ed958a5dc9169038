"""The command line: what is typed, what comes out where, and with which exit code."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from commandline import footnote

from ui.arguments import build_parser, parse
from ui.cli import main
from ui.terminal import ProgressDisplay, question_lines, read_questions

COMMANDS = [
    "index", "ask", "search", "articles", "show", "figures", "conflicts", "chat", "serve",
    "verify", "repair", "remove", "doctor", "eval",
]  # fmt: skip
HEAVY = ["llama_index", "chromadb", "gradio", "openai", "numpy", "rich", "onnxruntime", "bm25s"]


def helps() -> dict[str, str]:
    subparsers = next(
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return {name: parser.format_help() for name, parser in subparsers.choices.items()}


def examples(text: str) -> list[str]:
    return [line.strip() for line in text.partition("examples:\n")[2].splitlines() if line.strip()]


# What is typed


def test_the_commands_are_those_of_the_design() -> None:
    assert list(helps()) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_examples_that_parse(command: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"usage: footnote {command}" in out.getvalue()
    shown = examples(out.getvalue())
    assert shown
    for example in shown:
        words = shlex.split(re.split(r"\| | > ", example)[-1 if "|" in example else 0])
        assert words[:2] == ["footnote", command]
        assert callable(parse(words[1:]).run)


def test_help_lists_every_command_and_the_exit_codes() -> None:
    done = footnote("--help")
    assert done.returncode == 0
    text = done.stdout.decode()
    assert all(re.search(rf"^    {command}(?: |$)", text, re.MULTILINE) for command in COMMANDS)
    assert "3 refused" in text


def test_without_a_command_the_help_is_on_stderr() -> None:
    done = footnote()
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"usage: footnote" in done.stderr


def test_version() -> None:
    done = footnote("--version")
    assert done.returncode == 0
    assert re.fullmatch(rb"footnote \d+\.\d+\.\d+\S*\n", done.stdout)


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = f"import sys, ui.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"[]\n"


@pytest.mark.parametrize(
    "words", [["--home", "a", "articles"], ["articles", "--home", "a"]], ids=["before", "after"]
)
def test_home_may_stand_before_or_after_the_command(words: list[str]) -> None:
    assert parse(words).home == Path("a")
    assert parse(["articles"]).home is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ask"], "required: QUESTION"),
        (["index"], "required: PATH"),
        (["index", ""], "an empty path"),
        (["--home", "", "articles"], "an empty path"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["ask", "x", "--since", "20 May"], "'20 May' is no date; write it as 2025-05-20"),
        (["ask", "x", "--until", "2025-02-30"], "'2025-02-30' is no date"),
        (["ask", "x", "--since", "2025-02-02", "--until", "2025-02-01"], "is after --until"),
        (["search", "x", "--top-k", "0"], "'0' is no number of passages; give 1 or more"),
        (["chat", "--port", "70000"], "'70000' is no port; give 1 to 65535"),
        (["show", "x", "--raw", "--json"], "not allowed with"),
        (["ask", "x", "--out", "y"], "unrecognized arguments: --out"),
        (["ask", "caf\udce9"], "not valid UTF-8"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_to_type(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err


def test_bytes_that_are_not_utf8_are_wrong_usage_without_traceback() -> None:
    done = footnote("ask", b"caf\xe9")
    assert done.returncode == 2
    assert b"not valid UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr


# Lines of standard input


@pytest.mark.parametrize(
    ("line", "questions"),
    [
        (b"Who leads it?", ["Who leads it?"]),
        (b'"quoted"', ['"quoted"']),
        (b'["Who?"]', ["Who?"]),
        ('["Où?", "Et après?"]'.encode(), ["Où?", "Et après?"]),
    ],
)
def test_a_line_is_a_question_or_a_conversation(line: bytes, questions: list[str]) -> None:
    assert read_questions(line) == questions


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'["open', "not a JSON array"),
        (b"[sic] who?", "not a JSON array"),
        (b"[]", "a JSON array of something else"),
        (b'["a", 1]', "a JSON array of something else"),
        (b'["a", ["b"]]', "a JSON array of something else"),
        (b"[" * 100_000, "not a JSON array"),
        (b'["\\ud800"]', "half of a surrogate pair"),
        (b"caf\xe9?", "not UTF-8"),
    ],
)
def test_a_line_that_is_neither_says_why(line: bytes, message: str) -> None:
    from rag.errors import QuestionError

    with pytest.raises(QuestionError, match=message):
        read_questions(line)


def test_empty_lines_are_skipped_and_keep_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = b"\xef\xbb\xbfOne?\r\n\n  \nTwo?"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
    assert list(question_lines()) == [(1, b"One?"), (4, b"Two?")]


def test_progress_off_a_terminal_is_a_line_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressDisplay() as progress:
        for done in range(4):
            progress("embedding", done, 3)
        progress("writing", 1, 1)
    assert capsys.readouterr().err == "footnote: embedding 0/3\nfootnote: writing 1/1\n"
