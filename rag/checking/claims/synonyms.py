"""A word's concept → that of all words which say the same in news, opposites never among them."""

from __future__ import annotations

from functools import cache

from rag.checking.syntax.concepts import concept
from rag.splitting.terms import stems

# A line holds words that may stand for one another in one sentence: narrower than the concepts of
# `syntax.concepts`, which only have to find a sentence.
_GROUPS = """
start starts started begin begins began begun commence commenced
buy buys bought purchase purchased acquire acquired
help helped assist assisted assistance aid aided
need needs needed require requires required
try tries tried attempt attempts attempted
show shows showed shown indicate indicated reveal revealed demonstrate demonstrated
entire whole
happen happened occur occurred
child children kid kids youngster
huge enormous massive vast
permit permitted allow allowed let lets
end ended conclude concluded finish finished
get gets got receive received obtain obtained
choose chose chosen select selected pick picked
give gave given provide provided supply supplied
sufficient adequate
stay stayed remain remained
official officials authority authorities
cost costs expense expenses
vehicle vehicles car cars automobile
doctor doctors physician physicians
leave leaves departed depart departs
build built construct constructed
fix fixed repair repaired
quick fast rapid swift speedy
study studies research
teen teenager adolescent
film movie
job position post role
worker employee staffer
chief boss head leader
lawyer attorney
jail prison
jailed imprisoned
law legislation statute
rule regulation
ban banned prohibit prohibited forbid forbidden outlaw outlawed bar barred
deadly fatal lethal
sick ill unwell
illness disease sickness
shop store
country nation
area region
annual yearly
salary pay wage wages
award prize
match game
contest competition
fire blaze
quake earthquake tremor
rain rainfall
probe probes investigation inquiry investigate investigated
approve approved authorise authorised authorize authorized
refuse refused decline declined
fire fired dismiss dismissed sack sacked
hire hired recruit recruited
appoint appointed name named
talk talked speak spoke discuss discussed discussion
goal target objective
error mistake
gun firearm
medicine medication drug
vaccine jab inoculation
vaccinated inoculated
shortage scarcity
baby infant newborn
student pupil
teacher educator
expert specialist
scientist researcher
cut cuts reduce reduced slash slashed lower lowered decrease decreased
raise raised hike hiked
important significant crucial vital
difficult hard tough challenging
easy simple
cheap inexpensive
expensive costly pricey
rich wealthy affluent
famous renowned
dead deceased
strange odd unusual
angry furious
extra additional
current present
prior previous
home house residence
street road
boat vessel ship
train railway
crash collision accident
crime offence offense
thief robber burglar
steal stole stolen
kill killed slain
destroy destroyed demolish demolished
damage damaged
hide hid hidden conceal concealed
search searched hunt
find found discover discovered
keep kept retain retained
send sent dispatch dispatched
carry carried transport transported
use used utilise utilize employ
create created produce produced make made
collect collected gather gathered
protect protected safeguard
prevent prevented avert averted
block blocked obstruct
delay delayed postpone postponed
cancel cancelled canceled scrap scrapped
replace replaced substitute
return returned
reach reached hit
visit visited
travel travelled traveled
live lived reside resided
die died
own owned possess
sign signed
vote voted ballot
fund funded finance financed
sum amount
fee charge
income earnings
proposal plan
document paper
picture photo photograph image
phone telephone
email e-mail
internet web online
programme program
organisation organization
defence defense
centre center
labour labor
metre meter
favour favor
colour color
neighbour neighbor
behaviour behavior
"""


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _GROUPS.strip().split("\n"):
        members = [concept(stem) for word in line.split() for stem in stems(word)]
        for member in members:
            table.setdefault(member, members[0])
    return table


def same_sense(found: str) -> str:
    """The concept that stands for all that say the same.

    >>> from rag.checking.syntax.concepts import concept
    >>> same_sense(concept("attempt")) == same_sense(concept("tri"))
    True
    """
    return _table().get(found, found)
