"""Requests that nobody should send: each is refused in words, and none learns how we are made."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from browser.standin import BROKEN, EXPORTS, HOSTILE
from serve_http import JSON, Ready, client, events, served

from ui.pace import Pace
from ui.serve.guard import MAX_BODY_BYTES, POLICY

QUESTION = {"question": EXPORTS}
TALK = {"model": "footnote", "messages": [{"role": "user", "content": EXPORTS}]}
POSTS = {
    "/v1/ask": QUESTION,
    "/v1/search": QUESTION,
    "/v1/chat/completions": TALK,
    "/mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
}
PATHS = ["/health", "/v1/articles", "/v1/models", *POSTS]
TRACES = ("Traceback", "File ", ".py", "site-packages", "Error(", "0x")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served(Ready, pace=Pace(per_second=1, burst=10_000)) as address:
        yield address


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    with client(server) as connected:
        yield connected


def refused(reply: httpx.Response, *statuses: int) -> None:
    assert reply.status_code in statuses, reply.text
    assert not any(trace in reply.text for trace in TRACES), reply.text
    if reply.request.method != "HEAD":
        assert "error" in reply.json()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "0.0.0.0", "localhost@evil"]
)
def test_strange_hosts_are_refused(http, path, host):
    refused(http.get(path, headers={"host": host}), 400)
    refused(http.post(path, json=POSTS.get(path), headers={"host": host}), 400)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "file://"]
)
def test_other_sites_are_refused(http, path, origin):
    reply = http.post(path, json=POSTS.get(path), headers={"origin": origin})
    refused(reply, 403)
    assert "access-control-allow-origin" not in reply.headers
    asked = {"origin": origin, "access-control-request-method": "POST"}
    refused(http.options(path, headers=asked), 403)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/docs",
        "/openapi.json",
        "/v1",
        "/v1/",
        "/v1/ask/",
        "/health/",
        "/v1/embeddings",
        "/v1/files",
        "/mcp/",
        "/sse",
        "/config",
        "/.env",
        "/.git/config",
        "/static/../../pyproject.toml",
        "/v1/%61sk/../../etc/passwd",
        "/gradio_api/file=/etc/passwd",
    ],
)
def test_nothing_else_is_served(http, path):
    refused(http.get(path), 404)
    refused(http.post(path, json=QUESTION), 404)


@pytest.mark.parametrize(
    "article_id",
    [
        "../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%5c..%5cwindows%5cwin.ini",
        "/etc/passwd",
        "%00",
        "trade%00.md",
        "trade.md",
        "%ff%fe",
        "a" * 4000,
        "%F0%9F%92%A9",
        "<script>alert(1)</script>",
    ],
)
def test_an_article_is_found_by_its_id_alone(http, article_id):
    refused(http.get(f"/v1/articles/{article_id}"), 404)


def both(text: str, *, role: str = "user", history: str = "[]") -> bytes:
    """A body that is wrong as a question and as a conversation."""
    message = f'{{"role": "{role}", "content": {text}}}'
    asked = f'"question": {text}, "history": {history}'
    return f'{{{asked}, "model": "footnote", "messages": [{message}]}}'.encode()


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/chat/completions"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"question": "\xff"}',
        '{"question": "q"}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"1" * 5_000,
        b"NaN",
        b"null",
        b'"question"',
        b'["question"]',
        b'{"question": null, "messages": null}',
        b'{"question": 1, "messages": 1}',
        b'{"question": ["q"], "messages": ["q"]}',
        b'{"question": {"$ne": ""}, "messages": {"$ne": ""}}',
        both(r'"\u0000"'),
        both(r'"\ud800"'),
        both('"q"', role="root", history="[[[]]]"),
        b'{"question": "q", "filters": [], "model": "footnote", "messages": [], "n": 9}',
        b'{"__proto__": {"question": "q"}}',
    ],
    ids=range(21),
)
def test_bodies_of_something_else_are_refused(http, path, body):
    refused(http.post(path, content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"null", b'{"jsonrpc":"1.0"}', b'{"id":' * 9_000],
    ids=range(8),
)
@pytest.mark.parametrize("revision", [None, "2026-07-28", "2025-06-18", "1999-01-01"])
def test_mcp_refuses_bodies_of_something_else(http, body, revision):
    accept = {**JSON, "accept": "application/json, text/event-stream"}
    headers = accept if revision is None else {**accept, "mcp-protocol-version": revision}
    reply = http.post("/mcp", content=body, headers=headers)
    assert 400 <= reply.status_code < 500, reply.text
    assert not any(trace in reply.text for trace in TRACES), reply.text


@pytest.mark.parametrize("path", POSTS)
def test_large_and_unmeasured_bodies_are_refused(http, path):
    refused(http.post(path, content=b"x" * (MAX_BODY_BYTES + 1), headers=JSON), 413)
    refused(http.post(path, content=iter([b"{}"]), headers=JSON), 411)


@pytest.mark.parametrize("length", ["9" * 5_000, "1" * 16])
def test_a_length_beyond_counting_is_refused(server, length):
    address = urlsplit(server)
    request = f"POST /v1/ask HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: {length}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=10) as raw:
        raw.sendall(request.encode())
        assert raw.recv(100).split()[1][:1] == b"4"


@pytest.mark.parametrize("media", ["", "text/plain", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/search", "/v1/chat/completions"])
def test_a_form_or_plain_text_is_no_question(http, path, media):
    body = json.dumps(POSTS[path]).encode()
    refused(http.post(path, content=body, headers={"content-type": media}), 415)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"])
def test_other_methods_are_refused(http, path, method):
    refused(http.request(method, path), 405)


def test_websockets_are_refused(server):
    address = urlsplit(server)
    request = (
        f"GET /v1/ask HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=10) as raw:
        raw.sendall(request.encode())
        assert raw.recv(100).split()[1][:1] == b"4"


@pytest.mark.parametrize("path", ["/health", "/v1/articles/none", "/nowhere", "/v1/articles/trade"])
def test_every_reply_tells_browsers_to_make_nothing_of_it(http, path):
    headers = http.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["content-type"].startswith("application/json")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_a_bug_is_told_without_its_trace(http, path):
    talk = {**TALK, "messages": [{"role": "user", "content": BROKEN}]}
    reply = http.post(path, json={"question": BROKEN} if path == "/v1/ask" else talk)
    refused(reply, 500)
    assert "ZeroDivision" not in reply.text


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_questions_are_answered_like_any_other(http, words):
    text = words.replace("\ud800", "").replace("\0", "")
    reply = http.post("/v1/ask", json={"question": text})
    assert (reply.status_code, reply.json()["refusal"]["reason"]) == (200, "figure_not_given")
    talk = {**TALK, "stream": True, "messages": [{"role": "user", "content": text}]}
    assert events(http.post("/v1/chat/completions", json=talk).text)
