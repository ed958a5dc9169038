"""Exchanges ↔ what the reader's browser keeps of them, and parcels of text for its script. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from rag.answer import Answer, ConflictKind, FigureState, Mode, RefusalReason
from rag.answering.marks import by_number
from ui.web.conversation import Exchange
from ui.web.panels import answer_html
from ui.web.sources import sources_html

MAX_EXCHANGES = 60
"""Exchanges taken back from a browser."""
_DAMAGED = (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, LookupError)


def to_record(exchange: Exchange) -> dict[str, Any]:
    """A finished exchange as JSON values."""
    return {
        "question": exchange.question,
        "answer": exchange.answer.to_dict() if exchange.answer else None,
        "problem": exchange.problem,
        "offers": list(exchange.offers),
        "stopped": exchange.stopped,
    }


def read_records(records: Any) -> tuple[Exchange, ...]:
    """The exchanges of a browser's records; whatever is not one is left out.

    A browser's storage is shared by all that was ever served from this port: nothing in it is
    trusted, and what cannot be shown is dropped here rather than met later.
    """
    if not isinstance(records, list):
        return ()
    found = [_read(record) for record in records[-MAX_EXCHANGES:] if isinstance(record, dict)]
    return tuple(exchange for exchange in found if exchange)


def parcel_html(kind: str, number: int, **content: Any) -> str:
    """Something for the page's script to keep, copy, save or say.

    Args:
        kind: What the script does with it.
        number: Another one for each parcel, so that two alike are two.
        content: JSON values.
    """
    packed = json.dumps({"kind": kind, "number": number, **content}, ensure_ascii=True)
    # Base64, since of all signs letters and digits alone come through Markdown at their length.
    return f'<div class="parcel">{base64.urlsafe_b64encode(packed.encode()).decode()}</div>'


def _read(record: Mapping[str, Any]) -> Exchange | None:
    try:
        fields, offers, problem = record["answer"], record["offers"], record["problem"]
        answer = None if fields is None else Answer.from_dict(fields)
        if answer is not None and not _is_shown(answer):
            return None
        return Exchange(
            question=_text(record["question"]),
            answer=answer,
            problem=None if problem is None else _text(problem),
            offers=tuple(_text(offer) for offer in offers[:3]),
            stopped=record["stopped"] is True or (answer is None and problem is None),
        )
    except _DAMAGED:
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _is_shown(answer: Answer) -> bool:
    """Whether it is of the contract's words and can be shown."""
    states = {figure.state for claim in answer.claims for figure in claim.figures}
    kinds = {conflict.kind for conflict in answer.conflicts}
    reasons = {answer.refusal.reason} if answer.refusal else set()
    spans = [citation.span for citation in by_number(answer).values()]
    spans += [claim.span for claim in answer.claims]
    known = (
        all(type(at) is int for span in spans for at in (span.start, span.end))
        and states <= set(get_args(FigureState))
        and kinds <= set(get_args(ConflictKind))
        and reasons <= set(get_args(RefusalReason))
        and answer.mode in get_args(Mode)
    )
    return known and bool(answer_html(answer, 1)) and bool(sources_html(answer, {}, 1))


def kept_html(exchanges: Sequence[Exchange], talk: str, number: int) -> str:
    """A parcel that keeps the last exchange of a conversation, at its place in it."""
    return parcel_html(
        "keep", number, talk=talk, at=len(exchanges), exchange=to_record(exchanges[-1])
    )
