"""A question and a sentence → whether the sentence tells of the opposite: imports, not exports."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.syntax.names import Name, find_names
from rag.splitting.terms import stems
from rag.types import Query

# Stems. What was brought in is not what was sent out, unless the two parties change places too.
_OPPOSITES = (
    ("import", "export"),
    ("surplus", "deficit"),
    ("buyer", "seller"),
    ("arriv", "depart"),
    ("men", "women"),
    ("male", "female"),
    ("boy", "girl"),
    ("north", "south"),
    ("east", "west"),
    ("northern", "southern"),
    ("eastern", "western"),
    ("minimum", "maximum"),
)


def tells_opposite(query: Query, names: Sequence[Name], sentence: str) -> bool:
    """Whether it speaks of exports where the question asks for imports, parties unchanged."""
    said = set(stems(sentence))
    for one, other in _OPPOSITES:
        for asked, found in ((one, other), (other, one)):
            if asked in query.terms and found in said and asked not in said:
                return _in_same_order(names, sentence)
    return False


def _in_same_order(names: Sequence[Name], sentence: str) -> bool:
    asked = list(dict.fromkeys(name.key for name in names if name.kind == "country"))
    told = [n.key for n in find_names(sentence) if n.kind == "country" and n.key in asked]
    return list(dict.fromkeys(told)) == asked
