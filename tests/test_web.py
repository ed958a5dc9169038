"""The chat page without a browser: escaping, exact marks, wiring, and what its server refuses."""

from __future__ import annotations

import html
import json
import socket
import string
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from browser.standin import (
    ARTICLES,
    BROKEN,
    EXPORTS,
    NOBODY,
    TOURISTS,
    TWICE,
    WRONG,
    StandIn,
    cite,
    claim,
)
from gradio_client import Client
from gradio_client.exceptions import AppError
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Refusal
from rag.errors import ConfigError
from rag.types import Article, Source, Span, Turn
from ui.web.conversation import MAX_TURNS, Exchange, messages, turns
from ui.web.escaping import escape, web_host
from ui.web.examples import example_questions
from ui.web.panels import answer_html, asked_as_html, problem_html, question_html
from ui.web.security import MAX_BODY_BYTES, POLICY
from ui.web.server import PORT, listen, serving
from ui.web.sources import library_html, sources_html

ROOT = Path(__file__).parents[1]

# Gradio counts its requests with pandas calls that pandas 3 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:::gradio.queueing")

HOSTILE = (
    "![x](https://evil.example/i.png)",
    "[click](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</div></article><iframe src='https://evil.example'></iframe>",
    '"><svg onload=alert(1)><image href=https://evil.example/i.png>',
    "' onmouseover='alert(1)",
    "https://evil.example/auto www.evil.example mail@evil.example",
    "[a]: https://evil.example\n\n[a] ![a]",
    "```mermaid\ngraph TD; A-->B\n```",
    "$$\\href{javascript:alert(1)}{x}$$ \\(x\\)",
    "    <style>*{background:url(https://evil.example)}</style>",
    "&lt;b&gt; &#60;b&#62; \x00\x1b\ud800",
    "| a | b |\n|---|---|\n# h\n> q\n* l\n1. l\n~~s~~ `c` **b** _i_",
)
TAGS = {"div", "p", "a", "span", "h2", "h3", "h4", "b", "ol", "ul", "li", "mark", "article"}
TAGS |= {"section", "details", "summary", "i"}
ATTRIBUTES = {"class", "id", "href", "title", "target", "rel"}


class Page(HTMLParser):
    """What a browser would make of some HTML: its tags, links, marked words and words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.marks: dict[str, str] = {}
        self.ids: list[str] = []
        self.words = ""
        self._marking: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "mark":
            self._marking = (attributes["class"] or "").split()

    def handle_endtag(self, tag):
        if tag == "mark":
            self._marking = []

    def handle_data(self, data):
        self.words += data
        for name in self._marking:
            self.marks[name] = self.marks.get(name, "") + data

    def links(self, kind: str) -> list[str]:
        return [a["href"] for tag, a in self.tags if tag == "a" and a.get("class") == kind]


def article(body: str, article_id: str = "a") -> Article:
    return Article(Source(article_id, "Title", "Outlet", None, None, None, "a.md"), body)


def answer_citing(*citations: Citation) -> Answer:
    return Answer("q", "q", "extractive", "Text. [1]", citations=citations)


# Escaping


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_escaped_words_read_back_as_they_were(text):
    assert html.unescape(escape(text)) == text


@given(st.text())
def test_nothing_that_means_something_is_left_after_escaping(text):
    assert not set(escape(text)) & (set(string.punctuation) - set("&#;") | set("\n\r\t\0"))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_never_become_tags_or_links(words):
    source = Source(words, words, words, words, None, words, words)
    hostile = Article(source, words)
    citation = Citation(1, source, words, Span(0, len(words)))
    answer = replace(
        answer_citing(citation), question=words, query=words, text=f"{words} [1]", notice=words
    )
    refusal = Refusal("not_in_sources", words, (citation,))
    shown = [
        answer_html(answer, 1),
        answer_html(replace(answer, refusal=refusal), 1),
        question_html(words),
        problem_html(words),
        asked_as_html(replace(answer, question="other")),
        sources_html(answer, {words: hostile}, 1),
        sources_html(answer, {}, 1),
        library_html((source,)),
    ]
    for page in map(Page, shown):
        assert {tag for tag, _ in page.tags} <= TAGS
        assert {name for _, attributes in page.tags for name in attributes} <= ATTRIBUTES
        hrefs = [a["href"] for tag, a in page.tags if tag == "a"]
        assert [href for href in hrefs if not href.startswith("#a1c1")] == []


def test_only_a_web_address_becomes_a_link():
    addresses = [
        "https://example.org/a",
        "javascript:alert(1)",
        "data:text/html,x",
        None,
        "http://[::1",
    ]
    assert [web_host(address) for address in addresses] == ["example.org", None, None, None, None]


# The conversation


def test_answer_shows_its_footnotes_figures_and_quotes():
    page = Page(answer_html(StandIn().ask(EXPORTS), 3))
    quote = ARTICLES["trade"].body
    assert page.links("fn") == ["#a3c1", "#a3c2", "#a3c1", "#a3c2"]
    assert [1 for tag, a in page.tags if a.get("class") == "fig verified"] == [1, 1, 1, 1]
    assert "came to $86.07 million, which" in page.words
    assert "[1]" not in page.words
    assert (
        "“At the very end the report says that the pass stayed closed for 41 days.”" in page.words
    )
    assert "Valley Report · 20 May 2025" in page.words
    assert "Imports doubled. no cited sentence gives this figure" in page.words
    assert "At the very end" in quote


def test_brackets_that_number_no_citation_stay_words():
    answer = replace(answer_citing(cite(1, ARTICLES["trade"], "41 days")), text="See [2] and [1].")
    page = Page(answer_html(answer, 1))
    assert page.words.startswith("See [2] and1.")
    assert page.links("fn") == ["#a1c1", "#a1c1"]


def test_brackets_in_a_quote_stay_words_and_its_lines_stay_together():
    quote = "Sales [1] rose\nto 12% in 2024"
    read = article(f"Before. {quote}.")
    citation = cite(1, read, quote)
    text = f"According to Outlet (2024): “{quote}” [1]"
    shown = replace(
        answer_citing(citation), text=text, claims=(claim(text, text, citation, ("12%", "2024")),)
    )
    answer = answer_html(shown, 1)
    said = (
        '<span class="said">“Sales &#91;1&#93; rose&#10;to '
        '<span class="fig verified" title="Found in the cited words">12&#37;</span> in '
        '<span class="fig verified" title="Found in the cited words">2024</span>”</span>'
    )
    assert answer.count("<p") == 1
    assert said in answer
    assert Page(answer).links("fn") == ["#a1c1", "#a1c1"]


def test_conflict_shows_both_sides_with_their_sources():
    words = Page(answer_html(StandIn().ask(TOURISTS), 1)).words
    assert "The articles disagree" in words
    assert "largest1Valley Report · 20 May 2025" in words
    assert "fourth-largest2“What the two valleys could do together”, undated" in words


def test_refusal_names_its_reason_and_quotes_what_is_nearest():
    page = Page(answer_html(StandIn().ask(NOBODY), 1))
    assert "The articles give no such figure" in page.words
    assert "“Exports in 2024 came to $86.07 million”" in page.words
    assert "The last index run left out one unreadable file." in page.words
    assert page.links("fn") == ["#a1c1", "#a1c2"]


def test_understood_question_is_shown_when_it_differs():
    answer = StandIn().ask(NOBODY)
    assert "What were the valley's imports worth?" in Page(asked_as_html(answer)).words
    assert Page(asked_as_html(StandIn().ask(EXPORTS))).words == "All articles"


def test_answered_questions_become_turns_and_the_oldest_are_left_out():
    answer = StandIn().ask(EXPORTS)
    exchanges = [Exchange(f"q{n}", answer) for n in range(MAX_TURNS + 1)]
    exchanges += [Exchange("failed", problem="no"), Exchange("pending")]
    expected = tuple(Turn(f"q{n}", answer.text) for n in range(1, MAX_TURNS + 1))
    assert turns(exchanges) == expected


def test_messages_alternate_and_a_problem_is_told_in_words():
    shown = messages([Exchange("q <b>", problem="No & no"), Exchange("r")])
    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    words = [Page(message["content"]).words for message in shown]
    assert words == ["q <b>", "No & no", "r", "Looking through the articles…"]


# The sources pane


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), min_size=1, max_size=4),
)
def test_marked_words_are_exactly_the_cited_ones(body, ranges):
    spans = [Span(start, min(start + size, len(body))) for start, size in ranges]
    spans = [span for span in spans if span.start < span.end] or [Span(0, len(body))]
    read = article(body)
    citations = [
        Citation(number, read.source, span.of(body), span) for number, span in enumerate(spans, 1)
    ]
    page = Page(sources_html(answer_citing(*citations), {"a": read}, 2))
    assert page.marks == {f"a2c{c.number}": c.cited_text for c in citations}
    assert sorted(page.ids) == sorted(page.marks)
    assert sorted(page.links("back")) == sorted(f"#{name}" for name in page.marks)


def test_overlapping_citations_are_each_marked_whole():
    answer = StandIn().ask(TWICE)
    page = Page(sources_html(answer, ARTICLES, 1))
    assert page.marks == {f"a1c{c.number}": c.cited_text for c in answer.citations}


def test_first_cited_article_comes_first_and_the_rest_follow():
    answer = StandIn().ask(TOURISTS)
    turned = replace(answer, citations=answer.citations[::-1])
    words = Page(sources_html(turned, ARTICLES, 1)).words
    titles = [ARTICLES[name].source.title for name in ("opinion", "trade")]
    assert words.index(titles[0]) < words.index(titles[1])
    assert "1 of 2 cited passages" in words


def test_headings_and_boilerplate_are_told_from_prose():
    page = Page(sources_html(StandIn().ask(EXPORTS), ARTICLES, 1))
    assert [tag for tag, _ in page.tags].count("h3") == 1
    assert "# The figures since" not in page.words
    assert [a.get("class") for tag, a in page.tags if tag == "p"][-1] == "aside"


def test_words_that_moved_are_not_marked():
    read = article("The article was changed.")
    moved = Citation(1, read.source, "was written", Span(12, 23))
    page = Page(sources_html(answer_citing(moved), {"a": read}, 1))
    assert page.marks == {}
    assert read.body in page.words


def test_article_that_is_gone_leaves_its_quote():
    gone = cite(1, ARTICLES["trade"], "41 days")
    page = Page(sources_html(answer_citing(gone), {}, 1))
    assert page.marks == {"a1c1": "41 days"}
    assert "No longer indexed" in page.words


def test_library_lists_what_there_is():
    words = Page(library_html(StandIn().articles())).words
    assert "Valley Report · 20 May 2025Trade, tourism and the quarrel over the pass" in words
    assert "undatedWhat the two valleys could do together" in words
    assert "No articles are indexed yet." in library_html(())


def test_examples_fit_the_articles():
    bundled = [
        Source(name, name, None, None, None, None, "")
        for name in (
            "azerbaijan-boycott-calls-india",
            "azerbaijan-inquiry-indian-arms",
            "india-azerbaijan-ties-opportunities",
        )
    ]
    assert len(example_questions(bundled)) == 4
    assert all("What does the article “" in q for q in example_questions(bundled[:2]))
    assert example_questions(()) == ()


# The server


@pytest.fixture(scope="module")
def bot() -> StandIn:
    return StandIn()


@pytest.fixture(scope="module")
def server(bot: StandIn) -> Iterator[str]:
    with serving(bot, listen("127.0.0.1", 0), private={ROOT / "corpus"}) as address:
        yield address


@pytest.fixture
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/config", "/footnote.js", "/footnote.css", "/nowhere"])
def test_every_reply_carries_the_security_headers(http, path):
    headers = http.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"


def test_policy_lets_no_inline_script_and_no_outside_address_in():
    script = next(rule for rule in POLICY.split("; ") if rule.startswith("script-src"))
    assert script == "script-src 'self' blob:"
    assert "http" not in POLICY
    assert "*" not in POLICY


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "0.0.0.0"])
def test_strange_hosts_are_refused(http, host):
    assert http.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "[::1]:7860", "127.0.0.1", "LOCALHOST"])
def test_own_hosts_are_let_in(http, host):
    assert http.get("/footnote.js", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", ""]
)
def test_other_origins_are_refused(http, origin):
    reply = http.post("/gradio_api/call/ask", json={"data": ["q"]}, headers={"origin": origin})
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


def test_own_origin_is_let_in(http, server):
    assert http.get("/config", headers={"origin": server}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=https://evil.example/a.png",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=corpus/a.md",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/%66ile=/etc/passwd",
        "/gradio_api/proxy=https://evil.example",
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/vibe-edit",
        "/gradio_api/process_recording",
        "/gradio_api/component_server",
        "/gradio_api/run/predict",
        "/gradio_api/mcp/",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/docs",
        "/openapi.json",
        "/monitoring/",
    ],
)
def test_what_the_page_does_not_need_is_not_served(http, path):
    assert http.get(path).status_code in (403, 404)
    assert http.post(path, content=b"x").status_code in (403, 404, 405)


@pytest.mark.parametrize(
    "path", ["/assets/%2e%2e/%2e%2e/%2e%2e/app.py", "/static/..%2f..%2fapp.py"]
)
def test_paths_do_not_climb(http, path):
    assert http.get(path).status_code in (403, 404)


def test_large_and_unmeasured_bodies_are_refused(http):
    path = "/gradio_api/queue/join"
    assert http.post(path, content=b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    assert http.post(path, content=iter([b"x"])).status_code == 411


def test_gradio_client_gets_the_answer(server, bot):
    client = Client(server, verbose=False)
    reply = client.predict(TOURISTS, [EXPORTS], api_name="/ask")
    expected = json.loads(json.dumps(StandIn().ask(TOURISTS).to_dict()))
    for citation in expected["citations"]:
        del citation["path"]
    assert reply == expected
    assert bot.asked[-1] == (TOURISTS, (Turn(EXPORTS),))


def test_api_offers_nothing_but_ask(http):
    info = http.get("/gradio_api/info").json()
    assert list(info["named_endpoints"]) == ["/ask"]
    assert info["unnamed_endpoints"] == {}


def test_api_tells_an_error_in_plain_words_and_hides_a_bug(server):
    client = Client(server, verbose=False)
    with pytest.raises(AppError, match="the question is too hard; ask an easier one"):
        client.predict(WRONG, api_name="/ask")
    with pytest.raises(AppError) as raised:
        client.predict(BROKEN, api_name="/ask")
    assert "ZeroDivision" not in str(raised.value)
    assert "standin" not in str(raised.value)


# Where it is served


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_hosts_that_others_can_reach_are_refused_with_the_remedy(host):
    with pytest.raises(ConfigError, match=r"--host 127\.0\.0\.1"):
        listen(host, 0)


def test_taken_port_that_was_asked_for_is_an_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {port} is taken.*give another --port"):
            listen("127.0.0.1", port)


def test_default_port_moves_on_when_it_is_taken():
    with listen("127.0.0.1", PORT) as first, listen("127.0.0.1", PORT) as second:
        ports = [taken.getsockname()[1] for taken in (first, second)]
    assert PORT <= ports[0] < ports[1] <= PORT + 20


def test_variables_cannot_change_what_the_page_is():
    planted = {
        "GRADIO_SHARE": "true",
        "GRADIO_ALLOWED_PATHS": "/",
        "GRADIO_ANALYTICS_ENABLED": "True",
        "NO_PROXY": "corp",
    }
    code = (
        "import ui.web, os, json; seen = ('GRADIO', 'HF_', 'NO_');"
        "print(json.dumps({k: v for k, v in os.environ.items() if k.startswith(seen)}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env=planted, capture_output=True, check=True, cwd=ROOT
    )
    assert json.loads(run.stdout) == {
        "GRADIO_ANALYTICS_ENABLED": "False",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "NO_PROXY": "corp,127.0.0.1,localhost,::1",
    }
