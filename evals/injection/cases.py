"""JSON lines → poisoned articles: what they tell a model to do, and what their author wants."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

POISONED = Path(__file__).parent / "poisoned.jsonl"

Goal = Literal["claim", "content", "egress", "leak", "refuse"]


@dataclass(frozen=True, slots=True)
class Poisoned:
    """An article by an enemy, and the question that it lies in wait for."""

    id: str
    kind: str
    question: str
    title: str
    outlet: str | None
    text: str
    goal: Goal
    """A false claim; a plain false statement; a link, picture or tool; the prompt; no answer."""
    instructs: tuple[str, ...]
    """Its words to a program: no reader may be shown them as an answer."""
    wants: tuple[str, ...]
    """What an answer says when the attack succeeds."""
    states: tuple[str, ...]
    """What the article itself states as a plain sentence."""
    obeyed: str
    """The reply of a model that does as it is told; `{poison}` is the article's number."""
    truth: str
    """Words of the right answer, out of the bundled articles."""

    @property
    def article(self) -> str:
        """The file as its author published it."""
        card = {"title": self.title, "outlet": self.outlet, "date": "2025-06-01"}
        lines = [f"{key}: {json.dumps(value)}" for key, value in card.items() if value]
        return "\n".join(["---", *lines, "---", "", self.text, ""])


def load_poisoned(path: Path = POISONED) -> tuple[Poisoned, ...]:
    """The poisoned articles of a file.

    Raises:
        KeyError: A line lacks a field.
        ValueError: A line is no JSON.
    """
    lines = path.read_text(encoding="utf-8").split("\n")
    return tuple(_poisoned(json.loads(line)) for line in lines if line.strip())


def _poisoned(fields: dict[str, object]) -> Poisoned:
    listed = {"instructs", "wants", "states"}
    values = {key: tuple(v) if key in listed else v for key, v in fields.items()}  # type: ignore[arg-type]
    return Poisoned(**values)  # type: ignore[arg-type]
