"""A model file's path and settings on standard input → that model, served on a free loopback port.

`rag.models.local` runs this file as a program of its own: what native code breaks, it breaks there.
The port is told on standard output once the model is loaded, and when standard input ends, as it
does with the program that started it, this one ends too.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any


def main() -> None:
    """Serves until standard input ends."""
    settings = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    # Threads that spin while they wait for each other starve on a busy machine: 300 words took four
    # minutes beside other programs, and ten seconds so. Read when the library is loaded.
    os.environ["OMP_WAIT_POLICY"] = "passive"  # noqa: TID251 - there is no other switch
    import llama_cpp  # noqa: F401

    # The server would take any setting that is not given from variables: MODEL, CACHE, HOST.
    os.environ.clear()  # noqa: TID251
    with tempfile.TemporaryDirectory(prefix="footnote-local-") as folder:
        app = _app(settings, _quicker(settings["model"], Path(folder) / "model.gguf"))
    listening = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    _be_silent()
    import uvicorn

    served = uvicorn.Config(app, log_config=None, access_log=False)
    uvicorn.Server(served).run(sockets=[listening])


def _end_with_input() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def _quicker(model: str, rewritten: Path) -> str:
    """The same weights in eight bits each; the file itself, where they cannot be written.

    The library has no fast kernel for the four bits of the file: it reads 232 tokens a second in
    prompts of 1,500, and 423 so, on two cores. Writing them takes a second.
    """
    import llama_cpp

    how = llama_cpp.llama_model_quantize_default_params()
    how.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0
    how.allow_requantize = True
    source, target = os.fsencode(model), os.fsencode(rewritten)
    failed = llama_cpp.llama_model_quantize(source, target, ctypes.byref(how))
    return model if failed else str(rewritten)


def _app(settings: dict[str, Any], model: str) -> Any:
    from llama_cpp.server.app import create_app
    from llama_cpp.server.settings import ModelSettings, ServerSettings

    threads = settings["threads"]
    loaded = ModelSettings(
        model=model,
        model_alias=settings["name"],
        n_ctx=settings["n_ctx"],
        n_threads=threads,
        n_threads_batch=threads,
        use_mmap=False,  # the rewritten file goes once it is read
        use_mlock=False,
        seed=0,
        verbose=False,
    )
    # A new request waits for the one before; by default it would cut that one's reply off.
    served = ServerSettings(api_key=settings["api_key"], interrupt_requests=False)
    return create_app(server_settings=served, model_settings=[loaded])


def _be_silent() -> None:
    """The server prints a line for each reader who leaves."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere.fileno(), stream.fileno())


if __name__ == "__main__":
    main()
