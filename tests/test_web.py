"""The chat page's server: what it serves, to whom, and where."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from browser.standin import BROKEN, EXPORTS, TOURISTS, WRONG, StandIn
from gradio.state_holder import StateHolder
from gradio_client import Client
from gradio_client.exceptions import AppError

from rag.errors import ConfigError
from rag.types import Turn
from ui.web import page
from ui.web.security import MAX_BODY_BYTES, POLICY
from ui.web.server import PORT, listen, serving

ROOT = Path(__file__).parents[1]

# Gradio counts its requests with pandas calls that pandas 3 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:::gradio.queueing")


@pytest.fixture(scope="module")
def bot() -> StandIn:
    return StandIn()


@pytest.fixture(scope="module")
def server(bot: StandIn) -> Iterator[str]:
    with serving(bot, listen("127.0.0.1", 0), private={ROOT / "corpus"}) as address:
        yield address


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/config", "/footnote.js", "/footnote.css", "/nowhere"])
def test_every_reply_carries_the_security_headers(http, path):
    headers = http.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"


def test_policy_lets_no_inline_script_and_no_outside_address_in():
    script = next(rule for rule in POLICY.split("; ") if rule.startswith("script-src"))
    assert script == "script-src 'self' blob:"
    assert "http" not in POLICY
    assert "*" not in POLICY


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "0.0.0.0"])
def test_strange_hosts_are_refused(http, host):
    assert http.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "[::1]:7860", "127.0.0.1", "LOCALHOST"])
def test_own_hosts_are_let_in(http, host):
    assert http.get("/footnote.js", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", ""]
)
def test_other_origins_are_refused(http, origin):
    reply = http.post("/gradio_api/call/ask", json={"data": ["q"]}, headers={"origin": origin})
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


def test_own_origin_is_let_in(http, server):
    assert http.get("/config", headers={"origin": server}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=https://evil.example/a.png",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=corpus/a.md",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/%66ile=/etc/passwd",
        "/gradio_api/proxy=https://evil.example",
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/vibe-edit",
        "/gradio_api/process_recording",
        "/gradio_api/component_server",
        "/gradio_api/run/predict",
        "/gradio_api/mcp/",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/docs",
        "/openapi.json",
        "/monitoring/",
    ],
)
def test_what_the_page_does_not_need_is_not_served(http, path):
    assert http.get(path).status_code in (403, 404)
    assert http.post(path, content=b"x").status_code in (403, 404, 405)


@pytest.mark.parametrize(
    "path", ["/assets/%2e%2e/%2e%2e/%2e%2e/app.py", "/static/..%2f..%2fapp.py"]
)
def test_paths_do_not_climb(http, path):
    assert http.get(path).status_code in (403, 404)


def test_large_and_unmeasured_bodies_are_refused(http):
    path = "/gradio_api/queue/join"
    assert http.post(path, content=b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    assert http.post(path, content=iter([b"x"])).status_code == 411


def test_gradio_client_gets_the_answer(server, bot):
    client = Client(server, verbose=False)
    reply = client.predict(TOURISTS, [EXPORTS], api_name="/ask")
    expected = json.loads(json.dumps(StandIn().ask(TOURISTS).to_dict()))
    for citation in expected["citations"]:
        del citation["path"]
    assert reply == expected
    assert bot.asked[-1] == (TOURISTS, (Turn(EXPORTS),))


def test_api_offers_nothing_but_ask(http):
    info = http.get("/gradio_api/info").json()
    assert list(info["named_endpoints"]) == ["/ask"]
    assert info["unnamed_endpoints"] == {}


def test_api_tells_an_error_in_plain_words_and_hides_a_bug(server):
    client = Client(server, verbose=False)
    with pytest.raises(AppError, match="the question is too hard; ask an easier one"):
        client.predict(WRONG, api_name="/ask")
    with pytest.raises(AppError) as raised:
        client.predict(BROKEN, api_name="/ask")
    assert "ZeroDivision" not in str(raised.value)
    assert "standin" not in str(raised.value)


# Where it is served


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_hosts_that_others_can_reach_are_refused_with_the_remedy(host):
    with pytest.raises(ConfigError, match=r"--host 127\.0\.0\.1"):
        listen(host, 0)


def test_taken_port_that_was_asked_for_is_an_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} is taken.*give another --port"):
            listen("127.0.0.1", port)


def test_default_port_moves_on_when_it_is_taken():
    with listen("127.0.0.1", PORT) as first, listen("127.0.0.1", PORT) as second:
        ports = [taken.getsockname()[1] for taken in (first, second)]
    assert PORT <= ports[0] < ports[1] <= PORT + 20


def test_command_serves_the_page_and_ends_on_interrupt(tmp_path):
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    words = ["chat", "--no-browser", "--port", str(port), "--home", str(tmp_path / "index")]
    footnote = subprocess.Popen(
        [sys.executable, "-m", "ui", *words], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    said = ""
    for line in footnote.stderr:
        said = line
        if "ready" in line or footnote.poll() is not None:
            break
    assert said == f"Footnote is ready: http://127.0.0.1:{port} — Ctrl-C stops it\n"
    assert "Footnote" in httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text
    footnote.send_signal(signal.SIGINT)
    assert footnote.communicate(timeout=20)[1] == "Footnote has stopped.\n"
    assert footnote.returncode == 0


def test_variables_cannot_change_what_the_page_is():
    planted = {
        "GRADIO_SHARE": "true",
        "GRADIO_ALLOWED_PATHS": "/",
        "GRADIO_ANALYTICS_ENABLED": "True",
        "NO_PROXY": "corp",
    }
    code = (
        "import ui.web, os, json; seen = ('GRADIO', 'HF_', 'NO_');"
        "print(json.dumps({k: v for k, v in os.environ.items() if k.startswith(seen)}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env=planted, capture_output=True, check=True, cwd=ROOT
    )
    assert json.loads(run.stdout) == {
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "NO_PROXY": "corp,127.0.0.1,localhost,::1",
    }


def test_programs_that_come_and_go_leave_no_sessions_behind(monkeypatch):
    monkeypatch.setattr(page, "MAX_SESSIONS", 3)
    holders = []
    update = StateHolder.update

    def seen(holder: StateHolder, session: str) -> None:
        update(holder, session)
        holders.append(holder)

    monkeypatch.setattr(StateHolder, "update", seen)
    with (
        serving(StandIn(), listen("127.0.0.1", 0)) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as http,
    ):
        for _ in range(6):
            event = http.post("/gradio_api/call/ask", json={"data": [EXPORTS, None]}).json()
            assert "complete" in http.get(f"/gradio_api/call/ask/{event['event_id']}").text
        assert {len(holder.session_data) for holder in holders} == {3}
