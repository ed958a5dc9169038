"""Two facts of a corpus → whether they are surely of one thing, as far as their sentences tell."""

from __future__ import annotations

import re

from rag.checking.clashes.facts import Fact
from rag.checking.clashes.onetime import DAYS, YEAR, is_one_time, of_other_events
from rag.checking.syntax.concepts import concept, concepts
from rag.splitting.terms import stems

MAX_TIMES = 15
"""A part, or another thing, rather than another opinion: RealTime QA."""
MAX_FIGURES, MIN_WORDS = 8, 5
"""A sentence with more figures is a table, one with fewer words a line of a list."""
_CHOOSING = concepts(
    """lay fire hire cut kill die injure wound hurt arrest infect vaccinate rescue evacuate charge
    detain test miss displace lose win cancel delay"""
)
"""What is done to some of those who are counted."""
# A label, as "Details: June 7" or "May 24 - Nineteen die", a video's credit, a question
_LABEL = re.compile(r"^[\w.' ]{1,24}:\s|^[A-Z][a-z]{2,8}\.? \d{1,2}\s[-–—]|Source: |\?[\"”’)]*$")
# "you can get the sleeper for $139 off": told to buyers, of whatever is on sale
_ADVICE = re.compile(
    r"\b[Yy]ou(?:['’]ll)? (?:can|could|get|will|may|need|save)\b|\blist(?:ed| price)\b"
)
# "7, 29, 60", "103-90": a figure among figures
_LISTED_BEFORE = re.compile(r"\d\s?(?:,|, and|and|or|-|–|/)\s*$")
_LISTED_BEHIND = re.compile(r"^\s?(?:,|, and|and|or|-|–|/)\s*\d")
# "up to $10,000", "make less than $125,000", "if 20", "ages 5": a limit, and no value
_LIMIT = re.compile(
    r"\b(?:up to|as (?:much|many|high|low) as|(?:less|fewer|lower) than|under|below|at most|within"
    r"|no more than|another|topp(?:ed|ing)|beyond|past|per|for every|each|if|ages?|aged"
    r"|between)\s+(?:a |an |the )?$",
    re.IGNORECASE,
)
# "12 and older", "65-year-old", "six months of age"
_AGE = re.compile(
    r"^[-\s](?:and|or|to)\s+(?:older|up|over|younger|under)|^[-\s]?years?[-\s]old|^[-\s]old\b"
    r"|^ years? of age"
    r"|^ (?:\w+ ){0,2}(?:more|less|fewer|higher|lower) than\b"
)
_NAMED = re.compile(r"\b[A-Z][a-z]+\b")  # "In stormy Florida, Orlando had"
# "swept through Cuba", "parts of southwest and central Florida"
_PLACE = re.compile(
    r"\b(?:[Ii]n|into|through|across|hitting)\b(?: [a-z]+){0,5} ((?:[A-Z][\w.’'-]+ ?)+)"
)
# "won't have 218 votes", "would need 60", "up from 42", "previously announced toll of 42"
_DENIED = re.compile(
    r"(?:n['’]t\b|\b(?:not|never|no|without|needs?|needed|if|(?:up|down) from|previous|previously"
    r"|earlier|record of|compared with|compared to)\b)[^,;:.]{0,30}$|\bfrom\s(?:\w+\s)?$",
    re.IGNORECASE,
)
# "below 20 degrees Celsius (68 degrees Fahrenheit)": what holds of the one holds of the other
_AGAIN = re.compile(r"[$€£]?\d[\d,.]*\s?[^\d()]{0,25}\($")
# "short of the 218 it needs", "the 60 votes required"
_NEEDED = re.compile(r"^ (?:\w+ ){0,2}(?:needs?|needed|requires?|required|necessary)\b")
_HE = re.compile(r"\b(?:he|his|him)\b", re.IGNORECASE)
_SHE = re.compile(r"\b(?:she|hers?)\b", re.IGNORECASE)
_MONTH = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
)
_PERHAPS = re.compile(r"\b(?:can|could|may|might)\b")
_OTHERS = re.compile(r"^ others?\b")  # "she and nine other members": she makes ten
_PAST = re.compile(
    r"\b(?:\w+ ago|last (?:year|month|summer|winter|spring|fall|autumn))\b", re.IGNORECASE
)
_GROUP = re.compile(
    r"\b(?:adults?|children|kids|teens?|women|men|girls|boys|students)\b", re.IGNORECASE
)
_VAGUE = re.compile(
    r"\b(?:dozens?|most|handful|scores|several|hundreds|thousands|millions|doubled?|tripled?"
    r"|quadrupled?|halved?|twice|thrice)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d[\d,.]*")
_BREATH = re.compile(r"[,;:.()—–−](?!\d)|\b(?:while|but|and)\b")
"""Ends what belongs to a figure."""


def is_value(fact: Fact) -> bool:
    """Whether a sentence of prose gives a value, and no label, score, age or limit."""
    figure, text = fact.bound.figure, fact.text
    if _LABEL.search(text) or len(_NUMBER.findall(text)) > MAX_FIGURES:
        return False
    if (
        len(text.split()) < MIN_WORDS
        or _ADVICE.search(text)
        or _VAGUE.search(fact.words)
        or not fact.bound.quantity
    ):
        return False
    if figure.kind == "count" and not figure.unit:
        return False
    return is_given(fact)


def is_given(fact: Fact) -> bool:
    """Whether the figure stands as a value: in no list, and as no limit, need, age or old value."""
    before = _AGAIN.sub("", fact.before)
    return fact.bound.figure.kind == "date" or not (
        _LISTED_BEFORE.search(before)
        or _LISTED_BEHIND.search(fact.behind)
        or _LIMIT.search(before)
        or _DENIED.search(before)
        or _AGE.search(fact.behind)
        or _NEEDED.search(fact.behind)
    )


def is_one_thing(a: Fact, b: Fact) -> bool:
    """Whether time and conditions let them be of one thing, and neither explains the other."""
    if _is_of_part(a, b) or not is_one_time(a, b) or _conditions(a) != _conditions(b):
        return False
    if _explains(a, b) or _names_others(a, b) or _is_of_others(a, b):
        return False
    groups = [{said.casefold() for said in _GROUP.findall(x.text)} for x in (a, b)]
    places = [_place(x) for x in (a, b)]
    return all(not one or not other or one & other for one, other in (groups, places))


def is_explained(a: Fact, b: Fact) -> bool:
    """Whether the sentences say why two figures on one matter differ, and need not disagree.

    One gives both, one is of the past or of a part, either is no value, or each is the change of
    its own day.
    """
    if not is_given(a) or not is_given(b) or _past(a) != _past(b):
        return True
    return _is_of_part(a, b) or _explains(a, b) or of_other_events(a, b)


def is_size(fact: Fact) -> bool:
    """Whether a rank compares: "fourth-largest", and not "their first marriage"."""
    return fact.words.endswith("est")


def _conditions(fact: Fact) -> frozenset[str]:
    """What it hangs on in one breath: "stations that charge more than $5", "could hit"."""
    behind = _BREATH.split(fact.behind, maxsplit=1)[0]
    before = _BREATH.split(fact.before)[-1]
    found = {number.rstrip(",.") for number in _NUMBER.findall(f"{before} {behind}")}
    found |= {"perhaps"} if _PERHAPS.search(before) else set()
    found |= {"others"} if _OTHERS.match(fact.behind) else set()
    return frozenset(said for said in found if not YEAR.fullmatch(said)) | _past(fact)


def _past(fact: Fact) -> frozenset[str]:
    """ "A year ago": what the sentence says of a time that is over."""
    return frozenset(said.casefold() for said in _PAST.findall(fact.text))


def _is_of_part(a: Fact, b: Fact) -> bool:
    """Whether one is so small beside the other, or so chosen, that it counts a part of it."""
    low, high = sorted(abs(x.bound.figure.value) for x in (a, b))
    many = a.bound.figure.kind != "date" and high > MAX_TIMES * low
    return many or _does_more(a, b) or _does_more(b, a)


def _does_more(a: Fact, b: Fact) -> bool:
    """Whether one counts those only to whom something was done: "lays off 11,000"."""
    more = frozenset(map(concept, a.bound.terms)) & _CHOOSING
    return a.bound.figure.kind == "count" and not more <= concepts(b.text)


def _names_others(a: Fact, b: Fact) -> bool:
    """Whether figures that are of nobody named stand in sentences that name others."""
    if a.bound.entities or b.bound.entities:
        return False
    one, other = (
        {stem for name in _NAMED.findall(x.text) for stem in stems(name)} - x.bound.speakers - DAYS
        for x in (a, b)
    )
    return bool(one and other) and not one & other


def _is_of_others(a: Fact, b: Fact) -> bool:
    """Whether one speaks of him and the other of her, and neither figure names whom."""
    if a.bound.entities or b.bound.entities:
        return False
    one, other = ((bool(_HE.search(x.text)), bool(_SHE.search(x.text))) for x in (a, b))
    return one != other and any(one) and any(other)


def _place(fact: Fact) -> frozenset[str]:
    """Stems of the place nearest to the figure, which its clause may not hold."""
    at, end = (n - fact.sentence.start for n in (fact.span.start, fact.span.end))
    breath = end + len(_BREATH.split(fact.behind, maxsplit=1)[0])
    found = [m for m in _PLACE.finditer(fact.text) if not _MONTH.match(m[1])]
    found = [m for m in found if end <= m.start() < breath] or found
    if not found:
        return frozenset()
    near = min(found, key=lambda m: max(m.start() - end, at - m.end(1)))
    return frozenset(stems(near[1]))


def _explains(a: Fact, b: Fact) -> bool:
    """Whether one sentence gives both values: "up from $4.07"."""
    if a.sentence == b.sentence and a.source == b.source:
        return True
    return any(
        re.search(rf"(?<![\w.,-]){re.escape(x.words)}(?![\w]|[.,]\d)", y.text, re.IGNORECASE)
        for x, y in ((a, b), (b, a))
    )
