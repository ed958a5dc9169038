"""The JSON contract: every kind of answer fits the schema, and the page names every key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator, ValidationError

from rag.answer import (
    Answer,
    CheckedFigure,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    FigureState,
    Mode,
    Reading,
    Refusal,
    RefusalReason,
    Verdict,
    Withheld,
)
from rag.contract import SCHEMA
from rag.types import Article, Figure, FigureKind, Hit, Passage, Source, Span
from ui.render import article_to_dict, hit_to_dict, source_to_dict

DOCS = Path(__file__).parents[1] / "docs"
CONTRACT: dict[str, Any] = json.loads((DOCS / "answer.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(CONTRACT)

SOURCE = Source("deal", "A deal", "Ledger", "R. Poe", date(2025, 5, 20), None, "corpus/deal.md")
OTHER = Source("rival", "A rival", None, None, None, "https://x.example/r", "corpus/rival.txt")
QUOTE = "It paid $1.5 billion."
CITED = Citation(1, SOURCE, QUOTE, Span(412, 433))
FIGURE = Figure(Decimal("1.5E+9"), None, "USD", "money", False, Span(0, 2), None, Span(8, 20))
CLAIM = Claim(
    QUOTE,
    Span(0, 21),
    "supported",
    "quoted",
    (1,),
    (
        CheckedFigure("$1.5 billion", FIGURE, "verified", 1),
        CheckedFigure("-3.5%", replace(FIGURE, value=Decimal("-3.5")), "computed", None),
    ),
)
ANSWERED = Answer(
    "How much?",
    "How much did it pay?",
    "extractive",
    f"{QUOTE} [1]",
    (CLAIM,),
    (CITED,),
    seconds={"retrieve": 0.01, "answer": 0.02, "verify": 0.0, "total": 0.04},
)
CONFLICTING = replace(
    ANSWERED,
    mode="llm",
    citations=(CITED, Citation(2, OTHER, "It paid $2 billion.", Span(0, 19))),
    conflicts=(
        Conflict("price", "disagreement", (Reading("$1.5 billion", 1), Reading("$2 billion", 2))),
    ),
    withheld=(Withheld("It paid in gold.", "not in the source"),),
    notice="The endpoint did not answer.",
)
REFUSED = Answer(
    "Who?",
    "Who?",
    "extractive",
    "The articles do not say who.",
    refusal=Refusal("not_in_sources", "The articles do not say who.", (CITED,)),
)
ANSWERS = {"answered": ANSWERED, "conflicting": CONFLICTING, "refused": REFUSED}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_fits_the_schema(kind: str) -> None:
    VALIDATOR.validate(json.loads(json.dumps(ANSWERS[kind].to_dict())))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(CONTRACT)
    assert CONTRACT["properties"]["schema"] == {"const": SCHEMA}


@pytest.mark.parametrize(
    "broken",
    [
        {"schema": 2},
        {"answer": ""},
        {"extra": 1},
        {"mode": "guess"},
        {"claims": []},
        {"citations": [{"number": 1}]},
        {"refusal": {"reason": "tired", "text": "No.", "nearest": []}},
        {"seconds": {"total": -1}},
    ],
)
def test_the_schema_refuses_what_breaks_the_contract(broken: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate({**ANSWERED.to_dict(), **broken})


def test_a_refusal_has_no_claims() -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate({**REFUSED.to_dict(), "claims": ANSWERED.to_dict()["claims"]})


@pytest.mark.parametrize("key", sorted(set(ANSWERED.to_dict())))
def test_no_field_may_be_missing(key: str) -> None:
    cut = {name: value for name, value in ANSWERED.to_dict().items() if name != key}
    with pytest.raises(ValidationError):
        VALIDATOR.validate(cut)


@pytest.mark.parametrize(
    ("place", "choices"),
    [
        (("properties", "mode"), Mode),
        (("$defs", "claim", "properties", "verdict"), Verdict),
        (("$defs", "figure", "properties", "kind"), FigureKind),
        (("$defs", "figure", "properties", "state"), FigureState),
        (("$defs", "conflict", "properties", "kind"), ConflictKind),
        (("$defs", "refusal", "properties", "reason"), RefusalReason),
    ],
)
def test_the_schema_knows_every_choice_of_the_code(place: tuple[str, ...], choices: Any) -> None:
    node = CONTRACT
    for step in place:
        node = node[step]
    assert set(node["enum"]) == set(get_args(choices))


def test_the_page_names_every_key_and_every_choice() -> None:
    page = re.sub(r"```.*?```", "", (DOCS / "json.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    named = {word for code in re.findall(r"`([^`]+)`", page) for word in re.findall(r"\w+", code)}
    passage = Passage("deal#0", SOURCE, QUOTE, Span(0, 21), ())
    shown = [*map(Answer.to_dict, ANSWERS.values()), hit_to_dict(1, Hit(passage, 1.0))]
    shown += [article_to_dict(Article(SOURCE, QUOTE)), source_to_dict(SOURCE)]
    keys = {key for value in shown for key in _keys(value)}
    choices = {
        choice
        for kind in (Mode, Verdict, FigureKind, FigureState, ConflictKind, RefusalReason)
        for choice in get_args(kind)
    }
    assert (keys | choices) - named == set()


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
