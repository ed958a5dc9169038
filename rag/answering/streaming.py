"""A checked answer → the same answer growing claim by claim. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.answer import Answer


def prefixes(answer: Answer) -> Iterator[Answer]:
    """Growing answers, each with one checked claim more than the one before.

    Every one of them is an answer in itself: its text is cut behind its last claim, so that all
    spans stay exact, and it holds the citations of its claims and no others. The last one is the
    answer itself, with its conflicts, what was withheld and the time it took.
    """
    claims = sorted(answer.claims, key=lambda claim: claim.span.end)
    for n, claim in enumerate(claims[:-1], start=1):
        numbers = {number for shown in claims[:n] for number in shown.citations}
        yield replace(
            answer,
            text=answer.text[: claim.span.end],
            claims=tuple(claims[:n]),
            citations=tuple(c for c in answer.citations if c.number in numbers),
            conflicts=(),
            withheld=(),
            confidence=None,
            seconds={},
        )
    yield answer
