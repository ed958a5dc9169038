"""Summary → the report as one HTML file that loads nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evals.metrics import LABELS, Metric
from evals.report import plots
from evals.report.cards import anchors, cards, filters
from evals.report.markup import Html, el, join
from evals.report.model import model_name, model_terms, model_warnings
from evals.report.table import tables
from evals.report.verdict import Fact, comparison, facts, headline, story
from evals.report.wording import count, gate_value, percent, seconds
from evals.summary import GateResult, Summary

_ASSETS = Path(__file__).parent / "assets"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_OUTCOMES: tuple[Metric, ...] = ("right", "refused")
_CITATIONS: tuple[Metric, ...] = ("citation_recall", "citation_precision")


def to_html(summary: Summary) -> str:
    """The whole report; the same summary gives the same text."""
    title = f"{headline(summary)} – Footnote evaluation"
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("link", rel="icon", href="data:,"),
        el("title", title),
        el("style", _asset("report.css")),
    )
    parts = (
        _verdict(summary),
        _model(summary),
        _gates(summary),
        _measures(summary),
        _plots(summary),
    )
    main = el("main", *parts, _failed(summary), _run(summary))
    body = el("body", _top(summary), main, el("script", _asset("report.js")))
    return f"<!doctype html>\n{el('html', head, body, lang='en')}\n"


def _asset(name: str) -> Html:
    return Html((_ASSETS / name).read_text(encoding="utf-8"))


def _top(summary: Summary) -> Html:
    links = [("measures", "Measures"), ("plots", "Plots"), ("failed", "Failed cases")]
    if summary.gates:
        links.insert(0, ("gates", "Gates"))
    if summary.worded is not None:
        links.insert(0, ("model", "The model"))
    listed = (el("a", name, href=f"#{anchor}") for anchor, name in links)
    brand = el("p", "Footnote", el("sup", "1"), el("span", "evaluation"), cls="brand")
    return el("header", brand, el("nav", *listed, aria_label="Sections"))


def _verdict(summary: Summary) -> Html:
    header = summary.header
    about = (
        header.created.replace("T", " ", 1),
        f"Footnote {header.version}",
        header.mode,
        header.model,
        *filter(None, (model_name(summary),)),
        f"{count(len(summary.results), 'case')} in {count(len(summary.suites), 'suite')}",
    )
    since = comparison(summary)
    sign, state = ("✓", "met") if summary.passed else ("✗", "bad")
    mark = el("span", f"{sign} ", cls=state, aria_hidden="true")
    return el(
        "section",
        el("p", *(el("span", part) for part in about), cls="about"),
        el("h1", mark if summary.gates else None, headline(summary)),
        el("p", " ".join(story(summary)), cls="story"),
        el("p", since, cls="story since") if since else None,
        el("dl", *(_fact(fact) for fact in facts(summary)), cls="facts"),
        _missed(summary),
        id="verdict",
    )


def _fact(fact: Fact) -> Html:
    number = el("dd", el("b", fact.number), el("span", fact.counted, dir="auto"))
    details = (el("dd", detail, cls="detail") for detail in fact.details)
    return el("div", el("dt", fact.name), number, *details)


def _missed(summary: Summary) -> Html | None:
    missed = [gate for gate in summary.gates if not gate.passed]
    if not missed:
        return None
    told = (
        el("li", el("b", gate.name), f" is {gate_value(gate)}; it has to be {gate.bound}")
        for gate in missed
    )
    return el("ul", *told, cls="misses", aria_label="Gates missed")


def _model(summary: Summary) -> Html | None:
    terms = model_terms(summary)
    if not terms:
        return None
    rows = (el("tr", el("th", name, scope="row"), el("td", text)) for name, text in terms)
    region = el(
        "div",
        el("table", el("tbody", *rows)),
        cls="scroll",
        tabindex="0",
        role="region",
        aria_label="The model",
    )
    warned = (el("p", warning, cls="note bad") for warning in model_warnings(summary))
    return el("section", el("h2", "The model"), region, *warned, id="model")


def _gates(summary: Summary) -> Html | None:
    if not summary.gates:
        return None
    heads = (el("th", name, scope="col") for name in ("Gate", "Outcome", "Value", "Bound", "Cases"))
    ids = anchors(summary)
    rows = (_gate(gate, ids) for gate in summary.gates)
    table = el("table", el("thead", el("tr", *heads)), el("tbody", *rows))
    region = el("div", table, cls="scroll", tabindex="0", role="region", aria_label="Gates")
    return el("section", el("h2", "Gates"), region, id="gates")


def _gate(gate: GateResult, ids: dict[str, str]) -> Html:
    to_blame = (
        el("li", el("a", key, href=f"#{ids[key]}") if key in ids else key) for key in gate.cases
    )
    outcome = el("td", "✓ met" if gate.passed else "✗ missed", cls="met" if gate.passed else "bad")
    return el(
        "tr",
        el("th", gate.name, scope="row"),
        outcome,
        el("td", gate_value(gate)),
        el("td", gate.bound),
        el("td", el("ul", *to_blame, cls="keys") if gate.cases else None),
    )


def _measures(summary: Summary) -> Html:
    told = (
        "Unscored cases are in no mean. An interval without width means that all cases came out "
        "alike, not that there is no doubt. Soft rows measure; a case is not at fault for them."
    )
    against = ""
    if summary.baseline:
        against = (
            f" Differences are in percentage points against {summary.baseline.name}; a soft one "
            "is within this run's interval."
        )
    note = el("p", told + against, cls="note")
    return el("section", el("h2", "Measures"), tables(summary), note, id="measures")


def _plots(summary: Summary) -> Html:
    return el("section", el("h2", "Plots"), el("div", *_figures(summary), cls="plots"), id="plots")


def _figures(summary: Summary) -> Iterator[Html]:
    lines = "Lines are 95 % intervals."
    title = "Answers and refusals by suite"
    if drawn := plots.by_suite(summary, _OUTCOMES, title):
        yield _figure(title, drawn, join([_key(*_OUTCOMES), lines]))
    title = "Citations by suite"
    if drawn := plots.by_suite(summary, _CITATIONS, title):
        yield _figure(title, drawn, join([_key(*_CITATIONS), lines]))
    title = "Risk against coverage"
    if summary.aurc is not None and (drawn := plots.risk_coverage(summary, title)):
        least = summary.curve[-1]
        told = (
            f"AURC {summary.aurc:.3f}: the mean share of wrong answers over the coverage reached. "
            f"At the end {percent(least.coverage, 0)} of the questions are answered, "
            f"{percent(least.risk, 0)} of them wrong."
        )
        yield _figure(title, drawn, told)
    title = "Time to an answer"
    if drawn := plots.latency(summary, title):
        times = summary.seconds
        told = (
            f"Median {seconds(times['median'])}, 95 % within {seconds(times['p95'])}, 99 % within "
            f"{seconds(times['p99'])}. {count(summary.header.jobs, 'question')} asked at a time."
        )
        yield _figure(title, drawn, told)


def _figure(title: str, drawn: Html, caption: str) -> Html:
    return el("figure", el("h3", title), drawn, el("figcaption", caption))


def _key(first: Metric, second: Metric) -> Html:
    marks = (("●", "first", first), ("◆", "second", second))
    shown = (
        el("span", el("i", sign, cls=cls, aria_hidden="true"), f" {LABELS[metric]}")
        for sign, cls, metric in marks
    )
    return el("span", *shown, cls="key")


def _failed(summary: Summary) -> Html:
    n = len(summary.failures)
    title = el("h2", "Failed cases", el("small", f"{n:,} of {len(summary.results):,}"))
    if not n:
        return el("section", title, el("p", "None.", cls="note"), id="failed")
    listed = el("div", cards(summary), id="cards")
    return el("section", title, filters(summary), listed, id="failed")


def _run(summary: Summary) -> Html:
    header = summary.header
    heads = ("Suite", "Cases", "Suite's SHA-256", "Articles' SHA-256")
    counts = {s: sum(r.record.suite == s for r in summary.results) for s in header.suites}
    rows = (
        el(
            "tr",
            el("th", name, scope="row"),
            el("td", str(counts[name])),
            el("td", el("code", digest[:16])),
            el("td", el("code", header.corpora.get(name, "")[:16])),
        )
        for name, digest in header.suites.items()
    )
    head = el("thead", el("tr", *(el("th", name, scope="col") for name in heads)))
    table = el("table", head, el("tbody", *rows))
    region = el("div", table, cls="scroll", tabindex="0", role="region", aria_label="Suites")
    return el("section", el("h2", "What was run"), region, id="run")
