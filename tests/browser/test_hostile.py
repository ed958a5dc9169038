"""Hostile words wherever words are shown, in a real browser: nothing loads, runs or opens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from payloads import PAYLOADS, URLS
from playwright.sync_api import Browser, expect
from standin import StandIn
from visitor import CHROMIUM, INDEX_MS, Visitor, chromium

from rag.answer import (
    Answer,
    CheckedFigure,
    Citation,
    Claim,
    Conflict,
    Reading,
    Refusal,
    Withheld,
)
from rag.chatbot import Chatbot
from rag.config import Config, EmbeddingConfig
from rag.errors import UnknownArticleError
from rag.types import Article, Block, Figure, Filters, Source, Span, Turn
from ui.web.server import listen, serving

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    # Gradio counts its requests with pandas calls that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]
BATCH = 21
"""Payloads in one question and its answer: a question has 4,000 characters."""
REFUSED = "refuse\n"
BETWEEN = "\n\n~\n\n"
EVERY = 3
"""Of so many articles one is opened; its body holds the payloads of the others too."""
SHOWN = ":is(.answer, .question, #pane, #reader, #stock .md, #outcome, #scope, #report)"
FORBIDDEN = (
    ":is(img, svg, math, iframe, object, embed, video, audio, picture, source, style, script, link,"
    " meta, base, form, input, button, textarea, template, marquee, table, pre, code, body)"
)


def _article(n: int, words: str) -> Article:
    source = Source(f"a{n}", words, words, words, None, URLS[n % len(URLS)], f"/x/{words[:40]}.md")
    others = "\n\n".join(PAYLOADS[n : n + EVERY])
    body = f"{words}\n\nIt cost $5 million in 2024, {words} said, and 12% more.\n\n{others}"
    split = len(words) + 2
    blocks = (Block(Span(0, len(words)), "heading"), Block(Span(split, len(body)), "prose"))
    return Article(source, body, blocks, f"v{n}")


ARTICLES = {f"a{n}": _article(n, words) for n, words in enumerate(PAYLOADS)}


class Enemy(StandIn):
    """Articles and answers that an enemy wrote: a model that says what they tell it to."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        del use_llm
        self.asked.append((question, tuple(history)))
        self.filters = filters or Filters()
        first = question.removeprefix(REFUSED).split(BETWEEN)[0]
        start = PAYLOADS.index(first) if first in PAYLOADS else 0  # asked by the page itself
        words = PAYLOADS[start : start + BATCH]
        citations = tuple(
            Citation(n, ARTICLES[f"a{start + n - 1}"].source, text, Span(0, len(text)))
            for n, text in enumerate(words, 1)
        )
        if question.startswith(REFUSED):
            refusal = Refusal("not_in_sources", question, citations)
            return Answer(question, "asked as\n" + question, "llm", question, refusal=refusal)
        text, claims = "", []
        for n, said in enumerate(words, 1):
            line = f"{said} [{n}]"
            claims.append(_claim(line, said, len(text), n))
            text += line + "\n"
        sides = tuple(Reading(said, n) for n, said in enumerate(words, 1))
        return Answer(
            question,
            f"asked as {question}",
            "llm",
            text,
            tuple(claims),
            citations,
            (Conflict("".join(words), "disagreement", sides),),
            tuple(Withheld(said, said) for said in words),
            notice="\n".join(words),
        )

    def articles(self) -> tuple[Source, ...]:
        return tuple(article.source for article in ARTICLES.values())

    def article(self, article_id: str) -> Article:
        if article_id not in ARTICLES:
            raise UnknownArticleError(article_id)
        return ARTICLES[article_id]


def _claim(line: str, said: str, at: int, n: int) -> Claim:
    figure = Figure(Decimal(5), None, said, "quantity", False, None, said, Span(0, len(said)))
    checked = CheckedFigure(said, figure, "computed", n)
    reason = f"“{said}” is the sum of {said}"
    return Claim(line, Span(at, at + len(line)), "supported", reason, (n,), (checked,))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(Enemy(), listen("127.0.0.1", 0)) as where:
        yield where


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    opened = Visitor(browser, address)
    yield opened
    nothing_happened(opened)


def nothing_happened(visitor: Visitor) -> None:
    page = visitor.page
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    made = page.locator(f"{SHOWN} {FORBIDDEN}")
    assert made.evaluate_all("found => found.map(one => one.outerHTML.slice(0, 200))") == []
    for link in page.locator(f"{SHOWN} a").all():
        target, kind = link.get_attribute("href") or "", link.get_attribute("class")
        assert target.startswith("#") if kind else target.startswith("https://")
        assert kind or link.get_attribute("rel") == "noopener noreferrer"
    assert page.evaluate("getComputedStyle(document.body).display") != "none"
    visitor.leave()


def plain(text: str) -> str:
    """The letters and signs; a control sign is shown as a replacement sign."""
    return "".join(sign for sign in text if sign.isprintable() and sign != "\ufffd")


def batches() -> list[str]:
    return [
        BETWEEN.join(PAYLOADS[start : start + BATCH]) for start in range(0, len(PAYLOADS), BATCH)
    ]


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 60
    assert all(len(batch) < 4_000 for batch in batches())


@pytest.mark.parametrize("refused", ["", REFUSED], ids=["answer", "refusal"])
def test_question_answer_and_sources_show_words_only(visitor, refused):
    page = visitor.page
    for n, batch in enumerate(batches()):
        visitor.ask(refused + batch)
        expect(page.locator("#source article")).to_have_count(len(PAYLOADS[n * BATCH :][:BATCH]))
        question = page.locator(".question").nth(n).text_content() or ""
        assert plain(question) == plain(refused + batch)
        for mark in page.locator(".answer").last.locator("a.fn").all()[:2]:
            mark.dispatch_event("click")
        for figure in page.locator(".answer").last.locator(":is(.fig, .fn)").all()[:3]:
            figure.dispatch_event("pointerover", {"pointerType": "mouse", "bubbles": True})
    quotes = page.locator(".answer .notes .quote").all_text_contents()
    if not refused:  # an answer that says its quotes has no list of them below
        said = plain("".join(page.locator(".answer").all_text_contents()))
        assert all(plain(words) in said for words in PAYLOADS)
        return
    assert len(quotes) == len(PAYLOADS)
    assert [plain(quote) for quote in quotes] == [plain(f"“{words}”") for words in PAYLOADS]


def test_listed_and_opened_articles_show_words_only(visitor):
    page = visitor.page
    visitor.tab("Articles")
    listed: list[str] = []
    for _ in range(-(-len(PAYLOADS) // 20)):
        titles = page.locator(".entry .title:visible")
        expect(titles.first).to_be_visible()
        first = titles.first.text_content() or ""
        for n, title in enumerate(titles.all()):
            listed.append((title.text_content() or "").strip())
            if n % EVERY == 0:
                title.click()
                word = max(re.findall(r"[\w.]+", listed[-1]), key=len)
                expect(page.locator("#reader h2")).to_contain_text(word)
        if page.locator("#older").is_enabled():
            page.locator("#older").click()
            expect(titles.first).not_to_have_text(first)
    assert len(listed) == len(PAYLOADS)
    assert PAYLOADS[0] in listed
    assert page.locator("#reader .fig.about").count() > 0


def test_filters_offer_words_only(visitor):
    page = visitor.page
    page.get_by_role("button", name="Narrow").click()
    for name in ("Outlets", "Articles"):
        page.get_by_label(name, exact=True).click()
        choices = page.get_by_role("option")
        expect(choices.first).to_be_visible()
        assert choices.count() >= len(PAYLOADS)
        choices.nth(3).click()
        page.keyboard.press("Escape")
    made = page.locator("#filters :is(img, iframe, [onerror], [onload], script, style, form)")
    assert made.count() == 0
    expect(page.locator("#scope")).to_contain_text("1 outlet · 1 article")


def test_hostile_files_are_told_of_in_words_only(browser, tmp_path):
    config = Config(
        home=tmp_path / "home", embedding=EmbeddingConfig(provider="fakes.HashingEmbedding")
    )
    (tmp_path / "own.md").write_text("# Own\n\nThe ferry carried 310 people.")
    names = [f"{words[:60]}.md".replace("/", "\u2215").replace("\x00", "") for words in PAYLOADS][
        :45
    ]
    with (
        Chatbot.open(tmp_path / "own.md", config=config) as bot,
        serving(bot, listen("127.0.0.1", 0)) as where,
    ):
        visitor = Visitor(browser, where)
        page = visitor.page
        visitor.tab("Articles")
        page.get_by_role("button", name="Add articles").click()
        page.locator("#drop input[type=file]").set_input_files(
            [
                {"name": name, "mimeType": "text/html", "buffer": words.encode()}
                for name, words in zip(names, PAYLOADS, strict=False)
            ]
        )
        expect(page.locator("#outcome .outcomes li")).to_have_count(len(names), timeout=INDEX_MS)
        nothing_happened(visitor)
        stored = list((tmp_path / "home" / "uploads").iterdir())
        assert all(Path(path.name).suffix == ".md" and path.is_file() for path in stored)
        assert len(stored) > len(names) // 2
