"""XQuAD English (Artetxe et al., ACL 2020): paragraphs as articles, questions with their spans."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.benchmarks.halves import half_of
from rag.reading.text import read_text
from rag.types import Article, Span


@dataclass(frozen=True, slots=True)
class XquadQuestion:
    """A question and where its answer stands."""

    id: str
    question: str
    article_id: str
    """The paragraph that answers it."""
    answer: str
    span: Span
    """The answer's place in the paragraph."""


def load_xquad(path: Path) -> tuple[XquadQuestion, ...]:
    """All questions, in the file's order."""
    return tuple(
        XquadQuestion(
            id=asked["id"],
            question=asked["question"],
            article_id=article_id,
            answer=(answer := asked["answers"][0])["text"],
            span=Span(answer["answer_start"], answer["answer_start"] + len(answer["text"])),
        )
        for article_id, _, paragraph in _paragraphs(path)
        for asked in paragraph["qas"]
    )


def xquad_articles(path: Path) -> tuple[Article, ...]:
    """Each paragraph as an article of its own, titled as its page."""
    return tuple(
        _article(article_id, title, paragraph["context"])
        for article_id, title, paragraph in _paragraphs(path)
    )


def dev_half(questions: Sequence[XquadQuestion]) -> list[XquadQuestion]:
    """The questions to develop on."""
    return half_of(questions, "dev")


def _paragraphs(path: Path) -> list[tuple[str, str, dict[str, Any]]]:
    pages = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [
        (f"{page['title'].lower()}-{n}", page["title"].replace("_", " "), paragraph)
        for page in pages
        for n, paragraph in enumerate(page["paragraphs"])
    ]


def _article(article_id: str, title: str, body: str) -> Article:
    read = read_text(body, Path(article_id), article_id)
    # An address as its path: the index knows the paragraph by it from whatever folder it is run.
    source = replace(read.source, title=title, path=f"xquad://{article_id}")
    return replace(read, source=source, version=hashlib.sha256(body.encode()).hexdigest())
