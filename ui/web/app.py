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
from ui.telling import tell_who_is_asked
from ui.terminal import ProgressDisplay
from ui.web.server import HOST, PORT, listen, opening, page_of

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.config import Config

__all__ = ["serve_chat"]


def _to_stderr(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


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
        announce: Takes the lines that say where the page is.

    Raises:
        RagError: The page cannot be served there, or the articles cannot be opened.
    """
    with listen(host, port) as listener, opening(listener) as opened:
        announce(f"Footnote is opening: {opened.address}")
        if open_browser:
            webbrowser.open(opened.address)
        # Gradio and the models take seconds each to import and to load: beside each other.
        importing = threading.Thread(target=_import_page)
        importing.start()
        with closing(_open(config)) as bot:
            warming = threading.Thread(target=_warm_up, args=(bot,))
            warming.start()
            importing.join()
            tell_who_is_asked(bot)
            private = {config.home, *(Path(card.path).parent for card in bot.articles())}
            opened.show(page_of(bot), private=private, uploads=True)
            announce(f"Footnote is ready: {opened.address} — Ctrl-C stops it")
            _wait()
            warming.join()  # ending the process while a model loads would end in a crash
        announce("Footnote has stopped.")


def _open(config: Config) -> Chatbot:
    from rag.chatbot import Chatbot

    with ProgressDisplay() as progress:
        return Chatbot.open(config=config, progress=progress)


def _import_page() -> None:
    import ui.web.mounting
    import ui.web.page  # noqa: F401 - used when the page is shown


def _warm_up(bot: Chatbot) -> None:
    """Load the models while the reader reads; what fails is shown at the first question."""
    with suppress(RagError):
        bot.warm_up()


def _wait() -> None:
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
