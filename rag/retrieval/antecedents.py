"""A question with pronouns and the turn before it → the question with what they stand for."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re

from rag.checking.syntax.names import find_names
from rag.retrieval.clauses import event_of, object_of, place_of, plural_of, subject_of
from rag.splitting.terms import stems

_QUOTED = re.compile(r"“([^”]*)”")
_PERSON = re.compile(r"\b(he|she|him|his|her|hers)\b", re.IGNORECASE)
_THING = re.compile(r"\b(it|its)\b", re.IGNORECASE)
_THINGS = re.compile(r"\b(they|them|their|theirs)\b", re.IGNORECASE)
_THAT_COUNTRY = re.compile(
    r"\b(?:that|this) (?:country|nation|state|city|town|place)\b", re.IGNORECASE
)
_THERE = re.compile(
    r"\b(?P<to>(?:go|went|gone|going|travel\w*|fl(?:y|ew)|move[ds]?|come|came)\s+)?there\b(?!\s+(?:is|are|was|were|a|any)\b)",
    re.I,
)
_EXISTS = re.compile(r"\b(?:is|are|was|were) there\b", re.IGNORECASE)
_INSIDE = re.compile(r"\b(in|during|at|after|before|from)\s+it\b", re.IGNORECASE)
_LATTER = re.compile(r"\bthe (former|latter)\b", re.IGNORECASE)
_CLEFT = re.compile(r"\b(?:is|was) it\b(?= (?:that|who|which|when)\b)", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween (.+ and .+)$")
_TAIL = re.compile(r":[^:?]*\?*$")  # "Does Orla want guns: which kinds?"
_POSSESSIVES = frozenset({"his", "her", "its", "their"})
_IS_SUBJECT = re.compile(r"^who(?:['’]s| is| was)\s+(?P<role>.+?)\s*\?*$", re.IGNORECASE)
_NOT_PERSON = re.compile(
    r"\b(?:Kashmir|Union|Committee|Ministry|War|Organi[sz]ation|Block|Republic|University)\b"
)


def resolved(question: str, before: str, answer: str) -> str:
    """The question with its pronouns replaced, or with what was spoken of behind it.

    Args:
        question: The follow-up, without the word that links it.
        before: The question before, standing on its own.
        answer: The text that it was answered with.
    """
    before = _TAIL.sub("", before)
    replaced = _persons(question, before, answer)
    for replace in (_places, _events, _things, _ordered):
        replaced = replace(replaced, before)
    if replaced != question:
        return replaced
    names = find_names(before)
    known = {name.key for name in find_names(question)}
    subject = subject_of(before)
    about = subject.of(before) if subject else object_of(before)
    if about and len(about.split()) > 2:
        context = about
    else:
        missing = dict.fromkeys(name.text for name in names if name.key not in known)
        context = ", ".join(missing) or before.rstrip("?")
    # Without a pronoun to replace, what was spoken of is named behind the question.
    return f"{question.rstrip('?')} ({context})?"


def _persons(question: str, before: str, answer: str) -> str:
    if not _PERSON.search(question):
        return question
    person = _person(before, answer)
    return _put(_PERSON, question, person) if person else question


def _person(before: str, answer: str) -> str | None:
    """Whom "he" stands for: of the people in the quotes him whose title was asked for, else the role."""
    quotes = " ".join(_QUOTED.findall(answer))
    people = [
        name.text
        for name in find_names(quotes)
        if name.kind == "other"
        and len(name.text.split()) >= 2
        and not _NOT_PERSON.search(name.text)
    ]
    asked = set(stems(before))
    titled = [person for person in people if asked & set(stems(person))]
    if titled:
        return max(titled, key=lambda person: len(asked & set(stems(person))))
    if role := _IS_SUBJECT.match(before):
        return role["role"]
    named = [n.text for n in find_names(before) if n.kind == "other" and len(n.text.split()) >= 2]
    return next(iter([*named, *people]), None)


def _places(question: str, before: str) -> str:
    place = place_of(before)
    if place is None:
        return question
    question = _THAT_COUNTRY.sub(lambda _: place, question)
    if _EXISTS.search(question):
        return question
    return _THERE.sub(lambda m: f"{m['to']}to {place}" if m["to"] else f"in {place}", question)


def _events(question: str, before: str) -> str:
    event = event_of(before)
    if event is None:
        return question
    return _INSIDE.sub(lambda m: f"{m.group(1)} {event}", question, count=1)


def _things(question: str, before: str) -> str:
    if _CLEFT.search(question):
        return question
    subject = subject_of(before)
    names = find_names(before)
    thing = subject.of(before) if subject else object_of(before)
    thing = thing or (names[0].text if names else None)
    if thing and (found := _THING.search(question)):
        owner = _owner(thing) if found.group().lower() == "its" else None
        question = _put(_THING, question, owner or thing)
    if _THINGS.search(question):
        plural = thing if thing and _is_plural(thing) else None
        plural = plural or _pair(thing or "") or plural_of(before)
        question = _put(_THINGS, question, plural) if plural else question
    return question


def _owner(thing: str) -> str | None:
    """Whose the thing is: of "Orlan exports" Orla."""
    names = find_names(thing)
    first = names[0] if names and names[0].span.start == 0 else None
    return first.key if first and first.kind == "country" and len(thing.split()) > 1 else None


def _pair(thing: str) -> str | None:
    """The two that something is between."""
    found = _BETWEEN.search(thing)
    return found.group(1) if found else None


def _is_plural(thing: str) -> bool:
    head = re.split(r"\s(?:of|between|to|from|in|for|on|with)\s", thing)[0]
    return head.lower().endswith("s") or " and " in head


def _ordered(question: str, before: str) -> str:
    names = find_names(before)
    if not names:
        return question
    return _LATTER.sub(
        lambda m: names[-1 if m.group(1).lower() == "latter" else 0].text, question, count=1
    )


def _put(pronoun: re.Pattern[str], question: str, thing: str) -> str:
    def put(found: re.Match[str]) -> str:
        return f"{thing}'s" if found.group().lower() in _POSSESSIVES else thing

    return pronoun.sub(put, question, count=1)
