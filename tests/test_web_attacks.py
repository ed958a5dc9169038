"""Attacks on the page's server: strange hosts and origins, paths that climb, floods, uploads."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import httpx
import pytest

from rag.chatbot import Chatbot
from ui.web import security
from ui.web.received import received_folder
from ui.web.security import MAX_BODY_BYTES, MAX_UPLOAD_BYTES
from ui.web.server import listen, serving
from ui.web.uploads import FOLDER

# Gradio counts its requests with pandas calls that pandas 3 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:::gradio.queueing")

UPLOAD = "/gradio_api/upload"
SECRET = "the secret of the home folder"


@pytest.fixture(scope="module")
def home(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(copytree(corpus_home, tmp_path_factory.mktemp("attacked") / "home"))


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    """The page over a chatbot whose articles can be changed: uploads are open."""
    (home / "secret.txt").write_text(SECRET)
    with (
        Chatbot.open(home=home) as bot,
        serving(bot, listen("127.0.0.1", 0), private={home}) as address,
    ):
        yield address


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, trust_env=False, timeout=60) as client:
        yield client


def send(http: httpx.Client, name: str = "a.md", data: bytes = b"Words.", **headers: str):
    return http.post(UPLOAD, files={"files": (name, data)}, headers=headers)


def raw(server: str, request: bytes) -> bytes:
    """What the server answers to bytes that no client library would send."""
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request)
        reply = b""
        while chunk := connection.recv(65_536):
            reply += chunk
            if b"\r\n\r\n" in reply:
                break
        return reply


# Who asks


@pytest.mark.parametrize("path", ["/", "/config", UPLOAD, "/gradio_api/queue/join"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "localhost.evil.example",
        "0.0.0.0",
        "169.254.169.254",
        "2130706433",
        "127.1",
        "[::ffff:127.0.0.1]",
        "",
        "a b",
    ],
)
def test_host_of_another_site_gets_nothing(http, path, host):
    reply = http.post(path, content=b"", headers={"host": host})
    assert reply.status_code == 400
    assert SECRET not in reply.text


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://evil.example",
        "null",
        "file://",
        "http://127.0.0.1:1",
        "http://localhost",
        "https://127.0.0.1",
        "http://127.0.0.1.evil.example",
        "",
    ],
)
def test_page_of_another_site_can_neither_upload_nor_ask(http, home, origin):
    for reply in (
        send(http, "csrf.md", b"# Planted\n\nText.", origin=origin),
        http.post("/gradio_api/queue/join", json={"data": []}, headers={"origin": origin}),
        http.get("/config", headers={"origin": origin}),
    ):
        assert reply.status_code == 403
        assert "access-control-allow-origin" not in reply.headers
    assert not (home / FOLDER / "csrf.md").exists()


def test_preflight_of_another_site_is_refused(http):
    reply = http.options(
        UPLOAD,
        headers={"origin": "http://evil.example", "access-control-request-method": "POST"},
    )
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(
    "request_line",
    [
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_malformed_requests_are_refused(server, request_line):
    status = raw(server, request_line + b"\r\n\r\n").split(b"\r\n")[0]
    assert b" 200 " not in status


# What is asked for


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file={secret}",
        "/gradio_api/file%3D{secret}",
        "/gradio_api/file/{secret}",
        "/file={secret}",
        "/gradio_api/file=..%2f..%2f{secret}",
        "/gradio_api/stream/1/2/3/playlist-file",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/file=http://169.254.169.254/latest/meta-data",
        "/static/../../../{secret}",
        "/static/%2e%2e/%2e%2e/%2e%2e{secret}",
        "/assets/..%5c..%5c{secret}",
        "/assets//{secret}",
        "/svelte/%252e%252e/{secret}",
        "/theme.css/../../{secret}",
        "/gradio_api/heartbeat/../file={secret}",
        "/gradio_api/call/ask/../../file={secret}",
        "/%00/{secret}",
        "/uploads/a.md",
        "/.env",
    ],
)
def test_no_path_reaches_a_file(server, http, home, path):
    given = path.format(secret=home / "secret.txt")
    for reply in (http.get(given).text, raw(server, _get(server, given)).decode("latin-1")):
        assert SECRET not in reply
        assert "root:" not in reply
    assert http.get(given).status_code in {400, 403, 404, 503}


def _get(server: str, path: str) -> bytes:
    host = server.removeprefix("http://")
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()


# How much


@pytest.mark.parametrize(
    ("path", "limit"), [("/gradio_api/queue/join", MAX_BODY_BYTES), (UPLOAD, MAX_UPLOAD_BYTES)]
)
def test_bodies_over_the_limit_and_without_a_length_are_refused_unread(server, http, path, limit):
    host = server.removeprefix("http://")
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\n"
    for length, status in ((f"{limit + 1}", 413), ("99999999999999999999", 411), ("-1", 400)):
        reply = raw(server, f"{head}Content-Length: {length}\r\n\r\n".encode())
        assert int(reply.split()[1]) in {status, 400}
    assert http.post(path, content=iter([b"x"])).status_code == 411
    both = f"{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert int(raw(server, both.encode()).split()[1]) in {400, 411}


# Uploads


@pytest.mark.parametrize(
    "name",
    [
        "../../../escaped.md",
        "..\\..\\escaped.md",
        "/etc/escaped.md",
        "escaped.md\x00.png",
        ".ssh/authorized_keys",
        "%2e%2e%2fescaped.md",
        "a" * 5000 + ".md",
        "\u202edm.exe",
    ],
)
def test_uploaded_name_never_leaves_the_folder_it_is_received_in(http, home, name):
    reply = send(http, name)
    if reply.status_code == 200:
        received = Path(reply.json()[0])
        assert received.resolve().parent.parent == received_folder()
        assert http.get(f"/gradio_api/file={received}").status_code == 403
        received.unlink(missing_ok=True)
    assert not list(home.glob("**/*escaped*"))
    assert not list(home.parent.glob("escaped*"))


@pytest.mark.parametrize(
    "content",
    [b"", b"not multipart", b"--x\r\nContent-Disposition: form-data; name=files; filename=a\r\n"],
)
def test_what_is_no_form_is_refused(http, content):
    reply = http.post(
        UPLOAD, content=content, headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert reply.status_code in {200, 400, 422, 500}
    assert "Traceback" not in reply.text
    assert "/home" not in reply.text


def test_upload_can_neither_be_read_back_nor_sent_by_get(http):
    assert http.get(UPLOAD).status_code in {404, 405}
    received = send(http, "page.html", b"<script>alert(1)</script>").json()[0]
    for path in (f"/gradio_api/file={received}", f"/file={received}", received):
        assert http.get(path).status_code == 403
    Path(received).unlink()


FORGED = ["{home}/secret.txt", "/etc/passwd", "../secret.txt", "", "{received}/../../etc/passwd"]
FORGED += ["http://127.0.0.1:9/x", "https://evil.example/x", "file:///etc/passwd", "{received}"]


@pytest.mark.parametrize("path", FORGED)
def test_no_event_takes_a_file_that_was_not_uploaded(http, home, path):
    """A forged event names a file or address in place of an upload, or of a question's words."""
    named = path.format(home=home, received=received_folder())
    file = {"path": named, "orig_name": "x.txt", "meta": {"_type": "gradio.FileData"}}
    config = http.get("/config").json()
    for data in ([[file]], [file], [{"deep": [{"in": file}]}]):
        for event in config["dependencies"][:30]:
            body = {"data": data, "fn_index": event["id"], "session_hash": "attack"}
            assert http.post("/gradio_api/queue/join", json=body).status_code == 403
    for path in ("/gradio_api/call/ask", "/gradio_api/run/ask"):
        assert http.post(path, json={"data": [file]}).status_code == 403
    assert (home / "secret.txt").read_text() == SECRET
    assert not (home / FOLDER).exists()


def test_gradio_itself_refuses_a_file_that_was_not_uploaded(http, monkeypatch, home):
    """The second line, should the guard one day miss a way to name a file."""
    monkeypatch.setattr(security, "names_a_file", lambda _: False)
    config = http.get("/config").json()
    drop = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "drop")
    event = next(d["id"] for d in config["dependencies"] if drop in d["inputs"])
    secret = {"path": str(home / "secret.txt"), "meta": {"_type": "gradio.FileData"}}
    body = {"data": [[secret]], "fn_index": event, "session_hash": "second"}
    assert http.post("/gradio_api/queue/join", json=body).status_code == 200
    told = ""
    with http.stream("GET", "/gradio_api/queue/data?session_hash=second") as stream:
        for line in stream.iter_lines():
            told += line
            if "process_completed" in line or "close_stream" in line:
                break
    assert '"success":false' in told
    assert SECRET not in told
    assert (home / "secret.txt").read_text() == SECRET
    assert not (home / FOLDER).exists()


def test_received_files_are_the_owner_s_alone(http):
    received = Path(send(http).json()[0])
    assert received.is_relative_to(received_folder())
    assert received_folder().stat().st_mode & 0o777 == 0o700
    received.unlink()


def test_private_handlers_are_not_offered_to_programs(http):
    offered = http.get("/gradio_api/info").json()
    assert list(offered["named_endpoints"]) == ["/ask"]
    assert offered["unnamed_endpoints"] == {}
    for name in ("add_files", "add_text", "remove", "undo", "opened", "reply"):
        assert http.post(f"/gradio_api/call/{name}", json={"data": []}).status_code == 403
        assert http.post(f"/gradio_api/run/{name}", json={"data": []}).status_code == 403


def test_config_tells_nothing_of_the_machine(http, home):
    told = http.get("/config").text
    assert str(home) not in told
    assert str(Path.cwd()) not in told
    assert json.loads(told)["show_error"] is False


def test_a_program_gone_wild_is_told_to_wait(home, monkeypatch):
    monkeypatch.setattr(security, "BURST", 3)
    monkeypatch.setattr(security, "PER_SECOND", 0.001)
    with (
        Chatbot.open(home=home) as bot,
        serving(bot, listen("127.0.0.1", 0)) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        sent = [client.post("/gradio_api/queue/join", json={}).status_code for _ in range(5)]
        assert 429 not in sent[:3]
        assert sent[3:] == [429, 429]
        assert client.get("/config").status_code == 200
