"""Tagged words and clauses → noun phrases: what a clause is about, what stands behind a figure."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.syntax.clauses import Clause
from rag.checking.syntax.wordclasses import AUXILIARIES, BE
from rag.checking.syntax.words import Word

_NOUN_PHRASE = frozenset("NJDFYO")
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday week month year day night morning
    afternoon evening weekend today a.m p.m am pm et est gmt pst""".split()
)
_ADDS_UP = frozenset("total number weigh measure contain include feature comprise".split())
_LINKING = frozenset("of in for on at among".split())
_EACH = frozenset({"a", "an", "each", "every", "per"})
_MAX_PHRASE = 14
"""Words that a noun phrase is followed back at most."""
_MAX_DEPTH = 8
"""Clauses that a subject is followed back at most."""


def verb_of(words: Sequence[Word], i: int) -> str:
    """The verb's base form, "be" or "have" for an auxiliary alone, "" for none."""
    if i < 0:
        return ""
    if words[i].low in BE:
        return "be"
    return "have" if words[i].low in AUXILIARIES else words[i].verb or words[i].low


def governing_verb(words: Sequence[Word], clause: Clause, i: int, start: int) -> int:
    """The verb nearest before a word, from `start` on, else the clause's verb, or -1."""
    for low in (start, clause.verb - 1):
        near = [j for j in clause.words if low <= j < i and words[j].tag in "VIGE"]
        near = [j for j in near if words[j].verb or words[j].tag == "V"]
        if near:
            return near[-1]
    content = (j for j in clause.words if j >= clause.verb >= 0 and words[j].tag == "V")
    return next(content, clause.verb)


def until_source(words: Sequence[Word], found: list[int]) -> list[int]:
    """Without "according to …": who says it is not what it is about."""
    return found[: next((n for n, j in enumerate(found) if words[j].low == "according"), None)]


def predicate_of(words: Sequence[Word], clause: Clause) -> list[int]:
    """The words from the verb to the next figure or comma."""
    found: list[int] = []
    for j in clause.words:
        if j < clause.verb:
            continue
        if words[j].tag == "F" or (found and words[j - 1].tag in {",", ";"}):
            break
        found.append(j)
    return until_source(words, found)


def noun_behind(words: Sequence[Word], clause: Clause, i: int) -> int:
    """The last noun of the run behind a figure, "of" and a determiner passed over, or -1."""
    rest = [j for j in clause.words if j > i]
    k = 1 if rest and words[rest[0]].low == "worth" else 0
    if k < len(rest) and words[rest[k]].low == "of":
        k += 1
    elif rest and not k and words[rest[0]].low in _EACH:
        return -1  # "$15 an hour"
    while k < len(rest) and words[rest[k]].tag in {"D", "J", "B", "E", "C"} and rest[k] - i <= 6:
        if words[rest[k]].tag == "C" and words[rest[k] - 1].tag not in "JE":
            break  # not "probable or confirmed cases"
        k += 1
    head, at = -1, rest[k - 1] if k else i
    for j in rest[k:]:
        if j != at + 1 or words[j].tag not in "NJ" or words[j].low in _DAYS:
            break
        if words[j].tag == "N" and not words[j].owner:
            head = j
        at = j
    return head


def whole_subject(words: Sequence[Word], clauses: Sequence[Clause], n: int) -> list[int]:
    """The clause's subject, else that of the clause it hangs on or the word it refers to."""
    for _ in range(_MAX_DEPTH):
        clause = clauses[n]
        stands = clause.subject and any(
            words[j].low not in {"which", "who", "that", "whom"} for j in clause.subject
        )
        own = clause.subject if stands else _antecedent(words, clauses, clause)
        ends = clause.parent < 0 or (clause.kind == "main" and clause.verb >= 0)
        if own or ends:
            return own or clause.subject
        n = clause.parent
    return []


def _antecedent(words: Sequence[Word], clauses: Sequence[Clause], clause: Clause) -> list[int]:
    """What a relative clause, an aside or the text behind a label's colon is about."""
    counts = clause.kind == "part" and verb_of(words, clause.verb) in _ADDS_UP
    if (counts or clause.kind in {"relative", "aside"}) and clause.anchor >= 0:
        phrase = _phrase_before(words, clause.anchor)
        if any(words[j].low not in _DAYS and words[j].tag == "N" for j in phrase):
            return phrase
    if clause.kind == "main" and clause.verb < 0 <= clause.parent:
        label = clauses[clause.parent]
        if label.verb < 0:  # "Peak net worth: $23 million"
            return [j for j in label.words if words[j].tag in _NOUN_PHRASE]
    return []


def _phrase_before(words: Sequence[Word], anchor: int) -> list[int]:
    """The noun phrase that ends at a word, with its "of" and "in"."""
    found: list[int] = []
    for j in range(anchor, max(-1, anchor - _MAX_PHRASE), -1):
        word = words[j]
        if word.tag == "," and j == anchor:
            continue
        linking = word.tag == "P" and word.low in _LINKING
        if word.tag not in _NOUN_PHRASE and not linking:
            break
        found.append(j)
    while found and words[found[-1]].tag == "P":
        found.pop()
    return found[::-1]
