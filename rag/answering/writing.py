"""Checked sentences of a model → an answer that grows, numbered, cited, never taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.answer import Answer, Citation, Claim, Conflict
from rag.answering.anchoring import Place
from rag.answering.candidates import Candidate
from rag.answering.compose import ArticleOf, conflict_of, lead_of, quotation
from rag.answering.disagreement import Disagreement, find_disagreements
from rag.answering.gate import Checked
from rag.answering.leads import Quoted
from rag.types import Query, Span


@dataclass
class Writing:
    """The part of an answer that is shown already."""

    question: str
    query: str
    article_of: ArticleOf
    text: str = ""
    claims: list[Claim] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    """What is cited, in the order of the numbers."""
    conflicts: list[Conflict] = field(default_factory=list)
    confidence: float = 0.0

    def numbers(self, places: Sequence[Place]) -> list[int]:
        """The numbers that places have or would get."""
        order = [*self.places, *(p for p in dict.fromkeys(places) if p not in self.places)]
        return [order.index(place) + 1 for place in places]

    def says(self, text: str) -> bool:
        """Whether the same sentence is shown already."""
        return any(claim.text.startswith(text) for claim in self.claims)

    def add(self, checked: Checked) -> None:
        """Shows a claim that its places bear."""
        assert checked.verdict is not None
        numbers = self.numbers(checked.places)
        said = f"{checked.text} {''.join(f'[{n}]' for n in numbers)}"
        start = len(self.text) + bool(self.text)
        claim = Claim(
            text=said,
            span=Span(start, start + len(said)),
            verdict="supported",
            reason=checked.verdict.reason,
            citations=tuple(numbers),
            figures=checked.verdict.figures,
        )
        self._append(claim, " ", checked.places)
        self.confidence = max(self.confidence, checked.confidence)

    def add_other_sides(self, query: Query, candidates: Sequence[Candidate]) -> None:
        """Quotes the other sides, where articles disagree on what is shown."""
        shown = [c for c in candidates if self._holding(c) is not None]
        for disagreement in find_disagreements(query, shown, candidates) if shown else ():
            for candidate, _ in disagreement.sides:
                self.quote(Place(candidate.passage, candidate.span))
            self.conflicts.append(conflict_of(disagreement, self._numbered(disagreement)))

    def quote(self, place: Place) -> None:
        """Shows words of an article as they stand, unless they are cited already."""
        if self._holding(place) is not None:
            return
        number = len(self.places) + 1
        said = f"{lead_of(place, None, self.article_of)} “{place.text}” [{number}]"
        claim = quotation(said, place, number, start=len(self.text) + bool(self.text))
        self._append(claim, "\n", [place])

    def cites_some_of(self, place: Place) -> bool:
        """Whether a sentence of these words is cited already."""
        return any(
            other.passage.source == place.passage.source
            and other.span.start < place.span.end
            and place.span.start < other.span.end
            for other in self.places
        )

    def answer(self) -> Answer:
        """What is shown, as an answer in itself."""
        return Answer(
            question=self.question,
            query=self.query,
            mode="llm",
            text=self.text,
            claims=tuple(self.claims),
            citations=tuple(
                Citation(n, place.passage.source, place.text, place.span)
                for n, place in enumerate(self.places, start=1)
            ),
            conflicts=tuple(self.conflicts),
            confidence=round(self.confidence, 4),
        )

    def _append(self, claim: Claim, between: str, places: Sequence[Place]) -> None:
        self.text += f"{between if self.text else ''}{claim.text}"
        self.claims.append(claim)
        self.places += [p for p in dict.fromkeys(places) if p not in self.places]

    def _holding(self, quoted: Quoted) -> int | None:
        """The number of the citation that holds the last of the words."""
        for number, place in enumerate(self.places, start=1):
            same = place.passage.source == quoted.passage.source
            if same and place.span.start < quoted.span.end <= place.span.end:
                return number
        return None

    def _numbered(self, disagreement: Disagreement) -> Mapping[Candidate, int]:
        held = {candidate: self._holding(candidate) for candidate, _ in disagreement.sides}
        return {candidate: number for candidate, number in held.items() if number is not None}


def with_notice(answer: Answer, notice: str) -> Answer:
    """The answer with one notice more, in front of what it has."""
    return replace(answer, notice=f"{notice} {answer.notice}" if answer.notice else notice)
