"""The indexed articles: their cards, their bodies, and where an answer's words stand in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.answering.leads import Prose, Quoted
from rag.errors import UnknownArticleError
from rag.indexing.archive import Archive
from rag.serving import Serving
from rag.types import Article, Passage, Source, Span

MAX_KEPT = 64
"""Articles kept in memory; the one unused longest goes first."""


@dataclass(frozen=True, slots=True)
class _Archived:
    """An article, with its passages in reading order."""

    article: Article
    passages: tuple[Passage, ...]

    @property
    def prose(self) -> Prose:
        return Prose(self.article, tuple(s for p in self.passages for s in p.sentences))


class Library:
    """What the generation being served was made of. For any number of threads."""

    def __init__(self, home: Path, serving: Serving) -> None:
        """Of an index folder and what is served from it."""
        self._serving = serving

        @lru_cache(maxsize=MAX_KEPT)
        def archived(article_id: str, version: str) -> _Archived:
            with Archive(home) as archive:
                article = archive.article(article_id, version)
                return _Archived(article, archive.passages(article))

        self._archived = archived

    def versions(self) -> dict[str, str]:
        """The version of each article, by its id."""
        with self._serving.reading() as generation:
            return dict(generation.versions)

    def sources(self) -> tuple[Source, ...]:
        """The cards of all articles, by article id."""
        with self._serving.reading() as generation:
            return generation.sources

    def article(self, article_id: str) -> Article:
        """An article, whose body every citation of it counts in.

        Raises:
            UnknownArticleError: There is none of that id.
        """
        found = self._found(article_id)
        if found is None:
            raise UnknownArticleError(
                f"no article {article_id!r}; `footnote articles` lists them all"
            )
        return found.article

    def prose_of(self, quoted: Quoted) -> Prose | None:
        """The article that words stand in, split; None where it is gone since."""
        found = self._found(quoted.passage.source.article_id)
        return None if found is None else found.prose

    def passages_at(self, cited: Iterable[tuple[str, Span]]) -> tuple[Passage, ...]:
        """The passages that hold words cited before; those of articles gone since are left out."""
        found: dict[str, Passage] = {}
        for article_id, span in cited:
            archived = self._found(article_id)
            for passage in archived.passages if archived else ():
                if passage.span.start < span.end and span.start < passage.span.end:
                    found.setdefault(passage.id, passage)
        return tuple(found.values())

    def _found(self, article_id: str) -> _Archived | None:
        version = self.versions().get(article_id)
        return None if version is None else self._archived(article_id, version)
