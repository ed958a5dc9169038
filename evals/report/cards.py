"""Failed cases → cards: the question, why it failed, what was answered, and the gold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.metrics import LABELS
from evals.report.markup import Html, el, join
from evals.report.wording import Term, card, gold, newly_failed, place, reasons, seconds
from evals.summary import ALL, Result, Summary
from rag.answer import Answer, Citation


def anchors(summary: Summary) -> dict[str, str]:
    """The id that each failed case has in the page, by `suite/id`."""
    return {result.key: f"case-{n}" for n, result in enumerate(summary.failures, start=1)}


def cards(summary: Summary) -> Html:
    """A card for each failed case, in order."""
    ids = anchors(summary)
    new = frozenset(newly_failed(summary))
    return join((_card(r, ids[r.key], is_new=r.key in new) for r in summary.failures), "\n")


def filters(summary: Summary) -> Html:
    """What chooses among the cards; the page's script unhides it."""
    failures = summary.failures
    at_fault = {score.metric for result in failures for score in result.shortfalls}
    faults: list[tuple[str, str]] = [
        (metric, label) for metric, label in LABELS.items() if metric in at_fault
    ]
    if any(result.record.error for result in failures):
        faults.append(("error", "ended in an error"))
    if newly_failed(summary):
        faults.append(("new", "newly failing"))
    suites = dict.fromkeys(r.record.suite for r in failures)
    splits = sorted({r.record.case.split for r in failures})
    tags = sorted({tag for r in failures for tag in r.record.case.tags})
    return el(
        "div",
        _choice("suite", "Suite", [(name, name) for name in suites]),
        _choice("split", "Split", [(name, name) for name in splits]),
        _choice("tags", "Tag", [(name, name) for name in tags]),
        _choice("faults", "Fault", faults),
        el("label", "Search", el("input", type="search", id="words", autocomplete="off")),
        el("button", "Show all", type="button", id="reset"),
        el("p", id="shown", role="status"),
        cls="filters",
        role="search",
        aria_label="Failed cases",
        hidden=True,
    )


def _choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> Html | None:
    if len(options) < 2:
        return None
    every = el("option", ALL, value="")
    listed = (el("option", words, value=value) for value, words in options)
    return el("label", label, el("select", every, *listed, data_by=name))


def _card(result: Result, anchor: str, *, is_new: bool) -> Html:
    record, case = result.record, result.record.case
    faults: list[str] = [score.metric for score in result.shortfalls]
    faults += ["error"] * (record.error is not None) + ["new"] * is_new
    marks = [el("span", case.split, cls="mark"), *(el("span", t, cls="tag") for t in case.tags)]
    if is_new:
        marks.insert(0, el("span", "newly failing", cls="mark new"))
    asked = join(el("p", f"asked before: {q}", cls="before", dir="auto") for q in case.history)
    return el(
        "article",
        el("p", el("a", result.key, href=f"#{anchor}", cls="key"), *marks, cls="about"),
        asked,
        el("h3", case.question, dir="auto", id=f"{anchor}-q"),
        _why(result),
        el("div", _answered(record.answer), _gold(gold(case)), cls="sides"),
        id=anchor,
        cls="card",
        aria_labelledby=f"{anchor}-q",
        data_suite=f"\n{record.suite}\n",
        data_split=f"\n{case.split}\n",
        data_tags="\n".join(("", *case.tags, "")),
        data_faults="\n".join(("", *faults, "")),
    )


def _why(result: Result) -> Html:
    told = [el("li", el("b", term.name), f" {term.text}") for term in reasons(result)]
    if result.record.error is not None:
        told.insert(0, el("li", el("b", "ended in an error"), f" {result.record.error}"))
    return el("ul", *told, cls="why", aria_label="Why it failed")


def _gold(terms: Sequence[Term]) -> Html:
    listed = (join([el("dt", term.name), el("dd", term.text, dir="auto")]) for term in terms)
    return el("section", el("h4", "Gold"), el("dl", *listed), cls="gold")


def _answered(answer: Answer | None) -> Html:
    if answer is None:
        return el("section", el("h4", "Answer"), el("p", "none", cls="soft"), cls="answer")
    return el("section", *_parts(answer), cls="answer")


def _parts(answer: Answer) -> Iterator[Html]:
    refusal = answer.refusal
    title = f"Refused: {refusal.reason.replace('_', ' ')}" if refusal else "Answered"
    yield el("h4", title, el("small", _measured(answer)))
    yield el("p", answer.text, cls="said", dir="auto")
    if answer.query != answer.question:
        yield el("p", f"searched as: {answer.query}", cls="soft")
    if answer.citations:
        yield _quotes(answer.citations)
    if refusal and refusal.nearest:
        nearest = el("summary", f"What came nearest ({len(refusal.nearest)})")
        yield el("details", nearest, _quotes(refusal.nearest))
    for conflict in answer.conflicts:
        sides = " against ".join(f"{side.figure} [{side.citation}]" for side in conflict.sides)
        yield el("p", el("b", f"{conflict.kind} shown"), f" {conflict.subject}: {sides}")
    for withheld in answer.withheld:
        yield el("p", el("b", "withheld"), f" {withheld.text} ({withheld.reason})", cls="soft")
    if answer.notice:
        yield el("p", el("b", "notice"), f" {answer.notice}", cls="soft")


def _measured(answer: Answer) -> str:
    """Confidence and time, where they are known."""
    parts = [] if answer.confidence is None else [f"confidence {answer.confidence:.2f}"]
    parts += [seconds(answer.seconds["total"])] if "total" in answer.seconds else []
    return ", ".join(parts)


def _quotes(citations: Sequence[Citation]) -> Html:
    return el("ol", *(_quote(citation) for citation in citations), cls="quotes")


def _quote(citation: Citation) -> Html:
    return el(
        "li",
        el("span", str(citation.number), cls="number", aria_hidden="true"),
        el("blockquote", citation.cited_text, dir="auto"),
        el("p", card(citation.source), " ", el("code", place(citation))),
    )
