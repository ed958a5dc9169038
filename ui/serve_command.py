"""The command `footnote serve`: JSON over HTTP, the API of chat models, and MCP, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from ui.local_model import local_model
from ui.model_flags import add_model_flags, settings_of
from ui.telling import tell_who_is_asked
from ui.terminal import ProgressDisplay

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.config import Config
    from ui.serve.desk import Desk

PURPOSE = "serve answers to other programs on this computer: HTTP, chat clients, MCP"
EXAMPLES = ("footnote serve", "footnote serve --port 8080", "footnote serve --mcp-stdio")
PORT = 7900
_OK = 0


def add_arguments(parser: argparse.ArgumentParser, to_port: Callable[[str], int]) -> None:
    """What can be typed after `footnote serve`.

    Args:
        parser: The command's.
        to_port: Reads a port's number.
    """
    parser.add_argument("--host", default="127.0.0.1", help="address to serve at (%(default)s)")
    parser.add_argument("--port", type=to_port, default=PORT, help="port to serve at (%(default)s)")
    stdio = "speak MCP on standard input and output instead, for a client that starts this command"
    parser.add_argument("--mcp-stdio", action="store_true", help=stdio)
    add_model_flags(parser)


def serve(args: argparse.Namespace) -> int:
    """Serves until Ctrl-C or SIGTERM; over MCP's standard input, until that ends."""
    with local_model(args):
        config = settings_of(args)
        if args.mcp_stdio:
            _serve_stdio(config)
        else:
            _serve_http(config, args.host, args.port)
    return _OK


def _serve_http(config: Config, host: str, port: int) -> None:
    from ui.loopback import listen

    # As Ctrl-C, which is how a person stops it: what stops services sends SIGTERM.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listen(host, port, default=PORT) as listener:
        from ui.serve.server import about, make_app, serving

        desk = _desk(config)
        app = make_app(desk, about(_version(), partial(_generation, config)))
        try:
            with suppress(KeyboardInterrupt), serving(app, listener) as address:
                desk.open()
                _tell(f"Footnote is opening: {address}")
                tell_who_is_asked(desk.opened())
                _tell(f"Footnote is ready: {address} — Ctrl-C stops it")
                threading.Event().wait()
        finally:
            desk.close()
    _tell("Footnote has stopped.")


def _serve_stdio(config: Config) -> None:
    import asyncio

    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, _leave)
    desk = _desk(config)
    try:
        desk.open()
        from ui.serve.mcp_server import serve_stdio

        if sys.stdin.isatty():
            _tell("Footnote speaks MCP here, for a program that starts it; Ctrl-D ends it.")
        asyncio.run(serve_stdio(desk, _version()))
    finally:
        desk.close()


def _leave(*_: object) -> None:
    # A thread waits for standard input, which nothing but its end can cut short. Articles are only
    # read here: nothing is left half done.
    os._exit(_OK)


def _desk(config: Config) -> Desk:
    from ui.places import AT_ONCE, MAX_OPEN
    from ui.serve.desk import Desk
    from ui.serve.line import Bounds

    bounds = Bounds(at_once=MAX_OPEN if config.llm.model else AT_ONCE)
    return Desk(partial(_open, config), bounds)


def _open(config: Config) -> Chatbot:
    from rag.chatbot import Chatbot
    from rag.errors import RagError

    with ProgressDisplay() as progress:
        bot = Chatbot.open(config=config, progress=progress)
    with suppress(RagError):  # what fails is told at the first question
        bot.warm_up()
    return bot


def _generation(config: Config) -> int | None:
    from rag.indexing.manifest import current_number

    return current_number(config.home)


def _version() -> str:
    from importlib.metadata import version

    return version("footnote-rag")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
