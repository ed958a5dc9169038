"""Whose exports, whose partner, whose minister: what a text ascribes to which country."""

from __future__ import annotations

import re
from itertools import takewhile

from rag.checking.names import Name, find_names, is_demonym
from rag.splitting.terms import stems

_AFTER = re.compile(r"(?:['’]s?)?((?:[\s-]+[\w’'-]+){1,3})")  # "India’s" total exports to
_OF = re.compile(r"([\w-]+)\s+(?:of|for)\s+(?:the\s+)?$")  # minister of "Armenia"
_BREAK = frozenset("to from in on at with by for of and or as is was has had were are".split())
_BODIES = frozenset({"United Nations", "European Union"})
_VAGUE = frozenset(
    stems("largest biggest top total overall own new recent first second third current whole")
)


def possessions(text: str) -> dict[str, set[str]]:
    """Stem of a thing → the countries whose thing it is said to be.

    >>> sorted(possessions("India's exports to Azerbaijan")["export"])
    ['India']
    """
    found: dict[str, set[str]] = {}
    for name in find_names(text):
        if name.kind == "country" and name.key not in _BODIES:
            for stem in stems(" ".join(_things(text, name))):
                if stem not in _VAGUE:
                    found.setdefault(stem, set()).add(name.key)
    return found


def _things(text: str, name: Name) -> list[str]:
    """The words for what a country is said to have: "India's" exports, minister "of Armenia"."""
    things: list[str] = []
    end = name.span.start + len(name.text)
    after = _AFTER.match(text, end)
    if after and (text[end : end + 1] in {"'", "’"} or is_demonym(name)):
        words = after.group(1).replace("-", " ").split()
        things.extend(takewhile(lambda word: word.lower() not in _BREAK, words))
    if before := _OF.search(text, 0, name.span.start):
        things.append(before.group(1))
    return things


def others_own(question: str, sentence: str) -> bool:
    """Whether something that the question ascribes to one country is another's in the sentence.

    >>> others_own("What share of Azerbaijan's exports goes to India?", "India's exports fell.")
    True
    """
    asked, told = possessions(question), possessions(sentence)
    return any(not asked[thing] & told[thing] for thing in asked.keys() & told.keys())
