"""Number expressions in a text, in digits or in words → exact values with their spans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from rag.checking.casing import fold
from rag.types import Span

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
CARDINALS: dict[str, int] = {word: n for n, word in enumerate(_UNITS)} | {
    word: 10 * n for n, word in enumerate(_TENS, start=2)
}
ORDINALS: dict[str, int] = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        start=1,
    )
}
MAGNITUDES: dict[str, Decimal] = {
    "hundred": Decimal(100),
    "thousand": Decimal(10) ** 3,
    "k": Decimal(10) ** 3,
    "lakh": Decimal(10) ** 5,
    "lakhs": Decimal(10) ** 5,
    "million": Decimal(10) ** 6,
    "millions": Decimal(10) ** 6,
    "mn": Decimal(10) ** 6,
    "m": Decimal(10) ** 6,
    "crore": Decimal(10) ** 7,
    "crores": Decimal(10) ** 7,
    "billion": Decimal(10) ** 9,
    "billions": Decimal(10) ** 9,
    "bn": Decimal(10) ** 9,
    "b": Decimal(10) ** 9,
    "trillion": Decimal(10) ** 12,
    "tn": Decimal(10) ** 12,
}
_SHORT = {"k", "m", "b", "mn", "bn", "tn"}

_CARDINAL = "|".join(sorted(CARDINALS, key=len, reverse=True))
_MAGNITUDE = "|".join(sorted((w for w in MAGNITUDES if w not in _SHORT), key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WORDS = (
    rf"(?:{_CARDINAL})(?:[-\s](?:{_CARDINAL}))*"
    rf"|(?:an?|several)(?=\s+(?:{_MAGNITUDE})\b)|(?:a\s+)?dozen"
)
NUMBER = re.compile(
    # The digits are taken whole or not at all: of "17th", a rank, not even the 1.
    rf"(?<![\w.,])(?P<digits>(?>{_DIGITS}))(?!(?:st|nd|rd|th)\b)"
    r"(?P<short>(?:k|mn?|bn?|tn)(?![\w]))?"
    rf"(?P<scale1>(?:[-\s]+(?:{_MAGNITUDE})\b)*)"
    rf"|\b(?P<words>{_WORDS})\b(?P<scale2>(?:[-\s]+(?:and\s+)?(?:{_MAGNITUDE})\b)*)",
    re.IGNORECASE,
)
"""`86.07 million`, `1,500`, `1.5bn`, `twenty-five`, `two hundred thousand`, `a dozen`."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number and where it stands."""

    value: Decimal
    span: Span
    in_digits: bool


def find_numbers(text: str) -> Iterator[Number]:
    """The text's numbers in order, magnitude words included.

    >>> [str(n.value) for n in find_numbers("$86.07 million, two visits, 1,500")]
    ['86070000.00', '2', '1500']
    """
    for found in NUMBER.finditer(text):
        in_digits = found["digits"] is not None
        if in_digits:
            value = Decimal(found["digits"].replace(",", ""))
            scale = found["scale1"] or ""
            if found["short"]:
                value *= MAGNITUDES[fold(found["short"])]
        else:
            value = _word_value(found["words"])
            scale = found["scale2"] or ""
        for word in re.findall(r"[a-z]+", fold(scale)):
            value *= MAGNITUDES.get(word, Decimal(1))
        yield Number(value, Span(*found.span()), in_digits)


def _word_value(words: str) -> Decimal:
    parts = re.split(r"[-\s]+", fold(words))
    if "dozen" in parts:
        return Decimal(12)
    return Decimal(sum(CARDINALS.get(part, 1) for part in parts))
