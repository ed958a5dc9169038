"""A text and its figures → its words, each with its part in the sentence, told by rules."""

from __future__ import annotations

from rag.checking.syntax.wordclasses import (
    ADJECTIVES,
    ADVERBS,
    ANAPHORS,
    AUXILIARIES,
    COORDINATORS,
    DETERMINERS,
    NOUNS_TOO,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SAYING,
    SUBORDINATORS,
)
from rag.checking.syntax.words import (
    Word,
    finite_follows,
    is_plural,
    kinds_of,
    split_words,
    tag_before,
    tag_behind,
)
from rag.types import Figure

_EITHER = frozenset({"as", "since", "before", "after", "until", "than"})
"""They open a clause or stand before a noun."""
_AFTER_VERB = frozenset("DFYOBJ")  # what follows a verb and seldom a noun
_MEASURING = frozenset(
    """amount stand total rise fall drop climb jump decline increase decrease range rank average
    number""".split()
)
_NOT_ADVERBS = frozenset(
    """supply family assembly ally rally reply monopoly anomaly july italy likely daily weekly
    monthly yearly elderly friendly deadly early costly quarterly bully jelly belly lily""".split()
)
_ING_NOUNS = frozenset(
    """building shooting meeting filing hearing ruling funding spending earning trading housing
    training rating ranking holding offering opening reading setting beginning feeling finding
    warning wedding blessing booking crossing dating drawing painting listing
    mining shipping fishing swimming racing voting polling parking lending borrowing saving heating
    cooling farming manufacturing banking""".split()
)


def read_words(text: str, figures: tuple[Figure, ...]) -> list[Word]:
    """The words in order with their tags; a figure is one word."""
    words = split_words(text, figures)
    for i, word in enumerate(words):
        if not word.tag:
            word.tag = _tag(words, i)
    _settle(words)
    return words


def _tag(words: list[Word], i: int) -> str:
    for rule in (_fixed, _that, _referring, _joining, _placing):
        if tag := rule(words, i):
            return tag
    return "B" if _is_adverb(words, i) else _content(words, i)


def _fixed(words: list[Word], i: int) -> str:
    """Owners, auxiliaries, "to", "who"."""
    word = words[i]
    if word.owner:
        return "N"
    if word.low in AUXILIARIES:
        return "X"
    if word.low == "to":
        verb = "base" in kinds_of(words, i + 1) and not words[i + 1].text[0].isupper()
        return "T" if verb else "P"
    return "R" if word.low in RELATIVES and _is_relative(words, i) else ""


def _that(words: list[Word], i: int) -> str:
    """The "that" of "said that"; "US"."""
    if words[i].text == "US":
        return "N"
    if words[i].low != "that" or tag_behind(words, i) in {"", ",", ".", ";", "C"}:
        return ""
    told = any(w.verb in SAYING and w.tag == "V" for w in words[max(0, i - 4) : i])
    return "S" if told or (i and words[i - 1].tag in {"V", "E", "G", "I"}) else ""


def _referring(words: list[Word], i: int) -> str:
    low = words[i].low
    if low in ANAPHORS | PRONOUNS and not (low in DETERMINERS and _opens_noun(words, i)):
        return "O"
    return ""


def _joining(words: list[Word], i: int) -> str:
    """ "And", "while", "as well as", and what is either a subordinator or a preposition."""
    low = words[i].low
    if low in COORDINATORS or (low in SUBORDINATORS and low not in PREPOSITIONS):
        return "C" if low in COORDINATORS else "S"
    behind = [word.low for word in words[i + 1 : i + 3]]
    if low == "as" and behind[:1] in (["well"], ["much"], ["many"]):
        return "C" if behind == ["well", "as"] else "B"
    if low in _EITHER:
        if low == "than" and tag_behind(words, i) == "F":
            return "B"
        return "S" if _clause_follows(words, i) else "P"
    return ""


def _placing(words: list[Word], i: int) -> str:
    """Determiners and prepositions."""
    low = words[i].low
    if low in DETERMINERS:
        return "D"
    if low not in PREPOSITIONS or (low in ADVERBS and i and words[i - 1].tag == "X"):
        return ""
    alone = i > 0 and tag_behind(words, i) in {"F", "P", "", ",", ".", "B", "S"}
    return "B" if low in {"up", "down", "out", "off"} and alone else "P"


def _is_adverb(words: list[Word], i: int) -> bool:
    low = words[i].low
    if low in _NOT_ADVERBS:
        return low in ADVERBS and tag_behind(words, i) != "N"
    return low in ADVERBS or (
        low.endswith("ly") and len(low) > 4 and not words[i].text[0].isupper()
    )


def _content(words: list[Word], i: int) -> str:
    """Noun, adjective or a form of a verb."""
    word, before, kinds = words[i], tag_before(words, i), kinds_of(words, i)
    name = word.text[0].isupper() and i > 0
    if not kinds or name:
        return "J" if word.low in ADJECTIVES and not name else "N"
    if before in {"T", "X"}:
        return "I" if before == "T" else "V" if kinds - {"s"} else "N"
    if "ing" in kinds:
        return _ing(words, i, before)
    return (_past if kinds & {"past", "participle"} else _present)(words, i, before)


def _ing(words: list[Word], i: int, before: str) -> str:
    noun = words[i].low in _ING_NOUNS and before in {"N", "P", "C"}
    object_follows = tag_behind(words, i) in {"D", "F"}
    return "N" if (before in {"D", "J"} or noun) and not object_follows else "G"


def _past(words: list[Word], i: int, before: str) -> str:
    low, follows, kinds = words[i].low, tag_behind(words, i), kinds_of(words, i)
    too = low in NOUNS_TOO and "base" in kinds  # "cost", "cut", "hit"
    if before in {"", ":", ";"}:
        return "J" if follows == "N" else "E"
    if before == "N" and _is_passive(words, i):
        return "E"
    if before in {"D", "J"}:
        return "N" if too else "J"
    if before == "P" and low not in NOUNS_TOO:
        return "E"
    return _present(words, i, before) if too else _finite_past(words, i, before)


def _finite_past(words: list[Word], i: int, before: str) -> str:
    follows = tag_behind(words, i)
    listed = words[i].low in ADJECTIVES and follows == "N"
    if listed or (before in {"F", "Y"} and follows in {"N", "J"}):
        return "J"  # "12 injured men"
    return "V" if "past" in kinds_of(words, i) else "E"


def _is_passive(words: list[Word], i: int) -> bool:
    """Whether "by" and a doer follow, not "grew by about 5 %"."""
    behind = words[i + 1 : i + 6]
    return bool(behind) and behind[0].low == "by" and all(w.tag != "F" for w in behind[1:])


def _present(words: list[Word], i: int, before: str) -> str:
    low, follows, kinds = words[i].low, tag_behind(words, i), kinds_of(words, i)
    if before in {"D", "J", "P", ""} or (before in {"F", "Y"} and low in NOUNS_TOO):
        return "N"
    if before in {"O", "R"}:
        return "V"
    agrees = ("s" in kinds) != is_plural(words, i - 1)
    if low not in NOUNS_TOO and not (low.endswith("s") and low[:-1] in NOUNS_TOO):
        has_object = before == "N" and follows in {"D", "F"}
        return "V" if has_object or agrees or before in {"C", ",", "B", ")"} else "N"
    return "V" if _is_verb_here(words, i, before, agrees=agrees) else "N"


def _is_verb_here(words: list[Word], i: int, before: str, *, agrees: bool) -> bool:
    """Whether a word that is as often a noun is a verb: "the ticket costs €9"."""
    follows, kinds = tag_behind(words, i), kinds_of(words, i)
    says = follows == "R" and words[i].verb in SAYING
    if before == "N" and words[i - 1].tag == "B":
        return ("s" in kinds) != is_plural(words, i - 2)  # "breweries only account for"
    if before == "N" and follows == "P" and words[i].verb in _MEASURING:
        figure = any(word.tag == "F" for word in words[i + 2 : i + 5])  # "amounts to about $5"
        return figure and agrees and not finite_follows(words, i)
    if before in {"N", ")", ","} and (follows in _AFTER_VERB or says):
        return (agrees or "past" in kinds) and not finite_follows(words, i)
    return False


def _settle(words: list[Word]) -> None:
    """ "And wounded" is a verb where one stands before; "Rising prices" opens with none."""
    verb = False
    for i, word in enumerate(words):
        if word.tag == "E" and verb and words[i - 1].tag == "C":
            word.tag = "V"
        if word.tag == "N" and word.low.endswith("ing") and word.verb and i == 0:
            word.tag = "G"
        verb = verb or word.tag == "V"


def _clause_follows(words: list[Word], i: int) -> bool:
    """Whether "as", "since" and their like open a clause, not a noun."""
    follows = tag_behind(words, i)
    return follows == "O" or (finite_follows(words, i) and follows not in {"F", "Y"})


def _is_relative(words: list[Word], i: int) -> bool:
    if i == 0 or words[i].low != "that":
        return i > 0
    verb = bool(kinds_of(words, i + 1) & {"past", "s"}) and words[i - 1].tag == "N"
    return verb or tag_behind(words, i) in {"X", "V", "O"}


def _opens_noun(words: list[Word], i: int) -> bool:
    """Whether a noun can follow "that", "this", "her": it is no pronoun then."""
    if words[i].low in {"their", "its", "his"}:
        return True
    follows = tag_behind(words, i)
    if follows == "N":
        return not kinds_of(words, i + 1) & {"past", "s"} or words[i + 1].low in NOUNS_TOO
    return follows in {"J", "F", "Y"}
