"""A sentence among its neighbours → the speaker whom an earlier or later one of them names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.checking.speech import cues
from rag.checking.speech.kinds import is_office, is_paper, is_person, is_pronoun
from rag.checking.speech.quotations import Quotations, find_quotations
from rag.checking.speech.sayings import AttributionKind, Saying, find_saying
from rag.types import Span

LOOK_BACK = 6
"""Earlier sentences that are searched for a speaker."""

LOOK_AHEAD = 4
"""Later sentences that are searched for the one that ends a quotation and names its speaker."""

_SUBJECT_BACK = 3  # sentences that "he" may reach back for a name that says nothing itself
_NAME = re.compile(r"[A-ZÀ-Þ][\w’-]{0,30}[a-z](?:\s(?:[A-Z]\.\s)?[A-ZÀ-Þ][\w’-]{0,30}[a-z]){0,3}")
_OPENING_NAME = re.compile(rf"(?:But\s|And\s|Yet\s)?(?P<name>{_NAME.pattern})(?=,|\s[a-z])")
_OPENING_OFFICE = re.compile(r"(?:But\s|And\s|Yet\s)?(?P<name>The(?:\s[\w.&’'-]+){1,5})")
_ACTS = re.compile(r",\s(?:\d|who\b)|\s(?:is|was|has|had|will|would|[a-z]+(?:ed|s))\b")  # Lee, 50,
_INNER_CAPITAL = re.compile(r"(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLe)[a-z][A-Z]")
_PLACING = re.compile(r"\b(?:in|on|at|to|from|near|via|the|a|an)\s$")  # returned on Greyhound


@dataclass(frozen=True, slots=True)
class Window:
    """A sentence among its neighbours."""

    sentences: tuple[str, ...]
    opened: tuple[bool, ...]
    """For each, whether a quotation is open where it begins."""
    here: int

    def saying(self, at: int) -> Saying | None:
        """The attribution that stands in the sentence `at` places from here."""
        n = self.here + at
        return find_saying(self.sentences[n], opened=self.opened[n])

    def quotations(self, at: int) -> Quotations:
        """What is quoted in the sentence `at` places from here."""
        n = self.here + at
        return find_quotations(self.sentences[n], opened=self.opened[n])

    def sentence(self, at: int) -> str:
        """The words of the sentence `at` places from here."""
        return self.sentences[self.here + at]

    def places_back(self, before: int) -> Iterator[int]:
        """The places before one, nearest first."""
        return iter(range(before - 1, max(-self.here, before - LOOK_BACK) - 1, -1))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever says something."""

    words: str
    span: Span
    """Its words, in the sentence that names it."""
    at: int
    """The place of that sentence, counted from the one in hand."""
    kind: AttributionKind


def speaker_behind(window: Window) -> Speaker | None:
    """Whoever is named where the open quotation ends."""
    for at in range(1, len(window.sentences) - window.here):
        quotations = window.quotations(at)
        if not quotations.begun:
            return None  # a new quotation: the one in hand ended without a mark
        if (saying := window.saying(at)) is not None:
            return _speaker_of(window, saying, at)
        if not quotations.open:
            return None
    return None


def speaker_before(window: Window, *, begun: bool) -> Speaker | None:
    """Whoever spoke last, if nothing but speech lies between."""
    for at in window.places_back(0):
        if (saying := window.saying(at)) is not None:
            return _speaker_of(window, saying, at)
        if not window.quotations(at).parts and not begun:
            return None
    return None


def _speaker_of(window: Window, saying: Saying, at: int) -> Speaker | None:
    if saying.speaker is None:
        return None
    words = saying.speaker.of(window.sentence(at))
    if is_pronoun(words):
        return stands_for(window, words.lower(), before=at)
    return Speaker(words, saying.speaker, at, saying.kind)


def stands_for(window: Window, pronoun: str, *, before: int) -> Speaker | None:
    """Whom a pronoun stands for: the last fitting speaker, else the only fitting name."""
    for at in window.places_back(before):
        sentence, saying = window.sentence(at), window.saying(at)
        if saying is not None and saying.speaker is not None:
            words = saying.speaker.of(sentence)
            if not is_pronoun(words) and _fits(pronoun, words, saying.kind):
                return Speaker(words, saying.speaker, at, saying.kind)
        said = saying is not None and saying.speaker is not None
        if before - at <= _SUBJECT_BACK and not said and not window.quotations(at).parts:
            name = _only_office(sentence) if pronoun == "it" else _only_name(sentence)
            if name is not None and pronoun != "they":
                return Speaker(name.of(sentence), name, at, "reported")
    return None


def _fits(pronoun: str, words: str, kind: AttributionKind) -> bool:
    if kind == "opinion":
        return False
    match pronoun:
        case "he" | "she":
            return is_person(words)
        case "it":
            return not words.endswith("s") and (is_office(words) or is_paper(words))
        case _:
            return (
                (words.endswith("s") and not is_paper(words))
                or " and " in words
                or is_office(words)
            )


def _only_office(sentence: str) -> Span | None:
    """The office that a sentence opens with."""
    opening = _OPENING_OFFICE.match(sentence)
    if opening is None:
        return None
    start, words = opening.start("name"), opening["name"].split()
    for n in range(2, len(words) + 1):
        name = " ".join(words[:n])
        if is_office(name) and sentence.startswith(name, start):
            return Span(start, start + len(name))
    return None


def _only_name(sentence: str) -> Span | None:
    """The person that a sentence opens with, or the only one that it names."""
    opening = _OPENING_NAME.match(sentence)
    if opening and " " in opening["name"] and _is_name(opening["name"]):
        return Span(*opening.span("name"))
    found = [m for m in _NAME.finditer(sentence) if m.start() and _is_name(m.group())]
    if (
        len(found) != 1
        or not _ACTS.match(sentence, found[0].end())
        or _PLACING.search(sentence, max(0, found[0].start() - 12), found[0].start())
    ):
        return None
    return Span(*found[0].span())


def _is_name(words: str) -> bool:
    first = words.lower().split()[0]
    if first in cues.PREPOSITIONS | cues.DETERMINERS | cues.OPENERS | cues.OTHER_PRONOUNS:
        return False
    if _INNER_CAPITAL.search(words):
        return False  # "BlockFi"
    return is_person(words) and not is_pronoun(words)


def alleger(window: Window) -> Speaker | None:
    """Who made the allegations that a sentence speaks of."""
    for at in window.places_back(0):
        saying = window.saying(at)
        if saying is not None and saying.kind == "alleged" and saying.speaker is not None:
            return _speaker_of(window, saying, at)
    return None
