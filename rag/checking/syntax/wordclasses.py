"""A word → what it can be in a sentence: the closed classes, and the forms of news's verbs."""

from __future__ import annotations

from functools import cache

DETERMINERS = frozenset(
    """the a an this that these those its their his her our my your some any each every no both all
    another many several most few more other either neither what such""".split()
)
PREPOSITIONS = frozenset(
    """of in from to for with on at by than as since until till between among across against into
    onto over under per through throughout during before after within without despite about above
    below around near toward towards amid along alongside behind beyond including excluding
    regarding concerning versus vs via upon like unlike except off out up down besides following
    compared""".split()
)
COORDINATORS = frozenset("and or but nor plus yet".split())
SUBORDINATORS = frozenset(
    """while whereas although though because if when whenever since as after before unless until
    once where so even that whether than""".split()
)
RELATIVES = frozenset("who which that whose whom where".split())
PRONOUNS = frozenset(
    """it they he she we i you them him us me this that these those everyone someone nobody who
    which there one ones others it's they're he's she's we're that's there's""".split()
)
ANAPHORS = frozenset("it they he she this these that those its their his her them".split())
BE = frozenset("is are was were be been being am 's 're isn't aren't wasn't weren't".split())
HAVE = frozenset("has have had having 've hasn't haven't hadn't".split())
MODALS = frozenset(
    """will would can could may might shall should must won't wouldn't can't cannot couldn't 'll 'd
    do does did don't doesn't didn't shouldn't""".split()
)
AUXILIARIES = BE | HAVE | MODALS
ADVERBS = frozenset(
    """not also just only even still already now then later earlier ago almost nearly about around
    roughly approximately some over under more less fewer most least at up down well far very too
    so however meanwhile instead again once together back away yet never ever always often
    sometimes soon today yesterday tomorrow tonight here there least altogether overall else
    further worldwide nationwide statewide annually monthly weekly daily hourly yearly respectively
    apart thus therefore otherwise perhaps maybe quite rather twice enough abroad online combined
    currently""".split()
)
ADJECTIVES = frozenset(
    """new old big small large high low long short total average mean median overall annual monthly
    weekly daily quarterly current former next last previous recent own first second third global
    local national federal real gross net public private foreign domestic record additional extra
    early late same different good bad better best worse worst main major minor military political
    economic commercial international full whole further free common bigger larger smaller higher
    lower longer shorter older younger estimated expected projected planned confirmed
    probable""".split()
)

_REGULAR = """
abandon accept account accuse achieve acquire add admit adopt advance affect agree aim air allege
allocate allow amount announce appear apply appoint appropriate approve argue arrange arrest arrive
ask assess assign attack attend attract attribute authorize average award ban base bear beat become
begin believe bid bite block blow boast boost borrow bounce boycott break bring broadcast build
bump buoy burn burst buy calculate call cancel capture care carry cast catch cater cause celebrate
certify change charge chart check choose cite claim clear climb clock close coincide collect come
command commission commit compare compensate compete compile complete comprise concede conclude
conduct confirm connect consider consist constitute construct consume contain contend contract
contribute control convert convict cool cost count cover crash create criticise criticize cross
cure cut damage date deal debut decide declare decline decrease deem deepen defeat defend delay
deliver demand demonstrate deny depart depend deploy deposit derive describe design destroy detain
detect determine develop diagnose die differ disclose discover discuss displace dissolve distribute
divide do dominate donate double downgrade draw drink drive drop dwindle earn ease eat ebb eclipse
edge elect eliminate embark emerge emit employ enable encounter end endorse engage enjoy enrol
enroll enter equal erase escape establish estimate evacuate evaluate exceed exclude execute expand
expect expire explain explode explore export expose express extend face fail fall favor favour fear
feature feed feel fight file fill final finance find fine finish fire flee float flood flow fly
follow force forecast forget forgo form found freeze fuel fund gain gather generate get give go
govern grab graduate grant grapple greet grow guarantee halt handle happen harvest have hear help
hide hike hire hit hold hope hospitalise hospitalize host house hurt identify impact implement
import impose impress imprison improve incarcerate inch include increase indicate infect inflate
inform inherit inject injure inspect install insure intend intercept interview introduce invade
invest investigate invite involve issue jail join jump keep kick kidnap kill know label lack lag
land last launch lay lead leak learn lease leave lend level license lie light limit list litigate
live load lobby locate log loom lose lower maintain make manage manufacture march mark market
mature mean measure meet miss monitor mount move multiply murder nab narrow near need net nominate
note notice number obtain occupy occur offer offset open operate oppose order outnumber outpace
outperform outraise oversee overtake owe own park participate pass patrol pay peak perform pick
place plan play pledge plummet plunge point poll pose possess post pour predict premiere prepare
present prevent price process produce project promise promote prompt propose protest prove provide
publish pull purchase push quadruple qualify quit quote rack raise rally range rank rate reach read
rebound recall recede receive reckon recognise recognize recommend record recover recruit reduce
refer refund refuse regain register reject relate release relocate rely remain remove rent reopen
repair repay replace report represent request require rescue reserve reside resign respond restore
result resume retain retire return reveal review reward ride ring rise rocket rule run sack sail
sample sanction save say scale schedule score seat secure see seek seem seize sell send sentence
serve set settle shake shave shed shift shine ship shoot show shrink shut sign sink sit slash slate
sleep slide slip slow slump smash smuggle snap soar solve spark speak spend split sponsor spread
spring spur stabilise stabilize stage stall stand start state stay steal stem step stipulate
stockpile stop store stream strengthen stretch strike study submit subscribe subsidise subsidize
sue suffer suggest summon supply support surge surpass surrender survey survive suspend sustain
swap sweep swell swing take tally target tax teach tear tell test think threaten throw tie tip top
total touch tour tout track trade trail train transfer translate transport travel treat trigger
trim triple try tumble turn undergo understand unveil update upgrade urge use vaccinate validate
value vary visit vote vow wage wait waive wake walk want warn wash watch weaken wear weigh welcome
widen win wipe withdraw withstand work worry wound wrap write yield
""".split()
_DOUBLED = frozenset(
    """ban cut drop fit get grab hit jam let log nab net occur permit plan plot quit refer regret
    rob run
    set shed ship shop shut sit skip slip slim snap spin split stem step stop submit swap swim
    tap tip top transfer travel trim wed win wrap begin compel commit admit equal cancel label level
    enrol control patrol model dig forget upset put bid""".split()
)
_IRREGULAR = """
be was been|arise arose arisen|bear bore borne|beat beat beaten|become became become
begin began begun
bid bid bid|bite bit bitten|blow blew blown|break broke broken|bring brought brought
broadcast broadcast broadcast|build built built|burn burnt burnt|burst burst burst
buy bought bought|catch caught caught|choose chose chosen|come came come|cost cost cost|cut cut cut
deal dealt dealt|do did done|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten
fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found|flee fled fled
fly flew flown|forecast forecast forecast|forget forgot forgotten|forgo forwent forgone
freeze froze frozen|get got gotten|give gave given|go went gone|grow grew grown|have had had
hear heard heard|hide hid hidden|hit hit hit|hold held held|hurt hurt hurt|keep kept kept
know knew known|lay laid laid|lead led led|learn learnt learnt|leave left left|lend lent lent
let let let|lie lay lain|light lit lit|lose lost lost|make made made|mean meant meant|meet met met
outbid outbid outbid|overtake overtook overtaken|pay paid paid|prove proved proven|put put put
quit quit quit|read read read|ride rode ridden|ring rang rung|rise rose risen|run ran run
say said said|see saw seen|seek sought sought|sell sold sold|send sent sent|set set set
shake shook shaken|shed shed shed|shine shone shone|shoot shot shot|show showed shown
shrink shrank shrunk|shut shut shut|sink sank sunk|sit sat sat|sleep slept slept|slide slid slid
speak spoke spoken|spend spent spent|split split split|spread spread spread
spring sprang sprung|stand stood stood|steal stole stolen|strike struck struck
sweep swept swept|swell swelled swollen|swim swam swum|swing swung swung|take took taken
teach taught taught|tear tore torn|tell told told|think thought thought|throw threw thrown
undergo underwent undergone|understand understood understood|wake woke woken|wear wore worn
win won won|withdraw withdrew withdrawn|withstand withstood withstood|write wrote written
grind ground ground|upset upset upset|outrun outran outrun
"""
SAYING = frozenset(
    """say tell report show suggest indicate find think believe know mean note announce estimate
    claim argue warn add reveal confirm testify declare state explain expect predict forecast
    conclude determine hope fear""".split()
)
NOUNS_TOO = frozenset(
    """account aim air amount attack average award ban base bid bite block boost bounce break
    broadcast bump burn call care cast cause change charge chart check claim climb close clock
    command commission contract control cost count cover crash cross cure cut damage date deal debut
    decline decrease defeat delay demand deposit design double drink drive drop ease edge end
    estimate escape export face fall favor favour fear feature feed feel fight file final finance
    find fine finish fire flood float flow fly force forecast form fuel fund gain grant guarantee
    halt handle harvest help hike hire hit hold hope host house impact import increase interview
    issue jail jump kick label lack land last lead leak lease leave level license light limit list
    load log lower march mark market measure miss monitor mount move murder need net note notice
    number offer open order own park pass patrol pay peak pick place plan play pledge plunge point
    poll pose post present price process produce program project promise protest pull purchase push
    quote rally range rank rate reach rebound recall record refund release rent repair report
    request rescue reserve result retire return review reward rise rocket rule run sack sail sample
    sanction save scale schedule score seat sentence set shake share shift ship shoot show shift
    sign slide slip slump snap spark split sponsor spread spring spur stage stall stand start state
    stay stem step stop store stream stretch strike study supply support surge survey swap sweep
    swing tally target tax tear test tie tip top total touch tour track trade trail train transfer
    transport travel treat trigger try tumble turn update upgrade use value visit vote wage wait
    walk want warn wash watch welcome win wind work worry wound yield worth view""".split()
)


@cache
def verb_forms() -> dict[str, tuple[str, frozenset[str]]]:
    """Each form → its verb and what it can be: `base`, `s`, `past`, `participle`, `ing`."""
    forms: dict[str, tuple[str, set[str]]] = {}

    def put(form: str, verb: str, kind: str) -> None:
        forms.setdefault(form, (verb, set()))[1].add(kind)

    irregular = {v: (past, done) for v, past, done in _triples()}
    for verb in dict.fromkeys([*irregular, *_REGULAR]):
        if verb in {"be", "have", "do"}:
            continue
        put(verb, verb, "base")
        put(_with_s(verb), verb, "s")
        past, done = irregular.get(verb, (_with_ed(verb), _with_ed(verb)))
        put(past, verb, "past")
        put(done, verb, "participle")
        put(_with_ing(verb), verb, "ing")
    return {form: (verb, frozenset(kinds)) for form, (verb, kinds) in forms.items()}


def _triples() -> list[tuple[str, str, str]]:
    parts = (part.split() for part in _IRREGULAR.replace("\n", "|").split("|"))
    return [(a, b, c) for a, b, c in (part for part in parts if part)]


def _with_s(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _with_ed(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + (verb[-1] if verb in _DOUBLED else "") + "ed"


def _with_ing(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if verb in _DOUBLED else "") + "ing"
