"""What was named on the command line → suites, each with its cases and the articles to ask."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.cases import Case, load_cases
from evals.gold import CasesError

BUILT_IN = Path(__file__).parent / "suites"


@dataclass(frozen=True, slots=True)
class Suite:
    """A file of cases."""

    name: str
    """Its file's name without the ending."""
    path: Path
    cases: tuple[Case, ...]
    articles: Path | None
    """Folder that its questions are asked of; None for the index that is in use."""
    is_built_in: bool

    @property
    def sha256(self) -> str:
        """Of its file, in hex."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """Each case as its line has it, by id."""
        lines = self.path.read_text(encoding="utf-8-sig").split("\n")
        objects = (json.loads(line) for line in lines if line.lstrip().startswith("{"))
        return {fields["id"]: fields for fields in objects}


def load_suites(named: Sequence[str], *, split: str | None = None) -> tuple[Suite, ...]:
    """The suites of that name or path; all that come with Footnote when none is named.

    A folder `NAME.articles` beside `NAME.jsonl` holds the articles that the suite is asked of; a
    suite that comes with Footnote is asked of the bundled corpus else.

    Args:
        named: Names of suites that come with Footnote, or paths.
        split: Only the cases of this split.

    Raises:
        CasesError: There is no such suite, one cannot be read, or two have one name.
    """
    paths = [_path(name) for name in named] if named else sorted(BUILT_IN.glob("*.jsonl"))
    suites = [suite for path in paths if (suite := _suite(path, split)).cases]
    names = [suite.name for suite in suites]
    if twice := {name for name in names if names.count(name) > 1}:
        raise CasesError(f"two suites are called {', '.join(sorted(twice))}; rename one")
    if not suites:
        raise CasesError(f"no case is of the split {split!r}; leave --split out")
    return tuple(suites)


def chosen(suites: Sequence[Suite], keys: frozenset[str] | None) -> tuple[Suite, ...]:
    """The suites with the cases of these `suite/id` alone; all of them when None.

    Raises:
        CasesError: None of the suites has one.
    """
    if keys is None:
        return tuple(suites)
    kept = [
        replace(suite, cases=tuple(c for c in suite.cases if f"{suite.name}/{c.id}" in keys))
        for suite in suites
    ]
    if not any(suite.cases for suite in kept):
        raise CasesError(f"none of {', '.join(s.name for s in suites)} has a case of the replies")
    return tuple(suite for suite in kept if suite.cases)


def built_in_names() -> tuple[str, ...]:
    """Names of the suites that come with Footnote."""
    return tuple(path.stem for path in sorted(BUILT_IN.glob("*.jsonl")))


def _path(name: str) -> Path:
    built_in = BUILT_IN / f"{name}.jsonl"
    if built_in.is_file():
        return built_in
    if Path(name).is_file():
        return Path(name)
    known = ", ".join(built_in_names())
    raise CasesError(f"{name!r} is no file, and none of the suites {known}")


def _suite(path: Path, split: str | None) -> Suite:
    cases = load_cases(path)
    own = path.with_suffix(".articles")
    return Suite(
        name=path.stem,
        path=path,
        cases=tuple(case for case in cases if split in (None, case.split)),
        articles=own if own.is_dir() else None,
        is_built_in=path.resolve().is_relative_to(BUILT_IN.resolve()),
    )
