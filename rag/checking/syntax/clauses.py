"""The words of a sentence → its clauses: which words are in each, its subject and its verb."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rag.checking.syntax import lookahead as ahead
from rag.checking.syntax.wordclasses import SAYING
from rag.checking.syntax.words import Word

ClauseKind = Literal["main", "also", "relative", "sub", "part", "aside"]

_MARKS = frozenset(",;:-()\"'.?!")
_FINITE, _NOMINAL = frozenset("VX"), frozenset("NJGEFYDOPB")


@dataclass(slots=True)
class Clause:
    """A clause: what is said of one subject.

    `kind`: main; also (a further predicate of the clause before: "and fell"); relative; sub
    (after "while", "because"); part (", topping …"); aside (in brackets or between dashes).
    """

    kind: ClauseKind
    parent: int = -1
    """The clause it hangs on or continues, or -1."""
    anchor: int = -1
    """The word before which it hangs: of a relative or an aside."""
    words: list[int] = field(default_factory=list)
    lead: list[int] = field(default_factory=list)
    """Words of an adverbial before its subject: "In 2018, …"."""
    subject: list[int] = field(default_factory=list)
    """Words before its verb; empty where it has none of its own."""
    verb: int = -1
    """Its first finite verb or auxiliary, or what stands for one, or -1."""


def split_clauses(words: list[Word]) -> list[Clause]:
    """The clauses in order of their first words."""
    splitter = _Splitter(words)
    for i in range(len(words)):
        splitter.take(i)
    for clause in splitter.clauses:
        _set_subject(words, clause)
    return splitter.clauses


class _Splitter:
    """Goes through the words once; the open clauses lie on a stack."""

    def __init__(self, words: list[Word]) -> None:
        self.words = words
        self.clauses = [Clause("main")]
        self.stack = [0]
        self.dash = False

    @property
    def open(self) -> Clause:
        """What the next word belongs to."""
        return self.clauses[self.stack[-1]]

    def take(self, i: int) -> None:
        """Puts a word into the clause it belongs to."""
        tag = self.words[i].tag
        if tag in _MARKS:
            self._mark(i, tag)
            return
        self._turn(i, tag)
        clause = self.open
        clause.words.append(i)
        if tag in _FINITE and (clause.verb < 0 or self._was_reduced(clause, i)):
            clause.verb = i
        if clause.verb < 0 and tag in {"G", "E"} and clause.kind == "part":
            clause.verb = i

    def _turn(self, i: int, tag: str) -> None:
        """Opens or closes a clause where the word asks for it."""
        if tag == "R":
            self._begin("relative", i)
        elif tag == "S":
            self._subordinate(i)
        elif tag == "C":
            self._coordinate(i)
        elif self._opens_part(i):
            self._begin("part", i)
        elif tag in "NDOJF" and self._is_told(i):
            self._begin("sub", i)  # "officials said | 12 people died"
        elif tag in _FINITE and self._returns(i):
            self._close()

    def _begin(self, kind: ClauseKind, i: int) -> None:
        self.clauses.append(Clause(kind, parent=self.stack[-1], anchor=i - 1))
        self.stack.append(len(self.clauses) - 1)

    def _close(self) -> None:
        if len(self.stack) > 1:
            self.stack.pop()

    def _close_aside(self) -> None:
        while len(self.stack) > 1 and self.open.kind != "aside":
            self._close()
        self._close()

    def _replace(self, kind: ClauseKind) -> None:
        """Goes on with a clause beside the open one."""
        before = self.stack.pop()
        self.clauses.append(Clause(kind, parent=before))
        self.stack.append(len(self.clauses) - 1)

    def _mark(self, i: int, tag: str) -> None:
        if tag == "(":
            self._begin("aside", i)
        elif tag == ")":
            self._close_aside()
        elif tag == "-" and ahead.is_spaced(self.words, i):
            if self.dash:
                self._close_aside()
            else:
                self._begin("aside", i)
            self.dash = not self.dash
        elif tag in {";", ":"} and not ahead.touches(self.words, i) and self.open.words:
            self.stack = self.stack[:1]
            self._replace("main")
        elif tag == ",":
            self._comma(i)

    def _comma(self, i: int) -> None:
        """Ends a relative, a participle's or an opening clause; parts main clauses."""
        clause = self.open
        own = ahead.has_own_subject(self.words, i)
        if self._names_speaker(i):
            self.stack = self.stack[:1]
            self._replace("main")
        elif self._ends_inner(i, own=own):
            self._close()
        elif clause.verb >= 0 and own:
            self._replace("main")
        elif clause.verb < 0 and clause.words and not clause.lead and clause.kind != "aside":
            first = self.words[clause.words[0]].tag
            if first in {"P", "Y"} or (first in "GETB" and clause.kind != "part"):
                clause.lead = list(clause.words)

    def _names_speaker(self, i: int) -> bool:
        """Whether ", said Ms Kranich" follows."""
        after = self.words[i + 1 : i + 3]
        says = len(after) == 2 and after[0].tag == "V" and after[0].verb in SAYING
        return says and after[1].tag in "ND" and self.open.verb >= 0

    def _ends_inner(self, i: int, *, own: bool) -> bool:
        """Whether the comma closes the open clause and goes back to the outer one."""
        clause = self.open
        if len(self.stack) < 2 or clause.kind == "aside":
            return False
        outer = self.clauses[self.stack[-2]]
        if all(self.words[w].tag in "CB" for w in outer.words):
            return True  # the clause opened the sentence
        opens = outer.verb < 0 <= clause.verb and self.words[outer.words[0]].tag == "P"
        if opens and own and clause.kind == "relative":
            outer.lead = list(outer.words)  # "Among those who voted, …"
            return True
        back = outer.verb < 0 and ahead.next_tag(self.words, i) in _FINITE
        return back or (clause.kind == "part" and clause.verb >= 0 and own)

    def _subordinate(self, i: int) -> None:
        if self.words[i].low in {"even", "so"} and ahead.next_tag(self.words, i) != "S":
            return
        if self.open.kind == "sub" and self.open.verb < 0:
            return  # "even if"
        self._begin("sub", i)

    def _coordinate(self, i: int) -> None:
        if self.open.verb < 0 or ahead.joins_names(self.words, i):
            return
        follows, own = ahead.next_tag(self.words, i), ahead.has_own_subject(self.words, i)
        verb = self.words[self.open.verb].tag
        inner = self.open.kind == "relative" and len(self.stack) > 1
        if (
            inner
            and not own
            and follows not in _FINITE
            and ahead.previous_tag(self.words, i) == ","
        ):
            self._close()
        elif follows in _FINITE or (follows in {"E", "G"} and verb == follows):
            self._replace("also")
        elif own:
            if self.open.kind in {"relative", "part"}:
                self._close()
            if self.open.verb >= 0:
                self._replace("main")

    def _returns(self, i: int) -> bool:
        """Whether this verb is the outer clause's: "the people who voted | were counted"."""
        clause = self.open
        if len(self.stack) < 2 or clause.verb < 0 or clause.kind not in {"relative", "part", "sub"}:
            return False
        outer = self.clauses[self.stack[-2]]
        return outer.verb < 0 < len(outer.words) and self.words[i - 1].tag not in "XBCRO"

    def _opens_part(self, i: int) -> bool:
        """Whether a clause without a finite verb begins: ", topping …", "with … saying"."""
        word = self.words[i]
        if word.low == "with" and word.tag == "P":
            return self.open.verb >= 0 and ahead.opens_absolute(self.words, i)
        if ahead.previous_tag(self.words, i) not in {",", "-"}:
            return False
        if word.tag == "V":
            return word.low.endswith("ed") and ahead.next_tag(self.words, i) == "P"
        started = word.tag == "E" and bool(self.open.words)
        return word.tag in {"G", "E"} and (self.open.verb >= 0 or started)

    def _was_reduced(self, clause: Clause, i: int) -> bool:
        """Whether the verb so far was a participle: "the fines levied | added up to"."""
        if clause.kind == "part":
            return False
        first = self.words[clause.verb]
        helped = any(self.words[j].tag == "X" for j in clause.words if j < clause.verb)
        joined = ahead.previous_tag(self.words, i) in {"X", "C", "T", ","}
        named = first.low.endswith("ed") or first.verb in {"make", "hold", "build", "sell", "buy"}
        return first.tag == "V" and first.verb not in SAYING and named and not (helped or joined)

    def _is_told(self, i: int) -> bool:
        """Whether a clause without "that" begins after a saying verb."""
        said = self.open.verb == i - 1 and self.words[i - 1].verb in SAYING
        return said and ahead.has_own_subject(self.words, i - 1)


def _set_subject(words: list[Word], clause: Clause) -> None:
    """The subject is what stands before the verb, without an opening adverbial."""
    if clause.verb < 0:
        return
    lead = set(clause.lead)
    before = [i for i in clause.words if i < clause.verb and i not in lead]
    while before and words[before[0]].tag in {"C", "S", "B", "R"}:
        before = before[1:]
    if before and words[before[0]].tag == "P" and words[before[0]].low != "of":
        if words[before[0]].low == "with" and clause.kind == "part":
            before = before[1:]
        elif not any(words[i].tag == "F" for i in before[:4]):
            before = _after_adverbial(words, clause, before)
    clause.subject = [i for i in before if words[i].tag in _NOMINAL]


def _after_adverbial(words: list[Word], clause: Clause, before: list[int]) -> list[int]:
    """An opening adverbial without a comma: its last noun phrase may be the subject."""
    cut = next((n for n, i in enumerate(before) if n and words[i].tag in {"D", "O"}), 0)
    clause.lead = clause.lead + before[:cut]
    return before[cut:]
