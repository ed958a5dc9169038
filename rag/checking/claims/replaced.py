"""A claim beside a cited sentence → where it has another word, name or order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.checking.claims.alignment import FIGURE, Alignment, Edit, Token
from rag.checking.claims.opposites import are_opposites
from rag.checking.syntax.names import find_names
from rag.checking.syntax.wordclasses import (
    AUXILIARIES,
    COORDINATORS,
    NOUNS_TOO,
    PREPOSITIONS,
    RELATIVES,
    SUBORDINATORS,
    verb_forms,
)

MOST_REPLACED = 2
"""Telling words of a run up to which it replaces the other's; longer ones word a thing anew."""

LEAST_ALIKE = 0.6
"""Share of a claim's telling words, or of all its words, from which it goes by the cited sentence;
below, it words the thing anew, and what stands where tells nothing."""

_FRAME = frozenset(
    """say said says saying tell told according report reported reports state stated states add
    added adds note noted notes statement article notably announce announced speak speaks spoke
    speaking""".split()
)
"""Words that say where something is from."""
_PARTS = re.compile(r"[\s-]+")
_BEFORE_MOVED = PREPOSITIONS | SUBORDINATORS


def unlike_words(a: Alignment, elsewhere: frozenset[str], *, same_speaker: bool) -> str:
    """What the claim has in the place of other cited words, for a reader, or empty.

    Args:
        a: The claim beside the cited sentence nearest to it.
        elsewhere: Concepts that other cited sentences hold: a claim may join two of them.
        same_speaker: Whether both give it as one speaker's word: who says so may stand anywhere.
    """
    telling = sum(word.content and not is_framing(word) for word in a.claim)
    if a.alike < LEAST_ALIKE * telling and len(a.places) < LEAST_ALIKE * len(a.claim):
        return ""
    return (
        _replaced(a, elsewhere)
        or _moved(a, same_speaker=same_speaker)
        or _joined(a)
        or _added(a, elsewhere)
    )


def is_framing(word: Token) -> bool:
    """Whether a word only says where something is from, or is an adverb set off by a comma."""
    adverb = word.low.endswith("ly") and word.set_off
    return not word.capital and (word.low in _FRAME or adverb)


def _replaced(a: Alignment, elsewhere: frozenset[str]) -> str:
    for edit in a.edits:
        own = list(_telling(a.claim, edit.claim))
        cited = list(_telling(a.source, edit.source))
        shared = {word.key for word in own} & {word.key for word in cited}
        left = [w for w in own if w.key not in shared and not is_framing(w)]
        right = [w for w in cited if w.key not in shared and not is_framing(w)]
        left = [w for w in left if not any(_is_same(w, other) for other in right)]
        right = [w for w in right if not any(_is_same(w, other) for other in own)]
        if not left or not right or _is_adjunct(a, edit):
            continue
        if reason := _differ(left, right, elsewhere):
            return reason
    return ""


def _differ(left: Sequence[Token], right: Sequence[Token], elsewhere: frozenset[str]) -> str:
    named = any(w.capital for w in left) and any(w.capital for w in right)
    brief = len(left) <= MOST_REPLACED and len(right) <= MOST_REPLACED
    if not named and (not brief or all(word.key in elsewhere for word in left)):
        return ""
    own, cited = " ".join(w.text for w in left), " ".join(w.text for w in right)
    return f"the claim says “{own}” where the words cited say “{cited}”"


def _telling(words: Sequence[Token], places: range) -> Iterator[Token]:
    return (words[i] for i in places if words[i].content)


def _is_same(one: Token, other: Token) -> bool:
    """Whether two words are one, by country, ending or abbreviation: "Indian", "India"."""
    if one.capital and other.capital:
        left, right = (find_names(f"in {word.text}") for word in (one, other))
        if left and right and left[0].key == right[0].key:
            return True
    shorter = min(len(one.low), len(other.low))
    common = 0
    while common < shorter and one.low[common] == other.low[common]:
        common += 1
    return common >= 5 and common >= shorter - 2 and not _are_turned(one, other)


def opposite_words(a: Alignment) -> str:
    """A word of the claim whose opposite the cited sentence has in its place, or unmatched."""
    matched = set(a.places.values())
    free = [word for j, word in enumerate(a.source) if j not in matched and word.content]
    for edit in a.edits:
        here = [a.source[j] for j in edit.source]
        for word in (a.claim[i] for i in edit.claim):
            if found := _turned_among(word, [*here, *free] if word.content else here):
                return found
    for i, j in a.places.items():
        if found := _turned_among(a.claim[i], [a.source[j]]):
            return found
    return ""


def _turned_among(word: Token, others: Sequence[Token]) -> str:
    for held in others:
        if held.text.lower() != word.text.lower() and _are_turned(word, held):
            return f"the claim says “{word.text}”, the words cited “{held.text}”"
    return ""


def _are_turned(one: Token, other: Token) -> bool:
    """Whether two words are opposites, or a part of one is of the other's: "runner-up"."""
    if are_opposites(one.low, other.low):
        return True
    left, right = (_PARTS.split(word.text.lower()) for word in (one, other))
    return len(left) == len(right) and any(map(are_opposites, left, right))


def _moved(a: Alignment, *, same_speaker: bool) -> str:
    """Words that both have, in another order."""
    back = {j: i for i, j in a.places.items()}
    free = {w.key: j for j, w in enumerate(a.source) if j not in back and w.content}
    for edit in a.edits:
        framed = same_speaker and any(is_framing(a.claim[i]) for i in edit.claim)
        moved = [i for i in edit.claim if a.claim[i].content and a.claim[i].key in free]
        moved = [i for i in moved if not a.claim[i].low.endswith("ly")]
        moved = [i for i in moved if not _goes_with_figure(a, i, free[a.claim[i].key])]
        if not moved or framed or _is_adjunct(a, edit):
            continue
        if _is_main_clause(a, edit):
            continue
        if is_passive(a.claim) != is_passive(a.source):
            continue
        word = a.claim[moved[0]].text
        return f"“{word}” stands elsewhere in the words cited: who does what may be exchanged"
    if is_passive(a.claim) != is_passive(a.source) and a.alike >= MOST_REPLACED and not free:
        return "the claim and the words cited differ in who does it to whom"
    return ""


def _added(a: Alignment, elsewhere: frozenset[str]) -> str:
    """Words side by side that no cited sentence has."""
    held = elsewhere | {word.key for word in a.source}
    for edit in a.edits:
        own = [w for w in _telling(a.claim, edit.claim) if not w.capital and not is_framing(w)]
        added = [word.text for word in own if word.key not in held]
        if len(added) >= MOST_REPLACED:
            return f"the words cited lack “{' '.join(added)}”"
    return ""


def _joined(a: Alignment) -> str:
    """The begin of one clause with the end of another: "A opened in Bonn and B closed in Rome"."""
    for edit in a.edits:
        follows = edit.source.stop
        if edit.claim or follows >= len(a.source) or edit.source.start == 0:
            continue
        left_out = [a.source[j] for j in edit.source]
        verbs = [n for n, word in enumerate(left_out) if _is_finite(word)]
        breaks = [n for n, w in enumerate(left_out) if w.parted or w.low in COORDINATORS]
        relative = any(word.low in RELATIVES | SUBORDINATORS for word in left_out)
        behind = a.source[follows]
        begins = behind.parted or behind.low in COORDINATORS | AUXILIARIES or _is_finite(behind)
        if verbs and breaks and breaks[0] < verbs[-1] and not relative and not begins:
            return f"in the words cited, “{behind.text}” belongs to “{left_out[verbs[-1]].text}”"
    return ""


def _is_finite(word: Token) -> bool:
    form = verb_forms().get(word.low)
    return form is not None and bool(form[1] & {"past", "s"}) and word.low not in NOUNS_TOO


def _goes_with_figure(a: Alignment, i: int, j: int) -> bool:
    """Whether a word is a verb left out once, or stands before one figure: "the tent 3.1 kg"."""
    if a.claim[i].low in verb_forms() and a.source[j].low in verb_forms():
        return True
    one, other = _next_thing(a.claim, i), _next_thing(a.source, j)
    return one is not None and one.low == FIGURE and other is not None and one.key == other.key


def _next_thing(words: Sequence[Token], i: int) -> Token | None:
    """The next figure, or telling word that is no verb."""
    for word in words[i + 1 :]:
        if word.low == FIGURE or (word.content and word.low not in verb_forms()):
            return word
    return None


def _is_adjunct(a: Alignment, edit: Edit) -> bool:
    """Whether the words begin with a preposition, and stand behind it in the cited ones too."""
    if not edit.claim:
        return False
    keys = [w.low for w in a.source]
    for i in range(edit.claim.start, max(edit.claim.start - 2, -1), -1):
        own = a.claim[i].low
        telling = next((k for k in edit.claim if k >= i and a.claim[k].content), None)
        if own not in _BEFORE_MOVED or telling is None:
            continue
        for j, low in enumerate(keys):
            near = {a.source[k].key for k in range(j + 1, min(j + 5, len(keys)))}
            if low == own and a.claim[telling].key in near:
                return True
    return False


def _is_main_clause(a: Alignment, edit: Edit) -> bool:
    """Whether a clause moved before "in …" or "after …", which opens the cited sentence."""
    follows = edit.claim.stop
    if edit.claim.start or follows >= len(a.claim) or a.claim[follows].low not in _BEFORE_MOVED:
        return False
    own = [a.claim[i].key for i in edit.claim]
    return own == [word.key for word in a.source[-len(own) :]]


def is_passive(words: Sequence[Token]) -> bool:
    """Whether something is done "by" somebody: "was sued by"."""
    return any(
        words[i].low == "by" and words[i - 1].low.endswith(("ed", "en", "t", "n"))
        for i in range(1, len(words))
    )
