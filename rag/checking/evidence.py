"""A question and a sentence → how far the sentence bears on what the question asks: type, names, period, terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.checking.figures import find_figures, normal_period
from rag.checking.names import Name, country_keys, find_names, is_named
from rag.splitting.terms import stems
from rag.types import Figure, Query

_ROLE = re.compile(
    r"\b(?:president|minister|chief|chair\w*|director|secretary|ambassador|spokes\w+|leader|head|ceo|governor"
    r"|mayor|general|king|queen|prince|princess|author|ministry|government|officials?|intermediar\w+)\b",
    re.IGNORECASE,
)
_ROLE_QUESTION = re.compile(
    r"\s*(?:who(?:\s+(?:is|was|are|were)|['’]s)\b(?!\s+\w+ing\b)|(?:what(?:\s+is|['’]s)\s+)?(?:the\s+)?names?\s+of\b)",
    re.IGNORECASE,
)  # "Who is the ambassador", "name of the minister"; not "who is demanding"
MAX_ROLE_TERMS = 3
"""A role has at most this many words of its own ("deputy foreign minister"); more describe a deed."""
MIN_MATTER_TERMS = 0.3
"""A yes/no question is decided by words about its matter: least share of its terms in reach."""
FIGURE_KINDS = frozenset({"money", "percent", "count", "rank", "duration", "quantity", "date"})
_NAME_KINDS = frozenset({"person", "place", "organisation"})
_AMOUNTS = frozenset({"money", "percent", "ratio", "count", "quantity"})


Gap = Literal["period", "figure", "name", "subject", "role", "matter"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate sentence and what stands around it."""

    sentence: str
    before: str
    """The sentence before it in its passage, or empty."""
    after: str
    title: str
    published: date | None

    @property
    def reach(self) -> str:
        """Everything that may say what the sentence is about."""
        return " ".join((self.title, self.before, self.sentence, self.after))


@dataclass(frozen=True, slots=True)
class Fit:
    """How a sentence meets a question."""

    gaps: frozenset[Gap]
    """What the question asks for that the sentence lacks; an answer has none."""
    doubts: frozenset[Gap]
    """Gaps that a sentence which otherwise answers well may have (the reading of names is rough)."""
    terms: float
    """Share of the question's content words in the sentence, its neighbours and the title, 0 to 1."""


def fit(query: Query, evidence: Evidence) -> Fit:
    """How the evidence meets the query.

    A country that the question names must be named in reach, and for a figure in the sentence itself
    if that names another one: exports to Azerbaijan never answer for exports to Armenia.
    """
    names = find_names(query.text)
    here = [is_named(name, evidence.sentence) for name in names]
    near = [ok or is_named(name, evidence.reach) for name, ok in zip(names, here, strict=True)]
    absent = {name.kind for name, ok in zip(names, near, strict=True) if not ok}
    wanted = _wanted(query, evidence.sentence, names)
    terms = _covered(query.terms, evidence.reach)
    gaps: set[Gap] = set()
    doubts: set[Gap] = set()
    if not _in_period(query, evidence):
        gaps.add("period")
    if query.wanted in FIGURE_KINDS and wanted < 1:
        (gaps if wanted == 0 else doubts).add("figure")
    if query.wanted in _NAME_KINDS and wanted == 0:
        doubts.add("name")
    if "country" in absent or (query.wanted in FIGURE_KINDS and _has_rival(names, here, evidence)):
        gaps.add("subject")
    if "other" in absent:
        doubts.add("subject")
    if _asks_role(query) and _covered(query.terms, evidence.sentence) < 1:
        gaps.add("role")
    if query.wanted == "yes_no" and terms < MIN_MATTER_TERMS:
        gaps.add("matter")
    return Fit(frozenset(gaps), frozenset(doubts), terms)


def _asks_role(query: Query) -> bool:
    """ "Who is the ambassador of …?": whoever holds another office is no answer."""
    return bool(_ROLE_QUESTION.match(query.text)) and 1 <= len(query.terms) <= MAX_ROLE_TERMS


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 1.0


def _covered(terms: tuple[str, ...], text: str) -> float:
    present = set(stems(text))
    return _share([term in present for term in terms])


def _has_rival(names: tuple[Name, ...], here: list[bool], evidence: Evidence) -> bool:
    """Whether the sentence is about another country than one that the question names."""
    asked = {name.key for name in names if name.kind == "country"}
    missing = any(n.kind == "country" and not ok for n, ok in zip(names, here, strict=True))
    return missing and bool(country_keys(evidence.sentence) - asked)


def _in_period(query: Query, evidence: Evidence) -> bool:
    """Whether every asked period stands near, or is the year that the article appeared in."""
    if not query.years:
        return True
    text = f"{evidence.title} {evidence.before} {evidence.sentence} {evidence.after}"
    near = {normal_period(f.span.of(text)) for f in find_figures(text) if f.kind == "date"}
    if evidence.published is not None:
        near.add(str(evidence.published.year))
    return all(_holds(asked, near) for asked in query.years)


def _holds(asked: str, near: set[str | None]) -> bool:
    # "in 2024" is met by FY2024-25, which begins in that year, and "1990" by "the 1990s".
    return asked in near or any(p and "/" not in asked and p[:4] == asked for p in near)


def _wanted(query: Query, sentence: str, names: tuple[Name, ...]) -> float:
    """1 when something of the wanted type stands in the sentence, 0.5 when something close does, else 0."""
    figures = _new_figures(query, sentence)
    kinds = {figure.kind for figure in figures}
    match query.wanted:
        case "money" | "quantity":
            return 1.0 if kinds & {query.wanted, "money"} else 0.5 if kinds & _AMOUNTS else 0.0
        case "percent":
            return float(bool(kinds & {"percent", "ratio"}))
        case "count":
            return _counts(query, figures)
        case "duration":
            return 1.0 if "duration" in kinds else 0.5 if "date" in kinds else 0.0
        case "rank" | "date":
            return float(query.wanted in kinds)
        case "person":
            return float(_has_new_name(names, sentence) or _ROLE.search(sentence) is not None)
        case "place" | "organisation":
            return float(_has_new_name(names, sentence))
        case "reason" | "list" | "yes_no" | "open":
            return 1.0


def _new_figures(query: Query, sentence: str) -> list[Figure]:
    """Figures of the sentence that the question does not state itself."""
    own = {(f.kind, f.value) for f in find_figures(query.text)}
    return [f for f in find_figures(sentence) if (f.kind, f.value) not in own]


def _counts(query: Query, figures: list[Figure]) -> float:
    """1 when what is counted is what the question counts, 0.5 for a count of something else."""
    counted = [figure for figure in figures if figure.kind in {"count", "quantity"}]
    if any(set(stems(figure.unit)) & set(query.terms) for figure in counted):
        return 1.0
    return 0.5 if counted else 0.0


def _has_new_name(names: tuple[Name, ...], sentence: str) -> bool:
    asked = {name.key for name in names}
    words = {stem for name in names for stem in stems(name.text)}
    return any(
        name.key not in asked and not set(stems(name.text)) <= words for name in find_names(sentence)
    )
