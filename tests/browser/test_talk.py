"""The conversation of the page: streaming, stopping, keeping, editing, copying, saving, keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Locator, expect
from standin import EXPORTS, TOURISTS, TWICE, Hesitant, StandIn
from visitor import CHROMIUM, PHONE, Visitor, chromium

from ui.web.server import listen, serving

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    # Gradio counts its requests with pandas calls that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]
QUOTE = "“Exports in 2024 came to $86.07 million, which is 0.02% of everything the valley sells"


@pytest.fixture(scope="module")
def bot() -> StandIn:
    return StandIn()


@pytest.fixture(scope="module")
def address(bot: StandIn) -> Iterator[str]:
    with serving(bot, listen("127.0.0.1", 0)) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def reader(browser: Browser, address: str) -> Iterator[Visitor]:
    opened = Visitor(
        browser, address, permissions=["clipboard-read", "clipboard-write"], accept_downloads=True
    )
    yield opened
    opened.leave()


@pytest.fixture
def hesitant() -> Hesitant:
    return Hesitant()


@pytest.fixture
def waiting(browser: Browser, hesitant: Hesitant) -> Iterator[Visitor]:
    with serving(hesitant, listen("127.0.0.1", 0)) as where:
        opened = Visitor(browser, where)
        yield opened
        hesitant.go_on()
        opened.leave()


def questions(visitor: Visitor) -> Locator:
    return visitor.page.locator("#conversation .question")


def box(visitor: Visitor) -> Locator:
    return visitor.page.locator("#question textarea")


def start_asking(visitor: Visitor, question: str) -> None:
    box(visitor).fill(question)
    box(visitor).press("Enter")


def press_stop(visitor: Visitor) -> None:
    """Clicks, and waits until the server has heard it: the answer's next step comes after that."""
    with visitor.page.expect_response(lambda response: "queue/join" in response.url):
        visitor.page.locator("#stop").click()
    visitor.page.wait_for_timeout(700)


# Streaming and stopping


def test_claims_come_one_by_one_and_the_whole_answer_last(waiting, hesitant):
    start_asking(waiting, EXPORTS)
    pending = waiting.page.locator("#conversation .pending")
    expect(pending).to_have_text("Reading 2 articles…")
    hesitant.go_on(1)
    answer = waiting.page.locator("#conversation .answer")
    expect(answer).to_contain_text("$86.07 million")
    expect(answer).not_to_contain_text("41 days")
    expect(answer.locator(".notes li")).to_have_count(1)
    expect(answer.locator(".acts")).to_have_count(0)
    hesitant.go_on()
    expect(answer).to_contain_text("41 days")
    expect(answer.locator(".acts")).to_have_count(1)
    expect(pending).to_have_count(0)


def test_stop_ends_the_work_and_the_question_can_be_asked_again(waiting, hesitant):
    start_asking(waiting, EXPORTS)
    hesitant.go_on(1)
    expect(waiting.page.locator("#conversation .answer")).to_contain_text("$86.07 million")
    expect(waiting.page.locator("#send")).to_be_hidden()
    press_stop(waiting)
    hesitant.go_on(1)  # the step that it was in the middle of
    assert hesitant.closed.wait(10)
    expect(waiting.page.locator("#conversation .answer")).to_contain_text("Stopped.")
    expect(waiting.page.locator("#send")).to_be_visible()
    hesitant.go_on()
    expect(waiting.page.locator("#conversation .answer")).to_contain_text("$86.07 million")
    waiting.page.locator("#conversation a.retry").click()
    expect(waiting.page.locator("#conversation .answer")).to_contain_text("41 days")
    waiting.settle()
    expect(questions(waiting)).to_have_text([EXPORTS])
    assert hesitant.asked[-1] == (EXPORTS, ())


def test_questions_stopped_again_and_again_leave_room_for_the_next(waiting, hesitant):
    for n in range(3):  # one more than are answered at once
        start_asking(waiting, EXPORTS)
        expect(waiting.page.locator("#stop")).to_be_visible()
        press_stop(waiting)
        hesitant.go_on(1)
        expect(waiting.page.locator("#conversation .notice")).to_have_count(n + 1)
    hesitant.go_on()
    waiting.ask(TWICE)
    expect(waiting.page.locator("#conversation .answer").last).to_contain_text("shrunk to 16%")
    assert hesitant.asked[-1][0] == TWICE


# Footnotes


def test_hovering_a_mark_shows_its_quote_and_leaving_hides_it(reader):
    reader.ask(EXPORTS)
    reader.page.locator("#conversation p a.fn").first.hover()
    peek = reader.page.locator("#peek")
    expect(peek.locator(".quote")).to_contain_text(QUOTE)
    expect(peek.locator(".by")).to_have_text("Valley Report · 20 May 2025")
    reader.page.locator("#conversation .fig.verified").first.hover()
    expect(peek).to_have_text("Found in the cited words")
    reader.page.mouse.move(5, 5)
    expect(peek).to_be_hidden()


def test_a_touch_shows_the_quote_and_its_button_opens_the_article(browser, address):
    phone = Visitor(browser, address, PHONE, has_touch=True)
    phone.ask(EXPORTS)
    phone.page.locator("#conversation p a.fn").nth(1).tap()
    expect(phone.page.locator("#peek .quote")).to_contain_text("41 days")
    assert not phone.in_view("#source mark.now")
    phone.page.locator("#peek button").tap()
    phone.page.wait_for_timeout(900)  # smooth scrolling
    assert phone.in_view("#source mark.now")
    assert "41 days" in phone.now()
    phone.leave()


def test_withheld_sentences_stand_in_a_closed_fold_with_why(reader):
    answer = reader.ask(EXPORTS)
    fold = answer.locator("details.withheld")
    expect(fold.locator("summary")).to_contain_text("Not shown: could not be verified")
    expect(fold.locator("li")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("li")).to_contain_text("no cited sentence gives this figure")


# The conversation is kept


def test_reload_keeps_the_conversation_its_sources_and_what_follow_ups_build_on(reader, bot):
    reader.ask(EXPORTS)
    reader.ask(TOURISTS)
    reader.reload()
    expect(questions(reader)).to_have_text([EXPORTS, TOURISTS])
    expect(reader.page.locator("#source article")).to_have_count(2)
    expect(reader.page.locator("#conversation .fig.verified")).to_have_count(4)
    reader.ask(TWICE)
    earlier = tuple(StandIn().ask(q).turn for q in (EXPORTS, TOURISTS))
    assert bot.asked[-1] == (TWICE, earlier)


def test_earlier_conversations_are_listed_opened_and_deleted(reader):
    reader.ask(EXPORTS)
    reader.page.locator("#again").click()
    expect(reader.page.locator("#start")).to_be_visible()
    reader.ask(TWICE)
    history = reader.page.get_by_role("button", name="Earlier conversations")
    history.click()
    listed = reader.page.locator("#talks .open")
    expect(listed).to_have_count(2)
    listed.filter(has_text=EXPORTS).click()
    expect(questions(reader)).to_have_text([EXPORTS])
    history.click()
    reader.page.get_by_role("button", name=f"Delete “{TWICE}”").click()
    expect(listed).to_have_count(1)
    reader.page.keyboard.press("Escape")
    reader.reload()
    history.click()
    expect(listed).to_have_count(1)
    expect(questions(reader)).to_have_text([EXPORTS])


def test_damaged_and_foreign_records_of_the_browser_are_ignored(reader):
    foreign = {"when": 1, "exchanges": [{"question": 1}, {"answer": "x"}, 7, None]}
    reader.page.evaluate(
        "(kept) => { localStorage.setItem('footnote.talk.x', JSON.stringify(kept));"
        "localStorage.setItem('footnote.talk.y', '{');"
        "sessionStorage.setItem('footnote.current', 'x') }",
        foreign,
    )
    reader.reload()
    expect(reader.page.locator("#start")).to_be_visible()
    reader.ask(EXPORTS)


def test_an_edited_question_replaces_itself_and_what_followed(reader, bot):
    reader.ask(EXPORTS)
    reader.ask(TOURISTS)
    reader.page.locator("#conversation .asked").first.hover()
    reader.page.locator("#conversation a.edit").first.click()
    expect(box(reader)).to_have_value(EXPORTS)
    expect(reader.page.locator("#editing")).to_be_visible()
    start_asking(reader, TWICE)
    expect(questions(reader)).to_have_text([TWICE])
    reader.settle()
    expect(reader.page.locator("#editing")).to_be_hidden()
    assert bot.asked[-1] == (TWICE, ())
    reader.reload()
    expect(questions(reader)).to_have_text([TWICE])


# Taking an answer along


def test_an_answer_is_copied_with_its_footnotes(reader):
    reader.ask(EXPORTS).locator("a.copy").click()
    expect(reader.page.locator("#toast")).to_contain_text("Copied")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert "came to \\$86.07 million" in copied
    assert "[^1]" in copied
    assert "[^2]: “At the very end the report says" in copied
    assert "Valley Report, 2025-05-20" in copied


@pytest.mark.parametrize("format_name", ["Markdown", "Web page", "JSON"])
def test_a_conversation_is_saved_with_quotes_and_offsets(reader, format_name):
    reader.ask(EXPORTS)
    reader.ask(TOURISTS)
    reader.page.locator("#conversation a.export").last.click()
    with reader.page.expect_download() as download:
        reader.page.locator("#export .choice", has_text=format_name).click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    whole = StandIn().ask(EXPORTS)
    last = whole.citations[1]
    if format_name == "JSON":
        assert json.loads(text)["answers"] == [
            StandIn().ask(question).to_dict() for question in (EXPORTS, TOURISTS)
        ]
    else:
        assert last.cited_text in text
        assert f"characters {last.span.start}–{last.span.end}" in text
        assert "<script" not in text


# Keys


def test_keys_alone_ask_step_stop_and_list_themselves(reader):
    page = reader.page
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type(EXPORTS)
    page.keyboard.press("Enter")
    expect(page.locator("#conversation .acts a").first).to_be_visible()
    reader.settle()
    page.keyboard.press("Escape")
    where = page.locator("#source .where")
    expect(where).to_have_text("1 of 2 cited passages")
    page.keyboard.press("j")
    expect(where).to_have_text("2 of 2 cited passages")
    page.keyboard.press("k")
    expect(where).to_have_text("1 of 2 cited passages")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("u")
    expect(box(reader)).to_have_value(EXPORTS)
    page.keyboard.press("Escape")
    expect(box(reader)).to_have_value("")


def test_tab_reaches_a_footnote_whose_quote_is_shown_while_it_has_the_focus(reader):
    reader.ask(EXPORTS)
    page = reader.page
    page.locator("#conversation a.edit").first.focus()
    page.keyboard.press("Tab")
    focused = page.locator("#conversation a.fn:focus")
    expect(focused).to_have_attribute("href", "#a1c1")
    expect(page.locator("#peek .quote")).to_contain_text(QUOTE)
    outline = focused.evaluate("link => getComputedStyle(link).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()


def test_an_answer_is_told_to_those_who_hear_the_page(reader):
    reader.ask(EXPORTS)
    said = reader.page.locator("#said[role=status]")
    expect(said).to_contain_text("came to $86.07 million")
    expect(said).to_contain_text("2 footnotes.")
    label = reader.page.locator("#conversation p a.fn").first.get_attribute("aria-label")
    assert (label or "").startswith(f"Footnote 1: {QUOTE}")
