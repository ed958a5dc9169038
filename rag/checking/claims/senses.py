"""Two words → whether the one may stand for the other, by a table of English words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from rag.checking.claims.alignment import Token, key_of
from rag.checking.claims.opposites import are_opposites
from rag.checking.syntax.wordclasses import verb_forms
from rag.splitting.terms import stems

_PHRASINGS = """
join take_part participate
hire take_on
end break_off
support favour favor back
request apply seek
fall go_down drop
rise go_up climb
reduce bring_down
postpone put_off
cancel call_off
found set_up
conduct carry_out
resign step_down
withdraw pull_out
reject turn_down
cause bring_about lead_to prompt trigger
little negligible
cost pay lose loss
contain comprise
long length
high tall height
wide width
heavy weigh weight
deep depth
old age
various variety vary
expect forecast predict
demand call_for urge
want like wish
intend plan
oppose against
chair chairman chairwoman chairperson
head run lead leader boss
kill die death
hurt injure wound
house home
come origin
remain stay
earn make
number many count
spend expenditure
visit visitor
compete rival
near nearby close
use employ
last previous
next following
after following
force require have_to must
allow may can
exclude without excluding
together cooperate
win receive
consider think_about
""".strip()
"""Phrases of news, a group a line, that the table has no sense in common for."""
_PHRASE = 4
"""Words behind a verb in which its particle may stand: "hand the festival over"."""


def may_stand_for(word: Token, other: Token) -> bool:
    """Whether a word says the same as another one in some frequent sense of both.

    >>> from rag.checking.claims.alignment import tokens
    >>> shut, close, open_ = tokens("shut close open")
    >>> may_stand_for(shut, close), may_stand_for(shut, open_)
    (True, False)
    """
    if word.key == other.key:
        return True
    if are_opposites(word.low, other.low):
        return False
    return bool(bases(word.low) & senses_of(other.low) or bases(other.low) & senses_of(word.low))


@lru_cache(maxsize=4096)
def bases(low: str) -> frozenset[str]:
    """The stems of a word's base form, and of a compound's parts."""
    form = verb_forms().get(low)
    return frozenset([*stems(low), *(stems(form[0]) if form else ()), key_of(low)])


@lru_cache(maxsize=4096)
def senses_of(low: str) -> frozenset[str]:
    """The stems of all that may stand for a word; of a verb with a particle "give_up"."""
    found: frozenset[str] = frozenset()
    for base in bases(low):
        found |= _table().get(base, frozenset())
    return found


def senses_of_phrase(phrase: str) -> frozenset[str]:
    """The stems of all that may stand for a verb and its particle: "giv_up"."""
    return _table().get(phrase, frozenset())


def phrases(words: Sequence[Token]) -> Iterator[str]:
    """Every verb of a text with each short word behind it, as the table writes them."""
    for i, word in enumerate(words):
        form = verb_forms().get(word.low)
        if form is not None:
            for other in words[i + 1 : i + 1 + _PHRASE]:
                if not other.content or len(other.low) <= len("part"):
                    yield f"{_stem(form[0])}_{other.low}"


def _stem(word: str) -> str:
    found = stems(word)
    return found[-1] if found else word


@cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    text = Path(__file__).with_name("senses.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        one, others = line.split("\t")
        for other in others.split():
            a, b = _key(one), _key(other)
            table.setdefault(a, set()).add(b)
            table.setdefault(b, set()).add(a)
    for line in _PHRASINGS.split("\n"):
        members = {_key(word) for word in line.split()}
        for member in members:
            table.setdefault(member, set()).update(members)
    return {key: frozenset(found) for key, found in table.items()}


def _key(word: str) -> str:
    verb, low_line, particle = word.partition("_")
    return f"{_stem(verb)}{low_line}{particle}"
