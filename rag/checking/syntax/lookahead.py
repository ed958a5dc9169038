"""Tagged words and a place among them → what comes next, as far as splitting clauses needs it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.syntax.words import Word

_WINDOW = 16
"""Words within which a clause's verb follows its subject."""


def next_tag(words: Sequence[Word], i: int) -> str:
    """The tag of the next word, adverbs and quotation marks left out; "" at the end."""
    for j in range(i + 1, len(words)):
        if words[j].tag not in {"B", '"', "'"}:
            return words[j].tag
    return ""


def previous_tag(words: Sequence[Word], i: int) -> str:
    """The tag of the word before, adverbs left out; "" at the beginning."""
    j = i - 1
    while j >= 0 and words[j].tag == "B":
        j -= 1
    return words[j].tag if j >= 0 else ""


def has_own_subject(words: Sequence[Word], i: int) -> bool:
    """Whether a clause with a subject of its own follows: nouns, then a finite verb."""
    nouns = depth = 0
    for j in range(i + 1, min(i + _WINDOW, len(words))):
        tag = words[j].tag
        depth += (tag == "(") - (tag == ")")
        if depth or tag == ")":
            continue
        if tag in {"V", "X"}:
            return nouns > 0
        joins = tag == "C" and (j == i + 1 or words[j - 1].tag == "N")
        if tag in {"C", ",", ";", "R", "S", "T", "-", "E"} and not joins:
            return False
        nouns += tag in "NOF"
    return False


def opens_absolute(words: Sequence[Word], i: int) -> bool:
    """Whether "with" opens a clause: "with Americans expected to spend …"."""
    for word in words[i + 1 : i + 8]:
        if word.tag in {"G", "E", "V"}:
            return True
        if word.tag not in "NJDFYB":
            return False
    return False


def joins_names(words: Sequence[Word], i: int) -> bool:
    """Whether a coordinator stands inside a name: "Customs and Border Protection"."""
    if not 0 < i < len(words) - 1:
        return False
    return all(w.tag == "N" and w.text[0].isupper() for w in (words[i - 1], words[i + 1]))


def is_spaced(words: Sequence[Word], i: int) -> bool:
    """Whether a dash stands between words, not inside one."""
    if not 0 < i < len(words) - 1:
        return False
    before, word, behind = words[i - 1 : i + 2]
    gap = before.span.end < word.span.start or behind.span.start > word.span.end
    return gap or word.text in {"—", "--"}


def touches(words: Sequence[Word], i: int) -> bool:
    """Whether a mark is joined to what follows, as in "10:30"."""
    return 0 < i < len(words) - 1 and words[i + 1].span.start == words[i].span.end
