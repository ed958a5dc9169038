"""An answer → where in its text the quotes, the footnote marks and the figures stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rag.answer import Answer, CheckedFigure, Citation, Claim
from rag.types import Span

_MARK = re.compile(r"[ \u00a0]?\[(\d{1,4})\]")  # "… in 2024. [1]"


def by_number(answer: Answer) -> dict[int, Citation]:
    """What the answer points at, a refusal's nearest passages included."""
    nearest = answer.refusal.nearest if answer.refusal else ()
    return {citation.number: citation for citation in (*nearest, *answer.citations)}


def find_quotes(answer: Answer) -> tuple[Span, ...]:
    """Where the text repeats its cited words; around them stand words of ours."""
    return tuple(_quotes(answer))


def find_footnotes(answer: Answer) -> Iterator[tuple[Span, Citation]]:
    """The text's `[n]`; brackets that an article has in its words are none."""
    shown, quotes = by_number(answer), find_quotes(answer)
    for found in _MARK.finditer(answer.text):
        span = Span(*found.span())
        citation = shown.get(int(found[1]))
        if citation and not any(overlap(span, quote) for quote in quotes):
            yield span, citation


def find_figures(answer: Answer) -> Iterator[tuple[Span, CheckedFigure, Claim]]:
    """The claims' figures; none that begins or ends inside of a quote and goes on outside."""
    shown, quotes = by_number(answer), find_quotes(answer)
    placed: list[Span] = []
    for claim in answer.claims:
        for checked in claim.figures:
            span = _place(claim, checked, shown, placed)
            crossed = [quote for quote in quotes if span and overlap(span, quote)]
            if span and all(q.start <= span.start and span.end <= q.end for q in crossed):
                placed.append(span)
                yield span, checked, claim


def overlap(one: Span, other: Span) -> bool:
    """Whether the spans share a character."""
    return one.start < other.end and other.start < one.end


def _quotes(answer: Answer) -> Iterator[Span]:
    cited = {citation.number: citation.cited_text for citation in answer.citations}
    for claim in answer.claims:
        for words in (cited[n] for n in claim.citations if n in cited):
            if (at := claim.text.find(words)) >= 0:
                start = claim.span.start + at
                yield _with_quotation_marks(answer.text, Span(start, start + len(words)))
                break


def _with_quotation_marks(text: str, quote: Span) -> Span:
    marked = text[: quote.start].endswith("“") and text.startswith("”", quote.end)
    return Span(quote.start - 1, quote.end + 1) if marked else quote


def _place(
    claim: Claim,
    checked: CheckedFigure,
    shown: Mapping[int, Citation],
    placed: Sequence[Span],
) -> Span | None:
    """Where a claim's figure stands in the answer's text, as far as no other one stands there.

    Its span counts in the text it was read from: the cited words, when the claim repeats them.
    An answer read from JSON has lost it; then it is the first place with these words.
    """
    citation = shown.get(checked.citation) if checked.citation is not None else None
    quote = claim.text.find(citation.cited_text) if citation else -1
    starts = [at + checked.figure.span.start for at in (quote, 0) if at >= 0]
    found = -1
    while (found := claim.text.find(checked.text, found + 1)) >= 0 and checked.text:
        starts.append(found)
    for start in starts:
        span = Span(claim.span.start + start, claim.span.start + start + len(checked.text))
        if claim.text.startswith(checked.text, start) and not any(
            overlap(span, other) for other in placed
        ):
            return span
    return None
