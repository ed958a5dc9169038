"""The words that decide between yes, no and neither: negation, doubt, shares, opposites."""

from __future__ import annotations

from functools import cache

from rag.splitting.terms import stems

NEGATIONS = frozenset(
    "not no none zero never nobody nothing neither nor cannot without nowhere".split()
)
# Whoever may, plans or is said to have done something has not surely done it.
HEDGES = frozenset(
    """may could might would should perhaps maybe possibly probably likely unlikely reportedly
    allegedly supposedly apparently presumably seemingly potentially hypothetically almost nearly
    hardly barely scarcely if unless whether until purportedly seem seems seemed appear appears
    appeared rumoured rumored alleged planned expected proposed intended supposed set due scheduled
    meant so-called""".split()
)
SHARES = frozenset(
    """most some few fewer less half part partly mainly mostly largely only alone just many several
    least either quarter third two-thirds majority minority every all each always both entirely
    fully completely still anymore again first-ever often seldom rarely sometimes usually""".split()
)
"""A question and the words that decide it have the same of these, or none."""
NEEDED = frozenset(
    """up down off out over under below above against before after without more less than other
    another same own first next last former previous second""".split()
)
"""Small words of a question that the words which decide it must have: "go up", "more than"."""
FREE_SHARES = frozenset("both still again just fully".split())
"""These may stand in the sentence alone."""
OPINIONS = frozenset(
    """allege claim argue believe think suggest hope fear expect deny doubt warn predict contend
    insist suspect accuse consider regard propose want plan intend call urge demand caution feel
    assume estimate forecast wonder dispute speculate seek try attempt promise threaten offer
    pretend imagine guess worry wish""".split()
)
"""Verbs after which a clause is somebody's word or wish, not what is so."""
BREAKS = frozenset(
    """stop cease halt fail refuse avoid prevent ban abandon reject lack block cancel
    suspend withdraw deny delay postpone end quit miss lose""".split()
)
"""Verbs that undo the one behind them: who stops selling does not sell."""
LIGHT = frozenset("make pay hold give take have carry".split())
"""Verbs that leave the act to the noun behind them: "made his visit"."""
GOES_ON = frozenset("start begin continue go keep".split())
"""Verbs that only say when the act behind them is done."""
MEASURES = frozenset(
    "cost come amount total stand reach weigh measure be exceed number worth run".split()
)
"""Verbs that say how much something is, one like the other."""
APPOSITIONS = frozenset(
    stems(
        """republic city town village province state county foreign prime minister president
        governor mayor general chairman chairwoman director manager company
        firm group ferry tent stove"""
    )
)
"""What may stand beside a name that the question calls by the name alone."""
_SAME = """
tourist visitor
defence defense military
weapon arms weaponry
country nation state
big large
recognise recognize
percent %
"""
_OPPOSED = """
increase rise grow climb gain | decrease fall decline drop shrink lose
increased rose grew | decreased fell declined dropped shrank
raise lengthen extend | cut lower reduce shorten
buy import | sell export
win | lose
open opening | close closing shut
easy | hard difficult
simplify simple simpler | complicate complicated complex
large big strong great robust | small modest weak tiny negligible
more | fewer less
better | worse
strengthen stronger | weaken weaker
praise | criticise criticize
silent | outspoken vocal
support back | oppose resist
accept | reject refuse
guilty convict convicted | acquit acquitted innocent
alive | dead
fair | unfair
possible | impossible
open | closed
improve | deteriorate worsen
early | late
common often | rare rarely
long longer | short shorter
earlier | later
high higher | low lower
include included | exclude excluded
leave | stay
direct directly | indirect indirectly
closer | cooler
allow permit | ban forbid prohibit
public | secret
"""


@cache
def _table() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in filter(None, _OPPOSED.split("\n")):
        left, right = (set(stems(half)) for half in line.split("|"))
        for one, other in ((left, right), (right, left)):
            for word in one:
                found.setdefault(word, set()).update(other)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def opposites(stem: str) -> frozenset[str]:
    """The stems of the words that say the contrary."""
    return _table().get(stem, frozenset())


@cache
def _sames() -> dict[str, str]:
    lines = [stems(line) for line in _SAME.split("\n")]
    return {word: line[0] for line in lines for word in line}


def same(stem: str) -> str:
    """The stem, or the first of those that surely mean the same here."""
    return _sames().get(stem, stem)
