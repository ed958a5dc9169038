"""What a language model was asked for single answers → sums, and JSON values of them and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from rag.answer import Usage


def total(usages: Iterable[Usage | None]) -> Usage | None:
    """All of them together; None where nothing was asked.

    Tokens and costs are those that are known: an answer whose server told none adds none.

    >>> total([Usage("m", None, 1, 90, 10), None, Usage("m", None, 2, None, None)])
    Usage(model='m', host=None, requests=3, prompt_tokens=90, completion_tokens=10, cost=None)
    """
    asked = [usage for usage in usages if usage is not None]
    if not asked:
        return None
    sent = [u.prompt_tokens for u in asked if u.prompt_tokens is not None]
    replied = [u.completion_tokens for u in asked if u.completion_tokens is not None]
    costs = [u.cost for u in asked if u.cost is not None]
    return Usage(
        model=asked[0].model,
        host=next((u.host for u in asked if u.host is not None), None),
        requests=sum(u.requests for u in asked),
        prompt_tokens=sum(sent) if sent else None,
        completion_tokens=sum(replied) if replied else None,
        cost=sum(costs, Decimal(0)) if costs else None,
    )


def to_fields(usage: Usage) -> dict[str, Any]:
    """The usage as JSON values."""
    return {**asdict(usage), "cost": None if usage.cost is None else str(usage.cost)}


def from_fields(fields: Mapping[str, Any]) -> Usage:
    """The usage that `to_fields` wrote.

    Raises:
        KeyError: A field is missing.
        TypeError: There is one too many.
    """
    cost = fields["cost"]
    return Usage(**{**fields, "cost": None if cost is None else Decimal(cost)})
