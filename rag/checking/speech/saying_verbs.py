"""A verb among a sentence's words → whether it is one of saying, and where its subject stands."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.speech import cues
from rag.checking.speech.kinds import is_office, is_paper, is_pronoun
from rag.checking.speech.speakers import QUOTE, REACH, Item, speaker_after, subject_before
from rag.types import Span

_CLAUSE = frozenset(
    """that the a an he she it they there we i his her their its this these those to no some all
    more most many if""".split()
)  # first words of what is said: believes "the" attack was planned
_NOUN_FOLLOWS = frozenset(
    """to the a an its their his her of let's several such these any no other similar or our your
    that's it's there's""".split()
)
_MEANING = frozenset(
    """believe believes believed think thinks thought expect expects fear fears hope hopes suspect
    suspects estimates claims claim described describes""".split()
)  # need no "that"
_SHOWING = frozenset("found finds find showed shows show suggests suggested estimated".split())
_NO_SUBJECTS = cues.PREPOSITIONS | cues.OTHER_PRONOUNS
_LONGEST = 8  # words of a subject that another verb follows
_TURNS = frozenset("remains stays called calls took takes made makes went came gave hit".split())
_PLURALS = frozenset(
    "they police people we i some many others media you both most men women".split()
)


def feels(items: Sequence[Item], n: int) -> bool:
    """ "I think the plan is right", but not "when I think about it"."""
    follows = items[n + 1].lower if n + 1 < len(items) else ""
    before = items[n - 2].lower if n > 1 else ""
    feels = items[n].lower in cues.FEELING and (follows in _CLAUSE or follows[:1].isdigit())
    return feels and before not in {"when", "if", "what", "than"}


def is_said_by(items: Sequence[Item], n: int, words: str) -> bool:
    """Whether what might be a noun is a verb: behind a name or a determined noun it is."""
    if "’s " in words or "'s " in words or not follows(items, n, strictly=False):
        tail = n + 1 < len(items) and items[n + 1].text in {".", ","} and _is_tail(items, n)
        return tail and (words[0].isupper() or words.lower().startswith("the "))
    first = words.split(maxsplit=1)[0].lower()
    known = first in cues.DETERMINERS or is_pronoun(words) or is_paper(words) or is_office(words)
    return known or any(letter.isupper() for letter in words) or words.endswith("s")


def is_negated(items: Sequence[Item], n: int) -> bool:
    """ "Has not announced": nothing is said. What somebody does not believe is said to be so."""
    near = [item.lower for item in items[max(0, n - 3) : n]]
    return "never" in near[-1:] or any(w == "not" or w.endswith(("n't", "n’t")) for w in near[-2:])


def agrees(items: Sequence[Item], n: int, words: str) -> bool:
    """Whether a verb in its base form has a plural subject: "experts say", not "rates estimate"."""
    if items[n].lower not in cues.BASE_FORMS or items[n - 1].lower in cues.AUXILIARY:
        return True
    head = words.lower().split()
    if head[0] in _PLURALS or head[-1] in _PLURALS or "and" in head:
        return True
    return any(word.endswith("s") for word in head) or items[n - 1].text == QUOTE


def says(items: Sequence[Item], n: int) -> bool:
    """Whether the verb is one of saying where it stands: "found" that, but not found a key."""
    word = items[n].lower
    following = items[n + 1].lower if n + 1 < len(items) else "."
    if n and items[n - 1].lower in _NOUN_FOLLOWS:
        return False
    if word in {"claimed", "claim", "claims"} and _is_taken(items, n):
        return False
    if word == "alleged":
        return follows(items, n, strictly=False) or following in _CLAUSE
    if word in cues.ACCUSING or word in cues.SAYING:
        return following not in cues.GREETINGS
    return _says_if(items, n, word, following)


def _is_taken(items: Sequence[Item], n: int) -> bool:
    """ "Claimed responsibility", "claimed the title"."""
    return any(item.lower in cues.CLAIMED_THINGS for item in items[n + 1 : n + 3])


def _says_if(items: Sequence[Item], n: int, word: str, following: str) -> bool:
    """The same for verbs that need something said behind or before them."""
    if word in cues.CALLING:
        quoted = QUOTE in [item.text for item in items[n + 1 : n + 8]]
        return quoted or following in {"on", "for"}
    if word == "pointed":
        return following == "out"
    if follows(items, n, strictly=False) or (n and items[n - 1].text == QUOTE):
        return True
    if word in _SHOWING and n and cues.SOURCES.search(items[n - 1].lower):
        return True
    # A quotation's or clause's end: "…, the Journal reports."
    tail = following in {".", ",", "?", "in", "on", "at", "to"} and _is_tail(items, n)
    return tail or is_inverted(items, n)


def _is_tail(items: Sequence[Item], n: int) -> bool:
    speaker = subject_before(items, n)
    at = n - 1
    while at >= 0 and speaker is not None and items[at].start > speaker.start:
        at -= 1
    return at > 0 and items[at - 1].text in {",", QUOTE}


def follows(items: Sequence[Item], n: int, *, strictly: bool) -> bool:
    """Whether what is said comes behind the verb."""
    following = [item.lower for item in items[n + 1 : n + 7]]
    if QUOTE in following[:2] or ":" in following[:5]:
        return True
    if strictly or items[n].lower in {"asked", "called", "calls", "sees", "regards", "describes"}:
        return following[:1] == ["that"] or (items[n].lower == "saying" and bool(following))
    if "that" in following[:5]:
        return not set(following[: following.index("that")]) & (cues.DETERMINERS | {"of"})
    if items[n].lower not in _MEANING or not following:
        return False
    return following[0] in _CLAUSE or items[n + 1].text[0].isupper()


def is_inverted(items: Sequence[Item], n: int) -> bool:
    """Whether the speaker stands behind the verb: …," said Ann Lee."""
    if n == 0 or n + 1 >= len(items) or items[n].lower in {"told", "tell", "tells"}:
        return False
    before, after = items[n - 1], items[n + 1]
    # ”, said Ann Lee: as with a comma inside the marks.
    comma = before.text == "," and (n < 2 or items[n - 2].text != QUOTE)
    if before.text not in {QUOTE, ","} or not _can_open_speaker(after, quoted=not comma):
        return False
    if comma and (_clause(items, n) or _has_which(items, n) or _opens_with_name(items, n)):
        return False
    speaker = speaker_after(items, n)
    if speaker is None:
        return False
    size = sum(1 for item in items[n + 1 : n + REACH] if item.end <= speaker.end)
    return size <= (6 if comma and after.lower in cues.DETERMINERS else 14)


def _can_open_speaker(item: Item, *, quoted: bool) -> bool:
    if not item.text[0].isalnum() or item.lower in _NO_SUBJECTS:
        return False
    named = item.text[0].isupper() or item.lower in cues.DETERMINERS
    return named or item.lower.endswith("s") or quoted


def _opens_with_name(items: Sequence[Item], n: int) -> bool:
    """ "Ann Lee, a baker, said the oven broke"."""
    if items[n + 1].text[0].isupper():
        return False
    first = next((k for k in range(min(n - 1, 8)) if items[k].text == ","), None)
    return first is not None and all(item.text[0].isupper() for item in items[:first])


def _has_which(items: Sequence[Item], n: int) -> bool:
    """ "The bank, which closed, said the rest"."""
    return any(item.lower == "which" for item in items[max(0, n - REACH) : n])


def _clause(items: Sequence[Item], n: int) -> bool:
    """Whether a whole clause follows: Ann Lee, a baker, said "the mood had changed"."""
    for item in items[n + 1 : n + 30]:
        if item.lower in cues.FINITE:
            return True
        if item.text == "," or item.lower in {"who", "while", "as", "when", "which", "after"}:
            return False
    return False


def leading_subject(items: Sequence[Item], n: int) -> Span | None:
    """The subject of "Lee stays calm, saying: …" and "The bank closed and said …"."""
    first = _clause_start(items, n)
    end = first
    while end < min(n, first + 12) and not _is_verb(items[end]):
        if items[end].text == "," and not items[end + 1].text[0].isupper():
            break
        end += 1
    if end >= n or not (_is_verb(items[end]) or items[end].text == ","):
        end = first
        while end < n and (items[end].text[0].isupper() or is_pronoun(items[end].text)):
            end += 1
    if end <= first or end - first > _LONGEST or items[first].lower in _NO_SUBJECTS:
        return None
    return Span(items[first].start, items[end - 1].end)


def _clause_start(items: Sequence[Item], n: int) -> int:
    first = n - 1
    while first > max(0, n - REACH) and items[first - 1].text not in {";", QUOTE, ":"}:
        first -= 1
        if items[first].lower == "but":
            first += 1
            break
    while first < n and items[first].lower in cues.OPENERS:
        first += 1
    return first


def _is_verb(item: Item) -> bool:
    return (
        item.lower in cues.FINITE
        or item.lower in cues.SAYING
        or item.lower in _TURNS
        or (item.text.islower() and item.lower.endswith("ed") and len(item.text) > 4)
    )


def is_own_verb(items: Sequence[Item], n: int) -> bool:
    """ "Many have long suspected": a verb, and no hedge."""
    return items[n].lower == "suspected" and n > 0 and items[n - 1].lower in {
        "have", "had", "has", "long", "they", "he", "she", "who",
    }  # fmt: skip


def is_passive(items: Sequence[Item], n: int) -> bool:
    """ "Is alleged to", "the man accused of", "losses claimed by"."""
    at = n - 1
    while at >= 0 and (items[at].lower.endswith("ly") or items[at].lower in {"also", "not"}):
        at -= 1
    following = items[n + 1].lower if n + 1 < len(items) else ""
    if items[n].lower in cues.PASSIVE and (
        following == "by" or (following == "of" and cues.PASSIVE[items[n].lower])
    ):
        return items[n].lower not in {"said", "thought"}  # "the man accused of"
    if at < 0 or items[at].lower not in cues.BE:
        return False
    return items[n].lower in {"accused", "alleged"} or following in {"to", "that", "of", "by", "as"}
