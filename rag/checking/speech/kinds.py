"""The words for a speaker → what they name: an office, a paper, a person, the article's author."""

from __future__ import annotations

import re

from rag.checking.speech.cues import (
    MEDIA,
    OFFICE,
    OFFICIAL_PAPER,
    PRONOUNS,
    QUANTIFIERS,
    SOURCES,
    SPOKESPERSON,
    WRITER,
)
from rag.checking.syntax.names import find_names

_ACRONYM = re.compile(r"[A-Z][A-Z.&]+s?$")  # "NASA"
_HEAD_ENDS = re.compile(r"\s(?:of|for|in|at|from|with|on|to|behind)\s")  # the head "of" an office
_POSSESSOR = re.compile(r"^.*['’]s?\s+(?=[A-Z])")  # "Vice’s" Paul Blest
_NAMED = re.compile(r"[A-ZÀ-Þ][\w'’-]{0,40}\s(?:[A-Z]\.\s)?[A-ZÀ-Þ][\w'’-]{1,40}$")  # Ann B. Lee


def is_pronoun(words: str) -> bool:
    """Whether it is "he", "she", "they" or "it"."""
    return words.lower() in PRONOUNS


def is_writer(words: str) -> bool:
    """Whether it is the article's own author: "the author", "the commentary", "I"."""
    return words == "I" or WRITER.search(words) is not None


def is_office(words: str) -> bool:
    """Whether the words name an office or organisation, or whoever speaks for one.

    >>> [is_office(w) for w in ("the Coast Guard", "Bank of America", "Ann Lee", "The Guardian")]
    [True, True, False, False]
    """
    if SPOKESPERSON.search(words):
        return True
    whole = _POSSESSOR.sub("", words)
    if OFFICIAL_PAPER.search(whole):
        return True
    head, _, rest = _split_head(whole)
    if head.rsplit(" ", 1)[-1].lower() in QUANTIFIERS and rest and "official" not in head:
        head = _split_head(rest)[0]
    if MEDIA.search(head):
        return False
    if OFFICE.search(head) or _ACRONYM.match(head.rsplit(" ", 1)[-1]):
        return True
    bare = head.removeprefix("the ").removeprefix("The ")
    return any(n.kind == "country" and n.text == bare for n in find_names(bare))


def _split_head(words: str) -> tuple[str, str, str]:
    found = _HEAD_ENDS.search(words)
    if found is None:
        return words, "", ""
    return words[: found.start()], found.group(), words[found.end() :]


def is_paper(words: str) -> bool:
    """Whether the words name an outlet or a document: "the report", "The Guardian"."""
    return bool(MEDIA.search(words) or SOURCES.search(words))


def is_person(words: str) -> bool:
    """Whether "he" or "she" can stand for it."""
    if SPOKESPERSON.search(words):
        return True
    if is_office(words) or is_paper(words):
        return False
    return bool(_NAMED.search(words)) or not words.lower().startswith(("the ", "a report", "an "))
