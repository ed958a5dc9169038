"""A question → what every stage of Footnote makes of it, from passages to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from llama_index.core.schema import QueryBundle

from evals.benchmarks.seen import Attempt, Seen
from rag.answering.candidates import Candidate
from rag.answering.extract import find_candidates, judge_closely
from rag.chatbot import Chatbot
from rag.config import Config
from rag.corpus import Progress
from rag.indexing.generation import Generation
from rag.indexing.sync import SyncReport, sync
from rag.models.embedding import Embedder, load_embedder
from rag.models.reranker import CrossEncoder
from rag.models.scorer import SentenceScorer
from rag.retrieval.dense import dense_scores
from rag.retrieval.lexical import lexical_scores
from rag.retrieval.query import analyse
from rag.retrieval.retrieve import HybridRetriever, retrieve, to_hit
from rag.types import Article, Filters, Passage, Query

ALONE = 10
"""Passages that BM25 and the vectors alone are asked for."""


class Stages(AbstractContextManager["Stages"]):
    """An open index whose every stage can be looked at."""

    def __init__(self, config: Config) -> None:
        """Opens the index in the configuration's home."""
        self.config = config
        self.embedder: Embedder = load_embedder(config)
        self._scorer = SentenceScorer(CrossEncoder(threads=config.threads), self.embedder)
        self._generation = Generation.open(config.home)
        self._bot = Chatbot.open(config=config)
        self._bot.warm_up()

    def __len__(self) -> int:
        """Number of passages."""
        return len(self._generation)

    def see(self, question: str) -> Seen:
        """What the stages make of the question."""
        query = analyse(question)
        vector = self.embedder.model.get_query_embedding(query.text)
        hits = retrieve(
            self._generation,
            query.text,
            embedding=self.embedder.model,
            filters=Filters(),
            top_k=self.config.rerank,
        )
        candidates = find_candidates(query, hits, self._scorer)
        lexical = lexical_scores(self._generation, query.text, candidates=ALONE, allowed=None)
        dense = dense_scores(self._generation, vector, candidates=ALONE, article_ids=None)
        return Seen(
            lexical=self._best(lexical),
            dense=self._best(dense),
            fused=self._fused(query.text),
            read=tuple(hit.passage for hit in hits),
            reranked=tuple(hit.passage for hit in self._bot.search(question)),
            candidates=candidates,
            answer=self._bot.ask(question),
            confidence=self._confidence(query, candidates),
        )

    def attempt(self, question: str, filters: Filters) -> Attempt:
        """What comes of the question in the articles that the filters admit."""
        query = analyse(question)
        hits = retrieve(
            self._generation,
            query.text,
            embedding=self.embedder.model,
            filters=filters,
            top_k=self.config.rerank,
        )
        candidates = find_candidates(query, hits, self._scorer)
        answer = self._bot.ask(question, filters=filters)
        return Attempt(answer, self._confidence(query, candidates))

    def _confidence(self, query: Query, candidates: Sequence[Candidate]) -> float:
        # An answer has an estimate only where nothing is missing in its sentence; to tell what a
        # threshold alone would refuse, the sentences that lack something need one as well.
        return next(
            (c.confidence for c in judge_closely(query, list(candidates[:1]), self._scorer)), 0.0
        )

    def _fused(self, query: str) -> tuple[Passage, ...]:
        retriever = HybridRetriever(self._generation, self.embedder.model, filters=Filters())
        return tuple(to_hit(node).passage for node in retriever.retrieve(QueryBundle(query)))

    def _best(self, scores: dict[int, float]) -> tuple[Passage, ...]:
        rows = sorted(scores, key=lambda row: -scores[row])
        return tuple(self._generation.passages(rows))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Lets go of the index."""
        self._bot.close()
        self._generation.close()


def open_stages(
    articles: Sequence[Article], home: Path, progress: Progress
) -> tuple[Stages, SyncReport]:
    """The articles indexed in the folder, where they are not yet, and opened."""
    config = Config(home=home)
    report = sync(home, articles, scope=[], embedder=load_embedder(config), progress=progress)
    return Stages(config), report
