"""Words of attribution: who says, claims or believes, and which speakers are offices."""

from __future__ import annotations

import re

SAYING = frozenset(
    """said says say tells told tell announced announces tweeted tweets testified insisted insists
    argued argues argue contends contended contend asserted asserts stressed emphasized emphasised
    acknowledged acknowledges conceded concedes admitted admits explained explains warned warns
    warn reiterated cautioned cautions remarked exclaimed joked jokes quipped recalled recalls
    boasted complained lamented stated alleged alleges allege claimed denied denies
    deny predicted predicts vowed pledged""".split()
)
"""Verbs that need no more than a subject: "the ministry announced a sale"."""

SAYING_THAT = frozenset(
    """wrote writes write added adds noted notes note reported reports report found finds find
    revealed reveals revealed showed shows show suggested suggests suggest estimated estimates
    estimate concluded concludes confirmed confirms confirm replied replies responded declared
    declares believes believe believed thinks think thought expects expect fears fear feared hopes
    hope concedes maintains maintained indicated indicates signaled signalled determined disclosed
    posted continued asked asks advises advised recommends recommended urges urged captioned reads
    read texted echoed claims claim claiming counters countered promised
    states state holds ruled suspects suspect accepts regards considers sees calls describes
    described recommend observed commented demanded demands proposes projected projects
    forecasts""".split()
)
"""Verbs that count when what is said follows: "that", a quotation, a clause's first word."""

SAYING_ING = frozenset(
    """saying adding warning arguing noting claiming alleging telling writing explaining
    announcing insisting stating tweeting accusing""".split()
)
BASE_FORMS = frozenset(
    """say tell argue contend warn allege deny note report find reveal show suggest estimate confirm
    believe think expect fear hope claim state suspect recommend""".split()
)
"""Forms that only a plural has without an auxiliary."""

DENYING = frozenset("denied denies deny denying rejected rejects reject disputed disputes".split())
ACCUSING = frozenset("accuse accuses accused accusing".split())
CALLING = frozenset({"called", "calls", "urged", "urges", "appealed"})  # "called on leaders to …"
PASSIVE = {
    "alleged": True, "accused": True, "suspected": True, "claimed": True, "rumored": True,
    "rumoured": True, "purported": True, "said": False, "believed": False, "thought": False,
    "reported": False, "understood": False, "quoted": False,
}  # fmt: skip
"""Participles behind "is" or "was"; whether they make an allegation of it."""

ALLEGING = frozenset(
    """alleged alleges allege alleging claimed claims claim claiming accuse accuses accused accusing
    suspects suspect""".split()
)
HEDGES = frozenset(
    "allegedly reportedly purportedly supposedly purported suspected alleged".split()
)
ALLEGATIONS = frozenset("allegation allegations accusation accusations".split())
OPINION = frozenset(
    "unfortunately fortunately sadly thankfully arguably hopefully regrettably".split()
)
URGING = frozenset("should must ought".split())
FEELING = frozenset("think believe hope feel suspect fear wonder argue doubt".split())

BE = frozenset("is are was were be been being".split())
AUXILIARY = BE | frozenset(
    "has have had would will can could may might did does do should also not never".split()
)
FINITE = frozenset(
    """is are was were has had would will can could may might does did should have isn't wasn't
    won't didn't doesn't hasn't aren't weren't don't""".split()
)
PRONOUNS = frozenset("he she they it".split())
OTHER_PRONOUNS = frozenset(
    "i we you this that these those who which what there one others some many most".split()
)
DETERMINERS = frozenset(
    "the a an his her their its our my this that these those some many several most two".split()
)
PREPOSITIONS = frozenset(
    """in on at after before during since until amid among despite with without by from as for to
    of about over under through while when if although though because once whether where
    following asked unlike like into against per""".split()
)
OPENERS = frozenset(
    """but and yet so still meanwhile however moreover also then instead nevertheless nonetheless
    earlier later or separately now""".split()
)
"""Words at the front of a clause that are no part of its subject."""
STOPS_SUBJECT = frozenset(
    "that because while as but if when although though what how why where than or so".split()
)
STOPS_SPEAKER = frozenset(
    """who whose which that in on during at after while as when adding before because since until
    noting citing via through earlier last this monday tuesday wednesday thursday friday saturday
    sunday yesterday today to but if where then recently about following released obtained
    published filed seen reviewed is was were are has had later by over amid despite""".split()
)
PAPER = re.compile(r"(?:statement|release|letter|report|email|post|tweet|note|message|memo)s?$")
"""A "statement" saying that …"""

NOT_SOURCES = re.compile(
    r"(?:plans?|rules?|polling|schedules?|laws?|size|age|traditions?|customs?|instructions|needs"
    r"|guidelines|preferences|type|rank|standards)$"
)
"""According to "plan": a manner, and nobody's word."""

GREETINGS = frozenset({"goodbye", "hello", "farewell"})
"""The bank is saying "goodbye" to cash."""

NOUNISH = frozenset(
    """claims claim reports report states state notes note estimates estimate fears fear hopes hope
    shows show projects calls forecasts holds""".split()
)
"""Verbs that look like nouns: "jobless claims"."""

QUANTIFIERS = frozenset("number group handful majority team series couple dozens pair".split())

_DOCUMENT = r"statements?|releases?|documents?|records?|data|figures|statistics|updates?|filings?"
STATEMENT_BY = re.compile(
    rf"(?:(?:an?|the)\s+)?(?:[\w-]+\s+){{0,3}}(?:{_DOCUMENT}|reports?|emails?|letters?|posts?"
    r"|stud(?:y|ies)|tweets?|polls?|surveys?|estimates?|analysis|article)\s+(?:from|by|of)\s+",
    re.IGNORECASE,
)  # "a statement from" his doctor
SOURCES = re.compile(
    rf"(?:{_DOCUMENT}|reports?|stud(?:y|ies)|polls?|surveys?|officials?|experts?|sources?|police|media"
    r"|researchers?|scientists?|authorities|analysts?|economists?|prosecutors?|lawyers?|witnesses"
    r"|attorneys?|research|results|findings|investigators|neighbou?rs|residents|scholars|estimates?|affidavits?|complaints?|lawsuits?|historians?|critics)$",
    re.IGNORECASE,
)  # "according to reports"; not "according to plan"
OFFICE = re.compile(
    r"(?:ministr(?:y|ies)|departments?|police|courts?|governments?|agenc(?:y|ies)|officials"
    r"|authorities|administration|arm(?:y|ies)|military|navy|forces?|offices?|commissions?"
    r"|committees?|councils?|bureau|compan(?:y|ies)|banks?|embass(?:y|ies)|house|kremlin|pentagon"
    r"|service|guard|organi[sz]ations?|centers?|centres?|board|union|federations?|associations?"
    r"|ministers|regulators?|prosecutors|investigators|organi[sz]ers|league|club|airlines?"
    r"|corporation|corp|inc|ltd|group|fund|parliament|senate|congress|cabinet|palace|university"
    r"|hospital|district|firm|carrier|automaker|manufacturer|retailer|administrators|authority"
    r"|confederation|treasury|reserve|laboratory|observatory|society|institute|museum|foundation"
    r"|campaign|officers|detectives|deputies|firefighters|brewery|festival|zoo|party)$",
    re.IGNORECASE,
)
OFFICIAL_PAPER = re.compile(
    rf"(?:police|court|government|official|agency|ministry|department|company|White House|federal"
    rf"|State|FBI|county|city)\b.*\b(?:{_DOCUMENT})$",
    re.IGNORECASE,
)  # "a Delaware State Police news release"
MEDIA = re.compile(
    r"(?:CNN|BBC|NBC|ABC|CBS|AP|NPR|PBS|ESPN|AFP|MSNBC|HBO|WSJ|USA|TODAY|Reuters|Bloomberg|Times"
    r"|Post|Journal|Telegraph|Guardian|News|Press|Herald|Tribune|Mail|Magazine|Week|Star|Politico"
    r"|Axios|Insider|Independent|Observer|Economist|Spectator|Sports|Radio|TV|Variety|Billboard|Gazette|Dispatch|Chronicle|Examiner|Register|Republic|Mirror"
    r"|Express|Metro|Forbes|Fortune|Deadline|Reporter|Vox|Vice|Wired|Sky|newspaper|paper|network|outlet|site)$"
)
_PIECE = r"(?:article|commentary|column|op-ed|editorial|essay)"
WRITER = re.compile(
    rf"\b(?:the|this|our)\s+(?:(?:author|columnist|writer)(?:\s+of\s+this\s+{_PIECE})?|{_PIECE})\b",
    re.IGNORECASE,
)  # "the author" of a commentary speaks for the article itself
SPOKESPERSON = re.compile(r"\bspokes(?:man|woman|person|people)\b", re.IGNORECASE)
VIEW = frozenset("view views opinion judgment judgement assessment words estimation".split())
"""In the author's "view"."""
CLAIMED_THINGS = frozenset(
    """lives life responsibility title titles victory victories credit jackpot prize championship
    win wins asylum top big first second third ownership benefits""".split()
)
"""What is claimed without anything being said: "the storm claimed lives"."""
