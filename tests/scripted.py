"""A chatbot that answers by a test's rule, with the articles, answers and suites to evaluate it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fakes import make_article

from rag.answer import Answer, Citation, Claim, Refusal, RefusalReason
from rag.answering.compose import lead_in
from rag.errors import UnknownArticleError
from rag.splitting.passages import split_passages
from rag.types import Article, Hit, Source, Span, Turn

BRIDGE = make_article(
    "news/bridge.md",
    [
        "The bridge opened in 1932. It carries 160,000 vehicles a day, 4.5% fewer than in 2019.",
        "Repairs of the bridge will cost $1.5 billion, the Transport Ministry claims.",
    ],
    title="The old bridge",
)
TUNNEL = make_article(
    "news/tunnel.md",
    ["The tunnel opened in 1964.", "Repairs of the tunnel will cost $1.5 billion."],
    title="The tunnel",
    outlet="Gazette",
)
FERRY = make_article("news/ferry.md", ["The ferry sails twice an hour."], title="The ferry")

TRAFFIC = "160,000 vehicles a day"
OPENED = "The bridge opened in 1932."
COST = "Repairs of the bridge will cost $1.5 billion, the Transport Ministry claims."
TUNNEL_COST = "Repairs of the tunnel will cost $1.5 billion."
LEAD = "According to Post (2025-05-20):"


def cite(words: str, article: Article = BRIDGE, number: int = 1) -> Citation:
    """A citation of words that stand in the article."""
    start = article.body.index(words)
    return Citation(number, article.source, words, Span(start, start + len(words)))


def say(*claims: tuple[str, Sequence[Citation]], **changes: Any) -> Answer:
    """An answer of claims, each with what it cites."""
    said: list[Claim] = []
    cited: dict[int, Citation] = {}
    text = ""
    for words, citations in claims:
        text += "\n" if text else ""
        numbers = tuple(citation.number for citation in citations)
        span = Span(len(text), len(text) + len(words))
        said.append(Claim(words, span, "supported", "quoted", numbers))
        cited |= {citation.number: citation for citation in citations}
        text += words
    answer = Answer("q", "q", "extractive", text, tuple(said), tuple(cited.values()))
    return replace(answer, **{"confidence": 0.9, "seconds": {"total": 0.25}, **changes})


def quote(words: str, article: Article = BRIDGE, **changes: Any) -> Answer:
    """The answer that quotes words of an article, led in as Footnote does."""
    lead = lead_in(article.source, None)
    return say((f"{lead} “{words}” [1]", [cite(words, article)]), **changes)


def refuse(reason: RefusalReason, *nearest: Citation) -> Answer:
    """A refusal with its nearest words."""
    told = "The articles don't say."
    refusal = Refusal(reason, told, nearest)
    return Answer("q", "q", "extractive", told, refusal=refusal, seconds={"total": 0.05})


class Scripted:
    """Gives the answer that the script has for a question, a refusal else; notes what was asked."""

    def __init__(
        self,
        script: dict[str, Answer] | Callable[[str], Answer],
        articles: Sequence[Article] = (BRIDGE, TUNNEL),
    ) -> None:
        self.reply = (
            script if callable(script) else lambda q: script.get(q, refuse("not_in_sources"))
        )
        self._articles = {article.source.article_id: article for article in articles}
        self.asked: list[str] = []
        self.histories: list[tuple[str, ...]] = []
        self.closed = False

    def ask(self, question: str, history: Sequence[Turn] = (), /) -> Answer:
        self.asked.append(question)
        self.histories.append(tuple(turn.question for turn in history))
        return replace(self.reply(question), question=question, query=question)

    def retrieve(self, question: str, /, *, top_k: int = 10) -> tuple[Hit, ...]:
        assert question in self.asked  # what is searched is what was asked
        passages = [p for article in self._articles.values() for p in split_passages(article)]
        return tuple(Hit(passage, 1.0) for passage in passages[:top_k])

    def article(self, article_id: str, /) -> Article:
        if article_id not in self._articles:
            raise UnknownArticleError(f"no article {article_id!r}; choose another")
        return self._articles[article_id]

    def articles(self) -> tuple[Source, ...]:
        return tuple(article.source for article in self._articles.values())

    def versions(self) -> dict[str, str]:
        return {name: article.version for name, article in self._articles.items()}

    def close(self) -> None:
        self.closed = True


def write_suite(path: Path, *cases: dict[str, Any]) -> Path:
    """A suite, a case a line."""
    path.write_text("".join(f"{json.dumps(case)}\n" for case in cases), encoding="utf-8")
    return path
