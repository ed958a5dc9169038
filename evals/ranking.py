"""Retrieved and relevant passages → recall, MRR and nDCG, by ir-measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from evals.cases import Case
from evals.matching import contains, gives_figure, lacks
from evals.metrics import Metric, Score
from rag.types import Passage

if TYPE_CHECKING:
    from ir_measures import Measure

TOP_K = 10
"""Passages that a run keeps of each question."""


def relevant(case: Case, passages: Sequence[Passage]) -> frozenset[str]:
    """Ids of the passages that give the gold answer, judged by the words they hold.

    Args:
        case: The question and its gold.
        passages: All passages of the case's gold articles.
    """
    return frozenset(passage.id for passage in passages if _gives(case, passage))


def _gives(case: Case, passage: Passage) -> bool:
    if case.figure:
        said = f"{passage.source.title} {passage.text}"
        return gives_figure(passage.text, case.figure) and not lacks(said, case.subject)
    return any(contains(passage.text, gold) for gold in (*case.answers, *case.all_of))


def ranking_scores(
    retrieved: Mapping[str, Sequence[str]], judged: Mapping[str, frozenset[str]]
) -> Iterator[Score]:
    """Scores of every answerable case, by its id: MRR, recall@5, recall@10 and nDCG@10.

    The measures are ir-measures' (MacAvaney, Macdonald and Ounis, ECIR 2022), computed by
    pytrec_eval; a case of whose gold no passage holds the words cannot be scored.

    Args:
        retrieved: Passage ids of each case, best first.
        judged: Relevant passage ids of each case.
    """
    import ir_measures

    qrels = {case: dict.fromkeys(ids, 1) for case, ids in judged.items() if ids}
    run = {
        case: {passage: float(-rank) for rank, passage in enumerate(retrieved.get(case, ()))}
        for case in qrels
    }
    names = _measures()
    found = {
        (value.query_id, names[value.measure]): value.value
        for value in ir_measures.iter_calc(list(names), qrels, run)
    }
    for case in judged:
        for metric in names.values():
            if case in qrels:
                value = found.get((case, metric), 0.0)
                yield Score(case, metric, value, f"{len(judged[case])} relevant passages")
            else:
                yield Score(case, metric, None, "no passage holds the gold's words")


def _measures() -> dict[Measure, Metric]:
    from ir_measures import RR, R, nDCG

    return {R @ 5: "recall@5", R @ 10: "recall@10", RR: "mrr", nDCG @ 10: "ndcg@10"}
