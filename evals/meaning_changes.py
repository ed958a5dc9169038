"""A sentence and its article's names → the same with its meaning turned, each kind by its name."""

# ruff: noqa: E501 - tables and patterns, a few words a line
from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.checking.syntax.wordclasses import verb_forms


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence of an article, and the names to mistake its own for."""

    sentence: str
    here: tuple[str, ...]
    """Names of the rest of the article that the sentence lacks."""
    elsewhere: tuple[str, ...]
    """Names of other articles that this one lacks."""


_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|does|did)\b(?! not|n['’]t)(?= [a-z])"
)
_NOT = re.compile(
    r"(?<=\w)n['’]t\b| not\b(?! only)|\bnever |\bno (?=[a-z]{4,})(?!longer|doubt|more|less)"
)
_CANT = re.compile(r"\b(?:ca|wo)n['’]t\b|\bcannot\b")
_FULL = {"ca": "can", "wo": "will"}
_PAIRS = """
rose fell|rise fall|rises falls|rising falling|increased decreased|increase decrease|increasing decreasing
gained lost|won lost|win lose|winning losing|winner loser|before after|began ended|begin end|start finish|started finished
opened closed|open closed|opening closing|accepted rejected|accept reject|approved rejected|approve reject
supported opposed|support oppose|supporters opponents|supports opposes|allowed banned|allow forbid|allows forbids
confirmed denied|confirm deny|confirms denies|bought sold|buy sell|buying selling|arrived left|entered left
higher lower|highest lowest|high low|larger smaller|largest smallest|large small|big small|bigger smaller|biggest smallest
more fewer|most least|above below|over under|up down|first last|best worst|better worse|good bad|strong weak|stronger weaker
early late|earlier later|old new|older younger|oldest youngest|legal illegal|guilty innocent|alive dead|safe dangerous
success failure|succeeded failed|successful unsuccessful|likely unlikely|possible impossible|able unable|agreed disagreed|agree disagree
passed failed|hired fired|added removed|joined left|strengthened weakened|improved worsened|improve worsen|fast slow|faster slower
majority minority|advantage disadvantage|victory defeat|praised criticized|praise criticize|welcomed condemned
with without|inside outside|ahead behind|male female|men women|man woman|north south|northern southern|east west|eastern western
long short|longer shorter|hot cold|warm cool|rich poor|public private|cheap expensive|full empty|true false|right wrong
""".split("|")
_OTHERS = {
    one: other
    for pair in "|".join(_PAIRS).replace("\n", "|").split("|")
    if pair.strip()
    for one, other in (pair.split(), pair.split()[::-1])
}
_TURNED = re.compile(rf"\b(?:{'|'.join(sorted(_OTHERS, key=len, reverse=True))})\b")
_SAYS = r"(?:said|says|told reporters|told CNN|alleged|claimed that|announced that|reported that|believes|warned|added|argued|wrote|explained|noted|stated)"
_WHO = r"[A-Z][^,;:“”\"]{2,60}?"
_FRONT = re.compile(
    rf"^(?:{_WHO}) {_SAYS}(?: that| on \w+day that| \w+day that| in a statement that)?,? (?P<what>(?:the|a|an|it|they|he|she|his|her|its|their|there|more|about|some|[A-Z])[^“”\"]{{25,}})$"
)
_BEHIND = re.compile(
    r"^(?P<what>[A-Z][^“”\"]{25,}?), (?:according to [^,“”\"]{3,60}|(?!but|and|which|who|because|when)(?:the )?[\w .'’-]{2,50} (?:said|says|reported)|(?:said|says) [A-Z][\w.’-]+(?: [A-Z][\w.’-]+){0,3})\.$"
)
_ACCORDING = re.compile(r"^According to [^,“”\"]{3,60}, (?P<what>[^“”\"]{25,})$")
_HEDGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"\b(?:may|might|could)(?= (?:have|be|not|also|soon|[a-z]{3,})\b)", "will"),
        (r"\b(?:is|are) (?:widely )?expected to\b", "will"),
        (r"\b(?:appears?|seems?) to be\b", "is"),
        (r"\b(?:is|are) likely to\b", "will"),
        (r"\b(?:plans?|hopes?|intends?|wants?) to\b", "will"),
        (
            r"\b(?:reportedly|allegedly|possibly|probably|apparently|perhaps|likely|potentially) (?=[a-z])",
            "",
        ),
    )
)
_INVENTIONS = (
    "and two auditors have resigned", "after a quarrel with its landlord", "to the delight of investors",
    "which critics call a swindle", "because the boiler had burst", "and bribes were paid for it",
    "the worst result in its history", "while tenants were evicted",
)  # fmt: skip
_CAPITAL = r"[A-ZÀ-Þ][\w’'&.-]*[\w]"
_NAME = re.compile(rf"(?<=[a-z,] )(?:{_CAPITAL})(?: {_CAPITAL}){{0,2}}(?=[\s,.;:])")
_CALENDAR = re.compile(
    r"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|^(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Aug|Sept|Oct|Nov|Dec|I|Mr|Mrs|Ms|Dr|U)\b"
)
_PLACED = re.compile(r"\b(?:in|at|near|from|to) $")


def names_of(text: str) -> list[str]:
    """The capitalised runs inside sentences, without days and months, in order."""
    found = [m.group().removesuffix("’s").removesuffix("'s") for m in _NAME.finditer(text)]
    return [name for name in dict.fromkeys(found) if not _CALENDAR.match(name)]


def changes(stated: Stated, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Every kind of change that the sentence allows, by its name, once each."""
    kinds: tuple[tuple[str, Callable[[Stated, random.Random], str | None]], ...] = (
        ("a negation put in", _negated),
        ("a negation left out", _affirmed),
        ("a word turned into its opposite", _opposite),
        ("agent and object exchanged", _exchanged),
        ("the attribution left out", unattributed),
        ("the hedge left out", _unhedged),
        ("a name changed, for one of the article", _renamed_here),
        ("a name changed, for one of another", _renamed_elsewhere),
        ("a place changed", _moved),
        ("an invention added", _invented),
    )
    for kind, change in kinds:
        changed = change(stated, rng)
        if changed is not None and changed != stated.sentence:
            yield kind, changed


def _one(pattern: re.Pattern[str], text: str, rng: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def _cut(text: str, start: int, end: int, other: str) -> str:
    changed = text[:start] + other + text[end:]
    return changed[:1].upper() + changed[1:]


def _negated(stated: Stated, rng: random.Random) -> str | None:
    found = _one(_AUXILIARY, stated.sentence, rng)
    if found is None:
        return None
    return _cut(stated.sentence, found.end(), found.end(), rng.choice([" not", " not", " never"]))


def _affirmed(stated: Stated, rng: random.Random) -> str | None:
    if cannot := _one(_CANT, stated.sentence, rng):
        return _cut(stated.sentence, *cannot.span(), _FULL.get(cannot.group()[:2], "can"))
    found = _one(_NOT, stated.sentence, rng)
    if found is None:
        return None
    return _cut(stated.sentence, *found.span(), "the " if found.group().startswith("no ") else "")


def _opposite(stated: Stated, rng: random.Random) -> str | None:
    found = _one(_TURNED, stated.sentence, rng)
    return _cut(stated.sentence, *found.span(), _OTHERS[found.group()]) if found else None


def _exchanged(stated: Stated, rng: random.Random) -> str | None:
    """Two names with a verb and no comma between them change places."""
    text = stated.sentence
    opening = re.match(rf"(?:The )?{_CAPITAL}(?: {_CAPITAL}){{0,2}}(?= [a-z])", text)
    found = [*([opening] if opening else []), *_NAME.finditer(text)]
    pairs = [
        (one, other) for one, other in pairwise(found)
        if one.group().lower() not in _DULL and _acts(text[one.end() : other.start()])
        and not _CALENDAR.match(other.group()) and one.group() != other.group()
        and not re.search(r"[’']s$", one.group()) and not re.match(r"[’']s", text[other.end():])
    ]  # fmt: skip
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    between = text[one.end() : other.start()]
    return text[: one.start()] + other.group() + between + one.group() + text[other.end() :]


_DULL = frozenset(
    "the in on at it he she they this that but and if as when while after for by with from to of a an".split()
)


def _acts(between: str) -> bool:
    """Whether the words between two names are a verb with its object's article, and not "met"."""
    words = between.split()
    if not 1 <= len(words) <= 5 or any(c in between for c in ',;:()“”"—–'):
        return False
    if {"and", "or", "with", "met", "meet", "meets", "who", "is", "was", "than"} & set(words):
        return False
    kinds = [verb_forms()[w][1] for w in words if w in verb_forms()]
    regular = any(w.endswith("ed") and len(w) > 4 for w in words)
    return regular or any(k & {"past", "s"} for k in kinds)


def unattributed(stated: Stated, rng: random.Random) -> str | None:
    """What was said, without who said it."""
    _ = rng
    for pattern in (_ACCORDING, _BEHIND, _FRONT):
        if found := pattern.match(stated.sentence):
            what = found["what"].rstrip(".")
            if re.search(rf"\b{_SAYS}\b", what):
                continue
            return f"{what[0].upper()}{what[1:]}."
    return None


def _unhedged(stated: Stated, rng: random.Random) -> str | None:
    some = [
        (found, other) for pattern, other in _HEDGES for found in pattern.finditer(stated.sentence)
    ]
    if not some:
        return None
    found, other = rng.choice(some)
    return _cut(stated.sentence, *found.span(), other)


def _rename(
    stated: Stated, names: Sequence[str], rng: random.Random, *, places: bool
) -> str | None:
    text = stated.sentence
    own = [
        m for m in _NAME.finditer(text)
        if not _CALENDAR.match(m.group()) and bool(_PLACED.search(text[: m.start()])) is places
        and not m.group().endswith(("’s", "'s"))
    ]  # fmt: skip
    others = [name for name in names if len(name) > 3]
    if not own or not others:
        return None
    found = rng.choice(own)
    mine = set(found.group().split())
    others = [name for name in others if not mine & set(name.split())]
    return _cut(text, *found.span(), rng.choice(others)) if others else None


def _renamed_here(stated: Stated, rng: random.Random) -> str | None:
    return _rename(stated, stated.here, rng, places=False)


def _renamed_elsewhere(stated: Stated, rng: random.Random) -> str | None:
    return _rename(stated, stated.elsewhere, rng, places=False)


def _moved(stated: Stated, rng: random.Random) -> str | None:
    return _rename(stated, stated.here or stated.elsewhere, rng, places=True)


def _invented(stated: Stated, rng: random.Random) -> str | None:
    if not stated.sentence.endswith("."):
        return None
    return f"{stated.sentence[:-1]}, {rng.choice(_INVENTIONS)}."
