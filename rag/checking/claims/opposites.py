"""Two words → whether they are opposites in news text."""

# ruff: noqa: E501 - a table, many pairs a line
from __future__ import annotations

from functools import cache

from rag.checking.subjects.quantities import FALLS, RISES
from rag.checking.syntax.wordclasses import verb_forms
from rag.splitting.terms import stems

_PAIRS = """
rise/fall rise/drop rise/decline climb/fall climb/slip jump/fall soar/plunge surge/slump surge/plunge grow/shrink
increase/decrease increase/reduce expand/contract raise/lower raise/cut gain/lose win/lose beat/lose earn/lose
begin/end start/stop start/end start/finish open/close launch/cancel continue/stop resume/suspend
accept/reject approve/reject approve/block pass/fail pass/reject support/oppose back/oppose endorse/oppose favour/oppose
favor/oppose agree/disagree agree/refuse allow/ban allow/forbid permit/ban permit/prohibit legalise/ban legalize/ban
confirm/deny admit/deny acknowledge/deny affirm/deny buy/sell lend/borrow import/export arrive/leave enter/leave
enter/exit join/leave join/quit come/go hire/fire appoint/dismiss convict/acquit charge/clear free/jail release/detain
release/arrest succeed/fail strengthen/weaken improve/worsen ease/tighten ease/worsen accelerate/slow praise/criticise
praise/criticize praise/condemn welcome/condemn welcome/criticise love/hate protect/attack defend/attack build/destroy
create/destroy save/spend save/kill live/die survive/die keep/drop keep/abandon add/remove include/exclude attract/repel
push/pull send/receive give/take lead/trail win/defeat advance/retreat attack/retreat encourage/discourage
uphold/overturn enforce/repeal impose/lift remember/forget trust/distrust advise/warn connect/disconnect
appear/disappear enable/disable cover/expose hide/reveal hide/show unite/divide
high/low higher/lower highest/lowest large/small larger/smaller largest/smallest big/small bigger/smaller biggest/smallest
large/tiny huge/tiny major/minor many/few more/less more/fewer most/least most/fewest maximum/minimum above/below over/under
up/down upward/downward before/after early/late sooner/later earlier/later earliest/latest first/last former/current former/future past/future
old/new older/younger oldest/youngest oldest/newest young/old best/worst better/worse good/bad strong/weak stronger/weaker
strongest/weakest fast/slow faster/slower fastest/slowest long/short longer/shorter longest/shortest tall/short wide/narrow deep/shallow
hot/cold hotter/colder hottest/coldest warm/cool warm/cold warmer/cooler warmer/colder rich/poor richest/poorest cheap/expensive
cheaper/dearer cheaper/costlier heavy/light heavier/lighter dry/wet full/empty open/closed public/private true/false right/wrong
guilty/innocent alive/dead safe/dangerous safe/unsafe easy/hard easy/difficult easier/harder positive/negative optimistic/pessimistic
male/female man/woman men/women boy/girl son/daughter father/mother brother/sister husband/wife king/queen
north/south northern/southern east/west eastern/western left/right inside/outside indoors/outdoors with/without ahead/behind
front/back top/bottom near/far domestic/foreign local/foreign rural/urban civilian/military permanent/temporary voluntary/mandatory
optional/mandatory majority/minority advantage/disadvantage victory/defeat success/failure profit/loss surplus/deficit supply/demand
increase/fall increase/drop increase/decline growth/decline boom/bust peace/war friend/enemy ally/enemy ally/foe winner/loser
supporter/opponent supporter/critic strength/weakness benefit/harm hope/despair buyer/seller employer/employee democrat/republican
conservative/liberal day/night summer/winter always/never often/seldom often/rarely often/never all/none everyone/nobody
everything/nothing both/neither present/absent active/inactive peaceful/violent likely/unlikely able/unable
widely/narrowly fully/partly fully/partially completely/partially exactly/roughly together/apart together/alone
on/off in/out into/from toward/from towards/from for/against
""".split()
_NEGATING = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "de", "anti")
_FULL, _LESS = "ful", "less"


def are_opposites(one: str, other: str) -> bool:
    """Whether two words in lower case say the opposite, in whatever form of a verb.

    >>> are_opposites("rose", "fell"), are_opposites("legal", "illegal"), are_opposites("rose", "grew")
    (True, True, False)
    """
    if one == other:
        return False
    first, last = _base(one), _base(other)
    if other in _table().get(one, ()) or last in _table().get(first, ()):
        return True
    if (first in RISES and last in FALLS) or (first in FALLS and last in RISES):
        return True
    return _is_negated(one, other) or _is_negated(other, one)


def _is_negated(one: str, other: str) -> bool:
    if any(len(one) >= 4 and other == f"{prefix}{one}" for prefix in _NEGATING):
        return True
    stem = one.removesuffix(_FULL)
    return stem != one and other == f"{stem}{_LESS}"


def _base(word: str) -> str:
    form = verb_forms().get(word)
    if form:
        return form[0]
    found = stems(word)
    return found[0] if len(found) == 1 else word


@cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _PAIRS:
        left, right = pair.split("/")
        for one, other in ((left, right), (right, left)):
            table.setdefault(one, set()).add(other)
            table.setdefault(_base(one), set()).add(_base(other))
    return {word: frozenset(others) for word, others in table.items()}
