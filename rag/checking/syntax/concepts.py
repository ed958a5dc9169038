"""Words → the concepts they stand for: a question and its answer may use different words."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

from functools import cache

from rag.splitting.terms import stems

# Groups of words that news uses for one thing. Wider than synonymy on purpose: a buyer and an
# import are one matter seen from one side. Opposites (import, export) stand apart.
_GROUPS = """
arms weapon weapons weaponry armament munitions rearmament hardware ordnance
deal contract package order agree agreed arrangement agreement pact accord treaty
buy bought purchase purchaser buyer buyers customer import imports importer acquire
sell sold sale sales seller export exports exporter supply supplier supplied shipment ship shipped deliver delivered delivery
trade commerce trading business
tourist tourists visitor visitors holidaymaker
visit trip journey travelled toured went
defence defense military
soldier troops forces army
kill killed dead died death deaths casualties victims fatalities
attack assault strike raid
country nation state
leader leaders head chief politician politicians
ally friend friendship friendly partner alliance brotherhood
tie ties relation relations relationship link links bond
support back backing backed side sided endorse help assistance aid
complain complained complaint fault oppose opposition against criticise criticism critique condemn
boycott shun
terrorism terror terrorist terrorists militant militants extremism extremist
dispute conflict war fighting clash
company firm manufacturer maker
aircraft jet jets plane planes fighter
drone drones UAV
oil crude petroleum
money dollar dollars cash
grow grew grown rise rose risen increase increased climb expand
fall fell fallen drop dropped decline declined shrink shrunk contract contracted decrease
begin began begun start started launch
end ended stop stopped halt
big large huge biggest largest top
small little modest tiny
say said state stated tell told claim claimed allege alleged assert
demand demanded urge urged call calls ask asked
reply replied respond responded response react reacted reaction answer
recognise recognised recognize recognition
merchant trader traders shopkeeper shopkeepers businessmen
route road path
monument memorial statue
old ancient historic historical
area areas field fields sector sectors domain
threat threaten danger risk
worry worried concern concerned nervous uneasy anxious fear
share portion slice proportion
quality standard
reason cause why
win wins won victory victorious triumph defeat defeated beat
join joined member members belong belongs participate participant participants attend attended
injure injured injuries hurt wounded wounds
arrest arrested detain detained custody jailed
resign resigned resignation quit
"""


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _GROUPS.split("\n"):
        members = stems(line)
        for member in members:
            table.setdefault(member, members[0])
    return table


def concepts(words: str) -> frozenset[str]:
    """The concepts of a text's content words.

    >>> concepts("weapons contract") == concepts("arms deal")
    True
    """
    return frozenset(concept(stem) for stem in stems(words))


def concept(stem: str) -> str:
    """The concept of a stem: its group's first word, else itself."""
    return _table().get(stem, stem)


def kin(stem: str) -> frozenset[str]:
    """The other stems of a stem's concept.

    >>> "treati" in kin("deal"), kin("bridg")
    (True, frozenset())
    """
    return _members().get(concept(stem), frozenset()) - {stem}


@cache
def _members() -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for stem, first in _table().items():
        members.setdefault(first, set()).add(stem)
    return {first: frozenset(found) for first, found in members.items()}
