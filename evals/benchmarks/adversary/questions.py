"""Suites and RealTime QA → questions, each with its gold in a form that any text can be held to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.benchmarks.files import read_realtimeqa
from evals.benchmarks.halves import Half, half_of
from evals.benchmarks.realtimeqa import NewsCase
from evals.cases import Case
from evals.matching import contains, gives_figure, lacks
from evals.suite import Suite, load_suites
from rag.corpus import bundled_corpus
from rag.reading.articles import read_articles
from rag.types import Article

REALTIMEQA = "realtimeqa"
SUITES = ("figures", "traps", "traps-planted", "unanswerable")


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and what a right text says."""

    set: str
    id: str
    question: str
    case: Case | NewsCase

    @property
    def answerable(self) -> bool:
        """Whether the articles answer."""
        return isinstance(self.case, NewsCase) or self.case.answerable

    @property
    def lures(self) -> tuple[str, ...]:
        """Wrong answers that a trap invites; empty where there is no trap."""
        return () if isinstance(self.case, NewsCase) else self.case.never

    @property
    def place(self) -> str:
        """Puts the questions of all sets in an order that has nothing to do with them."""
        return hashlib.sha256(f"{self.set}/{self.id}".encode()).hexdigest()

    def is_met(self, text: str) -> bool:
        """Whether the text gives the gold answer, where there is one."""
        case = self.case
        if isinstance(case, NewsCase):
            return contains(text, case.answer)
        if not case.answerable or not text:
            return False
        if case.figure and not gives_figure(text, case.figure):
            return False
        if case.answers and not any(contains(text, gold) for gold in case.answers):
            return False
        return all(contains(text, gold) for gold in case.all_of) and not lacks(text, case.subject)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions with the articles that they are asked of."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[Question, ...]


def load_groups(
    suites: Sequence[str],
    *,
    split: str | None = None,
    realtimeqa: Path | None = None,
    half: Half = "dev",
    limit: int | None = None,
) -> tuple[Group, ...]:
    """What to ask of which articles; suites of the same articles are one group.

    Args:
        suites: Names or paths.
        split: Only the cases of this split.
        realtimeqa: Its file, if it is asked too.
        half: Which half of it.
        limit: How many of that half's questions, from the first.

    Raises:
        CasesError: A suite or the file cannot be read.
    """
    by_folder: dict[Path, list[Suite]] = {}
    for suite in load_suites(suites, split=split) if suites else ():
        by_folder.setdefault(suite.articles or bundled_corpus(), []).append(suite)
    groups = [
        Group(
            folder.stem,
            read_articles([folder]).articles,
            tuple(Question(s.name, c.id, c.question, c) for s in named for c in s.cases),
        )
        for folder, named in by_folder.items()
    ]
    if realtimeqa is not None:
        articles, cases = read_realtimeqa(realtimeqa, None)
        chosen = half_of(cases, half)[:limit]
        questions = tuple(Question(REALTIMEQA, c.id, c.question, c) for c in chosen)
        groups.append(Group(REALTIMEQA, articles, questions))
    return tuple(groups)
