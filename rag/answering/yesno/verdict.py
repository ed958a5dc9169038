"""A yes/no question and a sentence → yes or no, only where the sentence surely decides it.

A wrong yes is the worst an answer can say, so everything here has to fit: the clause that has the
question's verb, its subject, every other word of it, its tense; and nothing may hedge, deny, share
or put it into somebody's mouth. The rule of thumb in doubt: neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rag.answering.yesno.asked import AskedClause, Bound, read_question, tokens_of
from rag.answering.yesno.told import ToldClause, told_clauses
from rag.answering.yesno.words import (
    APPOSITIONS,
    BREAKS,
    FREE_SHARES,
    HEDGES,
    LIGHT,
    MEASURES,
    OPINIONS,
    SHARES,
    opposites,
)
from rag.checking.figures import find_figures
from rag.checking.numerals.agreement import agree, unit_of
from rag.types import Figure

Polarity = Literal["yes", "no"]

_UNTRUSTED = re.compile(
    r"^\W*\[\d+\]|\bcite this\b|[?]"
    r"|\bin (?:the|its|his|her|their) (?:\w+['’]s )?(?:view|opinion|judge?ment|assessment|eyes)\b"
    r"|\b(?:advert\w*|joke|prank|rumou?r\w*|hoax|false\w*|myth|fiction\w*|satir\w*)\b",
    re.IGNORECASE,
)
# "The line was part of a joke": what is said of a sentence, not of the world.
_TAKEN_BACK = re.compile(
    r"^\W*(?:the|this|that|his|her|its|their)\s+(?:line|sentence|remark|claim|message|note|statement"
    r"|rumou?r|story|post|leaflet|allegation|assertion|report)s?\b|\bhowever\b|^\W*but\b"
    r"|^\W*(?:that|this|it) (?:is|was) (?:false|wrong|untrue|not true|a joke|a lie)\b",
    re.IGNORECASE,
)
_INVERTED = re.compile(r"^\W*(?:should|were|had|if|unless|whether)\b", re.IGNORECASE)
_OF_ANYTHING = frozenset({"rank", "percent", "ratio", "count"})
MAX_EXTRA_OF_NO = 4
"""A denial with more words than the question has may deny only those: "did not sell in May"."""


@dataclass(frozen=True, slots=True)
class _Match:
    """How a clause meets the question."""

    opposed: bool
    """One word of the question stands in it as its contrary."""
    extra: int
    """Content words of the clause that the question lacks."""


def polarity(question: str, sentence: str, *, before: str = "", after: str = "") -> Polarity | None:
    """Whether the sentence says yes or no to the question; None where it does not surely.

    Args:
        question: A yes/no question that stands alone.
        sentence: The words that would be cited.
        before: The sentence before, which says what a pronoun is.
        after: The sentence behind, which may take it back.

    >>> polarity("Did the bank close two branches?", "The bank closed two branches in May.")
    'yes'
    >>> polarity("Did the bank close its branches?", "The bank may close its branches.")
    """
    asked = read_question(question)
    if asked is None or _UNTRUSTED.search(sentence) or _TAKEN_BACK.search(after):
        return None
    if _INVERTED.match(sentence):
        return None
    clauses = told_clauses(sentence, before)
    found = {said for clause in clauses if (said := _decided(asked, clause))}
    return found.pop() if len(found) == 1 else None


def _decided(asked: AskedClause, told: ToldClause) -> Polarity | None:
    plain = _is_plain(asked, told) and _same_time(asked, told)
    match = _matched(asked, told) if plain else None
    if match is None or told.negations + match.opposed > 1:
        return None
    denied = bool(told.negations or match.opposed)
    if asked.figure is not None:
        return None if denied else _by_figure(asked.figure, asked.bound, told)
    if denied:
        return "no" if match.extra <= MAX_EXTRA_OF_NO and _no_other_date(asked, told) else None
    return "yes"


def _is_plain(asked: AskedClause, told: ToldClause) -> bool:
    """Whether the clause states something as so, of the whole of it."""
    low = told.low - asked.low
    if low & HEDGES or (told.heads_around & OPINIONS):
        return False
    if (told.bases & (BREAKS | OPINIONS)) - asked.verbs:
        return False
    if asked.needed - told.low or told.introduces(asked.definite):
        return False
    shares = (told.low & SHARES) ^ (asked.low & SHARES)
    allowed = FREE_SHARES | ({"both", "all"} if told.negations else set())
    return not shares - allowed - {"any"}


def _same_time(asked: AskedClause, told: ToldClause) -> bool:
    if asked.is_future != told.is_future:
        return False
    return not asked.is_present or not told.is_past


def _no_other_date(asked: AskedClause, told: ToldClause) -> bool:
    return told.dates <= set(asked.tokens)


def _matched(asked: AskedClause, told: ToldClause) -> _Match | None:
    """How the clause says what is asked; None where it says something else."""
    split = _subject_end(asked, told)
    if split == 0:
        return None
    split = max(split, 0)
    subject, predicate = asked.tokens[:split], asked.tokens[split:]
    one_of = any(conjunct and conjunct <= set(subject) for conjunct in told.conjuncts)
    beside = set(told.subject) - set(subject) - APPOSITIONS - told.names_beside(subject)
    if beside and not one_of:
        return None
    rest = [token for token in predicate if token not in told.predicate]
    opposed = [token for token in rest if opposites(token) & told.telling]
    meets = (
        len(rest) == len(opposed) <= 1
        and _verb_meets(asked, told, predicate, opposed)
        and _object_meets(told, asked, opposed)
        and all(told.has_link(link, name) for link, name in asked.links)
    )
    extra = told.telling - set(asked.tokens) - APPOSITIONS
    return _Match(bool(opposed), len(extra) - len(opposed)) if meets else None


def _subject_end(asked: AskedClause, told: ToldClause) -> int:
    """How many of the question's words are its subject: those up to the clause's, and no more."""
    if asked.is_there or told.is_there:
        return -1 if asked.is_there and told.is_there else 0
    own = set(told.subject)
    end = 0
    while end < len(asked.tokens) and asked.tokens[end] in own | told.lead:
        end += 1
    return end if set(asked.tokens[:end]) & own else 0


def _verb_meets(
    asked: AskedClause, told: ToldClause, predicate: Iterable[str], opposed: Iterable[str]
) -> bool:
    if told.is_there or told.is_passive != asked.is_passive(told.head, told.head_stem):
        return told.is_there
    measured = asked.is_copular or (asked.figure is not None and bool(asked.verbs & MEASURES))
    if told.is_copular:
        return measured
    stem = told.head_stem
    return (
        stem in predicate
        or any(stem in opposites(token) for token in opposed)
        or (measured and asked.figure is not None and told.head in MEASURES)
        or (told.head in LIGHT and bool(asked.verb_stems & told.object_heads))
    )


def _object_meets(told: ToldClause, asked: AskedClause, opposed: Iterable[str]) -> bool:
    """Whether the first thing behind the verb is one that the question speaks of."""
    contrary = {word for token in opposed for word in opposites(token)}
    heads = told.object_heads
    return not heads or bool(heads & (set(asked.tokens) | contrary)) or told.object_is_figure


def _by_figure(wanted: Figure, bound: Bound, told: ToldClause) -> Polarity | None:
    """By the one figure of the asked kind in the clause."""
    alike = [f for f in told.figures if unit_of(f) == unit_of(wanted)]
    if len(alike) != 1 or alike[0].high is not None or wanted.high is not None:
        return None
    given = alike[0]
    if bound:
        if given.approximate or given.value == wanted.value:
            return None
        return "yes" if (given.value > wanted.value) == (bound == "over") else "no"
    if given.value == wanted.value and given.approximate == wanted.approximate:
        return "yes"
    rough = given.approximate or wanted.approximate
    return None if rough or agree(given, wanted) else "no"


def differs(question: str, deciding: str, other: str) -> bool:
    """Whether another sentence gives what is asked a figure that would decide it otherwise.

    "Is it 118 metres long?" is not settled by an article that says so while another says 124.
    """
    asked = read_question(question)
    if asked is None or asked.figure is None:
        return False
    names = {
        token for word in question.split()[1:] if word[:1].isupper() for token in tokens_of(word)
    }
    told = set(tokens_of(other))
    wanted = asked.figure
    # Metres of one thing are mostly its length; a rank or a share says nothing of what it is of.
    matter = set(asked.tokens) - names if wanted.kind in _OF_ANYTHING else set()
    if not names & told or (matter and not matter & told):
        return False
    one, two = (
        {agree(f, wanted) for f in find_figures(text) if unit_of(f) == unit_of(wanted)}
        for text in (deciding, other)
    )
    return bool(two) and not two & one
