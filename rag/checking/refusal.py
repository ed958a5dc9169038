"""Why a question is not answered, and how that is said to a reader."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.answer import RefusalReason
from rag.checking.asking.wanted import FIGURE_KINDS
from rag.checking.evidence import Gap
from rag.checking.figures import find_figures
from rag.checking.syntax.names import Name, find_names, is_demonym, is_named
from rag.checking.syntax.possession import BODIES
from rag.splitting.terms import stems
from rag.types import Query, Wanted

_MISSING: dict[Wanted, str] = {
    "money": "don't give an amount",
    "percent": "don't give a share",
    "count": "don't give a number",
    "rank": "don't give a rank",
    "date": "don't say when",
    "duration": "don't say for how long",
    "quantity": "don't give a figure",
}
_UNSAID: dict[Wanted, str] = {"person": " who", "reason": " why"}
_DECADE = re.compile(r"\b\d{4}s$")  # "the" 1990s
_LINK = r"\b(?P<link>to|from|with|of|in|among|between|for|by)\s+(?:the\s+)?"
_LINKED = re.compile(rf"{_LINK}$", re.IGNORECASE)  # exports "to" Armenia
_TOPIC = re.compile(
    r"^(?:what|how (?:large|big|high))\s+(?:is|are|was|were)\s+(?P<topic>.{3,60}?)\s*$",
    re.IGNORECASE,
)  # "What were India's exports" to


def reason_for(query: Query, gaps: Collection[Gap]) -> RefusalReason:
    """Why a question on the topic is not answered.

    Args:
        query: The question.
        gaps: What the words lack that give the very thing otherwise; empty if none do.
    """
    if {"subject", "figure"} & set(gaps):
        return "other_subject"
    if "period" in gaps:
        return "other_period"
    return "figure_not_given" if query.wanted in FIGURE_KINDS else "not_in_sources"


def reason_text(reason: RefusalReason, query: Query, nearest: str = "") -> str:
    """The reason in a sentence for the reader, from the question's words and the nearest ones.

    Args:
        reason: Why.
        query: The question.
        nearest: The words nearest to an answer.
    """
    match reason:
        case "empty_index":
            return "There are no articles to answer from yet."
        case "off_topic":
            return "The articles have nothing on this."
        case "other_period":
            return _other_period(query, nearest)
        case "other_subject":
            return _other_subject(query, nearest)
        case "figure_not_given":
            missing = _MISSING.get(query.wanted, "don't give a figure")
            return f"The articles touch on this but {missing}."
        case "not_in_sources":
            unsaid = f"The articles don't say{_UNSAID.get(query.wanted, '')}"
            unnamed = [n.text for n in find_names(query.text) if not is_named(n, nearest)]
            if not unnamed:
                return f"{unsaid}."
            return f"{unsaid}; the nearest words don't mention {_listed(unnamed)}."


def _other_period(query: Query, nearest: str) -> str:
    asked = _listed([_DECADE.sub(r"the \g<0>", p) for p in _periods(query.text) or query.years])
    given = [period for period in _periods(nearest) if period not in _periods(query.text)]
    start = f"The articles don't give this for {asked}"
    if given:
        return f"{start}; the nearest words speak of {_listed(given)}."
    return f"{start}; the nearest words bear no other date."


def _periods(text: str) -> list[str]:
    return [figure.span.of(text) for figure in find_figures(text) if figure.kind == "date"]


def _other_subject(query: Query, nearest: str) -> str:
    asked = [n for n in find_names(query.text) if not is_named(n, nearest)]
    keys = {name.key for name in find_names(query.text)}
    named: dict[str, Name] = {}
    for name in find_names(nearest):
        if name.kind == "country" and name.key not in keys | BODIES:
            named.setdefault(name.key, name)
    told = list(named.values())
    if len(asked) == 1 and (said := _paired(query, asked[0], nearest, told)):
        return said
    missing = _listed([_noun(name) for name in asked])
    if not missing:
        return "The articles don't give this; the nearest words give it for another subject."
    others = _listed([_noun(name) for name in told])
    about = f"are about {others}" if others else "are about something else"
    return f"The articles don't say this of {missing}; the nearest words {about}."


def _paired(query: Query, asked: Name, nearest: str, told: Sequence[Name]) -> str | None:
    """What the articles give instead: "exports to Chile for 2023, but not to Peru".

    Only where the nearest words put another name behind the same preposition, and have all the
    words that the question puts before it.
    """
    before = query.text[: asked.span.start]
    linked = _LINKED.search(before)
    topic = _TOPIC.match(before[: linked.start()]) if linked else None
    if linked is None or topic is None or is_demonym(asked):
        return None
    if not set(stems(topic["topic"])) <= set(stems(nearest)):
        return None
    link = linked["link"].lower()
    for other in told:
        found = _LINKED.search(nearest[: other.span.start])
        if found and found["link"].lower() == link and not is_demonym(other):
            shared = [p for p in _periods(query.text) if p in nearest]
            period = f" for {_listed(shared)}" if shared else ""
            given = f"{topic['topic']} {link} {other.text}{period}"
            return f"The articles give {given}, but not {link} {asked.text}."
    return None


def _noun(name: Name) -> str:
    """The name as a noun: a country's for its adjective."""
    return name.key if is_demonym(name) else name.text


def _listed(parts: Sequence[str]) -> str:
    *others, last = list(dict.fromkeys(parts)) or [""]
    return f"{', '.join(others)} and {last}" if others else last
