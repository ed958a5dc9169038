"""Adding, removing and restoring articles on the page: files and index change together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol

from rag.config import Config
from rag.corpus import Progress, index_articles, remove_articles, restore_articles
from rag.errors import ArticleError, IndexLockedError, RagError
from rag.types import Article, Source
from ui.web.uploads import Folder, Upload, admitted, safe_name

State = Literal["added", "updated", "unchanged", "refused"]


class Indexed(Protocol):
    """What the shelf needs of a chatbot."""

    @property
    def config(self) -> Config:
        """Its settings."""
        ...

    def articles(self) -> tuple[Source, ...]:
        """Every article's card."""
        ...

    def article(self, article_id: str) -> Article:
        """One article as read."""
        ...

    def versions(self) -> dict[str, str]:
        """The version of each indexed article, by its id."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    """As the reader's file is called; not to be trusted."""
    state: State
    detail: str
    """The article's title, or why the file was refused; not to be trusted either."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What undoing a removal needs. It is kept in memory only: what is removed is gone."""

    articles: tuple[Article, ...]
    files: Mapping[str, bytes]
    """By path: the files that were added on the page, and were removed with their articles."""


@dataclass(slots=True)
class _Batch:
    """One call of `add` so far."""

    cards: Mapping[str, Source]
    """The index before, by article id."""
    versions: Mapping[str, str]
    written: dict[Path, bytes | None] = field(default_factory=dict)
    """Files that were put in the folder, each with what it has replaced."""
    read: list[Article] = field(default_factory=list)


class Shelf:
    """Changes the articles of an index. Where it is used, one call at a time."""

    def __init__(self, bot: Indexed) -> None:
        """Of the chatbot's index; a chatbot notices a new generation by itself."""
        self._bot = bot
        self._folder = Folder(bot.config.home)

    def add(self, uploads: Sequence[Upload], progress: Progress | None = None) -> list[Outcome]:
        """Stores and indexes what can be read, and says of each file what became of it.

        Raises:
            RagError: The folder cannot be written.
        """
        cards = {card.article_id: card for card in self._bot.articles()}
        batch = _Batch(cards, self._bot.versions())
        outcomes = [
            Outcome(upload.name, "refused", reason) if reason else self._stored(upload, batch)
            for upload, reason in admitted(uploads, self._folder.room())
        ]
        if not batch.written:
            return outcomes
        try:
            index_articles(list(batch.written), config=self._bot.config, progress=progress)
        except RagError as error:
            if isinstance(error, IndexLockedError):  # else some may be in the archive already
                self._take_back(batch.written)
            return [_failed(outcome, error) for outcome in outcomes]
        return outcomes

    def remove(self, article_ids: Sequence[str], progress: Progress | None = None) -> Removed:
        """Takes articles out of the index; files that were added on the page go with them.

        Raises:
            RagError: One is not indexed any more, or another process is writing; nothing changed.
        """
        articles = tuple(self._bot.article(article_id) for article_id in article_ids)
        own = [Path(a.source.path) for a in articles if self._folder.holds(a.source.path)]
        files = {str(path): path.read_bytes() for path in own if path.is_file()}
        remove_articles(article_ids, config=self._bot.config, progress=progress)
        for path in files:
            Path(path).unlink(missing_ok=True)
        return Removed(articles, files)

    def restore(self, removed: Removed, progress: Progress | None = None) -> None:
        """Puts removed articles back as they were, their files too.

        Raises:
            RagError: Another process is writing; nothing changed.
        """
        back: list[Article] = []
        written: dict[Path, bytes | None] = {}
        for article in removed.articles:
            if (data := removed.files.get(article.source.path)) is not None:
                path = self._folder.free(Path(article.source.path).name, data)
                self._folder.put(path, data)
                written[path] = None
                article = replace(article, source=replace(article.source, path=str(path)))  # noqa: PLW2901
            back.append(article)
        try:
            restore_articles(back, config=self._bot.config, progress=progress)
        except IndexLockedError:
            self._take_back(written)
            raise

    def _stored(self, upload: Upload, batch: _Batch) -> Outcome:
        try:
            with self._folder.staged(upload) as (file, article):
                return self._placed(upload, file, article, batch)
        except ArticleError as error:
            return Outcome(upload.name, "refused", str(error))

    def _placed(self, upload: Upload, file: Path, article: Article, batch: _Batch) -> Outcome:
        title, name = article.source.title, safe_name(upload.name)
        if twin := self._twin(article, batch):
            if self._folder.holds(twin.path) and _same_name(Path(twin.path), name):
                return Outcome(upload.name, "unchanged", title)
            return Outcome(upload.name, "refused", f"the same as “{twin.title}”")
        path = self._folder.path / name
        indexed = {card.path: card for card in batch.cards.values()}
        before = indexed.get(str(path))
        # Two papers may each have an "interview.md": only an article of that title is replaced.
        if before and before.title == title and path.is_file() and path not in batch.written:
            batch.written[path] = path.read_bytes()
            file.replace(path)
            state: State = "updated"
        else:
            path, state = self._folder.free(name, upload.data), "added"
            self._folder.put(path, upload.data)
            batch.written[path] = None
        batch.read.append(article)
        return Outcome(upload.name, state, title)

    def _twin(self, article: Article, batch: _Batch) -> Source | None:
        """The card of the same article, indexed before or read just now from another file."""
        for read in batch.read:
            if read.version == article.version:
                return read.source
        for article_id, card in batch.cards.items():
            if batch.versions.get(article_id) == article.version:
                return card
        alike = (card for card in batch.cards.values() if card.title == article.source.title)
        same = (card for card in alike if self._bot.article(card.article_id).body == article.body)
        return next((card for card in same if _facts(card) == _facts(article.source)), None)

    def _take_back(self, written: Mapping[Path, bytes | None]) -> None:
        for path, replaced in written.items():
            path.unlink(missing_ok=True)
            if replaced is not None:
                self._folder.put(path, replaced)


def _same_name(path: Path, name: str) -> bool:
    """Whether a file has that name, or the one that `Folder.free` gave in its place."""
    wanted = Path(name)
    return path.suffix == wanted.suffix and (
        path.stem == wanted.stem or path.stem.startswith(f"{wanted.stem}-")
    )


def _facts(source: Source) -> tuple[object, ...]:
    return (source.title, source.outlet, source.author, source.published, source.url)


def _failed(outcome: Outcome, error: RagError) -> Outcome:
    if outcome.state not in {"added", "updated"}:
        return outcome
    return Outcome(outcome.name, "refused", f"not indexed: {error}")
