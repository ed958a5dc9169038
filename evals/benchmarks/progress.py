"""How far a benchmark is, as bars on standard error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self, TypeVar

from rich.console import Console
from rich.progress import Progress, TaskID

A = TypeVar("A")
T = TypeVar("T")

_STAGES = {
    "embed": "embedding articles",
    "index": "indexing passages",
    "verify": "verifying",
    "peer": "building the peer's index",
    "ask": "asking",
}


class Bars(AbstractContextManager["Bars"]):
    """A bar for each stage."""

    def __init__(self) -> None:
        """Shows nothing until a stage is told of."""
        self._progress = Progress(console=Console(stderr=True))
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        """The bars themselves."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leaves them as they are."""
        self._progress.stop()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Moves a stage's bar, as the indexing reports it."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(_STAGES.get(stage, stage), total=total)
        self._progress.update(self._tasks[stage], completed=done, total=total)

    def counted(self, look: Callable[[A], T], total: int) -> Callable[[A], T]:
        """The function, with a step of the bar `ask` after each call."""
        done = 0

        def counting(asked: A) -> T:
            nonlocal done
            looked = look(asked)
            done += 1
            self("ask", done, total)
            return looked

        return counting
