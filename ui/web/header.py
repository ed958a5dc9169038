"""What answers, and from how much → the page's header. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ui.places import EXTRACTIVE
from ui.web.escaping import escape


@dataclass(frozen=True, slots=True)
class Mode:
    """How questions are answered, and where the passages go for it."""

    name: str = EXTRACTIVE
    """`extractive`, or the model's name."""
    host: str | None = None
    """The host that passages are sent to; None when nothing leaves this machine."""


def header_html(n_articles: int, mode: Mode) -> str:
    """The name of the program and the line that tells how it answers."""
    noun = "article" if n_articles == 1 else "articles"
    where = f"passages go to {mode.host}" if mode.host else "on this machine"
    return (
        '<div class="header"><b>Footnote<sup>1</sup></b><span class="mode">'
        f'{escape(mode.name)}<span class="more"> · {n_articles:,} {noun} · {escape(where)}</span>'
        "</span></div>"
    )
