"""A suite's JSON lines become `Case`s; a line that breaks the schema is refused with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from evals.gold import CasesError, GoldConflict, GoldFigure, read_conflict, read_figure
from rag.answer import RefusalReason
from rag.splitting.terms import stems

Split = Literal["dev", "test"]
Polarity = Literal["yes", "no", "neither"]

FIELDS: Mapping[str, tuple[type, ...]] = {
    "id": (str,),
    "question": (str,),
    "history": (list,),
    "figure": (str, dict),
    "answers": (list,),
    "all_of": (list,),
    "subject": (list,),
    "attribution": (list,),
    "never": (list,),
    "conflict": (dict,),
    "polarity": (str,),
    "article": (str,),
    "articles": (list,),
    "reason": (str,),
    "split": (str,),
    "tags": (list,),
    "note": (str,),
    "kind": (str,),
    "answerable": (bool,),
}
"""Every field that a line may have, with its JSON types; docs/evals.md says what each means."""

# JSON lets a line say "\ud800", which is no character and cannot be written.
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_REQUIRED = ("id", "question")
_GOLD = ("figure", "answers", "all_of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with its gold: what a right answer says, or why none can be given."""

    id: str
    """Unique within the suite."""
    question: str
    history: tuple[str, ...] = ()
    """Questions asked before in the same conversation, oldest first."""
    figure: GoldFigure | None = None
    answers: tuple[str, ...] = ()
    """Any one of them makes an answer right."""
    all_of: tuple[str, ...] = ()
    """All of them are needed."""
    subject: tuple[str, ...] = ()
    """What the figure must be said of: each term, or one of its `a|b` alternatives, has to stand
    in the words that give the figure."""
    attribution: tuple[str, ...] = ()
    """One of them has to stand in the claim: who says it."""
    never: tuple[str, ...] = ()
    """None of them may stand in a claim: the wrong answers that a trap invites."""
    conflict: GoldConflict | None = None
    polarity: Polarity | None = None
    """What a plain yes or no has to be, where one is said; `neither` where none may be."""
    articles: tuple[str, ...] = ()
    """File names or ids of the articles that answer; empty where any will do."""
    reason: RefusalReason | None = None
    """Gold reason of the refusal; None exactly when the articles answer."""
    split: Split = "dev"
    tags: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles answer."""
        return self.reason is None


def load_cases(path: Path) -> tuple[Case, ...]:
    """The suite's cases, in order. Empty lines and those that begin with # or // are skipped.

    Raises:
        CasesError: The file cannot be read, holds no case, or a line breaks the schema; the
            message names file and line.
    """
    cases: list[Case] = []
    first_line: dict[str, int] = {}
    for number, line in _lines(path):
        where = f"{path}:{number}"
        case = read_case(_object(line, where), where)
        if case.id in first_line:
            raise CasesError(
                f"{where}: id {case.id!r} is taken by line {first_line[case.id]}; choose another"
            )
        first_line[case.id] = number
        cases.append(case)
    if not cases:
        raise CasesError(f"{path}: no case in it; write one JSON object a line")
    return tuple(cases)


def read_case(fields: Mapping[str, object], where: str) -> Case:
    """The case of a line's fields: none missing, none unknown, each of its type.

    Raises:
        CasesError: The fields break the schema; the message begins with `where`.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    if missing := [name for name in _REQUIRED if name not in given]:
        raise CasesError(f"{where}: {', '.join(missing)} missing; add it")
    for name, value in given.items():
        _check_field(name, value, where)
    one = cast("str", given["article"]) if "article" in given else None
    case = Case(
        id=cast("str", given["id"]),
        question=cast("str", given["question"]),
        history=_strings(given, "history"),
        figure=read_figure(given["figure"], where) if "figure" in given else None,
        answers=_strings(given, "answers"),
        all_of=_strings(given, "all_of"),
        subject=_strings(given, "subject"),
        attribution=_strings(given, "attribution"),
        never=_strings(given, "never"),
        conflict=read_conflict(given["conflict"], where) if "conflict" in given else None,
        polarity=cast("Polarity | None", _one_of(Polarity, "polarity", given, where)),
        articles=tuple(dict.fromkeys([one, *_strings(given, "articles")] if one else ()))
        or _strings(given, "articles"),
        reason=cast("RefusalReason | None", _one_of(RefusalReason, "reason", given, where)),
        split=cast("Split", _one_of(Split, "split", given, where) or "dev"),
        tags=(*_strings(given, "tags"), *([str(given["kind"])] if "kind" in given else [])),
    )
    _check_gold(case, given, where)
    return case


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(
            f"{path}: cannot be read ({error}); name a UTF-8 file of JSON lines"
        ) from error
    # Not splitlines(): JSON allows a raw U+2028 inside a string, and it is no line's end here.
    lines = enumerate(text.split("\n"), start=1)
    return ((n, line) for n, line in lines if line.strip() and not _is_comment(line))


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith(("#", "//"))


def _object(line: str, where: str) -> Mapping[str, object]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CasesError(f"{where}: not JSON ({error}); write one object a line") from error
    if not isinstance(fields, dict):
        raise CasesError(f"{where}: {fields!r} is no object; write one object a line")
    if _SURROGATE.search(json.dumps(fields, ensure_ascii=False)):
        raise CasesError(f"{where}: half of a surrogate pair, \\ud800 to \\udfff; write the letter")
    return fields


def _check_field(name: str, value: object, where: str) -> None:
    if name not in FIELDS:
        raise CasesError(f"{where}: unknown field {name!r}; known: {', '.join(FIELDS)}")
    if type(value) not in FIELDS[name] or (isinstance(value, str) and not value.strip()):
        wanted = " or ".join(kind.__name__ for kind in FIELDS[name])
        raise CasesError(f"{where}: {name!r} is {value!r}; give a {wanted}")
    if isinstance(value, list) and not all(isinstance(v, str) and v.strip() for v in value):
        raise CasesError(f"{where}: {name!r} is {value!r}; give a list of non-empty strings")


def _strings(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    return tuple(cast("list[str]", fields.get(name, ())))


def _one_of(choices: object, name: str, fields: Mapping[str, object], where: str) -> object:
    value = fields.get(name)
    if value is not None and value not in get_args(choices):
        known = ", ".join(get_args(choices))
        raise CasesError(f"{where}: unknown {name} {value!r}; known: {known}")
    return value


def _check_gold(case: Case, fields: Mapping[str, object], where: str) -> None:
    """The gold says what is right, or why nothing is, and not both."""
    gold = [name for name in _GOLD if fields.get(name)]
    if case.answerable and not gold:
        raise CasesError(
            f"{where}: no gold; give {', '.join(_GOLD)} or, where the articles don't say, 'reason'"
        )
    if not case.answerable and gold:
        raise CasesError(f"{where}: 'reason' and {gold[0]!r} exclude each other; remove one")
    if fields.get("answerable", case.answerable) is not case.answerable:
        raise CasesError(f"{where}: 'answerable' contradicts the other fields; remove it")
    if vain := [term for term in case.subject if not all(map(stems, term.split("|")))]:
        raise CasesError(f"{where}: 'subject' {vain[0]!r} is met by every text; name a word of it")
    if case.subject and case.figure is None:
        raise CasesError(f"{where}: 'subject' without 'figure'; it says what a figure is of")
