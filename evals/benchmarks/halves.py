"""Questions → the half to develop on or the half to report on, by the hash of their ids."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal, Protocol, TypeVar, assert_never

Half = Literal["dev", "test", "all"]


class _Identified(Protocol):
    @property
    def id(self) -> str:
        """What the hash is taken of."""


T = TypeVar("T", bound=_Identified)


def half_of(questions: Sequence[T], half: Half) -> list[T]:
    """The questions of a half, in order: `test` is what is reported, and never tuned on."""
    match half:
        case "dev":
            return [question for question in questions if is_dev(question.id)]
        case "test":
            return [question for question in questions if not is_dev(question.id)]
        case "all":
            return list(questions)
        case _:
            assert_never(half)


def is_dev(question_id: str) -> bool:
    """Whether the id's SHA-256 is even."""
    return hashlib.sha256(question_id.encode()).digest()[-1] % 2 == 0
