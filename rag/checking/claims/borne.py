"""A claim's sentence and cited ones → for each figure whether they bear it, and the reason."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.binding import Bound
from rag.checking.claims.asked import Asked, Borne, CitedSentence
from rag.checking.claims.beside import is_level, is_rather, nearest
from rag.checking.claims.computed import compute
from rag.checking.claims.operations import Operand
from rag.checking.claims.parallel import counterparts, in_common, is_nearly_alike
from rag.checking.claims.when import Day, bears, day_at, has_period
from rag.checking.figures import find_figures
from rag.checking.numerals.agreement import unit_of
from rag.checking.numerals.rounding import explains, hedge_of, states
from rag.checking.subjects.sameness import clash_of, closeness, closest, same_period, same_subject
from rag.types import Figure

__all__ = ["Borne", "CitedSentence", "check_sentence"]

MORE_WORDS = 2
"""By so many telling words more, without a gap, a figure's place in the claim is another one's."""
_COUNTED = ("the ", "these ", "those ", "both ")
LEAST_OVER_OTHERS = 0.05
"""How much closer than the claim's figure's match another one may be by the words around it."""


def check_sentence(
    claim: str, before: str, cited: Sequence[CitedSentence]
) -> list[tuple[Figure, Borne]]:
    """The claim's figures in order, each with what became of it.

    Args:
        claim: One sentence.
        before: The claim's sentences before it.
        cited: The cited sentences.
    """
    places = [counterparts(claim, one.text) for one in cited]
    found: list[tuple[Figure, Borne]] = []
    for n, figure in enumerate(find_figures(claim)):
        asked = Asked(claim, before, n, figure, hedge_of(claim, figure.span)[0])
        results = [
            _against(asked, one) if place is None else _in_place(asked, one, place)
            for one, place in zip(cited, places, strict=True)
        ]
        best = next((r for r in results if r.state == "verified"), None)
        if best and not any(places) and (why := is_rather(asked, cited)):
            best = Borne("not_verified", best.citation, why)
        if best is None and not any(place is not None for place in places):
            best = nearest(asked, cited) or _computed(asked, cited)
        found.append((figure, best or _worst(results)))
    if any(borne.state == "computed" for _, borne in found):
        return [(f, _of_result(claim, f, borne, cited)) for f, borne in found]
    return found


def _of_result(claim: str, figure: Figure, borne: Borne, cited: Sequence[CitedSentence]) -> Borne:
    """Beside a result, a date is that of an operand, and "the two" may count the operands."""
    if borne.state != "not_verified":
        return borne
    if figure.kind == "date":
        claimed = day_at(claim, figure)
        one = next((o for o in cited if claimed and bears(claimed, o.text, "", o.published)), None)
        return Borne("verified", one.number, "it is an operand's") if one else borne
    operands = [o for o in cited for f in o.figures if f.kind != "date"]
    before = claim[: figure.span.start].lower()
    counts = figure.kind in {"count", "duration"} and before.endswith(_COUNTED)
    if counts and figure.value == len(operands):
        return Borne("computed", operands[0].number, "how many of them the words cited tell of")
    return borne


def _in_place(asked: Asked, one: CitedSentence, place: dict[int, int]) -> Borne:
    """The claim repeats the cited words: in the figure's place has to stand the same figure."""
    held = one.figures[place[asked.number]]
    words = one.words(held)
    if not _is_stated(asked, held, one):
        hint = ": say “about”" if explains(asked.figure, held) else ""
        why = f"in its place the words cited have “{words}”{hint}"
        return Borne("not_verified", one.number, why)
    own = find_figures(asked.claim)
    pairs = [(own[i], one.figures[j]) for i, j in place.items()]
    moved = any(
        day_at(asked.claim, a) != day_at(one.text, b)
        for a, b in pairs
        if "date" in {a.kind, b.kind}
    )
    if moved and asked.figure.kind != "date":
        same, why = same_period(asked.beside(one), one.bounds()[place[asked.number]])
        if not same:
            return Borne("not_verified", one.number, f"the words cited have it, but {why}")
    return Borne("verified", one.number, f"the words cited have “{words}” in its place")


def _is_stated(asked: Asked, held: Figure, one: CitedSentence) -> bool:
    if asked.figure.kind != "date" or held.kind != "date":
        return states(asked.figure, asked.hedge, held, one.hedge(held))
    claimed = day_at(asked.claim, asked.figure)
    if claimed is None or claimed == day_at(one.text, held):
        return True
    return bool(bears(claimed, one.words(held), "", one.published))


def _against(asked: Asked, one: CitedSentence) -> Borne:
    if asked.figure.kind == "date":
        return _dated(asked, one)
    figures = one.figures
    same = [
        n
        for n, f in enumerate(figures)
        if states(asked.figure, asked.hedge, f, one.hedge(f)) and not is_level(asked, one, f)
    ]
    if not same:
        return _absent(asked, one)
    reasons = [_differs(asked, n, one) for n in same]
    if "" in reasons:
        held = figures[same[reasons.index("")]]
        return Borne("verified", one.number, f"the words cited have “{one.words(held)}”")
    return Borne("not_verified", one.number, f"the words cited have it, but {reasons[0]}")


def _dated(asked: Asked, one: CitedSentence) -> Borne:
    claimed = day_at(asked.claim, asked.figure)
    if claimed is None:
        return Borne("not_verified", None, "it is no date that can be read")
    how = bears(claimed, one.text, one.around, one.published)
    if not how:
        return Borne("not_verified", None, "the words cited have no such date")
    if _is_other_date(asked, claimed, one):
        return Borne("not_verified", one.number, "the words cited have it for something else")
    return Borne("verified", one.number, how)


def _is_other_date(asked: Asked, claimed: Day, one: CitedSentence) -> bool:
    """Whether the claim's date stands where the cited words have another one."""
    dates = [n for n, f in enumerate(one.figures) if f.kind == "date"]
    right = [n for n in dates if day_at(one.text, one.figures[n]) == claimed]
    if not right:
        alike = [in_common(asked.claim, asked.number, one.text, n) for n in dates]
        best = max(alike, default=0)
        held = one.figures[dates[alike.index(best)]] if best >= MORE_WORDS else None
        return held is not None and not bears(claimed, one.words(held), "", one.published)
    if len(dates) == 1:
        return False
    if _by_words(asked, right[0], one, dates) is not None:
        return True
    bounds, bound = one.bounds(), asked.beside(one)
    near = max(closeness(bound, bounds[n]) for n in right)
    others = [n for n in dates if one.figures[n].unit == asked.figure.unit]
    return any(closeness(bound, bounds[n]) > near + LEAST_OVER_OTHERS for n in others)


def _differs(asked: Asked, n: int, one: CitedSentence) -> str:
    """Why the claim's figure and a cited one of its value are two things, or empty."""
    rivals = [i for i, f in enumerate(one.figures) if unit_of(f) == unit_of(one.figures[n])]
    if (rival := _by_words(asked, n, one, rivals)) is not None:
        return f"by the words around it, it is rather “{one.words(one.figures[rival])}”"
    bound, bounds = asked.beside(one), one.bounds()
    if why := _is_other(asked, bound, n, one, bounds[n]):
        return why
    if (near := closest(bound, [bounds[i] for i in rivals])) and bounds[n] not in near:
        return f"by its subject it is rather “{one.words(near[0].figure)}”"
    return ""


def _is_other(asked: Asked, bound: Bound, n: int, one: CitedSentence, held: Bound) -> str:
    """Why what the claim's figure is about, and when, is not what the cited one is; or empty."""
    repeated = is_nearly_alike(asked.claim, asked.number, one.text, n) and not clash_of(bound, held)
    for same in (same_subject, same_period):
        holds, why = same(bound, held)
        if not holds and not (repeated and same is same_subject):
            return why
    dated = bound.period and not held.period
    if dated and not has_period(bound.period or "", one.text, one.around, one.published):
        return f"nothing says {bound.period}"
    return ""


def _by_words(asked: Asked, n: int, one: CitedSentence, rivals: Sequence[int]) -> int | None:
    """The figure that stands in far more of the claim's very words than the one of its value."""

    def alike(i: int) -> int:
        return in_common(asked.claim, asked.number, one.text, i)

    best = max(rivals, key=alike, default=n)
    return best if alike(best) >= alike(n) + MORE_WORDS else None


def _absent(asked: Asked, one: CitedSentence) -> Borne:
    for held in one.figures:
        if explains(asked.figure, held):
            words = one.words(held)
            return Borne("not_verified", one.number, f"the words cited have “{words}”: say “about”")
    return Borne("not_verified", None, "the words cited do not have it")


def _worst(results: Sequence[Borne]) -> Borne:
    """The verdict that says most: one that names a citation before one that finds nothing."""
    told = [r for r in results if r.citation] or results
    return told[0] if told else Borne("not_verified", None, "nothing is cited")


def _computed(asked: Asked, cited: Sequence[CitedSentence]) -> Borne | None:
    """The result of cited figures that the claim's words call for."""
    placed = any(
        unit_of(held) == unit_of(asked.figure)
        and in_common(asked.claim, asked.number, one.text, n) >= MORE_WORDS
        for one in cited
        for n, held in enumerate(one.figures)
    )
    operands = [
        Operand(b, one.number, one.words(b.figure), one.text) for one in cited for b in one.bounds()
    ]
    found = compute(asked.claim, asked.alone(), asked.hedge, operands, placed=placed)
    return Borne("computed", found.operands[0].citation, found.reason) if found else None
