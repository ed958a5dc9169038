"""A sentence → its figures, words, clauses and places together, and the stems of some words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.checking.figures import find_figures
from rag.checking.syntax.clauses import Clause, split_clauses
from rag.checking.syntax.places import Place, find_places
from rag.checking.syntax.tagging import read_words
from rag.checking.syntax.words import Word
from rag.splitting.terms import stems
from rag.types import Figure

_CONTENT = frozenset("NJVIGE")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sentence read by itself."""

    text: str
    figures: tuple[Figure, ...]
    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]
    places: tuple[Place, ...]


@lru_cache(maxsize=2048)  # what a sentence is about is asked again for the next one's pronouns
def parse(sentence: str) -> Parsed:
    """The sentence with all that its rules tell."""
    figures = find_figures(sentence)
    words = read_words(sentence, figures)
    clauses = split_clauses(words)
    places = find_places(words, clauses)
    return Parsed(sentence, figures, tuple(words), tuple(clauses), tuple(places))


def terms_of(words: Sequence[Word], indices: Iterable[int]) -> frozenset[str]:
    """The stems of the content words among some, verbs by their base forms, without numbers."""
    found: set[str] = set()
    for i in indices:
        word = words[i]
        if word.tag not in _CONTENT:
            continue
        if any(c.isdigit() for c in word.low):
            found |= {word.low} if any(c.isalpha() for c in word.low) else set()  # "BA.1"
        elif word.text == "US":
            found.add("u")  # as "U.S." is stemmed; in lower case a stop word
        else:
            found.update(stems(word.verb if word.verb and word.tag in "VIGE" else word.text))
    return frozenset(stem for stem in found if len(stem) > 1 or stem == "u")


def sources_of(words: Sequence[Word]) -> set[int]:
    """The words of every "according to …", to the next mark."""
    found: set[int] = set()
    for i, word in enumerate(words):
        after = i - 1 in found and word.tag not in {",", ";", "-", "(", ")", '"'}
        if word.low == "according" or after:
            found.add(i)
    return found
