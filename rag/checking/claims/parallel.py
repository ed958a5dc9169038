"""A claim and cited words → which figure stands in each place where they run alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.checking.figures import find_figures
from rag.checking.numerals.rounding import hedge_of
from rag.checking.syntax.names import country_keys
from rag.splitting.terms import STOPWORDS

_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_LEAD = re.compile(
    r"^According to [^:,]{2,120}?(?: \([^)]*\))?[:,]\s+"
)  # "According to X (date): "
_ADVERB = re.compile(r"^\s*[A-Z][a-z]{3,}ly,\s+(?=\S)")  # "Notably, "; "Italy," is a name
_MARK = re.compile(r"\[\d+\]")
_FIGURE = "#"
MOST_ADDED = 2
"""Telling words that a claim may have over the cited ones around a figure and still repeat them."""
# Words whose coming and going moves no figure to another subject.
_HARMLESS = frozenset(
    """a an the this that these those is are was were be been being has have had do does did
    say says said tell tells told report reports reported add adds added note notes noted
    however meanwhile moreover furthermore additionally also still now then already but and so
    indeed instead though overall finally""".split()
)


def counterparts(claim: str, cited: str) -> dict[int, int] | None:
    """For each figure of the claim, by number, the cited figure that stands in its place.

    None where the claim is more than a stretch of the cited words, up to its figures and words
    such as "however", "the" or "said", or where it could be two stretches of them.

    >>> counterparts("The tent weighs 5 kg.", "The stove weighs 2 kg; the tent weighs 3 kg.")
    {0: 1}
    """
    own, text = _tokens(claim), _tokens(cited)
    if not any(_is_telling(word) for word, _ in own):
        return None
    words = [word for word, _ in text]
    sought = [word for word, _ in own]
    places = [
        at
        for at in range(len(words) - len(sought) + 1)
        if words[at] == sought[0] and words[at : at + len(sought)] == sought
    ]
    if len(places) != 1:
        return None
    return {n: text[places[0] + i][1] for i, (word, n) in enumerate(own) if word == _FIGURE}


def in_common(claim: str, number: int, cited: str, other: int) -> int:
    """How many telling words stand alike, without a gap, around a figure of each."""
    own = _tokens(claim)
    first, last = _stretch(claim, number, cited, other)
    return sum(_is_telling(word) for word, _ in own[first:last])


def is_nearly_alike(claim: str, number: int, cited: str, other: int) -> bool:
    """Whether a figure stands in the same words in both, up to a few that the claim adds.

    They stand at one end of the claim and hold no figure, and fewer than the words alike.
    """
    own = _tokens(claim)
    first, last = _stretch(claim, number, cited, other)
    alike = sum(_is_telling(word) for word, _ in own[first:last])
    added = [word for word, _ in (*own[:first], *own[last:])]
    at_an_end = first == 0 or last == len(own)
    telling = sum(_is_telling(word) for word in added)
    return at_an_end and _FIGURE not in added and telling <= MOST_ADDED and telling < alike


def _stretch(claim: str, number: int, cited: str, other: int) -> tuple[int, int]:
    """The claim's tokens that run alike with the cited ones around a figure of each."""
    own, text = _tokens(claim), _tokens(cited)
    i, j = _place(own, number), _place(text, other)
    ends = []
    for step in (-1, 1):
        a, b = i + step, j + step
        while 0 <= a < len(own) and 0 <= b < len(text) and own[a][0] == text[b][0]:
            a, b = a + step, b + step
        ends.append(a)
    return ends[0] + 1, ends[1]


def _place(tokens: Sequence[tuple[str, int]], number: int) -> int:
    return next(i for i, (_, n) in enumerate(tokens) if n == number)


def without_lead(claim: str) -> str:
    """The claim without the words that only say where it was read, blanks in their place."""
    found = _LEAD.match(claim) or _ADVERB.match(claim)
    if found and country_keys(found.group()):
        found = None
    text = " " * found.end() + claim[found.end() :] if found else claim
    return _MARK.sub(lambda mark: " " * len(mark.group()), text)


@lru_cache(maxsize=1024)
def _tokens(text: str) -> Sequence[tuple[str, int]]:
    """The text's words in lower case, a figure and its hedge as one, without harmless ones."""
    spans = [(hedge_of(text, f.span)[1], n) for n, f in enumerate(find_figures(text))]
    tokens: list[tuple[int, str, int]] = [(span.start, _FIGURE, n) for span, n in spans]
    for found in _WORD.finditer(text):
        if any(span.start <= found.start() < span.end for span, _ in spans):
            continue
        low = found.group().lower().replace("’", "'").removesuffix("'s")
        if low not in _HARMLESS:
            tokens.append((found.start(), low, -1))
    return tuple((word, n) for _, word, n in sorted(tokens))


def _is_telling(word: str) -> bool:
    return word != _FIGURE and word not in STOPWORDS
