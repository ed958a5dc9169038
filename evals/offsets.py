"""An answer and the articles it cites → whether every quote is exactly where it says it is."""

from __future__ import annotations

from collections.abc import Callable

from evals.cases import Case
from evals.metrics import Score
from rag.answer import Answer, Citation


def offset_score(answer: Answer, case: Case, body_of: Callable[[str], str | None]) -> Score:
    """Whether every citation, a refusal's nearest among them, is where it says it is.

    Args:
        answer: What the chatbot gave.
        case: The question.
        body_of: The body of an article, by its id; None where there is no such article.
    """
    nearest = answer.refusal.nearest if answer.refusal else ()
    citations = (*answer.citations, *nearest)
    if not citations:
        return Score(case.id, "offsets", None, "nothing cited")
    off = [c for c in citations if not offset_exact(c, body_of(c.source.article_id))]
    told = ", ".join(f"[{c.number}] {c.source.article_id} {c.span.start}:{c.span.end}" for c in off)
    why = f"not the article's words at their place: {told}" if off else "every quote is in place"
    return Score(case.id, "offsets", float(not off), why)


def offset_exact(citation: Citation, body: str | None) -> bool:
    """Whether the article's body, sliced at the citation's offsets, is the cited text.

    A quote that begins or ends inside of a word is not: it is one that has been shifted.
    """
    span = citation.span
    # Slicing would forgive a negative start or an end past the body; a contract does not.
    return (
        body is not None
        and 0 <= span.start < span.end <= len(body)
        and span.of(body) == citation.cited_text
        and not any(_splits(body, at) for at in (span.start, span.end))
    )


def _splits(body: str, at: int) -> bool:
    """Whether a word goes on across the place."""
    return 0 < at < len(body) and body[at - 1].isalnum() and body[at].isalnum()
