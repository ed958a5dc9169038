"""Chosen sentences → the answer: verbatim, led in by who says so, cited and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rag.answer import Answer, Citation, Claim, Conflict, Reading, Refusal, RefusalReason
from rag.answering.candidates import Candidate
from rag.answering.choosing import Choice
from rag.answering.disagreement import Disagreement
from rag.answering.leads import Prose, Quoted, attributed_lead, lead_in
from rag.answering.nearest import explain
from rag.checking.refusal import reason_text
from rag.checking.verify import Cited, verify
from rag.types import Query, Source, Span

VERBATIM = "quoted word for word"

ArticleOf = Callable[[Quoted], Prose | None]
"""The article that words stand in, split; None where it is gone since."""


def compose(
    question: str,
    query: Query,
    choice: Choice,
    *,
    disagreements: Sequence[Disagreement] = (),
    article_of: ArticleOf = lambda _: None,
) -> Answer:
    """The answer that says the chosen sentences, and the other sides of a disagreement.

    Where sources disagree, neither yes nor no is said, whatever the verdict.
    """
    chosen = choice.chosen
    verdict = f"{choice.verdict.capitalize()}: " if choice.verdict and not disagreements else ""
    shown = _with_sides(chosen, disagreements)
    claims: list[Claim] = []
    text = ""
    previous: Source | None = None
    for number, candidate in enumerate(shown, start=1):
        text += "\n" if text else ""
        lead = lead_of(candidate, previous, article_of)
        said = f"{'' if claims else verdict}{lead} “{candidate.text}” [{number}]"
        claims.append(quotation(said, candidate, number, start=len(text)))
        text += said
        previous = candidate.passage.source
    numbers = {candidate: n for n, candidate in enumerate(shown, start=1)}
    return Answer(
        question=question,
        query=query.text,
        mode="extractive",
        text=text,
        claims=tuple(claims),
        citations=tuple(cite(n, c) for n, c in enumerate(shown, start=1)),
        conflicts=tuple(conflict_of(d, numbers) for d in disagreements),
        confidence=round(max(c.confidence for c in chosen), 4) if chosen else None,
        notice=choice.notice,
    )


def _with_sides(
    chosen: Sequence[Candidate], disagreements: Sequence[Disagreement]
) -> list[Candidate]:
    """An update's latest side first; sides that were not chosen behind those that were."""
    shown = list(chosen)
    for disagreement in disagreements:
        sides = [candidate for candidate, _ in disagreement.sides]
        if disagreement.kind == "update" and shown[0] in sides:
            shown = [*dict.fromkeys([*sides, *shown])]
        else:
            shown = [*dict.fromkeys([*shown, *sides])]
    return shown


def conflict_of(disagreement: Disagreement, numbers: Mapping[Candidate, int]) -> Conflict:
    """What readers see of a disagreement, its sides by the numbers of their citations."""
    sides = tuple(Reading(words, numbers[candidate]) for candidate, words in disagreement.sides)
    return Conflict(disagreement.subject, disagreement.kind, sides)


def lead_of(quoted: Quoted, previous: Source | None, article_of: ArticleOf) -> str:
    """Which article says the words, and who in it."""
    prose = article_of(quoted)
    return (
        attributed_lead(quoted, previous, prose)
        if prose
        else lead_in(quoted.passage.source, previous)
    )


def quotation(said: str, quoted: Quoted, number: int, *, start: int) -> Claim:
    """The sentence with its verdict: its figures, names and dates looked for in the cited words."""
    source = quoted.passage.source
    offset = quoted.span.start - quoted.passage.span.start
    cited = Cited(
        number,
        quoted.text,
        quoted.passage.text[:offset],
        source.title,
        source.outlet,
        source.published,
    )
    verdict = verify(quoted.text, [cited])
    return Claim(
        text=said,
        span=Span(start, start + len(said)),
        verdict="supported" if verdict.supported else "unsupported",
        reason=VERBATIM if verdict.supported else verdict.reason,
        citations=(number,),
        figures=verdict.figures,
    )


def refuse(question: str, query: Query, candidates: Sequence[Candidate]) -> Answer:
    """The answer that none of the candidates answers, with the reason and the nearest words."""
    why = explain(query, candidates)
    nearest = [cite(n, c) for n, c in enumerate(why.nearest, 1)]
    return _refused(question, query, why.reason, why.text, nearest)


def refuse_empty(question: str, query: Query) -> Answer:
    """The answer of an index without passages."""
    return _refused(question, query, "empty_index", reason_text("empty_index", query), [])


def refuse_filtered(question: str, query: Query) -> Answer:
    """The answer where no article passes the outlets, articles and dates that were chosen."""
    text = "No article passes the chosen outlets, articles and dates."
    return _refused(question, query, "not_in_sources", text, [])


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


def cite(number: int, candidate: Candidate) -> Citation:
    """The pointer to a candidate's words."""
    return Citation(number, candidate.passage.source, candidate.text, candidate.span)
