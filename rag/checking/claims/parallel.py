"""A claim and cited words → which figure stands in each place where they run alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.checking.figures import find_figures
from rag.checking.numerals.rounding import hedge_of
from rag.splitting.terms import STOPWORDS

_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")
_LEAD = re.compile(
    r"^According to [^:,]{2,120}?(?: \([^)]*\))?[:,]\s+"
)  # "According to X (date): "
_MARK = re.compile(r"\[\d+\]")
_FIGURE = "#"
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
    own, text = _tokens(claim), _tokens(cited)
    i, j = _place(own, number), _place(text, other)
    alike = 0
    for step in (-1, 1):
        a, b = i + step, j + step
        while 0 <= a < len(own) and 0 <= b < len(text) and own[a][0] == text[b][0]:
            alike += _is_telling(own[a][0])
            a, b = a + step, b + step
    return alike


def _place(tokens: Sequence[tuple[str, int]], number: int) -> int:
    return next(i for i, (_, n) in enumerate(tokens) if n == number)


def without_lead(claim: str) -> str:
    """The claim without the words that only say where it was read, blanks in their place."""
    found = _LEAD.match(claim)
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
