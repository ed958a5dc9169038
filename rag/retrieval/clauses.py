"""A question → the words for what it is about: its subject, an event or a place in it."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re

from rag.checking.syntax.names import find_names
from rag.types import Span

_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|does|do|did|has|have|had|will|would|can|could|should)(?:n['’]t)?\s+(?=\S)",
    re.IGNORECASE,
)
_CONNECTS = frozenset(
    "of between and with from to for on in the a an against among about by at or".split()
)
_NO_SUBJECT = re.compile(
    r"(?:it|there|he|she|they|you|i|we|this|that|these|those|not|so)\b", re.IGNORECASE
)
# Words that end a subject: the verb or adjective of the question.
_VERBS = frozenset(
    """go come amount cost pay buy sell export import rank stand make take get give have say think want ask do be put see need
    play win lose use become begin start grow rise fall shrink change hold find call help lead account visit recognise
    recognize agree earn spend reach include belong plan expect intend receive offer deliver produce generate handle carry
    open close die live work serve speak compare provide support supply send mean look like enter leave
    gone been grown risen fallen shrunk become begun got made had said sold bought paid given taken won lost left kept held
    set seen known done worth right true new large big high still already now currently so very yet ever also only just too
    likely able free good bad better different responsible""".split()
)
_PARTICIPLE = re.compile(r"\w{3,}(?:ed|ing)$", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_EVENT = re.compile(
    r"\b(?:in|during|at|of|by|after|before|about|on)\s+(the\s+(?!(?:world|country|region|year|month|list)\b)[a-z][^,?:]{2,60}?)"
    r"(?=,|\?|:|$|\s+(?:is|are|was|were|has|have)\b)"
)
_PLURAL = re.compile(r"\b((?!(?:was|is|has|its|does|his|this)\b)[a-z]{2,}[^s\W]s\b[^,?:]*)")
_ASKED_PLURAL = re.compile(
    r"^(?:what|which|how many)\s+((?:[\w-]+\s+)?(?!(?:is|was|has|does)\b)[\w-]+[^s\W]s)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"\b((?:the|an?)\s+[a-z][^,?:]{2,60}?)\s*\?*$")
_MAX_SUBJECT_WORDS = 9


def subject_of(question: str) -> Span | None:
    """The subject behind the question's auxiliary verb, where it is more than a pronoun.

    >>> q = "How much does trade between Orla and Lund amount to?"
    >>> subject_of(q).of(q)
    'trade between Orla and Lund'
    """
    auxiliary = _AUXILIARY.search(question)
    if auxiliary is None or _NO_SUBJECT.match(question, auxiliary.end()):
        return None
    expects, end = True, auxiliary.end()
    for count, word in enumerate(_WORD.finditer(question, auxiliary.end())):
        plain = word.group().strip("\"'“”‘’,;:?.!").lower()
        if not expects and (plain in _VERBS or _is_participle(word.group())):
            break
        if plain in {"by", "since", "in", "at"} and re.match(r"\s+\S*\d", question[word.end() :]):
            break
        if count == _MAX_SUBJECT_WORDS:
            return None
        expects = plain in _CONNECTS or word.group().endswith(("'s", "’s", "s'", "s’"))
        end = word.end() - (len(word.group()) - len(word.group().rstrip("?,;:.!")))
        if end < word.end():
            break
    return Span(auxiliary.end(), end) if end > auxiliary.end() else None


def _is_participle(word: str) -> bool:
    return word[0].islower() and _PARTICIPLE.match(word.strip(",;:?.!")) is not None


def event_of(question: str) -> str | None:
    """What something may have happened in: the last "the …" behind a preposition.

    >>> event_of("Orla stood firm in the siege of 1920, is that right?")
    'the siege of 1920'
    """
    found = list(_EVENT.finditer(question))
    return found[-1].group(1).strip() if found else None


def plural_of(question: str) -> str | None:
    """The last plural and what belongs to it.

    >>> plural_of("Does Orla want guns made in Lund?"), plural_of("What ships has Orla sold?")
    ('guns made in Lund', 'the ships Orla has sold')
    """
    auxiliary = _AUXILIARY.search(question)
    found = list(_PLURAL.finditer(question, auxiliary.end() if auxiliary else 0))
    if found:
        return found[-1].group(1).strip()
    subject, asked = subject_of(question), _ASKED_PLURAL.match(question)
    if not (subject and asked and auxiliary):
        return None
    rest = question[subject.end :].rstrip(" ?")
    return f"the {asked.group(1)} {subject.of(question)} {auxiliary.group().strip()}{rest}"


def object_of(question: str) -> str | None:
    """What a question about its subject is about: the last "the …" of it.

    >>> object_of("Which club heads the boycott campaign?")
    'the boycott campaign'
    """
    found = _OBJECT.search(question)
    return found.group(1) if found and subject_of(question) is None else None


def place_of(question: str) -> str | None:
    """The last place named, with the names beside it.

    >>> place_of("What do they say about Orla and Lund?")
    'Orla and Lund'
    """
    names = find_names(question)
    if not names:
        return None
    start = names[-1].span.start
    for name in reversed(names[:-1]):
        if question[name.span.start + len(name.text) : start].strip() not in {"and", ","}:
            break
        start = name.span.start
    return question[start : names[-1].span.start + len(names[-1].text)]
