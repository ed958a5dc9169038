"""A sentence's words around a verb of saying → the words that name its speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.checking.speech.cues import (
    AUXILIARY,
    DETERMINERS,
    FINITE,
    OPENERS,
    OTHER_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    STATEMENT_BY,
    STOPS_SPEAKER,
    STOPS_SUBJECT,
)
from rag.checking.speech.quotations import Quotations
from rag.types import Span

QUOTE = "“”"
"""Stands for a quotation among the items."""

REACH = 40
"""Items that are looked at on either side of a verb: the work on a sentence stays linear."""

_ITEM = re.compile(r"[\w$€£]+(?:['’&./-]+\w+)*|--+|[^\w\s]")
_DASHES = frozenset({"—", "–", "--", "---", "(", ")"})
_BREAKS = frozenset({",", ";", ":", QUOTE, "?", "!", "•", "|", "►", "*"}) | _DASHES
_THINGS = frozenset({"everything", "anything", "nothing"})
_LONGEST = 30  # words of a speaker
_SPEAKING = frozenset("i we some others many several most".split())  # "some" say
_PARTICIPLE = re.compile(r"[a-z]{3,20}ing$")  # not "left-wing"
_CONTRACTED = frozenset("that's that’s it's it’s there's there’s who's who’s what's what’s".split())


class Item(NamedTuple):
    """A word, a mark, or a whole quotation."""

    text: str
    lower: str
    start: int
    end: int


def split_items(sentence: str, quotations: Quotations) -> list[Item]:
    """What stands outside quotation marks, each quotation as one item."""
    items: list[Item] = []
    at = 0
    for part in quotations.parts:
        items.extend(_plain(sentence, at, max(at, part.start - 1)))
        items.append(Item(QUOTE, QUOTE, part.start, part.end))
        at = min(len(sentence), part.end + 1)
    items.extend(_plain(sentence, at, len(sentence)))
    return items


def _plain(sentence: str, start: int, end: int) -> list[Item]:
    return [
        Item(found.group(), found.group().lower(), found.start(), found.end())
        for found in _ITEM.finditer(sentence, start, end)
    ]


def subject_before(items: Sequence[Item], verb: int) -> Span | None:
    """The subject in front of a verb: "Ann Lee" said, "Ann Lee, a baker," said."""
    last = verb - 1
    while last >= 0 and _is_between(items, last):
        last -= 1
    if last < 0:
        return None
    if items[last].text == "," or items[last].text in _DASHES:
        return _subject_of_parts(items, last)
    first = _phrase_start(items, last)
    return _noun_phrase(items, first, last + 1)


def is_relative(items: Sequence[Item], verb: int) -> bool:
    """Whether the verb belongs to "which the ministry says", so that it covers a part only."""
    last = verb - 1
    while last >= 0 and _is_between(items, last):
        last -= 1
    if last >= 0 and items[last].lower in {"who", "which", "that"}:
        return True
    first = _phrase_start(items, last) if last >= 0 else 0
    return first > 0 and items[first - 1].lower in {"which", "what", "whom", "how", "where", "than"}


def speaker_after(items: Sequence[Item], verb: int) -> Span | None:
    """The speaker behind a verb or "according to": said "Ann Lee", a baker."""
    end = verb + 1
    while end < min(len(items), verb + REACH) and not _ends_speaker(items, end):
        end += 1
    if end < len(items) and items[end].lower in FINITE and items[verb].lower not in {"to", "by"}:
        return None  # "said the deficit was": what is said, not who
    return _noun_phrase(items, verb + 1, end)


def _ends_speaker(items: Sequence[Item], at: int) -> bool:
    item, before = items[at], items[at - 1].text
    named = before[0].isupper()
    if item.text == ".":
        # A sentence's own full stop is its last item; others are of "Dr." and "U.S.".
        return at + 1 >= len(items) or items[at + 1].text == QUOTE
    if item.lower == "and":
        return at + 1 >= len(items) or not items[at + 1].text[0].isupper()
    if item.text.islower() and named and (item.lower in DETERMINERS or item.lower.endswith("ed")):
        return True  # according to the BBC "the" rest; charges by Baku "called" it into question
    if _PARTICIPLE.match(item.text) and before.lower() not in DETERMINERS:
        return not named  # court documents "seeking" a hearing
    stops = item.lower in STOPS_SPEAKER and before.lower() != "the"  # The "Sunday" Times
    return stops or item.text in _BREAKS


def _is_between(items: Sequence[Item], at: int) -> bool:
    """Whether it may stand between subject and verb."""
    lower = items[at].lower
    return (
        lower in AUXILIARY
        or lower in OPENERS | {"previously", "recently", "once", "now"}
        or (lower.endswith("ly") and lower not in {"family", "july", "italy", "ally", "assembly"})
    )


def _phrase_start(items: Sequence[Item], last: int) -> int:
    """The first item of the phrase that ends at `last`."""
    first = last
    while first > max(0, last - REACH):
        before = items[first - 1]
        if before.text in _BREAKS or before.lower in STOPS_SUBJECT:
            break
        if before.text == "." and len(items[first - 2].text if first > 1 else "....") > 4:
            break
        if before.lower == "and" and not _joins(items, first - 1):
            break
        first -= 1
    return first


def _joins(items: Sequence[Item], at: int) -> bool:
    """Whether an "and" stands between two names."""
    return 0 < at < len(items) - 1 and (
        items[at - 1].text[0].isupper() and items[at + 1].text[0].isupper()
    )


def _subject_of_parts(items: Sequence[Item], last: int) -> Span | None:
    """The subject of "Ann Lee, a baker, said": the first part that can be one."""
    start = last - 1
    while start > max(0, last - REACH):
        if items[start - 1].text in {QUOTE, ";", ":", "•", "►"}:
            break
        start -= 1
    at = max(0, start)
    while at < last:
        end = at
        while end < last and items[end].text not in _BREAKS:
            end += 1
        part = items[at:end]
        if part and _can_be_subject(part):
            return _noun_phrase(items, at, end)
        at = end + 1
    return None


def _can_be_subject(part: Sequence[Item]) -> bool:
    words = [item.lower for item in part if item.text[0].isalnum()]
    while words and words[0] in OPENERS:
        words = words[1:]
    if not words or words[0] in PREPOSITIONS:
        return False
    return not any(word in FINITE for word in _main(words))


def _main(words: Sequence[str]) -> list[str]:
    """The words before a relative clause."""
    for n, word in enumerate(words):
        if word in {"who", "whose", "which", "that"}:
            return list(words[:n])
    return list(words)


def _noun_phrase(items: Sequence[Item], first: int, end: int) -> Span | None:
    """The items as a phrase, without what does not belong to it; None where they are none."""
    while first < end and (items[first].lower in OPENERS or not items[first].text[0].isalnum()):
        first += 1
    first, end = _without_adjunct(items, first, end), _before_clause(items, first, end)
    while end > first and not items[end - 1].text[-1].isalnum():
        end -= 1
    words = [item.lower for item in items[first:end]]
    if not words or len(words) > _LONGEST or _is_no_noun(words, items[first].text):
        return None
    return Span(items[first].start, items[end - 1].end)


def _before_clause(items: Sequence[Item], first: int, end: int) -> int:
    """Where "who lives here" or "conducted by others" begins behind a noun, else the end."""
    for n in range(first + 1, end):
        participle = items[n].lower.endswith("ed") and items[n].text.islower()
        behind = items[n + 1].lower if n + 1 < end else ""
        if items[n].lower in {"who", "whose", "which"}:
            return n
        if participle and behind in {"by", "in", "from", "on"}:
            return n
    return end


def _is_no_noun(words: Sequence[str], first: str) -> bool:
    """Whether the words cannot be a speaker: they hold a verb, or no noun."""
    if words[0] in PREPOSITIONS | _THINGS or any(w in FINITE or w in _CONTRACTED for w in words):
        return True
    if len(words) > 1 and words[-1] in PRONOUNS:
        return True  # "the words he" said
    if len(words) == 1:
        return words[0] in (OTHER_PRONOUNS | DETERMINERS) - _SPEAKING
    return words[0].endswith("ing") and first.islower()  # "correcting the reports"


def _without_adjunct(items: Sequence[Item], first: int, end: int) -> int:
    """Past "On Tuesday" and its like at the front."""
    if first + 2 < end and items[first].lower in {"on", "in", "last", "late", "early", "by"}:
        return first + 2
    return first


def narrowed(sentence: str, span: Span) -> Span:
    """The issuer of a paper: "his doctor" of "a statement from his doctor".

    >>> narrowed("a statement from his doctor", Span(0, 27)).of("a statement from his doctor")
    'his doctor'
    """
    found = STATEMENT_BY.match(sentence, span.start, span.end)
    return Span(found.end(), span.end) if found and found.end() < span.end else span
