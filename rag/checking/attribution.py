"""A sentence of an article with its neighbours → who says what it says, and in what way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.checking.speech import cues
from rag.checking.speech.kinds import is_office, is_pronoun
from rag.checking.speech.neighbours import (
    LOOK_AHEAD,
    LOOK_BACK,
    Speaker,
    Window,
    alleger,
    speaker_before,
    speaker_behind,
    stands_for,
)
from rag.checking.speech.quotations import Quotations, is_speech, open_before
from rag.checking.speech.sayings import AttributionKind, Saying
from rag.types import Span

_TRANSCRIPT = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w’-]{1,30}(?:\s[A-ZÀ-Þ][\w’-]{1,30}){0,2}):\s(?:[^“\"]{0,60}\s)?I(?:['’]\w+)?\s"
)  # "Wen: I believe"
_WORD = re.compile(r"[\w’'-]+")
_HARD_TO = re.compile(
    r"\b(?:it['’]s|it is)\s+(?:tough|hard|difficult|easy)\s+(?:not\s+)?to\s+"
    r"(?:argue|imagine|overstate|ignore|fault)\b",
    re.IGNORECASE,
)  # "it's tough to argue with"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what a sentence says."""

    kind: AttributionKind
    """`fact`: the article; `reported`, `alleged`, `official`: another; `opinion`: its author."""
    speaker: Span | None
    """The speaker's words, in the sentence that `speaker_at` tells; None where none is named."""
    cue: Span | None
    """The word that gives it away, in the sentence itself; None where only its neighbours tell."""
    speaker_at: int = 0
    """Where the speaker is named: 0 the sentence itself, -1 the one before, 1 the one after."""
    speaker_words: str | None = None
    """The words that `speaker` covers."""
    quoted: bool = False
    """The sentence is the speaker's own words, between quotation marks."""
    denied: bool = False
    """The speaker denies what the sentence says."""
    unnamed: bool = False
    """Somebody says it, as "he" or in quotation marks, and the neighbours do not tell who."""


def find_attribution(
    sentence: str,
    before: Sequence[str] = (),
    *,
    after: Sequence[str] = (),
    commentary: bool = False,
) -> Attribution:
    """Who says what the sentence says.

    Args:
        sentence: The sentence.
        before: The sentences before it in the article, the nearest last.
        after: The sentences behind it, for a quotation whose speaker is named at its end.
        commentary: Whether the article as a whole is somebody's opinion.

    >>> found = find_attribution("Roads reopened, the ministry said.")
    >>> found.kind, found.speaker_words
    ('official', 'the ministry')
    """
    earlier = before[-LOOK_BACK:]
    sentences = (*earlier, sentence, *after[:LOOK_AHEAD])
    window = Window(sentences, open_before(sentences), len(earlier))
    quotations = window.quotations(0)
    quoted = is_speech(sentence, quotations)
    saying = window.saying(0)
    label = _TRANSCRIPT.match(sentence)
    if label is not None:  # "Wen: I believe …"
        span = Span(*label.span("name"))
        return Attribution("reported", span, None, 0, label["name"])
    if saying is not None:
        return _of_saying(window, saying, quoted=quoted, commentary=commentary)
    if quoted:
        return _of_speech(window, quotations)
    if commentary and (writer := _writer(sentence, quotations)) is not None:
        return Attribution("opinion", writer, writer, 0, writer.of(sentence))
    cue = _opinion(sentence, quotations, commentary=commentary)
    return Attribution("opinion" if cue else "fact", None, cue)


def _of_saying(window: Window, saying: Saying, *, quoted: bool, commentary: bool) -> Attribution:
    cue = saying.cue.of(window.sentence(0)).lower()
    known: Speaker | None = None
    kind = saying.kind
    if saying.speaker is None:
        known = alleger(window) if cue in cues.ALLEGATIONS else None
    else:
        words = saying.speaker.of(window.sentence(0))
        known = (
            stands_for(window, words.lower(), before=0)
            if is_pronoun(words)
            else Speaker(words, saying.speaker, 0, kind)
        )
        if kind == "opinion" and words != "I" and not commentary:
            kind = "reported"  # an article that the news is about, or a book's author
    if kind == "reported" and known is not None and is_office(known.words):
        kind = "official"
    found = _attributed(kind, known, saying.cue, quoted=quoted, denied=cue in cues.DENYING)
    return found if known or not saying.speaker else replace(found, unnamed=True)


def _attributed(
    kind: AttributionKind,
    speaker: Speaker | None,
    cue: Span | None,
    *,
    quoted: bool,
    denied: bool = False,
) -> Attribution:
    if speaker is None:
        return Attribution(kind, None, cue, quoted=quoted, denied=denied)
    return Attribution(
        kind, speaker.span, cue, speaker.at, speaker.words, quoted=quoted, denied=denied
    )


def _of_speech(window: Window, quotations: Quotations) -> Attribution:
    """Of a sentence that is a quotation as a whole: its speaker is named before or behind it."""
    speaker = speaker_behind(window) if quotations.open else None
    if speaker is None:
        speaker = speaker_before(window, begun=quotations.begun)
    if speaker is None:
        return Attribution("reported", None, None, quoted=True, unnamed=True)
    return _attributed(speaker.kind, speaker, None, quoted=True)


def _writer(sentence: str, quotations: Quotations) -> Span | None:
    """Where a commentary that is told again names its own author: "the author places"."""
    found = cues.WRITER.search(sentence)
    if found is None or any(p.start <= found.start() < p.end for p in quotations.parts):
        return None
    return Span(*found.span())


def _opinion(sentence: str, quotations: Quotations, *, commentary: bool) -> Span | None:
    """The word that shows a sentence to be its author's opinion."""
    hard = _HARD_TO.search(sentence)
    if hard and not quotations.parts:
        return Span(*hard.span())
    for found in _WORD.finditer(sentence):
        if any(part.start <= found.start() < part.end for part in quotations.parts):
            continue
        word = found.group().lower()
        if word in cues.OPINION or (commentary and word in cues.URGING):
            return Span(*found.span())
    return None
