"""The report: what it says of a run, that it loads nothing, and that hostile words stay words."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import get_args

import pytest
from test_layout import loaded_by

from evals.cases import Case
from evals.gold import GoldConflict, GoldFigure
from evals.metrics import LABELS, Metric, Score, score_answer
from evals.offsets import offset_score
from evals.records import Header, Record
from evals.report import plots, to_html, to_markdown
from evals.report.markdown import escape
from evals.report.verdict import facts, headline, story
from evals.report.wording import change, gate_value, mended, newly_failed, percent, reasons
from evals.statistics import Interval, Share
from evals.summary import ALL, Baseline, Cell, GateResult, Result, Summary, summarise
from rag.answer import Answer, Citation, Claim, Conflict, Reading, Refusal, Withheld
from rag.types import Source, Span

BODY = "The bridge opened in 1932. It carries 160,000 vehicles a day."
HOSTILE = "<script>alert(1)</script> a|b **c** [d](http://e.example/f) <img src=http://g.example>"
HEADER = Header("2025-11-21T09:00:00+00:00", "0.1.0", "extractive", "a|model <b>", {}, {}, jobs=3)


def quoting(words: str, *, seconds: float = 0.2, title: str = "The bridge") -> Answer:
    start = BODY.find(words)
    span = Span(start, start + len(words)) if start >= 0 else Span(0, len(words))
    source = Source("bridge", title, "Gazette", None, None, None, "bridge.md")
    return Answer(
        "q",
        "q",
        "extractive",
        f"{words} [1]",
        claims=(Claim(words, Span(0, len(words)), "supported", "", (1,)),),
        citations=(Citation(1, source, words, span),),
        confidence=round(0.9 - seconds / 10, 3),
        seconds={"total": seconds},
    )


def refusing() -> Answer:
    nearest = quoting("The bridge opened in 1932.").citations
    refusal = Refusal("figure_not_given", "It isn't given.", nearest)
    return Answer("q", "q", "extractive", refusal.text, refusal=refusal, seconds={"total": 0.1})


def result(suite: str, case: Case, answer: Answer | None, error: str | None = None) -> Result:
    scores: tuple[Score, ...] = ()
    if answer is not None:
        told = score_answer(answer, case, is_gold=lambda source: source.article_id == "bridge")
        scores = (*told, offset_score(answer, case, {"bridge": BODY}.get))
    return Result(Record(suite, case, answer, error=error), scores)


TRAFFIC = Case(id="t1", question="How many vehicles cross?", answers=("160,000",))
OPENED = Case(id="t2", question="When did it open?", answers=("1932",), tags=("date", "old"))
COST = Case(id="c1", question="What did it cost?", reason="figure_not_given")
TOLL = Case(id="c2", question="What is the toll?", reason="not_in_sources", split="test")
WIDTH = Case(
    id="w<1>",
    question=f"How wide? {HOSTILE}",
    history=("Is it long?", HOSTILE),
    figure=GoldFigure(Decimal(25), "m", Decimal(30)),
    subject=("bridge|crossing",),
    conflict=GoldConflict(("25 m", "30 m"), "disagreement"),
    never=(HOSTILE,),
    split="test",
    tags=("wide", HOSTILE),
)
SIDES = (Reading("25 m", 1), Reading(HOSTILE, 1))


def hostile() -> Answer:
    return replace(
        quoting(HOSTILE, seconds=1.5, title=HOSTILE),
        query=HOSTILE,
        conflicts=(Conflict(HOSTILE, "update", SIDES),),
        withheld=(Withheld(HOSTILE, HOSTILE),),
        notice=HOSTILE,
    )


def run(*more: Result) -> Summary:
    """Two right, one wrong and one refused of the answerable; one of two refused; one error."""
    results = (
        result("figures", TRAFFIC, quoting("It carries 160,000 vehicles a day.")),
        result("figures", OPENED, quoting("It carries 160,000 vehicles a day.", seconds=0.7)),
        result("figures", replace(OPENED, id="t3"), quoting("The bridge opened in 1932.")),
        result("figures", replace(OPENED, id="t4"), refusing()),
        result("traps", COST, refusing()),
        result("traps", TOLL, quoting("The bridge opened in 1932.")),
        result("traps", WIDTH, None, f"no reply from http://h.example {HOSTILE}"),
    )
    return summarise(HEADER, (*results, *more))


GATES = (
    GateResult("figures.right", "at least 0.9", 0.5, passed=False, cases=("figures/t2", "x/y")),
    GateResult("all.offsets", "at least 1", 1.0, passed=True),
)


class Page(HTMLParser):
    """Every element of a page with its attributes, its ids, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def having(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.elements if attribute in a]


@pytest.fixture(scope="module")
def full() -> Summary:
    summary = run(result("traps", replace(WIDTH, id="w2"), hostile()))
    cells = {cell: replace(share, mean=0.75) for cell, share in summary.shares.items()}
    failed, cases = frozenset({"figures/t1"}), frozenset({"figures/t1", "figures/t2"})
    return replace(summary, gates=GATES, baseline=Baseline("0.0.9", cells, failed, cases))


@pytest.fixture(scope="module")
def page(full: Summary) -> Page:
    return Page(to_html(full))


def test_the_verdict_counts_every_outcome_in_plain_words():
    summary = run()
    assert headline(summary) == "Right on 50 % of what the articles answer"
    assert story(summary) == (
        "Of 4 questions that the articles answer, 2 were answered right, 1 wrong, and 1 refused.",
        "Of 2 that they don't answer, 1 was refused and 1 answered anyway.",
        "All 6 citations stand exactly where they say.",
        "1 question ended in an error and was not scored.",
        "No gates are set for this run: the figures have to speak for themselves.",
    )
    told = {fact.name: (fact.number, fact.counted) for fact in facts(summary)}
    assert told == {
        "Answered right": ("50 %", "2 of 4"),
        "Refused rightly": ("50 %", "1 of 2"),
        "Answered wrong": ("2", "of 6"),
        "Citations exact": ("100 %", "6 of 6"),
        "Slowest": ("0.70 s", "figures/t2"),
    }


def test_the_headline_follows_the_gates_and_errors():
    summary = run()
    met = replace(summary, results=summary.results[:-1], gates=GATES[1:])
    assert headline(replace(summary, gates=GATES)) == "Not to be trusted yet: 1 of 2 gates missed"
    assert headline(met) == "To be trusted on these articles: the one gate is met"
    assert headline(replace(summary, gates=GATES[1:])) == (
        "Not to be trusted yet: 1 question ended in an error"
    )
    assert headline(summarise(HEADER, ())) == "Nothing was asked"


def test_a_citation_out_of_place_is_told():
    off = quoting("The bridge opened in 1932.")
    moved = replace(off, citations=(replace(off.citations[0], span=Span(1, 27)),))
    summary = summarise(HEADER, (result("figures", OPENED, moved),))
    assert "In 1 answer a citation is not where it says it stands." in story(summary)


def test_no_word_of_a_run_becomes_markup(full, page):
    assert HOSTILE in " ".join(page.words)
    assert Counter(tag for tag, _ in page.elements)["script"] == 1
    assert not {"img", "iframe", "object", "form", "base"} & {tag for tag, _ in page.elements}
    handlers = [name for _, a in page.elements for name in a if name.startswith("on")]
    assert handlers == []
    assert "</script> a|b" not in to_html(full)


def test_the_page_names_nothing_outside(page):
    loading = [*page.having("src"), *page.having("href"), *page.having("xlink:href")]
    assert loading
    assert [value for value in loading if not value.startswith(("#", "data:"))] == []
    (policy,) = [a["content"] for _, a in page.elements if "http-equiv" in a]
    assert policy.startswith(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    )
    css = next(a for tag, a in page.elements if tag == "style")
    assert css == {}
    assert not re.search(r"url\((?!#)|@import", "".join(page.words))


def test_every_link_inside_the_page_leads_somewhere_and_ids_are_used_once(page):
    ids = page.having("id")
    assert [name for name, n in Counter(ids).items() if n > 1] == []
    assert {href[1:] for href in page.having("href") if href.startswith("#")} <= set(ids)


def test_every_failed_case_is_a_card_with_what_is_needed_to_judge_it(full, page):
    assert sum(a.get("class") == "card" for _, a in page.elements) == len(full.failures) == 5
    for words in (
        "asked before: Is it long?",
        "ended in an error no reply from",
        "answered wrong no claim and its quote hold a gold answer",
        "Gazette · The bridge bridge [27:61]",
        "25 to 30 m",
        "bridge|crossing",
        "25 m against 30 m (disagreement)",
        "Refused: figure not given",
        "What came nearest (1)",
        "searched as: <script>",
        "3 questions asked at a time",
    ):
        assert words in page.text


def test_a_metric_that_could_not_be_scored_counts_as_unscored(page):
    summary = run()
    assert summary.shares[Cell(ALL, ALL, "reason")].unscored == 1
    assert "1 unscored" in page.text
    only = summarise(HEADER, [r for r in summary.results if r.record.case.id == "c2"])
    assert "– (n = 0, 1 unscored)" in to_markdown(only)


def test_dev_and_test_are_shown_apart_where_there_are_both(page):
    assert page.having("data-split")[:3] == ["all", "dev", "test"]
    dev = [r for r in run().results if r.record.case.split == "dev"]
    assert 'type="radio"' not in to_html(summarise(HEADER, dev))


def share(mean: float, low: float, high: float) -> Share:
    return Share(10, 0, mean, Interval(low, high))


@pytest.mark.parametrize(
    ("metric", "now", "before", "points", "verdict", "slight"),
    [
        ("right", share(0.9, 0.8, 1.0), 0.7, 20.0, "better", False),
        ("right", share(0.7, 0.5, 0.9), 0.75, -5.0, "worse", True),
        ("wrong", share(0.2, 0.1, 0.3), 0.0, 20.0, "worse", False),
        ("wrong", share(0.0, 0.0, 0.0), 0.1, -10.0, "better", False),
        ("right", share(0.9, 0.8, 1.0), 0.9, 0.0, "as before", True),
    ],
)
def test_a_difference_says_whether_it_is_better(metric, now, before, points, verdict, slight):
    cell = Cell(ALL, ALL, metric)
    baseline = Baseline("b", {cell: share(before, before, before)}, frozenset(), frozenset())
    summary = replace(run(), shares={cell: now}, baseline=baseline)
    assert change(summary, cell) == (points, verdict, slight)
    assert change(summary, Cell("traps", ALL, metric)) is None
    assert change(replace(summary, baseline=None), cell) is None
    assert verdict in to_html(summary)
    assert verdict in to_markdown(summary)


def test_cases_that_newly_fail_and_that_no_longer_do_are_told(full, page):
    assert newly_failed(full) == ("figures/t2",)
    assert mended(full) == ("figures/t1",)
    assert "1 case newly fails and 1 no longer does, and 6 cases were not in it" in page.text
    assert "**figures/t2** (newly failing, dev, date, old)" in to_markdown(full)


def test_gates_are_listed_with_the_cases_to_blame(full, page):
    assert "figures.right ✗ missed 0.5 at least 0.9 figures/t2 x/y" in page.text
    assert "all.offsets ✓ met 1 at least 1" in page.text
    assert "figures.right is 0.5; it has to be at least 0.9" in page.text
    assert "| figures.right | at least 0.9 | 0.5 | **missed** | figures/t2, x/y |" in (
        to_markdown(full)
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "not scored"),
        (1.0, "1"),
        (10.0, "10"),
        (0.5, "0.5"),
        (0.9999, "0.9999"),
        (0.98761, "0.9876"),
    ],
)
def test_a_gates_value_is_in_the_unit_of_its_bound(value, told):
    assert gate_value(GateResult("g", "at least 1", value, passed=False)) == told


def test_all_or_nothing_is_said_only_where_it_is_so():
    told = [percent(n, 0) for n in (0.0, 0.0004, 0.5, 0.9996, 1.0)]
    assert told == ["0 %", "1 %", "50 %", "99 %", "100 %"]


def test_a_fault_is_named_by_what_went_wrong():
    by_key = {r.key: reasons(r) for r in run().results}
    assert by_key["figures/t1"] == ()
    assert by_key["figures/t4"] == (
        ("refused though the articles say", "refused: figure_not_given"),
    )
    assert by_key["traps/c2"] == (
        (
            "missed: refused where the articles don't say",
            "answered; gold is a refusal: not_in_sources",
        ),
    )


def test_every_metric_has_a_row_in_both_reports():
    shares = {Cell(ALL, ALL, metric): share(0.5, 0.4, 0.6) for metric in get_args(Metric)}
    summary = replace(run(), shares=shares)
    html, markdown = Page(to_html(summary)).text, to_markdown(summary)
    assert all(label in html and f"| {label}" in markdown for label in LABELS.values())


def test_markdown_keeps_hostile_words_on_their_line_and_in_their_cell(full):
    text = to_markdown(full)
    assert re.search(r"(?<!\\)<(?!!-- -->)", text) is None
    assert "](" not in text.replace("\\](", "")
    assert "http://" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    columns = {len(re.findall(r"(?<!\\)\|", row)) for row in rows if "gate" not in row}
    assert len(rows) > 10
    assert columns == {7, 6}  # all, dev, test and two suites; the gates


def test_markdown_that_shows_exactly_what_was_said():
    assert escape("a|b\n# *c* `d` <e>") == r"a\|b # \*c\* \`d\` \<e\>"
    assert escape("see www.a.b or http://c, @me, #12") == (
        r"see www\.a.b or http\://c, @<!-- -->me, #<!-- -->12"
    )


def test_a_long_list_of_failures_ends_with_keys():
    wrong = quoting("The bridge opened in 1932.")
    results = [result("s", replace(TRAFFIC, id=f"n{n}"), wrong) for n in range(70)]
    text = to_markdown(summarise(HEADER, results))
    assert text.count("\n- **s/n") == 60
    assert "And 10 more: s/n60, s/n61" in text


def test_the_same_run_is_the_same_report_and_another_run_is_not(full):
    assert to_html(full) == to_html(full)
    assert to_markdown(full) == to_markdown(full)
    assert to_html(full) != to_html(replace(full, gates=()))


def drawn(summary: Summary) -> list[str | None]:
    return [
        plots.by_suite(summary, ("right", "refused"), "one"),
        plots.by_suite(summary, ("citation_recall",), "two & <three>"),
        plots.risk_coverage(summary, "four"),
        plots.latency(summary, "five"),
    ]


def test_plots_are_wellformed_and_take_the_colours_of_the_page():
    for svg in drawn(run()):
        root = ElementTree.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.get("role") == "img"
        assert "var(--accent" in svg
        assert "<metadata" not in svg
        assert "#0101" not in svg


def test_plots_draw_any_name_of_a_suite_as_it_is():
    summary = run(result("$x^2$ 日本 <b>", TRAFFIC, quoting("It carries 160,000 vehicles a day.")))
    svg = plots.by_suite(summary, ("right", "refused"), "names")
    assert "$x^2$ 日本 <b>" in "".join(ElementTree.fromstring(svg).itertext())


def test_times_that_differ_widely_are_on_an_axis_of_factors():
    slow = result("figures", replace(TRAFFIC, id="slow"), quoting("1932", seconds=90.0))
    texts = "".join(ElementTree.fromstring(plots.latency(run(slow), "t")).itertext()).split()
    assert {"0.1", "1", "10"} <= set(texts)


def test_what_has_nothing_to_show_is_left_out():
    empty = summarise(HEADER, ())
    assert drawn(empty) == [None] * 4
    assert "None." in Page(to_html(empty)).text
    assert "## Failed cases: 0 of 0" in to_markdown(empty)


def test_characters_that_no_page_can_hold_are_replaced():
    odd = replace(OPENED, question="a\x00b \ud800 c")
    summary = summarise(HEADER, (result("s\x1b", odd, refusing()),))
    assert "a\ufffdb \ufffd c" in to_html(summary)
    to_html(summary).encode()
    to_markdown(summary).encode()


def test_three_hundred_failed_cases_have_a_card_each():
    wrong = quoting("The bridge opened in 1932.")
    results = [result(f"s{n % 6}", replace(TRAFFIC, id=f"n{n}"), wrong) for n in range(300)]
    summary = summarise(HEADER, results)
    assert to_html(summary).count("<article") >= 300


def test_matplotlib_is_loaded_only_to_draw():
    assert loaded_by("import evals.report, sys; assert 'matplotlib' not in sys.modules") == set()


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--no-proxy-server"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, full, tmp_path):
    """Opens the full report; what it asked for and complained of is empty in the end."""
    path = tmp_path / "report.html"
    path.write_text(to_html(full), encoding="utf-8")
    troubles: list[str] = []
    contexts = []

    def see(request):
        if request.url != path.as_uri() and not request.url.startswith("data:"):
            troubles.append(request.url)

    def open_page(**settings):
        contexts.append(browser.new_context(**settings))
        shown = contexts[-1].new_page()
        shown.on("request", see)
        shown.on("console", lambda message: troubles.append(message.text))
        shown.on("pageerror", lambda error: troubles.append(str(error)))
        shown.on("dialog", lambda dialog: troubles.append(dialog.message))
        shown.goto(path.as_uri())
        return shown

    yield open_page
    assert troubles == []
    for context in contexts:
        context.close()


def shown_cards(shown) -> list[str]:
    return shown.locator(".card:visible .key").all_text_contents()


def test_filters_and_search_choose_among_the_cards(opened):
    shown = opened()
    assert len(shown_cards(shown)) == 5
    for by, value, keys in (
        ("suite", "traps", ["traps/c2", "traps/w<1>", "traps/w2"]),
        ("split", "dev", ["figures/t2", "figures/t4"]),
        ("tags", "date", ["figures/t2", "figures/t4"]),
        ("faults", "false_refusal", ["figures/t4"]),
        ("faults", "error", ["traps/w<1>"]),
        ("faults", "new", ["figures/t2"]),
        ("tags", HOSTILE, ["traps/w<1>", "traps/w2"]),
    ):
        shown.select_option(f"[data-by={by}]", value)
        assert shown_cards(shown) == keys
        assert shown.text_content("#shown") == f"{len(keys)} of 5 shown"
        shown.click("#reset")
        assert len(shown_cards(shown)) == 5
    shown.fill("#words", "TOLL")
    assert shown_cards(shown) == ["traps/c2"]
    shown.select_option("[data-by=suite]", "figures")
    assert shown_cards(shown) == []


def test_a_gate_leads_to_its_case_also_when_that_is_filtered_out(opened):
    shown = opened()
    shown.select_option("[data-by=suite]", "traps")
    shown.click("#gates a")
    assert "figures/t2" in shown_cards(shown)
    assert shown.locator(".card:target .key").text_content() == "figures/t2"


def test_the_table_of_a_split_is_chosen_by_keyboard(opened):
    shown = opened()
    visible = shown.locator(".measures:visible")
    assert [visible.nth(n).get_attribute("data-split") for n in range(visible.count())] == ["all"]
    shown.focus("[name=split][value=all]")
    shown.keyboard.press("ArrowRight")
    assert [visible.nth(n).get_attribute("data-split") for n in range(visible.count())] == ["dev"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(opened, scheme):
    shown = opened(viewport=PHONE, color_scheme=scheme)
    shown.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_everything_is_there_without_a_script_and_on_paper(opened):
    shown = opened(java_script_enabled=False)
    assert len(shown_cards(shown)) == 5
    assert not shown.is_visible(".filters")
    shown.emulate_media(media="print")
    assert shown.locator(".measures:visible").count() == 3
    assert not shown.is_visible("nav")
