"""A claim and all the words it cites → those words of it that they say in no form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from rag.checking.claims.alignment import FIGURE, Token
from rag.checking.claims.replaced import is_framing
from rag.checking.claims.senses import bases, phrases, senses_of, senses_of_phrase
from rag.checking.claims.turned import turns
from rag.checking.subjects.quantities import FALLS, RISES
from rag.checking.syntax.wordclasses import ANAPHORS, PREPOSITIONS

_LIGHT = frozenset(
    """amount amounts amounting worth number numbers numbered figure figures level levels total
    totals totalled totaled
    give gives gave given put puts make makes made making call calls called set
    sets stand stands stood come comes came go goes went gone account accounts involve involves
    involved describe describes described accord view views opinion case way terms part same
    respectively approximately currently current overall own owns thing things people person
    persons group groups take takes took taken happen happened occur occurred lie lies lay rest
    regard regards regarded concern concerns concerned use uses used using reach reached have
    having hold held start starts started begin begins began
    future able meant due eligible acting acted including included include includes led follow
    follows estimate estimates estimated compared comparison contrast addition
    turn measure measures measured""".split()
)
"""Words that say nothing which those around them don't."""
_FINDING = frozenset("found find finds showed shows show shown suggests suggested".split())
_STUDIES = frozenset(
    "survey surveys poll polls study studies report reports research data figures count".split()
)
_KINDS = frozenset(
    """company firm bank group operator developer maker manufacturer association organisation
    organization institute ministry bridge dam plant port town city village country republic
    province county festival newspaper party union club team school university hospital""".split()
)
"""Nouns with which an article goes on about what it has named."""
_CAUSES = frozenset(
    "because due thanks owing therefore thus hence caused cause causes prompted led leads".split()
)
_REASONS = _CAUSES | frozenset(
    """as since so for after by reason reasons why result results resulting resulted blame blamed
    blames lack following amid fear fears failed through over when explain explained explains to
    attribute attributes attributed with""".split()
)
"""Words by which a text may give a cause."""
_RISES, _FALLS = (
    frozenset(base for word in words for base in bases(word)) for words in (RISES, FALLS)
)
_EXTREMES = frozenset("only sole first ever record unprecedented every all most both".split())


@dataclass(frozen=True, slots=True)
class Said:
    """What cited words say, in whatever form."""

    keys: frozenset[str]
    lows: frozenset[str]
    goes_on: bool
    """Whether they speak of "the company", or the like, that was named before."""

    def holds(self, word: Token) -> bool:
        """Whether they have the word, another form of it or one that may stand for it."""
        own = bases(word.low)
        return bool(own & self.keys or senses_of(word.low) & self.keys)


def said_by(words: Sequence[Token]) -> Said:
    """What some words say."""
    keys = frozenset(key for w in words if w.low != FIGURE for key in bases(w.low))
    lows = frozenset(w.low for w in words)
    goes_on = any(a.low in {"the", "this"} and b.low in _KINDS for a, b in pairwise(words))
    return Said(keys | frozenset(w.key for w in words) | frozenset(phrases(words)), lows, goes_on)


def added_words(
    claim: Sequence[Token],
    cited: Sequence[Token],
    near: Sequence[Token],
    before: Sequence[Token],
    results: frozenset[str],
) -> tuple[str, ...]:
    """The words of a claim that the cited ones say in no form.

    Args:
        claim: A sentence of it.
        cited: All cited sentences.
        near: What stands around them: a name may be found there.
        before: The sentences right before them, and the title: what they go on about.
        results: Concepts that are the claim's own, as what calls for a sum.
    """
    said, around, context = said_by(cited), said_by(near), said_by(before)
    refers = bool(said.lows & ANAPHORS)
    own = said_by(claim)
    found = [
        word.text
        for i, word in enumerate(claim)
        if _tells(claim, i, results)
        and not (word.low in _FINDING and own.lows & said.lows & _STUDIES)
        and not _follows_from_figures(claim, i)
        and not said.holds(word)
        and not (refers and around.holds(word))
        and not (_is_plain(word, before) and context.holds(word))
        and not _is_named(claim, i, said, around)
        and not _in_a_phrase(word, own, said)
    ]
    return tuple(dict.fromkeys([*found, *_extremes(claim, said), *_causes(own, said)]))


def _tells(words: Sequence[Token], i: int, results: frozenset[str]) -> bool:
    word = words[i]
    if not word.content or is_framing(word) or turns(words, i) or word.key in results:
        return False
    return word.low not in _LIGHT and len(word.low) > 1


def _is_named(words: Sequence[Token], i: int, said: Said, around: Said) -> bool:
    """Whether a name's other part is there, or "the company" that may stand for it."""
    if not words[i].text[0].isupper() or not around.holds(words[i]):
        return False
    beside = [words[j] for j in (i - 1, i + 1) if 0 <= j < len(words)]
    part = any(w.text[0].isupper() and w.content and said.holds(w) for w in beside)
    return part or said.goes_on


def _is_plain(word: Token, before: Sequence[Token]) -> bool:
    """Whether it is no name: in lower case, or so in the words before."""
    return word.text[0].islower() or any(w.text == word.low for w in before)


def _follows_from_figures(words: Sequence[Token], i: int) -> bool:
    """Whether "rose" or "fell" only says of two figures which is greater: "fell from 9 to 7"."""
    up, down = bases(words[i].low) & _RISES, bases(words[i].low) & _FALLS
    for j, word in enumerate(words[1:-1], 1):
        behind = [w for k, w in enumerate(words[j:], j) if k and words[k - 1].low == "to"]
        last = next((w for w in behind if w.low == FIGURE), None)
        if words[j - 1].low == "from" and word.low == FIGURE and last is not None:
            rises = _value(last) > _value(word)
            return bool(up) if rises else bool(down)
    return False


def _value(word: Token) -> Decimal:
    return Decimal(word.key.removeprefix(FIGURE).split()[0])


def _in_a_phrase(word: Token, own: Said, said: Said) -> bool:
    """Whether it is part of a phrase that the cited words say in one word: "gave up"."""
    mine = bases(word.low)
    return any(
        mine & {key.partition("_")[0]} and senses_of_phrase(key) & said.keys
        for key in own.keys
        if "_" in key
    )


def _extremes(claim: Sequence[Token], said: Said) -> Iterator[str]:
    """ "First" or "only" where the cited words claim no such thing."""
    for i, word in enumerate(claim):
        behind = claim[i + 1].low if i + 1 < len(claim) else ""
        rough = word.low in {"only", "most", "all"} and (
            behind in {FIGURE, "a", "about"} or behind in PREPOSITIONS - {"of"}
        )
        if word.low == "both":
            rough = any(other.low == "and" for other in claim[i + 1 : i + 7])
        if word.low in _EXTREMES - said.lows and not rough and not word.content:
            yield word.text


def _causes(own: Said, said: Said) -> Iterator[str]:
    """ "Because" where the cited words give no reason."""
    if own.lows & _CAUSES and not said.lows & _REASONS:
        yield next(iter(sorted(own.lows & _CAUSES)))
