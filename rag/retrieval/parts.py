"""A question that asks several things → one question for each, every one standing on its own."""

from __future__ import annotations

import re

from rag.retrieval.asked import sentences_of
from rag.retrieval.followups import standalone
from rag.splitting.terms import stems
from rag.types import Turn

_QUESTION_WORD = r"(?:who|whom|whose|what|which|when|where|why|how)"
_LEAD = r"(?:(?:in|on|at|by|to|for|from|of|with|against|since|through|under)\s+)?"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)"
_JOINT = re.compile(
    rf"(?:\s*;\s*(?:and\s+|but\s+)?|,?\s+(?:and|but)\s+)(?={_LEAD}{_QUESTION_WORD}\b)",
    re.IGNORECASE,
)  # "How large is it, and where …"
_ASKS = re.compile(rf"^\W*(?:and\s+)?{_LEAD}{_QUESTION_WORD}\b|^\W*{_AUXILIARY}\b", re.IGNORECASE)
_VERB = re.compile(
    rf"\b{_AUXILIARY}\b|\b\w+(?:ed|es|s)\b|\b(?:won|built|made|said|wrote|came|went|took|paid|sold|bought|led|held)\b",
    re.I,
)
MAX_PARTS = 3


def parts(question: str) -> tuple[str, ...]:
    """The questions in a question; itself where it asks one thing.

    >>> parts("How long is the Ister bridge, and who built it?")
    ('How long is the Ister bridge?', 'Who built the Ister bridge?')
    >>> parts("Which towns lie on the Ister?")
    ('Which towns lie on the Ister?',)
    """
    found: list[str] = []
    for sentence in sentences_of(question):
        pieces = _JOINT.split(sentence)
        if not all(_is_question(piece) for piece in pieces):
            pieces = [sentence]
        found.extend(pieces)
    if not 2 <= len(found) <= MAX_PARTS or not all(_is_question(part) for part in found):
        return (question,)
    whole: list[str] = []
    for part in found:
        asked = f"{part[0].upper()}{part[1:].rstrip(' ?.')}?"
        whole.append(standalone(asked, [Turn(whole[-1])]) if whole else asked)
    return tuple(whole)


def _is_question(piece: str) -> bool:
    return (
        _ASKS.match(piece) is not None
        and _VERB.search(piece) is not None
        and len(stems(piece)) >= 1
    )
