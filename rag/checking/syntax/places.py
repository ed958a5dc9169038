"""Words and clauses → for each figure the words that are its own, and those it shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.checking.syntax.clauses import Clause
from rag.checking.syntax.phrases import (
    governing_verb,
    noun_behind,
    predicate_of,
    until_source,
    whole_subject,
)
from rag.checking.syntax.words import Word

_PHRASE = frozenset("NJDOPBG")
_CHANGED = frozenset("up down from compared versus against above below than".split())


@dataclass(slots=True)
class Place:
    """Where a figure stands, as indices into the sentence's words."""

    word: int
    """The figure itself."""
    clause: int
    before: list[int] = field(default_factory=list)
    """Its own words before it: "a total compensation of"."""
    after: list[int] = field(default_factory=list)
    """Its own words behind it: "people in the north"."""
    subject: list[int] = field(default_factory=list)
    """What its clause is about, its own figure and words left out."""
    verb: int = -1
    """The verb that governs it, or -1."""
    predicate: list[int] = field(default_factory=list)
    """What is said of it where it stands in the subject."""
    which: list[int] = field(default_factory=list)
    """What a relative clause says of its own words."""
    noun: int = -1
    """The head of the nouns right behind it, or -1."""
    twin: int = -1
    """The place of the figure that it says again or changes: "525 feet (160 metres)"."""


def find_places(words: Sequence[Word], clauses: Sequence[Clause]) -> list[Place]:
    """The places of the figures, dates among them, in order."""
    places: list[Place] = []
    for n, clause in enumerate(clauses):
        figures = [i for i in clause.words if words[i].tag == "F"]
        cuts = _cuts(words, clause, figures)
        for k, i in enumerate(figures):
            places.append(_place(words, clauses, n, i, (cuts[k], cuts[k + 1])))
        places.extend(_date(words, clauses, n, i) for i in clause.words if words[i].tag == "Y")
    places.sort(key=lambda place: place.word)
    for place, behind in pairwise(places):
        _join(words, place, behind)
    for place in places:
        _add_relatives(words, clauses, place)
        _find_twin(words, clauses, places, place)
    return places


def _join(words: Sequence[Word], place: Place, behind: Place) -> None:
    """What follows the second of "53 % of 40 samples" or "1.4 billion $2 bills" is the first's."""
    inner = words[place.word + 1 : behind.word]
    lows = [word.low for word in inner]
    attributive = "-" in words[behind.word].text and behind.noun >= 0
    linked = not inner or lows[0] == "of" or lows in (["to"], ["out", "of"])
    linked = linked or (attributive and all(w.tag in "PDBJ" for w in inner))  # "for a two-day pass"
    both = words[place.word].tag == words[behind.word].tag == "F" and place.clause == behind.clause
    if linked and both and len(inner) < 4 and place.noun < 0:
        place.noun = behind.noun
        place.after = [*place.after, *behind.after]


def _add_relatives(words: Sequence[Word], clauses: Sequence[Clause], place: Place) -> None:
    """What a clause without a comma says of the figure's own words: "parents who gave …"."""
    own = {place.word, *place.before, *place.after, *place.subject}
    told = -1
    for n, clause in enumerate(clauses):
        if clause.kind == "also" and clause.parent == told:
            place.which += clause.words  # "who gave or considered"
        which = clause.kind == "relative" and words[clause.anchor].tag != ","
        says = clause.parent == place.clause and clause.anchor == clauses[place.clause].verb
        if says and place.word < clause.anchor:  # "29 % said they talked"
            place.which += clause.words
        until = clause.kind == "sub" and clause.anchor == place.word  # "two days before …"
        if (which and clause.anchor in own) or until:
            said = [j for j in clause.words if words[j].tag != "R"]
            stop = next((k for k, j in enumerate(said) if words[j].tag == "F"), len(said))
            place.which += said[:stop]
            told = n


def _cuts(words: Sequence[Word], clause: Clause, figures: list[int]) -> list[int]:
    """The words at which one figure's own words end and the next one's begin."""
    first = clause.words[0] - 1 if clause.words else -1
    cuts = [first]
    for one, other in pairwise(figures):
        verb = one < clause.verb < other
        low = clause.verb if verb else one
        while verb and words[low + 1].tag in "XV":
            low += 1  # "have been reported"
        cuts.append(_boundary(words, list(range(low + 1, other)), low if verb else other))
    return [*cuts, (clause.words[-1] + 1) if clause.words else 0]


def _boundary(words: Sequence[Word], between: list[int], other: int) -> int:
    """Where the second figure's words begin: a comma, "and", a verb, else its preposition."""
    for i in between:
        joins = words[i].tag == "C" and words[i - 1].tag in "JE" and words[i + 1].tag in "JE"
        if (words[i].tag in {",", "C", ";", ":"} or words[i].tag in "VXITR") and not joins:
            return i
    named = next((i for i in between if words[i].tag == "N"), other)
    for i in reversed(between):
        every = words[i].low in {"every", "each"}
        if every or (words[i].tag == "P" and (words[i].low != "of" or i > named)):
            return i
    return next((i for i in between if words[i].tag == "G"), other)


def _place(
    words: Sequence[Word], clauses: Sequence[Clause], n: int, i: int, cut: tuple[int, int]
) -> Place:
    clause = clauses[n]
    place = Place(i, n, verb=governing_verb(words, clause, i, cut[0]))
    opener = words[cut[0]].tag if cut[0] >= 0 else ""
    inside = [j for j in clause.words if cut[0] <= j < cut[1] and j != i]
    start = clause.verb if cut[0] < clause.verb < i else cut[0] - (opener == "P")
    place.before = [j for j in inside if start < j < i]
    place.after = until_source(words, [j for j in inside if j > i])
    place.noun = noun_behind(words, clause, i)
    place.subject = whole_subject(words, clauses, n)
    if clause.verb > i:
        place.after = [j for j in place.after if j < clause.verb]
        place.predicate = predicate_of(words, clause)
        first = next(j for j in clause.words if words[j].tag == "F")
        place.subject = [j for j in place.subject if j < first and not cut[0] <= j < cut[1]]
    elif opener in {"C", ",", "P", "D"}:
        _inherit(words, clause, place, cut[0])
    if clause.kind == "aside" and clause.anchor < clauses[clause.parent].verb:
        place.predicate = predicate_of(words, clauses[clause.parent])
    if i in clause.lead:
        rest = [j for j in clause.words if j not in clause.lead and words[j].tag not in "FY"]
        place.predicate = until_source(words, rest)
    return place


def _inherit(words: Sequence[Word], clause: Clause, place: Place, cut: int) -> None:
    """In "A costs 3 and B 4", B stands for A; in "3 for A and 4 for B", A's words go."""
    own = any(words[j].tag == "N" for j in place.before)
    first = next((j for j in clause.words if words[j].tag == "F"), place.word)
    shared = [j for j in clause.words if clause.verb < j < first]
    if own and cut > clause.verb >= 0 and _replaces_subject(words, place, shared):
        place.subject = []
        place.after = place.after or [j for j in clause.words if first < j < cut]
    elif place.noun < 0 and words[cut].tag in {"P", "D"}:  # "fired shells for 12 hours"
        said = [j for j in clause.words if clause.verb < j < cut and words[j].tag not in "FY"]
        place.before = [*said, *place.before]
    elif place.noun < 0 and not own:
        place.before = [*shared, *place.before]


def _replaces_subject(words: Sequence[Word], place: Place, shared: list[int]) -> bool:
    """Whether the nouns right before a figure are another subject: "and the tent 3 kg"."""
    behind = words[place.word - 1]
    elided = behind.tag in "NB" and not behind.owner
    direct = any(words[j].tag == "P" for j in place.before)
    return elided and not direct and not any(words[j].tag == "N" for j in shared)


def _date(words: Sequence[Word], clauses: Sequence[Clause], n: int, i: int) -> Place:
    """A date is about what its clause says."""
    clause = clauses[n]
    place = Place(i, n, subject=whole_subject(words, clauses, n))
    place.verb = governing_verb(words, clause, i, clause.words[0])
    near = [j for j in clause.words if place.verb < j < i and words[j].tag in _PHRASE]
    place.before = near[-8:]
    if i + 1 < len(words) and words[i + 1].tag != "P":
        place.noun = noun_behind(words, clause, i)
    if clause.verb > i:
        place.predicate = predicate_of(words, clause)
    return place


def _find_twin(
    words: Sequence[Word], clauses: Sequence[Clause], places: list[Place], place: Place
) -> None:
    """The figure that an aside, or a "from … to …" behind a comma, goes back to."""
    clause = clauses[place.clause]
    earlier = [k for k, p in enumerate(places) if p.word < place.word and words[p.word].tag == "F"]
    if words[place.word].tag != "F" or not earlier or place.noun >= 0:
        return
    last = places[earlier[-1]]
    again = clause.kind == "aside" and last.word == clause.anchor
    if clause.kind in {"aside", "part"} and last.clause == clause.parent:
        again = again or any(words[j].low in _CHANGED for j in clause.words if j <= place.word)
    if last.clause == place.clause and clause.verb < last.word:
        again = again or any(words[j].low in {"up", "down"} for j in place.before)
    if again:
        place.twin = earlier[-1]
