"""A question → how wide it asks: for one thing, several, a whole topic, or two sides compared."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re

from rag.checking.syntax.names import find_names
from rag.splitting.terms import stems
from rag.types import Query

_PAPERS = r"(?:(?:the|these|those|your|all|any of the|which of the)\s+)?(?:\w+\s+)?(?:articles?|reports?|stor(?:y|ies)|texts?|papers?|sources?|news|commentar(?:y|ies)|coverage|corpus)"
_ABOUT = r"(?:about|of|on|regarding|concerning)"
_SUMMARY = r"(?:summary|overview|outline|digest|round-?up|gist|synopsis)"
# In this order; each names what the question is about.
_TOPICS = tuple(
    re.compile(rf"^\W*(?:please\s+|can you\s+|could you\s+)?{pattern}\s+(?P<topic>.+?)[\s?.!]*$", re.I)
    for pattern in (
        # "Summarise what the articles say about", "sum up everything said on"
        rf"(?:summari[sz]e|sum up|outline|recap)\s+(?:(?:what|everything|all)(?:\s+that)?\s+)?(?:{_PAPERS}\s+|(?:is|has been|was)\s+)(?:says?|said|writes?|written|tells?|told|reports?|reported|{_ABOUT})(?:\s+{_ABOUT})?",
        # "What do the articles say about"
        rf"what\s+(?:do|does|did|have|has)\s+{_PAPERS}\s+(?:have to\s+)?(?:says?|said|tell(?: us)?|told|write|written|report|reported|mention)\s+{_ABOUT}",
        rf"what\s+(?:is|was|has been|gets?)\s+(?:said|told|written|reported|known)\s+(?:in\s+{_PAPERS}\s+)?{_ABOUT}",
        rf"(?:tell|inform)\s+(?:me|us)\s+(?:(?:more|something|everything|all)\s+)?{_ABOUT}",
        rf"(?:give|write|show)\s+(?:me\s+|us\s+)?(?:an?|the)\s+(?:\w+\s+)?{_SUMMARY}\s+{_ABOUT}",
        rf"what\s+do\s+(?:we|you)\s+know\s+{_ABOUT}",
        r"(?:summari[sz]e|sum up|recap)(?:\s+(?:everything|all)\s+(?:on|about))?",
    )
)  # fmt: skip
_OF_PAPERS = re.compile(rf"^{_PAPERS}\s+(?:{_ABOUT}\s+)?", re.IGNORECASE)  # "the report about"
_PLURAL = r"(?!(?:does|is|was|has|this|us|as|its|business|series|news|congress|status|crisis|process|address|press)\b)[a-z]{3,}(?<!s)s|countries|people"
_SEVERAL = re.compile(
    r"^\W*(?:please\s+)?(?:list|name|enumerate)\b"
    r"|^\W*(?:why\b|how come\b|what (?:are|were) the\b)"
    r"|^\W*how\s+(?:has|have|did|do|does)\b.{2,80}\b(?:changed?|develop(?:ed)?|evolved?|differ(?:ed)?)\W*(?:$|since|after|over|in|on)"
    rf"|^\W*(?:(?:in|to|for|from|by|with|on)\s+)?(?:what|which)\s+(?:[a-z-]+\s+)?(?:{_PLURAL})\s+(?!(?:is|was)\b)\w+"
    r"|^\W*what\s+(?:could|would|might|may|will|does|do|did|should)\b.{2,80}\b(?:mean|recommend|suggest|propose|expect|want|demand|ask)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"^\W*(?:what|which)\s+(?:percent|per cent|is|was|has|year|date|day|month)\b", re.IGNORECASE
)
_COMPARED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\W*(?:please\s+)?(?:compare|contrast)\s+(?P<both>.+?)[\s?.!]*$",
        r"^\W*how\s+(?:do|does|did)\s+(?P<one>.+?)\s+(?:compare|differ)\s+(?:with|to|from|against)\s+(?P<other>.+?)[\s?.!]*$",
        r"^\W*how\s+(?:do|does|did)\s+(?P<both>.+?)\s+(?:compare|differ)[\s?.!]*$",
        r"^\W*what(?:\s+is|\s+are|['’]s)\s+the\s+differences?\s+between\s+(?P<both>.+?)[\s?.!]*$",
    )
)  # fmt: skip
_JOINT = re.compile(r",?\s+(?P<word>with|to|against|and|versus|vs\.?)\s+", re.IGNORECASE)
_REFERS = re.compile(r"(?:that|those|its|their|what|the ones?)\b", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?:(?:that|those|the ones?|the same)\s+)?(?P<link>of|in|to|from|with|for|by|on|at|among|between)\s+",
    re.I,
)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|her)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|they|he|she)\b", re.IGNORECASE)
_ENDS_OWNER = re.compile(r"['’]s?$")
_OWNER = re.compile(r"\b[A-Z][\w-]*(?:\s[A-Z][\w-]*)*['’]s?(?=\s)")


def topic_of(question: str) -> str | None:
    """What a question is about that asks for everything said of it; None for any other.

    >>> topic_of("What do the articles say about tourism?"), topic_of("Who leads the bank?")
    ('tourism', None)
    """
    for pattern in _TOPICS:
        if found := pattern.match(question):
            topic = _OF_PAPERS.sub("", found["topic"]).strip()
            return topic if stems(topic) else None
    return None


def asks_several(query: Query) -> bool:
    """Whether more than one thing may be asked for: a list, reasons, how something changed.

    >>> asks_several(Query("Which towns lie on the Ister?", "list"))
    True
    """
    return not _ONE.match(query.text) and _SEVERAL.match(query.text) is not None


def sides_of(question: str) -> tuple[str, str] | None:
    """The two things that a question compares, each in words that stand alone; None if it does not.

    >>> sides_of("Compare the exports to Chile with those to Peru.")
    ('the exports to Chile', 'the exports to Peru')
    """
    for pattern in _COMPARED:
        if found := pattern.match(question):
            groups = found.groupdict()
            both = groups.get("both")
            parted = _parted(both) if both else (groups["one"], groups["other"])
            if parted is None:
                return None
            one, other = _headed(parted[0].strip(), parted[1].strip())
            other = _completed(one, other)
            return (one, other) if stems(one) and stems(other) and one != other else None
    return None


def _parted(both: str) -> tuple[str, str] | None:
    """Where the two sides part: before "with that", "and in"; not in "trade with Chile"."""
    joints = [
        (both[: j.start()], both[j.end() :], j["word"].lower()) for j in _JOINT.finditer(both)
    ]

    def rank(joint: tuple[str, str, str]) -> int:
        left, right, word = joint
        link = _PREPOSITION.match(right)
        repeated = link is not None and f" {link['link'].lower()} " in f" {left.lower()} "
        if _REFERS.match(right) or (repeated and word in {"and", "with", "to"}):
            return 0
        return {"versus": 1, "vs": 1, "vs.": 1, "with": 2, "against": 2, "to": 3}.get(word, 4)

    best = min(joints, key=rank, default=None)
    return None if best is None else (best[0], best[1])


def _headed(one: str, other: str) -> tuple[str, str]:
    """The first side with what it shares: "the police's and the union's figure"."""
    owner = re.match(r".*['’]s?\s+(?=\S)", other)
    return (
        (f"{one} {other[owner.end() :]}", other)
        if owner and _ENDS_OWNER.search(one)
        else (one, other)
    )


def _completed(one: str, other: str) -> str:
    """The second side with what it leaves out: "those to Peru", "its imports", "the Lark"."""
    if owner := _OWNER.search(one):
        other = _POSSESSIVE.sub(owner.group(), other)
    names = find_names(one)
    if names:
        other = _PRONOUN.sub(names[0].text, other)
    if link := _PREPOSITION.match(other):
        at = one.lower().rfind(f" {link['link'].lower()} ")
        return f"{one[:at]} {link['link']} {other[link.end() :]}" if at > 0 else other
    own = find_names(other)
    if names and len(own) == 1 and set(stems(other)) <= set(stems(own[0].text)):
        last = names[-1].span  # "the price of the Ember" and "the Lark"
        return f"{one[: last.start]}{own[0].text}{one[last.end :]}"
    return other
