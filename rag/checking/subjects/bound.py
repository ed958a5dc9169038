"""A parsed sentence and a figure's place in it → what the figure is about, whose and when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rag.checking.subjects.parsed import Parsed, sources_of, terms_of
from rag.checking.subjects.periods import Period, find_period
from rag.checking.subjects.quantities import Measure, find_measure, find_qualifiers
from rag.checking.syntax.names import Name, find_names
from rag.checking.syntax.phrases import verb_of
from rag.checking.syntax.places import Place
from rag.checking.syntax.wordclasses import SAYING
from rag.checking.syntax.words import Word
from rag.splitting.terms import stems
from rag.types import Figure, Span

_OF_NAME = re.compile(r"[A-Z]\w*\s+(?:of|for)\s+(?:the\s+)?(.+)")
"""A sentence's opening that is taken for a name: "Shares of Korvin"."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure and what it says: of what, whose, when and how meant."""

    figure: Figure
    """With `subject`, the words it is about, and `period` filled in where they could be told."""
    quantity: str
    """Stem of what is measured: `export`, `deal`, `weigh`."""
    modifiers: frozenset[str]
    """Stems of what stands before the measured noun: `crude` of "crude oil"."""
    own: frozenset[str]
    """Stems of the words that are this figure's and no neighbour's."""
    terms: frozenset[str]
    """Stems of all words it is about: its own, its clause's subject and verb."""
    entities: tuple[tuple[str, str], ...]
    """Names and their roles: `subject`, `of`, `to`, `from`, `in`, `by` and other prepositions."""
    period: str | None
    """In the notation of `rag.checking.numerals.dates.normal_period`."""
    part: str | None
    """Of the period: `Q2`, `H1`, `May`, `20 May`."""
    qualifiers: frozenset[str]
    """`change`, `up`, `down`, `start`, `end`, `share`, `planned`, `per year`, `total`, …."""
    speakers: frozenset[str]
    """Stems of who is named as saying so in the sentence."""
    why: str
    """How it was read, in words."""


def read_bound(parsed: Parsed, place: Place, published: date | None) -> Bound:
    """The figure with all that its own sentence tells."""
    words, clauses, text = parsed.words, parsed.clauses, parsed.text
    figure = parsed.figures[words[place.word].figure]
    measure = find_measure(words, place, figure)
    period = find_period(text, words, clauses, place, parsed.figures, published)
    if figure.kind == "date":
        period = replace(period, year=figure.period, how="the date itself")
    indices = own_words(words, place)
    quantity = _quantity(words, place, measure, figure)
    subject = _span(words, measure.words)
    return Bound(
        figure=replace(figure, subject=subject, period=period.year),
        quantity=quantity,
        modifiers=terms_of(words, [j for j in measure.words if j < measure.head]),
        own=terms_of(words, [*place.before, *place.after, *place.which]),
        terms=terms_of(words, indices) | ({quantity} if quantity else frozenset()),
        entities=entities_of(parsed, indices, place),
        period=period.year,
        part=period.part,
        qualifiers=find_qualifiers(words, clauses[place.clause], place, figure),
        speakers=_speakers(parsed),
        why=_why(measure, period),
    )


def own_words(words: Sequence[Word], place: Place) -> list[int]:
    """The indices of all words that a figure is about, in order."""
    found = {*place.before, *place.after, *place.subject, *place.predicate, *place.which}
    verb = verb_of(words, place.verb)
    if place.verb >= 0 and verb not in SAYING | {"be", "have", "do"}:
        found.add(place.verb)
    source = sources_of(words)
    return sorted(i for i in found - source if words[i].tag not in "FYXTCR")


def _quantity(words: Sequence[Word], place: Place, measure: Measure, figure: Figure) -> str:
    if measure.head >= 0:
        found = stems(words[measure.head].low)
        return found[-1] if found else ""
    verb = verb_of(words, place.verb)
    found = stems(verb) if verb not in {"be", "have", ""} else []
    if not found and figure.kind == "count":
        found = stems(figure.unit)
    if not found and measure.words:
        found = stems(words[measure.words[-1]].low)
    return found[-1] if found else ""


def _span(words: Sequence[Word], indices: Sequence[int]) -> Span | None:
    if not indices:
        return None
    return Span(words[indices[0]].span.start, words[indices[-1]].span.end)


def entities_of(
    parsed: Parsed, indices: Sequence[int], place: Place
) -> tuple[tuple[str, str], ...]:
    """The names among the figure's words, in order, each with its role."""
    found: dict[tuple[str, str], None] = {}
    starts = {parsed.words[i].span.start: i for i in indices}
    for name in find_names(parsed.text):
        key, start = name.key, name.span.start
        if not start and (of := _OF_NAME.match(key)):
            key, start = of.group(1), of.start(1)
        i = starts.get(start)
        if i is not None:
            found[key, _role(parsed.words, i, place, name)] = None
    return tuple(found)


def _role(words: Sequence[Word], i: int, place: Place, name: Name) -> str:
    j = i - 1
    while j >= 0 and words[j].tag in "DJ":
        j -= 1
    if words[i].owner:
        return "of"
    if j >= 0 and words[j].tag == "P":
        return words[j].low
    if j >= 0 and words[j].tag == "C" and j >= 2 and words[j - 2].low == "between":
        return "between"
    if name.kind == "country" and i + 1 < len(words) and words[i + 1].tag in "NJ":
        return "of"
    return "subject" if i in place.subject else "object"


def _speakers(parsed: Parsed) -> frozenset[str]:
    """Who says so: the subject of a saying verb, or what follows "according to"."""
    words, found = parsed.words, []
    for clause in parsed.clauses:
        if clause.verb >= 0 and words[clause.verb].verb in SAYING:
            inverted = [i for i in clause.words if i > clause.verb] if not clause.subject else []
            found.extend(clause.subject or inverted)
    found.extend(i for i in sources_of(words) if words[i].low != "according")
    return terms_of(words, found)


def _why(measure: Measure, period: Period) -> str:
    when = period.how if period.year is None else f"{period.year} from {period.how}"
    return f"read by {measure.how}; {when}"
