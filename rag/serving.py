"""The generation being served: exchanged for a newer one between questions, closed once unread."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.config import Config
from rag.indexing.generation import Generation
from rag.indexing.manifest import check_manifest, current_number
from rag.models.embedding import load_embedder


class Serving:
    """The generation that CURRENT names, for any number of threads."""

    def __init__(self, home: Path, open_newest: Callable[[], Generation]) -> None:
        """Opens it.

        Raises:
            RagError: There is none, or it cannot be used.
        """
        self._home = home
        self._open_newest = open_newest
        self._turn = threading.Lock()
        self._readers: Counter[Generation] = Counter()
        self._newest = open_newest()
        self._closed = False

    def newest(self) -> Generation:
        """The generation that a question asked now is answered from.

        Its manifest can be read at any time, anything else only inside of `reading`.
        """
        with self._turn:
            return self._exchanged()

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """The same, kept open while the block runs, whatever is published in the meantime."""
        with self._turn:
            generation = self._exchanged()
            self._readers[generation] += 1
        try:
            yield generation
        finally:
            with self._turn:
                self._readers[generation] -= 1
                self._close_if_done(generation)

    def close(self) -> None:
        """Lets go of the files, as soon as nobody reads them any more."""
        with self._turn:
            self._closed = True
            self._close_if_done(self._newest)

    def _exchanged(self) -> Generation:
        if current_number(self._home) not in (None, self._newest.number):
            old, self._newest = self._newest, self._open_newest()
            self._close_if_done(old)
        return self._newest

    def _close_if_done(self, generation: Generation) -> None:
        served = generation is self._newest and not self._closed
        if not served and not self._readers[generation]:
            del self._readers[generation]
            generation.close()


def open_generation(config: Config) -> Generation:
    """The generation that CURRENT names, if it was made with the embedder of the settings.

    Raises:
        RagError: There is none, it cannot be read, or another embedder made it.
    """
    generation = Generation.open(config.home)
    check_manifest(generation.manifest, load_embedder(config).fingerprint)
    return generation
