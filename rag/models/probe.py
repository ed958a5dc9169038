"""A model's server → what it can do, found out with at most three tiny requests and no article."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import LlmError
from rag.models.prompt import Said

if TYPE_CHECKING:
    from rag.models.talk import Server, Talk

_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"colour": {"type": "string"}},
    "required": ["colour"],
    "additionalProperties": False,
}
_ASKED = (
    Said("system", 'Reply with JSON like {"colour": "red"} and nothing else.'),
    Said("user", "What colour is a ripe lemon?"),
)
_MAX_TOKENS = 64
_LIST_SECONDS = 10.0
_MAX_NAME = 80
_TIDY = 1.0


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found out."""

    models: tuple[str, ...] | None
    """Those that the server lists; None where it lists none."""
    failure: LlmError | None
    """Why it does not reply."""
    first_token: float | None
    """Seconds until the first word."""
    streamed: bool
    """Whether the reply came in pieces."""
    follows_schema: bool
    """Whether it was asked for JSON of a shape, and kept to it."""
    counts: bool
    """Whether it says how many tokens it has read and written."""
    requests: int
    """Requests for a reply."""


def probe(server: Server, talk: Talk) -> Probe:
    """Asks a server for its models, and its model for a word.

    Args:
        server: To be asked.
        talk: With it; not used so far.
    """
    server.load()
    models, pieces, failure, first = list_models(server), [], None, None
    started = time.monotonic()
    try:
        with closing(talk.stream(_ASKED, schema=_SCHEMA, max_tokens=_MAX_TOKENS)) as stream:
            for piece in stream:
                if piece:
                    pieces.append(piece)
                    first = first or time.monotonic() - started
    except LlmError as error:
        # A model that has more to say than it may does reply.
        failure = None if pieces and not error.too_long and "limit" in str(error) else error
    return Probe(
        models=models,
        failure=failure,
        first_token=first,
        streamed=len(pieces) > 1,
        follows_schema=server.structured and not server.plain and _fits("".join(pieces)),
        counts=talk.usage.prompt_tokens is not None,
        requests=talk.usage.requests,
    )


def list_models(server: Server) -> tuple[str, ...] | None:
    """The names of a server's models; None where it does not tell."""
    listed: list[str] = []

    async def ask() -> None:
        async with server.connection.open() as http:
            reply = await http.get(f"{server.base_url.rstrip('/')}/models", timeout=_LIST_SECONDS)
            reply.raise_for_status()
            listed.extend(_clean(model["id"]) for model in reply.json()["data"])

    job = server.background.start(ask())
    job.wait(_LIST_SECONDS)
    job.stop(_TIDY)
    if job.error is None:
        return tuple(listed)
    from rag.models.failures import RAISED

    if isinstance(job.error, (*RAISED, LlmError)):
        return None
    raise job.error


def _clean(name: str) -> str:
    return "".join(c for c in name[:_MAX_NAME] if c.isprintable())


def _fits(text: str) -> bool:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and list(said) == ["colour"] and isinstance(said["colour"], str)
