"""A claim's sentence and the cited ones → what keeps it from being supported as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.checking.claims.alignment import Alignment, align, content_keys, tokens
from rag.checking.claims.compared import comparison
from rag.checking.claims.exchanged import exchanged, other_side
from rag.checking.claims.loose import loosely
from rag.checking.claims.nearness import swapped
from rag.checking.claims.replaced import is_framing, opposite_words, unlike_words
from rag.checking.claims.turned import unsaid_hedge, unsaid_negation
from rag.checking.lacking import RESULTS, Told, support_of, too_few_held, unsaid_words
from rag.checking.support import Scorer
from rag.checking.thresholds import LEAST_SUPPORT
from rag.checking.whose import misattributed, share_a_speaker, speakers, unattributed

_ELSE = "the words cited say something else"
_NEAR = 0.5
"""A cited sentence with this share of the words that the nearest one shares is compared too."""
_NEW = 2
"""So is one with so many of the claim's words that no nearer sentence has."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What speaks against a sentence of a claim as a whole."""

    faults: tuple[str, ...]
    """For a reader; empty where nothing does."""
    opposed: bool
    """Whether the cited words say otherwise, and do not just fall short."""
    score: float | None
    """Estimated probability that they support it, where models were asked."""


_Beside = tuple[Told, Alignment]
"""A cited sentence, and the claim beside it."""


def check_whole(
    claim: str,
    cited: Sequence[Told],
    *,
    computed: bool = False,
    scorer: Scorer | None = None,
    lead: str = "",
    least: float = LEAST_SUPPORT,
) -> Whole:
    """Whether cited sentences say all that a sentence of a claim says.

    Args:
        claim: The sentence, without the words that only say where it was read.
        cited: The cited sentences, of one citation or several.
        computed: Whether a figure of it is a result of cited ones: words that call for a result
            are its own then.
        scorer: What models say of the claim and the cited words; without one, the words decide.
        lead: The words that only say where it was read, taken off the claim.
        least: Least score of a claim that has other words than the cited ones, or another order.
    """
    own = [word for word in tokens(claim) if word.content and not is_framing(word)]
    if not own:
        return Whole((), opposed=False, score=None)
    beside = _beside(claim, cited)
    opposed = [fault for n in range(len(beside)) if (fault := _opposed(claim, n, beside))]
    faults = [*opposed, *(f for n in range(len(beside)) if (f := _surer(n, beside)))]
    for told, _ in beside:
        faults += [f for f in (exchanged(claim, told.text), swapped(claim, told.text)) if f]
    faults += [fault] if (fault := misattributed(claim, cited)) else []
    faults += [
        f
        for n, (told, a) in enumerate(beside)
        if not _is_nearer(a, _others(n, beside)) and (f := unattributed(claim, lead, told, a))
    ]
    if scorer is None or not cited:
        faults += _distant(claim, beside, computed=computed)
        faults += [fault] if (fault := too_few_held(claim, cited, computed=computed)) else []
        return Whole(tuple(dict.fromkeys(faults)), bool(opposed), None)
    faults += [fault] if (fault := unsaid_words(claim, cited, computed=computed)) else []
    # A fault is one whatever the models say; they take long.
    score = None if faults else support_of(claim, cited, scorer)
    if score is not None and score < least:
        faults += _distant(claim, beside, computed=computed) or [_ELSE]
    return Whole(tuple(dict.fromkeys(faults)), bool(opposed), score)


def _beside(claim: str, cited: Sequence[Told]) -> list[_Beside]:
    """The cited sentences that a claim goes by, with it beside each, the nearest first."""
    pairs = [(told, align(claim, told.text)) for told in cited]
    pairs.sort(key=lambda pair: -pair[1].alike)
    most = pairs[0][1].alike if pairs else 0
    found: list[_Beside] = []
    held: set[int] = set()
    for told, a in pairs:
        own = {i for i in a.places if a.claim[i].content}
        if not found or a.alike > _NEAR * most or len(own - held) >= _NEW:
            found.append((told, a))
        held |= own
    return found


def _opposed(claim: str, n: int, beside: Sequence[_Beside]) -> str:
    """What a cited sentence denies, or says the opposite of."""
    (told, a), others = beside[n], _others(n, beside)
    if _is_nearer(a, others):
        return ""
    elsewhere = frozenset(i for other in others for i in other.places)
    compared = comparison(claim, told.text)
    if compared == "turned":
        return "the words cited compare the two the other way about"
    if compared == "mirrored":  # "less" is right where they have "more"
        return unsaid_negation(loosely(a), elsewhere)
    return unsaid_negation(loosely(a), elsewhere) or opposite_words(a) or other_side(a)


def _surer(n: int, beside: Sequence[_Beside]) -> str:
    """Where the claim is surer or wider than a cited sentence."""
    a = beside[n][1]
    return "" if _is_nearer(a, _others(n, beside)) else unsaid_hedge(loosely(a))


def _distant(claim: str, beside: Sequence[_Beside], *, computed: bool) -> list[str]:
    """Where the claim has other words than the cited ones, or another order."""
    return [f for n in range(len(beside)) if (f := _unlike(claim, n, beside, computed=computed))]


def _unlike(claim: str, n: int, beside: Sequence[_Beside], *, computed: bool) -> str:
    (told, a), others = beside[n], _others(n, beside)
    if _is_nearer(a, others):
        return ""
    elsewhere = frozenset(RESULTS if computed else ()).union(
        *(content_keys(other.source) for other in others)
    )
    said = speakers(claim, told.text)
    same = said is not None and share_a_speaker(*said)
    return unlike_words(a, elsewhere, same_speaker=same)


def _others(n: int, beside: Sequence[_Beside]) -> list[Alignment]:
    return [a for i, (_, a) in enumerate(beside) if i != n]


def _is_nearer(a: Alignment, others: Sequence[Alignment]) -> bool:
    """Whether all that stands alike here does so in another cited sentence too, and more."""
    own = {i for i in a.places if a.claim[i].content}
    return any(own < {i for i in o.places if o.claim[i].content} for o in others)
