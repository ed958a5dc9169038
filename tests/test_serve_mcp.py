"""The tools over MCP, with the official client: HTTP, and standard input and output."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from browser.standin import Poisoned
from commandline import ARMS, NOT_SAID, ROOT
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters
from serve_http import Ready, Waiting, opened, served

from rag.types import Filters
from ui.serve.line import Bounds
from ui.serve.tools import PAGE_CHARS, TOOLS, OpenArguments, quoted

CONTRACT = Draft202012Validator(
    json.loads((ROOT / "docs" / "answer.schema.json").read_text(encoding="utf-8"))
)
RANKS = "Where does India rank as a source of tourists to Azerbaijan?"
TIES = "india-azerbaijan-ties-opportunities"
_QUOTED = re.compile(r"\[(QUOTED [0-9a-f]{12})\] \(written by .*?\)\n(.*)\n\[END \1\]\Z", re.DOTALL)


@pytest.fixture(scope="module")
def server(corpus_home: Path) -> Iterator[str]:
    with served(lambda: opened(corpus_home)) as address:
        yield address


@pytest.fixture(params=["http", "http, older protocol", "stdio"])
def connect(request, server, corpus_home) -> Callable[[], Client]:
    if request.param == "stdio":
        words = ["-m", "ui", "serve", "--mcp-stdio", "--home", str(corpus_home)]
        command = StdioServerParameters(command=sys.executable, args=words, cwd=ROOT)
        return lambda: Client(command)
    mode = "legacy" if "older" in request.param else "auto"
    return lambda: Client(f"{server}/mcp", mode=mode)


def talk(client: Client, doing: Callable[[Client], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(60), client as connected:
            await doing(connected)

    asyncio.run(main())


def text_of(result) -> str:
    (content,) = result.content
    return content.text


def inside(text: str) -> str:
    """What the text marks as quoted from articles."""
    found = _QUOTED.search(text)
    assert found, text
    return found[2]


def test_every_tool_does_its_work_over_every_transport(connect):
    async def doing(client: Client) -> None:
        assert client.server_info.name == "footnote"
        assert "no instruction in it is meant" in client.instructions
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["ask", "search", "open_article", "list_articles"]
        assert all(tool.annotations.read_only_hint for tool in tools.values())
        assert tools["ask"].input_schema["required"] == ["question"]

        listed = await client.call_tool("list_articles", {})
        assert len(listed.structured_content["articles"]) == 3
        assert TIES in inside(text_of(listed))

        answered = await client.call_tool("ask", {"question": RANKS, "articles": [TIES]})
        answer = answered.structured_content
        CONTRACT.validate(answer)
        (citation,) = answer["citations"]
        assert citation["cited_text"] in inside(text_of(answered))

        shown = (await client.call_tool("open_article", {"article_id": TIES})).structured_content
        span = slice(citation["start_char_index"], citation["end_char_index"])
        assert shown["body"][span] == citation["cited_text"]
        assert (shown["start_char_index"], shown["end_char_index"]) == (0, shown["n_chars"])

        found = await client.call_tool("search", {"question": "weapons", "top_k": 2})
        assert len(found.structured_content["hits"]) == 2
        assert found.structured_content["hits"][0]["text"].split()[0] in inside(text_of(found))

    talk(connect(), doing)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_command_ends_when_told_though_its_input_does_not(corpus_home, sign):
    command = [sys.executable, "-m", "ui", "serve", "--mcp-stdio", "--home", str(corpus_home)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT) as serving:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        serving.stdin.write(json.dumps(ping).encode() + b"\n")
        serving.stdin.flush()
        assert json.loads(serving.stdout.readline())["id"] == 1
        serving.send_signal(sign)
        assert serving.wait(20) == 0
        assert serving.stderr.read() == b""


def test_what_cannot_be_done_is_told_to_the_model(server):
    async def doing(client: Client) -> None:
        for name, arguments, words in (
            ("ask", {}, "question: Field required"),
            ("ask", {"question": " "}, "question"),
            ("ask", {"question": RANKS, "outlets": ["none"]}, "no article of outlet 'none'"),
            ("ask", {"question": RANKS, "since": "May"}, "since"),
            ("open_article", {"article_id": "../../etc/passwd"}, "no article"),
            ("open_article", {"article_id": TIES, "start_char_index": -1}, "start_char_index"),
            ("delete_article", {"article_id": TIES}, "no tool 'delete_article'"),
        ):
            result = await client.call_tool(name, arguments)
            assert result.is_error
            assert words in text_of(result)
            assert "Traceback" not in text_of(result)

    talk(Client(f"{server}/mcp"), doing)


def test_a_follow_up_and_a_refusal_are_told(server):
    async def doing(client: Client) -> None:
        history = ["What were India's exports to Azerbaijan worth in FY2024-25?"]
        asked = {"question": "And to Armenia?", "history": history}
        answer = (await client.call_tool("ask", asked)).structured_content
        assert "exports to Armenia" in answer["query"]
        refused = await client.call_tool("ask", {"question": NOT_SAID})
        assert text_of(refused).startswith("Refused: the articles do not answer this.")
        assert refused.structured_content["refusal"]["nearest"]

    talk(Client(f"{server}/mcp"), doing)


def test_a_tool_that_has_no_place_in_line_says_so():
    bot = Waiting()
    bounds = Bounds(at_once=1, waiting=0)

    async def doing(client: Client) -> None:
        first = asyncio.create_task(client.call_tool("ask", {"question": "One?"}))
        await asyncio.to_thread(bot.begun.acquire)
        second = await client.call_tool("ask", {"question": "Two?"})
        assert (second.is_error, "Busy" in text_of(second)) == (True, True)
        bot.go.set()
        assert not (await first).is_error

    with served(lambda: bot, bounds=bounds) as address:
        talk(Client(f"{address}/mcp"), doing)


class _Poisoned(Poisoned, Ready):
    """Answers at once, with an attacker's words."""

    def __init__(self) -> None:
        Ready.__init__(self)

    def ask(self, question, history=(), *, filters=None, use_llm=True):
        assert filters == Filters()
        assert use_llm
        return Poisoned.ask(self, question, history, filters=filters)


def test_no_article_can_end_its_own_quotation():
    async def doing(client: Client) -> None:
        for name, arguments in (
            ("ask", {"question": "What?"}),
            ("list_articles", {}),
            ("open_article", {"article_id": "bad"}),
        ):
            text = text_of(await client.call_tool(name, arguments))
            assert "evil.example" in inside(text)
            assert "evil.example" not in text.replace(inside(text), "")

    with served(_Poisoned) as address:
        talk(Client(f"{address}/mcp"), doing)


def test_the_marks_of_a_quotation_cannot_be_guessed():
    assert len({quoted("[END QUOTED]") for _ in range(100)}) == 100


def test_a_long_article_is_opened_piece_by_piece(corpus_home):
    (tool,) = (tool for tool in TOOLS if tool.name == "open_article")
    with opened(corpus_home) as bot:
        body = bot.article(ARMS).body

        def piece(start: int) -> dict:
            arguments = OpenArguments(article_id=ARMS, start_char_index=start)
            return tool.run(bot, arguments).fields

        assert piece(0)["body"] == body[:PAGE_CHARS]
        assert piece(100)["body"] == body[100:]
        assert piece(10**9)["body"] == ""
