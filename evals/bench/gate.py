"""Recorded replies, streamed → how long a reader waits for a checked sentence, and checks take.

python -m evals.bench.gate
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from evals.bench.streaming_server import MODEL, StreamingServer, streaming_server
from evals.bench.verification import forget
from evals.replayed import Reply, load_replies
from evals.statistics import percentile
from rag.answer import Answer
from rag.answering.gate import Gate
from rag.chatbot import Chatbot
from rag.config import Config, LlmConfig
from rag.corpus import bundled_corpus
from rag.errors import RagError

REPLIES = Path(__file__).parents[1] / "replies" / "corpus.jsonl"
READERS = (1, 8)
BAR_MS = 50.0
"""Most that the check of a sentence may take, in 95 of 100."""


@dataclass
class Times:
    """What was timed with so many readers at once, in seconds."""

    readers: int
    to_token: list[float] = field(default_factory=list)
    """From the question to the first token that the model writes."""
    to_sentence: list[float] = field(default_factory=list)
    """From the question to the first sentence that is shown."""
    shown_after_token: list[float] = field(default_factory=list)
    shown_after_written: list[float] = field(default_factory=list)
    """From the end of its first sentence, as written, to the first that is shown; where that is a
    later one, what the model takes for those before counts in."""
    checks: list[float] = field(default_factory=list)
    """Of one sentence each."""
    worked: list[float] = field(default_factory=list)
    """Of that, what its own thread worked: other work on the machine adds nothing to it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the times; the exit code is 0, or 1 after an error or with slow checks."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.gate", description=__doc__)
    parser.add_argument("--replies", type=Path, default=REPLIES, metavar="FILE")
    parser.add_argument("--questions", type=int, default=32, metavar="N", help="with each number")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    load = os.getloadavg()[0]
    try:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(Path(folder), args.replies, args.questions)
    except RagError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(as_dict(found, load), indent=2))
    else:
        _print_tables(found, load)
    return int(percentile(found[0].checks, 95) * 1000 > BAR_MS)


def measure(home: Path, path: Path, n_questions: int) -> list[Times]:
    """The times with each number of readers.

    Args:
        home: Where to index the articles that come along.
        path: A file of replies about them.
        n_questions: How many questions are asked with each number of readers.

    Raises:
        RagError: The replies or the articles cannot be used.
    """
    replayed = load_replies(path)
    asked = [reply for reply in replayed.replies if reply.sentences][:n_questions]
    with streaming_server(replayed.reply_to) as server:
        llm = LlmConfig(model=MODEL, base_url=server.url, structured="off")
        with Chatbot.open(bundled_corpus(), config=Config(home=home, llm=llm)) as bot:
            bot.warm_up()
            bot.ask(asked[0].question)
            return [_asked(bot, asked, server, readers) for readers in READERS]


def _asked(bot: Chatbot, replies: Sequence[Reply], server: StreamingServer, readers: int) -> Times:
    times = Times(readers)
    forget()  # what the rules remember of sentences would make the second round quicker
    with _checks_timed(times), ThreadPoolExecutor(readers) as pool:
        for reply, (begun, shown) in zip(
            replies, pool.map(lambda r: _shown(bot, r.question), replies), strict=True
        ):
            sent = server.sent.get(f"Question: {reply.question}")
            if sent is None:
                continue  # refused before a model was asked
            times.to_token.append(sent.first_token - begun)
            if shown is not None:
                times.to_sentence.append(shown - begun)
                times.shown_after_token.append(shown - sent.first_token)
                times.shown_after_written.append(shown - sent.first_sentence)
    return times


def _shown(bot: Chatbot, question: str) -> tuple[float, float | None]:
    """When it was asked, and when the first of the model's sentences was shown, if one was."""
    begun, shown = time.perf_counter(), None
    with closing(bot.steps(question)) as steps:
        for step in steps:
            if shown is None and isinstance(step, Answer) and step.mode == "llm" and step.claims:
                shown = time.perf_counter()
    return begun, shown


@contextmanager
def _checks_timed(times: Times) -> Iterator[None]:
    """Adds the time of each check while the block runs."""
    kept, lock = Gate.check, threading.Lock()

    def check(*args: Any, **options: Any) -> Any:
        started, worked = time.perf_counter(), time.thread_time()
        try:
            return kept(*args, **options)
        finally:
            with lock:
                times.checks.append(time.perf_counter() - started)
                times.worked.append(time.thread_time() - worked)

    setattr(Gate, "check", check)  # noqa: B010 - a method is not to be assigned
    try:
        yield
    finally:
        setattr(Gate, "check", kept)  # noqa: B010


def as_dict(found: Sequence[Times], load: float) -> dict[str, Any]:
    """Everything as JSON values."""
    return {
        "cores": os.cpu_count(),
        "load_average": load,
        "bar_ms": BAR_MS,
        "readers": [vars(times) for times in found],
    }


def _print_tables(found: Sequence[Times], load: float) -> None:
    print(f"{os.cpu_count()} cores, load average {load:.2f} before the first question")
    for times in found:
        print(f"\n{times.readers} at once, {len(times.to_token)} questions" + " " * 22, end="")
        print("median     p95     max")
        _line("question to the first token written", times.to_token, "s")
        _line("question to the first sentence shown", times.to_sentence, "s")
        _line("first token to the first sentence shown", times.shown_after_token, "s")
        _line("first sentence written to one shown", times.shown_after_written, "s")
        _line(f"check of a sentence, {len(times.checks)} of them", times.checks, "ms")
        _line("of that, work of its own thread", times.worked, "ms")
    met = "met" if percentile(found[0].checks, 95) * 1000 <= BAR_MS else "MISSED"
    print(f"\n95 of 100 checks within {BAR_MS:.0f} ms with one reader: {met}")


def _line(name: str, seconds: Sequence[float], unit: Literal["s", "ms"]) -> None:
    scale, digits = (1000, 1) if unit == "ms" else (1, 2)
    told = "".join(f"{percentile(seconds, p) * scale:8.{digits}f}" for p in (50, 95, 100))
    print(f"  {name:42}{told} {unit}")


if __name__ == "__main__":
    sys.exit(main())
