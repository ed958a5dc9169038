"""A model's answers on the page: shown as they are checked, stopped at once, told where they go."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from browser.worded import DOWN, HOST, MODEL, SAID, Worded
from fake_model import passage_with
from llm_server import MODEL as SERVED
from llm_server import Behaviour, LlmServer, reply, says
from playwright.sync_api import Browser, Locator, expect
from standin import EXPORTS
from visitor import CHROMIUM, Visitor, chromium

from rag import Chatbot
from rag.config import Config, LlmConfig
from ui.web.server import listen, serving

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    # Gradio counts its requests with pandas calls that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore:::gradio.queueing"),
]
PROMISED_SECONDS = 1.0
"""In which a request to a model is broken off once nobody waits for its answer."""
TRADE = "How much is trade between India and Azerbaijan worth?"
FALSE = "Bilateral trade between India and Azerbaijan currently amounts to $2.5 billion."
TRUE = "Bilateral trade between India and Azerbaijan currently amounts to $1.5 billion."
HOSTILE = (
    "![chart](https://evil.example/i.png)",
    "<img src='https://evil.example/x.png' onerror=alert(1)>",
    "<script>fetch('https://evil.example')</script>",
    "[Read on](javascript:alert(1)) https://evil.example/auto",
    "<style>*{background:url(https://evil.example/s.png)}</style>",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def bot() -> Worded:
    return Worded()


@pytest.fixture
def reader(browser: Browser, bot: Worded) -> Iterator[Visitor]:
    with serving(bot, listen("127.0.0.1", 0)) as address:
        opened = Visitor(browser, address, permissions=["clipboard-read", "clipboard-write"])
        yield opened
        bot.go_on()
        opened.leave()


def start_asking(visitor: Visitor, question: str) -> None:
    box = visitor.page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")


def until(holds: Callable[[], object]) -> None:
    for _ in range(2_000):
        if holds():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come about")


def answers(visitor: Visitor) -> Locator:
    return visitor.page.locator("#conversation .answer")


def watch(visitor: Visitor) -> None:
    """Keeps what the answer's words are each time that the page changes."""
    visitor.page.evaluate(
        """() => {
          window.seen = [];
          const look = () => {
            const parts = document.querySelectorAll("#conversation .answer > p:not([class])");
            const words = [...parts].map((part) => part.textContent).join("\\n");
            if (words && words !== window.seen.at(-1)) window.seen.push(words);
          };
          new MutationObserver(look).observe(document.body,
            { childList: true, subtree: true, characterData: true });
        }"""
    )


# As it grows


def test_sentences_come_one_by_one_and_nothing_shown_is_taken_back(reader, bot):
    watch(reader)
    start_asking(reader, EXPORTS)
    pending = reader.page.locator("#conversation .pending")
    expect(pending).to_have_text(f"Asking {MODEL} …")
    for n in range(1, len(SAID)):
        bot.go_on(1)
        expect(answers(reader).locator("p a.fn")).to_have_count(n)
        expect(pending).to_have_text(f"Checking what {MODEL} writes …")
    bot.go_on()
    reader.settle()
    seen = reader.page.evaluate("window.seen")
    assert len(seen) == len(SAID)
    assert all(seen[-1].startswith(words) for words in seen)


def test_stop_breaks_off_and_keeps_what_was_checked(reader, bot):
    start_asking(reader, EXPORTS)
    bot.go_on(1)
    expect(answers(reader)).to_contain_text("$86.07 million")
    started = time.monotonic()
    reader.page.locator("#stop").click()
    assert bot.closed.wait(PROMISED_SECONDS)
    assert time.monotonic() - started < PROMISED_SECONDS
    expect(answers(reader).locator(".notice")).to_contain_text("Stopped.")
    expect(answers(reader)).to_contain_text("$86.07 million")
    expect(answers(reader)).not_to_contain_text("41 days")
    reader.reload()
    reader.complaints.clear()  # of a stream that was open still
    expect(answers(reader)).to_contain_text("$86.07 million")


def test_a_reader_who_leaves_breaks_off_what_is_asked(browser, bot):
    with serving(bot, listen("127.0.0.1", 0)) as address:
        reader = Visitor(browser, address)
        start_asking(reader, EXPORTS)
        expect(reader.page.locator("#conversation .pending")).to_have_text(f"Asking {MODEL} …")
        reader.page.close()
        assert bot.closed.wait(PROMISED_SECONDS)


# Where it goes


def test_the_page_says_where_passages_go_and_can_be_told_to_send_none(reader, bot):
    expect(reader.page.locator(".header .mode")).to_contain_text(f"passages go to {HOST}")
    sends = reader.page.locator("#sends")
    expect(sends.locator(".on")).to_have_text(
        f"Your question and passages of your articles are sent to {HOST}."
    )
    bot.go_on()
    reader.ask(EXPORTS)
    assert bot.used_llm
    reader.page.locator("#quoting input").check()
    expect(sends.locator(".on")).to_be_hidden()
    expect(sends.locator(".off")).to_contain_text("Nothing is sent")
    answer = reader.ask(EXPORTS)
    assert not bot.used_llm
    expect(answer).to_contain_text("“Exports in 2024 came to")
    reader.reload()
    expect(reader.page.locator("#quoting input")).to_be_checked()
    bot.used_llm = True
    reader.ask(EXPORTS)
    assert not bot.used_llm


# What stands under it


def test_an_answer_tells_its_model_its_price_its_sums_and_what_was_left_out(reader, bot):
    bot.go_on()
    answer = reader.ask(EXPORTS)
    line = f"Worded by {MODEL} at {HOST} · 2 requests · 1,234 tokens in, 210 out"
    expect(answer.locator(".usage")).to_contain_text(line)
    answer.locator(".fig.computed").hover()
    expect(reader.page.locator("#peek")).to_contain_text("the difference between 100% and 16%")
    fold = answer.locator("details.withheld")
    expect(fold.locator("summary")).to_have_text("2 sentences of the model were left out")
    expect(fold.locator("li").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("li").first).to_contain_text("<img src=x onerror=alert(1)>")
    expect(fold.locator("img, a")).to_have_count(0)
    reader.reload()
    expect(answers(reader).locator(".usage")).to_contain_text(line)
    expect(answers(reader).locator("details.withheld li")).to_have_count(2)


def test_a_copy_and_an_export_tell_of_the_model_too(reader, bot):
    bot.go_on()
    reader.ask(EXPORTS).locator("a.copy").click()
    expect(reader.page.locator("#toast")).to_contain_text("Copied")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert "Worded by llama3.1:8b at models.example" in copied
    assert "2 sentences of the model were left out" in copied
    reader.page.locator("#conversation a.export").last.click()
    with reader.page.expect_download() as download:
        reader.page.locator("#export .choice", has_text="JSON").click()
    (answer,) = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["answers"]
    assert answer["usage"]["host"] == HOST
    assert len(answer["withheld"]) == 2


def test_a_model_that_fails_is_told_above_the_articles_own_words(reader, bot):
    bot.go_on()
    answer = reader.ask(DOWN)
    expect(answer.locator(".notice")).to_contain_text("is unavailable (timeout after 20 s)")
    expect(answer).to_contain_text("“Exports in 2024 came to")
    expect(answer.locator(".usage")).to_have_text(f"Asked {MODEL} at {HOST} · 2 requests")


# A server's replies, all the way


@pytest.fixture
def shown(browser: Browser, corpus_home: Path):
    """The page over the shipped articles and a server that plays a script."""
    opened: list[tuple[Visitor, Chatbot, object]] = []

    def show(server: LlmServer) -> Visitor:
        llm = LlmConfig(model=SERVED, base_url=server.base_url)
        bot = Chatbot.open(config=Config(home=corpus_home, llm=llm))
        bot.warm_up()
        page = serving(bot, listen("127.0.0.1", 0))
        opened.append((Visitor(browser, page.__enter__()), bot, page))
        return opened[-1][0]

    yield show
    for visitor, bot, page in opened:
        visitor.leave()
        page.__exit__(None, None, None)
        bot.close()


def says_of_trade(*sentences: str, **timing: float) -> Behaviour:
    """A reply of the sentences, each citing the prompt's passage that gives the trade."""

    def rule(body: dict) -> str:
        number = passage_with(body["messages"][-1]["content"], TRUE)
        return " ".join(f"{sentence} [{number}]" for sentence in sentences)

    return says(rule, **timing)


def test_a_servers_true_sentence_is_shown_and_its_false_one_is_not(shown):
    with LlmServer(says_of_trade(TRUE, FALSE, delay=0.02)) as server:
        reader = shown(server)
        watch(reader)
        expect(reader.page.locator(".header .mode")).to_contain_text("on this machine")
        expect(reader.page.locator("#sends .on")).to_contain_text("nothing leaves it")
        answer = reader.ask(TRADE)
        expect(answer.locator("p").first).to_contain_text(TRUE)
        expect(answer.locator("p a.fn")).to_have_count(1)
        expect(answer.locator(".fig.verified")).to_have_text("$1.5 billion")
        assert "$2.5 billion" not in " ".join(reader.page.evaluate("window.seen"))
        answer.locator("details.withheld summary").click()
        expect(answer.locator("details.withheld li")).to_contain_text("$2.5 billion")
        expect(answer.locator(".usage")).to_contain_text(f"Worded by {SERVED} · 1 request · ")


@pytest.mark.parametrize("leaves", ["stop", "leave"])
@pytest.mark.parametrize("moment", ["before the first token", "in the middle"])
def test_a_request_is_broken_off_within_a_second(shown, leaves, moment):
    silent = moment == "before the first token"
    behaviour = reply("x", first=60) if silent else says_of_trade(TRUE, *[TRUE] * 50, delay=0.1)
    with LlmServer(behaviour) as server:
        reader = shown(server)
        start_asking(reader, TRADE)
        if silent:
            expect(reader.page.locator("#conversation .pending")).to_contain_text(SERVED)
            until(lambda: server.requests)
        else:
            expect(answers(reader)).to_contain_text(TRUE)
        assert server.open_connections == 1
        started = time.monotonic()
        if leaves == "stop":
            reader.page.locator("#stop").click()
        else:
            reader.page.goto("about:blank")
            reader.visited.clear()
            reader.complaints.clear()  # of the stream that was cut off
        assert server.closed_after(started) < PROMISED_SECONDS


def test_what_a_hostile_model_writes_loads_runs_and_links_nothing(shown):
    written = [f"{TRUE[:-1]} {words}." for words in HOSTILE]
    with LlmServer(says_of_trade(*HOSTILE, *written, TRUE)) as server:
        reader = shown(server)
        answer = reader.ask(TRADE)
        for fold in answer.locator("details summary").all():
            fold.click()
        made = "img, script, style, iframe, form, a:not(.fn, .act, .chip)"
        expect(answer.locator(made)).to_have_count(0)
        expect(answer).to_contain_text("evil.example")  # as words, in the fold
