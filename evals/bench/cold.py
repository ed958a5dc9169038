"""One cold question, a stopwatch at every stage: what `evals.bench.speed` runs in a process of its own.

python -m evals.bench.cold STARTED HOME QUESTION, where STARTED is `time.monotonic()` of the parent.
"""

import time

_ENTERED = time.monotonic()  # before anything else is imported

import json  # noqa: E402
import sys  # noqa: E402
from importlib import import_module  # noqa: E402
from pathlib import Path  # noqa: E402


def main(started: float, home: Path, question: str) -> dict[str, float]:
    """Seconds of every stage, one after the other; in the program the models load beside LlamaIndex."""
    seconds = {"interpreter start": _ENTERED - started}
    since = _ENTERED

    def took(stage: str) -> None:
        nonlocal since
        now = time.monotonic()
        seconds[stage], since = now - since, now

    import_module("ui.cli")
    from rag.chatbot import Chatbot
    from rag.config import load_config
    from rag.models.embedding import load_embedder
    from rag.models.reranker import CrossEncoder

    took("importing ui.cli and rag")
    import_module("rag.retrieval.retrieve")
    took("importing llama_index")
    import_module("chromadb")
    took("importing chromadb")
    import_module("onnxruntime")
    import_module("tokenizers")
    took("importing onnxruntime, tokenizers")
    config = load_config(home=home)
    load_embedder(config).preload()
    CrossEncoder(threads=config.threads).load()
    took("loading both models")
    with Chatbot.open(config=config) as bot:
        generation = bot._current()
        _ = generation.collection, generation.lexical
        took("opening the index")
        bot._load_models()  # loaded above already, so that they count once
        since = time.monotonic()
        bot.ask(question)
        took("first question")
    return seconds


if __name__ == "__main__":
    print(json.dumps(main(float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])))
