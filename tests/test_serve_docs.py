"""docs/serve.md and docs/openapi.json say what is served, and their examples run."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from commandline import ROOT
from jsonschema import Draft202012Validator
from serve_http import Ready, client, opened, served

from ui.arguments import build_parser
from ui.pace import Pace
from ui.serve import problems
from ui.serve.desk import Desk
from ui.serve.guard import MAX_BODY_BYTES, SERVED, SERVED_UNDER
from ui.serve.line import Bounds
from ui.serve.openapi import describe, to_text
from ui.serve.routes import Routes
from ui.serve.server import BURST, PER_SECOND, about
from ui.serve.tools import PAGE_CHARS, TOOLS
from ui.serve.wanted import Ask, Completion, Search
from ui.serve_command import PORT

DOCS = ROOT / "docs"
PAGE = (DOCS / "serve.md").read_text(encoding="utf-8")
ADDRESS = f"http://127.0.0.1:{PORT}"


@pytest.fixture(scope="module")
def server(corpus_home: Path) -> Iterator[str]:
    with served(lambda: opened(corpus_home)) as address:
        yield address


def test_the_description_is_up_to_date():
    """`python -m ui.serve.openapi > docs/openapi.json` writes it."""
    assert (DOCS / "openapi.json").read_text(encoding="utf-8") == to_text()


def test_the_description_has_every_path_of_the_application_and_no_other():
    desk = Desk(Ready)
    routes = Routes(desk, about("1"), Pace(per_second=1, burst=1)).listed()
    desk.close()
    listed = {route.path.replace(":path", "") for route in routes} | {"/mcp"}
    assert set(describe()["paths"]) == listed
    plain = {path for path in listed if "{" not in path}
    assert plain == SERVED
    assert {path.partition("{")[0] for path in listed - plain} == set(SERVED_UNDER)


def test_every_reference_of_the_description_leads_somewhere():
    text = to_text()
    names = set(re.findall(r'"#/components/schemas/(\w+)"', text))
    assert names <= set(describe()["components"]["schemas"])
    files = set(re.findall(r'"\$ref": "([^#"]+)"', text))
    assert all((DOCS / name).is_file() for name in files)


def test_replies_are_as_described(server):
    schemas = describe()["components"]["schemas"]
    schemas["Answer"] = {"type": "object"}  # tests/test_serve.py holds it against its own schema
    document = {"components": {"schemas": schemas}}
    talk = {"model": "footnote", "messages": [{"role": "user", "content": "Who sells arms?"}]}
    with client(server) as http:
        for name, reply in (
            ("Hits", http.post("/v1/search", json={"question": "arms"})),
            ("Health", http.get("/health")),
            ("Articles", http.get("/v1/articles")),
            ("Article", http.get("/v1/articles/azerbaijan-inquiry-indian-arms")),
            ("Models", http.get("/v1/models")),
            ("Model", http.get("/v1/models/footnote")),
            ("ChatCompletion", http.post("/v1/chat/completions", json=talk)),
            ("Error", http.get("/v1/models/other")),
        ):
            schema = {**document, "$ref": f"#/components/schemas/{name}"}
            Draft202012Validator(schema).validate(reply.json())


def test_the_page_names_every_path_field_tool_and_bound():
    named = {
        word for code in re.findall(r"`([^`\n]+)`", PAGE) for word in re.findall(r"[\w/{}]+", code)
    }
    paths = set(describe()["paths"])
    fields = {name for kind in (Ask, Search) for name in kind.model_fields}
    fields |= set(Completion.model_fields) - {"stream_options", "n"}
    tools = {tool.name for tool in TOOLS}
    arguments = {name for tool in TOOLS for name in tool.arguments.model_fields}
    assert paths | fields | tools | arguments <= named
    bounds = Bounds()
    for words in (
        f"{bounds.waiting} wait",
        f"{bounds.seconds:g} seconds",
        f"{BURST} times at once and then {PER_SECOND:g} times a second",
        f"{MAX_BODY_BYTES:,} bytes",
        f"{PAGE_CHARS:,} characters",
        f"from {PORT} to {PORT + 20}",
    ):
        assert words in PAGE.replace("\n", " ")


def test_the_page_names_every_kind_of_error():
    sources = [*(ROOT / "ui" / "serve").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    kinds = set(re.findall(r'(?:refuse|retry_later|Problem)\(\s*\d{3}, "(\w+)"', text))
    kinds |= {problems.INTERNAL.kind} | set(re.findall(r'\d{3}: "(\w+)"', text))
    kinds -= {"left", "bad_message"}  # nobody hears it; one of JSON-RPC, which has its own numbers
    assert len(kinds) > 15
    assert kinds <= set(re.findall(r"`(\w+)`", PAGE))


def test_the_python_examples_run_one_after_the_other(server, capsys):
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 3
    names: dict[str, object] = {}
    for example in examples:
        exec(compile(example.replace(ADDRESS, server), "docs/serve.md", "exec"), names)
    names["client"].close()
    shown = capsys.readouterr().out
    assert shown.count("fourth-largest") >= 2
    assert "[2] azerbaijan-boycott-calls-india" in shown
    assert "[QUOTED " in shown


def test_the_request_of_the_curl_example_is_answered(server):
    (line,) = re.findall(r"^\$ (curl .*?\n.*?)\n```", PAGE, re.MULTILINE | re.DOTALL)
    words = shlex.split(line)
    url = next(word for word in words if word.startswith("http"))
    with client(server) as http:
        header = dict([words[words.index("-H") + 1].split(": ")])
        reply = http.post(
            url.removeprefix(ADDRESS), content=words[words.index("-d") + 1], headers=header
        )
    assert "$86.07 million" in reply.json()["answer"]


def test_the_command_of_the_mcp_example_can_be_typed():
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    entry = json.loads(example)["mcpServers"]["footnote"]
    assert entry["command"] == "footnote"
    assert build_parser().parse_args(entry["args"]).mcp_stdio
