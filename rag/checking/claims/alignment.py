"""A claim and a cited sentence → which word of the one stands for which of the other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.checking.claims.synonyms import same_sense
from rag.checking.figures import find_figures
from rag.checking.syntax.concepts import concept
from rag.checking.syntax.wordclasses import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    verb_forms,
)
from rag.splitting.terms import STOPWORDS, stems
from rag.types import Span

FIGURE = "#"
_WORD = re.compile(r"[^\W_]+?(?=n['’]t\b)|n['’]t\b|[^\W_]+(?:[-.&’'](?=[^\W_])(?!s\b)[^\W_]+)*")
_SHORT = {"ca": "can", "wo": "will", "sha": "shall", "n't": "not", "n’t": "not"}
_BREAK = re.compile(r"[,;:()—–]|\s-\s|[“”\"]")
_EMPTY = (
    STOPWORDS | ADVERBS | AUXILIARIES | PRONOUNS | DETERMINERS | PREPOSITIONS | SUBORDINATORS
) - {"including", "excluding", "following", "concerning", "regarding", "compared"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence, or one of its figures."""

    text: str
    low: str
    key: str
    """What it is compared by: a word's concept, a figure's value and unit."""
    content: bool
    """Whether it says something by itself: no figure, pronoun, auxiliary, or such."""
    capital: bool
    """Has a capital that is not the sentence's."""
    parted: bool
    """A comma or another mark stands before it."""
    set_off: bool = False
    """Marks stand on both sides of it, or it opens the sentence: "Notably, …"."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of a claim that stand where the cited sentence has others; either may be none."""

    claim: range
    source: range


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """A claim's words beside a cited sentence's."""

    claim: tuple[Token, ...]
    source: tuple[Token, ...]
    places: dict[int, int]
    """For a word of the claim, by its place, that of the cited word it stands for."""
    edits: tuple[Edit, ...]

    @property
    def alike(self) -> int:
        """How many telling words stand for one another."""
        return sum(self.claim[i].content for i in self.places)


@lru_cache(maxsize=1024)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a sentence, "didn't" and "cannot" as two, each figure as one.

    >>> [token.low for token in tokens("Rome didn't pay $5 million.")]
    ['rome', 'did', 'not', 'pay', '#']
    """
    figures = {figure.span: figure for figure in find_figures(text)}
    found = [(span.start, span.end, FIGURE) for span in figures]
    for word in _WORD.finditer(text):
        within = next((s for s in figures if s.start <= word.start() < s.end), None)
        if within is not None:
            if within.end + 1 < word.end():  # the "old" of "18-year-old"
                found.append((within.end + 1, word.end(), ""))
        elif word.group().lower() == "cannot":
            found += [
                (word.start(), word.start() + 3, "can"),
                (word.start() + 3, word.end(), "not"),
            ]
        else:
            found.append((*word.span(), ""))
    made: list[Token] = []
    end = 0
    for start, stop, low in sorted(found):
        parted = _BREAK.search(text, end, start) is not None
        said = text[start:stop]
        if low == FIGURE:
            figure = figures[Span(start, stop)]
            key = f"{FIGURE}{figure.value.normalize()} {figure.high or ''} {figure.unit}"
            made.append(Token(said, FIGURE, key, content=False, capital=False, parted=parted))
        else:
            alone = (parted or not made) and text[stop : stop + 1] in {",", ";", ":", ")"}
            made.append(_word(said, low, parted=parted, opens=not made, set_off=alone))
        end = stop
    return tuple(made)


def _word(text: str, low: str, *, parted: bool, opens: bool, set_off: bool) -> Token:
    low = low or text.lower().replace("’", "'").removesuffix("'s")
    low = _SHORT.get(low, low)
    content = low not in _EMPTY and not low.isdigit()
    capital = text[0].isupper() and (not opens or not text[1:].islower())
    key = key_of(low) if content else low
    return Token(text, low, key, content, capital, parted, set_off)


@lru_cache(maxsize=8192)
def key_of(low: str) -> str:
    """The concept of a word, of a verb in any form."""
    form = verb_forms().get(low)
    found = stems(form[0] if form else low)
    return same_sense(concept(found[-1])) if len(found) == 1 else "-".join(found) or low


@lru_cache(maxsize=512)
def align(claim: str, source: str) -> Alignment:
    """The claim's words beside the cited sentence's, the longest stretches first."""
    own, cited = tokens(claim), tokens(source)
    matcher = SequenceMatcher(None, [t.key for t in own], [t.key for t in cited], autojunk=False)
    places: dict[int, int] = {}
    edits: list[Edit] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            places.update(zip(range(i1, i2), range(j1, j2), strict=True))
        else:
            edits.append(Edit(range(i1, i2), range(j1, j2)))
    return Alignment(own, cited, places, tuple(edits))


def content_keys(words: Sequence[Token]) -> frozenset[str]:
    """The concepts of the telling words."""
    return frozenset(word.key for word in words if word.content)
