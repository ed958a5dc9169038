"""The chat page in a real browser; skipped where there is no Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, expect
from standin import ARTICLES, BROKEN, EXPORTS, NOBODY, TOURISTS, TWICE, WRONG, Poisoned, StandIn
from visitor import CHROMIUM, DESKTOP, PHONE, Visitor, chromium

from ui.web.server import listen, serving

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    # Gradio counts its requests with pandas calls that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]


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


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def watched(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    opened = Visitor(browser, address, request.param)
    yield opened
    opened.leave()


def test_answer_shows_quotes_and_a_footnote_opens_the_cited_words(watched):
    watched.ask(EXPORTS)
    answer = watched.page.locator("#conversation .answer")
    first, second = ARTICLES["trade"].body, "the pass stayed closed for 41 days"
    expect(answer).to_contain_text("came to $86.07 million, which is 0.02% of everything")
    expect(answer.locator(".notes .quote")).to_have_count(2)
    expect(answer.locator(".notes")).to_contain_text("Valley Report · 20 May 2025")
    expect(watched.page.locator("#source mark")).to_have_count(2)
    assert watched.now() in first

    answer.locator("p a.fn").nth(1).click()
    expect(watched.page.locator("#source mark.now")).to_contain_text(second)
    watched.page.wait_for_timeout(900)  # smooth scrolling
    assert (
        watched.now() == "At the very end the report says that the pass stayed closed for 41 days."
    )
    assert watched.in_view("#source mark.now")

    watched.page.locator("#source a.back").nth(1).click()
    watched.page.wait_for_timeout(900)
    assert watched.in_view("#conversation p a.fn[href='#a1c2']")


def test_previous_and_next_walk_through_the_cited_passages(watched):
    watched.ask(EXPORTS)
    where = watched.page.locator("#source .where")
    expect(where).to_have_text("1 of 2 cited passages")
    watched.page.locator("#source a.step").last.click()
    expect(where).to_have_text("2 of 2 cited passages")
    assert "41 days" in watched.now()
    watched.page.locator("#source a.step").last.click()
    expect(where).to_have_text("1 of 2 cited passages")


def test_older_answers_open_their_own_sources(watched, bot):
    watched.ask(TOURISTS)
    expect(watched.page.locator("#source article")).to_have_count(2)
    watched.ask(TWICE)
    expect(watched.page.locator("#source article")).to_have_count(1)
    watched.page.locator("#conversation a.fn[href='#a1c2']").first.click()
    expect(watched.page.locator("#source article")).to_have_count(2)
    expect(watched.page.locator("#source mark.now")).to_have_text(
        "The valley is the fourth-largest source of tourists for its neighbour"
    )
    assert bot.asked[-1] == (TWICE, (StandIn().ask(TOURISTS).turn,))


def test_disagreement_and_refusal_are_cards(watched):
    watched.ask(TOURISTS)
    sides = watched.page.locator("#conversation .card.split .sides b")
    expect(sides).to_have_text(["largest1", "fourth-largest2"])
    watched.ask(NOBODY)
    card = watched.page.locator("#conversation .card.none")
    expect(card.locator("h4")).to_have_text("The articles give no such figure")
    expect(card.locator(".quote")).to_have_count(2)
    expect(watched.page.locator("#scope")).to_contain_text("What were the valley's imports worth?")


def test_overlapping_citations_can_each_be_highlighted(watched):
    watched.ask(TWICE)
    links = watched.page.locator("#conversation .answer p a.fn")
    for number, citation in enumerate(StandIn().ask(TWICE).citations):
        links.nth(number).click()
        expect(links.nth(number)).to_have_class("fn now")
        assert watched.now() == citation.cited_text


def test_problems_are_told_in_plain_words_and_the_page_goes_on(watched):
    watched.ask(WRONG)
    expect(watched.page.locator(".card.problem")).to_have_text(
        "The question is too hard; ask an easier one"
    )
    watched.ask(BROKEN)
    expect(watched.page.locator(".card.problem").last).to_contain_text("Something went wrong")
    expect(watched.page.locator("body")).not_to_contain_text("ZeroDivision")
    watched.ask(EXPORTS)


def test_example_question_is_asked_by_a_click_and_a_new_conversation_starts_over(watched):
    chip = watched.page.locator("#start .chip").first
    words = chip.inner_text()
    chip.click()
    expect(watched.page.locator("#conversation .question")).to_have_text(words)
    expect(watched.page.locator("#conversation .answer")).to_have_count(1)
    expect(watched.page.locator("#start")).to_have_count(0)
    watched.page.locator("#again").click()
    expect(chip).to_be_visible()
    expect(watched.page.locator("#source .library li")).to_have_count(2)
    expect(watched.page.locator("#conversation .answer")).to_have_count(0)


def test_keyboard_alone_asks_and_opens_a_footnote(watched):
    watched.ask(EXPORTS)
    watched.page.locator("#conversation p a.fn").nth(1).focus()
    expect(watched.page.locator("#source mark.now")).to_contain_text("41 days")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_timeout(900)
    assert watched.in_view("#source mark.now")


def test_hostile_words_load_nothing_run_nothing_and_are_shown_as_they_are(browser):
    with serving(Poisoned(), listen("127.0.0.1", 0)) as address:
        watched = Visitor(browser, address)
        watched.ask(Poisoned.words)
        page = watched.page
        page.locator("#conversation .fn").first.click()
        page.locator("#conversation .answer").hover()
        page.wait_for_timeout(500)
        made = page.locator(
            ":is(.answer, .question, #pane) :is(img, svg, iframe, style, form, code)"
        )
        assert page.locator("#conversation .side .quote").count() == 1
        assert page.locator("#conversation .side .quote").text_content() == f"“{Poisoned.words}”"
        assert made.count() == 0
        assert "".join(watched.now().split()) == "".join(Poisoned.words.split())
        assert page.locator("#conversation .question").text_content() == Poisoned.words
        watched.leave()
