"""Replies of query engines with an LLM → whether they hold the answer, and what bears them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from evals.benchmarks.report import Measure, share_of
from evals.benchmarks.seen import EngineName, Look, Reply
from evals.matching import contains
from evals.support import lost_figures
from rag.answer import Answer
from rag.checking.figures import find_figures
from rag.splitting.passages import count_tokens

LABELS: Mapping[EngineName, str] = {
    "stock": "LlamaIndex query engine",
    "citing": "CitationQueryEngine",
}

# "[1]" and "[1, 3]"; longer numbers are no source's.
_MARK = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its gold answer, and what came of it."""

    question: str
    gold: str
    look: Look

    def reply(self, name: EngineName) -> Reply:
        """What the engine says."""
        assert self.look.peer is not None
        return self.look.peer.replies[name]


def engine_measures(asked: Sequence[Asked]) -> list[Measure]:
    """The engines' measures, and the same of our answers; none where no LLM was asked."""
    if not any(a.look.peer and a.look.peer.replies for a in asked):
        return []
    engines = [measure for name in get_args(EngineName) for measure in _engine(name, asked)]
    return [*_ours(asked), *engines, *_citing(asked)]


def _engine(name: EngineName, asked: Sequence[Asked]) -> list[Measure]:
    label = LABELS[name]
    replies = [a.reply(name) for a in asked]
    holds = [contains(r.text, a.gold) for a, r in zip(asked, replies, strict=True)]
    sizes = tuple(float(count_tokens(bare(r.text))) for r in replies)
    invented = [bool(missing_figures(a.question, a.reply(name))) for a in asked]
    return [
        share_of(f"{name}_holds", f"{label}: its text holds the answer", holds),
        Measure(f"{name}_tokens", "  its words and marks", sizes, unit="mean"),
        share_of(f"{name}_lost_figures", "  gives a figure that no text it read gives", invented),
    ]


def _citing(asked: Sequence[Asked]) -> list[Measure]:
    """What the marks of the one engine that sets marks point at."""
    replies = [a.reply("citing") for a in asked]
    borne = [marks_that_hold(a.gold, r) for a, r in zip(asked, replies, strict=True)]
    marked = tuple(share for share in borne if share is not None)
    return [
        share_of("citing_marked", "  its text has a mark", [share is not None for share in borne]),
        Measure("citing_marks", "  its marks that point at a text with the answer", marked),
    ]


def _ours(asked: Sequence[Asked]) -> list[Measure]:
    answers = [a.look.seen.answer for a in asked]
    given = [
        (answer, a.gold) for answer, a in zip(answers, asked, strict=True) if not answer.refusal
    ]
    holds = [_quotes_hold(a.look.seen.answer, a.gold) for a in asked]
    lost = [_loses_figures(answer) for answer, _ in given]
    borne = tuple(_citations_that_hold(answer, gold) for answer, gold in given)
    return [
        share_of("ours_holds", "ask: its quotes hold the answer", holds),
        share_of("ours_lost_figures", "  gives a figure that its quotes do not give", lost),
        Measure("ours_marks", "  its marks that point at a quote with the answer", borne),
    ]


def _quotes_hold(answer: Answer, gold: str) -> bool:
    return any(contains(citation.cited_text, gold) for citation in answer.citations)


def _loses_figures(answer: Answer) -> bool:
    by_number = {citation.number: citation for citation in answer.citations}
    return any(
        lost_figures(claim.text, [by_number[n] for n in claim.citations]) for claim in answer.claims
    )


def _citations_that_hold(answer: Answer, gold: str) -> float:
    held = [contains(citation.cited_text, gold) for citation in answer.citations]
    return sum(held) / len(held)


def missing_figures(question: str, reply: Reply) -> tuple[str, ...]:
    """The reply's figures that stand neither in the texts it was given nor in the question.

    >>> missing_figures("How long?", Reply("It is 5 km long, of 1932 [1].", ("Built in 1932.",)))
    ('5 km',)
    """
    said = bare(reply.text)
    evidence = "\n".join((*reply.sources, question))
    known = {(f.kind, f.value, f.high, f.unit) for f in find_figures(evidence)}
    return tuple(
        f.span.of(said)
        for f in find_figures(said)
        if (f.kind, f.value, f.high, f.unit) not in known
        and not contains(evidence, f.span.of(said))
    )


def marks_that_hold(gold: str, reply: Reply) -> float | None:
    """The share of the reply's marks that point at a text with the answer; None without a mark.

    >>> marks_that_hold("1932", Reply("In 1932 [1][2], or later [3].", ("Of 1932.", "Tall.")))
    0.3333333333333333
    """
    numbers = [int(n) for mark in _MARK.finditer(reply.text) for n in mark[1].split(",")]
    if not numbers:
        return None
    held = [0 < n <= len(reply.sources) and contains(reply.sources[n - 1], gold) for n in numbers]
    return sum(held) / len(held)


def bare(text: str) -> str:
    """The text without its marks.

    >>> bare("It opened in 1932 [1, 2].")
    'It opened in 1932.'
    """
    return re.sub(rf"\s*{_MARK.pattern}", "", text)


def reply_rows(look: Look) -> dict[str, object]:
    """The replies of one question as JSON values."""
    if look.peer is None or not look.peer.replies:
        return {}
    return {"replies": {name: reply.text for name, reply in look.peer.replies.items()}}
