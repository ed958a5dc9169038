"""An answer → whether a figure is shown as fact that nothing bears, by two judges.

One believes the answer's own check; the other looks each figure up in all the words that the answer
cites, and knows nothing of the check: what the check lets through by mistake, it finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evals.cases import Case
from evals.metrics import Score
from rag.answer import Answer, Citation, Claim
from rag.checking.figures import find_figures
from rag.checking.numerals.agreement import agree, unit_of
from rag.types import Figure

_MARK = re.compile(r"\[\d+\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def figure_scores(answer: Answer, case: Case) -> Iterator[Score]:
    """`unverified` and `unfounded`: 1 where such a figure is shown; a refusal shows none."""
    if answer.refusal is not None:
        return
    lost = unverified_figures(answer)
    yield Score(case.id, "unverified", float(bool(lost)), _told("not verified", lost))
    lost = unfounded_figures(answer)
    yield Score(case.id, "unfounded", float(bool(lost)), _told("in no cited words", lost))


def unverified_figures(answer: Answer) -> tuple[str, ...]:
    """The figures of its claims that the answer itself calls not verified, as written."""
    return tuple(
        figure.text
        for claim in answer.claims
        for figure in claim.figures
        if figure.state == "not_verified"
    )


def unfounded_figures(answer: Answer) -> tuple[str, ...]:
    """The figures and numbers of its claims that none of its cited words have, as written.

    Left out are those that it says were computed. A figure has to agree in value and unit; the
    article's card (title, outlet, day) counts as cited with its words.
    """
    evidence = " \n ".join(_evidence(citation) for citation in answer.citations)
    known = find_figures(evidence)
    numbers = {_plain(number) for number in _NUMBER.findall(evidence)}
    return tuple(words for claim in answer.claims for words in _unfounded(claim, known, numbers))


def _unfounded(claim: Claim, known: Sequence[Figure], numbers: set[str]) -> Iterator[str]:
    said = _MARK.sub(lambda mark: " " * len(mark[0]), claim.text)
    computed = [figure.text for figure in claim.figures if figure.state == "computed"]
    rest = list(said)
    for figure in find_figures(said):
        words = figure.span.of(said)
        rest[figure.span.start : figure.span.end] = " " * len(words)
        borne = any(unit_of(one) == unit_of(figure) and agree(one, figure) for one in known)
        if not borne and words not in computed:
            yield words
    for number in _NUMBER.findall("".join(rest)):  # of a time of day, a score, a name: no figures
        if _plain(number) not in numbers and not any(number in words for words in computed):
            yield number


def _evidence(citation: Citation) -> str:
    source = citation.source
    day = source.published.isoformat() if source.published else ""
    return f"{citation.cited_text} \n {source.title} \n {source.outlet or ''} \n {day}"


def _plain(number: str) -> str:
    return number.replace(",", "")


def _told(fault: str, lost: Sequence[str]) -> str:
    return f"{fault}: {', '.join(lost)}" if lost else "none"
