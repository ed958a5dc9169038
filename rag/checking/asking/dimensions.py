"""A question → what it wants measured: a length, a mass, a power; and the dimension of a unit."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re

from rag.checking.figures import find_figures

OF_MONEY = re.compile(
    r"\b(?:pay|pays|paid|cost|costs|price|priced|worth|spend|spends|spent|spending|budget|revenue|profit|turnover|fee|fine|fined"
    r"|salary|salaries|wages|money|cash|dollars?|euros?|rupees?|pounds?|usd|eur|gbp|inr|funding|debt)\b",
    re.IGNORECASE,
)
"""Words that ask for money, whatever else they name."""
_DIMENSIONS = {
    "length": "kilometre metre centimetre millimetre nanometre mile foot inch yard light-year",
    "mass": "kilogram gram milligram microgram tonne kilotonne ton pound ounce",
    "power": "watt kilowatt megawatt gigawatt terawatt horsepower",
    "energy": "kilowatt-hour megawatt-hour gigawatt-hour terawatt-hour calorie",
    "volume": "litre millilitre barrel gallon pint quart bushel",
    "speed": "mph kph knot",
    "temperature": "degree °C °F",
}
_DIMENSION = {unit: name for name, units in _DIMENSIONS.items() for unit in units.split()}
_ASKS_DIMENSION = tuple(
    (re.compile(asks, re.IGNORECASE), dimension)
    for asks, dimension in (
        (r"\bhow (?:tall|deep|wide)\b|\bhow far (?:is|are|was|were|away|from)\b|\bhow far (?:can|could|does|did|will)\b.{2,60}\b(?:go|travel|fly|drive|reach|run)\b|\b(?:length|height|width|depth|distance) (?:of|from|to)\b", "length"),
        (r"\bweigh(?:t|s)?\b|\bhow heavy\b", "mass"),
        (r"\bhow (?:hot|cold)\b|\btemperature\b", "temperature"),
    )
)  # fmt: skip
_UNIT = re.compile(
    r"\b(?:how many|number of|in)\s+((?:[\w°²]+[ -]?){1,3})|(?<!\w)((?:[\w°²]+[ -])?[\w°²]+)\W*$",
    re.I,
)


def asked_dimension(question: str) -> str | None:
    """What is measured, by the unit or adjective that the question names.

    >>> asked_dimension("How many megawatts will it have?"), asked_dimension("How many came?")
    ('power', None)
    """
    if OF_MONEY.search(question):
        return None
    for found in _UNIT.finditer(question):
        for figure in find_figures(f"5 {found.group(1) or found.group(2)}")[:1]:
            if figure.kind == "quantity" and (found_as := dimension_of(figure.unit)):
                return found_as
    return next((dimension for asks, dimension in _ASKS_DIMENSION if asks.search(question)), None)


def dimension_of(unit: str) -> str | None:
    """What a unit measures, by the unit's normalised name; None for one that is not listed."""
    if unit.startswith("square") or unit in {"hectare", "acre"}:
        return "area"
    return _DIMENSION.get(unit)
