"""A number with a currency's sign or name beside it → the currency, as its ISO 4217 code."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.checking.numerals.numbers import Number
from rag.checking.syntax.casing import fold

_SIGNS = {
    "$": "USD", "us$": "USD", "usd": "USD", "a$": "AUD", "au$": "AUD", "aud": "AUD", "c$": "CAD",
    "ca$": "CAD", "can$": "CAD", "cdn$": "CAD", "cad": "CAD", "nz$": "NZD", "nzd": "NZD",
    "hk$": "HKD", "hkd": "HKD", "s$": "SGD", "sgd": "SGD", "r$": "BRL", "mx$": "MXN", "nt$": "TWD",
    "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "₹": "INR", "rs": "INR", "rs.": "INR",
    "inr": "INR", "¥": "JPY", "jpy": "JPY", "cny": "CNY", "rmb": "CNY", "chf": "CHF", "₩": "KRW",
    "₽": "RUB", "₺": "TRY", "₪": "ILS", "₦": "NGN", "฿": "THB", "₱": "PHP", "₫": "VND", "₴": "UAH",
    "₸": "KZT", "₼": "AZN", "₾": "GEL", "֏": "AMD", "aed": "AED", "sar": "SAR", "zar": "ZAR",
}  # fmt: skip
_NAMES = {
    "dollar": "USD", "euro": "EUR", "pound": "GBP", "rupee": "INR", "yen": "JPY", "yuan": "CNY",
    "renminbi": "CNY", "manat": "AZN", "dram": "AMD", "lari": "GEL", "rouble": "RUB",
    "ruble": "RUB", "lira": "TRY", "peso": "MXN", "franc": "CHF", "reai": "BRL", "reais": "BRL",
    "rand": "ZAR", "shekel": "ILS", "ringgit": "MYR", "baht": "THB", "naira": "NGN",
    "dirham": "AED", "riyal": "SAR", "rial": "IRR", "krona": "SEK", "kronor": "SEK",
    "krone": "NOK", "kroner": "NOK", "zloty": "PLN", "forint": "HUF", "hryvnia": "UAH",
    "rupiah": "IDR", "taka": "BDT", "tenge": "KZT", "shilling": "KES", "won": "KRW",
    "usd": "USD", "eur": "EUR", "gbp": "GBP", "inr": "INR", "cad": "CAD", "aud": "AUD",
    "cny": "CNY", "rmb": "CNY", "jpy": "JPY", "chf": "CHF", "dinar": "KWD",
}  # fmt: skip
_OF = {
    "us": "USD", "u.s.": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD",
    "new zealand": "NZD", "hong kong": "HKD", "singapore": "SGD", "taiwan": "TWD",
    "swiss": "CHF", "mexican": "MXN", "argentine": "ARS", "chilean": "CLP", "colombian": "COP",
    "philippine": "PHP", "danish": "DKK", "norwegian": "NOK", "swedish": "SEK", "indian": "INR",
    "pakistani": "PKR", "sri lankan": "LKR", "nepali": "NPR", "egyptian": "EGP",
    "lebanese": "LBP", "syrian": "SYP", "turkish": "TRY", "russian": "RUB", "iranian": "IRR",
    "omani": "OMR", "saudi": "SAR", "south korean": "KRW", "korean": "KRW", "chinese": "CNY",
    "japanese": "JPY", "british": "GBP", "kenyan": "KES", "ugandan": "UGX", "kuwaiti": "KWD",
    "iraqi": "IQD", "jordanian": "JOD", "brazilian": "BRL", "israeli": "ILS",
    "qatari": "QAR",
}  # fmt: skip
_COINS = {"cent": ("USD", "0.01"), "pence": ("GBP", "0.01"), "¢": ("USD", "0.01")}


def _any(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


SIGN = re.compile(
    rf"(?<![A-Za-z])(?P<sign>{_any([s for s in _SIGNS if not s[-1].isalpha()])}"
    rf"|\b(?:{_any([s for s in _SIGNS if s[-1].isalpha()])}))\s?$",
    re.IGNORECASE,
)
"""What a number of money may have before it: `$`, `US$ `, `Rs. `."""
_NAME = re.compile(
    rf"[-\s]{{0,2}}(?:(?P<of>{_any(list(_OF))})[-\s])?(?P<name>{_any(list(_NAMES))})s?\b"
    r"|(?P<coin>[-\s](?:euro[-\s])?cents?\b|\s?¢|[-\s]?pence\b|p(?![\w.]))"
    r"|\s?(?P<after>€|£|₽|₺|₹|₴)(?!\s?\d)",
    re.IGNORECASE,
)
_SIZED = re.compile(
    r"(?<![-\w])(?P<scale>hundred|thousand|million|billion|trillion)[-\s](?P<name>dollar|euro|pound|rupee)s?\b",
    re.IGNORECASE,
)
"""`billion-dollar`, with no number before it."""
_REDUNDANT = re.compile(
    r"[-\s](?:(?:US|U\.S\.)\s)?(?:dollars?|euros?|pounds|USD)\b|\sUS\b(?!\s[a-z])"
)
_STERLING = re.compile(r"\s+sterling\b", re.IGNORECASE)
# What a pound is of: money is paid, what is weighed is weighed.
_PAID = re.compile(
    r"\b(?:pa(?:y|ys|id|ying)|costs?|price[ds]?|worth|fined?|spen[dt]\w*|salar\w+|wages?|tax\w*|fees?"
    r"|debts?|earn\w*|donat\w+|bills?|budget|fund\w*|sterling|bank\w*|econom\w+|British|UK)\b",
    re.IGNORECASE,
)
_WEIGHED = re.compile(
    r"\b(?:weigh\w*|los[et]\w*|gain\w*|heav\w+|lift\w*|carr\w+|load\w*|cargo|meat|overweight)\b",
    re.I,
)


def currency_before(text: str, at: int) -> tuple[str, int] | None:
    """The code of the currency sign that ends at a place, and where it starts."""
    found = SIGN.search(text, max(0, at - 6), at)
    return (_SIGNS[fold(found["sign"])], found.start()) if found else None


def currency_behind(text: str, number: Number) -> tuple[str, Decimal, int] | None:
    """Code, value of one piece in whole units, and end of the currency's name behind a number."""
    found = _NAME.match(text, number.span.end)
    if found is None:
        return None
    if found["coin"]:
        coin = fold(found["coin"]).strip(" -").removesuffix("s")
        code, worth = _COINS["pence" if coin in {"p", "pence"} else "cent"]
        if coin.startswith("euro"):
            code = "EUR"
        return code, Decimal(worth), found.end()
    if found["after"]:
        return _SIGNS[found["after"]], Decimal(1), found.end()
    name = fold(found["name"])
    code = _OF[fold(found["of"])] if found["of"] else _NAMES[name]
    sterling = _STERLING.match(text, found.end()) if name == "pound" else None
    end = sterling.end() if sterling else found.end()
    if not found["of"] and not sterling and not _is_money(text, number, name, end):
        return None
    return code, Decimal(1), end


def redundant_name(text: str, at: int) -> int:
    """Where the currency's name ends that is written after all behind a sum with its sign."""
    found = _REDUNDANT.match(text, at)
    return found.end() if found else at


def sized_money(text: str) -> list[tuple[int, int, str, str]]:
    """Start, end, word of magnitude and code of `billion-dollar` and its like."""
    return [
        (m.start(), m.end(), fold(m["scale"]), _NAMES[fold(m["name"])])
        for m in _SIZED.finditer(text)
    ]


def _is_money(text: str, number: Number, name: str, end: int) -> bool:
    """Whether a word that is a currency's name among other things is one here."""
    if name == "won":
        return number.scale >= 1000
    if name != "pound":
        return True
    near = text[max(0, number.span.start - 60) : end + 40]
    if text[number.span.end] == "-" or _WEIGHED.search(near):
        return False
    return number.scale >= 10**6 or _PAID.search(near) is not None
