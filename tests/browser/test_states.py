"""The page over the real chatbot: what it offers and keeps; its states, judged by axe-core."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, expect
from visitor import CHROMIUM, DESKTOP, PHONE, Visitor, chromium

from rag.chatbot import Chatbot
from ui.web.server import listen, serving

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    # Gradio counts its requests with pandas calls that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]
EXPORTS = "What were India's exports to Azerbaijan worth in FY2024-25?"
RANK = "Where does India rank as a source of tourists?"
ARMENIA = "And to Armenia?"
FIRST_MS = 60_000
"""To the first answer: the models are loaded for it."""
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def home(corpus_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(corpus_home, tmp_path_factory.mktemp("states") / "home"))


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with Chatbot.open(home=home) as bot, serving(bot, listen("127.0.0.1", 0)) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Visitor]:
    opened = Visitor(browser, address)
    yield opened
    opened.leave()


def violations(visitor: Visitor) -> list[str]:
    """What axe-core finds serious or critical in the page as it stands.

    Its script is run by the browser's debugger, so that the page's own policy stays as it is.
    """
    package = find_spec("axe_playwright_python")
    if package is None or package.origin is None:
        pytest.skip("axe-playwright-python is not installed")
    script = (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    visitor.page.evaluate(script)
    found = visitor.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def test_a_refusal_offers_questions_that_are_then_answered(reader):
    reader.ask(EXPORTS, wait=FIRST_MS)
    card = reader.ask(ARMENIA, wait=FIRST_MS).locator(".card.none")
    expect(card).to_contain_text("Armenia")
    expect(card.locator(".notes .quote")).to_have_count(3)
    offered = card.locator(".chip")
    assert 1 <= offered.count() <= 3
    words = offered.nth(1).text_content() or ""
    offered.nth(1).click()
    expect(reader.page.locator("#conversation .question").last).to_have_text(words)
    reader.settle(wait=FIRST_MS)
    last = reader.page.locator("#conversation .answer").last
    expect(last.locator("a.fn").first).to_be_visible()
    expect(last.locator(".card.none")).to_have_count(0)


def test_a_citation_opens_exactly_the_cited_words_of_the_article(reader, home):
    answer = reader.ask(EXPORTS, wait=FIRST_MS)
    answer.locator("p a.fn").first.click()
    with Chatbot.open(home=home) as bot:
        citation = bot.ask(EXPORTS).citations[0]
        body = bot.article(citation.source.article_id).body
    assert reader.now() == citation.cited_text == citation.span.of(body)
    reader.page.wait_for_timeout(700)  # smooth scrolling
    assert reader.in_view("#source mark.now")


def test_filters_narrow_what_is_searched_and_are_told_under_the_box(reader):
    reader.page.locator("#narrow button").first.click()
    reader.page.locator("#since :is(input, textarea)").fill("2030-01")
    expect(reader.page.locator("#scope")).to_contain_text("since 1 January 2030")
    answer = reader.ask(EXPORTS, wait=FIRST_MS)
    expect(answer.locator(".card.none")).to_have_count(1)
    reader.page.locator("#since :is(input, textarea)").fill("soon")
    expect(reader.ask(EXPORTS).locator(".card.problem")).to_contain_text("no date")
    reader.page.locator("#since :is(input, textarea)").fill("")
    expect(reader.ask(EXPORTS)).to_contain_text("$86.07 million")


def test_feedback_with_its_reason_becomes_a_line_for_the_evaluation(reader, home):
    reader.ask(EXPORTS, wait=FIRST_MS).locator("a.like").click()
    reader.page.locator("#rating textarea").fill("The right figure")
    reader.page.get_by_role("button", name="Send").click()
    expect(reader.page.locator("#toast")).to_contain_text("Thank you")
    expect(reader.page.locator("#conversation a.like")).to_have_attribute("aria-pressed", "true")
    lines = (home / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    case = json.loads(lines[-1])
    assert case["question"] == EXPORTS
    assert "The right figure" in case["note"]


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")])
def test_states_have_no_serious_violation_of_accessibility(browser, address, size, scheme):
    visitor = Visitor(browser, address, size, color_scheme=scheme)
    found = {"start": violations(visitor)}
    visitor.ask(EXPORTS, wait=FIRST_MS)
    found["answer"] = violations(visitor)
    visitor.ask(ARMENIA, wait=FIRST_MS)
    found["refusal"] = violations(visitor)
    visitor.ask(RANK, wait=FIRST_MS)
    expect(visitor.page.locator(".card.split .side")).to_have_count(2)
    found["disagreement"] = violations(visitor)
    visitor.page.get_by_role("button", name="Earlier conversations").click()
    found["conversations"] = violations(visitor)
    visitor.page.keyboard.press("Escape")
    visitor.page.locator("#narrow button").first.click()
    found["filters"] = violations(visitor)
    visitor.tab("Articles")
    expect(visitor.page.locator(".entry .title").first).to_be_visible()
    found["articles"] = violations(visitor)
    visitor.leave()
    assert {state: told for state, told in found.items() if told} == {}


def test_the_judge_sees_a_planted_violation(reader):
    reader.page.evaluate("document.querySelector('#send').textContent = ''")
    assert [told for told in violations(reader) if told.startswith("button-name")]


def test_dark_theme_is_dark_and_its_words_are_light(browser, address):
    visitor = Visitor(browser, address, color_scheme="dark")
    visitor.ask(EXPORTS, wait=FIRST_MS)
    brightness = """(selector) => {
      const style = getComputedStyle(document.querySelector(selector));
      const sum = (value) => value.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
      return [sum(style.color), sum(getComputedStyle(document.body).backgroundColor)];
    }"""
    words, paper = visitor.page.evaluate(brightness, "#conversation .answer .said")
    assert words > 500
    assert paper < 120
    visitor.leave()
