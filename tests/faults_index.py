"""A child process of `test_sync`: indexes a folder, and is killed or held up.

    python tests/faults_index.py HOME CORPUS POINT

POINT is `STAGE:DONE` (SIGKILL when that progress is told), `rename` (SIGKILL before the new
generation gets its name), `publish` (SIGKILL before CURRENT is replaced), a number (SIGKILL after
so many seconds), or `hold` (says "held" and waits for its standard input to close).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).parent.parent))

from rag.indexing import build, sync
from rag.reading.articles import read_articles


class Model:
    """The vectors of `fakes.HashingEmbedding`, without a second's import of LlamaIndex."""

    def get_text_embedding_batch(self, texts: list[str]) -> list[list[float]]:
        return [[float(len(word) + 1) for word in (text.split() * 64)[:64]] for text in texts]


class Embedder:
    model = Model()
    fingerprint = "lengths:64"


def die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def main() -> None:
    home, corpus, point = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    if point == "rename":
        build.sync_tree = die
    elif point == "publish":
        build.publish = die
    elif point.replace(".", "").isdecimal():
        threading.Timer(float(point), die).start()

    def progress(stage: str, done: int, _total: int) -> None:
        if point == f"{stage}:{done}":
            die()
        if point == "hold":
            sys.stdout.write("held\n")
            sys.stdout.flush()
            sys.stdin.read()

    sync.sync(
        home,
        read_articles([corpus]).articles,
        scope=[corpus],
        embedder=Embedder(),
        progress=progress,
    )


if __name__ == "__main__":
    main()
