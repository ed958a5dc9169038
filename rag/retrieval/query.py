"""Question and earlier turns → the standalone query and the type of answer it wants. Rules, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.checking.figures import find_figures
from rag.checking.numerals.dates import normal_period
from rag.checking.syntax.names import find_names
from rag.errors import QuestionError
from rag.retrieval.answer_types import wanted_type
from rag.retrieval.asked import asked
from rag.retrieval.breadth import asks_several, sides_of, topic_of
from rag.retrieval.followups import standalone
from rag.retrieval.parts import parts
from rag.splitting.terms import stems
from rag.types import Asking, Query, Turn

MAX_QUESTION_CHARS = 4_000

# Words that only say what kind of answer is wanted: they need not stand in the answer.
_META = frozenset(
    stems(
        """share percentage percent proportion fraction part number rank ranks ranking ranked position place
        value worth figure amount total overall sum dollar dollars year years month months date day days name
        named kind kinds type types sort sorts list current currently exactly please tell give say says said
        explain describe according article articles report reports mentioned ask question story high large big
        long old far often fy fiscal financial quarter per each
        euro euros rupee rupees pound pounds money term terms usd eur"""
    )
)
_SHORT_FORM = re.compile(r"(?:n['’]t|['’](?:re|ve|ll|m|d))\b")  # "doesn't"
_NUMERAL = re.compile(r"(?:fy)?[\d.]+")


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
    return _query(standalone(asked(text), history))


def analyse_parts(query: Query) -> tuple[Query, ...]:
    """A query for each part of a question that asks several things; none for one that asks one."""
    asked_for = parts(query.text)
    return tuple(_query(part) for part in asked_for) if len(asked_for) > 1 else ()


def analyse_breadth(query: Query) -> Asking:
    """How wide a question asks, with a query for the topic, each side or each part."""
    if sides := sides_of(query.text):
        return Asking("sides", tuple(replace(_query(side), wanted="open") for side in sides))
    if topic := topic_of(query.text):
        return Asking("topic", (replace(_query(topic), wanted="open"),))
    if found := analyse_parts(query):
        return Asking("parts", found)
    return Asking("several" if asks_several(query) else "one", (query,))


def _query(text: str) -> Query:
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
                s
                for s in stems(_SHORT_FORM.sub("", text))
                if s not in own | _META and not _NUMERAL.fullmatch(s)
            )
        ),
        years=tuple(dict.fromkeys(period for period in periods if period)),
    )
