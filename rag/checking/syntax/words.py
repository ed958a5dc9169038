"""A text and its figures → its words, and what the words around one are as far as lists tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.checking.syntax.casing import fold
from rag.checking.syntax.wordclasses import (
    ADJECTIVES,
    ADVERBS,
    AUXILIARIES,
    BE,
    COORDINATORS,
    DETERMINERS,
    NOUNS_TOO,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SUBORDINATORS,
    verb_forms,
)
from rag.types import Figure, Span

# A word with its inner marks ("semi-final", a possessive), "U.S.", a dash, any other mark.
_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:[-'’.&/](?=[^\W_])[^\W_]+)*|--|[^\w\s]|_")
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")
_CALENDAR = re.compile(
    r"[\s-]+(?:quarter|half\s+of|month|week|year|day|time|anniversary)\b", re.IGNORECASE
)  # the second "quarter"
_QUARTER = re.compile(
    r"(?:first|second|third|fourth|last|this|next)[-\s](?:quarter|half)$", re.IGNORECASE
)
_DASHES = {"—": "-", "–": "-", "--": "-", "−": "-", "[": "(", "]": ")", "“": '"', "”": '"'}
_PLURALS = frozenset({"people", "police", "men", "women", "children"})
_LISTS = (
    (AUXILIARIES, "X"), (ADVERBS, "B"), (DETERMINERS, "D"), (PREPOSITIONS, "P"),
    (PRONOUNS, "O"), (COORDINATORS, "C"), (SUBORDINATORS, "S"), (ADJECTIVES, "J"),
)  # fmt: skip
_CLAUSE_ENDS = COORDINATORS | RELATIVES | (SUBORDINATORS - {"than"})


@dataclass(slots=True)
class Word:
    """A word, a figure or a mark.

    `tag`: N noun, J adjective, D determiner, P preposition, C coordinator, S subordinator,
    R relative, O pronoun, X auxiliary, B adverb, V finite verb, E participle, G -ing form,
    I infinitive, T the "to" before it, F figure, Y date; a mark's tag is the mark.
    """

    text: str
    low: str
    span: Span
    tag: str
    verb: str = ""
    """The verb it is a form of, if any."""
    figure: int = -1
    """Which of the sentence's figures it is, or -1."""
    owner: bool = False
    """Ends as a possessive: "India's"."""


def split_words(text: str, figures: tuple[Figure, ...]) -> list[Word]:
    """The words in order; only figures, dates and marks have their tags yet."""
    words: list[Word] = []
    position = 0
    for n, figure in enumerate(figures):
        words.extend(_plain(text, position, figure.span.start))
        tag = "Y" if figure.kind == "date" or _is_calendar(text, figure) else "F"
        words.append(Word(figure.span.of(text), "", figure.span, tag, figure=n))
        position = figure.span.end
    words.extend(_plain(text, position, len(text)))
    return words


def _is_calendar(text: str, figure: Figure) -> bool:
    """Whether it only helps to say when: "the second quarter", "the first half of 2024"."""
    if figure.kind not in {"rank", "ratio"}:
        return False
    start, end = figure.span.start, figure.span.end
    return bool(_CALENDAR.match(text, end) or _QUARTER.search(text, max(0, start - 8), end))


def _plain(text: str, start: int, end: int) -> list[Word]:
    words: list[Word] = []
    for found in _WORD.finditer(text, start, end):
        said, span = found.group(), Span(*found.span())
        if said[0].isalnum():
            words.append(_word(said, span))
        elif said in "'’" and words and words[-1].span.end == span.start:
            words[-1].owner = words[-1].low.endswith("s")  # "traders'"
        else:
            words.append(Word(said, said, span, _DASHES.get(said, said)))
    return words


def _word(said: str, span: Span) -> Word:
    low = fold(said).replace("’", "'")
    owner = bool(_POSSESSIVE.search(low)) and low not in PRONOUNS | BE
    form = verb_forms().get(low)
    return Word(said, low, span, "", verb=form[0] if form else "", owner=owner)


def kinds_of(words: list[Word], i: int) -> frozenset[str]:
    """Which forms of a verb a word can be: `base`, `s`, `past`, `participle`, `ing`."""
    if i >= len(words) or words[i].owner:
        return frozenset()
    low = words[i].low
    if form := verb_forms().get(low):
        return form[1]
    if low.endswith("ed") and len(low) > 4 and low.isalpha() and low not in {"hundred", "united"}:
        return frozenset({"past", "participle"})
    return frozenset()


def tag_before(words: list[Word], i: int) -> str:
    """The tag of the word before, adverbs left out."""
    j = i - 1
    while j >= 0 and (words[j].tag == "B" or words[j].low in {"both", "all", "each"}):
        j -= 1
    return words[j].tag if j >= 0 else ""


def tag_behind(words: list[Word], i: int) -> str:
    """What stands behind, as far as one word's list tells."""
    if i + 1 >= len(words):
        return ""
    word = words[i + 1]
    if word.tag:
        return word.tag
    if word.low == "that" or word.text == "US":
        return "R" if word.low == "that" else "N"
    return next((tag for listed, tag in _LISTS if word.low in listed), "N")


def is_plural(words: list[Word], i: int) -> bool:
    """Whether a word looks like a plural noun."""
    low = words[i].low if i >= 0 else ""
    return (low.endswith("s") and not low.endswith(("ss", "us", "is"))) or low in _PLURALS


def finite_follows(words: list[Word], i: int) -> bool:
    """Whether an auxiliary or an unmistakable verb follows before the clause can end."""
    for j in range(i + 1, min(i + 9, len(words))):
        low = words[j].low
        if low in _CLAUSE_ENDS or words[j].tag in {",", ";", "-", "("}:
            return False
        if low in AUXILIARIES or (kinds_of(words, j) & {"past"} and low not in NOUNS_TOO):
            return True
    return False
