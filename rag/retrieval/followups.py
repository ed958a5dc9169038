"""A question and the turns before it → a question that stands on its own. Rules, no model."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re
from collections.abc import Sequence

from rag.checking.figures import find_figures
from rag.checking.numerals.dates import normal_period
from rag.checking.syntax.names import Name, find_names
from rag.retrieval.antecedents import resolved
from rag.retrieval.clauses import subject_of
from rag.splitting.terms import stems
from rag.types import Turn

_CHAT = re.compile(
    r"^(?:(?:ok(?:ay)?|i see|thanks?(?: you)?(?: very much)?|right|well|hm+|interesting|got it|good|great|fine|sure|yes|no)\b[,.!\s]+)+(?=\S)",
    re.IGNORECASE,
)  # "I see. And …"
_TURN_AWAY = re.compile(
    r"^(?:(?:switching|changing|new) (?:the )?(?:topics?|subjects?)|(?:on|to) (?:an?other|a different|a new) (?:topic|subject|note|matter)"
    r"|by the way|something else|moving on|unrelated(?:ly)?|(?:an?other|a different|(?:my )?next) (?:question|topic|subject)|forget (?:that|it)|never ?mind)\b[\s,:.;–-]*(?:now\s+)?",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"^\s*(?:and|but|so|also|what about|how about|what of|or)\b[\s,]*", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^\s*(?:(?:and|but|so)\b[\s,]*)?(?:what about|how about|what of)\s+|^\s*(?:and|or)\b[\s,]*",
    re.I,
)
_ANAPHOR = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|the (?:former|latter))\b",
    re.IGNORECASE,
)
_PREPOSITIONS = (
    "to|from|with|in|by|for|of|on|at|among|between|as|against|under|over|during|since|about"
)
_PREPOSITION = re.compile(rf"^({_PREPOSITIONS})\b\s*", re.IGNORECASE)
_QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:(?:in|on|at|by|to|for|from|of|with|since|until|against|through)\s+)?(?:(?:who|whom|whose|what|when|where|why)(?: else| exactly| so| not)?(?: did| does| do| has| have)?"
    r"|how(?: much| many| long| often| far| big| large| high| old| come| so| exactly)?|which(?:\s+[\w-]+){1,2}"
    r"|what (?:\w+ )?(?:kinds?|types?|sorts?|years?|months?|days?|dates?|time|country|city|place|price|share|amount|rank|sum|reason|for))$",
    re.IGNORECASE,
)  # "In what year", "Which kinds"
_CIRCUMSTANCE = re.compile(
    r"\b(?:when|why|where|how|(?:what|which) (?:\w+ )?(?:year|month|day|date|country|place|city|quarter))$",
    re.I,
)
_YES_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b", re.I
)
_SAYS = re.compile(
    r"^(?:who|which \w+|according to whom|says who)\b(?:\s+(?:else\s+)?(?:says?|said|thinks?|believes?|claims?|holds?|argues?|reports?)"
    r"(?:\s+(?:so|that|this|it))?)?$",
    re.IGNORECASE,
)  # "Who says so?"
_UNIT = re.compile(
    r"in (?:us )?(?:dollars|euros|rupees|pounds|usd|eur|percent|per cent|%|money|figures)",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"^.+?(?=\s(?:of|between|in|to|from|with|for|on|among)\s)"
)  # "tourism" between …
_BEHIND_PREPOSITION = re.compile(rf"\b(?:{_PREPOSITIONS})\s+(?:the\s+)?$", re.IGNORECASE)
_ELLIPSIS = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\s+(?P<who>(?:the\s+)?(?:\w+\s+){0,2}\w+)$",
    re.IGNORECASE,
)  # "Did Turkey?"
_DATED = re.compile(
    r"(?:,|\s+(?:by|in|since|during|for|until)\s+(?=(?:FY|fiscal|financial|\d{4}|[A-Z][a-z]+ \d{4}))|[?:]|$)"
)

MAX_PERIOD_WORDS = 2
"""So few words are a period and nothing else: "fiscal 2024"."""


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it takes from the last turn written out.

    >>> standalone("And to Armenia?", [Turn("What were India's exports to Azerbaijan?")])
    "What were India's exports to Armenia?"
    """
    away = _TURN_AWAY.match(question)
    if away and question[away.end() :].strip(" ?"):
        rest = question[away.end() :]
        return rest[0].upper() + rest[1:]
    for n, turn in reversed(list(enumerate(history))):
        previous = " ".join(turn.question.split())
        if not previous:
            continue
        asked = _CHAT.sub("", question)
        if not _depends(asked):
            return question
        # The turn before may itself lean on an earlier one.
        before = standalone(previous, history[:n])
        joined = _joined(asked, before) or _swapped(asked, before)
        full = joined or resolved(_FOLLOWS.sub("", asked).strip(), before, turn.answer)
        return full[0].upper() + full[1:]
    return question


def _depends(question: str) -> bool:
    bare = question.strip(" ?.!")
    if _BARE.match(bare) or _SAYS.match(bare) or _ELLIPSIS.match(bare):
        return True
    if _FOLLOWS.match(question):
        return not _is_whole(_FOLLOWS.sub("", question))
    names = find_names(question)
    if _ANAPHOR.search(question) and len(names) <= 1:
        return True
    return not names and len(stems(question)) <= 3


def _is_whole(question: str) -> bool:
    """Whether it is a full question that leans on nothing: "And which is the longest bridge?"."""
    asks = _QUESTION_WORD.match(question) or _YES_NO.match(question)
    return bool(asks) and not _ANAPHOR.search(question) and len(stems(question)) >= 4


def _joined(question: str, before: str) -> str | None:
    """ "When?", "Which kinds?", "Who says so?": asked of the question before."""
    bare = _FOLLOWS.sub("", question).strip(" ?.!")
    if not (_BARE.match(bare) or _SAYS.match(bare)):
        return None
    if _CIRCUMSTANCE.search(bare) and _YES_NO.match(before):
        return f"{bare[0].upper()}{bare[1:]} {before[0].lower()}{before[1:]}"
    earlier = re.sub(r":[^:]*$", "", before.rstrip(" ?"))
    return f"{earlier}: {bare[0].lower()}{bare[1:]}?"


def _swapped(question: str, before: str) -> str | None:
    """ "And to Armenia?": the previous question with its counterpart exchanged."""
    rest = _ABOUT.sub("", question).strip().rstrip("?").strip()
    if swapped := _other_doer(rest, before):
        return swapped
    if not rest or _QUESTION_WORD.search(rest) or _VERB.search(rest) or len(rest.split()) > 9:
        return None
    if _UNIT.fullmatch(rest):
        return f"{before.rstrip(' ?')} {rest[0].lower()}{rest[1:]}?"
    preposition = _PREPOSITION.match(rest)
    bare = rest[preposition.end() :] if preposition else rest
    names = find_names(bare)
    if normal_period(bare) and len(bare.split()) <= MAX_PERIOD_WORDS:
        swapped = _other_period(bare, before)
    elif names and names[0].span.start == 0 and names[0].text == bare:
        swapped = _other_name(rest, bare, names[0], preposition, before)
    elif preposition:
        swapped = _other_phrase(rest, preposition, before)
    elif _ABOUT.match(question):
        swapped = _other_subject(bare, before)
    return swapped


def _other_doer(rest: str, before: str) -> str | None:
    """ "Did Turkey?" asks the previous yes/no question of another."""
    ellipsis, subject = _ELLIPSIS.match(rest), subject_of(before)
    if not (ellipsis and subject and _YES_NO.match(before) and find_names(ellipsis["who"])):
        return None
    return before[: subject.start] + ellipsis["who"] + before[subject.end :]


def _other_subject(new: str, before: str) -> str:
    """ "And the president?": the head of the previous subject exchanged."""
    subject = subject_of(before)
    if subject is None or (find_names(subject.of(before)) and " " not in subject.of(before)):
        return f"{before.rstrip(' ?')}: what about {new}?"
    head = _HEAD.match(subject.of(before))
    end = subject.end if find_names(new) or head is None else subject.start + head.end()
    return f"{before[: subject.start]}{new}{before[end:]}"


def _other_period(bare: str, before: str) -> str:
    dates = [f for f in find_figures(before) if f.kind == "date"]
    if not dates:
        return f"{before.rstrip('?')} in {bare}?"
    span = dates[-1].span
    return before[: span.start] + bare + before[span.end :]


def _other_name(
    rest: str, bare: str, new: Name, preposition: re.Match[str] | None, before: str
) -> str | None:
    old = [name for name in find_names(before) if name.kind == new.kind]
    if preposition:
        lead = preposition.group(1).lower()
        old = [
            n for n in old if before[: n.span.start].lower().rstrip().endswith(" " + lead)
        ] or old
    elif (subject := subject_of(before)) and (new.kind == "other" or not _governed(old, before)):
        return before[: subject.start] + bare + before[subject.end :]
    if not old:
        return f"{before.rstrip('?')} {rest}?"
    span = old[-1].span
    return before[: span.start] + bare + before[span.end :]


def _governed(names: Sequence[Name], text: str) -> bool:
    """Whether the last of the names stands behind a preposition: "to Orla", and not "to Orla's mayor"."""
    if not names:
        return False
    span = names[-1].span
    possessive = text[span.start + len(names[-1].text) :].startswith(("'", "’"))
    return not possessive and _BEHIND_PREPOSITION.search(text, 0, span.start) is not None


def _other_phrase(rest: str, preposition: re.Match[str], before: str) -> str | None:
    """ "And among the destinations of its oil?": the phrase of that preposition exchanged."""
    lead = preposition.group(1).lower()
    leads = "as|among" if lead in {"as", "among"} else re.escape(lead)
    found = list(re.finditer(rf"\b(?:{leads})\s+", before))
    if not found:
        return None
    start = found[-1].start() if lead in {"in", "at", "on"} else found[0].start()
    end = _DATED.search(before, start + len(lead) + 1)
    stop = end.start() if end else len(before.rstrip("?"))
    replaced = find_names(before[start:stop])
    if replaced:
        rest = re.sub(r"\b(?:its|their)\b", f"{replaced[-1].text}'s", rest, count=1)
    return f"{before[:start]}{rest}{before[stop:]}"
