"""Question and earlier turns → the standalone query and the type of answer it wants. Rules, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.checking.dates import normal_period
from rag.checking.figures import find_figures
from rag.checking.names import find_names
from rag.errors import QuestionError
from rag.splitting.terms import stems
from rag.types import Query, Turn, Wanted

MAX_QUESTION_CHARS = 4_000

_START = (
    r"(?:^|,\s)(?:\w+\s){0,2}"  # a question word asks only near the start: "By when", "If so, who"
)
# In this order: the first that matches decides. One example each.
_PATTERNS: tuple[tuple[Wanted, str], ...] = (
    ("duration", r"\bhow long\b(?! is| are)|\b(?:for )?(?:how many|number of) (?:years|months|weeks|days|hours|decades)\b"),
    ("count", r"\bhow many\b|\b(?:number|count|tally) of\b|\bnumber\W*$|\bdeath toll\b"),
    ("quantity", r"\bpopulation of\b|\bhow (?:old|tall|heavy|fast|deep|wide|hot|cold)\b|\bhow far (?:is|are|away|from)\b"
                 r"|\b(?:what|which) (?:is|was) the (?:\w+ ){0,2}(?:population|distance|temperature|speed|range|length"
                 r"|height|weight|area|age)\b"),
    ("percent", r"\b(?:what|which) (?:share|percent|percentage|proportion|fraction|part) of\b"
                r"|\bpercent(?:age)?\b|\bper cent\b|\bshare of\b|\bproportion of\b|\bwhat share\b"),
    ("rank", r"\brank(?:s|ed|ing|ings)?\b|\b(?:what|which) (?:position|place|spot)\b"
             r"|\bwhere (?:does|did|do|is|was) .{2,60}\b(?:stand|come|place) (?:among|in|as)\b|\bhow high\b"),
    ("money", r"\bhow much\b(?! difference| influence| impact| of an?\b)|\bwhat (?:did|does|do|will|would) .{2,60}\b(?:pay|cost|spend|earn)\b|\bworth\b|\b(?:dollar|monetary) (?:value|figure|amount)\b"
              r"|\b(?<!diplomatic )(?<!political )price\b|\b(?:budget|value|revenue|turnover|gdp|volume|size)\b"
              r"|\bcosts? of\b"
              r"|\bhow (?:large|big) (?:is|was|were|are)\b.{0,40}\b(?:deal|trade|exports?|imports?|budget|economy|contract|debt|loan|aid)\b"),
    ("date", _START + r"when\b|\b(?:what|which) (?:\w+ )?(?:year|month|day|date|quarter)\b|\bsince what\b"
             r"|\b(?:date|month|year) (?:of|when)\b|\b(?:month|year|date)\s*$"),
    ("reason", _START + r"why\b|\bwhat (?:led|caused|prompted|explains|drove|made)\b|\breasons?\b|\bhow come\b"),
    ("person", _START + r"who(?:m|se)?\b|\bname of\b|\b(?:which|what) (?:official|politician|leader|minister|person|author|president)s?\b"),
    ("date", r"\b(?:exact|precise) date\b"),
    ("place", _START + r"where\b|\b(?:which|what) (?:\w+ ){0,2}(?:country|countries|city|town|state|district|region|nation|nations|place|capital)\b"),
    ("organisation", r"\b(?:which|what) (?:\w+ ){0,3}(?:company|companies|organi[sz]ation|group|body|agency|ministry|party|airlines?|firm|bank)s?\b"),
    ("list", r"\b(?:which|what) (?:are|were) the\b|\blist\b|\bname (?:the|all|some)\b|\bwhat (?:kinds?|types?|sorts?) of\b"),
    ("yes_no", r"^\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"),
)  # fmt: skip
_WANTED = tuple((wanted, re.compile(pattern, re.IGNORECASE)) for wanted, pattern in _PATTERNS)
_FOLLOWS = re.compile(
    r"^\s*(?:and|but|so|also|what about|how about|what of|or)\b[\s,]*", re.IGNORECASE
)
_ABOUT = re.compile(
    r"^\s*(?:(?:and|but|so)\b[\s,]*)?(?:what about|how about|what of)\s+|^\s*(?:and|or)\b[\s,]*",
    re.I,
)
_ANAPHOR = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(to|from|with|in|by|for|of|on|at|among|between)\b\s*", re.IGNORECASE)
# Words that only say what kind of answer is wanted: they need not stand in the answer.
_META = frozenset(
    stems(
        """share percentage percent proportion fraction part number rank ranks ranking ranked position place
        value worth figure amount total overall sum dollar dollars year years month months date day days name
        named kind kinds type types sort sorts list current currently exactly please tell give say says said
        explain describe according article articles report reports mentioned ask question story high large big
        long old far often fy fiscal financial quarter per each"""
    )
)
_NUMERAL = re.compile(r"(?:fy)?[\d.]+")
_QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)


def analyse(question: str, history: Sequence[Turn] = ()) -> Query:
    """What to search and what an answer has to contain.

    Raises:
        QuestionError: The question is empty or longer than MAX_QUESTION_CHARS.
    """
    text = " ".join(question.split())
    if not text:
        raise QuestionError("the question is empty; ask something about the articles")
    if len(text) > MAX_QUESTION_CHARS:
        raise QuestionError(
            f"the question has {len(text):,} characters; ask in at most {MAX_QUESTION_CHARS:,}"
        )
    text = standalone(text, history)
    names = find_names(text)
    covered = " ".join(name.text for name in names)
    figures = find_figures(text)
    periods = (normal_period(f.span.of(text)) for f in figures if f.kind == "date")
    own = set(stems(covered))
    return Query(
        text=text,
        wanted=wanted_type(text),
        entities=tuple(dict.fromkeys(name.text for name in names)),
        terms=tuple(
            dict.fromkeys(
                s for s in stems(text) if s not in own | _META and not _NUMERAL.fullmatch(s)
            )
        ),
        years=tuple(dict.fromkeys(period for period in periods if period)),
    )


def wanted_type(question: str) -> Wanted:
    """The type of answer a question asks for; `open` when its words don't tell.

    >>> wanted_type("How many tourists came?"), wanted_type("Who is the president?")
    ('count', 'person')
    """
    return next((wanted for wanted, pattern in _WANTED if pattern.search(question)), "open")


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it takes from the last turn written out.

    >>> standalone("And to Armenia?", [Turn("What were India's exports to Azerbaijan?")])
    "What were India's exports to Armenia?"
    """
    for turn in reversed(history):
        previous = " ".join(turn.question.split())
        if not previous:
            continue
        if not _depends(question):
            return question
        # The turn before may itself lean on an earlier one.
        before = standalone(previous, history[: list(history).index(turn)])
        return _swapped(question, before) or _resolved(question, before, turn.answer)
    return question


def _depends(question: str) -> bool:
    if _FOLLOWS.match(question):
        return True
    names = find_names(question)
    if _ANAPHOR.search(question) and len(names) <= 1:
        return True
    return not names and len(stems(question)) <= 3


def _swapped(question: str, before: str) -> str | None:
    """ "And to Armenia?": the previous question with its counterpart exchanged."""
    rest = _ABOUT.sub("", question).strip().rstrip("?").strip()
    if not rest or _QUESTION_WORD.search(rest) or len(rest.split()) > 6:
        return None
    bare = _PREPOSITION.sub("", rest)
    if period := normal_period(bare):
        dates = [f for f in find_figures(before) if f.kind == "date"]
        if dates:
            span = dates[-1].span
            return before[: span.start] + bare + before[span.end :]
        return f"{before.rstrip('?')} in {bare}?" if period else None
    new = find_names(bare)
    if not new:
        return None
    old = [name for name in find_names(before) if name.kind == new[0].kind]
    preposition = _PREPOSITION.match(rest)
    if preposition:
        lead = preposition.group(1).lower()
        old = [
            n for n in old if before[: n.span.start].lower().rstrip().endswith(" " + lead)
        ] or old
    if not old:
        return f"{before.rstrip('?')} {rest}?"
    span = old[-1].span
    return before[: span.start] + bare + before[span.end :]


def _resolved(question: str, before: str, answer: str) -> str:
    """The question with its pronoun's name, or with the previous question's names behind it."""
    rest = _FOLLOWS.sub("", question).strip()
    names = find_names(before)
    people = [n for n in find_names(answer) if n.kind == "other" and len(n.text.split()) >= 2]
    if re.search(r"\b(?:he|she|him|his|her)\b", rest, re.IGNORECASE) and people:
        return _replaced(rest, people[0].text)
    if names and (pronoun := re.search(r"\b(?:it|its|they|their|them)\b", rest, re.IGNORECASE)):
        return _replaced(rest, names[0].text, pronoun.group())
    known = {name.key for name in find_names(rest)}
    missing = [name.text for name in names if name.key not in known]
    # Without a pronoun to replace, the earlier subject is named behind the question.
    context = ", ".join(dict.fromkeys(missing)) or before.rstrip("?")
    return f"{rest.rstrip('?')} ({context})?"


def _replaced(question: str, name: str, pronoun: str = r"he|she|him|his|her") -> str:
    def swap(found: re.Match[str]) -> str:
        possessive = found.group().lower() in {"his", "her", "its", "their"}
        return f"{name}'s" if possessive else name

    return re.sub(rf"\b(?:{pronoun})\b", swap, question, count=1, flags=re.IGNORECASE)
