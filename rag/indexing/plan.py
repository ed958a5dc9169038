"""Archive and articles as read → what a sync has to do. Pure but for asking whether files exist."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.indexing.records import digest, path_key
from rag.types import Article


@dataclass(frozen=True, slots=True)
class Stored:
    """An article in the archive, as far as planning needs it."""

    article_id: str
    path: str
    """Resolved, as `path_key` gives it."""
    digest: str
    """`records.digest` of the current version."""


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a sync has to do. Articles carry the ids they are to be stored under."""

    added: tuple[Article, ...]
    changed: tuple[Article, ...]
    unchanged: tuple[str, ...]
    """Ids."""
    removed: tuple[str, ...]
    """Ids."""


def is_gone(path: str) -> bool:
    """Whether a file is certainly not there; one that cannot be looked at is not gone."""
    try:
        Path(path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def plan_sync(
    stored: Sequence[Stored],
    articles: Sequence[Article],
    scope: Sequence[Path],
    *,
    gone: Callable[[str], bool] = is_gone,
) -> SyncPlan:
    """Compares what was read with what is stored; a file is known by its resolved path.

    Args:
        stored: The archive.
        articles: Everything that could be read, with the ids of their files' names.
        scope: The files and folders that were asked for. What is stored from elsewhere stays, and
            so does a file of theirs that is there but was not read: a faulty edit loses nothing.
        gone: Whether a stored file does not exist any more.
    """
    read: dict[str, Article] = {}
    for article in articles:
        read.setdefault(path_key(article.source.path), article)
    folders = [folder.resolve() for folder in scope]
    removed = tuple(
        old.article_id
        for old in stored
        if old.path not in read and _is_inside(old.path, folders) and gone(old.path)
    )
    kept = {old.path: old for old in stored if old.article_id not in set(removed)}
    ids = _ids(kept, read)
    named = {path: _renamed(article, ids[path]) for path, article in sorted(read.items())}
    same = {path for path in kept if path in read and kept[path].digest == digest(named[path])}
    return SyncPlan(
        added=tuple(named[path] for path in named if path not in kept),
        changed=tuple(named[path] for path in named if path in kept and path not in same),
        unchanged=tuple(ids[path] for path in named if path in same),
        removed=removed,
    )


def _ids(kept: Mapping[str, Stored], read: Mapping[str, Article]) -> dict[str, str]:
    """The id of every path that was read: its own of old, else a free one."""
    ids = {path: kept[path].article_id for path in read if path in kept}
    taken = {old.article_id for old in kept.values()}
    for path in sorted(set(read) - set(ids)):
        ids[path] = next(name for name in _names(read[path]) if name not in taken)
        taken.add(ids[path])
    return ids


def _names(article: Article) -> Iterator[str]:
    """The file's name, then with ever more of its path's hash: two folders may hold an `a.md`."""
    source = article.source
    yield source.article_id
    sha256 = hashlib.sha256(source.path.encode("utf-8", "surrogateescape")).hexdigest()
    for length in range(6, len(sha256) + 1):
        yield f"{source.article_id}-{sha256[:length]}"


def _renamed(article: Article, article_id: str) -> Article:
    return replace(article, source=replace(article.source, article_id=article_id))


def _is_inside(path: str, folders: Sequence[Path]) -> bool:
    return "://" not in path and any(Path(path).is_relative_to(folder) for folder in folders)
