"""Whose exports, whose partner, whose minister: what a text ascribes to which country."""

from __future__ import annotations

import re

from rag.checking.names import find_names, is_demonym
from rag.splitting.terms import STOPWORDS, stems

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
        if name.kind != "country" or name.key in _BODIES:
            continue
        things: list[str] = []
        end = name.span.start + len(name.text)
        after = _AFTER.match(text, end)
        owns = text[end : end + 1] in {"'", "’"} or is_demonym(name)
        if after and owns:
            for word in after.group(1).replace("-", " ").split():
                if word.lower() in _BREAK:
                    break
                things.append(word)
        if before := _OF.search(text, 0, name.span.start):
            things.append(before.group(1))
        for thing in things:
            for stem in stems(thing):
                if thing.lower() not in STOPWORDS and stem not in _VAGUE:
                    found.setdefault(stem, set()).add(name.key)
    return found


def others_own(question: str, sentence: str) -> bool:
    """Whether something that the question ascribes to one country is another's in the sentence.

    >>> others_own("What share of Azerbaijan's exports goes to India?", "India's exports to Azerbaijan fell.")
    True
    """
    asked, told = possessions(question), possessions(sentence)
    return any(not asked[thing] & told[thing] for thing in asked.keys() & told.keys())
