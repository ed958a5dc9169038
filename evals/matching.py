"""Texts and gold → whether the words, the figure or its subject are there: plain Python, pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from evals.gold import GoldFigure
from rag.checking.figures import find_figures
from rag.splitting.terms import stems
from rag.types import Figure

# Hyphens and dashes of every width, and the minus sign: "seventh-largest".
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]")
# Quotes, curly or straight, primes and guillemets: the apostrophe of "India's".
_QUOTES = re.compile(r"[\"'`\u00b4\u2018-\u201f\u2032\u2033\u00ab\u00bb]")
# "16 per cent", "16 percent", "16 %".
_PERCENT = re.compile(r"\s*(?:\bper\s?cent\b|%)")
_WORD = re.compile(r"\w+(?:[.,]\d+)*%?")
_ARTICLES = frozenset({"a", "an", "the"})
_DENIES = re.compile(r"\b(?:no|not|nor|never|without)\b|n['’]t\b", re.IGNORECASE)


def normalise(text: str) -> str:
    r"""The text without the differences that do not change what it says.

    >>> normalise("India\u2019s  seventh-largest: 16 per cent")
    "india's seventh largest: 16%"
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _QUOTES.sub("'", _DASHES.sub(" ", text))
    return " ".join(_PERCENT.sub("%", text).split())


def contains(quote: str, gold: str) -> bool:
    """Whether the quote holds the gold string, never as a part of a longer word or number.

    >>> contains("trade fell to 16% of it", "16%"), contains("fell to 0.16% of it", "16%")
    (True, False)
    """
    words = re.escape(normalise(gold))
    pattern = rf"(?<!\w)(?<!\d[.,]){words}(?!\w)(?![.,]\d)"
    return re.search(pattern, normalise(quote)) is not None


def gives_figure(text: str, gold: GoldFigure) -> bool:
    """Whether the text gives the figure: the same value in the same unit, however written.

    >>> from decimal import Decimal
    >>> gives_figure("worth 1,500 million dollars", GoldFigure(Decimal(1_500_000_000), "USD"))
    True
    """
    return any(is_figure(found, gold) for found in find_figures(text))


def is_figure(found: Figure, gold: GoldFigure) -> bool:
    """Whether a figure that was read has the gold's value, upper end and unit."""
    if gold.unit and found.unit != gold.unit:
        return False
    if found.high != gold.high:
        return False
    # A third is written with as many digits as one likes.
    slack = abs(gold.value) / 10**3 if gold.unit == "times" else 0
    return abs(found.value - gold.value) <= slack


def same_side(side: str, gold: str) -> bool:
    """Whether a side of a disagreement is the gold's, by its figure or, without one, its words.

    >>> same_side("the largest", "largest"), same_side("fourth-largest", "largest")
    (True, False)
    """
    one, other = find_figures(side), find_figures(gold)
    if len(one) == len(other) == 1:
        counted = one[0].kind == other[0].kind == "count"  # of what, one of them may leave out
        same_unit = counted or one[0].unit == other[0].unit
        return one[0].value == other[0].value and same_unit
    return contains(side, gold) or contains(gold, side)


def restates(claim: str, gold: str) -> bool:
    """Whether a claim says a gold answer, or has all its telling words in another order.

    A model turns "nullified by state courts" around; that the cited words have it as it stands, is
    asked apart. A quotation has it as it stands too, so that nothing is made easier for one.

    >>> restates("State courts nullified the vote.", "nullified by state courts")
    True
    """
    if contains(claim, gold) or _DENIES.search(gold):
        return contains(claim, gold)  # stems have no "not"
    wanted = set(stems(gold))
    return bool(wanted) and wanted <= set(stems(claim))


def all_sides(sides: Sequence[str], golds: Sequence[str]) -> bool:
    """Whether each gold side of a disagreement has a side of its own.

    >>> all_sides(["19 dead", "21 dead"], ["21", "19"]), all_sides(["19 dead"], ["19", "19"])
    (True, False)
    """
    if not golds:
        return True
    able = [n for n, side in enumerate(sides) if same_side(side, golds[0])]
    return any(all_sides([*sides[:n], *sides[n + 1 :]], golds[1:]) for n in able)


def lacks(text: str, subject: Sequence[str]) -> tuple[str, ...]:
    """The terms of a subject that the text lacks, by stems; of `a|b` one alternative is enough.

    >>> lacks("India exported arms to Armenia.", ["export", "Armenia|Yerevan", "Azerbaijan"])
    ('Azerbaijan',)
    """
    said = set(stems(text))
    return tuple(
        term for term in subject if not any(set(stems(word)) <= said for word in term.split("|"))
    )


def token_f1(text: str, gold: str) -> float:
    """Token overlap of a text and a gold answer, 0 to 1.

    F1 of precision and recall over the bag of tokens without a, an and the, as SQuAD's evaluation
    has it (Rajpurkar et al., EMNLP 2016).

    >>> token_f1("the Defence Ministry", "Ministry of Defence")
    0.8
    """
    said, wanted = _tokens(text), _tokens(gold)
    shared = (said & wanted).total()
    if not shared:
        return 0.0
    precision, recall = shared / said.total(), shared / wanted.total()
    return round(2 * precision * recall / (precision + recall), 6)


def exact_match(text: str, gold: str) -> bool:
    """Whether text and gold are the same tokens in order, as in SQuAD's exact match.

    >>> exact_match("The Silk Road.", "silk road")
    True
    """
    return _words(text) == _words(gold)


def _tokens(text: str) -> Counter[str]:
    return Counter(_words(text))


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(normalise(text)) if word not in _ARTICLES]
