"""A bound figure and the text before it → with what its pronouns and bare nouns stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.checking.subjects.bound import Bound, entities_of, own_words
from rag.checking.subjects.parsed import Parsed, parse, terms_of
from rag.checking.syntax.names import find_names
from rag.checking.syntax.places import Place
from rag.checking.syntax.wordclasses import ANAPHORS
from rag.checking.syntax.words import Word
from rag.splitting.sentences import split_sentences
from rag.splitting.terms import stems
from rag.types import Span

MAX_EARLIER = 3
"""Sentences before that a pronoun may go back to."""

_BARE = frozenset("figure amount number total sum value level rate price share".split())
"""Nouns that say what they are the figure of in the sentence before."""
_BETWEEN = frozenset("trade commerc tie relat partnership border export import talk".split())
"""Stems of what stands between two parties: named before where not in the sentence."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a sentence."""

    earlier: tuple[str, ...]
    """The text before it, in parts of one sentence or a few."""
    title: str


def with_references(
    parsed: Parsed, place: Place, bound: Bound, before: Sequence[Bound], around: Around
) -> Bound:
    """The figure with what a pronoun, a bare noun or a counted noun left out stands for.

    Args:
        parsed: Its sentence.
        place: Where it stands in it.
        bound: The figure as the sentence alone tells it.
        before: The sentence's figures before it.
        around: What stands around the sentence.
    """
    bound = _with_noun(place, bound, before)
    words = parsed.words
    pronoun = any(_goes_back(words, i) for i in [*place.subject, *place.before, *place.after])
    inside = _inside(parsed, place) if pronoun else []
    if inside:
        return replace(
            bound,
            terms=bound.terms | terms_of(words, inside),
            entities=bound.entities or entities_of(parsed, inside, place),
        )
    bare = bound.quantity in _BARE and not bound.entities and len(bound.terms) < 4
    bare = bare or all(clause.verb < 0 for clause in parsed.clauses)  # a line of a list
    if pronoun or bare:
        return _with_topic(bound, around)
    said = {stem for i in own_words(words, place) for stem in stems(words[i].low)}
    return _with_parties(bound, around) if said & _BETWEEN and not bound.entities else bound


def _goes_back(words: Sequence[Word], i: int) -> bool:
    """Whether a word is a pronoun that stands for something said before."""
    if words[i].low in {"its", "their", "his", "her"}:
        return True
    return words[i].tag == "O" and words[i].low in ANAPHORS - {"those"}


def _inside(parsed: Parsed, place: Place) -> list[int]:
    """The subject of an earlier clause of the sentence, to which its pronouns go back."""
    for n in range(place.clause - 1, -1, -1):
        subject = parsed.clauses[n].subject
        if any(parsed.words[i].tag == "N" for i in subject):
            return [i for i in subject if parsed.words[i].tag not in "FY"]
    own = place.subject
    named = any(parsed.words[i].tag == "N" and not _goes_back(parsed.words, i) for i in own)
    return list(own) if named and not any(_goes_back(parsed.words, i) for i in own[:1]) else []


def _with_noun(place: Place, bound: Bound, before: Sequence[Bound]) -> Bound:
    """ "Killed 375 people and injured 44": people too."""
    if bound.figure.kind != "count" or place.noun >= 0:
        return bound
    last = next((b for b in reversed(before) if b.figure.kind == "count"), None)
    if last is None or not last.quantity or not last.figure.unit:
        return bound
    return replace(
        bound,
        quantity=last.quantity,
        terms=bound.terms | {last.quantity},
        why=f"counts what the figure before it counts; {bound.why}",
    )


def _with_topic(bound: Bound, around: Around) -> Bound:
    for text in _texts(around):
        terms, entities = _topic(text)
        if terms:
            return replace(
                bound,
                terms=bound.terms | terms,
                entities=bound.entities or entities,
                why=f"{bound.why}; goes back to “{_short(text)}”",
            )
    return bound


def _with_parties(bound: Bound, around: Around) -> Bound:
    for text in _texts(around):
        _, entities = _topic(text)
        if entities:
            why = f"{bound.why}; the parties are named in “{_short(text)}”"
            return replace(bound, entities=entities, why=why)
    return bound


def _texts(around: Around) -> list[str]:
    """The sentences before, the nearest first, and the title."""
    said = [sentence for text in around.earlier for sentence in _sentences(text)]
    return [*reversed(said[-MAX_EARLIER:]), around.title]


@lru_cache(maxsize=256)
def _sentences(text: str) -> tuple[str, ...]:
    return tuple(span.of(text) for span in split_sentences(text, Span(0, len(text))))


@lru_cache(maxsize=2048)
def _topic(text: str) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """What a sentence is about: its subject's terms and names; nothing where that is a pronoun."""
    parsed = parse(text)
    words = parsed.words
    clause = next((c for c in parsed.clauses if c.subject), None)
    subject = clause.subject if clause else [i for i, w in enumerate(words) if w.tag in "NJ"]
    if all(words[i].tag in "OB" for i in subject):
        return frozenset(), ()
    names = {name.span.start: name for name in find_names(text)}
    entities = tuple(
        (names[words[i].span.start].key, "subject") for i in subject if words[i].span.start in names
    )
    return terms_of(words, subject), entities or tuple((n.key, "of") for n in names.values())


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37].rstrip() + "…"
