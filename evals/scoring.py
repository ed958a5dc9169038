"""Records and the articles they were asked of → results: every metric of every case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

from evals.asking import Asked
from evals.cases import Case
from evals.gold import CasesError
from evals.metrics import Score, score_answer
from evals.offsets import offset_score
from evals.ranking import ranking_scores, relevant
from evals.records import Record
from evals.shown_figures import figure_scores
from evals.suite import Suite
from evals.summary import Result
from rag.errors import UnknownArticleError
from rag.splitting.passages import split_passages
from rag.types import Passage, Source


def score_records(records: Sequence[Record], bots: Mapping[str, Asked]) -> tuple[Result, ...]:
    """The records with their scores, in order.

    Args:
        records: What was asked.
        bots: Of whom, by suite.
    """
    views = {suite: _View(bot) for suite, bot in bots.items()}
    results: list[Result] = []
    for suite, view in views.items():
        results += _scored([record for record in records if record.suite == suite], view)
    return tuple(results)


def check_articles(suite: Suite, bot: Asked) -> None:
    """Refuses a suite whose gold articles are not indexed.

    Raises:
        CasesError: Names the articles and a case that needs one.
    """
    known = _View(bot).names()
    for case in suite.cases:
        if missing := [name for name in case.articles if name not in known]:
            raise CasesError(
                f"{suite.path}: case {case.id!r} rests on {', '.join(missing)}, which is not"
                f" indexed; indexed are {', '.join(sorted(s.article_id for s in bot.articles()))}"
            )


class _View:
    """What scoring has to know of the articles."""

    def __init__(self, bot: Asked) -> None:
        self._names = {source.article_id: original_names(source) for source in bot.articles()}
        self._bot = bot
        self.body_of = cache(self._body_of)
        self.passages_of = cache(self._passages_of)

    def names(self) -> frozenset[str]:
        return frozenset[str]().union(*self._names.values())

    def is_gold(self, case: Case, source: Source) -> bool:
        return not self._names.get(source.article_id, frozenset()).isdisjoint(case.articles)

    def gold_passages(self, case: Case) -> list[Passage]:
        """All passages of the gold articles, or of every article where any will do."""
        ids = [i for i, names in self._names.items() if not names.isdisjoint(case.articles)]
        chosen = ids if case.articles else list(self._names)
        return [passage for article_id in chosen for passage in self.passages_of(article_id)]

    def _body_of(self, article_id: str) -> str | None:
        try:
            return self._bot.article(article_id).body
        except UnknownArticleError:
            return None

    def _passages_of(self, article_id: str) -> tuple[Passage, ...]:
        return tuple(split_passages(self._bot.article(article_id)))


def _scored(records: Sequence[Record], view: _View) -> list[Result]:
    judged = {
        record.case.id: relevant(record.case, view.gold_passages(record.case))
        for record in records
        if record.case.answerable and record.error is None
    }
    ranked: dict[str, list[Score]] = {}
    for score in ranking_scores({r.case.id: r.retrieved for r in records}, judged):
        ranked.setdefault(score.case_id, []).append(score)
    return [
        Result(record, (*_of_answer(record, view), *ranked.get(record.case.id, ())))
        for record in records
    ]


def _of_answer(record: Record, view: _View) -> tuple[Score, ...]:
    """The answer's scores; none where asking ended in an error, which is counted apart."""
    if record.answer is None:
        return ()
    case = record.case
    scores = score_answer(record.answer, case, is_gold=lambda s: view.is_gold(case, s))
    offsets = offset_score(record.answer, case, view.body_of)
    return (*scores, *figure_scores(record.answer, case), offsets)


def original_names(source: Source) -> frozenset[str]:
    """What a suite may call the article.

    Its id, its file's name, or the name of the text that its front matter says it restates.
    """
    path = Path(source.path)
    names = {source.article_id, path.name}
    try:
        opening, _, rest = path.read_text(encoding="utf-8-sig").partition("\n")
    except (OSError, UnicodeDecodeError):
        return frozenset(names)  # indexed once, and moved or changed since
    if opening.rstrip() == "---":
        try:
            fields = yaml.safe_load(rest.partition("\n---")[0])
        except yaml.YAMLError:
            return frozenset(names)
        if isinstance(fields, dict) and isinstance(fields.get("restates"), str):
            names.add(fields["restates"])
    return frozenset(names)
