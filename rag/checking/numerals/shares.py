"""A text → its fractions and multiples in words: `two-thirds`, `half of`, `twice`, `10 times`."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from rag.checking.numerals.numbers import CARDINALS, MAGNITUDES, WORD_BEGINS
from rag.checking.numerals.units import UNITS, Unit
from rag.checking.syntax.casing import fold
from rag.types import Span

_PARTS = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "sixteenth": 16,
    "twentieth": 20, "hundredth": 100, "thousandth": 1000, "millionth": 1000000,
}  # fmt: skip
_TOPS = {word: n for word, n in CARDINALS.items() if 0 < n < 20} | {"a": 1, "an": 1}
_TIMES = {"twice": 2, "thrice": 3, "double": 2, "triple": 3, "quadruple": 4, "quintuple": 5}
_PART = "half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|sixteenth|twentieth|hundredth|thousandth"
_TOP = "|".join(sorted((w for w in _TOPS if w not in {"a", "an", "one"}), key=len, reverse=True))
_MEASURES = (
    r"percentage\spoints?|percent|per\scent|basis\spoints?|miles?|inch(?:es)?|foot|met(?:er|re)|kilomet(?:er|re)"
    r"|pound|ounce|second|minute|hour|day|week|month|year|decade|century|degree|acre|gallon|cup|ton|point"
)
_SPELL = "second|minute|hour|day|week|month|year|decade|century"
_SINGLE = rf"{_SPELL}|percentage\spoint|percent|mile|foot|inch|pound|ton|tonne|acre"
_LESS = r"(?:about|nearly|almost|roughly|over|under|than|approximately|around|by|up\sto|least|only|just|another|some|least)"
SHARE = re.compile(
    rf"""(?<!\w)(?-i:(?=\d|[aA][nN]?[-\s][a-zA-Z]|{WORD_BEGINS}|[hH][aA][lL]|[qQ]u|[dD][oO][uU]|[tT][rR][iI]))(?:(?P<tops>{_TOP})(?:-|\s)(?P<parts>{_PART})s?\b(?P<quarters>(?<=quarters)(?!\s(?:of|the|as)\b))?
      (?P<of1>(?:\sof)?[-\s](?:an?|one)[-\s](?:full\s)?(?P<unit1>{_MEASURES})\b)?
    | (?<!and[-\s])(?<!and[-\s]a[-\s])(?:(?:an?\s)?half[-\s](?:an?[-\s]|of\san?\s)?(?P<unit3>{_MEASURES})\b(?!-point))
    | (?:(?:an?\s)?quarter[-\s](?:of\san?\s)?(?P<unit4>{_MEASURES})\b)
    | (?<!and[-\s])(?P<one>an?|one)[-\s](?P<part>{_PART})\b(?:
        (?P<of2>\sof\san?\s(?P<unit2>{_MEASURES})\b)|(?=\sof\b|\s(?:the|as|more|less|fewer|higher|lower)\b)|(?P<bare>))
    | (?P<whole>an?)\s(?P<unit5>hour|year|month|week|day|mile|minute|second|decade|century)\sand\sa\s(?P<and>half|quarter)\b
    | (?P<single>(?<=\bthan\s)an?|(?<=\babout\s)an?|(?<=\baround\s)an?|(?<=\bnearly\s)an?|(?<=\balmost\s)an?|(?<=\bover\s)an?
      |(?<=\bunder\s)an?|(?<=\bleast\s)an?|(?<=\bup\sto\s)an?|(?<=\broughly\s)an?|(?<=\bclose\sto\s)an?|(?<=\bapproximately\s)an?|\ban?(?=\s(?:full\s)?percentage\spoint))
      \s(?:full\s|whole\s)?(?P<unit7>{_SINGLE})\b(?![-’'])
    | (?P<past>an?)\s(?P<unit8>{_SPELL})(?=\s(?:ago|later|earlier|after|before|old)\b|-(?:old|long)\b|\sor\s(?:so|more|less)\b)
    | (?:(?<=\bin\s)|(?<=\bfor\s)|(?<=\bwithin\s)|(?<=\bafter\s))(?P<era>a)\s(?P<unit9>decade|century)\b(?![-’'])
    | (?<![\w-])(?P<half>half|halves)\b(?![-\s](?:an?[-\s])?(?:million|billion|trillion|thousand|hundred|dozen)\b|[-–]\w|['’]|\s(?:time|hour|back|marathon|brother|sister)\b)
    | (?<![\d/.,$\w-])(?<!\d\s)(?P<digit_top>[1-9])[/\u2044](?P<digit_bottom>[2-9]|1[026])(?![\d/])
      (?=\s(?:of|cup|teaspoon|tablespoon|pound|ounce|mile|inch|the|as)|-(?:inch|mile|cup))
      (?:[-\s](?P<unit6>{_MEASURES})\b)?
    | (?P<times>twice|thrice)\b
    | (?P<verb>doubl|tripl|quadrupl|quintupl)(?P<ending>e[sd]?|ing)\b
    | (?P<fold>{"|".join(sorted(CARDINALS, key=len, reverse=True))})-?fold\b
    | (?P<odds>(?:one|two|three|four|five|six|seven|eight|nine|ten|\d{{1,3}}))(?:-|\s)(?:in|out\sof)(?:-|\s)(?:every\s)?
      (?P<of>(?:two|three|four|five|six|seven|eight|nine|ten|twenty|\d{{1,3}}(?:,\d{{3}})*(?:\.\d+)?))\b(?:\s(?P<scale>million|billion|thousand))?(?!['’]?s\b|\s(?:{_MEASURES})|[-.,]\d|\s?%|,\s\d{{4}}))""",
    re.VERBOSE | re.IGNORECASE,
)
"""`two-thirds`, `a quarter of a mile`, `half an hour`, `twice`, `doubled`, `tenfold`, `one in five`."""
_ABOUT = re.compile(rf"\b{_LESS}\s$", re.IGNORECASE)
_HALF_BEFORE = re.compile(
    rf"(?:\b{_LESS}|\bin|\bmore|\bless|\bother|\band|\bor|\bnot)\s$", re.IGNORECASE
)
_HALF_BEHIND = re.compile(
    r"\s(?:of|the|as|its|their|his|her|my|our|your|all|that|those|these|is|are|were|was|said|say|have|had)\b"
)
_NTH_HALF = re.compile(
    r"\b(?:first|second|[Ff]irst-|the|this|better|final|opening|later|latter|back|front|top|bottom|last|1st|2nd)\s$"
)
_DOUBLE_BEHIND = re.compile(
    r"(?=[\"”]?\s(?:the|that|what|its|his|her|their|our|from|in|to|by|over|since|last|as|every|this|on|for)\b|[.,;]|$|\s[$€£\d])"
)
_DOUBLE_BEFORE = re.compile(
    rf"(?:\b(?:to|will|would|could|may|might|can|should|{_LESS}|more|has|have|had|was|be|then)|,)\s$",
    re.I,
)
_NO_DOUBLE = re.compile(
    r"\b(?:an?|an\s\w+|the|his|her|singles\s(?:and|or)|two-run|leadoff)\s$", re.I
)


class Share(NamedTuple):
    """A fraction or multiple, of a unit or of whatever the text says."""

    value: Decimal
    unit: Unit
    span: Span


_OF_TIMES = Unit("times", "ratio")


def find_shares(text: str) -> Iterator[Share]:
    """The text's fractions and multiples in order.

    >>> [(str(s.value), s.unit.name) for s in find_shares("half of it took half an hour")]
    [('0.5', 'times'), ('0.5', 'hour')]
    """
    for m in SHARE.finditer(text):
        share = _fraction(text, m) or _multiple(text, m)
        if share is not None:
            yield share


def _fraction(text: str, m: re.Match[str]) -> Share | None:
    if not _is_fraction(text, m):
        return None
    value = _parts(m)
    return None if value is None else Share(value, _unit(m), Span(*m.span()))


def _is_fraction(text: str, m: re.Match[str]) -> bool:
    if m["quarters"] is not None:
        return " " not in m.group()  # not "after three quarters" of a game
    if m["bare"] is not None:
        return _is_bare_share(text, m)
    if m["unit4"]:
        return re.search(r"^a|-|of", m.group()) is not None
    return not m["half"] or _is_half(text, m)


def _parts(m: re.Match[str]) -> Decimal | None:
    """The fraction's value; None for a match that is none."""
    value = None
    if m["tops"] or m["one"]:
        top = Decimal(_TOPS[fold(m["tops"] or m["one"])])
        value = top / _PARTS[fold(m["parts"] or m["part"])]
    elif m["digit_top"] and int(m["digit_top"]) < int(m["digit_bottom"]):
        value = Decimal(m["digit_top"]) / Decimal(m["digit_bottom"])
    elif m["whole"]:
        value = Decimal("1.5") if fold(m["and"]) == "half" else Decimal("1.25")
    elif m["unit3"] or m["half"]:
        value = Decimal("0.5")
    elif m["unit4"] or m["single"] or m["past"] or m["era"]:
        value = Decimal("0.25") if m["unit4"] else Decimal(1)
    return value


def _multiple(text: str, m: re.Match[str]) -> Share | None:
    span = Span(*m.span())
    if m["times"]:
        return Share(Decimal(_TIMES[fold(m["times"])]), _OF_TIMES, span)
    if m["fold"]:
        return Share(Decimal(CARDINALS[fold(m["fold"])]), _OF_TIMES, span)
    if m["odds"]:
        top, of = (_number(m[name]) for name in ("odds", "of"))
        of *= MAGNITUDES[fold(m["scale"])] if m["scale"] else 1
        return Share(top / of, _OF_TIMES, span) if 0 < top < of else None
    if m["verb"] and _is_multiple(text, m):
        return Share(Decimal(_TIMES[fold(m["verb"]) + "e"]), _OF_TIMES, span)
    return None


def _unit(m: re.Match[str]) -> Unit:
    said = next((m[f"unit{n}"] for n in range(1, 10) if m[f"unit{n}"]), None)
    if said is None:
        return _OF_TIMES
    name = " ".join(fold(said).split())
    return UNITS.get(name, Unit(name, "count"))


def _number(word: str) -> Decimal:
    word = fold(word)
    return Decimal(CARDINALS[word] if word in CARDINALS else word.replace(",", ""))


def _is_bare_share(text: str, m: re.Match[str]) -> bool:
    """Whether "a third" with no "of" behind it is a share: "by a third", not "a third term"."""
    if "-" in m.group() and fold(m["one"]) == "one":
        return True
    ends = re.match(r"[.,;:)]|$|\s(?:said|say|think|to)\b", text[m.end() : m.end() + 8])
    return bool(ends) and _ABOUT.search(text, max(0, m.start() - 16), m.start()) is not None


def _is_half(text: str, m: re.Match[str]) -> bool:
    before = text[max(0, m.start() - 14) : m.start()]
    if _NTH_HALF.search(before):
        return False
    return bool(_HALF_BEHIND.match(text, m.end()) or _HALF_BEFORE.search(before))


def _is_multiple(text: str, m: re.Match[str]) -> bool:
    """Whether "double" multiplies: "double the rate", "has doubled"; not "a double murder"."""
    before = text[max(0, m.start() - 16) : m.start()]
    if re.match(r"\s?(?:down\b|up\b|as\b|-|digit|teaming|header)", text[m.end() : m.end() + 9]):
        return False
    if m["ending"] in {"ed", "ing"}:
        return True
    if m["ending"] == "es" or _NO_DOUBLE.search(before):
        return False
    return bool(
        _DOUBLE_BEHIND.match(text, m.end()) or _DOUBLE_BEFORE.search(before)
    ) and not re.search(r"[-\w]$", before)
