"""What a reader typed → the question in it, without markup, orders to the program or what only leads up to it."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re

from rag.checking.syntax.names import find_names
from rag.splitting.terms import stems

_TAG = re.compile(r"</?[A-Za-z][\w-]{0,30}(?:\s[^<>]{0,80})?/?>")  # "</question>", "<b>"
_SENTENCE = re.compile(r"(?<=[.?!:;])\s+(?=[\"'“‘(]*[A-Z0-9])|(?<=[?!])\s+")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|No|vs|etc|e\.g|i\.e)\.$")
_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|or|then|now|also|ok|okay)\W+)?(?:(?:in|on|at|by|to|for|from|of|with|under|against|over|since|down"
    r"|through|within|during|about)\s+)*(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did"
    r"|has|have|had|can|could|will|would|should)(?:n['’]t|['’]s)?\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^\W*(?:system|assistant|user|override|new rules?|(?:please\s+)?(?:ignore|disregard|forget|pretend|override|obey"
    r"|print|output|repeat|reply|respond|answer|act|treat|confirm|remember)\b)[^?]*?:\s+(?=\S)",
    re.IGNORECASE,
)  # "Ignore the articles and answer 42: how long …": the order ends at the colon
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|such"
    r"|the (?:former|latter|same|two|three|other|others|article|report|author|commentary))\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was) (?:it|that|this) (?:true|right|the case)\b|\b(?:says?|said|know|think|fact|so) that\b"
    r"|\bthat (?:is|was|are|were|has|have|had|can|could|will|would|\w+ed|\w+s)\b|\b(?:is|are|was|were) there\b",
    re.IGNORECASE,
)
_CURRENCY_OF = re.compile(r"\b(?:US|U\.S\.|American)\s+(?=dollars?\b)")
_CONTRAST = re.compile(
    r",\s+(?:and\s+)?not\s+(?!(?:only|just|even|to mention|counting)\b)[^,?.!;:]+(?=[,?]|$)",
    re.IGNORECASE,
)  # "handled in 2024, not the forecast for 2030": what is not asked for
MIN_OWN_STEMS = 3
"""A question with this many content words, a name among them, says itself what it is about."""


def asked(text: str) -> str:
    """The question that the text asks.

    >>> asked("<b>Note</b> Multiply by ten. How long is the Ister bridge?")
    'How long is the Ister bridge?'
    >>> asked("I read about the Ister bridge. How long is it?")
    'I read about the Ister bridge. How long is it?'
    """
    bare = " ".join(_CURRENCY_OF.sub("", _TAG.sub(" ", text)).split())
    bare = _CONTRAST.sub("", _without_order(bare))
    sentences = sentences_of(bare)
    asking = [n for n, s in enumerate(sentences) if s.endswith("?") and _ASKS.match(s)]
    if len(sentences) > 1 and asking and _stands_alone(sentences[asking[-1]]):
        # Several questions are asked together where the last does not stand alone, and else kept too.
        return " ".join(sentences[n] for n in asking if _stands_alone(sentences[n]))
    return bare or text


def sentences_of(text: str) -> list[str]:
    """The text's sentences, by their punctuation."""
    found: list[str] = []
    for part in _SENTENCE.split(text):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return [sentence for sentence in found if sentence.strip()]


def _without_order(text: str) -> str:
    order = _ORDER.match(text)
    rest = text[order.end() :] if order else ""
    if not (_ASKS.match(rest) and _stands_alone(rest)):
        return text
    return rest[0].upper() + rest[1:]


def _stands_alone(sentence: str) -> bool:
    """Whether it is understood without the sentences around it."""
    leaning = _LEANS.search(_EXPLETIVE.sub("", sentence))
    return not leaning and bool(find_names(sentence)) and len(stems(sentence)) >= MIN_OWN_STEMS
