"""Markdown with YAML front matter → article, whose body is what follows, unchanged."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from rag.errors import ArticleError
from rag.reading.blocks import split_blocks
from rag.reading.text import headline
from rag.types import Article, Source

FIELDS = ("title", "outlet", "author", "published", "url")
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)
_OPENS = re.compile(r"\ufeff?---[ \t]*\r?\n")


def read_markdown(text: str, path: Path, article_id: str) -> Article:
    """The article in a Markdown text.

    Raises:
        ArticleError: The front matter is broken; the message names line and field.
    """
    fields, body = _split_front_matter(text, path)
    blocks = split_blocks(body)
    source = Source(
        article_id=article_id,
        title=_string(fields, "title", path) or headline(body, blocks),
        outlet=_string(fields, "outlet", path),
        author=_string(fields, "author", path),
        published=_date(fields.get("published"), path),
        url=_string(fields, "url", path),
        path=str(path),
    )
    return Article(source=source, body=body, blocks=blocks)


def _split_front_matter(text: str, path: Path) -> tuple[dict[str, Any], str]:
    found = _FRONT_MATTER.match(text)
    if found is None:
        if _OPENS.match(text):
            raise ArticleError(
                f"{path}: line 1 opens front matter that no '---' line closes; add it"
            )
        return {}, text
    try:
        fields = yaml.safe_load(found.group(1))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 2}" if mark is not None else "the front matter"
        raise ArticleError(
            f"{path}: {line} is not YAML; quote values that hold ':' or '#'"
        ) from error
    except ValueError as error:  # PyYAML lets a bad date such as 2025-02-31 through to datetime
        raise ArticleError(f"{path}: the front matter has a bad value ({error})") from error
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        raise ArticleError(f"{path}: the front matter is not a list of 'field: value' lines")
    return fields, text[found.end() :]


def _string(fields: dict[str, Any], name: str, path: Path) -> str | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, (dict, list)):
        raise ArticleError(f"{path}: {name!r} is {value!r}; give one line of text")
    return " ".join(str(value).split()) or None


def _date(value: object, path: Path) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip()).date()
    except ValueError as error:
        raise ArticleError(
            f"{path}: 'published' is {value!r}; give an ISO date such as 2025-05-20"
        ) from error
