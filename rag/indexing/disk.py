"""What the index asks of the file system: one writer, durable files, errors that name the path."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexLockedError, RagError

LOCK = ".lock"


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turns a failed read or write below `path` into a message for the reader.

    Raises:
        RagError: The system refused; the message names the file and what to look at.
    """
    try:
        yield
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) else path
        reason = error.strerror or type(error).__name__
        raise RagError(
            f"{where}: {reason}; check free space and permissions, then run the command again"
        ) from error


@contextmanager
def writer_lock(home: Path) -> Iterator[None]:
    """Holds the index folder for writing, and makes it where there is none.

    Two processes that write to one Chroma folder lose rows in silence (measured: 5 % of the
    vectors), so that a second writer is turned away at once instead of being made to wait.

    Raises:
        IndexLockedError: Another process holds it; the message says which.
        RagError: The folder cannot be made or written to.
    """
    with disk_errors(home):
        # Articles may be private: only their owner reads the index.
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        with disk_errors(home / LOCK):
            _take(lock, home)
        yield
    finally:
        os.close(lock)  # the system frees the lock, also of a process that was killed


def _take(lock: int, home: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(lock, 200, 0).decode("utf-8", "replace").strip()
        raise IndexLockedError(
            f"index in {home} is being written by {holder or 'another process'};"
            " wait for it to finish"
        ) from error
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)


def write_durably(path: Path, text: str) -> None:
    """Puts a whole new file in the place of `path`: a crash leaves the old one or the new one."""
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_tree(directory: Path) -> None:
    """Makes the disk hold every file below the folder, and their names."""
    for folder, _, files in os.walk(directory, topdown=False):
        for name in files:
            _fsync(Path(folder, name), os.O_RDONLY)
        sync_folder(Path(folder))


def sync_folder(directory: Path) -> None:
    """Makes the disk hold the names in the folder: renames count from here on."""
    _fsync(directory, os.O_RDONLY | os.O_DIRECTORY)


def _fsync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
