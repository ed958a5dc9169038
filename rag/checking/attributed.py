"""An attribution → the words that lead in a quotation, and whether a claim keeps it."""

from __future__ import annotations

import re
from typing import assert_never

from rag.checking.attribution import Attribution
from rag.checking.speech import cues
from rag.checking.speech.kinds import is_office, is_paper, is_pronoun, is_writer
from rag.checking.speech.sayings import find_saying
from rag.checking.syntax.names import Name, country_keys, find_names, is_named
from rag.splitting.terms import stems
from rag.types import Article, Source

_MARKER = re.compile(
    r"\b(?:said|says?|told|stat(?:ed|es)|according\s+to|alleg\w*|accus\w*|claim(?:s|ed)?"
    r"|reportedly|purported(?:ly)?|suspect(?:s|ed)|announc(?:es|ed)|statements?|quoted"
    r"|wrote|writes|added|argu(?:es|ed)|believ(?:es?|ed)|insist(?:s|ed)|warn(?:s|ed))\b",
    re.IGNORECASE,
)
_ALLEGING = re.compile(
    r"\b(?:alleg\w*|accus\w*|claim(?:s|ed)?|reportedly|purported(?:ly)?|suspect(?:s|ed)|said|says?"
    r"|told|according\s+to|charges?\s+that|complain(?:s|ed)|critici[sz]\w+|found\s+fault)\b",
    re.IGNORECASE,
)
_OPINION = re.compile(
    r"\b(?:author|writer|columnist|commentary|commentator|opinion|view|argu(?:es|ed)|believ(?:es|ed)"
    r"|thinks|suggests|contends|holds|warns|cautions|in\s+the\s+words\s+of|according\s+to)\b",
    re.IGNORECASE,
)
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|reject\w*|disput\w*|dismiss\w*|not|never|no|\w+n['’]t)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w’'-]+")
_COMMON = re.compile(r"(?:The|An?|His|Her|Its|Their|Some|Several|Many|One|Another|Other)\b")
_LABEL = r"opinions?|commentary|editorial|column|op-ed|viewpoint|perspective"
_TITLE = re.compile(
    rf"^(?:{_LABEL}|guest\s+(?:essay|column))\s*[:|]|[:|–—-]\s*(?:{_LABEL})\s*$", re.IGNORECASE
)  # "Opinion: Roads first", "Roads first | Opinion"
_PATH = re.compile(
    r"/(?:opinions?|op-?eds?|commentary|commentisfree|editorials?)(?:/|$)", re.IGNORECASE
)
_DISCLAIMER = re.compile(
    r"\b(?:opinions?|views?)\s+expressed\s{1,3}(?:in\s+this\s+\w+\s{1,3}|here(?:in)?\s{1,3})?(?:are|is|belong)\b",
    re.IGNORECASE,
)  # "The views expressed here are the author's own"
_WRITER = re.compile(
    r"\bthe\s+(?:author|article|commentary|columnist)(?:['’]s\s+(?:view|opinion|judg\w+|assessment)"
    r"|\s+(?:also\s+|nonetheless\s+)?(?:argues|believes|contends|warns|holds|thinks|cautions"
    r"|concludes|suggests|considers|says|writes|calls))\b",
    re.IGNORECASE,
)
_WRITER_SAYS = 3
"""Places that tell what "the author" thinks, in an article that tells somebody's views again."""


def attributed_words(
    attribution: Attribution,
    source: Source,
    *,
    commentary: bool = False,
    n_before: int = 0,
    same_article: bool = False,
) -> str | None:
    """The lead-in that keeps the speaker in sight; None where outlet and date are enough.

    Args:
        attribution: Of the sentence that is quoted.
        source: The article's publisher.
        commentary: Whether the article as a whole is somebody's opinion.
        n_before: How many sentences before it are quoted with it: a speaker there is in sight.
        same_article: Whether the quotation before this one was from the same article.

    >>> from rag.types import Span
    >>> said = Attribution("reported", Span(0, 7), None, -1, "Ann Lee", quoted=True)
    >>> attributed_words(said, Source("a", "T", "The Paper", None, None, None, "a.md"))
    'The Paper quotes Ann Lee:'
    """
    match attribution.kind:
        case "fact":
            return _commentary(source, same=same_article, argues=False) if commentary else None
        case "opinion":
            return _opinion(attribution, source, commentary=commentary, same=same_article)
        case "reported" | "alleged" | "official":
            told = _told(attribution, _teller(source, same=same_article), n_before)
            plain = _commentary(source, same=same_article, argues=False) if commentary else None
            return told or plain
        case _:
            assert_never(attribution.kind)


def keeps_attribution(claim_text: str, cited: str, attribution: Attribution) -> bool:
    """Whether a claim that rests on a sentence still says whose word it is.

    Args:
        claim_text: The claim, in whatever words.
        cited: The sentence it rests on.
        attribution: Of that sentence.

    >>> from rag.checking.attribution import find_attribution
    >>> cited = "The mayor allegedly took bribes."
    >>> keeps_attribution("The mayor took bribes.", cited, find_attribution(cited))
    False
    """
    if attribution.kind == "fact":
        return True
    if attribution.denied and not _DENYING.search(claim_text):
        return False
    if attribution.kind != "opinion" and _names_another(claim_text, cited, attribution):
        return False
    return _has_cue(claim_text, cited, attribution) or _is_marked(claim_text, attribution)


def is_commentary(article: Article) -> bool:
    """Whether the article says of itself that it is somebody's opinion.

    By its headline ("Opinion: …"), its address (`/opinion/`), a disclaimer, or by telling again and
    again what "the author" argues. When in doubt it is news.
    """
    source = article.source
    if _TITLE.search(source.title.strip()) or _PATH.search(source.url or ""):
        return True
    if _DISCLAIMER.search(article.body):
        return True
    return sum(1 for _ in _WRITER.finditer(article.body)) >= _WRITER_SAYS


def _teller(source: Source, *, same: bool) -> str:
    if same:
        return "The same article"
    return f"{source.outlet or f'The article “{source.title}”'}{_day(source)}"


def _day(source: Source) -> str:
    return f" ({source.published.isoformat()})" if source.published else ""


def _commentary(source: Source, *, same: bool, argues: bool) -> str:
    """ "According to The Paper (2025-05-20), in a commentary whose author argues:"."""
    whose = " whose author argues" if argues else ""
    if same:
        return f"The same commentary{', its author argues' if argues else ''}:"
    if source.outlet is None:
        comma = "," if argues else ""
        return f"According to the commentary “{source.title}”{_day(source)}{comma}{whose}:"
    return f"According to {source.outlet}{_day(source)}, in a commentary{whose}:"


def _opinion(
    attribution: Attribution, source: Source, *, commentary: bool, same: bool
) -> str | None:
    words = attribution.speaker_words
    if commentary:
        return _commentary(source, same=same, argues=words is None or words == "I")
    if words is None:
        return None  # "arguably" is in sight
    return f"{_teller(source, same=same)}, in a passage in the first person:"


def _told(attribution: Attribution, teller: str, n_before: int) -> str | None:
    words = attribution.speaker_words
    if words is None:
        if not attribution.unnamed:
            return None  # "allegedly" is in sight
        verb = "quotes" if attribution.quoted else "reports the words of"
        return f"{teller} {verb} a speaker whom this passage does not name:"
    if -n_before <= attribution.speaker_at <= 0:
        return None
    return f"{teller} {_says(attribution, _inside(words))}:"


def _says(attribution: Attribution, speaker: str) -> str:
    """What the outlet does with the speaker's words."""
    if attribution.denied:
        return f"reports what {speaker} denied"
    if attribution.kind == "alleged":
        quoted = attribution.quoted
        return f"quotes {speaker} as alleging" if quoted else f"reports what {speaker} alleged"
    return f"quotes {speaker}" if attribution.quoted else f"reports what {speaker} said"


def _inside(words: str) -> str:
    """The speaker's words as they stand inside a sentence: "The embassy" loses its capital."""
    one = " " not in words and not words.isupper() and words[-1] == "s"
    if _COMMON.match(words) or (one and (is_office(words) or is_paper(words))):
        return words[0].lower() + words[1:]
    return words


def _is_marked(claim: str, attribution: Attribution) -> bool:
    """Whether the claim has a word of the kind, or names the speaker of a statement."""
    match attribution.kind:
        case "opinion":
            return _OPINION.search(claim) is not None
        case "alleged":
            return _ALLEGING.search(claim) is not None
        case _:
            words = attribution.speaker_words
            named = words is not None and _is_same(words, claim)
            return named or _MARKER.search(claim) is not None


def _has_cue(claim: str, cited: str, attribution: Attribution) -> bool:
    """Whether the claim holds the very word that gives the cited sentence away."""
    if attribution.cue is None:
        return False
    return f" {attribution.cue.of(cited).lower()} " in f" {' '.join(_WORD.findall(claim.lower()))} "


def _names_another(claim: str, cited: str, attribution: Attribution) -> bool:
    """Whether the claim gives the words to somebody whom the cited sentence does not name."""
    saying = find_saying(claim)
    if saying is None or saying.speaker is None:
        return False
    words = saying.speaker.of(claim)
    if is_pronoun(words) or is_writer(words) or is_paper(words):
        return False
    known = f"{cited} {attribution.speaker_words or ''}"
    return words.lower() not in known.lower() and not _is_same(words, known)


def _is_same(speaker: str, text: str) -> bool:
    """Whether a text names the speaker: by name, or by office without another country's name."""
    names = [name for name in find_names(speaker) if not _is_first_word(name, speaker)]
    persons = [name for name in names if name.kind == "other"]
    countries = {name.key for name in names if name.kind == "country"}
    if any(is_named(name, text) for name in persons):
        return True
    there = country_keys(text)
    if countries and there and not countries & there:
        return False
    rest = [stem for stem in stems(speaker) if not any(stem in stems(n.text) for n in names)]
    if not rest:
        return bool(countries & there)
    return len(set(rest) & set(stems(text))) * 2 >= len(set(rest)) and not persons


def _is_first_word(name: Name, speaker: str) -> bool:
    """ "Officials" with a capital for the sentence's sake."""
    return name.span.start == 0 and cues.OFFICE.match(speaker.lower()) is not None
