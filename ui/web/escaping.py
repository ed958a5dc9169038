"""Untrusted words → HTML that shows exactly these words, also where it is read as Markdown."""

from __future__ import annotations

import re
import string
from urllib.parse import urlsplit

# Every ASCII sign that HTML, Markdown, an autolinker, TeX or Mermaid could give a meaning to
# becomes a character reference; a Markdown reader passes those on untouched. Line ends too, since
# a blank line would end an HTML block. NUL and surrogates have no reference: a replacement sign.
_REFERENCES = {ord(sign): f"&#{ord(sign)};" for sign in string.punctuation + "\t\n\r\x0b\x0c"}
_REFERENCES |= dict.fromkeys(
    [code for code in range(32) if code not in _REFERENCES] + list(range(0xD800, 0xE000)), "\ufffd"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)  # "https://example.org/a?b=1"


def escape(text: str) -> str:
    """The text as HTML, in an element or an attribute, also inside Markdown.

    >>> escape("![x](//a.b) <b>")
    '&#33;&#91;x&#93;&#40;&#47;&#47;a&#46;b&#41; &#60;b&#62;'
    """
    return text.translate(_REFERENCES)


def web_host(url: str | None) -> str | None:
    """The host of a plain web address; None for every other kind of address.

    >>> web_host("https://example.org/a?b=1"), web_host("javascript:alert(1)")
    ('example.org', None)
    """
    if url is None or not _ADDRESS.fullmatch(url):
        return None
    try:
        return urlsplit(url).hostname
    except ValueError:  # "http://[::1" and the like
        return None
