"""A claim and a text → what of the claim the text lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rag.checking.figures import find_figures
from rag.checking.syntax.concepts import concept
from rag.checking.syntax.names import Name
from rag.splitting.terms import stems
from rag.types import Figure, Span

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")  # "830,000", "2.5", the 24 of "24th"
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
# An amount in another unit is another amount; a count stands whatever noun is counted.
_UNIT_BOUND = frozenset({"money", "percent"})


def absent_figures(claim: str, text: str) -> tuple[str, ...]:
    """The claim's figures and numbers that the text lacks, as the claim writes them.

    >>> absent_figures("Sales of $5m in 2024, up 20%", "In 2024 it sold 5 million dollars' worth.")
    ('20%',)
    """
    figures = find_figures(claim)
    said = {figure.span.start: figure.span.of(claim) for figure in figures}
    held = {(figure.value, figure.unit) for figure in find_figures(text)}
    digits = _digits(text)
    absent = {f.span.start for f in figures if not _is_held(f, claim, text, held)}
    for number in _DIGITS.finditer(claim):
        inside = any(f.span.start <= number.start() < f.span.end for f in figures)
        if not inside and not _digits(number.group()) <= digits:
            said[number.start()] = number.group()
            absent.add(number.start())
    return tuple(dict.fromkeys(said[start] for start in sorted(absent)))


def _is_held(figure: Figure, claim: str, text: str, held: set[tuple[Decimal, str]]) -> bool:
    """Whether the text holds the figure: its value and unit, or failing these its digits."""
    if (figure.value, figure.unit) in held:
        return True
    if figure.kind in _UNIT_BOUND:
        return False
    if figure.kind == "count" and any(value == figure.value for value, _ in held):
        return True
    said = figure.span.of(claim)
    # A date may be written out or not: "November 2, 2004", "11/2/2004".
    if own := _digits(said):
        return own <= _digits(text)
    return set(stems(said)) <= set(stems(text))


def _digits(text: str) -> set[str]:
    return {number.replace(",", "") for number in _DIGITS.findall(text)}


def is_stranger(name: Name, text: str) -> bool:
    """Whether the text, which does not bear the name, holds not even a word of it."""
    return name.kind == "country" or not set(stems(name.text)) & set(stems(text))


def absent_words(claim: str, present: frozenset[str], taken: Sequence[Span]) -> tuple[str, ...]:
    """The claim's words whose concept is not present.

    Args:
        claim: One sentence.
        present: The concepts that there are.
        taken: Where its names and figures stand, which are looked at by themselves.
    """
    absent = []
    for word in _WORD.finditer(claim):
        own = {concept(stem) for stem in stems(word.group())}
        apart = all(word.end() <= span.start or word.start() >= span.end for span in taken)
        if apart and not own <= present:
            absent.append(word.group())
    return tuple(dict.fromkeys(absent))
