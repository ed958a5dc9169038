"""Work that takes a while → lines for the page about how far it is, then what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from rag.corpus import Progress
from rag.errors import RagError
from ui.web.listing import note_html, working_html
from ui.web.received import is_received
from ui.web.uploads import Upload

TELL_SECONDS = 0.25
"""How often the page is told how far indexing is."""
_FAILED = "Something went wrong on this machine. The details are in Footnote's log."
_STAGES = {"embed": "Indexing", "index": "Writing the index", "verify": "Checking the index"}

Done = TypeVar("Done")

logger = logging.getLogger(__name__)


def worked(work: Callable[[Progress], Done]) -> Iterator[Done | str]:
    """Lines about how far the work is, then its result; a line instead when it fails."""
    at: tuple[str, int, int] = ("", 0, 0)

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal at
        at = (stage, done, total)

    with ThreadPoolExecutor(1, thread_name_prefix="index") as apart:
        working, told = apart.submit(work, progress), at
        while not wait([working], TELL_SECONDS).done:
            if at != told:
                told = at
                yield working_html(_STAGES.get(told[0], "Working"), told[1], told[2])
        try:
            yield working.result()
        except RagError as error:
            yield note_html(str(error), "problem")
        except Exception:  # the tab's outermost handler: a bug must not leave it waiting
            logger.exception("The articles could not be changed")
            yield note_html(_FAILED, "problem")


def taken(path: Path) -> Upload:
    """The file's bytes, out of the folder where Gradio has put it: nothing stays there.

    Raises:
        PermissionError: It is no file that was sent to the page.
    """
    if not is_received(str(path)):
        raise PermissionError(f"{path} was not sent to the page")
    try:
        data = path.read_bytes()
    except OSError:  # the same file, sent from two windows at once
        data = b""
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()
    return Upload(path.name, data)
