"""One sentence → who is said to say what it says, as far as the sentence itself tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.checking.speech import cues
from rag.checking.speech.kinds import is_office, is_writer
from rag.checking.speech.quotations import find_quotations
from rag.checking.speech.saying_verbs import (
    agrees,
    feels,
    follows,
    is_inverted,
    is_negated,
    is_own_verb,
    is_passive,
    is_said_by,
    leading_subject,
    says,
)
from rag.checking.speech.speakers import (
    QUOTE,
    Item,
    is_relative,
    narrowed,
    speaker_after,
    split_items,
    subject_before,
)
from rag.types import Span

AttributionKind = Literal["fact", "reported", "alleged", "official", "opinion"]

_VERBS = cues.SAYING | cues.SAYING_THAT | cues.ACCUSING | cues.CALLING | {"pointed"}
_SURE = frozenset(
    "said says told tells tweeted announced testified insisted argued argues wrote".split()
)


@dataclass(frozen=True, slots=True)
class Saying:
    """An attribution that stands in a sentence."""

    kind: AttributionKind
    speaker: Span | None
    cue: Span
    weight: int
    """Of several in a sentence, the heaviest is the sentence's own."""


@lru_cache(maxsize=2048)  # a sentence is looked at again as the one before others
def find_saying(sentence: str, *, opened: bool = False) -> Saying | None:
    """Who the sentence itself says its content is from; None where it does not.

    Args:
        sentence: The sentence.
        opened: Whether a quotation of the sentence before is still open.
    """
    quotations = find_quotations(sentence, opened=opened)
    items = split_items(sentence, quotations)
    found = [s for n in range(len(items)) for s in _sayings(sentence, items, n)]
    if not found:
        return None
    best = max(found, key=lambda saying: saying.weight)  # the first of equals
    alleged = next((s for s in found if s.kind == "alleged"), None)
    denies = best.cue.of(sentence).lower() in cues.DENYING
    if best.kind not in {"alleged", "opinion"} and alleged is not None and not denies:
        return Saying("alleged", best.speaker, alleged.cue, best.weight)
    return best


def _sayings(sentence: str, items: Sequence[Item], n: int) -> Iterator[Saying]:
    item = items[n]
    word = item.lower
    cue = Span(item.start, item.end)
    if word == "according" and n + 1 < len(items) and items[n + 1].lower == "to":
        yield from _according(sentence, items, n)
    elif word in cues.PASSIVE and is_passive(items, n):
        yield _passive(sentence, items, n)
    elif word in cues.HEDGES and not is_own_verb(items, n):
        own = list(_verb(sentence, items, n)) if word == "alleged" else []
        yield from own or (Saying("alleged", None, cue, 1),)
    elif word in cues.VIEW:
        yield from _view(sentence, items, n)
    elif word in cues.ALLEGATIONS:
        yield from _allegation(items, n)
    elif word in cues.SAYING_ING and n:
        yield from _saying_ing(sentence, items, n)
    elif word in _VERBS:
        yield from _verb(sentence, items, n)


def _according(sentence: str, items: Sequence[Item], n: int) -> Iterator[Saying]:
    span = speaker_after(items, n + 1)
    if span is None:
        return
    words = span.of(sentence)
    if cues.NOT_SOURCES.search(words):
        return
    cue = Span(items[n].start, items[n + 1].end)
    weight = 5 if n == 0 or items[n - 1].text == "," else 4
    speaker = narrowed(sentence, span)
    yield Saying(_kind(words if speaker == span else speaker.of(sentence)), speaker, cue, weight)


def _passive(sentence: str, items: Sequence[Item], n: int) -> Saying:
    """ "Is alleged to", "was accused by the court of", "was quoted as saying"."""
    word = items[n].lower
    cue = Span(items[n].start, items[n].end)
    by = n + 1 < len(items) and items[n + 1].lower == "by"
    speaker = speaker_after(items, n + 1) if by else None
    if word == "quoted":
        speaker = subject_before(items, n)
    kind: AttributionKind = "reported" if speaker is None else _kind(speaker.of(sentence))
    if cues.PASSIVE[word]:
        kind = "alleged"
    return Saying(kind, speaker, cue, 3 if speaker else 1)


def _view(sentence: str, items: Sequence[Item], n: int) -> Iterator[Saying]:
    """ "In the author's view", "in Mr Lee's words"."""
    first = n - 1
    while first > max(0, n - 6) and items[first].lower != "in":
        first -= 1
    if first < 0 or items[first].lower != "in" or n - first < 2:
        return
    whole = Span(items[first + 1].start, items[n - 1].end)
    words = whole.of(sentence)
    if words.lower() == "my":
        yield Saying("opinion", None, Span(items[first].start, items[n].end), 5)
    elif words.endswith(("'s", "’s", "s'", "s’")) or words[-1] in "'’":
        bare = words.removesuffix("'s").removesuffix("’s").rstrip("'’")
        speaker = Span(whole.start, whole.start + len(bare))
        yield Saying(_kind(bare), speaker, Span(items[n].start, items[n].end), 5)


def _allegation(items: Sequence[Item], n: int) -> Iterator[Saying]:
    """ "The allegations by Baku", "the accusation that …"."""
    cue = Span(items[n].start, items[n].end)
    following = items[n + 1].lower if n + 1 < len(items) else ""
    if following in {"by", "from"}:
        yield Saying("alleged", speaker_after(items, n + 1), cue, 3)
    elif following == "that" or (n and items[n - 1].lower in {"the", "these", "those", "such"}):
        yield Saying("alleged", None, cue, 1)


def _saying_ing(sentence: str, items: Sequence[Item], n: int) -> Iterator[Saying]:
    """ "Are arguing that", "issued a statement saying", "Lee stays calm, saying: …"."""
    word = items[n].lower
    if items[n - 1].lower in cues.BE and not follows(items, n, strictly=True):
        return  # "is adding Brazil"
    if n + 1 < len(items) and items[n + 1].lower in cues.GREETINGS:
        return
    cue = Span(items[n].start, items[n].end)
    speaker = _participle_subject(items, n)
    if speaker is not None:
        yield Saying(_kind(speaker.of(sentence), word), speaker, cue, 3)
    elif word in cues.ALLEGING:
        yield Saying("alleged", None, cue, 1)
    elif word == "saying" and items[n - 1].text == ",":
        yield Saying("reported", None, cue, 1)


def _participle_subject(items: Sequence[Item], n: int) -> Span | None:
    before = items[n - 1]
    if before.lower in cues.BE or (before.text[0].isupper() and items[n - 2].lower == "with"):
        return subject_before(items, n)  # with "Rock" saying
    if cues.PAPER.search(before.lower):
        issued = next((k for k in range(n - 1, max(0, n - 9), -1) if _issues(items, k)), None)
        return subject_before(items, issued) if issued else None
    return leading_subject(items, n) if before.text == "," or items[n].lower == "saying" else None


def _issues(items: Sequence[Item], n: int) -> bool:
    return items[n].lower in {"issued", "released", "published", "posted", "gave", "issuing"}


def _verb(sentence: str, items: Sequence[Item], n: int) -> Iterator[Saying]:
    word = items[n].lower
    before = items[n - 1].lower if n else ""
    if items[n].text[0].isupper() or not says(items, n) or is_negated(items, n):
        return
    cue = Span(items[n].start, items[n].end)
    if before in cues.BE and not word.endswith("ing"):
        yield from _announced(sentence, items, n)
        return
    inverted = is_inverted(items, n)
    speaker = _speaker(items, n, inverted=inverted)
    words = speaker.of(sentence) if speaker else ""
    if speaker is None or not agrees(items, n, words) or (words == "I" and not feels(items, n)):
        return
    following = items[n + 1].lower if n + 1 < len(items) else ""
    if word in cues.NOUNISH and not is_said_by(items, n, words):
        if word in {"claim", "claims"} and following == "that":
            yield Saying("alleged", None, cue, 1)
    elif not inverted and _covers_part(items, n, before, following):
        if (before in {"who", "which"} and word in _SURE) or word in cues.ALLEGING:
            yield Saying(_kind(words, word), speaker, cue, 2)
    else:
        near = QUOTE in {before, following} or word in _SURE
        kind = _kind(words, word, own=following == "its")
        yield Saying(kind, speaker, cue, 5 if near else 4)


def _covers_part(items: Sequence[Item], n: int, before: str, following: str) -> bool:
    """ "A move the ministry says is legal" says so of a part only; "Lee, who said" is a speaker."""
    return is_relative(items, n) or (following in cues.FINITE and before != ",")


def _speaker(items: Sequence[Item], n: int, *, inverted: bool) -> Span | None:
    if inverted:
        return speaker_after(items, n)
    if n and items[n - 1].lower in {"and", "but"}:
        return leading_subject(items, n)
    return subject_before(items, n)


def _announced(sentence: str, items: Sequence[Item], n: int) -> Iterator[Saying]:
    """ "It was announced that", "the sale was confirmed by the ministry"."""
    cue = Span(items[n].start, items[n].end)
    follows = items[n + 1].lower if n + 1 < len(items) else ""
    if follows == "by" and (speaker := speaker_after(items, n + 1)) is not None:
        yield Saying(_kind(speaker.of(sentence)), speaker, cue, 3)
    elif follows == "that":
        yield Saying("reported", None, cue, 1)


def _kind(words: str | None, verb: str = "", *, own: bool = False) -> AttributionKind:
    if words is not None and is_writer(words):
        return "opinion"
    if verb in cues.ALLEGING or verb in cues.ACCUSING:
        return "alleged"
    if words is None:
        return "reported"
    return "official" if own or is_office(words) else "reported"
