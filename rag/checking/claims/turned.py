"""A claim beside a cited sentence → a negation or a hedge that only one of the two has."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.claims.alignment import FIGURE, Alignment, Token
from rag.checking.syntax.wordclasses import verb_forms

REACH = 6
"""Words that a negation or hedge may stand before the word that it turns."""

_NEGATIONS = frozenset(
    """not never no nobody none nothing neither nor without hardly barely scarcely unable unlikely
    cannot""".split()
)
_NEGATIVE_TO = frozenset(
    """fail fails failed failing refuse refuses refused refusing decline declines declined declining
    neglect neglects neglected""".split()
)  # with "to" behind
_DENYING = frozenset("deny denies denied denying".split())
_MODALS = frozenset(
    """may might could would should ought possibly perhaps maybe probably likely potentially
    allegedly reportedly apparently purportedly supposedly seemingly presumably if whether
    unless""".split()
)  # turn what follows, and say nothing by themselves
_HEDGES = frozenset(
    """potential alleged apparent purported suspected seem seems seemed appear appears appeared
    expect expects expected plan plans planned planning hope hopes hoped intend intends intended
    want wants wanted aim aims aimed propose proposes proposed considering threaten threatens
    threatened seek seeks seeking attempt attempts attempted try tries tried trying believed thought
    estimated poised slated scheduled likelihood unclear unconfirmed
    possible possibility promise promises promised pledge pledges pledged vow vows vowed""".split()
)
_LIGHT = frozenset(
    """like likes intend intends intended plan plans planned planning want wants wanted expect
    expects expected able aim aims aimed hope hopes hoped""".split()
)
"""What stands behind them is what is turned: "does not intend to leave"."""
_TO_COME = _MODALS | _HEDGES | {"will", "shall", "to", "is", "are", "being"}
_PLANNED = frozenset("plan plans planned scheduled slated due".split())
_ALLEGING = frozenset(
    """alleged allegedly alleges allege allegation allegations accused accuses accuse reportedly
    purported purportedly suspected suspects""".split()
)
_SAYING = frozenset(
    """said says told according alleged alleges claimed claims reported announced warned warns
    argued argues believes believed stated added wrote noted insisted accused suggested""".split()
)
_SURE = frozenset(
    "all every always entirely completely everyone everybody must certainly definitely".split()
)
_SOME = frozenset("some most many several few often sometimes mostly partly".split())


def unsaid_hedge(a: Alignment) -> str:
    """How much surer or wider the claim is than the cited sentence, for a reader, or empty."""
    return _hedge(a) or _done(a) or _quantity(a)


def is_negation(words: Sequence[Token], i: int) -> bool:
    """Whether a word denies what follows it."""
    low = words[i].low
    if low in _NEGATIVE_TO:
        return i + 1 < len(words) and words[i + 1].low == "to"
    return low in _NEGATIONS or low in _DENYING


def turns(words: Sequence[Token], i: int) -> bool:
    """Whether a word denies or hedges what follows it."""
    return is_negation(words, i) or _is_hedge(words, i)


def _is_hedge(words: Sequence[Token], i: int) -> bool:
    return words[i].low in _MODALS | _HEDGES and words[i].text != "May"


def _is_to_be(words: Sequence[Token], i: int) -> bool:
    """ "Are to" be planted: that it will be so is what is planned."""
    behind = words[i + 1].low if i + 1 < len(words) else ""
    return words[i].low in {"is", "are", "was", "were"} and behind == "to"


def _scope(words: Sequence[Token], i: int) -> int:
    """The place of the telling word that a negation or hedge turns; -1 for none near."""
    if i + 1 < len(words) and words[i].low == "not" and words[i + 1].low in {"only", "just"}:
        return i + 1
    for j in range(i + 1, min(i + 1 + REACH, len(words))):
        light = is_negation(words, j) or words[j].low in _MODALS | _LIGHT
        if (words[j].content or words[j].low == FIGURE) and not light:
            return j
    return -1


def unsaid_negation(a: Alignment, elsewhere: frozenset[int] = frozenset()) -> str:
    """What only one of the two denies, for a reader, or empty.

    Args:
        a: The claim beside a cited sentence.
        elsewhere: Places of the claim's words that stand for those of another cited sentence.
    """
    cited, own = _negated(a.source), _negated(a.claim)
    back = {j: i for i, j in a.places.items()}
    for scope, at in cited.items():
        if scope in back and _denied_alike(a, back[scope], scope):
            continue
        if scope in back and len(own.get(back[scope], ())) % 2 != len(at) % 2:
            said = _said(a.source, at[0], scope)
            return f"the words cited say “{said}”, the claim “{_said_of(a, own, back[scope])}”"
    for scope, at in own.items():
        held = a.places.get(scope, -1)
        if held >= 0 and _denied_alike(a, scope, held):
            continue
        if held >= 0 and len(cited.get(held, ())) % 2 != len(at) % 2:
            return f"the claim says “{_said(a.claim, at[0], scope)}”, the words cited do not"
        told = scope in elsewhere or at[0] in a.places
        if held < 0 and not cited and not told and a.claim[scope].low != "only":
            return f"the claim says “{_said(a.claim, at[0], scope)}”, the words cited deny nothing"
    return ""


def _negated(words: Sequence[Token]) -> dict[int, list[int]]:
    """The places of telling words that are denied, with those of what denies them."""
    found: dict[int, list[int]] = {}
    for i in range(len(words)):
        if is_negation(words, i):
            found.setdefault(_scope(words, i), []).append(i)
    return found


def _denied_alike(a: Alignment, i: int, j: int) -> bool:
    """Whether as much denies a word of the claim as the cited word that it stands for."""
    return 0 < _denies_before(a.claim, i) == _denies_before(a.source, j)


def _denies_before(words: Sequence[Token], i: int) -> int:
    """How many words of its clause before a word deny something: "no direct dealings"."""
    found = 0
    for j in range(i - 1, -1, -1):
        if words[j + 1].parted or words[j].low in {"but", "and"}:
            break
        found += is_negation(words, j)
    return found


def _said_of(a: Alignment, own: dict[int, list[int]], scope: int) -> str:
    return _said(a.claim, own[scope][0] if scope in own else scope, scope)


def _said(words: Sequence[Token], first: int, last: int) -> str:
    return " ".join(word.text for word in words[first : max(first, last) + 1])


def _hedge(a: Alignment) -> str:
    back = {j: i for i, j in a.places.items()}
    hedges = [i for i in range(len(a.claim)) if _is_hedge(a.claim, i)]
    own = {_scope(a.claim, i) for i in hedges}
    kept = {a.claim[i].key for i in hedges}
    # "Whether he wants to" is no "whether he will".
    open_ = {_scope(a.claim, i) for i in hedges if a.claim[i].low in {"whether", "if"}}
    to_be = any(_is_to_be(a.claim, i) for i in range(len(a.claim)))
    for j in range(len(a.source)):
        if not _is_hedge(a.source, j) or j in back:
            continue
        if a.source[j].low in _ALLEGING and any(w.low in _ALLEGING | _SAYING for w in a.claim):
            continue
        scope = _scope(a.source, j)
        if a.source[j].content and a.source[j].key in kept:
            continue
        if to_be and a.source[j].low in _PLANNED:
            continue
        same = own - open_ if a.source[j].low in _HEDGES else own
        if scope in back and back[scope] not in same:
            return f"the words cited say it with “{a.source[j].text}”, the claim without"
    return ""


def _done(a: Alignment) -> str:
    """What is done in the claim and still to come in the words cited: "will reopen", "reopened"."""
    back = {j: i for i, j in a.places.items()}
    for j, word in enumerate(a.source):
        if word.low not in {"will", "shall"} and not _is_to_be(a.source, j):
            continue
        i = back.get(_scope(a.source, j), -1)
        form = verb_forms().get(a.claim[i].low) if i >= 0 else None
        if form is None or "past" not in form[1] or "base" in form[1]:
            continue
        before = a.claim[max(0, i - REACH) : i]
        if not any(w.low in _TO_COME or w.key in _TO_COME for w in before):
            return f"the words cited say “{word.text}” of it, the claim that it was so"
    return ""


def dropped_saying(a: Alignment) -> str:
    """The word by which the cited sentence says whose word it is, where the claim lacks it."""
    matched = set(a.places.values())
    for j, word in enumerate(a.source):
        if word.low not in _SAYING or j in matched:
            continue
        if word.low == "added" and a.source[j + 1 : j + 2] and a.source[j + 1].low == FIGURE:
            continue  # "the province added 5 crowns"
        behind = _scope(a.source, j)
        opens = next((k for k in range(j + 1, len(a.source)) if a.source[k].parted), -1)
        begins = next((k for k in range(j, 0, -1) if a.source[k].parted), 0)
        ends = opens < 0 or opens - begins <= REACH + 2
        if behind in matched and (opens < 0 or behind < opens):
            return word.text
        if word.low == "according" and j < 2 and opens in matched:
            return word.text
        if begins and begins - 1 in matched and j - begins <= REACH and ends:
            return word.text
    return ""


def _quantity(a: Alignment) -> str:
    """ "All banks" where the words cited say "some banks"."""
    held = {word.low for word in a.source}
    for edit in a.edits:
        for i in edit.claim:
            word = a.claim[i]
            if word.low == "must" and held & {"have", "has", "had", "need", "needs"}:
                continue
            if word.low in _SURE and word.low not in held:
                return f"“{word.text}” is not in the words cited"
        some = [a.source[j].text for j in edit.source if a.source[j].low in _SOME]
        if some and edit.claim and _SURE & {a.claim[i].low for i in edit.claim}:
            return f"the words cited say “{some[0]}”"
    return ""
