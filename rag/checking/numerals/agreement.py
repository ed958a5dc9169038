"""Two figures → whether one can be the other, written or rounded otherwise."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from rag.types import Figure

_OVER = Decimal("1.2")
"""How far above "over 50" a value may lie that is still meant by it."""

_ROUGH = 10
"""Two rough figures that differ by less than one in so many can be one figure."""
_ODDS = Decimal("0.1")
"""Percent below which a ratio is told as odds, "1 in …", rounded to about a thousandth."""


def agree(a: Figure, b: Figure) -> bool:
    """Whether two figures of one thing can both be right: equal, or one the other's rounding.

    Of ranges, whether they overlap. A share is the same as its percentage.
    """
    one, other = _bounds(a), _bounds(b)
    if one[0] <= other[1] and other[0] <= one[1]:
        return True
    if a.high is not None or b.high is not None:
        return False
    if a.kind == b.kind == "ratio" and max(one[0], other[0]) < _ODDS:
        return abs(one[0] - other[0]) <= max(one[0], other[0]) / 1000  # "1 in 302.5 million"
    if a.approximate and b.approximate and abs(one[0] - other[0]) * _ROUGH < max(one[0], other[0]):
        return True  # "nearly 2.2 million", "more than 2 million"
    return rounds_to(one[0], other[0]) or rounds_to(other[0], one[0]) or _exceeds(a, b)


def equal(a: Figure, b: Figure) -> bool:
    """Whether two figures have the same value, upper end and unit, notation apart."""
    return unit_of(a) == unit_of(b) and _bounds(a) == _bounds(b)


def unit_of(figure: Figure) -> str:
    """The unit to compare: a share and a percentage have one; so have all counts."""
    if figure.kind == "count":
        return "count"
    return "%" if figure.kind == "ratio" else figure.unit


def rounds_to(exact: Decimal, rounded: Decimal) -> bool:
    """Whether the one, cut to the other's significant digits, is the other.

    >>> rounds_to(Decimal("1980000"), Decimal("2000000")), rounds_to(Decimal(87), Decimal(86))
    (True, False)
    """
    digits = rounded.normalize().as_tuple()
    place = Decimal((0, (1,), int(digits.exponent)))
    if exact == rounded or not rounded:
        return exact == rounded
    # One significant digit of a small number rounds nothing: 12 is not "about 10".
    if abs(exact - rounded) > abs(rounded) / 20:
        return False
    return (exact / place).quantize(Decimal(1), ROUND_HALF_EVEN) * place == rounded


def _bounds(figure: Figure) -> tuple[Decimal, Decimal]:
    scale = 100 if figure.kind == "ratio" else 1
    low = figure.value * scale
    return low, low if figure.high is None else figure.high * scale


def _exceeds(a: Figure, b: Figure) -> bool:
    """ "Over half" is said of 52 %, and of no 80 %."""
    for vague, exact in ((a, b), (b, a)):
        low, value = _bounds(vague)[0], _bounds(exact)[0]
        if vague.approximate and not exact.approximate and low <= value <= low * _OVER:
            return True
    return False
