"""A claim beside a cited sentence → the same, with words in other places and of like sense too."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from rag.checking.claims.alignment import Alignment
from rag.checking.claims.senses import may_stand_for


@lru_cache(maxsize=512)
def loosely(a: Alignment) -> Alignment:
    """The alignment with each telling word left that has but one counterpart left.

    >>> from rag.checking.claims.alignment import align
    >>> a = align("It was closed by Rome.", "Rome shut it.")
    >>> len(a.places), len(loosely(a).places)
    (1, 3)
    """
    taken = set(a.places.values())
    left = [j for j, word in enumerate(a.source) if word.content and j not in taken]
    places = dict(a.places)
    for i, word in enumerate(a.claim):
        if i in places or not word.content:
            continue
        same = [j for j in left if a.source[j].key == word.key]
        same = same or [j for j in left if may_stand_for(word, a.source[j])]
        if len(same) == 1:
            places[i] = same[0]
            left.remove(same[0])
    return replace(a, places=places)
