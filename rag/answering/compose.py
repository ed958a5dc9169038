"""Chosen sentences → the answer: verbatim, led in by outlet and date, each with its citation."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer import Answer, CheckedFigure, Citation, Claim, Refusal, RefusalReason
from rag.answering.candidates import Candidate
from rag.checking.figures import find_figures
from rag.checking.refusal import refusal_reason, refusal_text
from rag.types import Query, Source, Span

N_NEAREST = 3
VERBATIM = "quoted word for word"


def compose(question: str, query: Query, chosen: Sequence[Candidate]) -> Answer:
    """The answer that says the chosen sentences."""
    citations = tuple(_citation(n, c) for n, c in enumerate(chosen, start=1))
    claims: list[Claim] = []
    text = ""
    previous: Source | None = None
    for citation in citations:
        text += "\n" if text else ""
        lead = lead_in(citation.source, previous)
        said = f"{lead} “{citation.cited_text}” [{citation.number}]"
        claims.append(_claim(said, len(lead) + 2, citation, start=len(text)))
        text += said
        previous = citation.source
    return Answer(
        question=question,
        query=query.text,
        mode="extractive",
        text=text,
        claims=tuple(claims),
        citations=citations,
        confidence=round(chosen[0].confidence, 4) if chosen else None,
    )


def refuse(question: str, query: Query, candidates: Sequence[Candidate]) -> Answer:
    """The answer that none of the candidates answers, with the reason and the nearest words."""
    nearest = sorted(candidates, key=lambda c: -c.relevance)[:N_NEAREST]
    first = nearest[0] if nearest else None
    reason: RefusalReason = refusal_reason(
        query,
        first.fit.gaps | first.fit.doubts if first else (),
        first.relevance if first else None,
    )
    text = refusal_text(reason, query, first.fit.absent if first else ())
    return _refused(
        question, query, reason, text, [_citation(n, c) for n, c in enumerate(nearest, 1)]
    )


def refuse_empty(question: str, query: Query) -> Answer:
    """The answer of an index without passages."""
    return _refused(question, query, "empty_index", refusal_text("empty_index", query), [])


def lead_in(source: Source, previous: Source | None) -> str:
    """Who says what follows: outlet and date; words of ours that carry no fact.

    >>> from datetime import date
    >>> lead_in(Source("a", "T", "The Paper", None, date(2025, 5, 20), None, "a.md"), None)
    'According to The Paper (2025-05-20):'
    """
    if source == previous:
        return "The same article:"
    day = f" ({source.published.isoformat()})" if source.published else ""
    name = source.outlet or f"the article “{source.title}”"
    return f"According to {name}{day}:"


def _refused(
    question: str, query: Query, reason: RefusalReason, text: str, nearest: Sequence[Citation]
) -> Answer:
    return Answer(
        question=question,
        query=query.text,
        mode="extractive",
        text=text,
        refusal=Refusal(reason, text, tuple(nearest)),
    )


def _citation(number: int, candidate: Candidate) -> Citation:
    return Citation(number, candidate.passage.source, candidate.text, candidate.span)


def _claim(said: str, quote_at: int, citation: Citation, *, start: int) -> Claim:
    quote = Span(quote_at, quote_at + len(citation.cited_text))
    figures = tuple(
        # A figure of a verbatim quote is the cited one itself.
        CheckedFigure(figure.span.of(citation.cited_text), figure, "verified", citation.number)
        for figure in find_figures(quote.of(said))
    )
    return Claim(
        text=said,
        span=Span(start, start + len(said)),
        verdict="supported",
        reason=VERBATIM,
        citations=(citation.number,),
        figures=figures,
    )
