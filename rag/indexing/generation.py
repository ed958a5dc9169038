"""A sealed generation, open for reading: passages by row, the dense and the lexical index."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from rag.errors import IndexDamagedError, IndexMissingError
from rag.indexing.collection import OpenCollection
from rag.indexing.manifest import (
    check_files,
    check_manifest,
    current_number,
    generation_name,
    read_manifest,
)
from rag.indexing.rows import Rows

if TYPE_CHECKING:
    import bm25s
    import numpy as np
    from numpy.typing import NDArray

    from rag.indexing.collection import Collection
    from rag.types import Passage, Source

__all__ = ["CHROMA", "LEXICAL", "ROWS", "Generation", "check_manifest", "current_number"]

CHROMA = "chroma"
LEXICAL = "lexical"
ROWS = "passages.sqlite"


class Generation:
    """One generation of the index, open for reading by any number of threads."""

    def __init__(self, directory: Path) -> None:
        """Opens a generation's folder: its manifest and passages now, the rest when asked for.

        Raises:
            IndexDamagedError: A file is missing or was changed.
        """
        self.directory = directory
        self.manifest = read_manifest(directory)
        self.number = self.manifest.number
        check_files(directory, self.manifest, ROWS)
        self._rows = Rows(directory / ROWS)
        self._turn = threading.RLock()
        self._dense: OpenCollection | None = None
        self._lexical: bm25s.BM25 | None = None

    @classmethod
    def open(cls, home: Path) -> Self:
        """Opens the generation that is being served.

        Raises:
            IndexMissingError: There is no index in the folder.
            IndexDamagedError: What CURRENT names is missing or damaged.
        """
        while True:
            number = current_number(home)
            if number is None:
                raise IndexMissingError(f"no index in {home}; run `footnote index PATH...` first")
            try:
                return cls(home / generation_name(number))
            except IndexDamagedError:
                # A writer may have published two newer ones since CURRENT was read.
                if current_number(home) == number:
                    raise

    def __len__(self) -> int:
        """Number of passages."""
        return self.manifest.n_passages

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every article's card, by article id; also of an article without passages."""
        return self._rows.sources

    @property
    def versions(self) -> Mapping[str, str]:
        """Article id → the version that is indexed."""
        return self._rows.versions

    @property
    def source_of_row(self) -> NDArray[np.int32]:
        """Row of a passage → place of its article in `sources`."""
        return self._rows.source_of_row

    def ids(self) -> list[str]:
        """Every passage id, by row."""
        return self._rows.ids()

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """The passages of the rows, in the order asked for.

        Raises:
            IndexDamagedError: There is no such row.
        """
        return self._rows.passages(rows)

    def rows(self, passage_ids: Sequence[str]) -> list[int]:
        """The rows of the passages, in the order asked for.

        Raises:
            IndexDamagedError: There is no such passage.
        """
        return self._rows.rows(passage_ids)

    @property
    def collection(self) -> Collection:
        """The dense index: passage ids and vectors, with `article_id` as metadata.

        Raises:
            IndexDamagedError: A file of it is missing or was changed.
        """
        with self._turn:
            if self._dense is None:
                # Chroma goes down with the process on changed vectors (SIGSEGV) or tables (a panic
                # of its Rust part), and makes a missing database anew in silence (all measured).
                check_files(self.directory, self.manifest, CHROMA)
                self._dense = OpenCollection(self.directory / CHROMA, len(self))
            return self._dense.collection

    @property
    def lexical(self) -> bm25s.BM25:
        """The lexical index over `terms.stems`: its document n is row n.

        Its `get_scores` takes at least one term. A generation without passages has one document of
        no known term, as bm25s indexes no empty corpus.

        Raises:
            IndexDamagedError: A file of it is missing or was changed.
        """
        with self._turn:
            if self._lexical is None:
                check_files(self.directory, self.manifest, LEXICAL)
                self._lexical = _load_lexical(self.directory / LEXICAL)
            return self._lexical

    def close(self) -> None:
        """Lets go of the files. What was taken from here must not be used any more."""
        with self._turn:
            self._rows.close()
            if self._dense is not None:
                self._dense.close()
            self._dense = self._lexical = None


def _load_lexical(path: Path) -> bm25s.BM25:
    import bm25s

    try:
        return bm25s.BM25.load(path, mmap=False, allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(f"{path}: fails ({error}); run `footnote repair`") from error
