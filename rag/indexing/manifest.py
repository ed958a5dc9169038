"""What a generation is: its manifest, the hashes of its files, and CURRENT, which names it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from rag.errors import IndexDamagedError, IndexMismatchError
from rag.indexing.collection import DATABASE, database_seal
from rag.indexing.disk import disk_errors, write_durably
from rag.indexing.records import text_hash
from rag.splitting.passages import SPLITTER
from rag.splitting.terms import TERMS

CURRENT = "CURRENT"
FILE = "manifest.json"
SCHEMA = 1

_NAME = re.compile(r"gen-(\d{6,12})")  # gen-000012
_LIBRARIES = ("chromadb", "bm25s")
# A kill during Chroma's flush can leave a link file of 60 GB (sparse, measured), whose reading
# would fill memory; sound ones are far smaller than the vectors beside them.
_MAX_LINKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation was built from and holds."""

    schema: int
    number: int
    embedder: str
    """Fingerprint of the embedding model."""
    dim: int
    """Length of a vector; 0 in a generation without passages."""
    splitter: str
    terms: str
    n_articles: int
    n_passages: int
    ids_sha256: str
    """`ids_hash` of the passage ids."""
    state: str
    """`Archive.state` that it was built from."""
    libraries: Mapping[str, str]
    """Releases that wrote the files: Chroma migrates a folder when a newer one opens it."""
    files: Mapping[str, str]
    """Path in the generation → `<size>:<sha256>`."""


def generation_name(number: int) -> str:
    """The folder's name.

    >>> generation_name(12)
    'gen-000012'
    """
    return f"gen-{number:06d}"


def generation_numbers(home: Path) -> list[int]:
    """Numbers of the finished generations in the folder, oldest first."""
    with disk_errors(home):
        names = (_NAME.fullmatch(path.name) for path in home.iterdir())
        return sorted(int(name[1]) for name in names if name)


def current_number(home: Path) -> int | None:
    """Number of the generation being served, None where there is no index. Cheap: one small file.

    Raises:
        IndexDamagedError: CURRENT names no generation.
    """
    path = home / CURRENT
    with disk_errors(path):
        try:
            raw = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
    name = _NAME.fullmatch(raw.decode("utf-8", "replace").strip())
    if name is None:
        raise IndexDamagedError(f"{path}: names no generation; run `footnote repair`")
    return int(name[1])


def publish(home: Path, number: int) -> None:
    """Makes the generation the one that is served. The last step: a crash before leaves the old."""
    write_durably(home / CURRENT, generation_name(number) + "\n")


def ids_hash(ids: Iterable[str]) -> str:
    """SHA-256 (hex) of the ids, whatever their order."""
    return text_hash("\n".join(sorted(ids)))


@cache
def library_versions() -> dict[str, str]:
    """Installed releases of the libraries that write a generation's files."""
    return {name: version(name) for name in _LIBRARIES}


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Writes `manifest.json`, with the hash of its own contents."""
    fields = asdict(manifest)
    text = json.dumps({**fields, "sha256": _own_hash(fields)}, indent=1, sort_keys=True)
    write_durably(directory / FILE, text + "\n")


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexDamagedError: It is missing, cannot be read or was changed.
    """
    path = directory / FILE
    try:
        fields = json.loads(path.read_bytes())
        sealed = fields.pop("sha256")
        if fields["schema"] != SCHEMA:
            raise IndexDamagedError(
                f"{path}: has schema {fields['schema']!r}, this release reads {SCHEMA};"
                " run `footnote repair`"
            )
        if sealed != _own_hash(fields):
            raise IndexDamagedError(f"{path}: was changed; run `footnote repair`")
        return Manifest(**fields)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexDamagedError(
            f"{path}: cannot be read ({error}); run `footnote repair`"
        ) from error


def check_manifest(manifest: Manifest, embedder_fingerprint: str) -> None:
    """Refuses a generation that the settings in force would search wrongly.

    Raises:
        IndexMismatchError: It was built with another embedder, other rules or other releases.
    """
    if manifest.embedder != embedder_fingerprint:
        raise IndexMismatchError(
            f"index was built with embedder {manifest.embedder}, the settings name"
            f" {embedder_fingerprint}; run `footnote index PATH...` to rebuild, or set"
            " [embedding] back"
        )
    ours = {"splitter": SPLITTER, "terms": TERMS, **library_versions()}
    built = {"splitter": manifest.splitter, "terms": manifest.terms, **manifest.libraries}
    for name, release in ours.items():
        if built.get(name) != release:
            raise IndexMismatchError(
                f"index was built with {name} {built.get(name)}, this release has {release};"
                " run `footnote repair` to rebuild it"
            )


def seal(directory: Path) -> dict[str, str]:
    """The size and hash of every file, as far as opening the generation does not change it.

    Raises:
        IndexDamagedError: A file has a size that no sound one has.
    """
    check_sizes(directory)
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): _size_and_hash(path) for path in files}


def check_sizes(directory: Path) -> None:
    """Looks at Chroma's files before anything opens them: a damaged one can take the process down.

    Raises:
        IndexDamagedError: A link file is absurdly large.
    """
    for links in directory.glob("chroma/*/link_lists.bin"):
        with disk_errors(directory):
            vectors = links.with_name("data_level0.bin").stat().st_size
            if links.stat().st_size > _MAX_LINKS * vectors:
                raise IndexDamagedError(f"{links}: is far too large; run `footnote repair`")


def check_files(directory: Path, manifest: Manifest, part: str = "") -> None:
    """Compares files with what was sealed: every changed byte is found before it is used.

    Args:
        directory: The generation.
        manifest: Its manifest.
        part: Only the files whose path starts so.

    Raises:
        IndexDamagedError: A file is missing or changed.
    """
    for name, sealed in manifest.files.items():
        if not name.startswith(part):
            continue
        path = directory / name
        size = int(sealed.partition(":")[0])
        try:
            # The size first: reading a file that has grown to 60 GB would be the damage itself.
            now = path.stat().st_size
            same = now == size or (path.name == DATABASE and now > size)
            same = same and _size_and_hash(path, size) == sealed
        except OSError as error:
            raise IndexDamagedError(
                f"{path}: cannot be read ({error.strerror}); run `footnote repair`"
            ) from error
        if not same:
            raise IndexDamagedError(f"{path}: was changed; run `footnote repair`")


def _size_and_hash(path: Path, size: int | None = None) -> str:
    if path.name == DATABASE:
        return database_seal(path, size)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return f"{file.tell()}:{sha256}"


def _own_hash(fields: Mapping[str, object]) -> str:
    return text_hash(json.dumps(fields, sort_keys=True))
