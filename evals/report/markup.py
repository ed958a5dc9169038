"""Names, attributes and contents → HTML in which everything that is not `Html` is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

# Controls but tab and line ends, and lone surrogates: "a\x00b", "\ud800". HTML has none of them.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_VOID = frozenset({"br", "input", "link", "meta"})


class Html(str):
    """Text that is HTML already; any other string is escaped where it is put in."""

    __slots__ = ()


def escape(text: str) -> Html:
    """The text as HTML, for an element or a quoted attribute; `Html` as it is.

    >>> escape('<b title="&">')
    '&lt;b title=&quot;&amp;&quot;&gt;'
    """
    if isinstance(text, Html):
        return text
    return Html(html.escape(printable(text)))


def printable(text: str) -> str:
    """The text with a replacement sign for every character that UTF-8 or HTML cannot hold."""
    return _UNPRINTABLE.sub("\ufffd", text)


def join(parts: Iterable[str | None], between: str = "") -> Html:
    """The parts one after the other, escaped where they are not HTML; None is left out."""
    return Html(escape(between).join(escape(part) for part in parts if part is not None))


def el(name: str, /, *children: str | None, **attributes: str | bool | None) -> Html:
    """An element. `cls` stands for class, `_` in a name for a hyphen; False and None for absence.

    >>> el("p", "1 < 2", el("br"), cls="note", hidden=True, data_id='"')
    '<p class="note" hidden data-id="&quot;">1 &lt; 2<br></p>'
    """
    shown = "".join(
        f" {_name(key)}" if value is True else f' {_name(key)}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    opening = f"<{name}{shown}>"
    return Html(opening if name in _VOID else f"{opening}{join(children)}</{name}>")


def _name(key: str) -> str:
    return "class" if key == "cls" else key.rstrip("_").replace("_", "-")
