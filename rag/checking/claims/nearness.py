"""A claim's figure and a cited one of its value → whether both stand nearest to the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from rag.checking.claims.alignment import FIGURE, Token, tokens
from rag.checking.claims.replaced import is_framing
from rag.checking.claims.senses import may_stand_for
from rag.checking.figures import find_figures
from rag.checking.syntax.wordclasses import (
    COORDINATORS,
    NOUNS_TOO,
    PREPOSITIONS,
    SUBORDINATORS,
    verb_forms,
)
from rag.types import Figure

_BREAK = 4
"""How many words a comma, an "and" or a "while" between two words counts for."""
_WHEN = frozenset("last this next ago first second third fourth whole earlier previous".split())
"""Words that say when, or of what part, with the noun behind them."""
_MARKS = {"by": "by", "to": "to", "from": "from"}
_NAMED = 2
"""How many words a name counts for."""
_IDLE = frozenset("worth total number amount value percent cent level figure".split())
"""Words that go with any figure."""
_LEAST = 2
"""Votes for a figure that it needs for each against it."""

Rival = Callable[[Figure], bool]
"""Says something of a figure, as whether it may be mistaken for the claim's."""
_Key = tuple[str, str]
"""A preposition and a name behind it."""
_Governed = dict[_Key, int]


@dataclass(frozen=True, slots=True)
class _Text:
    """A sentence's words with the places of its figures among them."""

    words: tuple[Token, ...]
    figures: tuple[tuple[int, Figure], ...]

    def nearest(self, i: int, rival: Rival) -> tuple[Figure, ...]:
        """The rivals that stand nearest to a word; two where they are equally near."""
        # Of two equally near, the one before: "from 5 in May to 7".
        found = [(2 * self.apart(i, at) + (at > i), f) for at, f in self.figures if rival(f)]
        if pair := self._from_to(i, rival):
            return pair
        least = min((far for far, _ in found), default=0)
        return tuple(f for far, f in found if far == least)

    def _from_to(self, i: int, rival: Rival) -> tuple[Figure, ...]:
        """Both figures of "from 5 to 7", where the word before them is about both."""
        pair = [(at, f) for at, f in self.figures if rival(f)]
        for (one, f), (other, g) in pairwise(pair):
            low = self.words[one - 1].low if one else ""
            if low == "from" and self.words[other - 1].low == "to" and i < one:
                return (f, g)
        return ()

    def apart(self, i: int, j: int) -> int:
        """How far two words stand apart."""
        low, high = sorted((i, j))
        between = self.words[low + 1 : high + 1]
        breaks = sum(w.parted or w.low in COORDINATORS | SUBORDINATORS for w in between)
        return high - low + _BREAK * breaks


@dataclass(frozen=True, slots=True)
class _Vote:
    """What a word says of where a figure belongs."""

    weight: float
    """The greater the nearer it stands, and for a name."""
    is_thing: bool
    """Whether it is no verb."""
    right: bool
    """Whether it stands nearest to a figure of the claim's value in the cited words."""


def stands_nearest(
    claim: str, figure: Figure, cited: Sequence[str], held: Figure, rival: Rival, same: Rival
) -> bool:
    """Whether the words nearest to a claim's figure stand nearest to one of its value.

    Args:
        claim: The sentence.
        figure: One of its figures.
        cited: All cited sentences.
        held: A figure of the first of them, of the claim's value.
        rival: Which of their figures may be mistaken for it.
        same: Which of them have its value.
    """
    own, texts = _text(claim), [_text(text) for text in cited]
    if not _marked_alike(own, figure, texts[0], held):
        return False
    rivals = [f for text in texts for _, f in text.figures if rival(f)]
    if all(same(f) for f in rivals):
        return any(any(_beside(own, i, text, rival)) for text in texts for i in _voters(own))
    votes = list(_votes(own, figure, texts, rival, same))
    for things in (True, False):  # what is done counts only where no thing tells
        cast = [vote for vote in votes if vote.is_thing is things]
        if cast:
            return _sum(cast, right=True) > _LEAST * _sum(cast, right=False)
    return False


def stands_elsewhere(
    claim: str, figure: Figure, cited: Sequence[str], rival: Rival, same: Rival
) -> bool:
    """Whether the words around a claim's figure stand around another one in the cited words."""
    votes = list(_votes(_text(claim), figure, [_text(text) for text in cited], rival, same))
    return _sum(votes, right=False) > _LEAST * _sum(votes, right=True)


def swapped(claim: str, cited: str) -> str:
    """Two names behind one preposition that have each other's place, for a reader, or empty.

    >>> swapped("Tea is from Rome, wool from Bonn.", "Wool is from Rome, tea from Bonn.")
    'in the words cited, “Rome” and “Bonn” have each other’s place'
    """
    own, source = _text(claim), _text(cited)
    mine, theirs = _governed(own.words), _governed(source.words)
    for (prep, one), (also, other) in combinations(mine, 2):
        if prep != also or (prep, one) not in theirs or (prep, other) not in theirs:
            continue
        votes = list(_sides(own, source, mine, theirs, (prep, one), (prep, other)))
        if sum(w for w, right in votes if not right) > _LEAST * sum(w for w, r in votes if r):
            names = (own.words[mine[prep, key]].text for key in (one, other))
            return "in the words cited, “{}” and “{}” have each other’s place".format(*names)
    return ""


def _governed(words: Sequence[Token]) -> _Governed:
    """The place of each name that stands behind a preposition, by both."""
    found: _Governed = {}
    for i in range(1, len(words)):
        if words[i].capital and words[i - 1].low in PREPOSITIONS - {"of"}:
            found[words[i - 1].low, words[i].key] = i
    return found


def _sides(
    own: _Text, source: _Text, mine: _Governed, theirs: _Governed, one: _Key, other: _Key
) -> Iterator[tuple[float, bool]]:
    """For each word nearer to one of two names, its weight and whether the cited one is too."""
    for i in _voters(own):
        if own.words[i].capital:
            continue
        near = own.apart(i, mine[one]) - own.apart(i, mine[other])
        same = [j for j in _voters(source) if may_stand_for(own.words[i], source.words[j])]
        if not near or len(same) != 1:
            continue
        there = source.apart(same[0], theirs[one]) - source.apart(same[0], theirs[other])
        if there:
            least = min(own.apart(i, mine[one]), own.apart(i, mine[other]))
            yield 1 / max(1, least), (near < 0) == (there < 0)


def _sum(votes: Sequence[_Vote], *, right: bool) -> float:
    return sum(vote.weight for vote in votes if vote.right is right)


def _votes(
    own: _Text,
    figure: Figure,
    texts: Sequence[_Text],
    rival: Rival,
    same: Rival,
) -> Iterator[_Vote]:
    at = next(at for at, f in own.figures if f == figure)
    for i in _voters(own):
        if i == at or own.nearest(i, rival) != (figure,):
            continue
        found = [near for text in texts for near in _beside(own, i, text, rival)]
        if found and len({same(f) for near in found for f in near}) == 1:
            word = own.words[i]
            is_thing = word.low not in verb_forms() or word.low in NOUNS_TOO
            weight = (_NAMED if word.capital else 1) / own.apart(i, at)
            yield _Vote(weight, is_thing, right=same(found[0][0]))


def _voters(text: _Text) -> Iterator[int]:
    return (i for i in range(len(text.words)) if _votes_at(text.words, i))


def _beside(own: _Text, i: int, text: _Text, rival: Rival) -> Iterator[tuple[Figure, ...]]:
    """The rivals nearest to each place where a sentence has a word of the claim."""
    for j, word in enumerate(text.words):
        if not _votes_at(text.words, j) or not may_stand_for(own.words[i], word):
            continue
        timed = own.words[i].low in _WHEN
        if timed and _behind(own.words, i) != _behind(text.words, j):
            continue
        near = text.nearest(j, rival)
        if near:
            yield near


def _votes_at(words: Sequence[Token], i: int) -> bool:
    """Whether a word tells one figure from another."""
    word = words[i]
    if word.low == FIGURE:
        return "year" in word.key or "month" in word.key or "day" in word.key
    return word.low in _WHEN or (word.content and word.low not in _IDLE and not is_framing(word))


def _behind(words: Sequence[Token], i: int) -> str:
    return words[i + 1].key if i + 1 < len(words) else ""


def _marked_alike(own: _Text, figure: Figure, text: _Text, held: Figure) -> bool:
    """Whether no "by" stands before the one and "to" before the other."""
    one, other = _mark(own, figure), _mark(text, held)
    return not one or not other or one == other


def _mark(text: _Text, figure: Figure) -> str:
    at = next(at for at, f in text.figures if f == figure)
    for word in reversed(text.words[max(0, at - 3) : at]):
        if word.low in _MARKS:
            return _MARKS[word.low]
        if word.content:
            return ""
    return ""


def _text(sentence: str) -> _Text:
    words = tokens(sentence)
    places = [i for i, word in enumerate(words) if word.low == FIGURE]
    return _Text(words, tuple(zip(places, find_figures(sentence), strict=True)))
