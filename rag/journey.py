"""One question on its way: what is found, chosen, composed and, where a model words it, checked."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from rag.answer import Answer, Working
from rag.answering.candidates import Candidate, Scorer
from rag.answering.choosing import Choice, choose_for
from rag.answering.compose import compose, refuse
from rag.answering.condense import condense
from rag.answering.dialogue import LanguageModel
from rag.answering.disagreement import find_disagreements
from rag.answering.extract import find_candidates
from rag.answering.generate import Brief, generate, unavailable
from rag.errors import LlmError
from rag.library import Library
from rag.retrieval.query import analyse, analyse_breadth
from rag.types import Filters, Hit, Passage, Query, Turn

_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|then|one)\b"
    r"|^\W*(?:and|but|so|what about|how about)\b",
    re.IGNORECASE,
)
"""Words of a question that mean something said before."""


@dataclass
class Journey:
    """A question, and what was found for it so far."""

    question: str
    """As asked."""
    query: Query
    """Standing on its own."""
    retrieve: Callable[[str], Sequence[Hit]]
    """The passages found for a query's words, best first."""
    scorer: Scorer
    library: Library
    filters: Filters
    """What the search is restricted to."""
    started: float
    """When it was asked, in seconds of the performance counter."""
    seconds: float = 0.0
    """Of retrieval."""
    passages: dict[str, Passage] = field(default_factory=dict)
    """All that were found, by id, best first."""

    def quote(self) -> tuple[Answer, Choice]:
        """The answer in the articles' own words, and what it was chosen from."""
        choice = choose_for(self.query, analyse_breadth(self.query), self._find)
        answered = time.perf_counter()
        answer = self._composed(choice)
        ended = time.perf_counter()
        seconds = {
            "retrieve": self.seconds,
            "answer": answered - self.started - self.seconds,
            "verify": ended - answered,
            "total": ended - self.started,
        }
        told = {name: round(s, 4) for name, s in seconds.items()}
        return replace(answer, seconds=told), choice

    def word(self, model: LanguageModel, history: Sequence[Turn]) -> Generator[Answer | Working]:
        """The answer in a model's words as it grows, as far as they pass their checks."""
        failure = None
        try:
            dialogue = model.dialogue()
            if history and self._leans():
                asking = Working(f"Asking {model.name} what is meant …")
                told = yield from condense(self.question, history, dialogue, asking)
                self.query = analyse(told) if told else self.query
        except LlmError as error:
            failure = error
        answer, choice = self.quote()
        if failure is not None:
            yield unavailable(answer, model.name, failure)
            return
        cited = self.library.passages_at(history[-1].cited) if history else ()
        earlier = [passage for passage in cited if self.filters.admit(passage.source)]
        passages = by_promise(choice, tuple(self.passages.values()), earlier)
        brief = Brief(
            question=self.question,
            query=self.query,
            choice=choice,
            passages=passages,
            extractive=answer,
            started=self.started,
            article_of=self.library.prose_of,
        )
        yield from generate(brief, model, dialogue, self.scorer)

    def _composed(self, choice: Choice) -> Answer:
        if not choice.chosen:
            return refuse(self.question, self.query, choice.candidates)
        disagreements = find_disagreements(choice.query, choice.chosen, choice.candidates)
        return compose(
            self.question,
            self.query,
            choice,
            disagreements=disagreements,
            article_of=self.library.prose_of,
        )

    def _find(self, query: Query, n_read: int) -> tuple[Candidate, ...]:
        started = time.perf_counter()
        hits = self.retrieve(query.text)
        self.seconds += time.perf_counter() - started
        for hit in hits:
            self.passages.setdefault(hit.passage.id, hit.passage)
        return find_candidates(query, hits, self.scorer, n_read=n_read)

    def _leans(self) -> bool:
        """Whether the question is not understood without the turns before it."""
        completed = " ".join(self.question.split()) != self.query.text
        return completed or _LEANS.search(self.question) is not None


def by_promise(
    choice: Choice, found: Sequence[Passage], earlier: Sequence[Passage]
) -> tuple[Passage, ...]:
    """The passages for a model: those with the best sentences first, then the last turn's.

    Args:
        choice: What was judged for the question.
        found: All passages that were found, best first.
        earlier: Those that the answer before rested on.
    """
    able = [c for c in choice.candidates if c.is_admissible]
    judged = sorted(able, key=lambda c: (-c.confidence, -c.relevance))
    told = [c.passage for c in (*choice.chosen, *judged)]
    first = list(dict.fromkeys(passage.id for passage in told))
    passages = {p.id: p for p in (*found, *earlier, *told)}
    ids = dict.fromkeys([*first[:4], *(p.id for p in earlier), *first, *passages])
    return tuple(passages[passage_id] for passage_id in ids)
