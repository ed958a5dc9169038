"""A stock index and an LLM → what LlamaIndex's query engines reply, all at defaults."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

# The comparison is with what others would run, whatever it drops.
from llama_index.core.query_engine import CitationQueryEngine  # noqa: TID251
from llama_index.core.schema import MetadataMode

from evals.benchmarks.llm import LlmSettings, failures_told, load_llm
from evals.benchmarks.seen import EngineName, Reply

if TYPE_CHECKING:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.base.base_query_engine import BaseQueryEngine

# "Source 3:", which the citation engine writes above each text.
_NUMBERED = re.compile(r"Source \d+:\n")


class Engines:
    """The engines over one index."""

    def __init__(
        self, index: VectorStoreIndex, settings: LlmSettings, names: Sequence[EngineName]
    ) -> None:
        """Asks nothing yet."""
        self._settings = settings
        llm = load_llm(settings)
        made: dict[EngineName, Callable[[], BaseQueryEngine]] = {
            "stock": lambda: index.as_query_engine(llm=llm),
            "citing": lambda: CitationQueryEngine.from_args(index, llm=llm),
        }
        self._engines = {name: made[name]() for name in names}

    def replies(self, question: str) -> dict[EngineName, Reply]:
        """What each says to the question.

        Raises:
            ModelError: The endpoint gives no reply.
        """
        return {name: self._reply(engine, question) for name, engine in self._engines.items()}

    def _reply(self, engine: BaseQueryEngine, question: str) -> Reply:
        # LlamaIndex counts tokens in the thread's event loop, which it makes and leaves open; in a
        # thread that can have none it closes its own.
        with failures_told(self._settings), ThreadPoolExecutor(1) as apart:
            response = apart.submit(engine.query, question).result()
        sources = [scored.node.get_content(MetadataMode.NONE) for scored in response.source_nodes]
        return Reply(
            str(response), tuple(_NUMBERED.sub("", text, count=1).strip() for text in sources)
        )
