"""Annotated sentences of news, one a line of a file → what a reader finds in each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rag.errors import RagError
from rag.types import Span


class TableError(RagError):
    """A table of figures, or the articles that it is about, cannot be read."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A figure as an annotator reads it."""

    span: Span
    value: Decimal
    high: Decimal | None
    unit: str
    kind: str
    approximate: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """An annotated sentence; places are counted in its article's body."""

    article_id: str
    span: Span
    figures: tuple[Expected, ...]
    ignored: tuple[Span, ...]
    """What is neither right nor wrong: a figure that overlaps it counts nowhere."""


def load_table(path: Path) -> tuple[Sentence, ...]:
    """The table's sentences.

    Raises:
        TableError: The file is missing, or a line is no annotated sentence.
    """
    if not path.is_file():
        raise TableError(f"no table of figures at {path}; give the path of a .jsonl file")
    sentences = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            sentences.append(_sentence(json.loads(line)))
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise TableError(
                f"{path}, line {number}: {error!r}; a line is an object with article, start, end,"
                " figures and ignore"
            ) from error
    return tuple(sentences)


def _sentence(record: dict[str, Any]) -> Sentence:
    return Sentence(
        article_id=record["article"],
        span=Span(record["start"], record["end"]),
        figures=tuple(_expected(figure) for figure in record["figures"]),
        ignored=tuple(Span(start, end) for start, end in record["ignore"]),
    )


def _expected(record: dict[str, Any]) -> Expected:
    high = record["high"]
    return Expected(
        span=Span(record["start"], record["end"]),
        value=Decimal(str(record["value"])),
        high=None if high is None else Decimal(str(high)),
        unit=record["unit"],
        kind=record["kind"],
        approximate=bool(record["approximate"]),
    )
