"""Why a question is not answered, and how that is said to a reader."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rag.answer import RefusalReason
from rag.checking import thresholds
from rag.checking.evidence import Gap
from rag.checking.wanted import FIGURE_KINDS
from rag.types import Query, Wanted

_THING: dict[Wanted, str] = {
    "money": "an amount",
    "percent": "a share",
    "count": "a number",
    "rank": "a rank",
    "date": "a date",
    "duration": "a length of time",
    "quantity": "a figure",
}


def refusal_reason(query: Query, gaps: Collection[Gap], relevance: float | None) -> RefusalReason:
    """Why the nearest sentence does not answer.

    Args:
        query: The question.
        gaps: What the most relevant sentence lacks.
        relevance: Its relevance (a cross-encoder logit); None when nothing was found at all.
    """
    if relevance is None or relevance < thresholds.OFF_TOPIC_RELEVANCE:
        return "off_topic"
    if "period" in gaps:
        return "other_period"
    if "subject" in gaps:
        return "other_subject"
    if query.wanted in FIGURE_KINDS:
        return "figure_not_given"
    return "not_in_sources"


def refusal_text(reason: RefusalReason, query: Query, absent: Sequence[str] = ()) -> str:
    """The reason in a sentence for the reader.

    Args:
        reason: Why.
        query: The question.
        absent: Names of the question that the nearest sentence does not bear.
    """
    match reason:
        case "empty_index":
            return "There are no articles to answer from yet."
        case "off_topic":
            return "The articles have nothing on this."
        case "other_period":
            periods = " and ".join(query.years)
            return f"The articles don't give this for {periods}; they speak of another period."
        case "other_subject":
            about = " and ".join(absent) if absent else "what you ask about"
            nearest = "the nearest words are about something else"
            return f"The articles don't say this of {about}; {nearest}."
        case "figure_not_given":
            thing = _THING.get(query.wanted, "a figure")
            return f"The articles touch on this but don't give {thing}."
        case "not_in_sources":
            return "The articles don't say."
