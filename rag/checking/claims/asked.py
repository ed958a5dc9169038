"""A claim's sentence and a cited one → their figures, each in its place, and a check's outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.answer import FigureState
from rag.checking.binding import Bound, bind
from rag.checking.figures import find_figures
from rag.checking.numerals.rounding import Hedge, hedge_of
from rag.types import Figure


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of the cited words with its figures."""

    number: int
    """Of the citation."""
    text: str
    before: str
    title: str
    published: date | None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """In order."""
        return find_figures(self.text)

    def bounds(self) -> tuple[Bound, ...]:
        """The figures, each with what it is about."""
        return bind(self.text, before=self.before, title=self.title, published=self.published)

    def hedge(self, figure: Figure) -> Hedge:
        """How rough the sentence says that a figure is."""
        return hedge_of(self.text, figure.span)[0]

    @property
    def around(self) -> str:
        """What may say whom or when the sentence is about."""
        return f"{self.title}. {self.before}"

    def words(self, figure: Figure) -> str:
        """The figure as the sentence writes it."""
        return figure.span.of(self.text)


@dataclass(frozen=True, slots=True)
class Borne:
    """What became of a figure's check."""

    state: FigureState
    citation: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of a claim in its place."""

    claim: str
    before: str
    number: int
    figure: Figure
    hedge: Hedge

    def alone(self) -> Bound:
        """What it is about by the claim's own words."""
        return bind(self.claim, before=self.before)[self.number]

    def beside(self, one: CitedSentence) -> Bound:
        """The same read in the cited sentence's place: "it" means there what it means here."""
        before = self.before or one.before
        bounds = bind(self.claim, before=before, title=one.title, published=one.published)
        return bounds[self.number]
