"""A text → the stems that lexical search compares."""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol

TERMS = "porter2-stop-1"
"""Names the rules of this module; an index built under other rules is rebuilt."""

STOPWORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being between
    both but by can could did do does doing during each few for from further had has have having he
    her here hers him his how i if in into is it its itself just many me more most much my no nor
    not now of off on once only or other our out over own same she should so some such than that the
    their them then there these they this those through to too under until up upon us very was we
    were what when where whether which while who whom whose why will with would you your""".split()
)

# "86.07", "FY2024-25" → fy2024, 25; "JF-17" → jf, 17; "India’s" → India
_TERM = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)


class _Stemmer(Protocol):
    def stemWords(self, words: list[str]) -> list[str]: ...  # noqa: N802 - PyStemmer's name


@cache
def _stemmer() -> _Stemmer:
    import Stemmer

    stemmer: _Stemmer = Stemmer.Stemmer("english")
    return stemmer


def words(text: str) -> list[str]:
    """The text's words and numbers in lower case, without possessive endings.

    >>> words("India’s exports: $86.07 million (JF-17)")
    ['india', 'exports', '86.07', 'million', 'jf', '17']
    """
    return [m.group().replace(",", "") for m in _TERM.finditer(_POSSESSIVE.sub("", text).lower())]


def stems(text: str) -> list[str]:
    """Stems of the text's words without stop words (Porter2, "Snowball" English).

    >>> stems("The exports were supplied by traders")
    ['export', 'suppli', 'trader']
    """
    return _stemmer().stemWords([word for word in words(text) if word not in STOPWORDS])
