"""A claim's sentence and the cited ones → whether it still says whose word it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.checking.attributed import keeps_attribution
from rag.checking.attribution import find_attribution
from rag.checking.claims.alignment import Alignment, tokens
from rag.checking.claims.turned import dropped_saying
from rag.checking.lacking import Told
from rag.checking.speech.kinds import is_paper, is_pronoun, is_writer
from rag.checking.speech.neighbours import LOOK_BACK
from rag.checking.speech.sayings import find_saying
from rag.checking.syntax.names import country_keys
from rag.splitting.sentences import split_sentences
from rag.splitting.terms import stems
from rag.types import Span

_NAME = re.compile(r"[A-ZÀ-Þ][\w’'-]+")
_PAPER = re.compile(
    r"\b(?:author|article|report|commentary|writer|columnist|newspaper|paper)\b", re.IGNORECASE
)
_AUTHOR = re.compile(
    r"(?<!and )(?<!but )\b(the (?:author|article|report|commentary|writer|columnist))"
    r"\s(?:\w+ly\s|also\s)?(?!is\b|was\b|has\b)\w+s\b",
    re.IGNORECASE,
)  # "the author describes"
_TELLING = frozenset(
    """put puts give gives gave speak speaks spoke estimate estimates estimated place places expect
    expects expected call calls called see sees saw said says according""".split()
)


def misattributed(claim: str, cited: Sequence[Told]) -> str:
    """Whose word the claim gives as another's, for a reader, or empty."""
    spoken = [said for told in cited if (said := speakers(claim, told.text))]
    if not spoken or any(share_a_speaker(*said) for said in spoken):
        return ""
    own, other = spoken[0]
    return f"the claim gives it as the word of {own}, the words cited of {other}"


def unattributed(claim: str, lead: str, told: Told, a: Alignment) -> str:
    """Whose word the claim gives as a fact, for a reader, or empty.

    Args:
        claim: A sentence of it.
        lead: What leads it in and only says where it was read: "According to the article, ".
        told: A cited sentence.
        a: The claim beside it.
    """
    said = find_saying(claim)
    found = find_attribution(told.text, _sentences(told.before)[-LOOK_BACK:])
    who = found.speaker_words or "somebody whom they do not name"
    saying = find_saying(told.text)
    speaker = saying.speaker.of(told.text) if saying and saying.speaker else who
    told_by_name = _tells_by_name(claim, who) or _tells_by_name(claim, speaker)
    if not said and not told_by_name and (word := dropped_saying(a)):
        return f"the words cited say it with “{word}”, the claim as a fact"
    named = (said is not None and set(stems(who)) <= set(stems(claim))) or told_by_name
    quoted = found.quoted and any(mark in claim for mark in '“"')
    paper = is_paper(who) or is_writer(who)
    if paper and (_PAPER.search(lead) or _PAPER.search(claim)):
        return ""
    if not (named or quoted or keeps_attribution(claim, told.text, found)):
        return f"the words cited give it as the word of {who}, the claim as a fact"
    author = _AUTHOR.search(told.text)
    if found.kind == "fact" and author and not said and not _PAPER.search(lead + claim):
        return f"the words cited give it as the view of {author.group(1)}, the claim as a fact"
    return ""


def _tells_by_name(claim: str, who: str) -> bool:
    """Whether it names the speaker and has a word for telling: "Lee puts it at 5"."""
    names = {key for word in _NAME.findall(who[1:]) for key in stems(word)}
    known, own = set(stems(claim)), set(stems(who))
    named = names & known if names else own and 2 * len(own & known) >= len(own)
    return bool(named) and bool({word.low for word in tokens(claim)} & _TELLING)


def _sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text, Span(0, len(text)))]


def speakers(claim: str, text: str) -> tuple[str, str] | None:
    """Who says so in the claim and in a cited sentence, where both name somebody."""
    own, cited = find_saying(claim), find_saying(text)
    if not (own and cited and own.speaker and cited.speaker):
        return None
    one, other = own.speaker.of(claim), cited.speaker.of(text)
    if _adjoin(one, other, text):
        return None
    known = is_pronoun(one) or is_paper(one) or not any(c.isalpha() for c in one)
    return None if known else (one, other)


def _adjoin(one: str, other: str, text: str) -> bool:
    """Whether two speakers are one, named and described: "their speaker, Ruta Milde"."""
    first = _NAME.findall(one)
    joined = [f"{other}, {' '.join(first)}", f"{' '.join(first)}, {other}"]
    return bool(first) and any(words.lower() in text.lower() for words in joined)


def share_a_speaker(one: str, other: str) -> bool:
    """Whether two speakers can be one."""
    names = [
        {key for name in _NAME.findall(words) for key in stems(name)} for words in (one, other)
    ]
    if is_pronoun(other) or one == other:
        return True
    there = country_keys(one), country_keys(other)
    if all(there) and not there[0] & there[1]:
        return False
    if all(names):
        return bool(names[0] & names[1])
    return bool(set(stems(one)) & set(stems(other)))
