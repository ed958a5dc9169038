"""A figure's place → what it measures, how, and whether it is a level, a change or a plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.checking.syntax.clauses import Clause
from rag.checking.syntax.phrases import verb_of
from rag.checking.syntax.places import Place
from rag.checking.syntax.wordclasses import MODALS
from rag.checking.syntax.words import Word
from rag.types import Figure

RISES = frozenset(
    """rise grow increase climb jump surge soar expand gain add advance rebound recover improve
    raise hike boost swell widen edge spike double triple quadruple up higher rally lift bump
    growth gain upgrade""".split()
)
FALLS = frozenset(
    """fall drop decline decrease shrink slump plunge plummet lose tumble sink slide slip ease cut
    lower reduce slash contract down lower cheaper recede dwindle shed narrow dip trim loss
    reduction""".split()
)
_LEVEL = frozenset("stand total amount reach hit remain stay come be have become average".split())
_VAGUE = frozenset(
    """number total average high low record maximum minimum factor sum amount rate level median
    range mean percentage proportion share value peak list group lot part rest figure estimate
    majority kind type series handful pair set stretch lot tally count distance height length
    weight age speed""".split()
)
_TIMES = frozenset("period quarter season time year month week day half total".split())
_PER = re.compile(
    r"(?:^|[\s,])(?:(?:per|an?|each|every)\s+(?P<unit>[a-z]+)\b|per\s+head\b)|\b(?P<adverb>annually|monthly|weekly"
    r"|daily|hourly|a-year|yearly)\b",
    re.IGNORECASE,
)  # "$5 a share", "562,000 jobs a month", "$5 million annually"
_PER_NAMES = {
    "annually": "year", "yearly": "year", "monthly": "month", "weekly": "week", "daily": "day",
    "hourly": "hour", "capita": "head", "person": "head",
}  # fmt: skip
_PER_UNITS = frozenset(
    """year month week day hour minute second night person head capita share barrel gallon litre
    liter ton tonne pound kilogram kilo mile kilometre kilometer household worker student ticket
    copy hectare acre ounce game episode vote dose unit car vehicle customer crossing trip visit
    family attempt""".split()
)
_PLANNED = frozenset("plan intend pledge promise propose target aim seek offer demand want".split())
_FORECAST = frozenset("expect forecast predict estimate project".split())
_KINDS = {
    "total": "total", "overall": "total", "average": "average", "mean": "average",
    "median": "median", "record": "record", "net": "net", "gross": "gross",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure measures."""

    head: int
    """The word for it, or -1 where only a verb tells."""
    words: tuple[int, ...]
    """The words it is about: the figure's subject."""
    how: str


def find_measure(words: Sequence[Word], place: Place, figure: Figure) -> Measure:
    """The first reading that fits, from the figure's own noun to the clause's subject."""
    found: Measure | None = None
    if figure.kind != "date":
        found = _counted(words, place, figure) or _among(words, place, figure)
        found = found or _of_noun(words, place) or _behind(words, place, figure)
        found = found or _object(words, place) or _subject(words, place)
    return found or _told(words, place)


def _counted(words: Sequence[Word], place: Place, figure: Figure) -> Measure | None:
    """ "3,400 people", "third-largest buyer", "8 % increase", "a $1.5 billion deal"."""
    if place.noun < 0:
        return None
    joined = any(word.low == "of" for word in words[place.word + 1 : place.word + 2])
    vague = joined and _singular(words[place.noun].low) in _VAGUE  # "16 % of earlier levels"
    return None if vague and figure.kind not in {"count", "rank"} else _own(words, place)


def _singular(noun: str) -> str:
    return noun.removesuffix("s")


def _among(words: Sequence[Word], place: Place, figure: Figure) -> Measure | None:
    """ "Seventh-largest among the trading partners"."""
    after = place.after
    if figure.kind != "rank" or not after or words[after[0]].low not in {"among", "in", "on"}:
        return None
    nouns = _first_phrase(words, after[1:])
    named = nouns and words[nouns[-1]].text[0].isupper()
    return None if not nouns or named else Measure(nouns[-1], tuple(nouns), "what it ranks among")


def _own(words: Sequence[Word], place: Place) -> Measure:
    run = tuple(j for j in range(place.word + 1, place.noun + 1) if words[j].tag in "NJE")
    share = any(word.low == "of" for word in words[place.word + 1 : place.word + 2])
    how = "share of what follows it" if share else "the noun behind it"
    return Measure(place.noun, run, how)


def _of_noun(words: Sequence[Word], place: Place) -> Measure | None:
    """ "a bill of $23 million", "turnout of 59 %", "a total of 12 in losses"."""
    before = [j for j in place.before if words[j].tag not in "BD"]
    if len(before) < 2 or words[before[-1]].low != "of" or words[before[-2]].tag != "N":
        return None
    head = before[-2]
    run = tuple(j for j in before[:-1] if words[j].tag in "NJ" and head - j < 4)
    if words[head].low not in _VAGUE:
        return Measure(head, run, "the noun before “of”")
    if len(run) > 1 and words[run[-2]].tag == "N":
        return Measure(run[-2], run, "the nouns before “of”")
    return None


def _behind(words: Sequence[Word], place: Place, figure: Figure) -> Measure | None:
    """ "$86 million in exports"."""
    after = place.after
    if figure.kind != "money" or len(after) < 2 or words[after[0]].low not in {"in", "worth"}:
        return None
    run = []
    for j in after[1:]:
        if words[j].tag not in "NJDG" and words[j].low != "of":
            break
        run.append(j)
    nouns = [j for j in run if words[j].tag == "N" and words[j].low not in _TIMES]
    name = nouns and words[nouns[0]].text[0].isupper()
    return None if not nouns or name else Measure(nouns[-1], tuple(run), "the noun behind “in”")


def _object(words: Sequence[Word], place: Place) -> Measure | None:
    """ "raise the price to $34", "brought fatalities to 1,714"."""
    before = [j for j in place.before if words[j].tag not in "B"]
    direct = before and (words[before[-1]].tag == "P" or words[before[-1]].low == "worth")
    nouns = _first_phrase(words, before)
    if not nouns:
        return None
    if direct or place.verb < 0:
        return Measure(nouns[-1], tuple(nouns), "the noun before it")
    if place.subject:
        return None
    level = verb_of(words, place.verb) in RISES | FALLS | _LEVEL  # "and the tent 3 kg"
    return Measure(nouns[-1] if level else -1, tuple(nouns), "the nouns before it")


def _subject(words: Sequence[Word], place: Place) -> Measure | None:
    """ "sales rose 5 %", "the Skua is 118 metres long"."""
    verb = verb_of(words, place.verb)
    changes = verb in RISES | FALLS | _LEVEL or place.verb < 0
    nouns = _first_phrase(words, place.subject)
    if not nouns or not changes:
        return None
    return Measure(nouns[-1], tuple(nouns), "its clause's subject")


def _told(words: Sequence[Word], place: Place) -> Measure:
    nouns = _first_phrase(words, place.subject)
    return Measure(-1, tuple(nouns), "its clause's verb")


def _first_phrase(words: Sequence[Word], found: Sequence[int]) -> list[int]:
    """The first noun run; a vague one ("the number of …") gives way to what follows "of"."""
    run: list[int] = []
    for j in found:
        if words[j].tag in "NJE" and not (run and run[-1] != j - 1):
            run.append(j)
        elif run and any(words[k].tag == "N" for k in run):
            if words[j].low == "of" and words[run[-1]].low in _VAGUE:
                run = []
                continue
            break
    while run and words[run[-1]].tag != "N":
        run.pop()
    return run


def find_qualifiers(
    words: Sequence[Word], clause: Clause, place: Place, figure: Figure
) -> frozenset[str]:
    """How the figure is meant: a change or a level, per what, planned, a total."""
    found: set[str] = set()
    verb = verb_of(words, place.verb)
    near = {words[j].low for j in [*place.before, *place.after[:1]]} | {verb}
    last = next((words[j].low for j in reversed(place.before) if words[j].tag == "P"), "")
    found |= _change(words, place, figure, near, last)
    found |= _per(words, place)
    found |= {_KINDS[low] for low in near if low in _KINDS}
    of = any(word.low == "of" for word in words[place.word + 1 : place.word + 2])
    if of and figure.kind in {"percent", "ratio", "count", "rank"}:
        found.add("share")
    modal = any(
        words[j].low in MODALS - {"did", "do", "does"} for j in clause.words if j < place.word
    )
    if verb in _PLANNED | _FORECAST or (modal and _near_modal(words, clause, place)):
        found.add("planned")
    return frozenset(found)


def _near_modal(words: Sequence[Word], clause: Clause, place: Place) -> bool:
    """Whether it is said to come: "will cost", "would raise"."""
    return any(
        words[j].low in {"will", "would", "could", "may", "might", "shall", "should", "'ll"}
        for j in clause.words
        if j < place.word or clause.verb > place.word
    )


def _change(
    words: Sequence[Word], place: Place, figure: Figure, near: set[str], last: str
) -> set[str]:
    """ "Rose by 5 %" is a change, "rose to 5 %" a level, "from 4 to 5" a start and an end."""
    noun = words[place.noun].low if place.noun >= 0 else ""
    up, down = bool((near | {noun}) & RISES), bool((near | {noun}) & FALLS)
    if not up and not down:
        return {"start"} if last == "from" and _range(words, place) else set()
    if last in {"to", "at", "above", "below"}:
        return {"end"} if last == "to" else set()
    if last == "from":
        return {"start"}
    if figure.kind in {"percent", "ratio"} or last == "by" or noun in RISES | FALLS:
        return {"change", "up" if up and not down else "down"}
    return set()


def _range(words: Sequence[Word], place: Place) -> bool:
    return any(words[j].low == "to" for j in range(place.word, min(len(words), place.word + 8)))


def _per(words: Sequence[Word], place: Place) -> set[str]:
    said = " ".join(words[j].low for j in [*place.after, *place.predicate])
    found = _PER.search(said)
    if not found:
        return set()
    unit = found["unit"] or found["adverb"] or "head"
    unit = _PER_NAMES.get(unit, unit)
    return {f"per {unit}"} if unit in _PER_UNITS else set()
