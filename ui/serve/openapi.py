"""The paths and what they take → the OpenAPI description in docs/openapi.json.

python -m ui.serve.openapi > docs/openapi.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ui.serve.wanted import Ask, Completion, Search

_REFERENCE = "#/components/schemas/{model}"
_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}
_MAYBE = {"type": ["string", "null"]}
_CARD: dict[str, Any] = {
    "article_id": _TEXT,
    "title": _TEXT,
    "outlet": _MAYBE,
    "author": _MAYBE,
    "published": {"type": ["string", "null"], "format": "date"},
    "url": _MAYBE,
    "path": {"type": "string", "description": "name of the file, without its folder"},
}
_ERRORS = {
    "400": "the body or the question cannot be used as it is",
    "403": "another site's page asks",
    "404": "no such path, article or model",
    "408": "the body does not arrive in time",
    "413": "the body is too large",
    "415": "the body is not sent as application/json",
    "429": "busy, or asked too often; Retry-After says when to come back",
    "500": "a bug; the details are in Footnote's log",
    "503": "the index cannot be read, or Footnote is stopping",
    "504": "no answer within the time limit",
}


def _object(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """An object that has all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _named(name: str) -> dict[str, Any]:
    return {"$ref": _REFERENCE.format(model=name)}


def _schemas() -> dict[str, Any]:
    """What is answered; what is asked describes itself."""
    return {
        "Answer": {"$ref": "answer.schema.json"},
        "Health": _health(),
        "Articles": _object(articles=_list(_object(**_CARD))),
        "Article": _object(**_CARD, version=_TEXT, body=_TEXT),
        "Hits": _object(hits=_list(_hit())),
        "Error": _object(error=_object(message=_TEXT, type=_TEXT, param=_MAYBE, code=_TEXT)),
        **_schemas_of_a_chat_model(),
    }


def _health() -> dict[str, Any]:
    told = _object(status={"enum": ["loading", "ready", "failed"]}, version=_TEXT)
    once_ready = {
        "mode": {**_TEXT, "description": "extractive, or the model's name"},
        "host": {**_MAYBE, "description": "where passages are sent; null: they stay here"},
        "index": _object(articles=_NUMBER, generation={"type": ["integer", "null"]}),
        "busy": {**_NUMBER, "description": "questions in line"},
    }
    return {**told, "properties": {**told["properties"], **once_ready}}


def _hit() -> dict[str, Any]:
    return _object(
        rank=_NUMBER,
        score={"type": "number"},
        passage_id=_TEXT,
        **_CARD,
        text=_TEXT,
        start_char_index=_NUMBER,
        end_char_index=_NUMBER,
        copies=_list(_TEXT),
    )


def _schemas_of_a_chat_model() -> dict[str, Any]:
    cited = _object(
        start_index=_NUMBER,
        end_index=_NUMBER,
        url=_TEXT,
        title=_TEXT,
        number=_NUMBER,
        cited_text=_TEXT,
    )
    message = _object(
        role={"const": "assistant"},
        content=_TEXT,
        refusal={"type": "null"},
        annotations=_list(_named("Annotation")),
        footnote=_named("Answer"),
    )
    usage = _object(prompt_tokens=_NUMBER, completion_tokens=_NUMBER, total_tokens=_NUMBER)
    return {
        "Model": _object(id=_TEXT, object={"const": "model"}, created=_NUMBER, owned_by=_TEXT),
        "Models": _object(object={"const": "list"}, data=_list(_named("Model"))),
        "Annotation": _object(type={"const": "url_citation"}, url_citation=cited),
        "ChatCompletion": _object(
            id=_TEXT,
            object={"const": "chat.completion"},
            created=_NUMBER,
            model=_TEXT,
            choices=_list(_object(index=_NUMBER, message=message, finish_reason=_TEXT)),
            usage=usage,
        ),
    }


def _reply(words: str, schema: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _named(schema)}}}


def _operation(
    summary: str, answer: str, *errors: str, body: type[BaseModel] | None = None, path: str = ""
) -> dict[str, Any]:
    """One method of a path.

    Args:
        summary: What it does.
        answer: Name of what it answers.
        errors: Statuses besides 200.
        body: What it takes.
        path: Name of the parameter in the path.
    """
    usual = ("400", "408", "413", "415", "429", "504") if body else ()
    statuses = sorted({"403", "500", *usual, *errors})
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": _reply(summary, answer),
            **{status: _reply(_ERRORS[status], "Error") for status in statuses},
        },
    }
    if body:
        content = {"application/json": {"schema": _named(body.__name__)}}
        operation["requestBody"] = {"required": True, "content": content}
    if path:
        parameter = {"name": path, "in": "path", "required": True, "schema": _TEXT}
        operation["parameters"] = [parameter]
    return operation


def _paths() -> dict[str, Any]:
    health = _operation("Whether questions can be answered, and from what", "Health")
    health["responses"]["503"] = _reply("still loading", "Health")
    complete = _operation(
        "The answer to a conversation, whole or as server-sent events",
        "ChatCompletion",
        "404",
        "503",
        body=Completion,
    )
    complete["responses"]["200"]["content"]["text/event-stream"] = {"schema": _TEXT}
    rpc = {"description": "a message of JSON-RPC 2.0", "content": {"application/json": {}}}
    mcp = {
        "summary": "The Model Context Protocol, streamable HTTP",
        "requestBody": {"required": True, "content": {"application/json": {}}},
        "responses": {"200": rpc, "202": {"description": "a notification was taken"}, "400": rpc},
    }
    return {
        "/health": {"get": health},
        "/v1/ask": {"post": _operation("The answer to a question", "Answer", "503", body=Ask)},
        "/v1/search": {"post": _operation("The best passages", "Hits", "503", body=Search)},
        "/v1/articles": {"get": _operation("The indexed articles", "Articles", "503")},
        "/v1/articles/{article_id}": {
            "get": _operation("One article", "Article", "404", "503", path="article_id")
        },
        "/v1/models": {"get": _operation("The one model", "Models")},
        "/v1/models/{model}": {"get": _operation("The one model", "Model", "404", path="model")},
        "/v1/chat/completions": {"post": complete},
        "/mcp": {"post": mcp},
    }


def describe() -> dict[str, Any]:
    """The whole description, OpenAPI 3.1."""
    asked = [(kind, "validation") for kind in (Ask, Search, Completion)]
    _, taken = models_json_schema(asked, ref_template=_REFERENCE)  # type: ignore[arg-type]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "footnote serve",
            "version": "1",
            "description": "Answers from a folder of news articles; docs/serve.md says how to ask.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:7900"}],
        "paths": _paths(),
        "components": {"schemas": {**taken["$defs"], **_schemas()}},
    }


def to_text() -> str:
    """The description as docs/openapi.json has it."""
    return json.dumps(describe(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(to_text())
