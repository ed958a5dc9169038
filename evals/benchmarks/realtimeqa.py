"""RealTime QA (Kasai et al., NeurIPS 2023): its news articles as ours, and its quiz questions."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.reading.text import read_text
from rag.types import Article

_AROUND_ANSWER = " .,;:\"'`\u00b4\u2018\u2019\u201c\u201d\u00ab\u00bb"
"""Marks that a quiz puts around an answer and an article need not: `“Squid Game”`."""


@dataclass(frozen=True, slots=True)
class NewsCase:
    """A question of a weekly news quiz whose answer's words stand in its articles."""

    id: str
    question: str
    answer: str
    """The right choice, without quotation marks around it."""
    article_ids: frozenset[str]
    """The articles that a search found for it."""


def load_realtimeqa(
    path: Path, *, n_articles: int | None = None
) -> tuple[tuple[Article, ...], tuple[NewsCase, ...]]:
    """All articles, and the cases that they answer, in the file's order.

    Args:
        path: `realtimeqa-dev.json.gz`.
        n_articles: How many articles to take, from the first; the cases are those whose articles
            are all among them.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        data = json.load(file)
    records = data["articles"][:n_articles]
    taken = {record["id"] for record in records}
    cases = [_case(record) for record in data["cases"] if record["answer_in_articles"]]
    return (
        tuple(_article(record) for record in records),
        tuple(case for case in cases if case.article_ids <= taken),
    )


def _case(record: dict[str, Any]) -> NewsCase:
    return NewsCase(
        id=record["id"],
        question=record["question"],
        answer=record["answer"].strip(_AROUND_ANSWER),
        article_ids=frozenset(record["article_ids"]),
    )


def _article(record: dict[str, Any]) -> Article:
    # An address as its path: the index knows the article by it from whatever folder it is run.
    address = f"realtimeqa://{record['id']}"
    read = read_text(record["text"], Path(record["id"]), record["id"])
    source = replace(
        read.source,
        title=record["title"],
        outlet=outlet(record["url"]),
        published=_published(record["published"]),
        url=record["url"],
        path=address,
    )
    version = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    return replace(read, source=source, version=version)


def outlet(url: str) -> str | None:
    """The publisher as its address names it.

    >>> outlet("https://www.cnn.com/2022/06/12/media/index.html")
    'cnn.com'
    """
    host = urlsplit(url).hostname
    return host.removeprefix("www.") if host else None


def _published(written: str | None) -> date | None:
    """`2022/01/06` as a date."""
    if not written:
        return None
    return datetime.strptime(written, "%Y/%m/%d").date()  # noqa: DTZ007 - a day, no moment
