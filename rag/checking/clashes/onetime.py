"""Two facts of a corpus → whether they can be of one time: the same story, day, game or state."""

from __future__ import annotations

import re

from rag.checking.clashes.facts import Fact
from rag.checking.subjects.quantities import FALLS, RISES
from rag.splitting.terms import stems

EVENT_DAYS = 1
"""What is told of a day is told again the next day at the latest: RealTime QA, dev half."""
WEEK_DAYS = 3
"""Between two Thursdays lie more."""
STORY_DAYS, NAMED_DAYS, STANDING_DAYS = 6, 30, 60
"""Figures without a period that lie further apart are of two events, or have moved on; the same
where both name the same, and where both say that they hold "as of" a day or "now"."""
DAYS = frozenset(stems("monday tuesday wednesday thursday friday saturday sunday"))
_RECENT = frozenset(stems("week today yesterday tonight overnight"))
_SCORES = frozenset(
    stems(
        """point goal assist rebound yard touchdown td tds run hit homer strikeout sack pass carry
        shot win loss"""
    )
)
"""What every game has anew."""
_DAILY = frozenset(stems("flight cancel delay trade"))
_MORE = frozenset(stems("new additional another further extra"))
_MOVES = frozenset(stem for word in RISES | FALLS for stem in stems(word))
_WIDE = frozenset({"United States", "United Kingdom", "China", "Russia", "European Union"})
"""Names that very many stories share."""
# "as of Sunday", "are currently": a state, which is told again until it changes
_STANDING = re.compile(
    r"\b(?:as of|so far|now|currently|to date|remain\w*|still (?:did|do|had|has|have|without)"
    r"|(?:is|are|was|were) still)\b",
    re.IGNORECASE,
)
# "127 additional deaths and 7,206 cases"
_ADDED = re.compile(r"\b(?:additional|new) [a-z]+ and (?:[a-z]+ ){0,3}$")
_FURTHER = re.compile(r"^ (?:additional|new|more|other|further|(?:\w+ )?(?:higher|lower))\b")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_SAID_ON = re.compile(r"\b(?:said|says|told|reported|announced)\b[^,;.]{0,40}?day\b")
YEAR = re.compile(r"(?:19|20)\d\d")


def days_apart(a: Fact, b: Fact) -> int:
    """Days between the articles; 0 where one has no date."""
    if a.source.published is None or b.source.published is None:
        return 0
    return abs((a.source.published - b.source.published).days)


def is_of_one_story(a: Fact, b: Fact) -> bool:
    """Whether one can replace the other: days, a stated period or a name bind them together."""
    dated = bool(a.bound.period) and a.bound.period == b.bound.period
    return dated or days_apart(a, b) <= STANDING_DAYS or share_name(a, b)


def share_name(a: Fact, b: Fact) -> bool:
    """Whether both name the same person, firm or place other than a great country."""
    one, other = (
        {stem for name, _ in x.bound.entities if name not in _WIDE for stem in stems(name)}
        for x in (a, b)
    )
    return bool(one & other)


def is_one_time(a: Fact, b: Fact) -> bool:
    """Whether so many days lie between them as one story, state or day allows."""
    days, stands = days_apart(a, b), [bool(_STANDING.search(x.text)) for x in (a, b)]
    least = NAMED_DAYS if share_name(a, b) else STORY_DAYS
    least = STANDING_DAYS if all(stands) and share_name(a, b) else least
    if days > least and not (a.bound.period and a.bound.period == b.bound.period):
        return False
    if not _is_near_year(a, b) or not _is_near_year(b, a):
        return False
    if _is_daily(a) or _is_daily(b):
        said = [set(_WEEKDAY.findall(x.text)) for x in (a, b)]
        dated = a.bound.period == b.bound.period and a.bound.part == b.bound.part
        return days == 0 and dated and said[0] == said[1] and share_name(a, b)
    return all(stands) or _is_one_day(a, b, days, stands=any(stands))


def of_other_events(a: Fact, b: Fact) -> bool:
    """Whether one is a change or an addition, and the other is told of another day."""
    return days_apart(a, b) > EVENT_DAYS and (_is_event(a) or _is_event(b))


def _is_one_day(a: Fact, b: Fact, days: int, *, stands: bool) -> bool:
    """Whether what is told of a day, or of this week, can be told of the same one."""
    if of_other_events(a, b):
        return False
    one, other = (x.bound.terms & DAYS | _days_of(x) for x in (a, b))
    if days <= WEEK_DAYS:
        return stands or not (one and other) or bool(one & other)
    return (
        a.bound.terms & DAYS == b.bound.terms & DAYS
        and not (a.bound.terms | b.bound.terms) & _RECENT
    )


def _days_of(fact: Fact) -> frozenset[str]:
    """The weekdays that its sentence names, and not as the day on which somebody said it."""
    return frozenset(stems(" ".join(_WEEKDAY.findall(_SAID_ON.sub(" ", fact.text)))))


def _is_daily(fact: Fact) -> bool:
    """Whether every day or game has its own: flights cancelled, points scored."""
    if fact.bound.figure.kind not in {"count", "quantity"}:
        return False
    unit = stems(fact.bound.figure.unit)[-1:]
    return bool({fact.bound.quantity, *unit} & _SCORES or fact.bound.terms & _DAILY)


def _is_near_year(a: Fact, b: Fact) -> bool:
    """Whether an undated figure can be of the other one's year."""
    year, published = YEAR.match(a.bound.period or ""), b.source.published
    if year is None or b.bound.period or published is None:
        return True
    return abs(published.year - int(year[0])) <= 1


def _is_event(fact: Fact) -> bool:
    """Whether it is an addition or a change: the next day's is another one."""
    # "Lower Sorrel" neither lowers nor rises.
    named = {stem for name, _ in fact.bound.entities for stem in stems(name)}
    terms, qualifiers = fact.bound.terms - named, fact.bound.qualifiers
    if _ADDED.search(fact.before) or _FURTHER.search(fact.behind):
        return True
    return bool(
        terms & _MORE or "change" in qualifiers or (terms & _MOVES and not qualifiers & {"end"})
    )
