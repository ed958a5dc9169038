"""A figure's place and the dates around it → the period in which it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.checking.numerals.dates import normal_period
from rag.checking.subjects.quantities import FALLS, RISES
from rag.checking.syntax.clauses import Clause
from rag.checking.syntax.places import Place
from rag.checking.syntax.words import Word
from rag.types import Figure

_BASE = frozenset("since from than compared against versus".split())
_YEAR_AGO = re.compile(
    r"\b(this|last|next)\s+(year|month)\b|\bthe\s+(?:previous|prior)\s+year\b", re.I
)
_PART = re.compile(
    r"\b(?:(?P<quarter>first|second|third|fourth|[1-4](?:st|nd|rd|th))[-\s]quarter"
    r"|(?P<half>first|second)\s+half(?=\s+of\b)|Q(?P<q>[1-4])|H(?P<h>[12])"
    r"|first\s+(?P<months>\w+)\s+months"
    r")\b",
    re.IGNORECASE,
)  # "second quarter", "first half of", "Q3", "first nine months"
_LABEL = 5
"""Words before a colon that are no more than a label."""
_ORDER = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(
    r"\b(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.?"
    r"(?:\s+(\d{1,2})\b(?!\d))?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """When a figure holds."""

    year: str | None
    """In the notation of `normal_period`; a month's name where no year is known."""
    part: str | None
    """Of the year: `Q2`, `H1`, `May`, `20 May`."""
    how: str
    """Where it was read."""


NO_PERIOD = Period(None, None, "no period given")


def find_period(
    text: str,
    words: Sequence[Word],
    clauses: Sequence[Clause],
    place: Place,
    figures: Sequence[Figure],
    published: date | None,
) -> Period:
    """The nearest date of the figure's own words, else of its clause, else the opening one's."""
    clause = clauses[place.clause]
    ranked = _candidates(words, clauses, place)
    for how, near in ranked:
        for i in near:
            figure = figures[words[i].figure]
            if figure.period and not _is_base(words, i, place):
                return _period(text, figure, published, how)
    when = clause.kind == "sub" and words[clause.words[0]].low == "when"
    outer = [clauses[clause.parent]] if when else []
    for said in [clause, *outer]:
        found = _relative(text, words, said, published)
        if found is not NO_PERIOD:
            return found
    return NO_PERIOD


def _candidates(
    words: Sequence[Word], clauses: Sequence[Clause], place: Place
) -> list[tuple[str, list[int]]]:
    clause = clauses[place.clause]

    def dates(found: Sequence[int]) -> list[int]:
        return [i for i in found if words[i].tag == "Y"]

    neighbours = [i for i in clause.words if words[i].tag == "F" and i != place.word]
    before = max([i for i in neighbours if i < place.word], default=-1)
    after = min([i for i in neighbours if i > place.word], default=10**9)
    rest = [i for i in dates(clause.words) if before < i < after and i not in clause.lead]
    # What follows the last of several figures is said of all: "a third and a half in 2020".
    shared = [i for i in dates(clause.words) if i not in rest and _shares(words, place, i)]
    outer = _opening(clauses, place)
    first = min([*neighbours, place.word])
    ahead = [i for i in dates(clause.words) if i < first and i not in clause.lead]
    every = dates(clause.words)
    only = every if len(every) == 1 and _reaches(words, place, every[0]) else []
    ranked = [
        ("the words after it", [i for i in dates(place.after) if not _is_modifier(words, i)]),
        ("its clause", sorted(rest, key=lambda i: abs(i - place.word))),
        ("its clause", shared),
        ("its clause", ahead),
        ("the clause's opening", dates(clause.lead)),
        ("the date before “when”", _before_when(words, clause)),
        ("its clause's only date", only),
        ("what it is about", dates(place.subject)),
        ("the sentence's opening", dates(outer)),
        ("a clause that says which", dates([*place.predicate, *place.which])),
    ]
    return [(how, found) for how, found in ranked if found]


def _shares(words: Sequence[Word], place: Place, i: int) -> bool:
    """Whether a date behind a later figure is its date too: nothing between has another."""
    low, high = sorted((place.word, i))
    between = words[low + 1 : high]
    return (
        i > place.word
        and not any(w.tag in {",", ";"} for w in between)
        and (any(w.tag == "C" for w in between))
    )


def _reaches(words: Sequence[Word], place: Place, i: int) -> bool:
    """Whether a clause's only date, behind another figure, is this one's too."""
    starts = any(words[j].low == "from" for j in place.before)  # "from 12 to 19 in 2023"
    between = words[place.word + 1 : i]
    return i > place.word and not starts and all(word.tag not in {",", ";"} for word in between)


def _before_when(words: Sequence[Word], clause: Clause) -> list[int]:
    """ "In January 2016, when three winners …"."""
    if clause.kind not in {"sub", "relative"} or words[clause.words[0]].low != "when":
        return []
    near = [i for i in (clause.anchor, clause.anchor - 1) if i >= 0 and words[i].tag == "Y"]
    return near[:1]


def _opening(clauses: Sequence[Clause], place: Place) -> list[int]:
    """The adverbial that opens the sentence, or the clause that this one continues."""
    n = place.clause
    while clauses[n].parent >= 0:
        label = clauses[n].kind == "main" and clauses[n].verb < 0
        n = clauses[n].parent
        if clauses[n].lead:
            return clauses[n].lead
        if label and clauses[n].verb < 0 and len(clauses[n].words) < _LABEL:
            return clauses[n].words  # "2013: 629 recalls"
    return clauses[0].lead


def _is_modifier(words: Sequence[Word], i: int) -> bool:
    """Whether it names a thing, "the 2008 crisis", more than it says when."""
    return i + 1 < len(words) and words[i + 1].tag in "NJ" and words[i - 1].tag in "DJ"


def _is_base(words: Sequence[Word], i: int, place: Place) -> bool:
    """Whether it is what the figure is compared with: "up 4 % from 2019", "since June"."""
    j = i - 1
    while j >= 0 and words[j].tag in "DBJN" and i - j < 4:
        j -= 1
    if j < 0 or words[place.word].tag == "Y" or _is_modifier(words, i):
        return False
    low = words[j].low
    if low in {"to", "with"} and j and words[j - 1].low == "compared":
        return True
    if low == "from":
        near = [*place.before, *place.after, place.verb]
        changes = any({words[k].low, words[k].verb} & (RISES | FALLS) for k in near)
        return changes and not any(
            w.low in {"to", "through", "until"} for w in words[i + 1 : i + 3]
        )
    return low in _BASE


def _period(text: str, figure: Figure, published: date | None, how: str) -> Period:
    said = figure.span.of(text)
    year = normal_period(said)
    found = _MONTH.search(said)
    part = None
    if found:
        day = found.group(1) or found.group(3)
        part = f"{int(day)} {found.group(2)}" if day else found.group(2)
    near = text[max(0, figure.span.start - 32) : figure.span.end]
    if part is None and (q := _PART.search(near)):
        part = _part(q)
    if year is None and found and published:
        year = str(published.year - (_number(found.group(2)) > published.month))
    return Period(year or figure.period, part, how)


def _part(found: re.Match[str]) -> str:
    if found["quarter"]:
        return f"Q{_ORDER.get(found['quarter'].lower(), found['quarter'][0])}"
    if found["half"]:
        return f"H{_ORDER[found['half'].lower()]}"
    if found["months"]:
        return f"first {found['months'].lower()} months"
    return f"Q{found['q']}" if found["q"] else f"H{found['h']}"


def _number(month: str) -> int:
    return _MONTHS.index(month.lower()) + 1


def _relative(text: str, words: Sequence[Word], clause: Clause, published: date | None) -> Period:
    """ "Last year", counted from the day of publication."""
    if published is None or not clause.words:
        return NO_PERIOD
    said = text[words[clause.words[0]].span.start : words[clause.words[-1]].span.end]
    found = _YEAR_AGO.search(said)
    if not found or (found.group(2) or "year").lower() != "year":
        return NO_PERIOD
    back = {"this": 0, "last": -1, "next": 1}.get((found.group(1) or "last").lower(), -1)
    return Period(str(published.year + back), None, f"“{found.group()}”")
