"""A script of replies and faults → an OpenAI-compatible server on this machine that plays it.

    with LlmServer([reply("Trade was worth $1 billion. [1]")]) as server:
        ...                       # ask a client of `server.base_url`
    server.requests[0].body       # what was asked

A behaviour is used up by a request to `/chat/completions`; the last one stays. A text alone is a
reply, `says(rule)` makes the text from the request's body, and `FAULTS` names what can go wrong.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

MODEL = "test-model"
KEY = "sk-canary-7f3a9b"
"""For who wants to see that a key goes nowhere."""
_POLL = 0.005


@dataclass(frozen=True)
class Request:
    """What a client has asked."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    """Names in lower case."""
    body: dict[str, Any]
    at: float
    """On the monotonic clock."""

    @property
    def prompt(self) -> str:
        """The messages' texts, one below the other."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])


class Exchange:
    """One request and the connection that its reply is written to."""

    def __init__(self, request: Request, writer: asyncio.StreamWriter, server: LlmServer) -> None:
        self.request = request
        self.server = server
        self._writer = writer
        self.keeps_open = False

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def respond(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        """A whole response."""
        named = "".join(f"{n.replace('_', '-')}: {v}\r\n" for n, v in headers.items())
        head = f"HTTP/1.1 {status} Told\r\nContent-Type: {kind}\r\n{named}"
        await self.send(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self.keeps_open = True

    async def error(self, status: int, message: str, code: str = "", **headers: str) -> None:
        """An error as OpenAI words it."""
        error = {"message": message, "type": code or "error", "code": code or None}
        await self.respond(status, json.dumps({"error": error}).encode(), **headers)

    async def begin(self) -> None:
        """The head of a stream."""
        await self.send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )

    async def raw(self, data: bytes) -> None:
        """Bytes of a stream's body."""
        await self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def event(self, **fields: Any) -> None:
        """One event of a stream."""
        whole = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": MODEL,
            **fields,
        }
        await self.raw(b"data: " + json.dumps(whole).encode() + b"\n\n")

    async def delta(self, finish: str | None = None, **delta: Any) -> None:
        """One event that adds to the reply."""
        await self.event(choices=[{"index": 0, "delta": delta, "finish_reason": finish}])

    async def words(self, *words: str) -> None:
        """The beginning of a reply."""
        await self.begin()
        await self.delta(role="assistant", content="")
        for word in words:
            await self.delta(content=word)

    async def end(self) -> None:
        """The end of a stream's body."""
        await self.raw(b"data: [DONE]\n\n")
        await self.send(b"0\r\n\r\n")
        self.keeps_open = True

    async def reset(self) -> None:
        """Cuts the connection off, as a process that is killed does."""
        await asyncio.sleep(0.02)  # what was written should arrive before
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def wait(self) -> None:
        """Does nothing until the client goes."""
        await asyncio.Event().wait()


Behaviour = Callable[[Exchange], Awaitable[None]]
"""What the server does with one request."""
Script = Sequence["Behaviour | str"]


def reply(
    text: str,
    *,
    size: int = 12,
    first: float = 0.0,
    delay: float = 0.0,
    finish: str | None = "stop",
    counts: bool = True,
) -> Behaviour:
    """A reply in pieces.

    Args:
        text: Its words.
        size: Characters of a piece.
        first: Seconds before the first piece.
        delay: Seconds between pieces.
        finish: The reason that it ends with.
        counts: Whether tokens are counted for who asks.
    """
    return says(lambda _: text, size=size, first=first, delay=delay, finish=finish, counts=counts)


def says(
    rule: Callable[[dict[str, Any]], str],
    *,
    size: int = 12,
    first: float = 0.0,
    delay: float = 0.0,
    finish: str | None = "stop",
    counts: bool = True,
) -> Behaviour:
    """A reply that a rule makes from the request's body; else as `reply`."""

    async def behave(exchange: Exchange) -> None:
        asked = exchange.request.body
        text = rule(asked)
        usage = _usage(exchange.request, text)
        await asyncio.sleep(first)
        if not asked.get("stream"):
            message = {"role": "assistant", "content": text}
            choice = {"index": 0, "message": message, "finish_reason": finish}
            whole = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL}
            whole |= {"choices": [choice], "usage": usage}
            await exchange.respond(200, json.dumps(whole).encode())
            return
        await exchange.words()
        for start in range(0, len(text), size):
            await exchange.delta(content=text[start : start + size])
            await asyncio.sleep(delay)
        await exchange.delta(finish=finish)
        if counts and (asked.get("stream_options") or {}).get("include_usage"):
            await exchange.event(choices=[], usage=usage)
        await exchange.end()

    return behave


def _usage(request: Request, text: str) -> dict[str, int]:
    """Words as tokens."""
    prompt, completion = len(request.prompt.split()), len(text.split())
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


class LlmServer:
    """Plays a script on a port of this machine, and notes what it is asked."""

    def __init__(
        self, script: Script | Behaviour | str, *, models: Sequence[str] = (MODEL,)
    ) -> None:
        self.script: list[Behaviour | str] = (
            [script] if isinstance(script, str) or callable(script) else list(script)
        )
        self.models = models
        """Those that `/models` lists; with none it is not offered."""
        self.requests: list[Request] = []
        """Those for a completion."""
        self.others: list[Request] = []
        self.strayed: list[Request] = []
        """Those that went to another address, where a redirect pointed."""
        self.open_connections = 0
        self.last_closed = 0.0
        """When a connection was last closed, on the monotonic clock."""
        self.port = 0
        self.other_port = 0
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run()), name="llm-server", daemon=True
        )
        self._ready = threading.Event()
        self._held: socket.socket | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def closed_after(self, since: float, *, timeout: float = 5.0) -> float:
        """Seconds from `since` (monotonic) until no connection was open.

        Raises:
            TimeoutError: One still is.
        """
        end = time.monotonic() + timeout
        while self.open_connections:
            if time.monotonic() > end:
                raise TimeoutError(f"{self.open_connections} connections are open")
            time.sleep(_POLL)
        return max(0.0, self.last_closed - since)

    def __enter__(self) -> LlmServer:
        if self.script == [refuse_connections]:
            # Bound, so that nobody else gets the port, but nobody listens.
            self._held = socket.socket()
            self._held.bind(("127.0.0.1", 0))
            self.port = self._held.getsockname()[1]
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()
        if self._held:
            self._held.close()

    async def _run(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        servers: list[asyncio.Server] = []
        if not self._held:
            both = (self._serve, self._serve_stray)
            servers = [await asyncio.start_server(serve, "127.0.0.1", 0) for serve in both]
            self.port, self.other_port = (s.sockets[0].getsockname()[1] for s in servers)
        self._ready.set()
        await self._stopped.wait()
        for server in servers:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_connections += 1
        try:
            # Cancelled only when the server stops; streams would log that as a fault.
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while request := await _read(reader):
                    exchange = Exchange(request, writer, self)
                    await _until_gone(self._behaviour(request)(exchange), reader)
                    if not exchange.keeps_open:
                        break
        finally:
            writer.close()
            self.last_closed = time.monotonic()
            self.open_connections -= 1

    async def _serve_stray(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if request := await _read(reader):
            self.strayed.append(request)
            await Exchange(request, writer, self).error(404, "nothing here")
        writer.close()

    def _behaviour(self, request: Request) -> Behaviour:
        if request.method == "GET":
            self.others.append(request)
            return _list_models
        self.requests.append(request)
        played = len(self.requests) - 1
        behaviour = self.script[min(played, len(self.script) - 1)]
        return reply(behaviour) if isinstance(behaviour, str) else behaviour


async def _list_models(exchange: Exchange) -> None:
    models = [{"id": name, "object": "model"} for name in exchange.server.models]
    if models and exchange.request.path.endswith("/models"):
        listed = {"object": "list", "data": models}
        await exchange.respond(200, json.dumps(listed).encode())
    else:
        await exchange.error(404, "not found")


async def _until_gone(behaviour: Awaitable[None], reader: asyncio.StreamReader) -> None:
    """Lets it run until it ends or the client closes its connection."""
    task = asyncio.ensure_future(behaviour)
    try:
        while not (task.done() or reader.at_eof() or reader.exception()):
            await asyncio.wait([task], timeout=_POLL)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await task


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; none at its end."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {n.strip().lower(): v.strip() for n, _, v in (x.partition(":") for x in lines)}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    body = json.loads(content) if content else {}
    return Request(method, path, headers, body, time.monotonic())


# What can go wrong. Each is as a real server was seen to do it, or as its interface allows.

HTML = b"<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>"


async def refuse_connections(_: Exchange) -> None:
    """Alone in a script: nobody listens at the port."""


async def _no_reply(exchange: Exchange) -> None:
    await exchange.wait()


async def _reset(exchange: Exchange) -> None:
    await exchange.reset()


def _error(status: int, message: str, code: str = "", **headers: str) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.error(status, message, code, **headers)

    return behave


def _body(body: bytes, kind: str = "application/json") -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.respond(200, body, kind)

    return behave


async def _refuses_schema(exchange: Exchange) -> None:
    """Until it is asked without one; then it replies."""
    if "response_format" in exchange.request.body or "stream_options" in exchange.request.body:
        await exchange.error(400, "'response_format' of this type is unavailable", "invalid_value")
    else:
        await reply("Without a schema it works. [1]")(exchange)


def _midway(broken: bytes) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.words("Trade was ", "worth ")
        await exchange.raw(broken)
        await exchange.end()

    return behave


def _choices(choices: Any) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.begin()
        for _ in range(3):
            await exchange.event(choices=choices)
        await exchange.end()

    return behave


def _finish(finish: str | None, *words: str) -> Behaviour:
    async def behave(exchange: Exchange) -> None:
        await exchange.words(*words)
        await exchange.delta(finish=finish)
        await exchange.end()

    return behave


async def _null_content(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.delta(role="assistant", content=None)
    await exchange.delta(content=None, finish="stop")
    await exchange.end()


async def _refusal(exchange: Exchange) -> None:
    await exchange.words()
    await exchange.delta(refusal="I can't help with that.")
    await exchange.delta(finish="stop")
    await exchange.end()


async def _cut(exchange: Exchange) -> None:
    await exchange.words("Trade was ", "worth ")
    await exchange.reset()


async def _without_end(exchange: Exchange) -> None:
    await exchange.words("Trade was ", "worth ")
    await exchange.end()


async def _stall(exchange: Exchange) -> None:
    await exchange.words("Trade ")
    await exchange.wait()


async def _drip(exchange: Exchange) -> None:
    await exchange.words()
    while True:
        await exchange.delta(content=" a")
        await asyncio.sleep(0.1)


async def _keep_alive(exchange: Exchange) -> None:
    await exchange.begin()
    while True:
        await exchange.raw(b": keep-alive\n\n")
        await exchange.delta(content="")
        await asyncio.sleep(0.05)


async def _redirect(exchange: Exchange) -> None:
    elsewhere = f"http://127.0.0.1:{exchange.server.other_port}/v1/chat/completions"
    await exchange.respond(307, b"", Location=elsewhere)


async def _endless(exchange: Exchange) -> None:
    await exchange.words()
    while True:
        await exchange.delta(content="Trade grew and grew. " * 10)


async def _huge_line(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.raw(b"data: ")
    while True:
        await exchange.raw(b"x" * 65_536)


async def _endless_reasoning(exchange: Exchange) -> None:
    await exchange.words()
    while True:
        await exchange.delta(reasoning_content="Let me think. " * 10)


async def _unfinished_thought(exchange: Exchange) -> None:
    await _finish("stop", "<think>Trade was $9 billion.", " Or was it?")(exchange)


FAULTS: dict[str, Behaviour] = {
    "no reply": _no_reply,
    "refused connection": refuse_connections,
    "reset": _reset,
    "429": _error(429, "Rate limit reached", "rate_limit_exceeded"),
    "429 insufficient_quota": _error(429, "You exceeded your quota", "insufficient_quota"),
    "429 Retry-After 3600": _error(429, "Slow down", "rate_limit_exceeded", Retry_After="3600"),
    "401": _error(401, f"Incorrect API key provided: {KEY[:9]}****{KEY[-4:]}", "invalid_api_key"),
    "403": _error(403, f"Key {KEY} may not do this", "forbidden"),
    "404": _error(404, "The model does not exist", "model_not_found"),
    "400 context_length": _error(
        400, "This model's maximum context length is 2048 tokens", "context_length_exceeded"
    ),
    "400 response_format": _refuses_schema,
    "408": _error(408, "Request timeout"),
    "500": _error(500, "Internal error"),
    "503": _error(503, "Loading model"),
    "200 and HTML": _body(HTML, "text/html"),
    "truncated JSON": _body(b'{"id": "chatcmpl-1", "choices": [{"index": 0, "del'),
    "bad JSON midway": _midway(b'data: {"choices": [{"index": 0, "delta": {"con\n\n'),
    "no UTF-8 midway": _midway(b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'),
    "choices empty": _choices([]),
    "choices null": _choices(None),
    "error body with 200": _body(b'{"error": {"message": "model crashed", "code": 500}}'),
    "content null": _null_content,
    "refusal": _refusal,
    "content filter": _finish("content_filter", "Trade "),
    "cut midway": _cut,
    "no finish reason": _without_end,
    "error event": _midway(b'event: error\ndata: {"error": {"message": "CUDA memory"}}\n\n'),
    "stall after the first token": _stall,
    "slow drip": _drip,
    "keep-alive only": _keep_alive,
    "redirect to another host": _redirect,
    "finish reason length": _finish("length", "Trade was ", "worth "),
    "endless output": _endless,
    "empty body": _body(b""),
    "one huge line": _huge_line,
    "endless reasoning": _endless_reasoning,
    "unfinished thought": _unfinished_thought,
}
"""Every fault by name. Each ends without a whole reply, but "400 response_format" at a second
request."""
