"""An answer on the terminal: claim by claim, the same in the end, kept when it is stopped."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from browser.standin import EXPORTS, NOBODY, StandIn
from browser.worded import Worded, worded

from rag.answer import Answer, Working
from rag.answering.streaming import prefixes
from ui.render import to_text
from ui.telling import tell, tell_who_is_asked


class Terminal(io.TextIOWrapper):
    """Standard output that is a terminal, or is none."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="\n")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def shown(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode("utf-8")


@pytest.fixture(params=[True, False], ids=["terminal", "pipe"])
def kind(request, monkeypatch) -> bool:
    monkeypatch.setenv("COLUMNS", "60")
    return request.param


@pytest.fixture
def put(monkeypatch) -> Callable[[bool], Terminal]:
    """Puts one in place; in the test itself, for pytest puts its own there before."""

    def place(is_terminal: bool) -> Terminal:
        terminal = Terminal(is_terminal=is_terminal)
        monkeypatch.setattr("sys.stdout", terminal)
        return terminal

    return place


def growing(answer: Answer) -> Iterator[Answer | Working]:
    for step in prefixes(answer):
        yield Working("…")
        yield step


@pytest.mark.parametrize(
    "answer", [worded("q"), StandIn().ask(EXPORTS), StandIn().ask(NOBODY)], ids=["llm", "q", "no"]
)
def test_what_is_printed_in_the_end_is_the_whole_answer(put, kind, answer):
    stdout = put(kind)
    assert tell(growing(answer), as_json=False) == answer
    assert stdout.shown() == to_text(answer, 60 if kind else None) + "\n"


def test_a_terminal_shows_each_claim_as_it_comes_and_a_pipe_the_whole(put, kind):
    stdout = put(kind)
    answer, seen = worded("q"), []

    def steps() -> Iterator[Answer]:
        for step in prefixes(answer):
            yield step
            seen.append(stdout.shown())

    tell(steps(), as_json=False)
    first = "The valley sold goods worth $86.07 million in 2024. [1]"
    assert (seen[0] == first) is kind
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen))


def test_json_is_one_line_wherever_it_goes(put, kind):
    stdout = put(kind)
    answer = worded("q")
    tell(growing(answer), as_json=True)
    assert json.loads(stdout.shown()) == answer.to_dict()
    assert stdout.shown().count("\n") == 1


def test_what_differs_from_what_was_shown_is_written_anew(put):
    terminal = put(True)
    first, last = StandIn().ask(EXPORTS), StandIn().ask(NOBODY)
    tell(iter([first, last]), as_json=False)
    assert terminal.shown().endswith("\n\n" + to_text(last, 80) + "\n")


def test_ctrl_c_closes_the_steps_and_keeps_what_was_shown(put, kind):
    stdout = put(kind)
    closed = []

    def steps() -> Iterator[Answer]:
        try:
            yield next(prefixes(worded("q")))
            raise KeyboardInterrupt
        finally:
            closed.append(True)

    coming = steps()
    with pytest.raises(KeyboardInterrupt):
        tell(coming, as_json=False)
    assert closed
    shown = "The valley sold goods worth $86.07 million in 2024. [1]\n"
    assert stdout.shown() == (shown if kind else "")


def test_who_is_asked_is_told_on_stderr_and_nothing_where_nobody_is(capsys):
    tell_who_is_asked(StandIn())
    assert capsys.readouterr() == ("", "")
    tell_who_is_asked(Worded())
    words = (
        "footnote: llama3.1:8b words the answers; passages of your articles go to models.example\n"
    )
    assert capsys.readouterr() == ("", words)
