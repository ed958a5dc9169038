"""Files and folders → articles; what cannot be read is listed with its reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import ArticleError, CorpusError
from rag.reading.markdown import read_markdown
from rag.reading.text import read_text
from rag.types import Article

MAX_FILE_BYTES = 20_000_000
MAX_BODY_CHARS = 2_000_000

READERS: dict[str, Callable[[str, Path, str], Article]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".text": read_text,
}
# Formats that people keep articles in and that a folder's walk should not pass over in silence.
NOT_YET = frozenset({".pdf", ".docx", ".doc", ".html", ".htm", ".rtf", ".epub", ".odt"})

_UNSLUG = re.compile(r"[^\w.-]+")  # "My article (2).md" → "my-article-2"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # what text files do not hold


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not read."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of some files and folders."""

    articles: tuple[Article, ...]
    """In the order of their paths."""
    refused: tuple[Refused, ...]


def read_articles(paths: Sequence[Path]) -> Reading:
    """Every article of the files and folders, folders walked in sorted order.

    Raises:
        CorpusError: A path does not exist, or nothing in any of them can be read as an article.
    """
    articles: list[Article] = []
    refused: list[Refused] = []
    for path in dict.fromkeys(_files(paths)):
        try:
            articles.append(read_article(path))
        except ArticleError as error:
            reason = str(error).removeprefix(f"{path}: ").removeprefix(f"{path.resolve()}: ")
            refused.append(Refused(path, reason))
    if not articles:
        raise CorpusError(_nothing_read(paths, refused))
    return Reading(tuple(articles), tuple(refused))


def read_article(path: Path) -> Article:
    """The article that a file holds, its body unchanged.

    Raises:
        ArticleError: The file cannot be read; the message names it, the reason and the remedy.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise ArticleError(f"{path}: {path.suffix or 'no'} ending is not read yet; use {known}")
    raw = _bytes(path)
    article = reader(_decoded(raw, path), path.resolve(), article_id(path))
    if not article.body.strip():
        raise ArticleError(f"{path}: holds no text; add some or remove the file")
    if len(article.body) > MAX_BODY_CHARS:
        raise ArticleError(f"{path}: over {MAX_BODY_CHARS:,} characters; split the file")
    return replace(article, version=hashlib.sha256(raw).hexdigest())


def article_id(path: Path) -> str:
    """Short and stable: the file's name without its ending, in lower case.

    >>> article_id(Path("My article (2).md"))
    'my-article-2'
    """
    return _UNSLUG.sub("-", path.stem.lower()).strip("-.") or "article"


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from _walk(path)
        elif path.exists() or path.is_symlink():
            yield path
        else:
            raise CorpusError(f"{path}: no such file or folder; name one that holds articles")


def _walk(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise CorpusError(f"{folder}: cannot be listed ({error.strerror})") from error
    for entry in entries:
        # A link could lead out of the folder or back into it: only real files and folders count.
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.suffix.lower() in READERS or entry.suffix.lower() in NOT_YET:
            yield entry


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise ArticleError(f"{path}: is not a regular file; name a file or a folder")
        if (size := path.stat().st_size) > MAX_FILE_BYTES:
            raise ArticleError(f"{path}: {size:,} bytes; at most {MAX_FILE_BYTES:,} are read")
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"{path}: cannot be opened ({error.strerror})") from error


def _decoded(raw: bytes, path: Path) -> str:
    if b"\x00" in raw:
        raise ArticleError(f"{path}: is a binary file, not text; remove or convert it")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{path}: is not UTF-8 text (byte {error.start}); save or convert it as UTF-8"
        ) from error
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise ArticleError(f"{path}: is a binary file, not text; remove or convert it")
    return text


def _nothing_read(paths: Sequence[Path], refused: Sequence[Refused]) -> str:
    names = ", ".join(str(path) for path in paths)
    if refused:
        first = refused[0]
        more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
        return f"{names}: no article could be read: {first.path}: {first.reason}{more}"
    return f"{names}: no articles in here; put {' or '.join(sorted(READERS))} files into it"
