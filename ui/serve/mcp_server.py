"""The tools as a server of the Model Context Protocol, over HTTP or standard input and output.

Importing this takes most of a second: it is done when the first such client comes.
"""

from __future__ import annotations

from typing import Any

import mcp_types as types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from rag.errors import RagError
from ui.serve.desk import Desk
from ui.serve.guard import MAX_BODY_BYTES
from ui.serve.tools import INSTRUCTIONS, TOOLS, Reply, Tool
from ui.serve.wanted import check

_BY_NAME = {tool.name: tool for tool in TOOLS}


def make_server(desk: Desk, version: str) -> Server[Any]:
    """The server of the tools over a desk."""

    async def list_tools(
        _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])

    async def call_tool(
        _: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        # A model reads what went wrong, and can do better: it is a result, not a protocol error.
        try:
            reply = await _called(desk, params.name, params.arguments or {})
        except RagError as error:
            return _result(Reply(f"Error: {error}", {}), is_error=True)
        return _result(reply)

    server: Server[Any] = Server(
        "footnote",
        version=version,
        title="Footnote",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    server.middleware.clear()  # the default one reports every call to OpenTelemetry
    return server


def make_manager(desk: Desk, version: str) -> StreamableHTTPSessionManager:
    """What answers requests over HTTP. No session is kept: each request stands for itself."""
    return StreamableHTTPSessionManager(
        make_server(desk, version),
        json_response=True,
        stateless=True,
        max_request_body_size=MAX_BODY_BYTES,
    )


async def serve_stdio(desk: Desk, version: str) -> None:
    """Answers on standard output what standard input asks, until that ends."""
    server = make_server(desk, version)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


async def _called(desk: Desk, name: str, arguments: dict[str, Any]) -> Reply:
    tool = _BY_NAME.get(name)
    if tool is None:
        raise RagError(f"no tool {name[:100]!r}; there are {', '.join(_BY_NAME)}")
    checked = check(tool.arguments, arguments)
    take = desk.ask if tool.needs_models else desk.look
    return await take(lambda bot: tool.run(bot, checked))


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.purpose,
        input_schema=tool.arguments.model_json_schema(),
        annotations=types.ToolAnnotations(
            title=tool.title,
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _result(reply: Reply, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=reply.text)],
        structured_content=None if is_error else reply.fields,
        is_error=is_error,
    )
