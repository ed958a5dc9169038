"""A reader in a real browser, who notes what the page complains of, loads, runs and opens."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-proxy-server",
]
WAIT_MS = 20_000
INDEX_MS = 60_000
"""To add or remove articles: an index is written, on a machine that may be busy."""
DESKTOP, PHONE = (1360, 860), (390, 844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, without a window."""
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """A page that was opened, and all that it did."""

    def __init__(
        self, browser: Browser, address: str, size: tuple[int, int] = DESKTOP, **options
    ) -> None:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        context.set_default_timeout(WAIT_MS)
        self.page: Page = context.new_page()
        self.is_phone = size[0] < 800
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.dialogs: list[str] = []
        self.visited: list[str] = []
        self._context, self._address, self._width = context, address, size[0]
        context.on("request", lambda request: self._see(request.url))
        context.on("page", lambda page: self.visited.append(page.url))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.dialogs.append("?"), dialog.dismiss()))
        self.page.goto(address)
        expect(self.page.locator("#question textarea")).to_be_visible(timeout=WAIT_MS)
        self.page.on("framenavigated", lambda frame: self.visited.append(frame.url))

    def _hear(self, message: ConsoleMessage) -> None:
        # Gradio's own: its inline configuration, which the policy refuses (it then fetches
        # /config), and what it says when it closes its stream about an upload.
        own = "inline script" in message.text or message.text == "Method not implemented."
        if message.type in ("error", "warning") and not own:
            self.complaints.append(message.text)

    def _see(self, url: str) -> None:
        if not url.startswith((self._address, "data:", "blob:")):
            self.outside.append(url)

    def tab(self, name: str) -> None:
        """Open a tab of the page."""
        self.page.get_by_role("tab", name=name).click()

    def ask(self, question: str, *, wait: int = WAIT_MS) -> Locator:
        """Ask, wait for the answer, give the last one."""
        answers = self.page.locator("#conversation .answer")
        before = answers.count()
        box = self.page.locator("#question textarea")
        box.fill(question)
        box.press("Enter")
        expect(answers).to_have_count(before + 1, timeout=wait)
        self.settle(wait=wait)
        return answers.last

    def settle(self, *, wait: int = WAIT_MS) -> None:
        """Wait until nothing is worked on any more."""
        expect(self.page.locator("#conversation .pending")).to_have_count(0, timeout=wait)

    def reload(self) -> None:
        """Open the page anew, in the same tab."""
        self.page.reload()
        expect(self.page.locator("#question textarea")).to_be_visible(timeout=WAIT_MS)
        self.visited.clear()

    def now(self) -> str:
        """The words that are highlighted as the current ones."""
        return "".join(self.page.locator("#source mark.now").all_text_contents())

    def in_view(self, selector: str) -> bool:
        """Whether the element stands inside the window."""
        box = self.page.locator(selector).first.bounding_box()
        size = self.page.viewport_size
        return bool(box and size and box["y"] >= 0 and box["y"] + box["height"] <= size["height"])

    def leave(self) -> None:
        """Close the page, which has to have behaved."""
        assert self.complaints == []
        assert self.outside == []
        assert self.dialogs == []
        assert self.visited == []
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self._width, "the page scrolls sideways"
        self._context.close()
