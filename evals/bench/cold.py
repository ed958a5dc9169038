"""One cold question with a stopwatch at every stage; `evals.bench.speed` runs it as a process.

python -m evals.bench.cold STARTED HOME QUESTION, STARTED being the parent's `time.monotonic()`.
"""

import time

_ENTERED = time.monotonic()  # before anything else is imported

import gc  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from importlib import import_module  # noqa: E402
from pathlib import Path  # noqa: E402


class Stopwatch:
    """Seconds of one stage after the other."""

    def __init__(self, started: float) -> None:
        """The interpreter itself is the first stage."""
        self.seconds = {"interpreter start": _ENTERED - started}
        self._since = _ENTERED

    def took(self, stage: str) -> None:
        """Ends a stage."""
        now = time.monotonic()
        self.seconds[stage], self._since = now - self._since, now


def main(started: float, home: Path, question: str) -> dict[str, float]:
    """Seconds of every stage in turn; in the program the models load beside LlamaIndex."""
    watch = Stopwatch(started)
    for stage, modules in (
        ("importing ui.cli and rag", ("ui.cli", "rag.chatbot")),
        ("importing llama_index", ("llama_index.core", "rag.retrieval.retrieve")),
        ("importing chromadb", ("chromadb",)),
        ("importing onnxruntime, tokenizers", ("onnxruntime", "tokenizers")),
    ):
        for module in modules:
            import_module(module)
        watch.took(stage)
    _ask(home, question, watch)
    gc.freeze()  # as ui.cli does before it leaves
    return watch.seconds


def _ask(home: Path, question: str, watch: Stopwatch) -> None:
    from rag.chatbot import Chatbot
    from rag.config import load_config

    with Chatbot.open(config=load_config(home=home)) as bot:
        generation = bot._serving.newest()
        _ = generation.collection, generation.lexical
        watch.took("opening the index")
        bot._load_models()
        watch.took("loading both models")
        bot.ask(question)
        watch.took("first question")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
