"""Articles and passages as JSON text for SQLite, and back: every value is checked on the way in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import get_args

from rag.types import Article, Block, BlockKind, Passage, Source, Span

_KINDS: dict[object, BlockKind] = {kind: kind for kind in get_args(BlockKind)}


def text_hash(text: str) -> str:
    """SHA-256 (hex) of a text: what a stored vector is found by."""
    # A lone surrogate cannot be encoded strictly, and a reader may let one through.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def path_key(path: str) -> str:
    """What a file is known by, however its path is written; a URL is its own key."""
    return path if "://" in path else str(Path(path).resolve())


def digest(article: Article) -> str:
    """SHA-256 (hex) of what the article says, whatever its id and wherever its file lies.

    `Article.version` hashes the file; this also changes when a newer reader finds other words,
    dates or boilerplate in the same file, so that indexing again brings the archive up to date.
    """
    source = replace(article.source, article_id="", path="")
    return text_hash(dump_article(replace(article, source=source, supersedes=None)))


def dump_article(article: Article) -> str:
    """The article as ASCII JSON."""
    return _dump(
        {
            "source": _source_fields(article.source),
            "body": article.body,
            "blocks": [[b.span.start, b.span.end, b.kind] for b in article.blocks],
            "version": article.version,
            "supersedes": article.supersedes,
        }
    )


def load_article(text: str) -> Article:
    """The article that `dump_article` wrote.

    Raises:
        ValueError: The text is not one; a damaged row ends here, not in a traceback further on.
    """
    fields = _fields(text)
    return Article(
        source=_source(fields.get("source")),
        body=_text(fields, "body"),
        blocks=tuple(_block(value) for value in _items(fields.get("blocks"))),
        version=_text(fields, "version"),
        supersedes=_text_or_none(fields, "supersedes"),
    )


def dump_source(source: Source) -> str:
    """The source as ASCII JSON."""
    return _dump(_source_fields(source))


def load_source(text: str) -> Source:
    """The source that `dump_source` wrote.

    Raises:
        ValueError: The text is not one.
    """
    return _source(_fields(text))


def dump_passage(passage: Passage) -> str:
    """The passage as ASCII JSON, without its source, which is stored once an article."""
    return _dump(
        {
            "id": passage.id,
            "text": passage.text,
            "span": [passage.span.start, passage.span.end],
            "sentences": [[s.start, s.end] for s in passage.sentences],
        }
    )


def load_passage(text: str, source: Source) -> Passage:
    """The passage that `dump_passage` wrote.

    Raises:
        ValueError: The text is not one, or the passage's span is not as long as its text.
    """
    fields = _fields(text)
    (span,) = _spans([fields.get("span")])
    words = _text(fields, "text")
    if span.end - span.start != len(words):
        raise ValueError(f"span {span} of a text of {len(words)} characters")
    return Passage(
        id=_text(fields, "id"),
        source=source,
        text=words,
        span=span,
        sentences=_spans(fields.get("sentences")),
    )


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _source_fields(source: Source) -> dict[str, object]:
    published = source.published.isoformat() if source.published else None
    return {**asdict(source), "published": published}


def _source(value: object) -> Source:
    if not isinstance(value, dict):
        raise ValueError(f"source is {type(value).__name__}")  # noqa: TRY004 - one error for all
    published = _text_or_none(value, "published")
    return Source(
        article_id=_text(value, "article_id"),
        title=_text(value, "title"),
        outlet=_text_or_none(value, "outlet"),
        author=_text_or_none(value, "author"),
        published=date.fromisoformat(published) if published is not None else None,
        url=_text_or_none(value, "url"),
        path=_text(value, "path"),
    )


def _fields(text: str) -> dict[str, object]:
    try:
        value = json.loads(text)
    except RecursionError as error:  # damaged JSON of a thousand brackets
        raise ValueError("nested too deep") from error
    if not isinstance(value, dict):
        raise ValueError(f"not an object but {type(value).__name__}")  # noqa: TRY004
    return value


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name!r} is {value!r}")  # noqa: TRY004
    return value


def _text_or_none(fields: dict[str, object], name: str) -> str | None:
    return None if fields.get(name) is None else _text(fields, name)


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"not a list but {value!r}")  # noqa: TRY004
    return value


def _spans(value: object) -> tuple[Span, ...]:
    return tuple(_span(pair) for pair in _items(value))


def _span(value: object) -> Span:
    match value:
        case [int(start), int(end)] if 0 <= start <= end:
            return Span(start, end)
    raise ValueError(f"span is {value!r}")


def _block(value: object) -> Block:
    match value:
        case [start, end, kind] if kind in _KINDS:
            return Block(_span([start, end]), _KINDS[kind])
    raise ValueError(f"block is {value!r}")
