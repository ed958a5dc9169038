"""XQuAD → how often the right paragraph and the right sentence come first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.benchmarks.measure_engines import Asked, engine_measures, reply_rows
from evals.benchmarks.measure_left_out import Pair, curve_facts, curves, left_out_measures
from evals.benchmarks.report import Measure, Report, median_seconds, share_of
from evals.benchmarks.seen import Attempt, Look, Seen, article_ranks
from evals.benchmarks.xquad import XquadQuestion
from rag.types import Passage, Span

R1_BAR = 0.97
SENTENCE_BAR = 0.85


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question and what came of it."""

    question: XquadQuestion
    look: Look

    @property
    def seen(self) -> Seen:
        """What the stages made of it."""
        return self.look.seen

    @property
    def cites_answer(self) -> bool:
        """Whether any quote that `ask` shows holds the answer where it stands."""
        return any(
            _holds(self.question, c.source.article_id, c.span) for c in self.seen.answer.citations
        )

    @property
    def first_holds_answer(self) -> bool:
        """Whether the first sentence does, were nothing refused for its confidence."""
        first = self.seen.first
        if first is None:
            return False
        return _holds(self.question, first.passage.source.article_id, first.span)


def run_xquad(
    questions: Sequence[XquadQuestion],
    half: str,
    look: Callable[[XquadQuestion], Look],
    facts: Mapping[str, float | int | str],
) -> Report:
    """Every question looked at, in order.

    Args:
        questions: What to ask; the paragraphs are indexed.
        half: Which half of XQuAD they are.
        look: What the stages make of a question, with its paragraph and, if that is asked,
            without it, and what the peer makes of it, if there is one.
        facts: Sizes and times to report with the measures.
    """
    outcomes = [Outcome(question, look(question)) for question in questions]
    pairs = [pair for outcome in outcomes if (pair := _pair(outcome)) is not None]
    found = curves(pairs) if pairs else {}
    times = median_seconds([outcome.seen.answer for outcome in outcomes])
    measures = [
        *_measures(outcomes),
        *(left_out_measures(pairs) if pairs else ()),
        *_peers(outcomes),
    ]
    return Report(
        "XQuAD English",
        half,
        tuple(measures),
        {**facts, **times, **curve_facts(found)},
        tuple(_row(outcome) for outcome in outcomes),
        found,
    )


def _pair(outcome: Outcome) -> Pair | None:
    seen, left_out = outcome.seen, outcome.look.left_out
    if left_out is None:
        return None
    whole = Attempt(seen.answer, seen.confidence)
    return Pair(outcome.question.answer, whole, outcome.cites_answer, left_out)


def _peers(outcomes: Sequence[Outcome]) -> list[Measure]:
    """Where the stock pipeline, if it was asked, has the paragraph; what its engines say."""
    found = [(o.question.article_id, o.look.peer.nodes) for o in outcomes if o.look.peer]
    if not found:
        return []
    first = [bool(nodes) and nodes[0].article_id == own for own, nodes in found]
    among = [own in {node.article_id for node in nodes} for own, nodes in found]
    asked = [Asked(o.question.question, o.question.answer, o.look) for o in outcomes]
    return [
        share_of("peer_r_at_1", "R@1 stock LlamaIndex", first),
        share_of("peer_found", "  among all of its nodes", among),
        *engine_measures(asked),
    ]


def _measures(outcomes: Sequence[Outcome]) -> list[Measure]:
    refused = [o.seen.answer.refusal is not None for o in outcomes]
    cites = [o.cites_answer for o in outcomes]
    wrong = [not r and not c for r, c in zip(refused, cites, strict=True)]
    first = [o.first_holds_answer for o in outcomes]
    return [
        *_ranking("bm25", "BM25 alone", outcomes, lambda seen: seen.lexical),
        *_ranking("dense", "vectors alone", outcomes, lambda seen: seen.dense),
        *_ranking("fused", "before reranking", outcomes, lambda seen: seen.fused),
        *_ranking("reranked", "after reranking", outcomes, lambda seen: seen.reranked, bar=R1_BAR),
        share_of("sentence_hit_at_1", "first sentence holds answer", first, bar=SENTENCE_BAR),
        share_of("cited", "ask: a quote holds the answer", cites),
        share_of("refused", "ask: refused, though the paragraph is there", refused),
        share_of("wrong", "ask: quotes without the answer", wrong),
    ]


def _ranking(
    key: str,
    label: str,
    outcomes: Sequence[Outcome],
    stage: Callable[[Seen], Sequence[Passage]],
    *,
    bar: float | None = None,
) -> list[Measure]:
    ranks = [_rank(o.question, stage(o.seen)) for o in outcomes]
    reciprocal = tuple(1 / rank if rank else 0.0 for rank in ranks)
    return [
        share_of(f"{key}_r_at_1", f"R@1 {label}", [rank == 1 for rank in ranks], bar=bar),
        share_of(f"{key}_r_at_5", f"R@5 {label}", [0 < (rank or 0) <= 5 for rank in ranks]),
        Measure(f"{key}_mrr", f"MRR {label}", reciprocal, unit="mean"),
    ]


def _rank(question: XquadQuestion, passages: Sequence[Passage]) -> int | None:
    """Place of the question's paragraph among the paragraphs found, from 1; None if it is not."""
    found = article_ranks(passages)
    return found.index(question.article_id) + 1 if question.article_id in found else None


def _holds(question: XquadQuestion, article_id: str, span: Span) -> bool:
    gold = question.span
    return article_id == question.article_id and span.start <= gold.start and gold.end <= span.end


def _row(outcome: Outcome) -> Mapping[str, Any]:
    question, seen = outcome.question, outcome.seen
    refusal = seen.answer.refusal
    return {
        "id": question.id,
        "question": question.question,
        "gold": question.answer,
        "paragraph": question.article_id,
        "rank_fused": _rank(question, seen.fused),
        "rank_reranked": _rank(question, seen.reranked),
        "rank_read": _rank(question, seen.read),
        "first": seen.first.text if seen.first else None,
        "first_holds_answer": outcome.first_holds_answer,
        "refused": refusal.reason if refusal else None,
        "cited": [citation.cited_text for citation in seen.answer.citations],
        "cites_answer": outcome.cites_answer,
        "confidence": seen.confidence,
        "seconds": dict(seen.answer.seconds),
        **_left_out_row(outcome.look.left_out),
        **reply_rows(outcome.look),
    }


def _left_out_row(attempt: Attempt | None) -> Mapping[str, Any]:
    if attempt is None:
        return {}
    refusal = attempt.answer.refusal
    return {
        "left_out": {
            "refused": refusal.reason if refusal else None,
            "cited": [citation.cited_text for citation in attempt.answer.citations],
            "confidence": attempt.confidence,
        }
    }
