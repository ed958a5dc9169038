"""Footnote in a process of its own, the page or `footnote serve`, and one question put to it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx

from evals.gold import CasesError

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
"""A server that does not answer by then is given up."""
ANSWER_SECONDS = 150.0
"""A little more than `footnote serve` gives a request."""

Kind = Literal["answered", "busy", "error"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question."""

    kind: Kind
    first_seconds: float
    """Until the first words were there, or until it was clear that there will be none."""
    total_seconds: float
    detail: str = ""
    """Of an error."""


@dataclass(frozen=True, slots=True)
class Target:
    """A way to be asked."""

    name: str
    words: tuple[str, ...]
    """After `footnote`, besides home and port."""
    ready: str
    """Path that answers 200 once questions can be asked."""
    words_of: Callable[[httpx.AsyncClient, str], AsyncIterator[str]]
    """The parts of an answer as they come."""


class BusyError(Exception):
    """The server has no place for the question, and says so."""


async def _page(http: httpx.AsyncClient, question: str) -> AsyncIterator[str]:
    """The page's named endpoint `ask`, through Gradio's queue; it answers in one piece."""
    session = f"reader-{id(asyncio.current_task())}"  # one a reader, as a browser has
    body = {"data": [question, None], "session_hash": session}
    joined = await http.post("/gradio_api/call/ask", json=body)
    if joined.status_code == httpx.codes.SERVICE_UNAVAILABLE and "full" in joined.text:
        raise BusyError
    joined.raise_for_status()
    place = f"/gradio_api/call/ask/{joined.json()['event_id']}"
    async with http.stream("GET", place) as reply:
        reply.raise_for_status()
        event = ""
        async for line in reply.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "complete":
                yield str(json.loads(value)[0]["answer"])
            elif name == "data" and event == "error":
                raise CasesError(f"the page answers with an error: {value[:200]}")


async def _serve(http: httpx.AsyncClient, question: str) -> AsyncIterator[str]:
    """A streamed completion of `footnote serve`."""
    message = {"role": "user", "content": question}
    body = {"model": "footnote", "stream": True, "messages": [message]}
    async with http.stream("POST", "/v1/chat/completions", json=body) as reply:
        if reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise BusyError
        reply.raise_for_status()
        async for line in reply.aiter_lines():
            data = line.removeprefix("data: ")
            if data and data != "[DONE]":
                yield _delta(json.loads(data))


def _delta(event: dict[str, Any]) -> str:
    if "error" in event:
        raise CasesError(f"the stream ends with an error: {event['error']}")
    return "".join(choice["delta"].get("content") or "" for choice in event["choices"])


PAGE = Target("page", ("chat", "--no-browser"), "/config", _page)
SERVE = Target("serve", ("serve",), "/health", _serve)
TARGETS = {target.name: target for target in (PAGE, SERVE)}


async def ask(target: Target, http: httpx.AsyncClient, question: str) -> Outcome:
    """Puts the question and waits for the whole answer."""
    started = time.perf_counter()
    first = None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            async for words in target.words_of(http, question):
                if words and first is None:
                    first = time.perf_counter() - started
    except BusyError:
        return _over("busy", started)
    except (httpx.HTTPError, CasesError, ValueError, KeyError, TimeoutError) as error:
        return _over("error", started, f"{type(error).__name__}: {error}")
    if first is None:
        return _over("error", started, "no words")
    return Outcome("answered", first, time.perf_counter() - started)


def _over(kind: Kind, started: float, detail: str = "") -> Outcome:
    seconds = time.perf_counter() - started
    return Outcome(kind, seconds, seconds, detail)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a server uses at one moment."""

    at: float
    """Seconds of this process's clock."""
    megabytes: float | None
    """Memory in use (VmRSS); None where the system does not tell."""
    processor_seconds: float | None
    """Of all its threads since its start; None where the system does not tell."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers."""

    address: str
    process: subprocess.Popen[bytes]
    seconds_to_listen: float
    """From its start until something answers at its port."""
    seconds_to_ready: float
    """From its start until a question can be asked."""

    def sample(self) -> Sample:
        """What it uses now."""
        return Sample(time.perf_counter(), self._megabytes(), self._processor_seconds())

    def _processor_seconds(self) -> float | None:
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return None
        # proc(5): utime and stime are fields 14 and 15; the second, a name in brackets, may hold
        # spaces.
        user, system = fields.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def _megabytes(self) -> float | None:
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        sizes = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(sizes[0]) / 1024 if sizes else None


@contextmanager
def running(target: Target, home: Path) -> Iterator[Running]:
    """The target's server over an index, in a process that ends with the block.

    Raises:
        CasesError: It does not answer in time.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui", *target.words, "--home", str(home), "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    try:
        address = f"http://127.0.0.1:{port}"
        listens = _wait(process, address, "/health", lambda _: True) - started
        ready = _wait(process, address, target.ready, lambda status: status == 200) - started
        yield Running(address, process, listens, ready)
    finally:
        process.terminate()
        process.wait()


def _wait(
    process: subprocess.Popen[bytes], address: str, path: str, enough: Callable[[int], bool]
) -> float:
    """When the path first answered with a status that is enough."""
    until = time.perf_counter() + START_SECONDS
    with httpx.Client(base_url=address, trust_env=False, timeout=START_SECONDS) as http:
        while time.perf_counter() < until and process.poll() is None:
            try:
                if enough(http.get(path).status_code):
                    return time.perf_counter()
            except httpx.HTTPError:
                pass
            time.sleep(0.02)
    raise CasesError(f"{' '.join(map(str, process.args))}: does not answer")  # type: ignore[arg-type]
