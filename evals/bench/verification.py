"""Suites that come along → how long the checks of an answer take, and their parts, cold and warm.

python -m evals.bench.verification
"""

from __future__ import annotations

import argparse
import functools
import gc
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from evals.asking import Conversations
from evals.cases import Case
from evals.statistics import percentile
from evals.suite import Suite, load_suites
from rag import chatbot
from rag.answering import compose
from rag.chatbot import Chatbot
from rag.config import load_config
from rag.corpus import bundled_corpus
from rag.errors import RagError

BAR_MS = 10.0
"""Most that the median may be."""
STAGE = "the stage as a whole"
PARTS: tuple[tuple[str, ModuleType, str], ...] = (
    ("articles that disagree", chatbot, "find_disagreements"),
    ("who says so", compose, "attributed_lead"),
    ("figures and names", compose, "verify"),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One answer's times."""

    disagrees: bool
    """Whether it shows articles that disagree."""
    milliseconds: dict[str, float]
    """Of the stage and of its parts."""


def main(argv: Sequence[str] | None = None) -> int:
    """Asks everything twice; the exit code is 0, or 1 after an error or above the bar."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.verification", description=__doc__)
    parser.add_argument("--split", default="dev", help="of the suites; 'dev' by default")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    load = os.getloadavg()[0]
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder), load_suites([], split=args.split))
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_dict(found, load), indent=2))
    else:
        _print_tables(found, load)
    return int(any(_of(checked, STAGE, 50) > BAR_MS for checked in found.values()))


def measure(folder: Path, suites: Sequence[Suite]) -> dict[str, list[Checked]]:
    """The times of every answered case: cold, and warm, when all was asked before.

    Cold is as of a process that has read none of the articles before: whatever the rules remember
    of sentences is forgotten before each question.

    Args:
        folder: Where to index the suites' articles.
        suites: What to ask.
    """
    found: dict[str, list[Checked]] = {"cold": [], "warm": []}
    homes: dict[Path, Path] = {}
    for suite in suites:
        articles = suite.articles or bundled_corpus()
        home = homes.setdefault(articles, folder / f"index-{len(homes)}")
        config = replace(load_config(), home=home)
        with Chatbot.open(articles, config=config) as bot:
            bot.warm_up()
            found["cold"] += _asked(bot, suite.cases, forget)
            found["warm"] += _asked(bot, suite.cases, lambda: None)
    return found


def _asked(bot: Chatbot, cases: Sequence[Case], before: Callable[[], None]) -> Iterator[Checked]:
    talks = Conversations(bot)
    for case in cases:
        if case.history:
            talks.ask(case)  # the turns before it; the answer is timed below
        before()
        with _timed() as seconds:
            answer = talks.ask(case)
        if answer.refusal is None:
            seconds[STAGE] = answer.seconds["verify"]
            times = {name: 1000 * seconds.get(name, 0.0) for name in (STAGE, *_names())}
            yield Checked(bool(answer.conflicts), times)


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    """Seconds spent in each part while the block runs."""
    seconds: dict[str, float] = defaultdict(float)
    kept = [(module, name, getattr(module, name)) for _, module, name in PARTS]

    def timed(label: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                seconds[label] += time.perf_counter() - started

        return run

    for label, module, name in PARTS:
        setattr(module, name, timed(label, getattr(module, name)))
    try:
        yield seconds
    finally:
        for module, name, function in kept:
            setattr(module, name, function)


def forget() -> None:
    """Empties what our functions remember; tables that are loaded once stay."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and one.cache_parameters()["maxsize"]:
            wrapped = getattr(one.__wrapped__, "func", one.__wrapped__)
            if getattr(wrapped, "__module__", "").startswith("rag."):
                one.cache_clear()


def _names() -> tuple[str, ...]:
    return tuple(label for label, _, _ in PARTS)


def _of(checked: Sequence[Checked], name: str, percent: float) -> float:
    return percentile([one.milliseconds[name] for one in checked], percent)


def as_dict(found: dict[str, list[Checked]], load: float) -> dict[str, Any]:
    """Everything as JSON values."""
    return {
        "cores": os.cpu_count(),
        "load_average": load,
        "bar_ms": BAR_MS,
        **{
            way: [{"disagrees": c.disagrees, "ms": c.milliseconds} for c in checked]
            for way, checked in found.items()
        },
    }


def _print_tables(found: dict[str, list[Checked]], load: float) -> None:
    print(
        f"{os.cpu_count()} cores, load average {load:.2f} before the first question; milliseconds"
    )
    for way, checked in found.items():
        both = [one for one in checked if one.disagrees]
        for title, some in (("answers", checked), ("answers that show a disagreement", both)):
            print(f"\n{way}, {len(some)} {title}" + " " * 4 + "median   p95   most")
            for name in (STAGE, *_names()) if some else ():
                times = [_of(some, name, percent) for percent in (50, 95, 100)]
                print(f"  {name:38}" + "".join(f"{ms:7.1f}" for ms in times))
        met = "met" if _of(checked, STAGE, 50) <= BAR_MS else "MISSED"
        print(f"  median of at most {BAR_MS:.0f} ms: {met}")


if __name__ == "__main__":
    sys.exit(main())
