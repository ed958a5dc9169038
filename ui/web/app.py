"""`footnote chat`: the page over the indexed articles, until Ctrl-C."""

from __future__ import annotations

import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import RagError
from ui.terminal import ProgressDisplay
from ui.web.page import build_app
from ui.web.server import HOST, PORT, listen, serving

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.config import Config

__all__ = ["build_app", "serve_chat"]


def _to_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")


def serve_chat(
    config: Config,
    *,
    host: str = HOST,
    port: int = PORT,
    open_browser: bool = True,
    announce: Callable[[str], None] = _to_stderr,
) -> None:
    """Serve the chat page until Ctrl-C.

    Args:
        config: Settings; its home holds the index.
        host: Loopback address to listen on.
        port: Port to listen on; the default one moves on when it is taken.
        open_browser: Whether to open the page in the reader's browser.
        announce: Takes the line that says where the page is.

    Raises:
        RagError: The page cannot be served there, or the articles cannot be opened.
    """
    from rag.chatbot import Chatbot

    with listen(host, port) as listener:
        with ProgressDisplay() as progress:
            bot = Chatbot.open(config=config, progress=progress)
        with closing(bot):
            private = {config.home, *(Path(card.path).parent for card in bot.articles())}
            with serving(bot, listener, private=private) as address:
                warming = threading.Thread(target=_warm_up, args=(bot,))
                warming.start()
                announce(f"Footnote is ready: {address} — Ctrl-C stops it")
                if open_browser:
                    webbrowser.open(address)
                _wait()
                warming.join()  # ending the process while a model loads would end in a crash
            announce("Footnote has stopped.")


def _warm_up(bot: Chatbot) -> None:
    """Load the models while the reader reads; what fails is shown at the first question."""
    with suppress(RagError):
        bot.warm_up()


def _wait() -> None:
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
