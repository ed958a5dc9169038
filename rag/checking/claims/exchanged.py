"""A claim and a cited sentence → whether who acts and who is acted on have changed places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rag.checking.claims.alignment import Alignment, key_of
from rag.checking.subjects.parsed import Parsed, parse
from rag.checking.syntax.clauses import Clause
from rag.checking.syntax.names import find_names
from rag.checking.syntax.wordclasses import BE, PREPOSITIONS, SAYING
from rag.checking.syntax.words import Word, kinds_of
from rag.splitting.terms import stems

_ACTS, _UNDERGOES = "acts", "undergoes"
_ACTING = frozenset({"by", "behalf", "from"})
_UNDERGOING = frozenset({"to", "on", "against", "onto"})
_BY = re.compile(r"\bby\b")
_PASSED = frozenset("DJNOFYB")
_SIDES = {"for": "against", "against": "for", "with": "without", "without": "with"}
_TAKING = frozenset(
    """buy purchase acquire import receive get obtain borrow inherit win take accept collect learn
    follow suffer undergo""".split()
)
"""Who does it is who something is given to: "bought from" is "sold to"."""


@dataclass(frozen=True, slots=True)
class _Party:
    """A name or noun of a sentence in its place."""

    key: str
    role: str
    """`acts`, `undergoes`, or neither."""
    verb: str
    text: str
    named: bool
    opens: bool = False
    """May be a name, as it opens the sentence with a capital."""


def exchanged(claim: str, cited: str) -> str:
    """Who has changed places with whom, for a reader, or empty.

    >>> exchanged("Kessel was bought by Lumio.", "Kessel has bought the firm Lumio.")
    'in the words cited, “Kessel” and “Lumio” have each other’s place'
    """
    own, source = _parties(claim), _parties(cited)
    shared = [key for key in own if key in source and own[key].role and source[key].role]
    turned = [key for key in shared if own[key].role != source[key].role]
    if _takes(own) != _takes(source):
        return ""
    for one, other in combinations(turned, 2):
        named = own[one].named or own[other].named
        verbs = {side[key].verb for side in (own, source) for key in (one, other)}
        done = len(verbs) == 1 and (_BY.search(claim) or _BY.search(cited))
        if own[one].role != own[other].role and (named or done):
            names = f"“{own[one].text}” and “{own[other].text}”"
            return f"in the words cited, {names} have each other’s place"
    for key in turned:
        name = own[key].named or own[key].opens
        if name and own[key].verb == source[key].verb != "":
            return f"in the words cited, “{own[key].text}” is not who does it"
    return ""


def other_side(a: Alignment) -> str:
    """ "For" behind a word that has "against" behind it in the cited words, for a reader."""
    for i, word in enumerate(a.claim[1:], 1):
        other = _SIDES.get(word.low)
        if other is None or not a.claim[i - 1].content:
            continue
        for j, held in enumerate(a.source[1:], 1):
            if held.low == other and a.source[j - 1].key == a.claim[i - 1].key:
                own = a.claim[i - 1].text
                return f"the claim says “{own} {word.text}”, the words cited “{own} {held.text}”"
    return ""


def _takes(parties: Mapping[str, _Party]) -> bool:
    return any(party.verb in _TAKING for party in parties.values())


@lru_cache(maxsize=1024)
def _parties(sentence: str) -> Mapping[str, _Party]:
    """By their keys; what stands twice in unlike roles proves nothing."""
    found: dict[str, _Party] = {}
    unsure: set[str] = set()
    for party in _read(parse(sentence)):
        if party.key in found and found[party.key].role != party.role:
            unsure.add(party.key)
        found.setdefault(party.key, party)
    return {key: party for key, party in found.items() if key not in unsure}


def _read(parsed: Parsed) -> Iterator[_Party]:
    words = parsed.words
    names = find_names(parsed.text)
    for clause in parsed.clauses:
        verb = _verb(words, clause)
        for i in clause.words:
            word = words[i]
            name = next((n for n in names if n.span.start <= word.span.start < n.span.end), None)
            if name is None and word.tag != "N":
                continue
            role = _role(words, clause, verb, i)
            base = _base(words, verb)
            if name is not None:
                key = name.key if name.kind == "country" else " ".join(stems(word.low))
                yield _Party(key, role, base, word.text, named=True)
            else:
                # "Korn bought": a bare noun that opens a sentence is mostly a name.
                opens = i == 0 and word.text[0].isupper() and not word.low.endswith("s")
                yield _Party(key_of(word.low), role, base, word.text, named=False, opens=opens)


def _verb(words: tuple[Word, ...], clause: Clause) -> int:
    """The clause's first word that is a verb and no participle, else its verb."""
    full = (i for i in clause.words if words[i].tag in {"V", "X"} and i <= clause.verb)
    first = next(full, clause.verb)
    if first >= 0 and words[first].tag == "X":
        behind = (i for i in clause.words if first < i < first + 5 and words[i].tag in "VEGI")
        return next(behind, first)
    return first


def _base(words: tuple[Word, ...], verb: int) -> str:
    """The verb's base form; behind a modal, that of the word there: "will hand"."""
    if 0 <= verb < len(words) - 1 and words[verb].tag == "X":
        verb += 1
    return words[verb].verb or words[verb].low if verb >= 0 else ""


def _role(words: tuple[Word, ...], clause: Clause, verb: int, i: int) -> str:
    """What a word is to its clause: by the preposition before it, or its side of the verb."""
    if words[i].owner:
        return ""
    j = i - 1
    while j >= 0 and words[j].tag in _PASSED and not words[j].owner:
        j -= 1
    passive = _is_passive(words, clause)
    if j >= 0 and j in clause.words and (words[j].tag == "P" or words[j].low in PREPOSITIONS):
        low = words[j].low
        if low == "of" and words[j - 1].low == "behalf":
            low = "behalf"
        return _ACTS if low in _ACTING else _UNDERGOES if low in _UNDERGOING else ""
    if verb < 0 or words[clause.verb].verb in SAYING or (j >= 0 and words[j].owner):
        return ""
    before = i < verb and words[i].tag != "V"
    return _UNDERGOES if before == passive else _ACTS


def _is_passive(words: tuple[Word, ...], clause: Clause) -> bool:
    helper = next((i for i in clause.words if words[i].low in BE | {"been", "being"}), -1)
    behind = [i for i in clause.words if helper < i <= helper + 2]
    return helper >= 0 and any(
        words[i].tag in "VE" and "participle" in kinds_of(list(words), i) for i in behind
    )
