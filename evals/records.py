"""A run's file: a header, then a case a line with its answer, to be resumed and re-scored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.cases import Case, read_case
from evals.gold import CasesError
from evals.usage import from_fields, to_fields
from rag.answer import Answer, Mode, Usage
from rag.errors import RagError

FORMAT = 1


class RunError(RagError):
    """A run's file cannot be read, or is of another version."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The language model that words a run's answers, and how it is asked. Never its key."""

    model: str
    """Name that its server knows it by."""
    host: str | None
    """Where passages are sent; None for a server on this machine."""
    prompt_version: int
    """`rag.answering.prompts.PROMPT_VERSION`."""
    context_window: int
    max_tokens: int
    structured: str
    """As the settings have them."""
    replies: str | None = None
    """SHA-256 (hex) of the file whose replies were replayed in the model's place."""


@dataclass(frozen=True, slots=True)
class Header:
    """What was run. Two runs with the same `identity` ask the same of the same."""

    created: str
    """Start of the run: local time, ISO 8601 with its zone."""
    version: str
    """Of Footnote."""
    mode: Mode
    """`extractive`, or `llm`."""
    model: str
    """The embedding that passages are found with."""
    suites: Mapping[str, str]
    """SHA-256 (hex) of each suite's file, by name."""
    corpora: Mapping[str, str]
    """SHA-256 (hex) of the indexed articles' versions, by suite."""
    jobs: int
    """Questions asked at a time."""
    wording: Wording | None = None
    """Who words the answers; None where the articles' own words are shown."""

    @property
    def identity(self) -> str:
        """Everything but when and how quickly."""
        told = asdict(self)
        del told["created"], told["jobs"]
        return json.dumps(told, sort_keys=True)


@dataclass(frozen=True, slots=True)
class Record:
    """One case and what came of asking it."""

    suite: str
    case: Case
    answer: Answer | None
    """None when asking ended in an error."""
    retrieved: tuple[str, ...] = ()
    """Ids of the passages that were found, best first."""
    error: str | None = None
    usage: Usage | None = None
    """What a language model was asked for the case, the questions before it among it."""


def write_header(path: Path, header: Header) -> None:
    """Begins a run's file.

    Raises:
        OSError: It cannot be written.
    """
    line = json.dumps({"format": FORMAT, **asdict(header)}, ensure_ascii=False)
    path.write_text(line + "\n", encoding="utf-8")


def to_line(record: Record, fields: Mapping[str, Any]) -> str:
    """The record as a line; `fields` are the case's, as its suite has them."""
    value = {
        "suite": record.suite,
        "case": dict(fields),
        "answer": None if record.answer is None else record.answer.to_dict(),
        "retrieved": list(record.retrieved),
        "error": record.error,
        "usage": None if record.usage is None else to_fields(record.usage),
    }
    return json.dumps(value, ensure_ascii=False) + "\n"


def read_run(path: Path) -> tuple[Header, tuple[Record, ...]]:
    """The header and the records of a run's file, in order.

    A last line that was cut off, by a power failure or a kill, is left out.

    Raises:
        RunError: The file cannot be read, or is no run's.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: cannot be read ({error}); name a run's results.jsonl") from error
    whole = lines[:-1]  # what follows the last line's end is empty, or cut off
    try:
        header = _read_header(json.loads(whole[0]))
        return header, tuple(_records(path, whole[1:]))
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, CasesError) as error:
        raise RunError(f"{path}: no run of this version ({error}); run it again") from error


def cut_torn_line(path: Path) -> None:
    """Takes away a last line without an end, which a kill has left; the next would be glued on.

    Raises:
        OSError: The file cannot be read or written.
    """
    text = path.read_bytes()
    if not text.endswith(b"\n"):
        path.write_bytes(text[: text.rindex(b"\n") + 1])


def _read_header(fields: dict[str, Any]) -> Header:
    if fields.pop("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    wording = fields.pop("wording", None)  # runs of before there was one
    return Header(**fields, wording=None if wording is None else Wording(**wording))


def _records(path: Path, lines: list[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, start=2):
        fields = json.loads(line)
        answer = fields["answer"]
        yield Record(
            suite=fields["suite"],
            case=read_case(fields["case"], f"{path}:{number}"),
            answer=None if answer is None else Answer.from_dict(answer),
            retrieved=tuple(fields["retrieved"]),
            error=fields["error"],
            usage=None if fields["usage"] is None else from_fields(fields["usage"]),
        )
