"""Files that a browser sends → a folder of this process alone; requests that name other files."""

from __future__ import annotations

import json
import os  # Gradio has no other switch for its folder.
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import Message, Receive


@cache
def received_folder() -> Path:
    """Where Gradio puts what is sent, from now on: readable by the owner only, gone at the end.

    Its own folder is shared by all its programs, and by default by all users of the machine.
    """
    folder = Path(_made().name).resolve()
    os.environ["GRADIO_TEMP_DIR"] = str(folder)  # noqa: TID251
    return folder


def is_received(path: object) -> bool:
    """Whether this is the path of a file that was sent to the page, and not read yet."""
    if not isinstance(path, str) or "\x00" in path:
        return False
    resolved = Path(path).resolve()
    return resolved.is_relative_to(received_folder()) and resolved.is_file()


async def body_of(receive: Receive) -> bytes:
    """The whole body; the guard has looked at its length before."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            return bytes(body)


def again(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever else comes."""
    told = False

    async def receiving() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def names_a_file(body: bytes) -> bool:
    """Whether a request of the page names a file or address that was not sent to it.

    In any place of any event, Gradio takes an object with a "path" for a file, and copies what it
    names: a file of the machine, or what an address answers. In an application that is mounted it
    never asks whether it was uploaded (6.31, measured).
    """
    try:
        return any(not is_received(path) for path in _paths(json.loads(body)))
    except RecursionError:
        return True
    except ValueError:
        return False  # no JSON, which Gradio refuses


def _paths(value: Any) -> Iterator[Any]:
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if "path" in one:
                yield one["path"]
            left += one.values()
        elif isinstance(one, list):
            left += one


@cache
def _made() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="footnote-")
