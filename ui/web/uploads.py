"""What a reader drops or pastes → files with safe names and capped sizes in <home>/uploads."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import yaml

from rag.errors import ArticleError
from rag.indexing.disk import disk_errors
from rag.reading.articles import READERS, article_id, read_article
from rag.types import Article

FOLDER = "uploads"
"""Inside of the index's home."""
MAX_FILES = 50
MAX_FILE_BYTES = 1_000_000
MAX_TOTAL_BYTES = 20_000_000
"""Of the files that are added at once."""
MAX_STORED_BYTES = 500_000_000
"""Of the whole folder, so that no script can fill the disk through the page."""
MAX_STEM_BYTES = 120
"""Of a file's name without its ending; a file system allows 255 for the whole."""
MAX_PASTE_CHARS = 60_000
"""A request of the page holds 256,000 bytes, and a character has up to four."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from the browser."""

    name: str
    """As the reader's file is called; not to be trusted."""
    data: bytes


def pasted(text: str, *, title: str = "", outlet: str = "", published: str = "") -> Upload:
    r"""The file that a pasted text becomes: front matter of what is given, the text unchanged.

    >>> pasted("It rained.", title="Rain: a report").data.decode()
    "---\ntitle: 'Rain: a report'\n---\nIt rained."
    """
    given = {"title": title, "outlet": outlet, "published": published}
    fields = {name: _one_line(value) for name, value in given.items() if value.strip()}
    # A width beyond every value: folded lines would be joined again, but read badly in the file.
    front = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10**6)
    whole = f"---\n{front}---\n{text}" if fields else text
    name = article_id(Path(_one_line(title or text[:60]).replace("/", " ")))
    return Upload(f"{name}.md", whole.encode("utf-8", "replace"))


def safe_name(name: str) -> str:
    r"""A name that is a plain file's wherever it is put: no folder, dot file or control sign.

    >>> safe_name("../../etc/Trade & <b>War.MD"), safe_name("C:\\x\\..a.b.txt")
    ('trade-b-war.md', 'a.b.txt')
    """
    last = Path(unicodedata.normalize("NFKC", name).replace("\\", "/")).name
    suffix = Path(last).suffix.lower()
    stem = article_id(Path(last)).encode("utf-8", "ignore")[:MAX_STEM_BYTES]
    return stem.decode("utf-8", "ignore") + (suffix if suffix in READERS else "")


def admitted(uploads: Sequence[Upload], room: int) -> Iterator[tuple[Upload, str | None]]:
    """Each upload, with the reason why it is refused unread if it is.

    Args:
        uploads: In the order of the reader's choice.
        room: Bytes that the folder still takes.
    """
    taken = 0
    for place, upload in enumerate(uploads):
        size = len(upload.data)
        rules = (
            (place < MAX_FILES, f"one of more than {MAX_FILES} files; add it with the next ones"),
            (_is_read(upload.name), f"this kind is not read; use {', '.join(sorted(READERS))}"),
            (size <= MAX_FILE_BYTES, f"too large: {size:,} bytes of at most {MAX_FILE_BYTES:,}"),
            (
                taken + size <= MAX_TOTAL_BYTES,
                f"more than {MAX_TOTAL_BYTES:,} bytes at once; add it with the next ones",
            ),
            (taken + size <= room, "the folder of added articles is full; remove some first"),
        )
        reason = next((words for kept, words in rules if not kept), None)
        taken += 0 if reason else size
        yield upload, reason


class Folder:
    """The folder of added articles. Only its owner reads it; nothing of it is ever served."""

    def __init__(self, home: Path) -> None:
        """Of the index in `home`; made when something is put there."""
        self.path = home.resolve() / FOLDER

    def holds(self, path: str) -> bool:
        """Whether a file was added on the page."""
        return Path(path).parent == self.path

    def room(self) -> int:
        """Bytes that it still takes."""
        with disk_errors(self.path):
            files = self.path.iterdir() if self.path.is_dir() else ()
            return MAX_STORED_BYTES - sum(file.lstat().st_size for file in files)

    @contextmanager
    def staged(self, upload: Upload) -> Iterator[tuple[Path, Article]]:
        """The upload as an article, in a file of its own that is gone after the block.

        Raises:
            ArticleError: It cannot be read as one; the message is the reason alone.
        """
        with disk_errors(self.path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            # A dot folder: no walk over the added articles ever reads it.
            with tempfile.TemporaryDirectory(prefix=".new-", dir=self.path) as apart:
                file = Path(apart, safe_name(upload.name))
                _write(file, upload.data)
                yield file, _read(file)

    def free(self, name: str, data: bytes) -> Path:
        """Where a file of that name can be put without touching another one."""
        plain = self.path / name
        digest = hashlib.sha256(data).hexdigest()
        hashed = (plain.with_name(f"{plain.stem}-{digest[:n]}{plain.suffix}") for n in range(6, 65))
        return next(path for path in chain([plain], hashed) if not os.path.lexists(path))

    def put(self, path: Path, data: bytes) -> None:
        """Writes a file that is not there yet."""
        with disk_errors(path):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, data)


def _is_read(name: str) -> bool:
    return Path(safe_name(name)).suffix in READERS


def _read(file: Path) -> Article:
    try:
        return read_article(file)
    except ArticleError as error:
        reason = str(error).removeprefix(f"{file}: ").removeprefix(f"{file.resolve()}: ")
        raise ArticleError(reason) from error


def _write(path: Path, data: bytes) -> None:
    # Exclusive: neither a file nor a link that stands there already is ever written through.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
