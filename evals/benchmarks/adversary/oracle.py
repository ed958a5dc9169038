"""What was shown and the texts behind it → figures that no text has. Knows nothing of the gate.

It reads figures as Footnote does, and compares them by value and unit alone; what a sentence is
about, and whether a figure is its subject's, is the business of `rag.checking`, not of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from evals.benchmarks.adversary.shown import Said, Shown
from evals.matching import contains
from rag.checking.figures import find_figures
from rag.checking.numerals.agreement import equal, rounds_to
from rag.types import Figure

MOST_OPERANDS = 12
"""Figures of the cited words that a result is looked for among."""


def invented(shown: Shown, question: str) -> tuple[str, ...]:
    """Figures that stand in no text the system read, nor in the question, nor follow from them."""
    texts = (*shown.read, question)
    return tuple(words for said in shown.sentences for words in _absent(said, texts, shown))


def unverified(shown: Shown) -> tuple[str, ...]:
    """Figures shown as fact that the very texts their sentence cites do not have.

    Footnote has to tell which of them it computed; to the engine any result is allowed.
    """
    return tuple(w for said in shown.sentences for w in _absent(said, said.cited, shown))


def withheld_figures(shown: Shown, question: str) -> int:
    """Figures of the sentences that were not shown which no text that was read has."""
    texts = (*shown.read, question)
    drafts = (Said(text, (), ()) for text in shown.withheld)
    return sum(1 for draft in drafts for _ in _absent(draft, texts, shown))


def n_figures(shown: Shown) -> int:
    """Figures shown, whatever their worth."""
    return sum(len(find_figures(said.text)) for said in shown.sentences)


# "According to The Paper (2025-03-14): “…”", "The Paper (2025-03-14) quotes Ann Lee: “…”": the
# article's own date, which its card has.
_CARD = re.compile(r"\w[^“]*\((\d{4}-\d\d-\d\d)\)[^“]*:(?= “)")


def _absent(said: Said, texts: Sequence[str], shown: Shown) -> Iterator[str]:
    known = [figure for text in texts for figure in find_figures(text)]
    card = _CARD.match(said.text)
    for figure in find_figures(said.text):
        if card and card.start(1) <= figure.span.start < card.end(1):
            continue
        words = figure.span.of(said.text)
        may_follow = shown.system != "footnote" or words in shown.computed
        if not (
            any(equal(figure, other) for other in known)
            or any(contains(text, words) for text in texts)
            or (may_follow and follows(figure, known))
        ):
            yield words


def follows(figure: Figure, operands: Sequence[Figure]) -> bool:
    """Whether the figure is a sum, difference, share, ratio or growth of two others.

    Both of one unit, and the result in it, or in percent or times.
    """
    usable = list({(f.value, f.unit, f.kind): f for f in operands if f.kind != "date"}.values())
    for a, b in permutations(usable[:MOST_OPERANDS], 2):
        if a.unit == b.unit and any(_same(figure, r, u) for r, u in _results(a, b)):
            return True
    return False


def _results(a: Figure, b: Figure) -> Iterator[tuple[Decimal, str]]:
    yield a.value + b.value, a.unit
    yield a.value - b.value, a.unit
    if b.value:
        yield 100 * a.value / b.value, "%"
        yield 100 * (a.value - b.value) / b.value, "%"
        yield a.value / b.value, "times"


def _same(figure: Figure, result: Decimal, unit: str) -> bool:
    value = abs(figure.value)
    return figure.unit == unit and bool(value) and rounds_to(abs(result), value)
