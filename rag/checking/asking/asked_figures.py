"""A question that asks for a figure and a sentence → how well a figure of the sentence meets it."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re
from collections.abc import Iterable

from rag.checking.asking.dimensions import OF_MONEY, asked_dimension, dimension_of
from rag.checking.figures import find_figures
from rag.checking.syntax.concepts import concept, concepts
from rag.types import Figure, FigureKind, Query, Wanted

FIGURE_KINDS = frozenset({"money", "percent", "count", "rank", "duration", "quantity", "date"})
_AMOUNTS = frozenset({"money", "percent", "ratio", "count", "quantity"})

_YES_NO = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)(?:n['’]t)?\b"
    r"(?! (?:you|anyone|anybody|someone|somebody)\b)",
    re.IGNORECASE,
)  # "Is it so"; not "Could you say …"
_VERDICT = re.compile(
    r"\b(?:right or wrong|true or false|yes or no|is (?:that|this|it) (?:right|true|correct|so)"
    r"|correct|isn['’]t it)\W*$",
    re.IGNORECASE,
)
_ALTERNATIVE = re.compile(r"\bor (?:how|what|which|who|when|where)\b", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:how many|number of|count of)\s+((?:(?!(?:do|did|does|has|have|had|were|was|are|is|will|can|went|came|belong)\b)"
    r"(?!\w+ed\b)[\w-]+\s*){1,3})",
    re.IGNORECASE,
)  # "How many Indian tourists" visited
_OF_ALL = re.compile(
    r"\bhow many of (?:the|all|those|these|its|their)\b|\bof (?:all|the|those|these)\b[^,]*,\s+how many\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\bdeath toll\b|\b(?:people|persons?|participants?|attendees?|visitors?|tourists?|victims?|casualties|dead|deaths"
    r"|residents?|inhabitants?|voters?|protesters?|marchers?|workers?|passengers?|refugees?|soldiers|civilians)\b",
    re.IGNORECASE,
)  # those whom a text may just call people
_CURRENCY = re.compile(
    r"\b(?:in|of|many)\s+(?:\w+\s+){0,2}?(dollar|euro|pound|rupee|yen|yuan|manat|dram|rouble|ruble|lira)s?\b(?!\s+of\b)"
    r"|\b(dollar|euro|pound|rupee|usd|eur|gbp|inr)\s+(?:amount|value|figure|sum|terms)\b|\b(usd|eur|gbp|inr)\b",
    re.IGNORECASE,
)  # "in US dollars", "how many euros", "the dollar value"
_HOW_MUCH_OF = re.compile(r"\bhow much of\b", re.IGNORECASE)
_HOW_LONG = re.compile(r"\bhow long (?:is|are)\b", re.IGNORECASE)
_ASKS_DAY = re.compile(r"\b(?:exact|precise)\s+date\b|\b(?:which|what)\s+day\b", re.IGNORECASE)
_ASKS_MONTH = re.compile(r"\b(?:which|what)\s+month\b", re.IGNORECASE)
_ASKS_YEAR = re.compile(r"\b(?:which|what)\s+(?:fiscal\s+|financial\s+)?year\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|at what (?:time|moment|point))\b", re.IGNORECASE)
_AT_THE_TIME = re.compile(
    r"\b(?:once|after|before|until|till|as soon as|following|during|in the (?:wake|aftermath) of|shortly|ago)\b"
    r"|\bwhen\b|\bwhile\b",
    re.IGNORECASE,
)  # "once the union had dissolved": a time without a date


# What is measured, with the words by which alone a sentence can give it: trade is no trade deficit.
_MEASURES = tuple(
    (re.compile(rf"\b(?:{asks})\b", re.IGNORECASE), re.compile(rf"\b(?:{tells})\b", re.IGNORECASE))
    for asks, tells in (
        ("deficit", r"deficit|shortfall|gap"),
        ("surplus", "surplus"),
        ("profits?|earnings", r"profit\w*|earn\w*|net income"),
        ("loss(?:es)?", r"loss\w*|lost|lose"),
        ("debts?", r"debts?|owe[sd]?|owing|borrow\w*|loans?"),
        ("unemployment|jobless", r"unemploy\w*|jobless\w*|out of work"),
        ("inflation", r"inflation|prices?"),
        ("population", r"population|inhabitants|residents|people|souls|million"),
        ("salar(?:y|ies)|wages?", r"salar\w*|wages?|pays?|paid|earn\w*"),
        ("potential", "potential"),
        ("rent", r"rent\w*"),
        ("turnout", r"turnout|voted|vote|voters"),
    )
)  # fmt: skip

MIN_RANKED_CONCEPTS = 2
"""So many concepts behind a rank say what is ranked; "the largest source" alone does not."""


def is_yes_no(question: str) -> bool:
    """Whether yes or no would answer it.

    >>> is_yes_no("Is it worth $2?"), is_yes_no("Largest buyer of oil: right or wrong?")
    (True, True)
    """
    if _ALTERNATIVE.search(question):
        return False
    return _YES_NO.match(question) is not None or _VERDICT.search(question) is not None


def holds_figure(query: Query, sentence: str) -> float:
    """1 when a figure of the wanted type is in the sentence, 0.5 when one close to it is, else 0."""
    if query.wanted in _AMOUNTS and _lacks_measure(query.text, sentence):
        return 0.0
    figures = _told(query, sentence)
    match query.wanted:
        case "money":
            held = _money(query.text, figures)
        case "quantity":
            held = _quantity(query.text, figures)
        case "count":
            held = _counts(query, figures)
        case "date":
            held = _dates(query.text, sentence, figures)
        case "rank":
            held = _ranks(query, sentence, figures)
        case _:
            held = _plain(query.wanted, {figure.kind for figure in figures})
    return held


def _plain(wanted: Wanted, kinds: set[FigureKind]) -> float:
    """A share or duration: any of that type."""
    if wanted == "duration":
        return 1.0 if "duration" in kinds else 0.5 if "date" in kinds else 0.0
    return float(bool(kinds & ({"percent", "ratio"} if wanted == "percent" else {wanted})))


def _ranks(query: Query, sentence: str, figures: Iterable[Figure]) -> float:
    """A rank, unless each rank is told of something that the question does not speak of."""
    ranks = [figure for figure in figures if figure.kind == "rank"]
    asked = {concept(term) for term in query.terms}
    told = [concepts(ranked(sentence, rank)) for rank in ranks]
    strange = all(len(words) >= MIN_RANKED_CONCEPTS and not words & asked for words in told)
    return float(bool(ranks) and not (asked and strange))


def ranked(sentence: str, rank: Figure) -> str:
    """What is ranked: the words behind the rank, up to the end of its phrase."""
    return re.split(r"[,;:.]|\sand\sthe\s", sentence[rank.span.end :])[0]


def _lacks_measure(question: str, sentence: str) -> bool:
    return any(asks.search(question) and not tells.search(sentence) for asks, tells in _MEASURES)


def _told(query: Query, sentence: str) -> list[Figure]:
    """Figures that answer: those the question states only where it asks whether they are so."""
    figures = list(find_figures(sentence))
    if is_yes_no(query.text):
        return figures
    own = {(f.kind, f.value) for f in find_figures(query.text)}
    return [f for f in figures if (f.kind, f.value) not in own]


def _money(question: str, figures: Iterable[Figure]) -> float:
    kinds = {figure.kind for figure in figures}
    asked = _CURRENCY.search(question)
    if asked:
        word = next(filter(None, asked.groups()))
        units = {f.unit for f in find_figures(f"5 {word}")}
        return float(any(f.kind == "money" and f.unit in units for f in figures))
    if "money" in kinds:
        return 1.0
    return 0.5 if kinds & _AMOUNTS and not OF_MONEY.search(question) else 0.0


def _quantity(question: str, figures: Iterable[Figure]) -> float:
    """An amount of any kind, or where the question says what is measured, a measure of that."""
    measured = {dimension_of(f.unit) for f in figures if f.kind == "quantity"}
    kinds = {figure.kind for figure in figures}
    if asked := asked_dimension(question):
        return float(asked in measured)
    if _HOW_LONG.search(question):
        return float("length" in measured or "duration" in kinds)
    if _HOW_MUCH_OF.search(question) and kinds & _AMOUNTS:
        return 1.0 if kinds & {"percent", "ratio"} else 0.5
    return 1.0 if kinds & _AMOUNTS else 0.5 if "duration" in kinds else 0.0


def _counts(query: Query, figures: Iterable[Figure]) -> float:
    """1 when what is counted is what the question counts, 0.5 for a count of something else."""
    counted = [figure for figure in figures if figure.kind in {"count", "quantity", "duration"}]
    asked = _COUNTED.search(query.text)
    named = _up_to_plural(asked.group(1)) if asked else ""
    things = concepts(named) if asked else {concept(term) for term in query.terms}
    if _PEOPLE.search(named or query.text):
        things = things | concepts("people person")
    if any(concepts(figure.unit) & things for figure in counted):
        return 1.0
    if _OF_ALL.search(query.text) and any(f.kind in {"ratio", "percent"} for f in figures):
        return 1.0
    return 0.5 if counted or any(f.kind in {"ratio", "rank"} for f in figures) else 0.0


def _up_to_plural(words: str) -> str:
    """What is counted ends with its plural: "Indian tourists travel" is about tourists."""
    found = words.split()
    plural = (n for n, word in enumerate(found) if re.fullmatch(r"people|[\w-]+[^s]s", word, re.I))
    return " ".join(found[: next(plural, len(found)) + 1])


def _dates(question: str, sentence: str, figures: Iterable[Figure]) -> float:
    """A date as exact as is asked for; for a mere "when", half for a clause that tells the time."""
    dates = [figure for figure in figures if figure.kind == "date"]
    if _ASKS_DAY.search(question):
        return float(any(f.unit == "day" for f in dates))
    if _ASKS_MONTH.search(question):
        return 1.0 if any(f.unit in {"day", "month"} for f in dates) else 0.0
    if _ASKS_YEAR.search(question) and not _ASKS_MONTH.search(question):
        return float(any(_has_year(f, sentence) for f in dates))
    if dates:
        return 1.0
    return 0.5 if _WHEN.search(question) and _AT_THE_TIME.search(sentence) else 0.0


def _has_year(date: Figure, sentence: str) -> bool:
    return re.search(r"\d{4}|FY\s?\d\d|\d0s", date.span.of(sentence)) is not None
