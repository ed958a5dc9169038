"""A question and a sentence → what the question asks for that the sentence lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from rag.checking.asking.acts import lacks_act
from rag.checking.asking.elsewhere import (
    is_of_another,
    is_of_another_rate,
    is_of_another_time,
    wanted_bounds,
)
from rag.checking.asking.opposites import tells_opposite
from rag.checking.asking.wanted import (
    FIGURE_KINDS,
    NAME_KINDS,
    asks_role,
    gives_reason,
    holds_wanted,
    lacks_country,
    lacks_deed,
    lacks_named,
    other_rank,
)
from rag.checking.figures import find_figures
from rag.checking.numerals.dates import normal_period
from rag.checking.syntax.concepts import concept, concepts
from rag.checking.syntax.names import Name, country_keys, find_names, is_named
from rag.checking.syntax.possession import BODIES, others_office, others_own, others_pair
from rag.types import FigureKind, Query

MIN_MATTER_TERMS = 0.3
"""A yes/no question is decided by words about its matter: least share of its terms in reach."""
_TOTAL = re.compile(
    r"\b(?:total|overall|altogether|in all|all of|all|entire|whole)\b", re.IGNORECASE
)
_SAYING = re.compile(
    r"\bwhat\s+(?:did|does|has|have)\s+.{2,60}?\b(?:say|said|state|stated|announced?|told?|claim|comment)\b",
    re.IGNORECASE,
)  # "What did the envoy say about …": the words of others are no answer

Gap = Literal["period", "figure", "name", "subject", "role", "act", "reason", "matter"]

ELSEWHERE: frozenset[Gap] = frozenset({"period", "subject", "role", "act"})
"""What a sentence lacks that tells of something else than what is asked."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A candidate sentence and what stands around it."""

    sentence: str
    before: str
    """The sentence before it in its passage, or empty."""
    after: str
    title: str
    published: date | None
    passage: str = ""
    """The whole passage."""
    leans: bool = False
    """Whether the sentence opens with a pronoun and is read with the one before it."""

    @property
    def told(self) -> str:
        """The words that would be cited."""
        return f"{self.before} {self.sentence}" if self.leans else self.sentence

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
    """Gaps that a sentence which answers well otherwise may have: names are read roughly."""
    terms: float
    """Share of the question's concepts in the sentence, its neighbours and the title, 0 to 1."""
    absent: tuple[str, ...] = ()
    """Names of the question that neither the sentence nor what stands around it bears, as asked."""


def fit(query: Query, evidence: Evidence) -> Fit:
    """How the evidence meets the query.

    A country that the question names must be named in reach, and for a figure in the sentence
    itself if that names another one: exports to Azerbaijan never answer for exports to Armenia.
    """
    names = find_names(query.text)
    told = evidence.told
    here = [is_named(name, told) for name in names]
    reach = (
        evidence.reach if query.wanted in FIGURE_KINDS else f"{evidence.reach} {evidence.passage}"
    )
    near = [ok or is_named(name, reach) for name, ok in zip(names, here, strict=True)]
    missing = [name for name, ok in zip(names, near, strict=True) if not ok]
    gaps = _gaps(query, evidence, names, here, {name.kind for name in missing})
    doubts = _doubts(query, evidence, names, {name.kind for name in missing})
    if query.wanted == "yes_no" and any(here):
        # "Did Armenia complain of India?" is answered, with no, by the words that say who did.
        doubts |= gaps & {"subject"}
        gaps -= {"subject"}
    return Fit(
        frozenset(gaps),
        frozenset(doubts),
        _covered(query.terms, evidence.reach),
        tuple(dict.fromkeys(name.text for name in missing)),
    )


def _gaps(
    query: Query, evidence: Evidence, names: tuple[Name, ...], here: list[bool], absent: set[str]
) -> set[Gap]:
    """What is certainly missing; `absent` are the kinds of the names that stand nowhere near."""
    sentence, told = evidence.sentence, evidence.told
    countries = all(ok for n, ok in zip(names, here, strict=True) if n.kind == "country")
    figure = query.wanted in FIGURE_KINDS
    bounds = wanted_bounds(
        query, sentence, before=evidence.before, title=evidence.title, published=evidence.published
    )
    gaps: dict[Gap, bool] = {
        "period": not _in_period(query, evidence) or is_of_another_time(query, sentence, bounds),
        "figure": (figure and holds_wanted(query, sentence, names) == 0)
        or other_rank(query, sentence)
        or _is_part(query, told)
        or (query.wanted == "count" and _kinds(told) == {"rank"}),
        "subject": "country" in absent
        or ((figure or asks_role(query) or _asks_first(query)) and _has_rival(names, here, told))
        or (asks_role(query) and not countries)
        or others_own(query.text, sentence)
        or (figure and others_pair(query.text, told))
        or others_office(query.text, f"{evidence.before} {sentence}")
        or (bool(_SAYING.search(query.text)) and "other" in absent)
        or tells_opposite(query, names, sentence)
        or is_of_another(query, names, sentence, bounds)
        or is_of_another_rate(query, bounds),
        "role": lacks_deed(query, sentence),
        "act": lacks_act(query, told),
        "name": lacks_country(query, sentence, names)
        or (query.wanted != "list" and lacks_named(query, sentence, names)),
    }
    return {gap for gap, found in gaps.items() if found}


def _doubts(
    query: Query, evidence: Evidence, names: tuple[Name, ...], absent: set[str]
) -> set[Gap]:
    """What may be missing; a sentence that answers well otherwise may lack it."""
    sentence = evidence.sentence
    wanted = holds_wanted(query, sentence, names)
    terms = _covered(query.terms, evidence.reach)
    said = _covered(query.terms, evidence.told)
    doubts: dict[Gap, bool] = {
        "figure": (query.wanted in FIGURE_KINDS and wanted < 1)
        or (
            query.wanted in NAME_KINDS
            and _asks_first(query)
            and "rank" not in _kinds(evidence.told)
        ),
        "reason": query.wanted == "reason" and not gives_reason(evidence.told),
        "name": query.wanted in NAME_KINDS and wanted == 0,
        "subject": "other" in absent,
        "matter": (query.wanted == "yes_no" and terms < MIN_MATTER_TERMS)
        or (query.wanted in NAME_KINDS and bool(query.terms) and terms == 0)
        or (query.wanted in FIGURE_KINDS and bool(query.terms) and not said),
    }
    return {gap for gap, found in doubts.items() if found}


@lru_cache(maxsize=4096)  # several checks ask for the words of the same sentence
def concepts_of(text: str) -> frozenset[str]:
    """The concepts of a text, remembered."""
    return concepts(text)


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 1.0


def _covered(terms: tuple[str, ...], text: str) -> float:
    present = concepts_of(text)
    return _share([concept(term) in present for term in terms])


def _is_part(query: Query, told: str) -> bool:
    """Whether all of something is asked for, and the words give what another country has of it."""
    if query.wanted not in {"money", "count"} or not _TOTAL.search(query.text):
        return False
    asked, named = country_keys(query.text) - BODIES, country_keys(told) - BODIES
    return asked < named


def _asks_first(query: Query) -> bool:
    """Whether the question is about the first of many: the largest supplier of a country."""
    return any(figure.kind == "rank" for figure in find_figures(query.text))


def _kinds(told: str) -> set[FigureKind]:
    """The kinds of figures, dates aside: a rank never says how many."""
    return {figure.kind for figure in find_figures(told)} - {"date"}


def _has_rival(names: tuple[Name, ...], here: list[bool], told: str) -> bool:
    """Whether the sentence is about another country than one that the question names."""
    asked = {name.key for name in names if name.kind == "country"}
    missing = any(n.kind == "country" and not ok for n, ok in zip(names, here, strict=True))
    return missing and bool(country_keys(told) - asked)


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
    # "in 2024" is met by FY2024-25, which begins in that year, and "1992" by "the 1990s" and back.
    if asked in near:
        return True
    if asked.endswith("s"):
        return any(period and period[:3] == asked[:3] for period in near)
    decade = f"{asked[:3]}0s"
    return "/" not in asked and any(p == decade or (p and p[:4] == asked) for p in near)
