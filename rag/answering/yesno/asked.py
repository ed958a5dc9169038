"""A yes/no question → its content words in order, its verb, tense, figure and prepositions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.answering.yesno.words import NEEDED, NEGATIONS, same
from rag.checking.figures import find_figures
from rag.checking.syntax.names import find_names, is_demonym
from rag.checking.syntax.wordclasses import BE, verb_forms
from rag.splitting.terms import stems
from rag.types import Figure

_FORM = re.compile(
    r"^\W*(?P<aux>is|are|was|were|do|does|did|has|have|had|can|will|would|could|should)"
    r"(?P<neg>n['’]t)?\s+(?P<rest>.+?)\W*$",
    re.IGNORECASE,
)
# "Is it true that X", "X, right?"
_STATEMENT = re.compile(
    r"^\W*is (?:it|this) (?:true|right|correct|so|the case|a fact) that (?P<rest>.+?)\W*$", re.I
)
_TAGGED = re.compile(
    r"^\W*(?P<rest>[^,;:?]+)[,;:.]\s*(?:(?:is )?(?:that|this|it) (?:right|true|correct|so)|right"
    r"|correct|true(?: or false)?|right or wrong|yes or no|isn['’]t it)\W*$",
    re.IGNORECASE,
)
_FIRST_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|can)\b", re.IGNORECASE)
_FUTURE = frozenset({"will"})
_UNSURE = frozenset({"would", "could", "should"})
_ALTERNATIVES = re.compile(r"\bor\b|[;:?]|,\s*(?:and|but|who|which|if|so|because)\b", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:exceed(?:s|ed)?|more than|above|over|surpass(?:ed)?|topp?(?:ed)?"
    r"|(?:larger|higher|greater) than)\b",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\b(?:less than|below|under|(?:fewer|lower|smaller) than)\b", re.IGNORECASE)
_COMPARED = frozenset(
    stems(
        """exceeds exceed surpassed surpass topped top larger higher greater lower smaller above
        below worth"""
    )
)
_COMPARING = frozenset("more less than over under above below".split())
_AMERICA = re.compile(r"\b(?:US|U\.S\.A?\.?|USA)(?!\w)")  # "us" in lower case is a stop word
_LINK = re.compile(
    r"\b(?P<link>to|from|by|against|for|under|without|before|after)\s+(?:the\s+)?(?P<name>[\w-]+)",
    re.I,
)
_THE = re.compile(r"\bthe\s+([\w-]+(?:\s+[\w-]+)?)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")


Bound = Literal["over", "under"] | None
"""Whether the question asks for more than its figure, or less."""


@dataclass(frozen=True, slots=True)
class AskedClause:
    """What a yes/no question asks, in words to look for."""

    auxiliary: str
    tokens: tuple[str, ...]
    """Stems of its content words in order, verbs by their base form, amounts left out."""
    low: frozenset[str]
    """All its words in lower case."""
    verbs: frozenset[str]
    """Base forms of whatever may be a verb in it."""
    verb_stems: frozenset[str]
    participles: frozenset[str]
    """Base forms of those that may be participles."""
    figure: Figure | None
    bound: Bound
    definite: frozenset[str]
    """What it takes for known: the words behind "the", and the next ones."""
    links: tuple[tuple[str, str], ...]
    """Prepositions with the word behind each."""

    @property
    def needed(self) -> frozenset[str]:
        """Its small words that count, but for those that bound an amount: "more than 12"."""
        return self.low & NEEDED - (_COMPARING if self.bound else frozenset())

    @property
    def is_future(self) -> bool:
        """Whether it asks what will be."""
        return self.auxiliary in _FUTURE

    @property
    def is_present(self) -> bool:
        """Whether it asks what is so now."""
        return self.auxiliary in {"is", "are", "do", "does"}

    @property
    def is_there(self) -> bool:
        """Whether it asks if there is something."""
        return "there" in self.low

    @property
    def is_copular(self) -> bool:
        """Whether it asks what something is, not what is done."""
        return self.auxiliary in BE or (bool(self.low & {"been", "be"}) and not self.participles)

    def is_passive(self, verb: str, stem: str) -> bool:
        """Whether it asks if that is done to its subject, or is so of it: "interested"."""
        unknown = verb not in verb_forms() and stem in self.tokens
        named = verb in self.participles or unknown
        return named and (self.auxiliary in BE or "been" in self.low)


def read_question(question: str) -> AskedClause | None:
    """What is asked; None for a question that is not plain: "or", "not", what could be."""
    if statement := _STATEMENT.match(question) or _TAGGED.match(question):
        verb = _FIRST_VERB.search(statement["rest"])
        question = f"{verb.group() if verb else 'did'} {statement['rest']}"
    found = _FORM.match(question)
    if found is None or _ALTERNATIVES.search(found["rest"]):
        return None
    auxiliary, rest = found["aux"].lower(), found["rest"]
    low = frozenset(w if w == "May" else w.lower() for w in _WORD.findall(rest))
    figures = [f for f in find_figures(rest) if f.kind != "date"]
    if len(figures) > 1:  # "in the first half of 2024" is a time
        figures = [f for f in figures if f.kind not in {"ratio", "rank"}]
    if auxiliary in _UNSURE or low & NEGATIONS or len(figures) > 1 or found["neg"]:
        return None
    figure = figures[0] if figures else None
    bound = _bound(rest, figure)
    bare = rest if figure is None else f"{rest[: figure.span.start]} {rest[figure.span.end :]}"
    tokens = tokens_of(bare)
    if figure is not None:
        tokens = tuple(token for token in tokens if token not in _COMPARED)
    forms = [verb_forms().get(word) for word in low]
    verbs = frozenset(form[0] for form in forms if form)
    return AskedClause(
        auxiliary,
        tokens,
        low,
        verbs,
        frozenset(stem for verb in verbs for stem in stems(verb)),
        frozenset(form[0] for form in forms if form and "participle" in form[1]),
        figure,
        bound,
        frozenset(word.lower() for found in _THE.findall(bare) for word in found.split()),
        tuple(
            (m["link"].lower(), tokens_of(m["name"])[0])
            for m in _LINK.finditer(bare)
            if tokens_of(m["name"])
        ),
    )


def _bound(rest: str, figure: Figure | None) -> Bound:
    if figure is None or figure.kind == "rank":
        return None
    before = rest[: figure.span.start + 12]
    if _OVER.search(before):
        return "over"
    return "under" if _UNDER.search(before) else None


def tokens_of(text: str) -> tuple[str, ...]:
    """Stems of the content words in order: verbs by their base form, "Indian" as "India"."""
    text = _AMERICA.sub("America", text)
    for name in reversed(find_names(text)):
        if is_demonym(name):
            text = f"{text[: name.span.start]}{name.key}{text[name.span.end :]}"
    forms = verb_forms()
    found: list[str] = []
    for word in _WORD.findall(text):
        known = forms.get(word.lower()) if word.islower() else None
        found.extend(same(stem) for stem in stems(known[0] if known else word))
    return tuple(found)
