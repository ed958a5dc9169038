"""Articles, filters and evals of the page in a real browser; skipped where there is no Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Locator, expect
from standin import ARTICLES, StandIn
from visitor import CHROMIUM, DESKTOP, INDEX_MS, PHONE, WAIT_MS, Visitor, chromium

from rag.chatbot import Chatbot
from rag.indexing.disk import writer_lock
from rag.types import Article, Source
from ui.web.server import listen, serving

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    # Gradio counts its requests with pandas calls that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]
HARBOUR = b"""---
title: The harbour of Velm
outlet: Coast Post
published: 2025-06-01
---
The harbour of Velm handled 41,300 containers in 2024. Its dredging cost 12.5 million euros.
"""
EXPORTS = "What were India's exports to Azerbaijan worth in FY2024-25?"


def file(name: str, data: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@pytest.fixture(scope="module")
def home(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(corpus_home, tmp_path_factory.mktemp("shelf") / "home"))


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with Chatbot.open(home=home) as bot, serving(bot, listen("127.0.0.1", 0)) as where:
        bot.warm_up()
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visitor(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    opened = Visitor(browser, address, request.param)
    yield opened
    opened.leave()


def titles(visitor: Visitor) -> Locator:
    return visitor.page.locator(".entry .title")


def test_article_is_found_and_read_with_its_figures_marked(visitor):
    visitor.tab("Articles")
    expect(titles(visitor)).to_have_count(3, timeout=WAIT_MS)
    visitor.page.locator("#find textarea").fill("boycott")
    expect(titles(visitor)).to_have_count(1)
    expect(visitor.page.locator("#count")).to_have_text("1 article found, 3 in all")
    expect(visitor.page.locator(".entry .meta")).to_contain_text("23 figures")
    titles(visitor).first.click()
    reader = visitor.page.locator("#reader")
    expect(reader.locator("h2")).to_contain_text("boycott")
    expect(reader.locator(".fig.about")).to_have_count(23)
    figure = reader.locator(".fig.about", has_text="86.07")
    assert re.search("86,070,000 USD.*xports.*2024/25", figure.get_attribute("title"))
    if visitor.is_phone:  # which shows one of the two at a time
        expect(visitor.page.locator("#find")).not_to_be_visible()
        visitor.page.locator("#back").click()
    visitor.page.locator("#find textarea").fill("no such words")
    expect(titles(visitor)).to_have_count(0)


class Thousand(StandIn):
    """Knows a thousand articles."""

    def articles(self) -> tuple[Source, ...]:
        trade = ARTICLES["trade"].source
        return tuple(
            replace(trade, article_id=f"a{n}", title=f"Report {n}", outlet=f"Outlet {n % 25}")
            for n in range(1_000)
        )

    def article(self, article_id: str) -> Article:
        return ARTICLES["trade"] if article_id else super().article(article_id)


def test_thousand_articles_come_in_pages_and_are_found(browser):
    with serving(Thousand(), listen("127.0.0.1", 0)) as where:
        visitor = Visitor(browser, where)
        visitor.tab("Articles")
        shown = visitor.page.locator(".entry .title:visible")
        count = visitor.page.locator("#count")
        expect(shown).to_have_count(20)
        expect(count).to_have_text("1\N{EN DASH}20 of 1,000 articles")
        visitor.page.locator("#older").click()
        expect(count).to_have_text("21\N{EN DASH}40 of 1,000 articles")
        visitor.page.locator("#find textarea").fill("report 77 outlet")
        expect(count).to_contain_text("articles found, 1,000 in all")
        assert visitor.page.locator("#add").count() == 0  # a stand-in has no index to change
        visitor.leave()


def test_uploaded_article_is_listed_answers_and_is_removed_and_restored(visitor):
    page = visitor.page
    visitor.tab("Articles")
    page.get_by_role("button", name="Add articles").click()
    page.locator("#drop input[type=file]").set_input_files(
        [file("harbour.md", HARBOUR), file("photo.png", b"\x89PNG"), file("empty.txt", b"")]
    )
    lines = page.locator("#outcome .outcomes li")
    expect(lines).to_have_count(3, timeout=INDEX_MS)
    expect(lines.nth(0)).to_have_text(re.compile("added.*harbour.md.*The harbour of Velm"))
    expect(lines.nth(1)).to_have_text(re.compile("refused.*photo.png.*not read"))
    expect(lines.nth(2)).to_have_text(re.compile("refused.*empty.txt.*no text"))
    expect(titles(visitor)).to_have_count(4)
    expect(titles(visitor).first).to_have_text("The harbour of Velm")
    expect(page.locator("#top")).to_contain_text("4 articles")

    visitor.tab("Ask")
    said = visitor.ask("How many containers did the harbour of Velm handle?", wait=INDEX_MS)
    expect(said).to_contain_text("41,300 containers")
    expect(said).to_contain_text("Coast Post")

    visitor.tab("Articles")
    expect(page.locator("#remove")).not_to_be_visible()
    page.get_by_label("Select The harbour of Velm").check()
    page.locator("#remove").click()
    expect(page.locator("#outcome")).to_contain_text(
        "Removed “The harbour of Velm”", timeout=INDEX_MS
    )
    expect(titles(visitor)).to_have_count(3)
    expect(page.locator("#top")).to_contain_text("3 articles")
    page.get_by_role("button", name="Undo").click()
    expect(titles(visitor)).to_have_count(4, timeout=INDEX_MS)
    expect(page.locator("#undo")).to_have_count(0)
    page.get_by_label("Select The harbour of Velm").check()
    page.locator("#remove").click()
    expect(titles(visitor)).to_have_count(3, timeout=INDEX_MS)


def test_pasted_article_is_added_and_a_locked_index_is_told(visitor, home):
    page = visitor.page
    visitor.tab("Articles")
    page.get_by_role("button", name="Add articles").click()
    page.get_by_role("button", name="or paste a text").click()
    page.get_by_label("Text", exact=True).fill("The mill of Ostrav ground 7,200 tonnes of rye.")
    page.get_by_label("Title", exact=True).fill("The mill")
    page.get_by_label("Date", exact=True).fill("2025-07-01")
    outcome = page.locator("#outcome")
    with writer_lock(home):
        page.locator("#paste-add").click()
        expect(outcome).to_contain_text("is being written by process", timeout=WAIT_MS)
    expect(page.get_by_label("Title", exact=True)).to_have_value("The mill")
    page.locator("#paste-add").click()
    expect(outcome).to_contain_text("added", timeout=INDEX_MS)
    expect(page.get_by_label("Title", exact=True)).to_have_value("")
    expect(titles(visitor).first).to_have_text("The mill")
    page.get_by_label("Select The mill").check()
    page.locator("#remove").click()
    expect(titles(visitor)).to_have_count(3, timeout=INDEX_MS)


def test_filters_restrict_what_is_asked(visitor):
    page = visitor.page
    expect(visitor.ask(EXPORTS, wait=INDEX_MS)).to_contain_text("$86.07 million")
    page.get_by_role("button", name="Narrow").click()
    page.get_by_label("Outlets").click()
    page.get_by_role("option", name="IDRW.ORG (1)").click()
    page.keyboard.press("Escape")
    expect(page.locator("#scope")).to_contain_text("1 outlet")
    expect(visitor.ask(EXPORTS)).not_to_contain_text("$86.07 million")
    page.get_by_label("Published since").fill("May")
    expect(visitor.ask(EXPORTS)).to_contain_text("no date; write it as 2025-05-20")


def test_evals_tab_says_how_to_make_a_report(visitor):
    visitor.tab("Evals")
    expect(visitor.page.locator("#report")).to_contain_text("footnote eval my.jsonl")
