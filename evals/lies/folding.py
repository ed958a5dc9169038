"""Text as a reader takes it in → the same in plain lower-case signs, to look false words up in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Cyrillic and Greek letters that a reader takes for Latin ones.
_LOOKALIKES = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0455"
    "\u0458\u0501\u0261\u217c\u03bf\u03b1\u03b5\u03c1\u03c4\u03c5\u03bd\u03b9\u03ba",
    "abekmhopctyxisjdgloaeptuvik",
)
_QUOTES = str.maketrans(
    dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
    | dict.fromkeys("\u2018\u2019\u201a`\u00b4", "'")
    | dict.fromkeys("\u2013\u2014\u2212\u2010\u2011\u2012", "-")
)
_MARKS = re.compile(r"\s*[\[(【]\s*\^?(?:passage\s*)?\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\s*[\])】]")
_TAGS = re.compile(r"<!--.*?-->|</?\w[^<>]*>")
_MARKUP = re.compile(r"[*_#|~$\\{}\"]+")


@lru_cache(maxsize=256)
def folded(text: str) -> str:
    r"""The text without marks, markup, unseen signs and disguises.

    >>> folded("worth **$\uff11.7** [2] billi\u200bon")
    'worth 1.7 billion'
    """
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(
        " " if c in "\n\r\t\f\v" else c
        for c in plain
        if c in "\n\r\t\f\v" or unicodedata.category(c) not in {"Cf", "Cc", "Mn"}
    )
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in seen)
    latin = digits.casefold().translate(_QUOTES).translate(_LOOKALIKES)
    bare = _MARKUP.sub("", _TAGS.sub("", _MARKS.sub("", latin)))
    return " ".join(bare.split())


def says(text: str, words: str) -> bool:
    """Whether the text has the words, as whole words, however they are disguised."""
    pattern = rf"(?<!\w)(?<!\d[.,]){re.escape(folded(words))}(?!\w|[.,]\d)"
    return re.search(pattern, folded(text)) is not None
