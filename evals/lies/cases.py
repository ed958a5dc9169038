"""JSON lines → scripted replies: what the model says, and which words of it are false."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LIES = FOLDER / "lies.jsonl"
TRUTHS = FOLDER / "truths.jsonl"
PHRASES = FOLDER / "phrases.json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a scripted model says to one question."""

    id: str
    kind: str
    question: str
    words: str
    """With `{key}` for the number of the passage that holds a phrase of `phrases.json`, `{!key}`
    for the number of one that does not, and `{SYSTEM}`, `{EXAMPLES}`, `{PROMPT}` for those."""
    repeats: int = 1
    """How often the words are said in a row."""
    form: str = "plain"
    """`json` where the words are a structured reply already."""


@dataclass(frozen=True, slots=True)
class Lie:
    """A reply with a lie in it."""

    reply: Reply
    false: tuple[str, ...]
    """Words that no reader may be shown as an answer; empty where the form alone is the attack."""
    truth: str
    """What the articles say instead."""
    unless_cited: tuple[str, ...] = ()
    """The words are true where each citation of their claim holds one of these phrases."""
    unless_said: tuple[str, ...] = ()
    """The words are true in a claim that also says one of these."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A reply that the articles support."""

    reply: Reply
    shown: tuple[str, ...]
    """What a reader should be shown of it, sentence by sentence."""


def load_lies(path: Path = LIES) -> tuple[Lie, ...]:
    """The lies of a file.

    Raises:
        KeyError: A line lacks a field.
        ValueError: A line is no JSON.
    """
    return tuple(_lie(fields) for fields in _objects(path))


def load_truths(path: Path = TRUTHS) -> tuple[Truth, ...]:
    """The true replies of a file.

    Raises:
        KeyError: A line lacks a field.
        ValueError: A line is no JSON.
    """
    return tuple(Truth(_reply(f), tuple(f["shown"])) for f in _objects(path))


def load_phrases(path: Path = PHRASES) -> Mapping[str, str]:
    """Key → the phrase of the bundled articles that it stands for."""
    phrases: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return phrases


def _objects(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]


def _lie(fields: Mapping[str, Any]) -> Lie:
    return Lie(
        reply=_reply(fields),
        false=tuple(fields["false"]),
        truth=fields["truth"],
        unless_cited=tuple(fields.get("unless_cited", ())),
        unless_said=tuple(fields.get("unless_said", ())),
    )


def _reply(fields: Mapping[str, Any]) -> Reply:
    return Reply(
        id=fields["id"],
        kind=fields.get("kind", "true"),
        question=fields["question"],
        words=fields["reply"],
        repeats=fields.get("repeats", 1),
        form=fields.get("form", "plain"),
    )
