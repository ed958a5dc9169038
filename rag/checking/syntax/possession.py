"""Whose exports, whose partner, whose minister: what a text ascribes to which country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise, takewhile

from rag.checking.syntax.names import Name, country_keys, find_names, is_demonym
from rag.splitting.terms import stems

_AFTER = re.compile(r"(?:['’]s?)?((?:[\s-]+[\w’'-]+){1,3})")  # "India’s" total exports to
_OF = re.compile(r"([\w-]+)\s+(?:of|for)\s+(?:the\s+)?$")  # minister of "Armenia"
_BESIDE = re.compile(r"\s+and\s+|\s*[-–]\s*")
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$", re.IGNORECASE)
_BREAK = frozenset("to from in on at with by for of and or as is was has had were are".split())
BODIES = frozenset({"United Nations", "European Union"})
"""Named like countries, and no country."""
_VAGUE = frozenset(
    stems(
        """largest biggest top total overall own new recent first second third current whole size
        rank place share number amount value side part went took say said goes"""
    )
)
_OFFICES = frozenset(
    stems(
        """president minister ministry ambassador leader government envoy chancellor spokesman
        spokeswoman parliament army general secretary king queen prince diplomat official"""
    )
)


@lru_cache(maxsize=4096)  # the question is compared with every sentence
def possessions(text: str) -> Mapping[str, set[str]]:
    """Stem of a thing → the countries whose thing it is said to be.

    >>> sorted(possessions("India's exports to Azerbaijan")["export"])
    ['India']
    """
    found: dict[str, set[str]] = {}
    for name in find_names(text):
        if name.kind == "country" and name.key not in BODIES:
            for stem in stems(" ".join(w for w in _things(text, name) if not country_keys(w))):
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
        things.extend(takewhile(lambda w: w.lower() not in _BREAK and not w.endswith("ly"), words))
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


def others_office(question: str, text: str) -> bool:
    """Whether the office that the question ascribes to a country is, near by, only others'.

    >>> others_office("What did India's minister say?", "A Spanish envoy left. The minister spoke.")
    True
    """
    asked, told = _holders(question), _holders(text)
    return bool(asked and told) and not asked & told


def others_pair(question: str, text: str) -> bool:
    """Whether what the question asks of two countries is told of other pairs only.

    >>> others_pair("trade between Peru and Chile", "Trade between Peru and Brazil grew.")
    True
    """
    asked, told = _pairs(question), _pairs(text)
    return bool(asked and told) and not asked & told


def _pairs(text: str) -> set[frozenset[str]]:
    """The countries named side by side: "between Peru and Chile", "Peru-Chile"."""
    names = [name for name in find_names(text) if name.kind == "country"]
    return {
        frozenset({one.key, other.key})
        for one, other in pairwise(names)
        if _BESIDE.fullmatch(text[one.span.start + len(one.text) : other.span.start])
        and (_BETWEEN.search(text, 0, one.span.start) or text[other.span.start - 1] in "-–")
    }


def _holders(text: str) -> set[str]:
    """The countries whose offices or their holders a text tells of."""
    owned = possessions(text)
    return set().union(*(owned[thing] for thing in owned.keys() & _OFFICES))
