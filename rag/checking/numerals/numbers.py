"""Number expressions in a text, in digits or in words → exact values with their spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rag.checking.syntax.casing import fold
from rag.types import Span

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
CARDINALS: dict[str, int] = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
MAGNITUDES: dict[str, Decimal] = {
    "hundred": Decimal(100),
    "thousand": Decimal(10) ** 3,
    "lakh": Decimal(10) ** 5,
    "million": Decimal(10) ** 6,
    "crore": Decimal(10) ** 7,
    "billion": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "quadrillion": Decimal(10) ** 15,
}
_SHORT: dict[str, Decimal] = {
    "k": Decimal(10) ** 3,
    "m": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "mln": Decimal(10) ** 6,
    "b": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "bln": Decimal(10) ** 9,
    "t": Decimal(10) ** 12,
    "tn": Decimal(10) ** 12,
    "trn": Decimal(10) ** 12,
}
_PARTS: dict[str, Decimal] = {
    "½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3,
    "⅔": Decimal(2) / 3, "⅛": Decimal("0.125"), "⅜": Decimal("0.375"), "⅝": Decimal("0.625"),
    "⅞": Decimal("0.875"), "⅕": Decimal("0.2"), "half": Decimal("0.5"),
    "quarter": Decimal("0.25"), "third": Decimal(1) / 3,
}  # fmt: skip

_ONES = "|".join(sorted(_UNITS[1:10], key=len, reverse=True))
_TEN = "|".join(_TENS)
_SMALL = rf"(?:(?:{_TEN})(?:[-\s](?:{_ONES})\b)?|{'|'.join(reversed(_UNITS))})\b"
_SCALE = r"(?:thousand|lakh|million|crore|billion|trillion|quadrillion)s?\b"
_GAP = r"[-\s]{1,2}"
_GROUP = (
    rf"(?:(?:{_SMALL}|an?\b){_GAP}hundred\b"
    rf"(?:{_GAP}(?:and{_GAP})?{_SMALL}(?!{_GAP}hundred\b))?|{_SMALL})"
)
_SCALED = (
    rf"(?:{_GROUP}|an?\b(?={_GAP}{_SCALE})|an?\b(?={_GAP}thousand\b))"
    rf"(?:{_GAP}{_SCALE}(?:{_GAP}{_GROUP}(?={_GAP}{_SCALE})"
    rf"|{_GAP}and\s{_GROUP}(?!{_GAP}(?:{_SCALE}|hundred|half))"
    rf"|{_GAP}{_GROUP}(?!{_GAP}(?:{_SCALE}|times|years?|months?|weeks?|days?|hours?)))?)*"
)
_DOZEN = rf"(?:an?\s+|(?:{_SMALL}){_GAP})?dozen\b"
_PORTION = (
    r"(?:an?\s+)?half[-\s](?:an?[-\s])?(?=dozen\b|hundred\b|thousand\b|million\b|billion\b|trillion\b)"
    r"|(?:an?\s+)?quarter[-\s](?:of\s+)?(?:an?\s+)?(?=million\b|billion\b|trillion\b)"
)
_DIGITS = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3})+|\d+(?:\.\d+)?"
_AND_PART = rf"(?:{_GAP}and{_GAP}an?{_GAP}(?P<part>half|quarter|third)\b)?"
# Most places are passed by at their first letters: that is most of the speed.
WORD_BEGINS = (
    r"[oO][nN][eE]|[tT](?:[wW]|[eE][nN]|[hH][iIrR])|[fF](?:[oO](?:[uU]|[rR][tT])|[iI][vVfF])"
    r"|[sS\u017f](?:[iI][xX]|[eE][vV])|[eE](?:[iI][gG]|[lL][eE])|[nN][iI][nN]|[zZ][eE]"
)
_BEGINS = (
    rf"(?-i:(?=[\d½¼¾⅓⅔⅛⅜⅝⅞]|{WORD_BEGINS}|[dD][oO][zZ]|[hH][aA][lL]|[qQ][uU][aA]"
    r"|[aA][nN]?[-\s](?:[hH][uUaA]|[tT][hHrR]|[mMbB][iI]|[dD][oO][zZ]|[qQ]|[lL][aA][kK]|[cC][rR])))"
)
NUMBER = re.compile(
    # The digits are taken whole or not at all: of "17th", a rank, not even the 1.
    rf"(?<![\w.,])(?:{_BEGINS}(?P<digits>(?>{_DIGITS}))(?!(?:st|nd|rd|th)\b)(?!\.\d)"
    rf"(?:(?P<vulgar>\s?[½¼¾⅓⅔⅛⅜⅝⅞⅕])|[-\s](?P<top>[1-9])[/\u2044](?P<bottom>[2-9]|16|32)(?![\d/]))?"
    rf"{_AND_PART.replace('part', 'part1')}"
    r"(?:(?P<short>(?:k|mn|mln|m|bn|bln|b|trn|tn|t))(?![\w])"
    rf"|(?P<scale1>(?:[-\s]{{0,2}}(?:{_SCALE}|hundred\b))+))?"
    rf"|(?P<alone>[½¼¾⅓⅔⅛⅜⅝⅞])(?P<scale3>(?:{_GAP}(?:an?\s+)?{_SCALE})?)"
    rf"|(?P<portion>{_PORTION})(?P<of>dozen|hundred|thousand|million|billion|trillion)\b"
    rf"|(?P<dozen>{_DOZEN})"
    rf"|(?P<words>{_SCALED})\b{_AND_PART.replace('part', 'part2')}(?P<scale2>(?:{_GAP}{_SCALE})*))",
    re.IGNORECASE,
)
"""`86.07 million`, `1,500`, `1.5bn`, `2 1/2`, `twenty-five`, `two hundred and fifty thousand`."""
_VAGUE = re.compile(r"\b(?:few|several|couple|many|some\sodd|multi|multiple)[-\s]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands."""

    value: Decimal
    span: Span
    in_digits: bool
    scale: Decimal = Decimal(1)
    """What its words of magnitude make of it: a million of `86.07 million`, 1 of `1,500`."""


def find_numbers(text: str) -> Iterator[Number]:
    """The text's numbers in order, magnitude words included.

    >>> [str(n.value) for n in find_numbers("$86.07 million, two and a half visits, 1,500")]
    ['86070000.00', '2.5', '1500']
    """
    for found in NUMBER.finditer(text):
        if not found["digits"] and _VAGUE.search(text, max(0, found.start() - 12), found.start()):
            continue  # "a few dozen", "several hundred"
        read = _digits(found) if found["digits"] else _worded(found)
        if read is not None:
            value, scale = read
            yield Number(value, Span(*found.span()), found["digits"] is not None, scale)


def cardinal(words: str) -> Decimal:
    """The value of a number in words.

    >>> str(cardinal("two hundred and fifty thousand")), str(cardinal("a million"))
    ('250000', '1000000')
    """
    total = group = Decimal(0)
    for word in re.findall(r"[a-z]+", fold(words)):
        scale = MAGNITUDES.get(word.removesuffix("s"))
        if word in CARDINALS:
            group += CARDINALS[word]
        elif word == "hundred":
            group = (group or Decimal(1)) * 100
        elif scale is not None:
            # "a million million": a scale behind a scale multiplies what is there.
            total = total + group * scale if group else (total or Decimal(1)) * scale
            group = Decimal(0)
        elif word in {"a", "an"}:
            group += 1
    return total + group


def _digits(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    value = Decimal(re.sub(r"[,\s]", "", found["digits"]))
    if found["vulgar"]:
        value += _PARTS[found["vulgar"].strip()]
    elif found["top"]:
        value += Decimal(found["top"]) / Decimal(found["bottom"])
    if found["part1"]:
        value += _PARTS[fold(found["part1"])]
    scale = _SHORT[fold(found["short"])] if found["short"] else _scale(found["scale1"])
    # Arithmetic keeps 28 digits: a longer number stays as it is written.
    return (value if scale == 1 else value * scale), scale


def _worded(found: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    if found["alone"]:
        scale = _scale(found["scale3"])
        return _PARTS[found["alone"]] * scale, scale
    if found["portion"]:
        of = fold(found["of"])
        part = _PARTS["half" if "half" in fold(found["portion"]) else "quarter"]
        return part * (Decimal(12) if of == "dozen" else MAGNITUDES[of]), Decimal(1)
    if found["dozen"]:
        return (cardinal(found["dozen"]) or Decimal(1)) * 12, Decimal(1)
    return _counted(found)


def _counted(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    value = cardinal(found["words"])
    last = MAGNITUDES.get(re.split(r"[-\s]+", fold(found["words"]))[-1].removesuffix("s"))
    scale = _scale(found["scale2"])
    if found["part2"]:
        # "a million and a half" is of the million, "one and a half million" of what follows.
        value += _PARTS[fold(found["part2"])] * (last or 1)
    return value * scale, scale if scale != 1 else (last or Decimal(1))


def _scale(words: str | None) -> Decimal:
    scale = Decimal(1)
    for word in re.findall(r"[a-z]+", fold(words or "")):
        scale *= MAGNITUDES.get(word.removesuffix("s"), Decimal(1))
    return scale
