"""Answers, articles, hits → JSON values for other programs, without this machine's folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from rag.answer import Answer
from rag.types import Article, Hit, Source
from ui.render import article_to_dict, hit_to_dict, source_to_dict


def answer_to_dict(answer: Answer) -> dict[str, Any]:
    """The answer in the contract of docs/json.md."""
    fields = answer.to_dict()
    fields["citations"] = [_without_folder(citation) for citation in fields["citations"]]
    if fields["refusal"] is not None:
        nearest = [_without_folder(citation) for citation in fields["refusal"]["nearest"]]
        fields["refusal"] = {**fields["refusal"], "nearest": nearest}
    return fields


def articles_to_dict(sources: Sequence[Source]) -> dict[str, Any]:
    """The cards of the articles."""
    return {"articles": [_without_folder(source_to_dict(source)) for source in sources]}


def one_article_to_dict(article: Article) -> dict[str, Any]:
    """An article with its body."""
    return _without_folder(article_to_dict(article))


def hits_to_dict(hits: Sequence[Hit]) -> dict[str, Any]:
    """What a search has found, best first."""
    return {"hits": [_without_folder(hit_to_dict(rank, hit)) for rank, hit in enumerate(hits, 1)]}


def _without_folder(fields: dict[str, Any]) -> dict[str, Any]:
    # A folder's name may hold its owner's, and a client may hand what it reads to anybody.
    return {**fields, "path": PurePath(fields["path"]).name}
