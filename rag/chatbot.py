"""The journey on one screen: open an index, ask, get a cited answer or the reason why not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

from rag.answer import Answer
from rag.answering.candidates import Candidate
from rag.answering.choosing import Choice, choose_for
from rag.answering.compose import compose, refuse, refuse_empty, refuse_filtered
from rag.answering.disagreement import find_disagreements
from rag.answering.extract import find_candidates
from rag.answering.leads import Prose
from rag.answering.streaming import prefixes
from rag.config import Config, EmbeddingConfig, load_config
from rag.corpus import IndexReport, Progress, ensure_index, index_articles
from rag.errors import RagError, UnknownArticleError
from rag.indexing.archive import Archive
from rag.models.embedding import BUNDLED, Embedder, load_embedder
from rag.models.reranker import CrossEncoder
from rag.models.scorer import SentenceScorer
from rag.retrieval.query import analyse, analyse_breadth
from rag.serving import Serving, open_generation
from rag.types import Article, Filters, Hit, Query, Source, Turn

__all__ = ["Chatbot", "IndexReport", "index_articles"]


class Chatbot(AbstractContextManager["Chatbot"]):
    """Answers questions from an index. For any number of threads."""

    def __init__(self, config: Config) -> None:
        """Use `Chatbot.open`."""
        self.config = config
        self._serving = Serving(config.home, lambda: open_generation(config))
        self._embedder: Embedder = load_embedder(config)
        self._cross_encoder = CrossEncoder(threads=config.threads)
        self._bundled = load_embedder(replace(config, embedding=EmbeddingConfig()))
        if self._embedder.config.provider == BUNDLED:
            self._bundled = self._embedder
        self._scorer = SentenceScorer(self._cross_encoder, self._bundled)
        self._archived = lru_cache(maxsize=64)(partial(_archived_article, config.home))

    @classmethod
    def open(
        cls,
        articles: str | Path | None = None,
        *,
        home: str | Path | None = None,
        config: Config | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Opens the index; where there is none yet, articles are indexed first.

        Args:
            articles: File or folder to bring the index up to date with. Without one an existing
                index is opened as it is, one whose making was interrupted is finished, and a
                missing one is built from `corpus/`.
            home: The index folder; by default as the settings say.
            config: The settings; by default read from `footnote.toml` and the environment.
            progress: Told how far indexing is.

        Raises:
            RagError: The articles or the index cannot be read; the message says what to do.
        """
        chosen = config or load_config()
        if home is not None:
            chosen = replace(chosen, home=Path(home))
        if articles is not None:
            index_articles([Path(articles)], config=chosen, progress=progress)
        else:
            ensure_index(chosen, progress)
        return cls(chosen)

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, filters: Filters | None = None
    ) -> Answer:
        """The answer to a question, or a refusal with its reason and the nearest words.

        Args:
            question: The reader's words.
            history: Earlier turns of the conversation, oldest first.
            filters: What to restrict the search to.

        Raises:
            QuestionError: The question is empty or too long.
            IndexDamagedError: The index cannot be read.
        """
        started = time.perf_counter()
        query = analyse(question, history)
        if not len(self._serving.newest()):
            return refuse_empty(question, query)
        if filters and not any(filters.admit(source) for source in self.articles()):
            return refuse_filtered(question, query)
        search = _Search(self, filters or Filters())
        choice = choose_for(query, analyse_breadth(query), search.find)
        answered = time.perf_counter()
        answer = self._composed(question, query, choice)
        ended = time.perf_counter()
        seconds = {
            "retrieve": search.seconds,
            "answer": answered - started - search.seconds,
            "verify": ended - answered,
            "total": ended - started,
        }
        return replace(answer, seconds={name: round(s, 4) for name, s in seconds.items()})

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, filters: Filters | None = None
    ) -> Iterator[Answer]:
        """The same answer growing, one checked claim more each time; the last one is whole.

        Takes and raises what `ask` does, when the first answer is taken.
        """
        yield from prefixes(self.ask(question, history, filters=filters))

    def _composed(self, question: str, query: Query, choice: Choice) -> Answer:
        if not choice.chosen:
            return refuse(question, query, choice.candidates)
        disagreements = find_disagreements(choice.query, choice.chosen, choice.candidates)
        return compose(
            question, query, choice, disagreements=disagreements, article_of=self._article_of
        )

    def _article_of(self, candidate: Candidate) -> Prose | None:
        article_id = candidate.passage.source.article_id
        version = self.versions().get(article_id)
        return None if version is None else self._archived(article_id, version)

    def search(
        self, question: str, *, top_k: int = 10, filters: Filters | None = None
    ) -> tuple[Hit, ...]:
        """The best passages for a question, best first.

        Raises:
            QuestionError: The question is empty or too long.
            IndexDamagedError: The index cannot be read.
        """
        query = analyse(question)
        if not len(self._serving.newest()):
            return ()
        hits = self._retrieve(query.text, filters or Filters(), max(top_k, self.config.rerank))
        from rag.retrieval.retrieve import rerank

        return rerank(hits, query.text, cross_encoder=self._cross_encoder)[:top_k]

    def retrieve(self, question: str, *, top_k: int = 10) -> tuple[Hit, ...]:
        """The passages that an answer is looked for in, best first: those of `ask`, and on.

        Raises:
            QuestionError: The question is empty or too long.
            IndexDamagedError: The index cannot be read.
        """
        query = analyse(question)
        if not len(self._serving.newest()):
            return ()
        return self._retrieve(query.text, Filters(), top_k)

    def versions(self) -> dict[str, str]:
        """The version of each indexed article, by its id: two indexes of the same hold the same."""
        with self._serving.reading() as generation:
            return dict(generation.versions)

    def articles(self) -> tuple[Source, ...]:
        """The cards of all indexed articles, by article id."""
        with self._serving.reading() as generation:
            return generation.sources

    def article(self, article_id: str) -> Article:
        """An indexed article, whose body every citation of it counts in.

        Raises:
            UnknownArticleError: There is none of that id.
        """
        with self._serving.reading() as generation:
            version = generation.versions.get(article_id)
        if version is None:
            raise UnknownArticleError(
                f"no article {article_id!r}; `footnote articles` lists them all"
            )
        return self._archived(article_id, version).article

    def warm_up(self) -> None:
        """Loads the models and the index now; a first question is then as quick as the next.

        Raises:
            RagError: One of them cannot be read.
        """
        self._retrieve("warm up", Filters(), 1)

    def close(self) -> None:
        """Lets go of the index."""
        self._serving.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _retrieve(self, query: str, filters: Filters, top_k: int) -> tuple[Hit, ...]:
        loading = threading.Thread(target=self._load_models)
        loading.start()
        # LlamaIndex takes a second to import; the models' files load beside it, on the other core.
        from rag.retrieval.retrieve import retrieve

        loading.join()
        with self._serving.reading() as generation:
            return retrieve(
                generation,
                query,
                embedding=self._embedder.model,
                filters=filters,
                top_k=top_k,
            )

    def _load_models(self) -> None:
        with suppress(RagError):  # the same error is raised, and shown, where the model is used
            self._cross_encoder.load()
            self._bundled.preload()


@dataclass
class _Search:
    """Finds candidates, and counts the seconds of retrieval."""

    bot: Chatbot
    filters: Filters
    seconds: float = 0.0

    def find(self, query: Query, n_read: int) -> tuple[Candidate, ...]:
        started = time.perf_counter()
        hits = self.bot._retrieve(query.text, self.filters, self.bot.config.rerank)
        self.seconds += time.perf_counter() - started
        return find_candidates(query, hits, self.bot._scorer, n_read=n_read)


def _archived_article(home: Path, article_id: str, version: str) -> Prose:
    with Archive(home) as archive:
        article = archive.article(article_id, version)
        passages = archive.passages(article)
    return Prose(article, tuple(span for passage in passages for span in passage.sentences))
