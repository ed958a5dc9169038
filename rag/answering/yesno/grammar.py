"""A sentence read into clauses → of one: who says it, its subject, verbs, objects, dependents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.answering.yesno.asked import tokens_of
from rag.answering.yesno.words import NEGATIONS
from rag.checking.subjects.parsed import Parsed, parse
from rag.checking.syntax.clauses import Clause
from rag.checking.syntax.wordclasses import BE
from rag.checking.syntax.words import Word

_GROUP = frozenset("XBVETIG")
_PRONOUNS = frozenset("it they he she".split())
_UNREAL = frozenset("if unless whether until than so".split())
_JOINED = frozenset("once when after before since as".split())
_GIVEN = frozenset("because since as after when once while whereas although though even".split())
_DO = frozenset("do does did don't doesn't didn't don’t doesn’t didn’t".split())
_DENIES = re.compile(r"n['’]t$")


def base_of(word: Word) -> str:
    """The base form of a verb, or its stem where no list knows it."""
    return word.verb or next(iter(tokens_of(word.low)), word.low)


def heads_around(parsed: Parsed, n: int) -> frozenset[str]:
    """Verbs of the clauses that may say who says it; of a reason or a time, none."""
    clause = parsed.clauses[n]
    opens = parsed.words[clause.words[0]].low if clause.words else ""
    if clause.kind == "sub" and opens in _GIVEN and clause.parent == 0:
        return frozenset()
    others = [c for m, c in enumerate(parsed.clauses) if m != n]
    stating = [c for c in others if c.kind != "relative" or _is_complement(parsed, c)]
    return frozenset(
        parsed.words[i].verb for c in stating for i in c.words if parsed.words[i].tag == "V"
    )


def lowered(word: str) -> str:
    """The word in lower case, but for the month: "may" is a doubt."""
    return word if word == "May" else word.lower().replace("’", "'")


def denies(word: Word) -> bool:
    """Whether it says no."""
    said = word.low or word.text.lower()  # a figure has no other form: "zero"
    return said in NEGATIONS or bool(_DENIES.search(said))


def text_of(parsed: Parsed, indices: Iterable[int]) -> str:
    """Some of the sentence's words."""
    return " ".join(parsed.words[i].text for i in indices)


def is_past_form(word: Word) -> bool:
    """Whether it is a verb's past."""
    return (
        word.tag == "V" and bool(word.verb) and word.low != word.verb and not word.low.endswith("s")
    )


def is_to_be(words: Sequence[Word], clause: Clause) -> bool:
    """Whether it "is to" be done."""
    behind = [i for i in clause.words if i > clause.verb]
    return words[clause.verb].low in BE and bool(behind) and words[behind[0]].tag == "T"


def _is_complement(parsed: Parsed, clause: Clause) -> bool:
    """Whether it is what somebody says: a clause behind "said that"."""
    opens = parsed.words[clause.words[0]].low if clause.words else ""
    return (
        opens == "that"
        and bool(clause.subject)
        and clause.anchor >= 0
        and parsed.words[clause.anchor].tag in "VNOJEI"
    )


def is_unreal(parsed: Parsed, n: int) -> bool:
    """Whether it or a clause that it hangs on states nothing: "if", "whether", "than"."""
    seen = 0
    while n >= 0 and seen < len(parsed.clauses):
        clause = parsed.clauses[n]
        opens = parsed.words[clause.words[0]].low if clause.words else ""
        if clause.kind == "sub" and opens in _UNREAL:
            return True
        if clause.kind in {"main", "also"} and n == 0:
            return False
        n, seen = clause.parent, seen + 1
    return False


def is_quoted(parsed: Parsed, clause: Clause) -> bool:
    """Whether an odd number of quotation marks stands before it: somebody's own words."""
    start = parsed.words[clause.verb].span.start
    return sum(parsed.text[:start].count(mark) for mark in '"“”') % 2 == 1


def _is_done(parsed: Parsed, clause: Clause) -> bool:
    return any(parsed.words[i].tag in "VEIG" for i in verb_group(parsed, clause)[1:])


def subject_of(parsed: Parsed, n: int, before: str) -> tuple[str, frozenset[str]] | None:
    """The words of its subject, its own or taken over, and all of it in lower case."""
    clause, words = parsed.clauses[n], parsed.words
    first, last = (min(clause.subject), max(clause.subject)) if clause.subject else (0, -1)
    own = [i for i in clause.words if first <= i <= last and words[i].tag != "B"]
    content = [i for i in own if words[i].low not in _PRONOUNS]
    if content:
        return text_of(parsed, content), frozenset(words[i].low for i in clause.subject)
    if not own and clause.kind == "relative":
        # "Pakistan was one of the nations that recognised it": what holds of them holds of it.
        parent = parsed.clauses[clause.parent]
        named = parent.verb >= 0 and words[parent.verb].low in BE and not _is_done(parsed, parent)
        return subject_of(parsed, clause.parent, before) if named else None
    if own and n == 0:
        if not before:
            return None
        earlier = parse(before)
        return subject_of(earlier, 0, "") if earlier.clauses else None
    m = clause.parent
    return subject_of(parsed, m, before) if m >= 0 else None


def conjuncts_of(subject: str) -> tuple[frozenset[str], ...]:
    """The stems of each part of a subject of several: "trade and tourism"."""
    if re.search(r"\b(?:between|of|in|by|with|both|neither|or|nor)\b", subject):
        return ()
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", subject)
    return tuple(frozenset(tokens_of(part)) for part in parts) if len(parts) > 1 else ()


def verb_group(parsed: Parsed, clause: Clause) -> list[int]:
    """The auxiliaries, adverbs and verbs from its first verb on."""
    words = parsed.words
    group: list[int] = []
    for i in (i for i in clause.words if i >= clause.verb):
        # Behind "does" stands a verb, whether the list of verbs knows it or not.
        helped = all(words[j].low in _DO or words[j].tag == "B" for j in group) and group
        if words[i].tag not in _GROUP and not (helped and words[i].tag in "NJ"):
            break
        group.append(i)
    return group


def object_of(parsed: Parsed, clause: Clause) -> tuple[frozenset[str], bool]:
    """The last words of the first phrases behind the verb, and whether a figure is in them."""
    words = parsed.words
    group = verb_group(parsed, clause)
    phrase: list[int] = []
    behind = [i for i in clause.words if i > (group[-1] if group else clause.verb)]
    heads: set[str] = set()
    for i in [*behind, -1]:
        tag = words[i].tag if i >= 0 else "P"
        if tag in "PCSRT" or tag not in "NJDFOGEYBV":
            nouns = [j for j in phrase if words[j].tag in "NJEGV"]
            heads.update(tokens_of(words[nouns[-1]].text) if nouns else ())
            if tag != "C":
                break
        phrase.append(i)
    return frozenset(heads), any(words[i].tag == "F" for i in phrase)


def dependents_of(parsed: Parsed, n: int) -> str:
    """The words of what hangs on it and is as true: relative clauses, and when it was."""
    texts = []
    for clause in parsed.clauses:
        opens = parsed.words[clause.words[0]].low if clause.words else ""
        joined = clause.kind in {"relative", "part"} or (clause.kind == "sub" and opens in _JOINED)
        if joined and clause.parent == n and clause.words:
            texts.append(text_of(parsed, clause.words))
    return " ".join(texts)
