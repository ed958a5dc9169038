"""A claim and the sentences it cites → a name or date that it puts into another one's place. Pure.

Figures, names and words may all stand in the cited words, and the claim be false: who bought is
exchanged with who sold, May with July. What is quoted instead is safe, so every doubt counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.checking.claims.alignment import content_keys, tokens
from rag.checking.figures import find_figures
from rag.checking.syntax.names import Name, find_names, is_named
from rag.splitting.sentences import split_sentences
from rag.types import Span

# Where another statement begins: "…, and X did", "… while", "… even though", "…; X".
_BREAK = re.compile(
    r";\s|,\s+(?:and|but|or|with)\s|,?\s(?:while|whereas|although|(?:even\s+)?though|because|since|as"
    r"|after|before|when|where|unless|until|that|which|who|whose)\s"
)
_PREPOSITION = re.compile(
    r"\b(to|from|with|for|over|against|by|into|toward|towards|on|behind)\s+(?:the\s+)?(?:(?!wh)[a-z]+\s+)?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?:to|from|with|for|over|against|by|in|of|on)\s+(?:the\s+)?$", re.IGNORECASE
)
_ONE_OF = re.compile(
    r"\b(?:one|some|two|three|several|a few|many) of (?:the|its|their|his|her) (?:\w+ )??"
    r"(first|last|main|leading|top|only|most|least|biggest|\w+est)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"\b(?:one|some|two|three|several|few|many|among|amongst)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:the\s+)?$", re.IGNORECASE)
_PRONOUN = re.compile(r"^\W*(?:\w+\s+){0,3}?(?:it|they|he|she)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a sentence that may be told alone."""

    text: str
    subject: Name | None
    """The first name of its sentence, where it has none before its own verb."""

    @property
    def names(self) -> tuple[Name, ...]:
        return find_names(self.text)

    @property
    def days(self) -> frozenset[str]:
        return frozenset(
            f.span.of(self.text).lower() for f in find_figures(self.text) if f.kind == "date"
        )


def exchanged(claim: str, cited: Sequence[str]) -> str:
    """What the claim puts where the cited sentences have something else, for a reader; or nothing.

    Args:
        claim: One sentence.
        cited: The words that it cites, each of a sentence or a few.
    """
    told = [clause for text in cited for clause in _clauses(text)]
    if not told:
        return ""
    for clause in _clauses(claim):
        nearest = max(told, key=lambda other: _alike(clause.text, other.text))
        if fault := _misplaced(clause, nearest) or _borrowed(clause, nearest, told):
            return fault
    return _wrong_preposition(claim, cited) or _wrong_pair(claim, cited) or _sole(claim, cited)


def _clauses(text: str) -> Iterator[_Clause]:
    for sentence in split_sentences(text, Span(0, len(text))):
        words = sentence.of(text)
        # "From Turkey, A received X, while Y …": the first name that no preposition stands before.
        free = (n for n in find_names(words) if not _BEHIND.search(words[: n.span.start]))
        first, start = next(free, None), 0
        for end in (*(found.start() for found in _BREAK.finditer(words)), len(words)):
            part = words[start:end]
            if len(part.split()) > 1:
                yield _Clause(part, first if start else None)
                start = end


def _alike(one: str, other: str) -> int:
    """How many telling words and names two clauses share."""
    return len(content_keys(tokens(one)) & content_keys(tokens(other)))


def _misplaced(clause: _Clause, nearest: _Clause) -> str:
    """A name or date of a clause that the nearest cited one lacks, where that has another."""
    subject = nearest.subject
    absent = [
        name
        for name in clause.names
        if not is_named(name, nearest.text) and not (subject and is_named(name, subject.text))
    ]
    spare = [name for name in nearest.names if not is_named(name, clause.text)]
    if absent and (spare or _PRONOUN.match(nearest.text)):
        return f"“{absent[0].text}” is not what the words cited say this of"
    missing, others = clause.days - nearest.days, nearest.days - clause.days
    if missing and others:
        return f"“{min(missing)}” is not when the words cited say this was"
    return ""


def _borrowed(clause: _Clause, nearest: _Clause, told: Sequence[_Clause]) -> str:
    """A word of a clause that only another clause has, where the nearest one has words to spare."""
    own, held = tokens(clause.text), content_keys(tokens(nearest.text))
    others = frozenset().union(*(content_keys(tokens(o.text)) for o in told if o is not nearest))
    names = " ".join(name.text for name in clause.names).split()
    spare = held - content_keys(own)
    for before, word in pairwise(own):
        shared = before.content and before.key in held and before.text not in names
        if shared and spare and word.content and word.key in others - held:
            return f"“{before.text} {word.text}” is not what the words cited say"
    return ""


def _sole(claim: str, cited: Sequence[str]) -> str:
    """A superlative or rank that the cited words give to one of several."""
    text = " ".join(cited)
    for found in _ONE_OF.finditer(text):
        word = found[1].lower()
        said = re.search(rf"\b{word}\b", claim, re.IGNORECASE)
        if said and not _ONE.search(claim[: said.start()]):
            return f"the words cited say “{found[0]}”"
    return ""


def _wrong_preposition(claim: str, cited: Sequence[str]) -> str:
    """A name behind a preposition that stands before another name in the words cited."""
    held = [(word, name, text) for text in cited for word, name in _prepositions(text)]
    for word, name in _prepositions(claim):
        same = [(other, text) for one, other, text in held if one == word]
        if same and not any(is_named(name, other.text) for other, _ in same):
            return f"the words cited do not say “{word} {name.text}”"
    return ""


def _prepositions(text: str) -> Iterator[tuple[str, Name]]:
    for name in find_names(text):
        if found := _PREPOSITION.search(text[: name.span.start]):
            yield found[1].lower(), name


def _wrong_pair(claim: str, cited: Sequence[str]) -> str:
    """Two names that the claim puts between each other, the words cited others."""
    pairs = [pair for text in cited for pair in _pairs(text)]
    for one, other in _pairs(claim):
        if pairs and not any(
            all(is_named(name, f"{a.text} {b.text}") for name in (one, other)) for a, b in pairs
        ):
            return f"the words cited tell nothing between “{one.text}” and “{other.text}”"
    return ""


def _pairs(text: str) -> Iterator[tuple[Name, Name]]:
    names = find_names(text)
    for one, other in pairwise(names):
        joined = re.fullmatch(r"\s+and\s+(?:the\s+)?", text[one.span.end : other.span.start])
        if joined and _BETWEEN.search(text[: one.span.start]):
            yield one, other
