"""The word or sign behind a number → its unit, by one name for all spellings: `kilometre`."""

# ruff: noqa: E501 - patterns and lists of words, one a line
from __future__ import annotations

import re
from typing import NamedTuple

from rag.checking.syntax.casing import fold
from rag.types import FigureKind

_DURATIONS = {
    "second": "seconds sec secs s", "minute": "minutes min mins", "hour": "hours hr hrs",
    "day": "days", "week": "weeks", "month": "months", "year": "years yr yrs",
    "decade": "decades", "century": "centuries", "millisecond": "milliseconds ms",
}  # fmt: skip
_METRIC = {
    "kilometre": "kilometres kilometer kilometers km kms", "metre": "metres meter meters m",
    "centimetre": "centimetres centimeter centimeters cm",
    "millimetre": "millimetres millimeter millimeters mm",
    "nanometre": "nanometres nanometer nanometers nm",
    "kilogram": "kilograms kilogramme kilogrammes kilo kilos kg kgs", "gram": "grams gramme grammes g",
    "milligram": "milligrams mg", "microgram": "micrograms mcg µg μg",
    "litre": "litres liter liters l", "millilitre": "millilitres milliliter milliliters ml",
    "hectare": "hectares ha", "tonne": "tonnes", "kilotonne": "kilotonnes",
}  # fmt: skip
_OTHER = {
    "mile": "miles", "foot": "feet ft", "inch": "inches", "yard": "yards yd yds",
    "pound": "pounds lb lbs", "ounce": "ounces oz", "ton": "tons", "barrel": "barrels",
    "gallon": "gallons", "pint": "pints", "quart": "quarts", "acre": "acres", "bushel": "bushels",
    "teaspoon": "teaspoons tsp", "tablespoon": "tablespoons tbsp", "cup": "cups", "calorie": "calories kcal",
    "mph": "", "kph": "kmh", "knot": "knots", "mpg": "", "horsepower": "hp", "degree": "degrees °",
    "watt": "watts", "kilowatt": "kilowatts kw", "megawatt": "megawatts mw",
    "gigawatt": "gigawatts gw", "terawatt": "terawatts", "volt": "volts", "kilohertz": "khz",
    "kilowatt-hour": "kilowatt-hours kwh", "megawatt-hour": "megawatt-hours mwh",
    "gigawatt-hour": "gigawatt-hours gwh", "terawatt-hour": "terawatt-hours twh",
    "hertz": "hz", "megahertz": "mhz", "gigahertz": "ghz", "decibel": "decibels db",
    "byte": "bytes", "kilobyte": "kilobytes kb", "megabyte": "megabytes mb",
    "gigabyte": "gigabytes gb", "terabyte": "terabytes tb", "light-year": "light-years",
    "millibar": "millibars", "psi": "", "ppm": "", "ppb": "", "megapixel": "megapixels",
    "carat": "carats", "karat": "karats", "megaton": "megatons", "kiloton": "kilotons",
}  # fmt: skip
_PHRASES = {
    "miles per hour": "mph", "mile per hour": "mph", "miles an hour": "mph", "mile an hour": "mph",
    "km/h": "kph", "km per hour": "kph", "kilometers per hour": "kph",
    "kilometres per hour": "kph", "kilometers an hour": "kph", "kilometres an hour": "kph",
    "miles per gallon": "mpg", "nautical miles": "nautical mile", "nautical mile": "nautical mile",
    "parts per million": "ppm", "parts per billion": "ppb", "metric tons": "tonne",
    "metric ton": "tonne", "metric tonnes": "tonne", "light years": "light-year",
    "kilowatt hours": "kilowatt-hour", "megawatt hours": "megawatt-hour",
    "gigawatt hours": "gigawatt-hour", "terawatt hours": "terawatt-hour",
    "pounds per square inch": "psi", "sq ft": "square foot", "sq. ft": "square foot",
    "sq km": "square kilometre", "sq mi": "square mile", "km²": "square kilometre",
    "m²": "square metre", "sq m": "square metre", "°c": "°C", "°f": "°F", "º": "degree",
    "ºc": "°C", "ºf": "°F",
}  # fmt: skip
_SHARES = {
    "%": "%", "percent": "%", "per cent": "%", "per-cent": "%", "pc": "%",
    "percentage point": "pp", "percentage points": "pp", "percentage-point": "pp",
    "percentage-points": "pp", "pp": "pp", "ppt": "pp", "ppts": "pp", "basis point": "bp",
    "basis points": "bp", "basis-point": "bp", "bps": "bp", "bp": "bp",
}  # fmt: skip


class Unit(NamedTuple):
    """What a number measures."""

    name: str
    kind: FigureKind


def _names() -> dict[str, Unit]:
    names: dict[str, Unit] = {written: Unit(name, "percent") for written, name in _SHARES.items()}
    kinds: tuple[tuple[dict[str, str], FigureKind], ...] = (
        (_DURATIONS, "duration"),
        (_METRIC | _OTHER, "quantity"),
    )
    for table, kind in kinds:
        for name, others in table.items():
            names |= dict.fromkeys([name, *others.split()], Unit(name, kind))
    names |= {written: Unit(name, "quantity") for written, name in _PHRASES.items()}
    for area in ("square", "cubic"):
        for length in ("foot", "inch", "yard", "mile", "metre", "kilometre", "centimetre"):
            for written in (length, *(_METRIC | _OTHER)[length].split()):
                for gap in " -":
                    names[f"{area}{gap}{written}"] = Unit(f"{area} {length}", "quantity")
    return names


UNITS: dict[str, Unit] = _names()
# Only right behind the digits, or they are words and abbreviations of something else: "5 g", "5 l".
_GLUED_ONLY = frozenset("s l pc pp bp ms db mb".split())
# Never right behind the digits without a space or a hyphen: "5in" is no inch, "70s" no second.
_LETTERS = frozenset("s".split())
_LOWER_ONLY = frozenset("g m cup cups".split())


def _pattern(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_BEHIND = (
    r"consecutive|straight|full|additional|extra|more|whole|long|short|calendar|business|working"
    r"|school|solid"
)
_MORE = r"(?:(?:-|\s)(?:plus|odd)(?=[-\s])|\+|\s+or\s+(?:more|so|fewer|less)(?=\s))"
UNIT = re.compile(
    rf"(?P<more>{_MORE})?"
    r"(?:(?P<degrees>\s?[°º]|[-\s]degrees?)[-\s]?(?P<scale>celsius|centigrade|fahrenheit|[CF])\b"
    rf"|(?P<gap>[-\u2010\u2011]|\s?)(?P<unit>{_pattern(list(UNITS))})(?![\w²])"
    r"|(?P<glued>[CF])(?![\w’'-])"
    rf"|\s+(?P<adjective>{_BEHIND})\s+(?P<lasting>{_pattern([n for n in UNITS if UNITS[n].kind == 'duration' and len(n) > 4])}|days?)\b)",
    re.IGNORECASE,
)
"""` km`, `-square-foot`, `%`, ` degrees Celsius`, `-plus years`, ` consecutive months`."""


def unit_behind(text: str, at: int) -> tuple[Unit, re.Match[str]] | None:
    """The unit that stands right at a place, and its words.

    >>> unit_behind("40 km away", 2)[0].name
    'kilometre'
    """
    found = UNIT.match(text, at)
    if found is None:
        return None
    if found["degrees"] or found["glued"]:
        return _temperature(found)
    written = found["unit"] or found["lasting"]
    unit = UNITS[" ".join(fold(written).split())]
    if found["unit"] and _is_other_word(written, found["gap"]):
        return None
    return unit, found


def _temperature(found: re.Match[str]) -> tuple[Unit, re.Match[str]] | None:
    glued = found["glued"]
    if glued:
        return (Unit(f"°{glued}", "quantity"), found) if glued.isupper() else None
    scale = "°F" if fold(found["scale"]).startswith("f") else "°C"
    return Unit(scale, "quantity"), found


def _is_other_word(written: str, gap: str) -> bool:
    """Whether it only looks like a unit: the "s" of "1990s", the G of "5G", "second" of "two second homes"."""
    low = fold(written)
    if low in _GLUED_ONLY:
        return bool(gap) or low in _LETTERS or (low in {"mb", "db"} and written == low)
    if low == "second":
        return not gap.strip()
    # "5G" and "two World Cups"; "100m" is read with its number.
    return low in _LOWER_ONLY and (written != low or (low == "m" and not gap.strip("-")))
