"""An answer → what a reader is told besides: the model's part, what is left out, sums. Pure."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.answer import Answer, CheckedFigure, Claim, Usage

_HOW = re.compile(r"“([^”]*)” is ([^;]+)")
"""A computed figure in a claim's reason: "“30%” is the change from 10 to 13; …"."""
_LEAST = Decimal("0.0001")
"""A smaller price is told as less than this."""


def usage_line(answer: Answer) -> str | None:
    """The model that worded the answer, or was asked in vain, and what that took.

    "Worded by llama3.1 · 2 requests · 1,234 tokens in, 210 out"; None where none was asked.
    """
    usage = answer.usage
    if usage is None:
        return None
    did = "Worded by" if answer.mode == "llm" and answer.refusal is None else "Asked"
    who = f"{usage.model} at {usage.host}" if usage.host else usage.model
    return " · ".join([f"{did} {who}", _counted(usage.requests, "request"), *_amounts(usage)])


def withheld_title(answer: Answer) -> str:
    """What stands over the sentences that are not shown as fact."""
    n = len(answer.withheld)
    if answer.usage is None:
        return f"Not shown: could not be verified ({n})"
    return f"{_counted(n, 'sentence')} of the model {'was' if n == 1 else 'were'} left out"


def how_computed(claim: Claim, checked: CheckedFigure) -> str | None:
    """What a computed figure of the claim was worked out from: "the change from 10 to 13"."""
    found = _HOW.findall(claim.reason) if checked.state == "computed" else []
    return next((how for words, how in found if words == checked.text), None)


def _amounts(usage: Usage) -> list[str]:
    """Tokens and price, as far as they are known."""
    tokens = []
    if usage.prompt_tokens is not None:
        tokens.append(f"{usage.prompt_tokens:,} tokens in")
    if usage.completion_tokens is not None:
        tokens.append(f"{usage.completion_tokens:,} {'' if tokens else 'tokens '}out")
    told = [", ".join(tokens)] if tokens else []
    if usage.cost:
        price = f"about {usage.cost:.4f}" if usage.cost >= _LEAST else f"less than {_LEAST}"
        told.append(f"{price} at your prices")
    return told


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
