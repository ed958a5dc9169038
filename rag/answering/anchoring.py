"""A drafted sentence and passages → the sentences of them that it rests on, by its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rag.answering.instructions import is_instruction
from rag.checking.claims.alignment import FIGURE, Token, tokens
from rag.checking.verify import Cited
from rag.types import Passage, Span

MAX_SENTENCES = 3
"""Sentences that one claim rests on."""
_FIGURE_WEIGHT = 2.0
_NAME_WEIGHT = 1.5
_LEAST_GAIN = 1.5
"""What a further sentence has to add: a figure, a name, or two other words of the claim."""


@dataclass(frozen=True, slots=True)
class Place:
    """Sentences of one passage in a row, to be cited together."""

    passage: Passage
    span: Span
    """In the article's body."""

    @property
    def text(self) -> str:
        """The words to cite."""
        return self.passage.sentence(self.span)

    def cited(self, number: int) -> Cited:
        """The words as the checks take them."""
        source, offset = self.passage.source, self.span.start - self.passage.span.start
        before = self.passage.text[:offset]
        return Cited(number, self.text, before, source.title, source.outlet, source.published)


def anchor(claim: str, passages: Iterable[Passage]) -> tuple[Place, ...]:
    """The fewest sentences that hold most of the claim's figures, names and telling words.

    Chosen greedily: the one with most of them first, then what adds to it. None where no sentence
    shares any. Instructions to a program are never cited.
    """
    wanted = _wanted(claim)
    found = list(dict.fromkeys(_sentences(passages)))
    held = [frozenset(t.key for t in tokens(place.text)) & wanted.keys() for place in found]
    chosen: list[int] = []
    covered: frozenset[str] = frozenset()
    while found and len(chosen) < MAX_SENTENCES:
        gains = [sum(wanted[key] for key in keys - covered) for keys in held]
        best = max(range(len(found)), key=lambda n: (gains[n], sum(wanted[k] for k in held[n])))
        if gains[best] < (_LEAST_GAIN if chosen else 1.0):
            break
        chosen.append(best)
        covered |= held[best]
    return _joined([found[n] for n in chosen])


def weight(claim: str, places: Iterable[Place]) -> float:
    """How much of the claim places hold: of its words, names count for more, figures for most."""
    held = {token.key for place in places for token in tokens(place.text)}
    return sum(value for key, value in _wanted(claim).items() if key in held)


def _wanted(claim: str) -> dict[str, float]:
    return {key: value for key, value in map(_weighed, tokens(claim)) if value}


def _weighed(token: Token) -> tuple[str, float]:
    if token.low == FIGURE:
        return token.key, _FIGURE_WEIGHT
    if not token.content:
        return token.key, 0.0
    return token.key, _NAME_WEIGHT if token.capital else 1.0


def _sentences(passages: Iterable[Passage]) -> Iterator[Place]:
    for passage in passages:
        for span in passage.sentences:
            if not is_instruction(passage.sentence(span)):
                yield Place(passage, span)


def _joined(places: Sequence[Place]) -> tuple[Place, ...]:
    """The best one first; those that follow one another in an article as one."""
    joined: list[Place] = []
    for place in places:
        for n, other in enumerate(joined):
            if other.passage == place.passage and _adjoin(place, other):
                start = min(place.span.start, other.span.start)
                joined[n] = Place(place.passage, Span(start, max(place.span.end, other.span.end)))
                break
        else:
            joined.append(place)
    return tuple(joined)


def _adjoin(one: Place, other: Place) -> bool:
    first, last = sorted((one.span, other.span), key=lambda span: span.start)
    between = one.passage.sentence(Span(first.end, last.start)) if first.end < last.start else ""
    return not between.strip()
