"""What type of answer a question asks for → whether a sentence holds something of that type."""

from __future__ import annotations

import re

from rag.checking.figures import find_figures
from rag.checking.names import Name, find_names
from rag.splitting.terms import stems
from rag.types import Figure, Query

FIGURE_KINDS = frozenset({"money", "percent", "count", "rank", "duration", "quantity", "date"})
NAME_KINDS = frozenset({"person", "place", "organisation"})
_AMOUNTS = frozenset({"money", "percent", "ratio", "count", "quantity"})

_PORTFOLIO = r"(?:(?:foreign|defen[cs]e|finance|prime|vice|deputy|interior|health|home|trade|justice)\s+)*"
_OFFICE = (
    r"president|minister|secretary|ambassador|governor|mayor|general|king|queen|prince|princess|author"
    r"|spokes(?:man|woman|person)|ministry|chancellor|senator|envoy|commander"
)
_HEADS = r"heads?|leads?|leaders?|chiefs?|chair(?:man|woman|person)?|directors?|boss|ceo|founders?"
_ROLE = re.compile(rf"\b(?P<role>{_PORTFOLIO}(?:{_OFFICE}))s?\b|\b(?P<head>{_HEADS})\b", re.IGNORECASE)
_SAYS_WHO = re.compile(
    rf"\b(?:{_OFFICE}|{_HEADS}|government|officials?|intermediar\w+|traders|countr(?:y|ies)|both)\b",
    re.IGNORECASE,
)
# "Who designed the monument": a sentence about the monument that tells of no maker is no answer.
_MAKING = re.compile(
    r"\b(?:design|buil[dt]|construct|manufactur|invent|develop|creat|architect|engineer|made by|maker|produc)\w*",
    re.IGNORECASE,
)
_ASKS_MAKER = re.compile(
    r"\b(?:who|which|what)\b.{0,40}\b(?:designed|built|builds|constructed|manufactures?|invented|makes|produces)\b",
    re.IGNORECASE,
)
_ASKS_COUNTRY = re.compile(r"\b(?:which|what)\s+(?:[\w-]+\s+){0,3}(?:country|countries|state|nation)s?\b", re.I)
_ASKS_DAY = re.compile(r"\b(?:exact|precise)\s+date\b|\b(?:which|what)\s+day\b", re.IGNORECASE)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|as a result|prompt\w*|led to|caus\w+|reasons?|in response|response to"
    r"|driven by|sparked|stem\w*|root\w*|so that|in order to|thanks to|given|amid|linked to|aim\w*)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b[A-Z]{3,}\b|\b(?:Corp|Inc|Ltd|Company|Group|Party|Ministry|Committee|Council|Organi[sz]ation|Bank"
    r"|Confederation|Union|Agency|Army|Forces?|Front|Commission|Court|Parliament|Association|University)\b"
)


def holds_wanted(query: Query, sentence: str, names: tuple[Name, ...]) -> float:
    """1 when something of the wanted type stands in the sentence, 0.5 when something close does, else 0.

    Args:
        query: The question.
        sentence: The candidate.
        names: The question's own names, which are never its answer.
    """
    figures = _new_figures(query, sentence)
    kinds = {figure.kind for figure in figures}
    match query.wanted:
        case "money" | "quantity":
            return 1.0 if kinds & {query.wanted, "money"} else 0.5 if kinds & _AMOUNTS else 0.0
        case "percent":
            return float(bool(kinds & {"percent", "ratio"}))
        case "count":
            return _counts(query, figures)
        case "duration":
            return 1.0 if "duration" in kinds else 0.5 if "date" in kinds else 0.0
        case "rank":
            return float("rank" in kinds)
        case "date":
            exact = _ASKS_DAY.search(query.text) is not None
            return float(any(f.kind == "date" and (f.unit == "day" or not exact) for f in figures))
        case "person":
            new = _new_names(names, sentence)
            return float(bool(new) or _SAYS_WHO.search(sentence) is not None)
        case "place":
            return float(bool(_new_names(names, sentence)))
        case "organisation":
            new = [n for n in _new_names(names, sentence) if n.kind == "other"]
            return float(any(_ORGANISATION.search(name.text) for name in new))
        case "reason" | "list" | "yes_no" | "open":
            return 1.0


def lacks_role(query: Query, sentence: str) -> bool:
    """Whether the question asks for the holder of an office, or a maker, and the sentence tells of none.

    "Who is the ambassador": a sentence about ministers is no answer, however near it comes.
    """
    if query.wanted not in NAME_KINDS:
        return False
    said = _role_stems(sentence)
    for found in _ROLE.finditer(query.text):
        if found["role"] and not _role_stems(found["role"]) <= said:
            return True
        if found["head"] and not _ROLE.search(sentence):
            return True
    return _ASKS_MAKER.search(query.text) is not None and not _MAKING.search(sentence)


def lacks_country(query: Query, sentence: str, names: tuple[Name, ...]) -> bool:
    """Whether the question asks which country, and the sentence names none but those of the question."""
    if not _ASKS_COUNTRY.search(query.text):
        return False
    return not any(name.kind == "country" for name in _new_names(names, sentence))


def other_rank(query: Query, sentence: str) -> bool:
    """Whether the question is about one rank ("the largest buyer") and the sentence about others."""
    if query.wanted == "rank":
        return False
    asked = {f.value for f in find_figures(query.text) if f.kind == "rank"}
    said = {f.value for f in find_figures(sentence) if f.kind == "rank"}
    return bool(asked) and bool(said) and not asked & said


def gives_reason(sentence: str) -> bool:
    """Whether the sentence says why something is so."""
    return _REASON.search(sentence) is not None


def _role_stems(text: str) -> set[str]:
    return set(stems(re.sub(r"defence", "defense", text, flags=re.IGNORECASE)))


def _new_figures(query: Query, sentence: str) -> list[Figure]:
    """Figures of the sentence that the question does not state itself."""
    own = {(f.kind, f.value) for f in find_figures(query.text)}
    return [f for f in find_figures(sentence) if (f.kind, f.value) not in own]


def _counts(query: Query, figures: list[Figure]) -> float:
    """1 when what is counted is what the question counts, 0.5 for a count of something else."""
    counted = [figure for figure in figures if figure.kind in {"count", "quantity"}]
    if any(set(stems(figure.unit)) & set(query.terms) for figure in counted):
        return 1.0
    return 0.5 if counted else 0.0


def _new_names(names: tuple[Name, ...], sentence: str) -> list[Name]:
    """The sentence's names that the question does not bear."""
    asked = {name.key for name in names}
    words = {stem for name in names for stem in stems(name.text)}
    return [
        name
        for name in find_names(sentence)
        if name.key not in asked and not set(stems(name.text)) <= words
    ]
