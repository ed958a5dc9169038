"""Articles → questions to start with."""

from __future__ import annotations

from collections.abc import Sequence

from rag.types import Source

MAX_EXAMPLES = 4
MAX_TITLE_CHARS = 70

_BUNDLED = (
    (
        "azerbaijan-boycott-calls-india",
        "What were India's exports to Azerbaijan worth in FY2024-25?",
    ),
    ("india-azerbaijan-ties-opportunities", "Where does India rank as a source of tourists?"),
    ("azerbaijan-inquiry-indian-arms", "Which Indian weapons is Azerbaijan interested in?"),
    ("azerbaijan-boycott-calls-india", "Who visited Pakistan in the past year?"),
)
"""For the articles in corpus/: an article's id and a question it answers."""


def example_questions(sources: Sequence[Source]) -> tuple[str, ...]:
    """Questions that these articles answer, a few at most."""
    indexed = {source.article_id for source in sources}
    if indexed == {article_id for article_id, _ in _BUNDLED}:
        return tuple(question for _, question in _BUNDLED)
    return tuple(
        f"What does the article “{_shortened(source.title)}” say?"
        for source in sources[:MAX_EXAMPLES]
    )


def _shortened(title: str) -> str:
    if len(title) <= MAX_TITLE_CHARS:
        return title
    return title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0] + "…"
