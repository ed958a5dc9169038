"""A rule for replies → an OpenAI-compatible server on this machine that streams them by tokens."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rag.answering.dialogue import Message

MODEL = "scripted"
FIRST_SECONDS = 0.3
TOKENS_A_SECOND = 40
"""What a small model of a provider does, by far slower than our checks."""
# About what a tokeniser makes of English: short words with the space before, parts of longer ones.
_TOKEN = re.compile(r"\s*[^\W\d_]{1,6}|\s*\d{1,3}|\s*[^\w\s]|\s+|_")
_SENTENCE_END = re.compile(r"[.!?][”\"’')\]]*(?:\s*\[\d+\])*(?=\s|$)|\}(?=[,\]])")

Rule = Callable[[Sequence[Message]], str]


@dataclass(frozen=True, slots=True)
class Sent:
    """When a reply left the server, in seconds of the performance counter."""

    first_token: float
    first_sentence: float
    """When the last token of its first sentence was written."""


@dataclass(slots=True)
class StreamingServer:
    """What streams replies, and when it did."""

    url: str
    sent: dict[str, Sent] = field(default_factory=dict)
    """By the last line of the prompt, which is its question."""


def tokens(text: str) -> list[str]:
    """The text in pieces like those of a tokeniser.

    >>> tokens("Trade was worth $1.5 billion. [2]")
    ['Trade', ' was', ' worth', ' $', '1', '.', '5', ' billio', 'n', '.', ' [', '2', ']']
    """
    return _TOKEN.findall(text)


@contextmanager
def streaming_server(rule: Rule) -> Iterator[StreamingServer]:
    """The server, up until the block ends.

    Args:
        rule: What it replies to a prompt.
    """
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        state = StreamingServer(f"http://127.0.0.1:{server.server_port}/v1")
        server.daemon_threads = True
        _Handler.rules[server.server_port] = (rule, state)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
            del _Handler.rules[server.server_port]


class _Handler(BaseHTTPRequestHandler):
    """Streams one reply a request."""

    rules: dict[int, tuple[Rule, StreamingServer]] = {}  # noqa: RUF012 - one for all servers
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rule, state = self.rules[self.server.server_address[1]]  # type: ignore[index]
        messages = [Message(m["role"], m["content"]) for m in body["messages"]]
        with suppress(ConnectionError):  # who asked may go before the end
            self._stream(rule(messages), messages[-1].content.splitlines()[-1], state)

    def _stream(self, text: str, question: str, state: StreamingServer) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        time.sleep(FIRST_SECONDS)
        first = time.perf_counter()
        end = found.end() if (found := _SENTENCE_END.search(text)) else len(text)
        written, sentence = 0, 0.0
        for n, token in enumerate(tokens(text)):
            time.sleep(max(0.0, first + n / TOKENS_A_SECOND - time.perf_counter()))
            self._event({"content": token}, None)
            written += len(token)
            if written >= end and not sentence:
                sentence = time.perf_counter()
        state.sent[question] = Sent(first, sentence or time.perf_counter())
        self._event({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def _event(self, delta: dict[str, Any], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        told = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
        line = json.dumps({**told, "choices": [choice]})
        self.wfile.write(f"data: {line}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library calls it
        """Nothing: what is printed is the outcome."""
