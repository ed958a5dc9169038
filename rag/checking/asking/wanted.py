"""What type of answer a question asks for → whether a sentence holds something of that type."""

from __future__ import annotations

import re

from rag.checking.asking.asked_figures import FIGURE_KINDS, holds_figure, is_yes_no, ranked
from rag.checking.figures import find_figures
from rag.checking.syntax.concepts import concepts
from rag.checking.syntax.names import Name, find_names
from rag.splitting.terms import stems
from rag.types import Figure, Query

__all__ = [
    "FIGURE_KINDS", "NAME_KINDS", "asks_role", "gives_reason", "holds_wanted", "lacks_country", "lacks_deed", "lacks_named",
    "other_rank",
]  # fmt: skip

NAME_KINDS = frozenset({"person", "place", "organisation"})

_PORTFOLIO = (
    r"(?:(?:foreign|defen[cs]e|finance|prime|vice|deputy|interior|health|home|trade|justice)\s+)*"
)
_OFFICE = (
    r"president|minister|secretary|ambassador|governor|mayor|general|king|queen|prince|princess"
    r"|spokes(?:man|woman|person)|ministry|chancellor|senator|envoy|commander|judge|prosecutor|lawyer|coach"
)
_HEADS = (
    r"heads?|leads?|led|leaders?|chiefs?|chair(?:man|woman|person)?|directors?|boss|ceo|founders?"
)
_ROLE = re.compile(
    rf"\b(?P<role>{_PORTFOLIO}(?:{_OFFICE}))s?\b|\b(?P<head>{_HEADS})\b", re.IGNORECASE
)
_ASKS_HOLDER = re.compile(
    rf"\bwho(?:['’]s|\s+(?:is|was|are|were|will\s+be|will\s+take\s+over|will\s+succeed|will\s+replace))\b(?!\s+\w+ing\b)|\bnames?\s+of\b|\bwho\s+(?:{_HEADS})\b"
    rf"|\b(?:which|what)\s+{_PORTFOLIO}(?:{_OFFICE}|{_HEADS})\b",
    re.IGNORECASE,
)  # "Who is the minister", "name of the head", "who leads"; not "Who, says the minister, …"
_SAYS_WHO = re.compile(
    rf"\b(?:{_OFFICE}|{_HEADS}|government|officials?|intermediar\w+|traders|countr(?:y|ies)|both)\b",
    re.IGNORECASE,
)
_ASKS_SPEAKER = re.compile(
    r"\b(?:who|whose|whom)\b.{0,40}\b(?:say|said|says|think|thinks|believe|believes|claim|claims|claimed|argue|argues|argued|view"
    r"|opinion|expect|expects|warn|warns|warned|assess|report|reports|reported|according)\b",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"\b(?:author|report|article|commentary|commentator|writer|analyst|expert|paper|observer|source|critic|spokes\w+)s?\b",
    re.IGNORECASE,
)  # "Who thinks so": one whom the article does not name
# "Who designed the monument": a sentence about the monument that tells of no maker is no answer.
_DEEDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(tells, re.IGNORECASE))
    for asks, tells in (
        (
            r"\b(?:who|which|what)\b.{0,40}\b(?:designed|built|builds|constructed|manufactures?|invented|produces)\b|\b(?:company|firm)\b.{0,10}\bmakes\b",
            r"\b(?:design|buil[dt]|construct|manufactur|invent|develop|creat|architect|engineer|made by|maker|produc)\w*",
        ),
        (
            r"\b(?:against|over) (?:which|what|whom)\b",
            r"\b(?:against|over|versus|defeat\w*|beat\w*|fought|fight\w*)\b",
        ),
        (
            r"\bwhere\b.{0,60}\b(?:made|built|assembled|manufactured|produced)\b",
            r"\b(?:ma[dk]e|buil[dt]|assembl|manufactur|produc|factor|plant)\w*",
        ),
        (r"\bclaimed? responsibility\b", r"\bresponsibility\b"),
        (
            r"\b(?:repl(?:y|ied)|respond(?:ed)?|(?<!in )response|react(?:ed)?|reaction)\b(?! to\W*$)",
            r"\b(?:repl(?:y|ied)|responded|react|answer|sa(?:y|id)|stat(?:ed|es)|condemn|reject|provok|reiterat|demand|criticis|began|begun)\w*",
        ),
    )
)
_ASKS_COUNTRY = re.compile(
    r"\b(?:which|what)\s+(?:[\w-]+\s+){0,3}(?:country|countries|state|(?<!United )nation)s?\b", re.I
)
_ASKS_NAMED = re.compile(
    r"\b(?:which|what)\s+(?:[\w’'-]+\s+){0,3}(?:city|cities|town|compan(?:y|ies)|team|club|school|universit(?:y|ies)"
    r"|airline|bank|brand|film|movie|show|series|hurricane|district|province|hospital|newspaper|magazine|broadcaster"
    r"|stadium|airport|museum|volcano|village)s?\b",
    re.IGNORECASE,
)
_ASKS_PERSON = re.compile(
    r"\b(?:which|what)\s+(?:[\w’'-]+\s+){0,3}(?:actor|actress|singer|player|celebrity|senator|governor|artist|athlete"
    r"|judge|lawmaker|lawyer|scientist|professor|doctor)s?\b"
    r"|\bname of the\s+(?:[\w’'-]+\s+){0,2}(?:ex-)?(?:man|woman|boy|girl|minister|president|judge|wife|husband|son|daughter"
    r"|boyfriend|girlfriend|lawyer|officer|official|envoy|ambassador|founder|author|player|coach)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"[ -](?:quarter|half|month|week|year|day)\b", re.IGNORECASE)
_NO_PERSON = re.compile(
    r"\b(?:Forum|Guard|Administration|Department|League|Series|Open|Cup|Park|House|Street|State|States|City|Office|Act"
    r"|Islands?|Bowl|Games|War|Times|News|Post|Journal|University|Court|Act|River|California|Texas|Florida|York)\b"
)
_UNNAMED_COUNTRY = re.compile(
    r"\b(?:an?|some|unnamed|undisclosed|third-party)\s+(?:[A-Z]?[\w-]+\s+){0,2}(?:country|state|nation)\b"
)  # "in a Middle Eastern country": the article itself does not say which
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
    if query.wanted in FIGURE_KINDS:
        return holds_figure(query, sentence)
    match query.wanted:
        case "person":
            new = _new_names(names, sentence)
            by_role = _tells_role(query, sentence) or (
                _ASKS_SPEAKER.search(query.text) and _SPEAKER.search(sentence)
            )
            return float(bool(new) or bool(by_role))
        case "place":
            return float(bool(_new_names(names, sentence)))
        case "organisation":
            new = [n for n in _new_names(names, sentence) if n.kind == "other"]
            return float(any(_ORGANISATION.search(name.text) for name in new))
        case _:
            return 1.0


def _tells_role(query: Query, sentence: str) -> bool:
    """Whether it says who by an office; the office that the question names tells nothing new."""
    asked = set(stems(query.text))
    return any(not set(stems(m.group())) <= asked for m in _SAYS_WHO.finditer(sentence))


def asks_role(query: Query) -> bool:
    """Whether the question asks who holds an office."""
    return query.wanted in NAME_KINDS and bool(
        _ASKS_HOLDER.search(query.text) and _ROLE.search(query.text)
    )


def lacks_deed(query: Query, sentence: str) -> bool:
    """Whether the question asks for the holder of an office or the doer of a deed, and the sentence tells of none.

    "Who is the ambassador": a sentence about ministers is no answer, however near it comes.
    """
    if any(asks.search(query.text) and not tells.search(sentence) for asks, tells in _DEEDS):
        return True
    if not asks_role(query):
        return False
    said = _role_stems(sentence)
    for found in _ROLE.finditer(query.text):
        if found["role"] and not _role_stems(found["role"]) <= said:
            return True
        if found["head"] and not _ROLE.search(sentence):
            return True
    return False


def lacks_named(query: Query, sentence: str, names: tuple[Name, ...]) -> bool:
    """Whether the question asks which city, company or star, and the sentence names nothing new.

    It is then the question over again: "The last gaslit cinema is to reopen" does not say in which city.
    """
    if _ASKS_PERSON.search(query.text):
        return not any(_is_person(name) for name in _new_names(names, sentence))
    return _ASKS_NAMED.search(query.text) is not None and not _new_names(names, sentence)


def _is_person(name: Name) -> bool:
    """Whether a name may be a person's; what is surely a place or a body is not."""
    if name.kind != "other" or name.text.isupper():
        return False
    return not (_ORGANISATION.search(name.text) or _NO_PERSON.search(name.text))


def lacks_country(query: Query, sentence: str, names: tuple[Name, ...]) -> bool:
    """Whether the question asks which country, and the sentence names none but those of the question."""
    if not _ASKS_COUNTRY.search(query.text):
        return False
    if _UNNAMED_COUNTRY.search(sentence):
        return True
    return not any(name.kind == "country" for name in _new_names(names, sentence))


def other_rank(query: Query, sentence: str) -> bool:
    """Whether the question is about one rank ("the largest buyer") and the sentence gives another for it.

    Of several ranks in the sentence, the one whose words are most like the question's counts.
    """
    if query.wanted == "rank" or is_yes_no(query.text):
        return False  # "Is it the largest buyer": the sentence that gives its rank decides
    asked = [f for f in _ranks(query.text) if not _is_group(query.text, f)]
    told = _ranks(sentence)
    if not asked or not told:
        return False
    matter = concepts(query.text)
    likeness = [len(matter & concepts(ranked(sentence, figure))) for figure in told]
    nearest = {f.value for f, like in zip(told, likeness, strict=True) if like == max(likeness)}
    return not nearest & {figure.value for figure in asked}


def _ranks(text: str) -> list[Figure]:
    """The ranks of a text; the "first quarter" is a time."""
    return [
        figure
        for figure in find_figures(text)
        if figure.kind == "rank" and not _TIME.match(text, figure.span.end)
    ]


def _is_group(text: str, rank: Figure) -> bool:
    """Whether it only says that something is among the first few ("one of the ten biggest")."""
    return (
        re.search(
            r"\b(?:one of|among|ten|five|three|two|\d+)\W+(?:[\w’']+\W+){0,3}$",
            text[: rank.span.start],
        )
        is not None
    )


def gives_reason(sentence: str) -> bool:
    """Whether the sentence says why something is so."""
    return _REASON.search(sentence) is not None


def _role_stems(text: str) -> set[str]:
    return set(stems(re.sub(r"defence", "defense", text, flags=re.IGNORECASE)))


def _new_names(names: tuple[Name, ...], sentence: str) -> list[Name]:
    """The sentence's names that the question does not bear."""
    asked = {name.key for name in names}
    words = {stem for name in names for stem in stems(name.text)}
    return [
        name
        for name in find_names(sentence)
        if name.key not in asked and not set(stems(name.text)) <= words
    ]
