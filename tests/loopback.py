"""A tiny OpenAI-compatible endpoint on this machine that replies what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Loopback:
    """The endpoint: what it replies to a prompt, and what it was asked."""

    reply: Callable[[str], str] = lambda _: "YES"
    """Prompt → the completion's text."""
    status: int = 200
    raw: bytes | None = None
    """What it sends instead of a completion."""
    url: str = ""
    prompts: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)

    def respond(self, body: dict) -> bytes:
        prompt = "\n".join(message["content"] for message in body["messages"])
        self.prompts.append(prompt)
        self.models.append(body["model"])
        message = {"role": "assistant", "content": self.reply(prompt)}
        completion = {
            "id": "c",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        return self.raw or json.dumps(completion).encode()


@contextmanager
def serve() -> Iterator[Loopback]:
    """The endpoint, up until the block ends."""
    state = Loopback()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.keys.append(self.headers["Authorization"])
            content = state.respond(body)
            self.send_response(state.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}/v1"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
