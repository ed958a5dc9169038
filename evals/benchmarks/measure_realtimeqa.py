"""RealTime QA → how often a quote holds the answer, and how often simpler systems find it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.benchmarks.measure_engines import Asked, engine_measures, reply_rows
from evals.benchmarks.realtimeqa import NewsCase
from evals.benchmarks.report import Measure, Report, difference, median_seconds, share_of
from evals.benchmarks.seen import Look, Seen
from evals.matching import contains
from rag.splitting.passages import count_tokens
from rag.types import Passage

BUDGETS = (128, 512, 1024)
"""Words and marks of what is shown first."""

_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case and what came of it."""

    case: NewsCase
    look: Look

    @property
    def seen(self) -> Seen:
        """What the stages made of it."""
        return self.look.seen

    @property
    def peer(self) -> tuple[str, ...]:
        """Texts of the peer's nodes, best first; empty without a peer."""
        return () if self.look.peer is None else tuple(node.text for node in self.look.peer.nodes)

    def holds(self, *texts: str) -> bool:
        """Whether one of the texts holds the answer."""
        return any(contains(text, self.case.answer) for text in texts)

    @property
    def quotes(self) -> tuple[str, ...]:
        """What `ask` cites."""
        return tuple(citation.cited_text for citation in self.seen.answer.citations)

    @property
    def quotes_own(self) -> tuple[str, ...]:
        """What it cites from the articles that a search found for the question."""
        return tuple(
            citation.cited_text
            for citation in self.seen.answer.citations
            if citation.source.article_id in self.case.article_ids
        )

    @property
    def first(self) -> tuple[str, ...]:
        """The sentence that would be cited first, were nothing refused for its confidence."""
        return (self.seen.first.text,) if self.seen.first else ()

    @property
    def listed(self) -> tuple[str, ...]:
        """The passages that `search` lists, best first."""
        return _texts(self.seen.reranked)


def run_realtimeqa(
    cases: Sequence[NewsCase],
    half: str,
    look: Callable[[NewsCase], Look],
    facts: Mapping[str, float | int | str],
) -> Report:
    """Every case looked at, in order.

    Args:
        cases: What to ask; the articles are indexed.
        half: Which half of RealTime QA they are.
        look: What the stages make of a case, and the peer, if there is one.
        facts: Sizes and times to report with the measures.
    """
    outcomes = [Outcome(case, look(case)) for case in cases]
    measures = [*_ours(outcomes), *_passages(outcomes)]
    if any(outcome.peer for outcome in outcomes):
        measures += _peers(outcomes, measures[0])
    measures += engine_measures([Asked(o.case.question, o.case.answer, o.look) for o in outcomes])
    facts = {**facts, **median_seconds([outcome.seen.answer for outcome in outcomes])}
    return Report("RealTime QA", half, tuple(measures), facts, tuple(map(_row, outcomes)))


def _ours(outcomes: Sequence[Outcome]) -> list[Measure]:
    quotes = [o.holds(*o.quotes) for o in outcomes]
    refused = [o.seen.answer.refusal is not None for o in outcomes]
    wrong = [not q and not r for q, r in zip(quotes, refused, strict=True)]
    own = [o.holds(*o.quotes_own) for o in outcomes]
    return [
        share_of("cited", "ask: a quote holds the answer", quotes),
        _mean_size("cited_tokens", "  its words and marks", [o.quotes for o in outcomes]),
        share_of("cited_own", "  and is of an article found for the question", own),
        share_of("refused", "ask: refused", refused),
        share_of("wrong", "ask: quotes without the answer", wrong),
        share_of("first", "first sentence, nothing refused", [o.holds(*o.first) for o in outcomes]),
        _mean_size("first_tokens", "  its words and marks", [o.first for o in outcomes]),
    ]


def _passages(outcomes: Sequence[Outcome]) -> list[Measure]:
    """Where the answer is before a sentence is chosen."""
    stages: tuple[tuple[str, str, Callable[[Outcome], Sequence[str]]], ...] = (
        ("bm25", "BM25 alone: first passage", lambda o: _texts(o.seen.lexical[:1])),
        ("dense", "vectors alone: first passage", lambda o: _texts(o.seen.dense[:1])),
        ("fused", "both, fused: first passage", lambda o: _texts(o.seen.fused[:1])),
        ("reranked", "both, reranked: first passage", lambda o: o.listed[:1]),
        ("listed", "the passages that search lists", lambda o: o.listed),
        ("read", "the passages that ask reads", lambda o: _texts(o.seen.read)),
        ("pool", "all passages fused", lambda o: _texts(o.seen.fused)),
    )  # fmt: skip
    return [
        *(share_of(key, label, [o.holds(*of(o)) for o in outcomes]) for key, label, of in stages),
        _mean_size(
            "passage_tokens", "words and marks of a first passage", [o.listed[:1] for o in outcomes]
        ),
        *_within("ours", "our passages", [o.listed for o in outcomes], outcomes),
    ]


def _peers(outcomes: Sequence[Outcome], cited: Measure) -> list[Measure]:
    nodes = [o.peer for o in outcomes]
    first = share_of(
        "peer", "stock LlamaIndex: first node", [o.holds(*o.peer[:1]) for o in outcomes]
    )
    within = _within("peer", "its nodes", nodes, outcomes)
    return [
        first,
        _mean_size("peer_tokens", "  its words and marks", [texts[:1] for texts in nodes]),
        *within,
        difference("cited_minus_peer", "our quotes minus its first node, points", cited, first),
        difference(
            "cited_minus_peer_within",
            f"our quotes minus its first {BUDGETS[0]} words and marks, points",
            cited,
            within[0],
        ),
    ]


def _within(
    key: str, label: str, shown: Sequence[Sequence[str]], outcomes: Sequence[Outcome]
) -> list[Measure]:
    return [
        share_of(
            f"{key}_within_{budget}",
            f"first {budget:,} words and marks of {label}",
            [o.holds(cut(texts, budget)) for o, texts in zip(outcomes, shown, strict=True)],
        )
        for budget in BUDGETS
    ]


def cut(texts: Sequence[str], budget: int) -> str:
    r"""The first words and marks of the texts together.

    >>> cut(["One, two.", "Three four."], 5)
    'One, two.\nThree'
    """
    joined = "\n".join(texts)
    ends = [token.end() for token in _TOKEN.finditer(joined)]
    return joined if len(ends) <= budget else joined[: ends[budget - 1]]


def _mean_size(key: str, label: str, shown: Sequence[Sequence[str]]) -> Measure:
    sizes = tuple(float(sum(map(count_tokens, texts))) for texts in shown if texts)
    return Measure(key, label, sizes, unit="mean")


def _texts(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(passage.text for passage in passages)


def _row(outcome: Outcome) -> Mapping[str, Any]:
    case, seen = outcome.case, outcome.seen
    refusal = seen.answer.refusal
    return {
        "id": case.id,
        "question": case.question,
        "gold": case.answer,
        "refused": refusal.reason if refusal else None,
        "cited": list(outcome.quotes),
        "cites_answer": outcome.holds(*outcome.quotes),
        "first": seen.first.text if seen.first else None,
        "first_holds_answer": outcome.holds(*outcome.first),
        "ranks_reranked": _ranks(outcome, outcome.listed),
        "ranks_read": _ranks(outcome, _texts(seen.read)),
        "ranks_fused": _ranks(outcome, _texts(seen.fused)),
        "ranks_peer": _ranks(outcome, outcome.peer),
        "seconds": dict(seen.answer.seconds),
        **reply_rows(outcome.look),
    }


def _ranks(outcome: Outcome, texts: Sequence[str]) -> list[int]:
    """Places, from 1, of the texts that hold the answer."""
    return [rank for rank, text in enumerate(texts, start=1) if outcome.holds(text)]
