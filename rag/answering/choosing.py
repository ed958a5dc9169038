"""A question, by how wide it asks → the sentences to show, and what to know of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.answering.candidates import Candidate
from rag.answering.extract import choose, combine, repeats
from rag.answering.selection import (
    MAX_A_SIDE,
    SIDE_BEHIND,
    SIDE_RELEVANCE,
    announced,
    by_date,
    further,
    on_topic,
    select,
)
from rag.answering.yesno.verdict import Polarity, differs, polarity
from rag.checking import thresholds
from rag.checking.asking.asked_figures import FIGURE_KINDS, is_yes_no
from rag.checking.syntax.concepts import concept
from rag.checking.syntax.names import find_names, is_named
from rag.types import Asking, Query

SENTENCES_READ_WIDE = 24
"""Sentences that the cross-encoder reads for a topic; both sides of a comparison share them."""
MAX_OF_SEVERAL = 4
"""Sentences of an answer that lists or gives reasons; an enumeration in one is enough."""

Find = Callable[[Query, int], tuple[Candidate, ...]]
"""A query and how many sentences to read → the candidates."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for a question."""

    query: Query
    """What the candidates were judged by."""
    chosen: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]
    """All that were read."""
    notice: str | None = None
    """What of the question the articles leave open."""
    verdict: Polarity | None = None
    """Yes or no, where the first sentence surely decides the question."""


def choose_for(query: Query, asking: Asking, find: Find) -> Choice:
    """What answers the question; nothing where nothing does."""
    wide: Choice | None = None
    match asking.breadth:
        case "topic":
            wide = _topic(asking.queries[0], find)
        case "sides":
            wide = _sides(query, asking.queries, find)
    if wide is not None:
        return wide
    candidates = find(query, thresholds.SENTENCES_READ)
    chosen = choose(candidates)
    if asking.breadth == "parts":
        chosen = _by_parts(asking.queries, find) or chosen
    elif asking.breadth == "several" and chosen:
        aspects = [concept(term) for term in query.terms]
        chosen = tuple(announced(query, c) for c in chosen)
        able = further(chosen, candidates)
        more = select(able, aspects, repeats, most=MAX_OF_SEVERAL, sure=len(chosen))
        chosen = by_date(more) if len(more) > len(chosen) else chosen
    elif is_yes_no(query.text) and chosen:
        return _decided(Choice(query, chosen, candidates))
    return Choice(query, chosen, candidates)


def _decided(choice: Choice) -> Choice:
    """The sentence that decides a yes/no question first, unless another one says the contrary."""
    said = {c: _verdict(choice.query, c) for c in choice.candidates if c.is_admissible}
    deciding = [c for c in choice.chosen if said.get(c)]
    if not deciding or len(set(filter(None, said.values()))) > 1:
        return choice
    read = [c for c in choice.candidates if c is not deciding[0]]
    if any(differs(choice.query.text, deciding[0].text, other.text) for other in read):
        return choice
    others = (c for c in choice.chosen if c not in deciding)
    return replace(choice, chosen=(*deciding, *others), verdict=said[deciding[0]])


def _verdict(query: Query, candidate: Candidate) -> Polarity | None:
    passage, span = candidate.passage, candidate.span
    inside = [n for n, s in enumerate(passage.sentences) if span.start <= s.start < span.end]
    if not inside:
        return None
    around = {n: passage.sentence(s) for n, s in enumerate(passage.sentences)}
    last = inside[-1]
    return polarity(
        query.text, around[last], before=around.get(last - 1, ""), after=around.get(last + 1, "")
    )


def _by_parts(queries: Sequence[Query], find: Find) -> tuple[Candidate, ...]:
    """What answers the parts of a question of several; nothing if one has no answer."""
    chosen = [choose(find(part, thresholds.SENTENCES_READ)) for part in queries]
    return combine(chosen) if all(chosen) else ()


def _topic(query: Query, find: Find) -> Choice | None:
    """What is said about a topic; None where no sentence is on it."""
    candidates = find(query, SENTENCES_READ_WIDE)
    aspects = [concept(term) for term in query.terms]
    chosen = select(on_topic(candidates), aspects, repeats)
    return Choice(query, by_date(chosen), candidates) if chosen else None


def _sides(query: Query, sides: Sequence[Query], find: Find) -> Choice | None:
    """What is said of two things compared; of one, with a notice that the other is not told of."""
    told: list[tuple[Candidate, ...]] = []
    read: list[Candidate] = []
    for side in sides:
        candidates = find(side, SENTENCES_READ_WIDE // len(sides))
        names = find_names(side.text)
        near = on_topic(candidates, least=SIDE_RELEVANCE, behind=SIDE_BEHIND)
        able = [c for c in near if all(is_named(n, c.text) for n in names)]
        aspects = [concept(term) for term in side.terms]
        told.append(select(able, aspects, repeats, most=MAX_A_SIDE))
        read += [c for c in candidates if c.span not in {other.span for other in read}]
    if not any(told):
        return None
    lacking = [side.text for side, chosen in zip(sides, told, strict=True) if not chosen]
    gap = "give no figure for" if query.wanted in FIGURE_KINDS else "don't tell of"
    notice = f"The articles {gap} {lacking[0]}." if lacking else None
    return Choice(query, combine(told), tuple(read), notice)
