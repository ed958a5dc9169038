"""What passes between commands and terminal: lines of questions, JSON, complaints, progress."""

from __future__ import annotations

import json
import re
import shutil
import sys
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.errors import QuestionError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_LINE_SECONDS = 10.0
"""At most one line a stage in this time where stderr is no terminal."""
_STAGES = {
    "embed": "embedding articles",
    "index": "indexing passages",
    "verify": "verifying",
    "eval": "asking",
}
"""What a reader calls the stages of rag.indexing."""
_MAX_WIDTH = 100
"""Columns beyond which a line of text is hard to read."""
_CONVERSATION = '["a first question", "the next"]'
# JSON lets a line say "\ud800", which is no character and cannot be encoded.
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def complain(message: str) -> None:
    """Writes one line for the reader to stderr."""
    from ui.render import one_line

    sys.stderr.write(f"footnote: {one_line(message)}\n")
    sys.stderr.flush()


def print_json(value: object) -> None:
    """Writes the value to stdout on one line, in ASCII escapes where stdout takes no UTF-8."""
    escape = sys.stdout.encoding.lower().replace("-", "") != "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=escape) + "\n")
    sys.stdout.flush()


def text_width() -> int | None:
    """Columns of the terminal; None, no wrapping, where stdout is a file or a pipe."""
    if not sys.stdout.isatty():
        return None
    return min(shutil.get_terminal_size().columns, _MAX_WIDTH)


def question_lines() -> Iterator[tuple[int, bytes]]:
    """The lines of standard input that are not empty, with their numbers from 1."""
    if sys.stdin is None:
        raise QuestionError("standard input is closed; pipe one question a line into 'ask -'")
    for number, line in enumerate(sys.stdin.buffer, start=1):
        words = line.removeprefix(b"\xef\xbb\xbf").strip()
        if words:
            yield number, words


def read_questions(line: bytes) -> list[str]:
    """The line's question, or those of the conversation that it holds, in order.

    Raises:
        QuestionError: The line is not UTF-8, or begins as a JSON array but is none of strings.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QuestionError(f"not UTF-8 ({error}); save the questions as UTF-8") from error
    if not text.startswith("["):
        return [text]
    try:
        questions = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"not a JSON array ({error}); write {_CONVERSATION}") from error
    if not (questions and all(isinstance(question, str) for question in questions)):
        raise QuestionError(f"a JSON array of something else; write {_CONVERSATION}")
    if _SURROGATE.search("".join(questions)):
        raise QuestionError("half of a surrogate pair, \\ud800 to \\udfff; write the character")
    return list(questions)


class ProgressDisplay:
    """A callback `(stage, done, total)` that draws a bar on a terminal, a line elsewhere.

    Nothing is shown, nor rich loaded, before the first call.
    """

    def __init__(self) -> None:
        self._stage = ""
        self._printed = 0.0
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Shows that `done` of `total` parts of the stage are finished."""
        if sys.stderr.isatty():
            self._draw(stage, done, total)
        elif stage != self._stage or time.monotonic() - self._printed > _LINE_SECONDS:
            complain(f"{_STAGES.get(stage, stage)} {done}/{total}")
            self._printed = time.monotonic()
        self._stage = stage

    def _draw(self, stage: str, done: int, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        if self._bar is None:
            self._bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
        if self._task is None or stage != self._stage:
            self._task = self._bar.add_task(_STAGES.get(stage, stage))
        self._bar.update(self._task, completed=done, total=total)
