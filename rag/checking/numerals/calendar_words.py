"""The words and patterns by which a date is told from other numbers and names."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re
from dataclasses import dataclass

MONTH_NAMES = (
    "january february march april may june july august september october november december".split()
)
_SHORT = "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec".split()
_FULL = [month.capitalize() for month in MONTH_NAMES]
FIRST_NAMES = frozenset(["April", "May", "June", "August", "March"])
"""Months that are names of people or deeds too."""

NTH_WORDS: dict[str, int] = {
    word: n
    for n, word in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
            " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split(),
        start=1,
    )
} | {"twenty-first": 21}
DECADE_WORDS = {
    word: 1900 + 10 * n
    for n, word in enumerate("twenties thirties forties fifties sixties seventies eighties nineties".split(), start=2)
}  # fmt: skip

_MONTH = "|".join([*_FULL, *_SHORT, *(name.upper() for name in [*_FULL, *_SHORT])])
_YEAR = r"(?:1[5-9]|20)\d\d"
_TH = r"(?:st|nd|rd|th)?"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DAY_END = r"(?!\d|[:.,]\d|/\d|\s?(?:%|per\s?cent\b|million\b|billion\b|[ap]\.?m\b)|[A-Za-z])"
_NEXT = r"(?:\s?[-–—]\s?|\s(?:to|through|until)\s)"
_SHORT_YEAR = rf"{_YEAR}|\d\d"
_EARLY = r"(?:(?:early|late|mid|the)[-\s])*"
_NTH = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(sorted(NTH_WORDS, key=len, reverse=True))})"

DATE = re.compile(
    rf"""(?<![A-Za-z0-9])(?=[\d'’‘]|[JFMASOND][aepucoEUCAOPYD]|fi[fnrs]|fo|F[Yior]|f[Yy]|s[ie]|[nS]i|th|ni|te|el|tw|eig|[SEN][ie])
    (?:(?<![\w/.-])(?P<iso_year>{_YEAR})-(?P<iso_month>0[1-9]|1[0-2])-(?P<iso_day>0[1-9]|[12]\d|3[01])(?![\w-])
    | (?<![\w/.-])(?P<month1>1[0-2]|0?[1-9])/(?P<day1>{_DAY})/(?P<year1>{_YEAR}|\d\d)(?![\w/])
    | (?<![\w/.-])(?P<day2>{_DAY})\.(?P<month2>1[0-2]|0?[1-9])\.(?P<year2>{_YEAR})(?![\w/])
    | (?<![\w/.,$€£-])(?P<day3>{_DAY}){_TH}(?:{_NEXT}(?P<last_day3>{_DAY}){_TH})?(?:\s+of)?\s+
      (?P<month3>{_MONTH})\b\.?(?:,?\s+(?P<year3>{_YEAR})\b(?![,.]\d))?
    | \b(?P<month4>{_MONTH})\b\.?\s+(?:the\s+)?(?P<day4>{_DAY}){_TH}{_DAY_END}
      (?:{_NEXT}(?P<last_day4>{_DAY}){_TH}{_DAY_END}|(?:,\s|\sand\s|\s?&\s?)(?P<next_day>{_DAY}){_TH}{_DAY_END}
       (?=[.,;:)]|$|,?\s(?:in|at|of|to|for|and|on|with|by|from|when|after|as|the|{_YEAR})\b))?
      (?:,?\s+(?P<year4>{_YEAR})\b(?![,.]\d))?
    | \b(?P<month5>{_MONTH})\b\.?,?\s+(?:of\s+)?(?P<year5>{_YEAR})\b(?![,.]\d|\s?%|-\d)
    | \b(?P<holiday>(?:Fourth|4th)\s+of\s+July|July\s+Fourth)\b
    | (?<![\w’'])(?<![A-Z]-)(?P<alone>{"|".join(_FULL)})\b(?!-\w*ed\b)
    | \b(?P<fy>(?:FY|fy|[Ff]iscal(?:\s+[Yy]ear)?|[Ff]inancial\s+[Yy]ear)\s?['’]?)(?P<fiscal>{_SHORT_YEAR})
      (?:\s?[-–/]\s?(?P<to1>\d{{4}}|\d\d))?(?![\d\w,.]*\d)
    | (?<![\w.,/$€£₹#-])(?P<from>{_YEAR})\s?[-–/]\s?['’]?(?P<to2>{_YEAR}|\d\d)(?![\w-]|[,./]\d)
    | \b(?P<century>{_NTH})[-\s]centur(?:y|ies)\b
    | \b(?P<century2>{_NTH})(?=\s(?:and|or|to)\s{_EARLY}{_NTH}[-\s]centur)
    | (?<![\w.,$€£₹])(?P<decade>(?:1[0-9]|20)\d0)(?:['’]?s)\b
      (?:(?:\s(?:and|or|to|through)\s|\s?[-–/,]\s?){_EARLY}(?P<next_decade>['’‘]?\d0)s\b)?
    | (?<![\w])['’‘](?P<short_decade>[0-9]0)['’]?s\b
    | (?P<decade_word>(?:(?<=the\s)|(?<=early\s)|(?<=mid-)|(?<=late\s))(?:fifties|sixties|seventies|eighties|nineties)|Sixties|Seventies|Eighties|Nineties)\b
    | (?<![\w.,$€£₹/#-])(?P<old>AD\s?\d{{1,4}}|\d{{1,4}}\s?(?:BCE?|CE|AD|B\.C\.(?:E\.)?|A\.D\.))(?!\w)
    | (?:(?<=\b[Ii]n\s)|(?<=\bsince\s)|(?<=\buntil\s)|(?<=\bcirca\s))(?P<past>1[0-4]\d\d)(?![\w,.-]*\d|[\w%]|[-\s](?:of|[a-z]+s)\b)
    | (?<![\w.,$€£₹#])(?P<lone>{_YEAR})(?![\w°º]|[.,:]\d|/\d|\s?%|-\w*\d))""",
    re.VERBOSE,
)
"""`2025-05-20`, `20 May 2025`, `May 5-7`, `July`, `FY2024-25`, `2015-2019`, `1990s`, `'60s`, `2023`."""

SAYS_MONTH_BEFORE = re.compile(
    r"(?:\b(?:in|early|late|mid|since|until|till|by|of|last|this|next|through|from|to|before|after"
    r"|during|between|and|or|every|each|previous|past|for|on|that|throughout|late-|as)[-\s]"
    r"|\b(?:the|its|their|a|his|her|[A-Za-z]+['’]s)\s"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?:,|\s?[-–/]\s?|\s(?:and|or|to|through)\s)\s?)$",
    re.IGNORECASE,
)
_MONTHLY = (
    r"meeting|election|primary|report|sales|jobs|deadline|to|and|or|through|when|after|but|which|that|was|were|is|are|has|have|had"
    r"|will|would|with|for|as|than|from|at|by|in|of|on|before|because|while|since|if|data|survey|poll|trial|vote|figure"
)
SAYS_MONTH_BEHIND = re.compile(
    rf"(?:$|[,;:.!?)](?:\s|$)|['’]s\b|[-–](?:to|through)?|\s+[a-z(]|\s+(?:{_MONTHLY})\b)"
)
NO_MONTH_BEFORE = re.compile(r"\s+[A-Z][a-z]")
"""What stands behind a month that is a name: "April Jones"."""
NO_YEAR_BEFORE = re.compile(
    r"(?:\b(?:[Rr]oute|[Ff]light|[Ff]orm|[Bb]ill|HB|SB|HR|[Rr]esolution|[Hh]ighway|[Ii]nterstate|[Rr]oom"
    r"|[Rr]ussell|[Mm]odel|[Nn]o\.|[Uu]nit|[Bb]oeing|[Pp]age|ISO|[Pp]roposition|[Pp]eugeot"
    r"|[Cc]hannel|[Bb]lock|[Ee]xtension|[Rr]am|[Ss]ilverado|[Aa]ct\s[Nn]o\.|more\sthan|fewer\sthan|less\sthan"
    r"|at\sleast|up\sto|as\smany\sas|nearly|some|almost|additional|approximately|US\$?|Rs\.?)\s"
    r"|\b(?!mid-|pre-|post-|late-|early-|[Mm]id-)[A-Za-z]+-|/)$"
)
_COUNTED = (
    r"people|men|women|children|troops|soldiers|homes|votes|jobs|employees|students|workers|civilians|deaths"
    r"|cases|units|miles?|met(?:er|re)s?|feet|foot|yards?|km|kilomet\w+|kg|pounds?|tons?|tonnes?|dollars?|euros?|rupees?"
    r"|calories|degrees?|acres?|hours?|days|years?|minutes?|words|barrels|rpm|horsepower|GMT|UTC|Committee"
    r"|hundred|thousand|million|billion|crore|lakh|points|gallons|square|mph|inmates|times|volts|watts|megawatts"
)
NO_YEAR_BEHIND = re.compile(rf"[-\s](?:(?:[a-z]+)\s)?(?:{_COUNTED})\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A match of DATE, whose groups of one meaning go by one name."""

    match: re.Match[str]
    groups: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """The words of a group, or nothing."""
        return self.groups.get(name, "")

    def span(self, name: str | int = 0) -> tuple[int, int]:
        """Where the match or a group stands."""
        return self.match.span(name)

    @property
    def words(self) -> str:
        """The whole match."""
        return self.match.group()


def dates_in(text: str) -> list[Found]:
    """Whatever looks like a date, in order."""
    return [
        Found(m, {name.rstrip("0123456789"): said for name, said in m.groupdict().items() if said})
        for m in DATE.finditer(text)
    ]
