"""What goes wrong → the status, the words and the JSON that a client is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rag.errors import ConfigError, QuestionError, RagError, UnknownArticleError

RETRY_SECONDS = 5
"""When a client that was turned away may try again."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not answered."""

    status: int
    """Of HTTP."""
    kind: str
    """A word for programs."""
    message: str
    """The same for a reader, with the remedy."""
    param: str | None = None
    """Field of the request that it is about."""
    retry_seconds: int | None = None
    """When to try again; None where that would not help."""

    def to_dict(self) -> dict[str, Any]:
        """The body of the reply; `code` is where clients of chat models look for the kind."""
        error = {"message": self.message, "type": self.kind, "param": self.param}
        return {"error": {**error, "code": self.kind}}

    @property
    def headers(self) -> dict[str, str]:
        """What the reply says besides."""
        return {} if self.retry_seconds is None else {"retry-after": str(self.retry_seconds)}


class RefusedError(RagError):
    """A request that is not answered, and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refuse(status: int, kind: str, message: str, *, param: str | None = None) -> RefusedError:
    """The error to raise for a request that is wrong in itself."""
    return RefusedError(Problem(status, kind, message, param))


def retry_later(status: int, kind: str, message: str, seconds: int) -> RefusedError:
    """The error to raise for a request that may be answered later."""
    return RefusedError(Problem(status, kind, message, retry_seconds=seconds))


def problem_of(error: RagError) -> Problem:
    """What a client is told of an error."""
    match error:
        case RefusedError():
            return error.problem
        case QuestionError():
            return Problem(400, "bad_question", str(error), "question")
        case UnknownArticleError():
            return Problem(404, "unknown_article", str(error))
        case ConfigError():
            return Problem(503, "settings", str(error))
        case _:
            return Problem(503, "index", str(error), retry_seconds=RETRY_SECONDS)


INTERNAL = Problem(500, "internal", "Something went wrong here; the details are in Footnote's log")
"""What a client is told of a bug."""
