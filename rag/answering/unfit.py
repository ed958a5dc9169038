"""A drafted sentence → why it is shown in no case, whatever the articles say. Pure."""

from __future__ import annotations

import re

MAX_CLAIM_CHARS = 600
"""A longer sentence says more than can be checked as one claim."""

# Addresses, Markdown's links and images, HTML, code, tables, formulas: none is needed to answer.
_MARKUP = re.compile(
    r"\w{2,}://|\bwww\.|\b(?:javascript|data|mailto|file)\s*:|\]\s*[(\[]|!\[|<\s*[/!a-z]|\{\{|\\\w"
    r"|\|.*\||\$\$|<\||\[/?INST\]|</?s>",
    re.IGNORECASE,
)
# "[file.png]", "[INST]": a mark with words in it is no footnote.
_BRACKETS = re.compile(r"[\[\]{}【】]")
# What is told of the prompt, not of the world.
_OF_PROMPT = re.compile(
    r"\b(?:system prompt|(?:my|these|the|your|above|previous|following) instructions?"
    r"|numbered passages?|as an? (?:ai|language|assistant)\b|language model)"
    r"|^\W*(?:system|user|assistant|developer|human)\s*:",
    re.IGNORECASE,
)


def unfit(text: str) -> str:
    """Why a sentence is shown in no case, whatever the passages say; empty if it may be.

    >>> unfit("See [here](https://example.org).")
    'it holds a link or markup'
    """
    if _MARKUP.search(text) or _BRACKETS.search(text):
        return "it holds a link or markup"
    if _OF_PROMPT.search(text):
        return "it speaks of its instructions"
    if len(text) > MAX_CLAIM_CHARS:
        return f"it is longer than {MAX_CLAIM_CHARS} characters"
    return ""
