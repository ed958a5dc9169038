"""A text → where its numbers are no figures: names, times of day, addresses, records and odds."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re
from collections.abc import Iterator

from rag.checking.numerals.nouns import is_plural_ahead
from rag.checking.numerals.numbers import WORD_BEGINS, Number

_MERIDIEM = r"(?:\s?[ap]\.m\.?|\s?[ap]m\b|\s?[AP]\.?M\b\.?)"
_ZONE = r"(?:\s(?:ET|EST|EDT|CT|PT|MT|GMT|BST|UTC|PST|PDT|CDT|CST|MDT)\b|\so['’]clock\b)"
_STREET = (
    r"(?:St|Street|Ave|Avenue|Road|Rd|Blvd|Boulevard|Drive|Dr|Lane|Ln|Way|Highway|Hwy|Place|Pl|Court"
    r"|Parkway|Pkwy|Terrace|Plaza|Square|Circle|Pike|Trail)\b"
)
_HOSTS = r"com|org|net|gov|edu|co|uk|io|tv|info|mil"
_HOST = re.compile(rf"://|www\.|\.(?:{_HOSTS})\b|[#@][A-Za-z_]")
"""Without one of these there is no address of the web."""
ADDRESSES = re.compile(
    rf"(?:https?://|www\.)\S+|\b[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,3}}\.(?:{_HOSTS})\b(?:/\S*)?|[#@][A-Za-z_]\w*"
)
_OCLOCK = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\so['’]clock\b",
    re.IGNORECASE,
)
BEFORE_DATES = re.compile(
    rf"""(?=[\d(])(?:\(\d{{3}}\)\s?\d{{3}}[-.]\d{{4}}\b | (?<![\d-])(?:1-)?\d{{3}}[-.]\d{{3}}[-.]\d{{4}}\b
    | (?<![\d,.$€£-])\d{{3}}-\d{{4}}\b(?!-)
    | \b\d{{1,2}}(?::\d\d)?{_MERIDIEM}?\s?(?:-|–|\bto\b|\band\b|\buntil\b)\s?\d{{1,2}}(?::\d\d)?(?:{_MERIDIEM}|{_ZONE})
    | \b\d{{1,4}}:\d\d(?::\d\d)?(?:\.\d+)?{_MERIDIEM}?
    | \b\d{{1,2}}(?:{_MERIDIEM}|{_ZONE}) | \b\d{{4}}\s(?:GMT|BST|UTC|EST|hrs|hours)\b(?=\s\(|[\s,.]+on\b|$)
    | \b\d{{1,5}}\s(?!Wall|Main\sStreet\s[a-z])(?:[NSEW]\.?\s)?(?:[A-Z][\w’'.]*|\d+(?:st|nd|rd|th))
      (?:\s[A-Z][\w’'.]*){{0,2}}\s{_STREET}
    | \b\d+(?:st|nd|rd|th)\s{_STREET})""",
    re.VERBOSE,
)
"""Telephone numbers, times of day and houses of a street, in which nothing is a date either."""
AFTER_DATES = re.compile(
    r"""(?<!\d)(?=\d)(?:\b\d+(?:\.\d+){2,}
    | (?<![\w$€£])\d+(?:[-–/]\d+){2,8}(?!\w)
    | (?<![\w$€£.,/])(?!(?:1/[2-9]|2/[35]|3/[458]|5/8|4/5|7/8)\s?(?:of\b|-|[a-z]))\d{1,3}/\d{1,3}(?![\w/])
    | \b\d+-(?:for|of|on|and|by|under|to)-(?:1|\d+(?=\s))\b(?<!to-[02-9])(?<!to-\d\d) | \b1-8\d\d-[A-Z]+ | \b\d+\s?[x\u00d7]\s?\d+\b
    | \b\d+(?:-[A-Z]\w*|\([a-z]\)|-?somethings?\b|(?:['’]?s|[A-Z]+)\b(?<!\dF)(?<!\dC)(?<!\d[KMBT])(?<!\dMW))
    | 3-point(?:ers?\b|\s(?:shot|shooting|range|line|attempt|field|percentage|contest|shooter|arc|play)s?\b)
    | (?<![\w$€£.,-])[123]B(?=,?\s[A-Z]) | (?<![\d,.$-])(?:911|988)\b(?!-)(?![,.]\d))""",
    re.VERBOSE,
)
"""Versions, records, odds and codes in digits."""
_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten"
IDIOMS = re.compile(
    rf"""(?<!\w)(?-i:(?={WORD_BEGINS}|[hH]igh|[nN]et|[gG]ro|[rR]ou|[aA]n?\s[a-z]+\sor\s|[nNlLpP][eEaA][xs]t\s|[pP]at|[aA]bs|[sS]ub|[cC]hi|[bB]ig|[fF]in|[eE]li|[mM]agn|[pP]ow|[gG]an))
    (?:(?:twenty|thirty|forty|fifty)-?somethings?\b
    | (?:{_SMALL})-(?:on|for|by|to|out-of|in)-(?:{_SMALL}|all)\b
    | ten\sHag\b | (?<!-)high(?:-fives?|\sfives|\sfive(?!\s[a-z]+s))\b | fifty-fifty\b | (?:net|ground|patient|absolute|sub)[-\s]zero\b
    | zero[-\s](?:tolerance|sum|in\b|emissions?\b|hour|waste|day\b|calorie)
    | (?:group|round)\sof\s\d+\b | (?:an?|next|past|last)\s[a-z]+\sor\stwo\b | (?:group|chicago|big|final|elite|magnificent|power|gang)\s(?:of\s)?
      (?:(?-i:Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Twelve))\b(?!\s?(?:%|percent|million|billion))
    | (?:{_SMALL})(?:-way\b|[-\s](?:figures?|digits?|letters?\sword)\b)
    | three-point(?:ers?\b|\s(?:shot|shooting|range|line|attempt|field|percentage|contest|shooter|arc|play)s?\b)
    | (?:{_SMALL})[-\s](?:dimensional|faced|pronged|handed)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words of numbers that count nothing: "one-on-one", "net zero", "the Big Ten"."""
_LABELS = re.compile(
    r"\b(?:type|season|week|game|category|cat|phase|stage|chapter|article|section|tier|level|episode|round"
    r"|group|page|pages|room|route|highway|interstate|flight|volume|vol|channel|version|title|grade|part|step"
    r"|item|gate|pier|unit|district|line|number|lap|hole|mile|exit|figure|table|rule|proposition|prop|amendment"
    r"|apartment|apt|suite|box|block|building|issue|case|act|day|night|zone|area|par|class|division|terminal"
    r"|lane|track|bus|sector|paragraph|clause|resolution|order|form|schedule|psalm|verse|formula|block"
    r"|quarter|model|mark|agent|catch|studio|warehouse|reactor|precinct|ward|ladder|engine|troop|covid|omicron"
    r"|super\sbowl|fortune|top\sgun|zip|code|extension|ext|ballot\smeasure|measure|docket|u\.s\.|psalm)[ \u00a0]#?\Z",
    re.IGNORECASE,
)
"""A word whose number is a name: "Title 42", "type 2", "Game 6"."""
_BEFORE = re.compile(r"(?:^|[^\w’'&.-])([A-Z][\w’'&.-]*|[a-z][A-Z][\w]+)[ \u00a0]\Z")
_COMPOUND = re.compile(r"(?:\b([A-Za-z][\w.]*)[-–]|[#/])$")
_FREE_PREFIXES = frozenset(
    "sub mid top near pre post non plus all high low early late roughly about nearly to million billion thousand trillion percent".split()
)
# Capitals that begin a sentence or a title, or are places and people that are given or have a number of things.
_FREE = frozenset(
    """the in by at of on from with only some about over nearly and but just or as for after before since until
    than to up an a all among around approximately almost roughly at between during even every except exactly
    fewer first last least less more most next no not now nine of off onto out per plus so that their there these
    they this those though through under up upon was were what when where which while who why within without
    would you your his her its our my we he she it is are had has have if into like another are both each
    additional another early earlier late later meanwhile today yesterday tomorrow top another are do did does
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sept oct nov dec spring summer autumn fall
    winter ukraine russia china india israel iran congress democrats republicans americans biden trump police
    officials authorities israelis russians ukrainians students women men people nearby still then thus yes
    ages aged age add includes including included features featuring contains see get buy save win wins won
    kills kill killed injures injured dead least us uk eu u.s. rs usd because however also using use take took
    give gave given make made serves makes feeds fits sold sell sells bought saw seen find found here""".split()
)
_NAMED_BEHIND = re.compile(
    r"[-\s](?:Committee|Commission|Project|Squadron|Regiment|Brigade|Battalion|Infantry|Airborne|Club|Act|Group"
    r"|Fund|Savage|Cent|Agreement|Accords?|Protocol|Resolution|block\sof)\b"
)
_NOT_BEHIND = re.compile(r"\w|\(\w\)|['’]s\b|/\w|:\d|\s?[½¼¾]|-[A-Z]")
_THE = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ii]ts)\s$")
_INSIDE = re.compile(r"[\w’'][ \u00a0]")
_CAPITAL_BEHIND = re.compile(r"[-\s][A-Z]")


def no_dates(text: str) -> Iterator[tuple[int, int]]:
    """Where there is neither a date nor another figure."""
    patterns = [BEFORE_DATES, _OCLOCK] if "clock" in text else [BEFORE_DATES]
    for pattern in [ADDRESSES, *patterns] if _HOST.search(text) else patterns:
        for found in pattern.finditer(text):
            yield found.span()


def no_figures(text: str) -> Iterator[tuple[int, int]]:
    """Where there may be a date, but no other figure."""
    for pattern in (AFTER_DATES, IDIOMS):
        for found in pattern.finditer(text):
            yield found.span()


def is_glued(text: str, number: Number) -> bool:
    """Whether the number is part of a longer word: "401(k)", "F-16", "230516REV"."""
    if _NOT_BEHIND.match(text, number.span.end):
        return True
    if not number.in_digits:
        return text.endswith("-of-", 0, number.span.start)  # "best-of-seven"
    return _is_compound(text, number)


def is_named(text: str, number: Number) -> bool:
    """Whether a number that nothing measures only names something: "Article 370", "the 1267 Committee"."""
    start, end = number.span.start, number.span.end
    if _NAMED_BEHIND.match(text, end) or (not number.in_digits and _is_title(text, number)):
        return True
    if _LABELS.search(text, max(0, start - 20), start):
        return number.in_digits or text[start].isupper()
    before = _BEFORE.search(text, max(0, start - 30), start)
    if before is None:
        return _is_model(text, number)
    if before[1].endswith((".", "’s", "'s", "s’", "s'")) or before[1].lower() in _FREE:
        return False
    # Of numbers in words, only "Ocean's Eleven" and "the Big Three".
    return _is_code(text, number) if number.in_digits else text[start].isupper()


def _is_code(text: str, number: Number) -> bool:
    """Whether the number may stand in a name: 737 and 3.1 may, 1,500 and 2 million may not."""
    whole = number.value == number.value.to_integral_value()
    return number.scale == 1 and "," not in number.span.of(text) and (whole or number.value < 20)


def _is_model(text: str, number: Number) -> bool:
    """Whether a name stands behind the number: "the 787 Dreamliner"; not "the 47 Democrats"."""
    start, end = number.span.start, number.span.end
    code = number.in_digits and _is_code(text, number)
    if not code or not _CAPITAL_BEHIND.match(text, end):
        return False
    return _THE.search(text, max(0, start - 5), start) is not None and not is_plural_ahead(
        text, end
    )


def _is_title(text: str, number: Number) -> bool:
    """Whether a number in words begins a name: "at Six Flags"; not "Six Democrats" at the start."""
    start, end = number.span.start, number.span.end
    if not text[start].isupper() or start < 2 or not _INSIDE.match(text, start - 2):
        return False
    return bool(_CAPITAL_BEHIND.match(text, end) or _BEFORE.search(text, max(0, start - 30), start))


def _is_compound(text: str, number: Number) -> bool:
    found = _COMPOUND.search(text, max(0, number.span.start - 20), number.span.start)
    if found is None:
        return False
    return found[1] is None or found[1].lower() not in _FREE_PREFIXES
