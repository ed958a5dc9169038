"""The words behind a number → the noun that it counts, in the singular."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re

_FOLLOWING = re.compile(r"(?:[\s-]+(?:[a-z]{2}[\w’'-]*|[A-Z][\w’'.-]*)){1,5}")
_OF = re.compile(r"\s+of\s+(?:the|these|those|its|their|his|her|our|my)\s+")
_STOP = frozenset(
    """of in on at by for to from with and or but than as is was were are be been has have had will would could may
    might can that which who when where while after before since until if so then the this these those its their
    his her our my your over under about into out up down per more said says say did do does not also only per
    was during among between because due against through across amid including""".split()
)
_NO_PLURAL = ("ss", "us", "is", "ous", "news", "less")
_PLURALS = frozenset(
    "people men women children feet teeth mice geese police cattle species series aircraft lives".split()
)
_SINGULARS = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "lives": "life",
    "wolves": "wolf",
}


def counted_noun(text: str, end: int) -> str:
    """What the number that ends at a place counts: the first plural behind it, else the next word.

    >>> counted_noun("1,500 foreign tourists came", 5)
    'tourist'
    """
    of = _OF.match(text, end)
    words = _words(text, of.end() - 1 if of else end)
    plural = next((word for word in words if is_plural(word)), None)
    return singular(plural or (words[0] if words else ""))


def is_plural_ahead(text: str, end: int) -> bool:
    """Whether a plural noun stands behind the place, in the phrase that begins there."""
    return _OF.match(text, end) is not None or any(is_plural(w) for w in _words(text, end)[:3])


def is_plural(word: str) -> bool:
    """Whether a word in lower case looks like a plural."""
    return word in _PLURALS or (
        word.endswith("s") and len(word) > 3 and not word.endswith(_NO_PLURAL)
    )


def singular(word: str) -> str:
    """The word without its plural's ending."""
    if word in _SINGULARS or word in {"series", "species"}:
        return _SINGULARS.get(word, word)
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1] if is_plural(word) and word.endswith("s") else word


def _words(text: str, at: int) -> list[str]:
    found = _FOLLOWING.match(text, at)
    words: list[str] = []
    for word in found.group().split() if found else []:
        bare = re.sub(r"['’]s?$", "", word.strip("-.").lower())
        if bare in _STOP:
            break
        words.append(bare)
        if word.endswith("."):
            break
    return words
