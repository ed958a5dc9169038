"""A matched text → the key to look it up by: in lower case, as `re.IGNORECASE` compares."""

from __future__ import annotations

# What IGNORECASE takes for i, s and k beside them: "İran" matches "iran", but its `lower()` has a
# letter more and is in no table.
_ALSO = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s", "\u212a": "k"})


def fold(text: str) -> str:
    """The text in lower case, with one letter for each of its own.

    >>> fold("\u0130ran"), fold("US$")
    ('iran', 'us$')
    """
    return text.translate(_ALSO).lower()
