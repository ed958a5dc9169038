"""A sentence → claims that say the same in slightly other words."""

# ruff: noqa: E501 - patterns and their examples, one a line
from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal

from rag.types import Figure

_CONNECTIVE = re.compile(
    r"^(?:However|Meanwhile|Moreover|Furthermore|Still|Now|But|And|So|Also|Instead|Indeed),?\s+(?=\w)"
)
_SAID = re.compile(r"\bsaid\b")
_SMALL = re.compile(
    r"^(?:The|A|An|It|In|On|At|He|She|They|This|That|These|Its|His|Her|Their|More|About)\b"
)
_CUT = re.compile(r",\s+|;\s+|\s[–—-]\s|\s\(|\)\s?")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|rose|fell|grew|made|won|lost|took|got|paid|sold|said|\w{3,}ed|\w{3,}s)\b"
)
_BEGINS = re.compile(r"(?:[A-Z]|the\b|a\b|an\b|its\b|their\b|his\b|her\b|about\b|more\b|\d)")
_INSERTED = re.compile(
    r"^(?P<subject>[^,]{3,60}), (?P<inserted>(?:which|who|whose|where|a|an|the)\b[^,]{3,120}), (?P<rest>[a-z][^,]+.*)$"
)
_OPENING = re.compile(
    r"^(?P<opening>(?:In|On|By|Since|During|After|Before|At|As of|Between|For|Over)\s[^,]{2,60}), (?P<rest>\S.{15,}?)(?P<end>[.!]?)$"
)
_SYNONYMS = dict(
    pair.split("/")
    for pair in """started/began began/started purchased/bought bought/purchased nearly/almost almost/nearly
    many/numerous assist/help help/assist requires/needs require/need tried/attempted attempt/try firms/companies
    companies/firms firm/company doctors/physicians vehicles/cars quickly/rapidly rapidly/quickly shows/indicates
    entire/whole whole/entire happened/occurred occurred/happened kids/children huge/enormous allowed/permitted
    allow/permit ended/concluded received/got selected/chosen gave/provided showed/revealed reveals/shows
    enough/sufficient big/large large/big roughly/approximately approximately/roughly remain/stay wants/seeks
    officials/authorities authorities/officials costs/expenses increase/rise increased/grew decreased/fell""".split()
)
_SYNONYM = re.compile(rf"\b(?:{'|'.join(_SYNONYMS)})\b")
_MILLIONS = re.compile(r"\b(?P<n>\d+(?:\.\d+)?)(?P<gap>\s|-)billion\b")
_PERCENT = re.compile(r"(?<=\d)\s?(?:%|percent\b)")
_DOLLARS = re.compile(r"^\$(?P<n>[\d,.]+(?:\s(?:million|billion|trillion))?)$")
_EXACT = Decimal(1000)

Rewording = Callable[[str, Figure], str | None]


def verbatim(sentence: str, figure: Figure | None = None) -> str | None:
    """As it stands."""
    _ = figure
    return sentence


def lightly(sentence: str, figure: Figure | None = None) -> str | None:
    """Without its "However", or with "says" for "said", or led in by "According to the report"."""
    _ = figure
    for pattern, other in ((_CONNECTIVE, ""), (_SAID, "says")):
        said = pattern.sub(other, sentence, count=1)
        if said != sentence:
            return said[0].upper() + said[1:]
    small = sentence[0].lower() + sentence[1:] if _SMALL.match(sentence) else sentence
    return f"According to the report, {small}"


def word_added(sentence: str, figure: Figure | None = None) -> str | None:
    """With a word that the source lacks, so that the claim is no copy and its subject is read."""
    _ = figure
    small = sentence[0].lower() + sentence[1:] if _SMALL.match(sentence) else sentence
    return f"Notably, {small}"


def words_added(sentence: str, figure: Figure | None = None) -> str | None:
    """With a clause behind it that the source lacks; not behind a quotation or question."""
    _ = figure
    if not sentence.endswith(".") or len(sentence.split()) < 4:
        return None
    return f"{sentence[:-1]}, which is notable."


def synonym_put(sentence: str, figure: Figure | None = None) -> str | None:
    """With another everyday word for its first one that has such."""
    _ = figure
    said = _SYNONYM.sub(lambda m: _SYNONYMS[m.group()], sentence, count=1)
    return said if said != sentence else None


def clause_alone(sentence: str, figure: Figure) -> str | None:
    """The clause of the figure, where commas tell it from the rest and it has its own subject."""
    cuts = [0, *(m.end() for m in _CUT.finditer(sentence)), len(sentence)]
    ends = [*(m.start() for m in _CUT.finditer(sentence)), len(sentence)]
    for start, end in zip(cuts, ends, strict=False):
        part = sentence[start:end]
        holds = start <= figure.span.start and figure.span.end <= end
        if not holds or len(part) > len(sentence) - 10 or len(part.split()) < 5:
            continue
        before = sentence[start : figure.span.start]
        if _BEGINS.match(part) and _VERB.search(before[4:]) and '"' not in part and "”" not in part:
            return part[0].upper() + part[1:].rstrip(" .") + "."
    return None


def without_insertion(sentence: str, figure: Figure) -> str | None:
    """Without the clause that stands between commas behind the subject."""
    found = _INSERTED.match(sentence)
    if found is None or figure.span.start < found.start("rest") or not _VERB.match(found["rest"]):
        return None
    return f"{found['subject']} {found['rest']}"


def opening_moved(sentence: str, figure: Figure | None = None) -> str | None:
    """ "In 2022, sales fell." as "Sales fell in 2022."."""
    _ = figure
    found = _OPENING.match(sentence)
    if found is None or '"' in sentence or "”" in sentence or found["rest"].startswith("and "):
        return None
    opening = found["opening"]
    rest = found["rest"]
    return f"{rest[0].upper()}{rest[1:]} {opening[0].lower()}{opening[1:]}."


def number_rewritten(sentence: str, figure: Figure) -> str | None:
    """ "1.5 billion" as "1,500 million", "25%" as "25 per cent", "$3 million" as "3 million dollars"."""
    words = figure.span.of(sentence)
    other = _MILLIONS.sub(
        lambda m: f"{Decimal(m['n']) * 1000:,f}".removesuffix(".0") + m["gap"] + "million", words
    )
    if other == words:
        other = _PERCENT.sub(" per cent", words)
    if other == words and not sentence[figure.span.end :].startswith("-"):
        other = _DOLLARS.sub(lambda m: f"{m['n']} dollars", words)
    if other == words:
        return None
    return sentence[: figure.span.start] + other + sentence[figure.span.end :]


def rounded(sentence: str, figure: Figure) -> str | None:
    """ "1,234 people" as "about 1,200 people"; only of counts and amounts of three digits and more."""
    words = figure.span.of(sentence)
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", words)
    if (
        digits is None
        or figure.approximate
        or figure.high
        or figure.kind in {"date", "rank", "ratio"}
    ):
        return None
    value = Decimal(digits.group().replace(",", ""))
    if len(value.normalize().as_tuple().digits) < 3:
        return None
    place = Decimal(1).scaleb(value.adjusted() - 1)
    near = (value / place).quantize(Decimal(1), ROUND_HALF_EVEN) * place
    if abs(near - value) * 20 > near or near == value:
        return None
    said = f"{near:,f}" if near >= _EXACT or near == near.to_integral_value() else f"{near:f}"
    new = words[: digits.start()] + said + words[digits.end() :]
    return f"{sentence[: figure.span.start]}about {new}{sentence[figure.span.end :]}"


REWORDINGS: dict[str, Rewording] = {
    "lightly reworded": lightly,
    "verbatim": verbatim,
    "a word added": word_added,
    "words added behind": words_added,
    "clause alone": clause_alone,
    "without an insertion": without_insertion,
    "opening moved": opening_moved,
    "number rewritten": number_rewritten,
    "rounded, “about”": rounded,
}
"""By name; the first two apply to every sentence."""

PLAIN: dict[str, Callable[[str], str | None]] = {
    "opening moved": opening_moved,
    "another word for one": synonym_put,
}
"""Those that need no figure and leave no words out, but for `lightly` and the added ones."""
