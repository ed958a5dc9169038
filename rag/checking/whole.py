"""A claim's sentence and the cited ones → what keeps it from being supported as a whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.checking.attributed import keeps_attribution
from rag.checking.attribution import find_attribution
from rag.checking.claims.alignment import Alignment, align, content_keys, tokens
from rag.checking.claims.replaced import is_framing, opposite_words, unlike_words
from rag.checking.claims.turned import dropped_saying, turns, unsaid_hedge, unsaid_negation
from rag.checking.speech.kinds import is_paper, is_pronoun
from rag.checking.speech.neighbours import LOOK_BACK
from rag.checking.speech.sayings import find_saying
from rag.checking.support import Scorer, judge, signals
from rag.checking.thresholds import LEAST_HELD, LEAST_SUPPORT
from rag.splitting.sentences import split_sentences
from rag.splitting.terms import stems
from rag.types import Span

_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]+")
_NEAR = 0.5
"""A cited sentence with this share of the words that the nearest one shares is compared too."""
_NEW = 2
"""So is one with so many of the claim's words that no nearer sentence has."""
_RESULTS = content_keys(
    tokens(
        """total together combined altogether sum average difference more less fewer share
        proportion times twice double triple growth grew rose fell increase decrease exceed"""
    )
)
"""Words that call for a result, which no cited sentence need have."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What speaks against a sentence of a claim as a whole."""

    faults: tuple[str, ...]
    """For a reader; empty where nothing does."""
    opposed: bool
    """Whether the cited words say otherwise, and do not just fall short."""
    score: float | None
    """Estimated probability that they support it, where models were asked."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the cited words, and what stands before it."""

    text: str
    before: str
    around: str
    """What stands before the cited words, the title and the outlet."""


@dataclass(frozen=True, slots=True)
class Absent:
    """What the cited words lack of a claim."""

    words: tuple[str, ...]
    held: float
    """Share of the claim's telling words that they hold, 0 to 1."""


_Beside = tuple[Told, Alignment]
"""A cited sentence, and the claim beside it."""


def check_whole(
    claim: str,
    cited: Sequence[Told],
    *,
    computed: bool = False,
    scorer: Scorer | None = None,
) -> Whole:
    """Whether cited sentences say all that a sentence of a claim says.

    Args:
        claim: The sentence, without the words that only say where it was read.
        cited: The cited sentences, of one citation or several.
        computed: Whether a figure of it is a result of cited ones: words that call for a result
            are its own then.
        scorer: What models say of the claim and the cited words; without one, the words decide.
    """
    own = [word for word in tokens(claim) if word.content and not is_framing(word)]
    if not own:
        return Whole((), opposed=False, score=None)
    beside = _beside(claim, cited)
    opposed = [fault for n in range(len(beside)) if (fault := _opposed(n, beside))]
    faults = [*opposed]
    faults += [f for n in range(len(beside)) if (f := _unlike(claim, n, beside, computed=computed))]
    faults += [fault] if (fault := _misattributed(claim, cited)) else []
    faults += [f for n in range(len(beside)) if (f := _unattributed(claim, n, beside))]
    score, weak = _weak(claim, cited, computed=computed, scorer=scorer)
    return Whole(tuple(dict.fromkeys([*faults, *weak])), bool(opposed), score)


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


def _opposed(n: int, beside: Sequence[_Beside]) -> str:
    """What a cited sentence denies, or says the opposite of."""
    a, others = beside[n][1], _others(n, beside)
    if _is_nearer(a, others):
        return ""
    elsewhere = frozenset(i for other in others for i in other.places)
    return unsaid_negation(a, elsewhere) or opposite_words(a)


def _unlike(claim: str, n: int, beside: Sequence[_Beside], *, computed: bool) -> str:
    """Where the claim is surer than a cited sentence, or has other words or another order."""
    (told, a), others = beside[n], _others(n, beside)
    if _is_nearer(a, others):
        return ""
    elsewhere = frozenset(_RESULTS if computed else ()).union(
        *(content_keys(other.source) for other in others)
    )
    said = _speakers(claim, told.text)
    same = said is not None and _share(*said)
    return unsaid_hedge(a) or unlike_words(a, elsewhere, same_speaker=same)


def _others(n: int, beside: Sequence[_Beside]) -> list[Alignment]:
    return [a for i, (_, a) in enumerate(beside) if i != n]


def _is_nearer(a: Alignment, others: Sequence[Alignment]) -> bool:
    """Whether all that stands alike here does so in another cited sentence too, and more."""
    own = {i for i in a.places if a.claim[i].content}
    return any(own < {i for i in o.places if o.claim[i].content} for o in others)


def _misattributed(claim: str, cited: Sequence[Told]) -> str:
    """Whose word the claim gives as another's."""
    spoken = [said for told in cited if (said := _speakers(claim, told.text))]
    if not spoken or any(_share(*said) for said in spoken):
        return ""
    own, other = spoken[0]
    return f"the claim gives it as the word of {own}, the words cited of {other}"


def _unattributed(claim: str, n: int, beside: Sequence[_Beside]) -> str:
    """Whose word the claim gives as a fact."""
    told, a = beside[n]
    if _is_nearer(a, _others(n, beside)):
        return ""
    said = find_saying(claim)
    if not said and (word := dropped_saying(a)):
        return f"the words cited say it with “{word}”, the claim as a fact"
    found = find_attribution(told.text, _sentences(told.before)[-LOOK_BACK:])
    who = found.speaker_words or "somebody whom they do not name"
    named = said is not None and set(stems(who)) <= set(stems(claim))
    quoted = found.quoted and any(mark in claim for mark in '“"')
    if named or quoted or keeps_attribution(claim, told.text, found):
        return ""
    return f"the words cited give it as the word of {who}, the claim as a fact"


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


def _speakers(claim: str, text: str) -> tuple[str, str] | None:
    """Who says so in the claim and in a cited sentence, where both name somebody."""
    own, cited = find_saying(claim), find_saying(text)
    if not (own and cited and own.speaker and cited.speaker):
        return None
    one, other = own.speaker.of(claim), cited.speaker.of(text)
    known = is_pronoun(one) or is_paper(one) or not any(c.isalpha() for c in one)
    return None if known else (one, other)


def _share(one: str, other: str) -> bool:
    """Whether two speakers can be one."""
    names = [
        {key for name in _NAME.findall(words) for key in stems(name)} for words in (one, other)
    ]
    if is_pronoun(other) or one == other:
        return True
    if all(names):
        return bool(names[0] & names[1])
    return bool(set(stems(one)) & set(stems(other)))


def absent_telling(claim: str, cited: Sequence[Told], *, computed: bool = False) -> Absent:
    """What of a claim's telling words the cited words lack; a name may stand around them.

    Args:
        claim: One sentence.
        cited: The cited sentences.
        computed: Whether words that call for a result are the claim's own.
    """
    words = tokens(claim)
    own = [
        w for i, w in enumerate(words) if w.content and not is_framing(w) and not turns(words, i)
    ]
    if computed:
        own = [w for w in own if w.key not in _RESULTS and not w.low.endswith("er")]
    held = content_keys(tokens(" ".join(told.text for told in cited)))
    around = content_keys(tokens(" ".join(f"{told.around} {told.before}" for told in cited)))
    absent = [w for w in own if w.key not in held]
    lacking = [w for w in absent if not (w.text[0].isupper() and w.key in around)]
    said = tuple(dict.fromkeys(word.text for word in lacking))
    return Absent(said, 1 - len(lacking) / len(own) if own else 1.0)


def _weak(
    claim: str, cited: Sequence[Told], *, computed: bool, scorer: Scorer | None
) -> tuple[float | None, list[str]]:
    """The score where models are asked, and why it is too little."""
    absent = absent_telling(claim, cited, computed=computed)
    lacking = f"the words cited lack {_listed(absent.words)}"
    if scorer is None or not cited:
        return None, [lacking] if absent.held < LEAST_HELD else []
    texts = [told.text for told in cited]
    relevance = scorer.relevance([(claim, t) for t in dict.fromkeys([*texts, " ".join(texts)])])
    similarity = scorer.similarity(claim, texts)
    found = signals(claim, texts, similarity=max(similarity), relevance=max(relevance))
    # Figures, names and denials have been looked at apart.
    score = judge(replace(found, figures=(), strangers=(), opposed=False)).score
    why = lacking if absent.words else "the words cited say something else"
    return score, [why] if score < LEAST_SUPPORT else []


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
