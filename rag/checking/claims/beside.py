"""A claim's figure and the cited sentences → whether the words beside it place it in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rag.checking.binding import Bound
from rag.checking.claims.asked import Asked, Borne, CitedSentence
from rag.checking.claims.compared import is_difference
from rag.checking.claims.nearness import Rival, stands_elsewhere, stands_nearest
from rag.checking.claims.when import day_at
from rag.checking.numerals.agreement import agree, unit_of
from rag.checking.numerals.rounding import Hedge, states
from rag.checking.syntax.names import find_names, is_named
from rag.splitting.terms import stems
from rag.types import Figure

_CONTRARY = (("up", "down"), ("down", "up"), ("start", "end"), ("end", "start"))


def is_rather(asked: Asked, cited: Sequence[CitedSentence]) -> str:
    """Why it belongs elsewhere: to another sentence, or another unit; or empty."""
    figure = asked.figure
    rival = _date_rival(figure, cited) if figure.kind == "date" else _other_rival(figure, cited)
    if rival is None:
        return ""
    own = day_at(asked.claim, figure)
    days = {id(f): day_at(one.text, f) for one in cited for f in one.figures}

    def same(other: Figure) -> bool:
        if figure.kind == "date":
            return other.unit == figure.unit and (own is None or days.get(id(other), own) == own)
        return unit_of(other) == unit_of(figure) and agree(other, figure)

    if stands_elsewhere(asked.claim, figure, [one.text for one in cited], rival, same):
        return "the words cited have it, but its words stand by another figure"
    return ""


def _date_rival(figure: Figure, cited: Sequence[CitedSentence]) -> Rival | None:
    dates = [sum(f.kind == "date" for f in one.figures) for one in cited]
    if len(cited) == 1 or max(dates) > 1:
        return None
    return lambda other: other.kind == "date" and other.unit == figure.unit


def _other_rival(figure: Figure, cited: Sequence[CitedSentence]) -> Rival | None:
    """What else it may be: a figure of its unit in another sentence, or its value in another."""
    unit = unit_of(figure)
    if _is_in_each(figure, cited):
        return lambda other: unit_of(other) == unit and other.kind != "date"
    same = [f for one in cited for f in one.figures if f.value == figure.value]
    if all(unit_of(f) == unit for f in same):
        return None
    return lambda other: other.value == figure.value


def _is_in_each(figure: Figure, cited: Sequence[CitedSentence]) -> bool:
    """Whether several cited sentences have a figure of its unit each: one may be taken for one."""
    own = [[f for f in one.figures if unit_of(f) == unit_of(figure)] for one in cited]
    return len(cited) > 1 and all(len(found) == 1 for found in own)


def nearest(asked: Asked, cited: Sequence[CitedSentence]) -> Borne | None:
    """A cited figure of the claim's value that stands nearest to the same words, if any."""
    unit = unit_of(asked.figure)
    if asked.figure.kind == "date":
        return None

    def rival(figure: Figure) -> bool:
        # "412 feet" may be another thing than "412 metres".
        return figure.kind != "date" and (
            unit_of(figure) == unit or figure.value == asked.figure.value
        )

    for one in cited:
        texts = [one.text, *(o.text for o in cited if o is not one)]
        for n, held in enumerate(one.figures):
            same = partial(_states, asked, one.hedge(held))
            if not rival(held) or not same(held) or is_level(asked, one, held):
                continue
            if not _is_contrary(asked, one.bounds()[n], one, cited) and stands_nearest(
                asked.claim, asked.figure, texts, held, rival, same
            ):
                why = f"the words cited have “{one.words(held)}” beside the same words"
                return Borne("verified", one.number, why)
    return None


def _states(asked: Asked, given: Hedge, held: Figure) -> bool:
    return states(asked.figure, asked.hedge, held, given)


def is_level(asked: Asked, one: CitedSentence, held: Figure) -> bool:
    """Whether the claim says how much greater a thing is, and the source how great."""
    said = is_difference(asked.claim, asked.figure.span)
    return bool(said) and not is_difference(one.text, held.span)


def _is_contrary(
    asked: Asked, held: Bound, one: CitedSentence, cited: Sequence[CitedSentence]
) -> bool:
    """Whether only one of the two is a rise, a start, a rate, a part of a year, or another's."""
    claimed = asked.beside(one)
    text = " ".join(o.text for o in cited)
    if _have_unlike_rates(claimed, held, asked.claim, text):
        return True
    in_part = claimed.part != held.part and (claimed.part or " ")[0] in "QHf"
    if in_part and not any(b.part == claimed.part for o in cited for b in o.bounds()):
        return True
    near = " ".join(o.around for o in cited)
    if any(not is_named(name, f"{text} {near}") for name in find_names(asked.claim)):
        return True
    mine, theirs = claimed.qualifiers, held.qualifiers
    return any((a in mine and b in theirs and not (b in mine or a in theirs)) for a, b in _CONTRARY)


def _have_unlike_rates(claimed: Bound, held: Bound, claim: str, text: str) -> bool:
    """ "Per head" and "per household"; what is counted by may stand elsewhere in the sentence."""
    one, other = (
        {s for q in b.qualifiers if q.startswith("per ") for s in stems(q.removeprefix("per "))}
        for b in (claimed, held)
    )
    if one == other:
        return False
    return bool(one and other) or not (one <= set(stems(text)) and other <= set(stems(claim)))
