"""The journey on one screen: open an index, ask, get a cited answer or the reason why not."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self

from rag.answer import Answer, Working
from rag.answering.compose import refuse_empty, refuse_filtered
from rag.answering.dialogue import Served
from rag.answering.streaming import prefixes
from rag.config import Config, EmbeddingConfig, load_config
from rag.corpus import IndexReport, Progress, ensure_index, index_articles
from rag.errors import RagError
from rag.journey import Journey
from rag.library import Library
from rag.models.embedding import BUNDLED, Embedder, load_embedder
from rag.models.llm import load_llm
from rag.models.reranker import CrossEncoder
from rag.models.scorer import SentenceScorer
from rag.retrieval.query import analyse
from rag.serving import Serving, open_generation
from rag.types import Article, Filters, Hit, Source, Turn

__all__ = ["Chatbot", "IndexReport", "index_articles"]


class Chatbot(AbstractContextManager["Chatbot"]):
    """Answers questions from an index. For any number of threads."""

    def __init__(self, config: Config, llm: Served | None = None) -> None:
        """Use `Chatbot.open`."""
        self.config = config
        self._serving = Serving(config.home, lambda: open_generation(config))
        self._embedder: Embedder = load_embedder(config)
        self._cross_encoder = CrossEncoder(threads=config.threads)
        self._bundled = load_embedder(replace(config, embedding=EmbeddingConfig()))
        if self._embedder.config.provider == BUNDLED:
            self._bundled = self._embedder
        self._scorer = SentenceScorer(self._cross_encoder, self._bundled)
        self._library = Library(config.home, self._serving)
        self._llm = llm

    @classmethod
    def open(
        cls,
        articles: str | Path | None = None,
        *,
        home: str | Path | None = None,
        config: Config | None = None,
        llm: Served | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Opens the index; where there is none yet, articles are indexed first.

        Args:
            articles: File or folder to bring the index up to date with. Without one an existing
                index is opened as it is, one whose making was interrupted is finished, and a
                missing one is built from `corpus/`.
            home: The index folder; by default as the settings say.
            config: The settings; by default read from `footnote.toml` and the environment.
            llm: What words the answers; by default the model that the settings name, if any.
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
        return cls(chosen, llm if llm is not None else load_llm(chosen))

    @property
    def mode(self) -> str:
        """How questions are answered: `extractive`, or the language model's name."""
        return "extractive" if self._llm is None else self._llm.name

    @property
    def host(self) -> str | None:
        """Where passages are sent for an answer; None when they stay on this machine."""
        return None if self._llm is None else self._llm.host

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Answer:
        """The answer to a question, or a refusal with its reason and the nearest words.

        Args:
            question: The reader's words.
            history: Earlier turns of the conversation, oldest first.
            filters: What to restrict the search to.
            use_llm: Whether the language model words it, if there is one.

        Raises:
            QuestionError: The question is empty or too long.
            IndexDamagedError: The index cannot be read.
        """
        *_, whole = self.stream(question, history, filters=filters, use_llm=use_llm)
        return whole

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Iterator[Answer]:
        """The same answer growing, one checked claim more each time; the last one is whole.

        Takes and raises what `ask` does, when the first answer is taken. Nothing that was given
        once is taken back by what follows.
        """
        with closing(self.steps(question, history, filters=filters, use_llm=use_llm)) as steps:
            yield from (step for step in steps if isinstance(step, Answer))

    def steps(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        filters: Filters | None = None,
        use_llm: bool = True,
    ) -> Generator[Answer | Working]:
        """The same, and at least every 0.3 s what is being done while a model is silent.

        Who closes it breaks off what is being asked of the model.
        """
        started = time.perf_counter()
        query = analyse(question, history)
        if not len(self._serving.newest()):
            yield refuse_empty(question, query)
            return
        chosen = filters or Filters()
        if filters and not any(filters.admit(source) for source in self.articles()):
            yield refuse_filtered(question, query)
            return
        find = partial(self._retrieve, filters=chosen, top_k=self.config.rerank)
        journey = Journey(question, query, find, self._scorer, self._library, chosen, started)
        if self._llm is None or not use_llm:
            answer, _ = journey.quote()
            yield from prefixes(answer)
        else:
            yield from journey.word(self._llm, history)

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
        top = max(top_k, self.config.rerank)
        hits = self._retrieve(query.text, filters=filters or Filters(), top_k=top)
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
        return self._retrieve(query.text, filters=Filters(), top_k=top_k)

    def versions(self) -> dict[str, str]:
        """The version of each indexed article, by its id: two indexes of the same hold the same."""
        return self._library.versions()

    def articles(self) -> tuple[Source, ...]:
        """The cards of all indexed articles, by article id."""
        return self._library.sources()

    def article(self, article_id: str) -> Article:
        """An indexed article, whose body every citation of it counts in.

        Raises:
            UnknownArticleError: There is none of that id.
        """
        return self._library.article(article_id)

    def warm_up(self) -> None:
        """Loads the models and the index now; a first question is then as quick as the next.

        Raises:
            RagError: One of them cannot be read.
        """
        self._retrieve("warm up", filters=Filters(), top_k=1)
        if self._llm is not None:
            self._llm.preload()

    def close(self) -> None:
        """Lets go of the index."""
        self._serving.close()
        if self._llm is not None:
            self._llm.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _retrieve(self, query: str, *, filters: Filters, top_k: int) -> tuple[Hit, ...]:
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
