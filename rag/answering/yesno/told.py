"""A sentence → its clauses with what a yes or no is read from: subject, verb, objects, figures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rag.answering.yesno import grammar
from rag.answering.yesno.asked import tokens_of
from rag.answering.yesno.words import GOES_ON
from rag.checking.subjects.parsed import Parsed, parse
from rag.checking.syntax.clauses import Clause
from rag.checking.syntax.wordclasses import BE, HAVE
from rag.checking.syntax.words import Word
from rag.types import Figure

_FUTURE = frozenset("will 'll won't shall".split())
_PAST = frozenset("was were had did wasn't weren't hadn't didn't".split())
_LINK = re.compile(
    r"\b(?P<link>to|from|by|against|for|under|without|before|after)"
    r"\s+(?:the\s+)?(?:[\w-]+\s+)?(?:[\w’'-]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)  # without slots: what is read from it is kept
class ToldClause:
    """One clause of a sentence."""

    parsed: Parsed
    number: int
    subject_text: str
    """Its subject, its own or the one that it takes over."""
    subject_low: frozenset[str]
    """All words of that in lower case."""

    @property
    def clause(self) -> Clause:
        """The clause itself."""
        return self.parsed.clauses[self.number]

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words."""
        return tuple(self.parsed.words[i] for i in self.clause.words)

    @cached_property
    def text(self) -> str:
        """Its words as a text."""
        return grammar.text_of(self.parsed, self.clause.words)

    @cached_property
    def low(self) -> frozenset[str]:
        """Its words and its subject's, in lower case."""
        parts = (part for word in self.words for part in word.text.split())
        return frozenset(map(grammar.lowered, parts)) | self.subject_low

    @cached_property
    def group(self) -> tuple[Word, ...]:
        """Its auxiliaries, adverbs and verbs."""
        return tuple(self.parsed.words[i] for i in grammar.verb_group(self.parsed, self.clause))

    @cached_property
    def verbs(self) -> tuple[Word, ...]:
        """Its full verbs, without those that only say when the act behind them is done."""
        verbs = [w for w in self.group if w.tag not in "XBT" and w.low not in BE | HAVE]
        return tuple(w for w in verbs if grammar.base_of(w) not in GOES_ON) or tuple(verbs)

    @property
    def is_chained(self) -> bool:
        """Whether one verb decides on the next: "refused to sell"."""
        return len(self.verbs) > 1 and any(word.tag == "T" for word in self.group)

    @property
    def bases(self) -> frozenset[str]:
        """Base forms of its full verbs."""
        return frozenset(map(grammar.base_of, self.verbs))

    @cached_property
    def head(self) -> str:
        """Base form of its full verb; "be" where it has none."""
        return grammar.base_of(self.verbs[-1]) if self.verbs else "be"

    @cached_property
    def head_stem(self) -> str:
        """The stem of that."""
        return next(iter(tokens_of(self.head)), "") if self.verbs else ""

    @property
    def is_copular(self) -> bool:
        """Whether it says what something is."""
        return self.head == "be"

    @property
    def is_passive(self) -> bool:
        """Whether what it tells is done to its subject."""
        if not self.verbs or self.verbs[-1].low.endswith("ing"):
            return False
        return self.verbs[-1].tag in "VE" and any(word.low in BE for word in self.group)

    @property
    def is_past(self) -> bool:
        """Whether it tells of the past."""
        verb = self.parsed.words[self.clause.verb]
        return verb.low in _PAST or grammar.is_past_form(verb)

    @property
    def is_future(self) -> bool:
        """Whether it tells what will be."""
        return bool(self.low & _FUTURE) or grammar.is_to_be(self.parsed.words, self.clause)

    @property
    def is_there(self) -> bool:
        """Whether it says that there is something."""
        return "there" in self.low and not self.verbs

    @property
    def negations(self) -> int:
        """How often it says no."""
        return sum(grammar.denies(word) for word in self.words)

    @cached_property
    def subject(self) -> tuple[str, ...]:
        """Stems of its subject."""
        return tokens_of(self.subject_text)

    @property
    def conjuncts(self) -> tuple[frozenset[str], ...]:
        """The parts of a subject of several: what is said holds of each."""
        return grammar.conjuncts_of(self.subject_text)

    @cached_property
    def lead(self) -> frozenset[str]:
        """Stems of what stands before its subject."""
        return frozenset(tokens_of(grammar.text_of(self.parsed, self.clause.lead)))

    @cached_property
    def telling(self) -> frozenset[str]:
        """Stems from its verb on."""
        own = (i for i in self.clause.words if i >= self.clause.verb)
        return frozenset(tokens_of(grammar.text_of(self.parsed, own)))

    @cached_property
    def predicate(self) -> frozenset[str]:
        """The same with its lead and the clauses that hang on it."""
        hanging = grammar.dependents_of(self.parsed, self.number)
        return self.telling | self.lead | frozenset(tokens_of(hanging))

    @property
    def heads_around(self) -> frozenset[str]:
        """Verbs of the other clauses: who says it."""
        return grammar.heads_around(self.parsed, self.number)

    @cached_property
    def object_heads(self) -> frozenset[str]:
        """Stems of the last words of the phrases right behind its verb."""
        return grammar.object_of(self.parsed, self.clause)[0]

    @property
    def object_is_figure(self) -> bool:
        """Whether a figure stands right behind its verb."""
        return grammar.object_of(self.parsed, self.clause)[1]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, without dates."""
        found = (self.parsed.figures[w.figure] for w in self.words if w.figure >= 0)
        return tuple(figure for figure in found if figure.kind != "date")

    @property
    def dates(self) -> frozenset[str]:
        """Stems of its dates."""
        return frozenset(t for w in self.words if w.tag == "Y" for t in tokens_of(w.text))

    def names_beside(self, subject: Iterable[str]) -> frozenset[str]:
        """Names of its subject that the question leaves out: "Foreign Minister Jan" Kral."""
        capitals = (word for word in self.subject_text.split() if word[:1].isupper())
        found = frozenset(token for word in capitals for token in tokens_of(word))
        return found if found & set(subject) else frozenset()

    def introduces(self, definite: frozenset[str]) -> bool:
        """Whether it tells of "a bill" where the question asks of "the bill", maybe another one."""
        return any(
            re.search(rf"\ban?\s+(?:[\w-]+\s+)?{re.escape(word)}\b", self.text, re.IGNORECASE)
            for word in definite
        )

    def has_link(self, link: str, name: str) -> bool:
        """Whether the word stands behind this preposition, which stands there only once.

        "Drones from Torvia and tents from Ostland" does not say from where the drones are.
        """
        links = [(m["link"].lower(), tokens_of(m.group())) for m in _LINK.finditer(self.text)]
        behind = [own for own, tokens in links if name in tokens]
        return behind[:1] == [link] and sum(own == link for own, _ in links) == 1


def told_clauses(sentence: str, before: str = "") -> tuple[ToldClause, ...]:
    """The clauses that state something; those after "if", or in somebody's own words, left out."""
    parsed = parse(sentence)
    found: list[ToldClause] = []
    for n, clause in enumerate(parsed.clauses):
        if clause.verb < 0 or clause.kind in {"aside", "part"} or grammar.is_unreal(parsed, n):
            continue
        subject = grammar.subject_of(parsed, n, before)
        if subject is None or grammar.is_quoted(parsed, clause):
            continue
        told = ToldClause(parsed, n, *subject)
        if not told.is_chained:
            found.append(told)
    return tuple(found)
