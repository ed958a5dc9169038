"""A text → its ranks: `third-largest`, `7th`, `No. 1`, `the largest`."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.checking.numerals.numbers import CARDINALS, WORD_BEGINS
from rag.checking.syntax.casing import fold
from rag.types import Span

_NTH = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
_TENTHS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split()
ORDINALS: dict[str, int] = {word: n for n, word in enumerate(_NTH, start=1)}
ORDINALS |= {word: 10 * n for n, word in enumerate(_TENTHS, start=2)}
ORDINALS |= {"hundredth": 100, "thousandth": 1000}
ORDINALS |= {
    f"{ten}-{word}": CARDINALS[ten] + n
    for ten in "twenty thirty forty fifty sixty seventy eighty ninety".split()
    for n, word in enumerate(_NTH[:9], start=1)
}
_EST = (
    r"(?:larg|bigg|high|great|small|low|old|young|long|short|rich|poor|strong|fast|tall|busi|deep|heavi|wid"
    r"|hott|cold|warm|wett|dri|deadli|near|wealthi|cheap|costli|slow|weak|clean|dirti|happi|healthi|earli|lat|safe"
    r"|quick|hard|close|tough|worthi|mighti|thick|loud|bright|few|steep)e?st"
)
_SUPERLATIVE = (
    r"(?:larg|bigg|high|great|small|low|old|young|long|short|rich|poor|strong|fast|tall)est"
    r"|most\b|best|worst"
)
_LEADING = r"(?<=\bthe\s)(?:top|leading)(?=\s[a-z]+(?<!s)\b(?!\s\d))(?!\s(?:of|to|up|the|end)\b)"
_BEGINS = (
    rf"(?-i:(?=\d|{WORD_BEGINS}|[fF][iIaA]|[sS][eEmMtThH]|[tT][aAoO]|[hH][iIuU]|[lL][aAoOeE]|[bB][iIeE]|[gG][rR][eE]"
    r"|[oO][lL]|[yY][oO][uU][nN]|[rR][iI][cC]|[pP][oO][oO]|[mM][oO][sS]|[wW][oO][rR]))"
)
RANK = re.compile(
    rf"(?<!\w){_BEGINS}(?:(?:(?P<word>{'|'.join(sorted(ORDINALS, key=len, reverse=True))})|(?P<digits>(?<![.,$])\d[\d,]*)(?:st|nd|rd|th))\b"
    rf"(?P<super>[-\s](?:{_EST}\b|best\b|worst\b|(?:most|least)[-\s][a-z]+))?"
    rf"|(?P<alone>{_SUPERLATIVE}|{_LEADING})\b)",
    re.IGNORECASE,
)
"""`third-largest`, `second most populous`, `7th`, `the largest`."""
NUMBERED = re.compile(
    r"(?<!\w)(?=[NR#nr])(?:(?:No\.\s?|Nos\.\s|\#(?=\d{1,3}\b))(?P<digits>\d{1,4})(?![\w,]*\d|\w)"
    r"|[Nn]umber[-\s](?P<word>one|two|three|four|five|six|seven|eight|nine|ten)\b"
    r"|[Rr]ank(?:ed|s|ing)\s(?P<ranked>\d{1,3})(?=[,.;]|\s(?:in|among|on|by|for|and|out)\b|$))"
)
"""`No. 1`, `#1`, `number one`, `ranked 140`."""
_NO_RANK_BEHIND = re.compile(
    r"[-\s](?:ladies|lady|part(?:y|ies)|hand(?:ed)?|guess\w*|aid|responders?|names?|degree|nature|thoughts?)\b"
    r"|-hand|s\b|\s(?:Street|St|Avenue|Ave|Congressional|District|Circuit|[Aa]mendment|Infantry|Airborne|Precinct"
    r"|Division|Battalion|Regiment|Brigade|Fleet|Army|Ward|Wing|Squadron|Judicial)\b"
)
_NO_SECOND_BEFORE = re.compile(r"\b(?:per|split|last|each|every\sfew|a\sfew)[-\s]$", re.IGNORECASE)
_NO_SECOND_BEHIND = re.compile(r"\s(?:later|before|longer|or\stwo)\b")
_AT = re.compile(r"\bat\s$", re.IGNORECASE)
_NAME = re.compile(r"[-\s][A-Z][a-z]")


def find_numbered(text: str) -> Iterator[tuple[Span, Decimal]]:
    """Ranks whose number would be read as a count: `No. 1`, `number one`."""
    for m in NUMBERED.finditer(text):
        said = m["digits"] or m["ranked"]
        value = int(said) if said else CARDINALS[fold(m["word"])]
        yield Span(m.start("ranked") if m["ranked"] else m.start(), m.end()), Decimal(value)


def find_ranks(text: str) -> Iterator[tuple[Span, Decimal]]:
    """Ordinals and superlatives in order; a superlative by itself is the first.

    >>> [str(value) for _, value in find_ranks("the third-largest, the 7th and the oldest")]
    ['3', '7', '1']
    """
    for m in RANK.finditer(text):
        if m["alone"]:
            value = 1
        elif _is_name(text, m):
            continue
        else:
            value = ORDINALS[fold(m["word"])] if m["word"] else int(m["digits"].replace(",", ""))
        yield Span(*m.span()), Decimal(value)


def _is_name(text: str, m: re.Match[str]) -> bool:
    """Whether it is no rank: "First Lady", "third party", "per second", "the 14th Amendment"."""
    start, end = m.span()
    if not m["super"] and _NO_RANK_BEHIND.match(text, end):
        return True
    word = fold(m["word"]) if m["word"] else ""
    before = text[max(0, start - 12) : start]
    if word == "first" and _AT.search(before):
        return True
    if word == "second" and (
        _NO_SECOND_BEFORE.search(before) or _NO_SECOND_BEHIND.match(text, end)
    ):
        return True
    # "the Second Amendment", "Sixth Street"; not the first word of a sentence.
    return bool(word) and text[start].isupper() and _NAME.match(text, end) is not None
