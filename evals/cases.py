"""A suite's JSON lines become `Case`s; a line that breaks the schema is refused with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from rag.answer import RefusalReason
from rag.errors import RagError

Kind = Literal["figure", "name", "date", "paraphrase", "attribution", "near_miss", "off_topic"]

UNANSWERABLE_KINDS: frozenset[Kind] = frozenset({"near_miss", "off_topic"})

_REQUIRED: Mapping[str, type] = {
    "id": str,
    "question": str,
    "kind": str,
    "answerable": bool,
    "split": str,
}
_OPTIONAL = frozenset({"article", "reason"})
_ONE: Mapping[str, type] = {**_REQUIRED, **dict.fromkeys(_OPTIONAL, str)}
_MANY = frozenset({"answers", "articles", "tags"})


class CasesError(RagError):
    """A suite cannot be read, or does not fit the articles that are indexed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with its gold: what a right answer quotes, or why none can be given."""

    id: str
    """Unique within the suite."""
    question: str
    kind: Kind
    answerable: bool
    answers: tuple[str, ...] = ()
    """Any one of them makes a quote right; empty exactly when not answerable."""
    article: str | None = None
    """File name of the original that answers the question."""
    articles: tuple[str, ...] = ()
    """Further originals that answer it too."""
    reason: RefusalReason | None = None
    """Gold reason of the refusal; set exactly when not answerable."""
    split: str
    """`dev` for cases that may be tuned on."""
    tags: tuple[str, ...] = ()

    @property
    def gold_articles(self) -> frozenset[str]:
        """File names of all originals that answer the question."""
        return frozenset(name for name in (self.article, *self.articles) if name)


def load_cases(path: Path) -> tuple[Case, ...]:
    """The suite's cases, in order. Empty lines are skipped.

    Raises:
        CasesError: The file cannot be read, holds no case, or a line breaks the schema; the
            message names file and line.
    """
    cases: list[Case] = []
    first_line: dict[str, int] = {}
    for number, line in _lines(path):
        where = f"{path}:{number}"
        case = _case(_fields(line, where), where)
        if case.id in first_line:
            raise CasesError(
                f"{where}: id {case.id!r} is taken by line {first_line[case.id]}; choose another"
            )
        first_line[case.id] = number
        cases.append(case)
    if not cases:
        raise CasesError(f"{path}: no case in it; write one JSON object a line")
    return tuple(cases)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(
            f"{path}: cannot be read ({error}); name a UTF-8 file of JSON lines"
        ) from error
    # Not splitlines(): JSON allows a raw U+2028 inside a string, and it is no line's end here.
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _fields(line: str, where: str) -> dict[str, object]:
    """The line's fields: none missing, none unknown, each of its type."""
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise CasesError(f"{where}: not JSON ({error}); write one object a line") from error
    if not isinstance(fields, dict):
        raise CasesError(f"{where}: {fields!r} is no object; write one object a line")
    if missing := [name for name in _REQUIRED if name not in fields]:
        raise CasesError(f"{where}: {', '.join(missing)} missing; add it")
    # null says "none" for what may be absent, as an absent field does.
    given = {n: v for n, v in fields.items() if v is not None or n not in _OPTIONAL}
    for name, value in given.items():
        _check_field(name, value, where)
    return given


def _check_field(name: str, value: object, where: str) -> None:
    if name in _MANY:
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise CasesError(f"{where}: {name!r} is {value!r}; give a list of non-empty strings")
        return
    if name not in _ONE:
        known = ", ".join(sorted({*_ONE, *_MANY}))
        raise CasesError(f"{where}: unknown field {name!r}; known: {known}")
    if type(value) is not _ONE[name] or (isinstance(value, str) and not value.strip()):
        raise CasesError(f"{where}: {name!r} is {value!r}; give a {_ONE[name].__name__}")


def _case(fields: Mapping[str, object], where: str) -> Case:
    strings = {name: tuple(cast("list[str]", fields.get(name, ()))) for name in _MANY}
    case = Case(
        id=cast("str", fields["id"]),
        question=cast("str", fields["question"]),
        kind=cast("Kind", _one_of(Kind, "kind", fields["kind"], where)),
        answerable=cast("bool", fields["answerable"]),
        answers=strings["answers"],
        article=cast("str | None", fields.get("article")),
        articles=strings["articles"],
        reason=cast(
            "RefusalReason | None",
            _one_of(RefusalReason, "reason", fields["reason"], where)
            if "reason" in fields
            else None,
        ),
        split=cast("str", fields["split"]),
        tags=strings["tags"],
    )
    _check_gold(case, where)
    return case


def _one_of(choices: object, name: str, value: object, where: str) -> object:
    if value not in get_args(choices):
        known = ", ".join(get_args(choices))
        raise CasesError(f"{where}: unknown {name} {value!r}; known: {known}")
    return value


def _check_gold(case: Case, where: str) -> None:
    """Gold fits `answerable`: answers and their article, or a reason and nothing else."""
    if case.answerable == (case.kind in UNANSWERABLE_KINDS):
        raise CasesError(
            f"{where}: kind {case.kind!r} with answerable {case.answerable!r}; change one of them"
        )
    if case.answerable:
        if not case.answers or case.article is None or case.reason is not None:
            raise CasesError(
                f"{where}: an answerable case needs 'answers' and 'article', and no 'reason'"
            )
        return
    if case.answers or case.reason is None:
        raise CasesError(f"{where}: an unanswerable case needs 'reason', and no 'answers'")
    if (case.kind == "off_topic") != (case.reason == "off_topic"):
        raise CasesError(
            f"{where}: kind {case.kind!r} with reason {case.reason!r}; "
            "'off_topic' is both or neither"
        )
