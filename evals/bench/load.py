"""What many readers at once get: the page and `footnote serve` under load, each in its own process.

python -m evals.bench.load --users 50 --minutes 5
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from evals.bench.served import (
    ANSWER_SECONDS,
    ROOT,
    TARGETS,
    Outcome,
    Running,
    Sample,
    Target,
    ask,
    running,
)
from evals.cases import load_cases
from evals.gold import CasesError
from evals.statistics import percentile
from rag.errors import RagError

SUITE = ROOT / "evals" / "suites" / "originals" / "dev.jsonl"
USERS, MINUTES, BURST = 50, 5.0, 200
PAUSE_SECONDS = (10.0, 20.0)
"""A reader reads before the next question."""
MAX_MINUTES = 60.0
BAR_SECONDS = 2.0
"""The aim: first text p95 at most this, with 50 readers on two cores."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one phase brought."""

    phase: str
    target: str
    seconds: float
    asked: int
    answered: int
    busy: int
    errors: tuple[str, ...]
    first_p50: float | None
    first_p95: float | None
    total_p95: float | None
    megabytes_before: float | None
    megabytes_after: float | None
    processor_seconds: float | None
    """The server's, for one answer; other programs of the machine don't change it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Loads the servers from the command line; 0 if no question met an error, else 1."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.load", description=__doc__)
    parser.add_argument("--users", type=int, default=USERS, help="readers at once (%(default)s)")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long (%(default)s)")
    burst = "questions asked in one moment afterwards (%(default)s)"
    parser.add_argument("--burst", type=int, default=BURST, help=burst)
    both = "what to load; both, one after the other, by default"
    parser.add_argument("--target", choices=list(TARGETS), action="append", help=both)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if not (args.users > 0 and args.burst >= 0 and 0 < args.minutes <= MAX_MINUTES):
        parser.error(f"give 1 user or more, and up to {MAX_MINUTES:g} minutes")
    try:
        loads = measure([TARGETS[name] for name in args.target or TARGETS], args)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"cores": os.cpu_count(), "loads": [asdict(x) for x in loads]}, indent=2))
    return 1 if any(load.errors for load in loads) else 0


def measure(targets: Sequence[Target], args: argparse.Namespace) -> list[Load]:
    """Every phase of every target, each told as soon as it is over.

    Raises:
        RagError: A server cannot be started.
    """
    loads: list[Load] = []
    tell = print if not args.json else lambda _: None
    tell(
        f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.2f} before; this asks from them"
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        _index(home)
        for target in targets:
            with running(target, home) as server:
                listens, ready = server.seconds_to_listen, server.seconds_to_ready
                tell(f"\n{target.name}: listens after {listens:.1f} s, ready after {ready:.1f} s")
                for load in asyncio.run(_phases(target, server, args)):
                    tell(to_text(load))
                    loads.append(load)
    return loads


async def _phases(target: Target, server: Running, args: argparse.Namespace) -> list[Load]:
    questions = [case.question for case in load_cases(SUITE)]
    rng = random.Random(0)  # noqa: S311 - repeatable questions and pauses
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=args.users)
    async with httpx.AsyncClient(
        base_url=server.address, trust_env=False, timeout=ANSWER_SECONDS, limits=limits
    ) as http:
        for question in questions[:3]:  # models are loaded, caches filled
            outcome = await ask(target, http, question)
            if outcome.kind != "answered":
                raise CasesError(f"{target.name}: {question!r} is not answered: {outcome.detail}")
        loads = [await _steady(target, server, http, args, rng)]
        if args.burst:
            loads.append(await _burst(target, server, http, args.burst))
            loads.append(await _afterwards(target, server, http))
    return loads


async def _steady(
    target: Target,
    server: Running,
    http: httpx.AsyncClient,
    args: argparse.Namespace,
    rng: random.Random,
) -> Load:
    """So many readers, each pausing between questions, until the time is over."""
    questions = [case.question for case in load_cases(SUITE)]
    outcomes: list[Outcome] = []
    before = server.sample()
    until = before.at + args.minutes * 60

    async def read(pause: float) -> None:
        while time.perf_counter() + pause < until:
            await asyncio.sleep(pause)
            outcomes.append(await ask(target, http, rng.choice(questions)))
            pause = rng.uniform(*PAUSE_SECONDS)

    latest = min(PAUSE_SECONDS[1], 0.9 * (until - before.at))  # everybody asks once at least
    await asyncio.gather(*(read(rng.uniform(0, latest)) for _ in range(args.users)))
    return _load(f"{args.users} readers", target, outcomes, before, server.sample())


async def _burst(
    target: Target, server: Running, http: httpx.AsyncClient, n_questions: int
) -> Load:
    questions = [case.question for case in load_cases(SUITE)]
    before = server.sample()
    outcomes = await asyncio.gather(
        *(ask(target, http, questions[n % len(questions)]) for n in range(n_questions))
    )
    return _load(f"burst of {n_questions}", target, outcomes, before, server.sample())


async def _afterwards(target: Target, server: Running, http: httpx.AsyncClient) -> Load:
    """Whether the next reader is answered as if nothing had been."""
    before = server.sample()
    outcomes = [await ask(target, http, case.question) for case in load_cases(SUITE)[:5]]
    return _load("one by one", target, outcomes, before, server.sample())


def _load(
    phase: str,
    target: Target,
    outcomes: Sequence[Outcome],
    before: Sample,
    after: Sample,
) -> Load:
    answered = [outcome for outcome in outcomes if outcome.kind == "answered"]
    first = [outcome.first_seconds for outcome in answered]
    return Load(
        phase=phase,
        target=target.name,
        seconds=after.at - before.at,
        asked=len(outcomes),
        answered=len(answered),
        busy=sum(outcome.kind == "busy" for outcome in outcomes),
        errors=tuple(outcome.detail for outcome in outcomes if outcome.kind == "error"),
        first_p50=percentile(first, 50) if first else None,
        first_p95=percentile(first, 95) if first else None,
        total_p95=percentile([o.total_seconds for o in answered], 95) if answered else None,
        megabytes_before=before.megabytes,
        megabytes_after=after.megabytes,
        processor_seconds=_each(before, after, len(answered)),
    )


def _each(before: Sample, after: Sample, n_answers: int) -> float | None:
    if before.processor_seconds is None or after.processor_seconds is None or not n_answers:
        return None
    return (after.processor_seconds - before.processor_seconds) / n_answers


def to_text(load: Load) -> str:
    """The phase in a few lines."""
    lines = [
        f"  {load.phase}, {load.seconds:.0f} s: {load.asked} asked, {load.answered} answered, "
        f"{load.busy} busy, {len(load.errors)} errors"
    ]
    if load.first_p50 is not None and load.first_p95 is not None:
        met = "met" if load.first_p95 <= BAR_SECONDS else "MISSED"
        bar = f"  bar {BAR_SECONDS:g} s: {met}" if "readers" in load.phase else ""
        times = f"p50 {load.first_p50:.2f} s, p95 {load.first_p95:.2f} s"
        lines.append(f"    first text {times}; whole p95 {load.total_p95:.2f} s{bar}")
    if load.megabytes_before is not None and load.megabytes_after is not None:
        sizes = f"{load.megabytes_before:.0f} MB before, {load.megabytes_after:.0f} MB after"
        lines.append(f"    memory {sizes}")
    if load.processor_seconds is not None:
        lines.append(f"    processor {load.processor_seconds:.2f} s an answer")
    lines += [f"    {n} x {error}" for error, n in Counter(load.errors).most_common(3)]
    return "\n".join(lines)


def _index(home: Path) -> None:
    command = [sys.executable, "-m", "ui", "index", str(ROOT / "corpus"), "--home", str(home)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CasesError(f"footnote index: {done.stderr.strip()}")


if __name__ == "__main__":
    sys.exit(main())
