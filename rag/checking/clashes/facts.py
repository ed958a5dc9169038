"""An article → its figures as facts: each bound, with its sentence, its place and its source."""

from __future__ import annotations

from dataclasses import dataclass

from rag.checking.binding import bind_sentences
from rag.checking.subjects.bound import Bound
from rag.types import Article, Source, Span

READER = "facts-1"
"""Names the rules by which figures are found and bound: facts read under another name are read
anew. `tests/test_fact_records.py` tells when a change of rules needs a new one."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of an article with what it says and where."""

    bound: Bound
    source: Source
    span: Span
    """Of the figure's words, in the body."""
    words: str
    sentence: Span
    """Of the sentence, in the body."""
    text: str
    """The sentence's words."""

    @property
    def before(self) -> str:
        """The sentence's words before the figure."""
        return self.text[: self.span.start - self.sentence.start]

    @property
    def behind(self) -> str:
        """The sentence's words behind the figure."""
        return self.text[self.span.end - self.sentence.start :]


def facts_of(article: Article) -> tuple[Fact, ...]:
    """Every figure of the article's prose, as a fact."""
    found: list[Fact] = []
    for sentence, bounds in bind_sentences(article):
        text = sentence.of(article.body)
        for bound in bounds:
            at = bound.figure.span
            span = Span(sentence.start + at.start, sentence.start + at.end)
            found.append(Fact(bound, article.source, span, at.of(text), sentence, text))
    return tuple(found)
