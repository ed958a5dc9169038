"""How long a reader waits: `footnote --help`, a cold `footnote ask`, and a warm question, medians.

python -m evals.bench.speed
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import load_cases
from evals.gold import CasesError
from evals.statistics import percentile
from rag.errors import RagError

ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT / "evals" / "suites" / "originals" / "dev.jsonl"
QUESTION = "How much did India export to Azerbaijan in FY2024-25?"

RUNS = 7
WARM_QUESTIONS = 12
ANSWERED, REFUSED = 0, 3


@dataclass(frozen=True, slots=True)
class Timing:
    """One thing that was timed."""

    label: str
    seconds: tuple[float, ...]
    """One a run."""
    bar: float | None = None
    """Most that the median may be, if a goal was set."""

    @property
    def median(self) -> float:
        """Half of the runs took at most this."""
        return percentile(self.seconds, 50)


def main(argv: Sequence[str] | None = None) -> int:
    """Times everything from the command line; the exit code is 0, or 1 after an error."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.speed", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"of each; {RUNS} by default")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    load = os.getloadavg()[0]
    try:
        with tempfile.TemporaryDirectory() as folder:
            timings, stages = measure(Path(folder) / "home", args.runs)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_dict(timings, stages, load), indent=2))
    else:
        _print_table(timings, stages, load)
    return 0


def measure(home: Path, runs: int) -> tuple[tuple[Timing, ...], tuple[Timing, ...]]:
    """The waits, and the stages of the cold one.

    Args:
        home: Where to index `corpus/`; not there yet.
        runs: How often each process is started, and each warm question asked.

    Raises:
        CasesError: `footnote` is not installed beside this Python, or fails.
    """
    _run("index", str(ROOT / "corpus"), "--home", str(home))
    helps = tuple(_run("--help") for _ in range(runs))
    asks = tuple(_run("ask", QUESTION, "--home", str(home)) for _ in range(runs))
    cold = [_cold(home) for _ in range(runs)]
    waits = (
        Timing("footnote --help", helps, bar=0.15),
        Timing("footnote ask, cold process, three articles", asks, bar=2.5),
        Timing("Chatbot.ask, warm, three articles", _warm(home, runs), bar=0.3),
    )
    return waits, tuple(Timing(stage, tuple(run[stage] for run in cold)) for stage in cold[0])


def _run(*words: str) -> float:
    """Seconds that `footnote` takes with these words, from start to exit."""
    footnote = Path(sys.executable).with_name("footnote")
    if not footnote.is_file():
        raise CasesError(f"{footnote}: no such command; install the project with `make setup`")
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        [str(footnote), *words], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode not in {ANSWERED, REFUSED}:
        raise CasesError(f"footnote {' '.join(words)}: {done.stderr.strip()}")
    return seconds


def _cold(home: Path) -> dict[str, float]:
    """Seconds of every stage of a cold question."""
    started = time.monotonic()  # one clock for all processes
    command = [sys.executable, "-m", "evals.bench.cold", str(started), str(home), QUESTION]
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CasesError(f"evals.bench.cold: {done.stderr.strip()}")
    stages: dict[str, float] = json.loads(done.stdout)
    ran = sum(stages.values())
    return {**stages, "leaving": time.monotonic() - started - ran}


def _warm(home: Path, runs: int) -> tuple[float, ...]:
    """Seconds of every question of the development suite's first, each asked several times."""
    from rag.chatbot import Chatbot

    questions = [case.question for case in load_cases(SUITE)[:WARM_QUESTIONS]]
    seconds = []
    with Chatbot.open(home=home) as bot:
        bot.ask(QUESTION)
        for question in questions * runs:
            started = time.perf_counter()
            bot.ask(question)
            seconds.append(time.perf_counter() - started)
    return tuple(seconds)


def as_dict(waits: Sequence[Timing], stages: Sequence[Timing], load: float) -> dict[str, Any]:
    """Everything as JSON values."""
    return {
        "cores": os.cpu_count(),
        "load_average": load,
        "waits": {w.label: {"median": w.median, "bar": w.bar, "runs": w.seconds} for w in waits},
        "cold_stages": {s.label: {"median": s.median, "runs": s.seconds} for s in stages},
    }


def _print_table(waits: Sequence[Timing], stages: Sequence[Timing], load: float) -> None:
    print(f"{os.cpu_count()} cores, load average {load:.2f} before the first run\n")
    for wait in waits:
        met = "met" if wait.bar is not None and wait.median <= wait.bar else "MISSED"
        line = f"{wait.label:45} {wait.median:6.3f} s  p95 {percentile(wait.seconds, 95):6.3f} s"
        print(f"{line}  n={len(wait.seconds)}  bar {wait.bar} s: {met}")
    total = sum(stage.median for stage in stages)
    print("\nthe cold question's stages, one after the other")
    for stage in stages:
        print(f"  {stage.label:43} {stage.median:6.3f} s  {stage.median / total:4.0%}")


if __name__ == "__main__":
    sys.exit(main())
