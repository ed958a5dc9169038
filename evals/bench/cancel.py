"""How soon a request to a model is broken off once its reader stops the answer or leaves the page.

python -m evals.bench.cancel --trials 100
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from evals.bench.served import ANSWER_SECONDS, PAGE, Running, running
from evals.bench.slow_model import MODEL, Phase, SlowModel, slow_model
from evals.gold import CasesError
from evals.statistics import percentile
from rag.errors import RagError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TRIALS = 100
PROMISED_SECONDS = 1.0
QUESTION = "How much is trade between India and Azerbaijan worth?"
MAX_DELAY = 1.5
"""Longest time from the request to the cancelling, in seconds."""
WARM_UPS = 3
"""Answers before anything is counted: models are loaded, and pools have their threads."""
MORE_THREADS = 10
"""Pools grow to what was ever needed at once; one thread left behind by each trial is far more."""
SETTLE_SECONDS = 5.0
"""After the last trial, before threads and connections are counted."""
Way = Literal["stop", "leave"]
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-proxy-server")


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer that was broken off."""

    phase: Phase
    way: Way
    delay: float
    """From the model's being asked to the cancelling, in seconds."""
    seconds: float | None
    """From the cancelling until the model's server saw the connection end; None: it never did."""


@dataclass(frozen=True, slots=True)
class Used:
    """What the page's process holds."""

    threads: int
    files: int
    """Open files, connections among them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Cancels from the command line; 0 if every request was broken off in time, nothing leaked."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.cancel", description=__doc__)
    parser.add_argument("--trials", type=int, default=TRIALS, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the moments (%(default)s)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if args.trials < 1:
        parser.error("give 1 trial or more")
    try:
        trials, before, after, n_open = measure(args.trials, random.Random(args.seed))  # noqa: S311
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        used = {"before": asdict(before), "after": asdict(after)}
        told = {"trials": [asdict(trial) for trial in trials], "open": n_open, **used}
        print(json.dumps(told, indent=2))
    else:
        print(to_text(trials, before, after, n_open))
    late = [t for t in trials if t.seconds is None or t.seconds > PROMISED_SECONDS]
    return 1 if late or n_open or after.threads > before.threads + MORE_THREADS else 0


def measure(n: int, rng: random.Random) -> tuple[list[Trial], Used, Used, int]:
    """The trials, what the page's process held before and after them, and what is open still.

    Raises:
        RagError: There is no browser, or the page cannot be started.
    """
    with tempfile.TemporaryDirectory() as folder, slow_model() as model, _chromium() as browser:
        flags = ("--llm-model", MODEL, "--llm-base-url", model.base_url)
        target = replace(PAGE, words=(*PAGE.words, *flags))
        with running(target, Path(folder) / "home") as server:
            trying = _Trying(browser, server, model, rng)
            for _ in range(WARM_UPS):
                trying.one("between tokens", "stop")
            before = _used(server)
            phases, ways = get_args(Phase), get_args(Way)
            trials = [trying.one(phases[i % 3], ways[i // 3 % 2]) for i in range(n)]
            time.sleep(SETTLE_SECONDS)
            return trials, before, _used(server), model.open


class _Trying:
    """A reader in Chromium, who asks and then thinks better of it."""

    def __init__(
        self, browser: Browser, server: Running, model: SlowModel, rng: random.Random
    ) -> None:
        self._browser = browser
        self._address = server.address
        self._model = model
        self._rng = rng
        self._page: Page | None = None

    def one(self, phase: Phase, way: Way) -> Trial:
        page = self._opened()
        self._model.phase = phase
        n = len(self._model.asked)
        page.locator("#question textarea").fill(QUESTION)
        page.locator("#question textarea").press("Enter")
        asked = self._model.next_after(n, lambda: True, ANSWER_SECONDS)
        if asked is None:
            raise CasesError("the page asked no model; the first lines of its log say why")
        page.locator("#stop").wait_for()
        delay = self._rng.uniform(0, MAX_DELAY)
        page.wait_for_timeout(delay * 1000)
        started = time.monotonic()
        if way == "stop":
            page.locator("#stop").click()
        else:
            self._leave()
        asked.gone.wait(10 * PROMISED_SECONDS)
        if way == "stop":
            page.locator("#send").wait_for()
        ended = asked.hung_up
        return Trial(phase, way, started - asked.at, None if ended is None else ended - started)

    def _opened(self) -> Page:
        if self._page is None:
            self._page = self._browser.new_page()
            self._page.goto(self._address)
            self._page.locator("#question textarea").wait_for()
            self._page.wait_for_timeout(500)  # until Gradio takes what is asked
        return self._page

    def _leave(self) -> None:
        if self._page is not None:
            self._page.close()
            self._page = None


@contextmanager
def _chromium() -> Iterator[Browser]:
    """The browser, without a window.

    Raises:
        CasesError: Playwright or its Chromium is not installed.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise CasesError("this needs playwright: pip install playwright") from error
    path = shutil.which("chromium") or shutil.which("chromium-browser")  # else Playwright's own
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        except Error as error:
            raise CasesError("this needs Chromium: playwright install chromium") from error
        yield browser
        browser.close()


def _used(server: Running) -> Used:
    """Of the page's process; zeros where the system does not tell."""
    folder = Path(f"/proc/{server.process.pid}")
    try:
        return Used(len(list((folder / "task").iterdir())), len(list((folder / "fd").iterdir())))
    except OSError:
        return Used(0, 0)


def to_text(trials: Sequence[Trial], before: Used, after: Used, n_open: int) -> str:
    """A line for each kind of trial, and what is left over."""
    lines = [f"{'cancelled':34} {'n':>4} {'median':>8} {'p95':>8} {'max':>8}  never"]
    kinds: list[tuple[str, list[Trial]]] = [
        (f"{phase}, {way}", [t for t in trials if (t.phase, t.way) == (phase, way)])
        for phase in get_args(Phase)
        for way in get_args(Way)
    ]
    for name, chosen in [*kinds, ("all", list(trials))]:
        seconds = sorted(t.seconds for t in chosen if t.seconds is not None)
        if seconds:
            figures = (percentile(seconds, 50), percentile(seconds, 95), seconds[-1])
            told = " ".join(f"{s:6.3f} s" for s in figures)
            lines.append(f"{name:34} {len(chosen):4} {told}  {len(chosen) - len(seconds):5}")
    lines.append(f"connections to the model open at the end: {n_open}")
    lines.append(f"threads: {before.threads} before, {after.threads} after")
    lines.append(f"open files: {before.files} before, {after.files} after")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
