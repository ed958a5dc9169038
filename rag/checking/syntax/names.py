"""Proper names in a text, and whether another text names the same thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from rag.checking.syntax.casing import fold
from rag.splitting.terms import STOPWORDS, stems
from rag.types import Span

NameKind = Literal["country", "other"]

_CAP = r"[A-ZÀ-Þ][\w’']*(?:[-.&][\w’']+)*\.?"
_NAME = re.compile(rf"\b{_CAP}(?:\s+(?:(?:of|for|de|al|bin|van|von)\s+(?:the\s+)?)?{_CAP})*")
_POSSESSIVE = re.compile(r"['’]s?$")
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[A-Z])[A-Z]+-?\d+\w*\b")  # "JF-17", "G20"
_ACRONYM = re.compile(r"\b[A-Z]{3,}(?=s?\b)")  # "OIC", "MBRLs"
_PERIOD = re.compile(r"^(?:FY|(?:Q[1-4]|H[12])\b|\d)")  # "FY2024", "Q1"
_NOT_NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december jan feb mar apr jun jul aug sep sept oct
    nov dec i ok mr mrs ms dr""".split()
)
# Names of countries that are everyday words in lower case.
_EVERYDAY = frozenset(
    {"us", "polish", "pole", "turkey", "chad", "dane", "finn", "swede", "jordan", "china"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name where it stands."""

    text: str
    """Without a possessive ending."""
    key: str
    """What it stands for: a country's name for its demonyms and capital, else the text itself."""
    kind: NameKind
    span: Span


@dataclass(frozen=True, slots=True)
class _Alias:
    """A word that stands for a country."""

    country: str
    is_noun: bool
    """A name of it or its capital, not a demonym."""


@cache
def _countries() -> dict[str, _Alias]:
    """Every name that stands for a country, in lower case."""
    table: dict[str, _Alias] = {}
    for line in Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        country, demonyms, others = line.split("\t")
        for names, is_noun in ((f"{country}|{others}", True), (demonyms, False)):
            for name in filter(None, names.split("|")):
                table.setdefault(name.lower(), _Alias(country, is_noun))
    return table


@cache
def _country_pattern() -> re.Pattern[str]:
    # A plural stands for the country too ("Indians"); the longest alias wins ("South Korea").
    aliases = "|".join(re.escape(a) for a in sorted(_countries(), key=len, reverse=True))
    return re.compile(rf"(?<!\w)({aliases})s?(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=4096)  # every check of a sentence asks for its names
def find_names(text: str) -> tuple[Name, ...]:
    """The text's proper names in order: countries in any case, other names by their capitals.

    >>> [n.key for n in find_names("India's exports to Baku, says Ilham Aliyev")]
    ['India', 'Azerbaijan', 'Ilham Aliyev']
    """
    names = [
        Name(m.group(1), _countries()[fold(m.group(1))].country, "country", Span(*m.span()))
        for m in _country_pattern().finditer(text)
        if m.group(1)[0].isupper() or fold(m.group(1)) not in _EVERYDAY
    ]
    covered = {i for name in names for i in range(name.span.start, name.span.end)}
    for found in _NAME.finditer(text):
        names.extend(_other_names(text, found, covered))
    return tuple(sorted(names, key=lambda name: name.span.start))


def _other_names(text: str, found: re.Match[str], covered: set[int]) -> list[Name]:
    """The parts of a capitalised run that are no country, no date and no sentence's first word."""
    names: list[Name] = []
    run: list[re.Match[str]] = []
    for word in [*re.finditer(r"\S+", found.group()), None]:
        if word is not None and found.start() + word.start() not in covered:
            run.append(word)
            if not _POSSESSIVE.search(word.group()):
                continue  # "Tesla's Shanghai" is two names
        if name := _run_name(text, found.start(), run):
            names.append(name)
        run = []
    return names


def _run_name(text: str, offset: int, run: list[re.Match[str]]) -> Name | None:
    while run and _bare(run[0].group()) in STOPWORDS | _NOT_NAMES:
        run = run[1:]
    while run and run[-1].group().lower().strip(".") in {"of", "the", "for", "and"}:
        run = run[:-1]
    if not run:
        return None
    start, end = offset + run[0].start(), offset + run[-1].end()
    name = _POSSESSIVE.sub("", text[start:end].rstrip(".,"))
    if _PERIOD.match(name):
        return None
    opens = not text[:start].rstrip(" \"“'‘(") or text[:start].rstrip()[-1:] in ".!?:"
    plain = len(run) == 1 and not name.isupper() and not _CODE.match(name)
    if opens and plain:
        return None  # "Traditionally, …": a capital for the sentence's sake
    return Name(name, name, "other", Span(start, start + len(name)))


def _bare(word: str) -> str:
    """In lower case, without punctuation and the possessive: "Sunday's" is no name either."""
    return _POSSESSIVE.sub("", word.lower().strip(".,'’"))


def aligned(question: str, sentence: str) -> str:
    """The question with its countries named as the sentence names them.

    To a model "Baku" and "Azerbaijan" are two; in a news text a capital mostly is the country.

    >>> aligned("What worries New Delhi about Baku?", "India watches Baku.")
    'What worries India about Baku?'
    """
    nouns = [n for n in find_names(sentence) if n.kind == "country" and not is_demonym(n)]
    said = {name.text.lower() for name in nouns}
    text = question
    for name in reversed(find_names(question)):
        if name.kind == "other" or is_demonym(name) or name.text.lower() in said:
            continue
        other = next((noun.text for noun in nouns if noun.key == name.key), None)
        if other is not None:
            start = name.span.start
            text = text[:start] + other + text[start + len(name.text) :]
    return text


def is_demonym(name: Name) -> bool:
    """Whether it is a country's adjective ("Indian") and not a name of it."""
    return name.kind == "country" and not _countries()[fold(name.text)].is_noun


def country_keys(text: str) -> frozenset[str]:
    """The countries that a text names."""
    return frozenset(name.key for name in find_names(text) if name.kind == "country")


def is_named(name: Name, text: str) -> bool:
    """Whether the text names the same thing: by its words, its acronym, or as a country."""
    if name.kind == "country":
        return name.key in country_keys(text)
    wanted = set(stems(name.text))
    present = set(stems(text))
    if wanted <= present:
        return True
    words = name.text.split()
    # "Aliyev" stands for "Ilham Aliyev", "the OIC" for the "Organisation of Islamic Cooperation".
    if 2 <= len(words) <= 3 and stems(words[-1]) and set(stems(words[-1])) <= present:
        return True
    initials = "".join(word[0] for word in words if word[0].isupper())
    if len(initials) >= 3 and initials in _ACRONYM.findall(text):
        return True
    return name.text.isupper() and name.text in {*_ACRONYM.findall(text), *_acronyms(text)}


def _acronyms(text: str) -> set[str]:
    return {
        "".join(word[0] for word in found.group().split() if word[0].isupper())
        for found in _NAME.finditer(text)
    }
