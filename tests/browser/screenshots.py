"""Pictures of the page's main states, over an index of corpus/: `python screenshots.py DIR`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect
from visitor import DESKTOP, PHONE, Visitor, chromium

from rag.chatbot import Chatbot
from ui.web.server import listen, serving

ROOT = Path(__file__).parents[2]
FIRST_MS = 60_000
EXPORTS = "What were India's exports to Azerbaijan worth in FY2024-25?"
RANK = "Where does India rank as a source of tourists?"


def chat(visitor: Visitor) -> None:
    """An answer, and a follow-up that the articles don't answer."""
    visitor.ask(EXPORTS, wait=FIRST_MS)
    visitor.ask("And to Armenia?", wait=FIRST_MS)


def answer(visitor: Visitor) -> None:
    """An answer, the quote of its footnote shown beside the mark."""
    visitor.ask(EXPORTS, wait=FIRST_MS)
    visitor.page.locator("#conversation p a.fn").first.hover()
    expect(visitor.page.locator("#peek")).to_be_visible()


def disagreement(visitor: Visitor) -> None:
    """Two articles that give different figures."""
    visitor.ask(RANK, wait=FIRST_MS)
    if not visitor.is_phone:
        visitor.page.locator(".card.split a.fn").last.click()
        visitor.page.wait_for_timeout(900)  # smooth scrolling


def refusal(visitor: Visitor) -> None:
    """What is missing, what comes nearest, what is answered."""
    visitor.ask("What were India's imports from Azerbaijan worth?", wait=FIRST_MS)


def articles(visitor: Visitor) -> None:
    """The Articles tab with an article open."""
    visitor.tab("Articles")
    title = visitor.page.locator(".entry .title").nth(1)
    title.click()
    expect(visitor.page.locator("#tabs article").first).to_be_visible()


STATES: dict[str, tuple[Callable[[Visitor], None], tuple[int, int], str]] = {
    "chat": (chat, (1360, 1090), "light"),
    "answer": (answer, DESKTOP, "light"),
    "disagreement": (disagreement, DESKTOP, "light"),
    "refusal": (refusal, DESKTOP, "light"),
    "articles": (articles, DESKTOP, "light"),
    "phone": (disagreement, PHONE, "light"),
    "dark": (chat, DESKTOP, "dark"),
}


def take(browser: Browser, address: str, folder: Path) -> None:
    """One picture a state."""
    for name, (reach, size, scheme) in STATES.items():
        visitor = Visitor(browser, address, size, color_scheme=scheme)
        reach(visitor)
        visitor.page.wait_for_timeout(400)  # transitions
        visitor.page.screenshot(path=folder / f"{name}.png")
        visitor.leave()


def main(folder: Path) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        bot = Chatbot.open(ROOT / "corpus", home=home)
        with bot, serving(bot, listen("127.0.0.1", 0)) as address, chromium() as browser:
            take(browser, address, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
