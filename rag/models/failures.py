"""What a client of an OpenAI-compatible server raises → a plain reason, and what may be done."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import httpx
import openai

from rag.models.connection import OverlongError
from rag.models.prompt import Failure
from rag.models.secret import Secret

RAISED = (
    openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError,
    TypeError, AttributeError, LookupError, RecursionError,
)  # fmt: skip
"""All that a server can make the client raise. Text that is no UTF-8 or no JSON is a ValueError; a
reply of another shape ends in one of the last four."""

_TOO_MUCH = "the question is too long for the model"
_REASONS = {
    401: "the key was refused",
    402: "the account has no credit left",
    403: "access was refused",
    408: "the server waited too long",
    429: "too many requests",
}
_AGAIN = {408, 409, 429}
_TOO_LONG = re.compile(
    r"context.?(?:length|window|size)|maximum context|prompt is too long|too many tokens", re.I
)
_MAX_WAIT = 10.0
"""Seconds that a server may ask for before the next request; with more, it is left alone."""
_SECRETIVE = {401, 402, 403}
"""Replies that tell of the key."""
_MAX_DETAIL = 200


def explain(error: Exception, key: Secret) -> Failure:
    """What became of a request that has raised one of RAISED."""
    if isinstance(error, openai.APIStatusError):
        return _refused(error, key)
    causes = list(_chain(error))
    if any(isinstance(cause, OverlongError) for cause in causes):
        return Failure("the reply had no end")
    if isinstance(error, openai.APIConnectionError | OSError):
        return Failure(_unconnected(causes), again=True)
    if isinstance(error, openai.APIError):
        return _broken_off(error, key)
    cut = isinstance(error, httpx.TransportError)
    return Failure("the reply was cut off" if cut else "the reply was no completion", again=cut)


def _broken_off(error: openai.APIError, key: Secret) -> Failure:
    if _TOO_LONG.search(error.message):
        return Failure(_TOO_MUCH, too_long=True, blames=False)
    return Failure("the server broke off", again=True, detail=_detail(error.message, key))


def _refused(error: openai.APIStatusError, key: Secret) -> Failure:
    status, message = error.status_code, _message(error)
    code = str(error.code or error.type or "")
    if status == 413 or (status >= 400 and _TOO_LONG.search(f"{code} {message}")):
        return Failure(_TOO_MUCH, too_long=True, blames=False)
    broke = status == 429 and "insufficient_quota" in f"{code} {error.type}"
    wait = _wait(error.response.headers)
    patient = wait is None or wait <= _MAX_WAIT
    return Failure(
        f"{_REASONS[402] if broke else _reason(status, message, key)} ({status})",
        again=(status in _AGAIN or status >= 500) and patient and not broke,
        wait=wait,
        refused=status in (400, 422),
        detail="" if status in _SECRETIVE else _detail(message, key),
    )


def _message(error: openai.APIStatusError) -> str:
    """The server's words, without what the client wraps them in."""
    body = error.body
    said = body.get("message") if isinstance(body, dict) else None
    return said if isinstance(said, str) else error.message


def _reason(status: int, message: str, key: Secret) -> str:
    if status == 401 and not key:
        return "the server wants a key"
    if status == 404:
        return "no model of that name" if "model" in message.lower() else "no such address"
    if status in _REASONS:
        return _REASONS[status]
    if status >= 500:
        return "the server failed"
    return "the server points elsewhere" if status < 400 else "the server refused the request"


def _unconnected(causes: list[BaseException]) -> str:
    if any("CERTIFICATE_VERIFY_FAILED" in str(cause) for cause in causes):
        return "the server's certificate was refused"
    broke = any(isinstance(cause, httpx.ReadError | httpx.RemoteProtocolError) for cause in causes)
    return "the connection broke" if broke else "no connection"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _wait(headers: httpx.Headers) -> float | None:
    """Seconds until the server wants to be asked again."""
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _detail(message: str, key: Secret) -> str:
    line = " ".join(message.split())[:_MAX_DETAIL]
    return "" if key.leaks_into(line) else "".join(c for c in line if c.isprintable())
