"""The JSON contract: an answer as JSON values, and those back as an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rag.answer import (
    Answer,
    CheckedFigure,
    Citation,
    Claim,
    Conflict,
    Reading,
    Refusal,
    Usage,
    Withheld,
)
from rag.types import Figure, Source, Span

SCHEMA = 1
"""Version of the contract, docs/json.md."""


def to_dict(answer: Answer) -> dict[str, Any]:
    """The answer in the contract's form."""
    return {
        "schema": SCHEMA,
        "question": answer.question,
        "query": answer.query,
        "mode": answer.mode,
        "answer": answer.text,
        "refusal": None if answer.refusal is None else _refusal(answer.refusal),
        "claims": [_claim(claim) for claim in answer.claims],
        "withheld": [{"text": w.text, "reason": w.reason} for w in answer.withheld],
        "citations": [_citation(citation) for citation in answer.citations],
        "conflicts": [_conflict(conflict) for conflict in answer.conflicts],
        "confidence": answer.confidence,
        "notice": answer.notice,
        "seconds": dict(answer.seconds),
        "usage": None if answer.usage is None else _usage(answer.usage),
    }


def from_dict(fields: Mapping[str, Any]) -> Answer:
    """The answer of the contract's form: `to_dict(from_dict(x)) == x`.

    What the contract leaves out, such as an author or a figure's period, is None.

    Raises:
        KeyError: A field of the contract is missing.
        ValueError: A value is none of the contract's.
    """
    refusal = fields["refusal"]
    return Answer(
        question=fields["question"],
        query=fields["query"],
        mode=fields["mode"],
        text=fields["answer"],
        claims=tuple(_read_claim(claim) for claim in fields["claims"]),
        citations=tuple(_read_citation(citation) for citation in fields["citations"]),
        conflicts=tuple(_read_conflict(conflict) for conflict in fields["conflicts"]),
        withheld=tuple(Withheld(w["text"], w["reason"]) for w in fields["withheld"]),
        refusal=None
        if refusal is None
        else Refusal(
            refusal["reason"],
            refusal["text"],
            tuple(_read_citation(citation) for citation in refusal["nearest"]),
        ),
        confidence=fields["confidence"],
        notice=fields["notice"],
        seconds=dict(fields["seconds"]),
        usage=_read_usage(fields.get("usage")),  # answers kept before there was one
    )


def _read_usage(fields: Mapping[str, Any] | None) -> Usage | None:
    if fields is None:
        return None
    cost = fields["cost"]
    return Usage(
        model=fields["model"],
        host=fields["host"],
        requests=fields["requests"],
        prompt_tokens=fields["prompt_tokens"],
        completion_tokens=fields["completion_tokens"],
        cost=None if cost is None else Decimal(cost),
    )


def _read_citation(fields: Mapping[str, Any]) -> Citation:
    published = fields["published"]
    source = Source(
        article_id=fields["article_id"],
        title=fields["title"],
        outlet=fields["outlet"],
        author=None,
        published=None if published is None else date.fromisoformat(published),
        url=fields["url"],
        path=fields["path"],
    )
    span = Span(fields["start_char_index"], fields["end_char_index"])
    return Citation(fields["number"], source, fields["cited_text"], span)


def _read_claim(fields: Mapping[str, Any]) -> Claim:
    return Claim(
        text=fields["text"],
        span=Span(fields["start"], fields["end"]),
        verdict=fields["verdict"],
        reason=fields["reason"],
        citations=tuple(fields["citations"]),
        figures=tuple(_read_figure(figure) for figure in fields["figures"]),
    )


def _read_figure(fields: Mapping[str, Any]) -> CheckedFigure:
    figure = Figure(
        value=Decimal(fields["value"]),
        high=None,
        unit=fields["unit"],
        kind=fields["kind"],
        approximate=False,
        subject=None,
        period=None,
        span=Span(0, len(fields["text"])),
    )
    return CheckedFigure(fields["text"], figure, fields["state"], fields["citation"])


def _read_conflict(fields: Mapping[str, Any]) -> Conflict:
    sides = tuple(Reading(side["figure"], side["citation"]) for side in fields["sides"])
    return Conflict(fields["subject"], fields["kind"], sides)


def _citation(citation: Citation) -> dict[str, Any]:
    source = citation.source
    return {
        "number": citation.number,
        "article_id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "published": source.published.isoformat() if source.published else None,
        "url": source.url,
        "path": source.path,
        "cited_text": citation.cited_text,
        "start_char_index": citation.span.start,
        "end_char_index": citation.span.end,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "start": claim.span.start,
        "end": claim.span.end,
        "verdict": claim.verdict,
        "reason": claim.reason,
        "citations": list(claim.citations),
        "figures": [
            {
                "text": checked.text,
                "value": str(checked.figure.value),
                "unit": checked.figure.unit,
                "kind": checked.figure.kind,
                "state": checked.state,
                "citation": checked.citation,
            }
            for checked in claim.figures
        ],
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "subject": conflict.subject,
        "kind": conflict.kind,
        "sides": [{"figure": s.figure, "citation": s.citation} for s in conflict.sides],
    }


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "model": usage.model,
        "host": usage.host,
        "requests": usage.requests,
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cost": None if usage.cost is None else str(usage.cost),
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "reason": refusal.reason,
        "text": refusal.text,
        "nearest": [_citation(citation) for citation in refusal.nearest],
    }
