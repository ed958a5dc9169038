"""The command line: what was typed → one of ui.commands, and its outcome → an exit code."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence

from rag.errors import RagError
from ui.arguments import parse
from ui.commands import ERROR
from ui.terminal import complain


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of what was typed: 0 done, 1 error, 2 wrong usage, 3 refused, 130 stopped.

    Args:
        argv: The words after `footnote`; by default those of the process.

    Raises:
        SystemExit: The words ask for help or the version (0), or cannot be used (2).
    """
    _prepare_streams()
    try:
        args = parse(sys.argv[1:] if argv is None else argv)
        code: int = args.run(args)
        sys.stdout.flush()
    except RagError as error:
        complain(str(error))
        code = ERROR
    except KeyboardInterrupt:
        complain("stopped; what was done so far is kept")
        code = 130
    except BrokenPipeError:
        # The reader of the output has left, as in `footnote articles | head -1`: 128 + SIGPIPE.
        code = 141
    except OSError as error:
        about = "" if error.filename is None else f"{error.filename}: "
        complain(f"{about}{error.strerror or error}")
        code = ERROR
    finally:
        _settle()
    if argv is None:
        # The process ends now. Its last search for garbage, among all that LlamaIndex and Chroma
        # have made, takes 0.5 s on 2 cores; it passes over what is frozen.
        gc.freeze()
    return code


def _prepare_streams() -> None:
    """Streams that exist and take every character, whatever the locale."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller: `footnote ask … >&-`
            setattr(sys, name, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _settle() -> None:
    """Leaves nothing unwritten on stdout that the interpreter would stumble over at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
