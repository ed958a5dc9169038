"""The body of a request → what is asked for, every field checked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from rag.retrieval.query import MAX_QUESTION_CHARS
from rag.types import Filters, Source, Turn
from ui.serve.problems import RefusedError, refuse

MODEL = "footnote"
"""The one model of the API of chat models."""
SOURCES = "\n\nSources\n\n"
"""What stands in a message between the answer and the list of its sources."""
MAX_TURNS = 10
"""Earlier turns that a question can refer to."""
MAX_TOP_K = 50
_MAX_SHOWN = 200
"""Characters of a complaint."""

# JSON lets a text say "\u0000" and "\ud800".
_NO_CHARACTER = re.compile(r"[\x00\ud800-\udfff]")

_USE_LLM = "false quotes the articles and asks no model, also where one is set"

Kind = TypeVar("Kind", bound=BaseModel)


def _characters(text: str) -> str:
    if _NO_CHARACTER.search(text):
        raise ValueError("has NUL, or half of a surrogate pair; write the character")
    return text


Text = Annotated[str, AfterValidator(_characters)]


class Strict(BaseModel):
    """Unknown fields are an error: a mistyped filter would silently restrict nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Restriction(Strict):
    """Which articles may answer. Empty means all."""

    outlets: list[Text] = Field(default=[], description="names of outlets")
    articles: list[Text] = Field(default=[], description="ids of articles")
    since: date | None = Field(default=None, description="published on this day or later")
    until: date | None = Field(default=None, description="published on this day or earlier")


class EarlierTurn(Strict):
    """A question asked before, and its answer."""

    question: Text
    answer: Text = ""


class Ask(Strict):
    """A question."""

    question: Text = Field(description="its words")
    history: list[Text | EarlierTurn] = Field(
        default=[],
        description="earlier questions of the conversation, oldest first; the last ten count",
    )
    filters: Restriction = Field(default=Restriction(), description="which articles may answer")
    use_llm: bool = Field(default=True, strict=True, description=_USE_LLM)


class Search(Strict):
    """A question whose passages are wanted."""

    question: Text = Field(description="its words")
    top_k: int = Field(default=10, ge=1, le=MAX_TOP_K, strict=True, description="passages at most")
    filters: Restriction = Field(default=Restriction(), description="which articles to search")


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: Text | None = None


class Message(BaseModel):
    """A message of a conversation. What system, developer and tool messages say is not read."""

    role: Literal["user", "assistant", "system", "developer", "tool", "function"]
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its words."""
        if isinstance(self.content, list):
            return "\n".join(part.text or "" for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream has besides the answer."""

    include_usage: bool = False


class Completion(BaseModel):
    """A conversation whose last message is answered. Sampling parameters change nothing."""

    model: str = Field(description=f"`{MODEL}`")
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(default=None, ge=1, le=1, description="one answer, no more")
    filters: Restriction = Field(
        default=Restriction(), description="Footnote's own: which articles may answer"
    )
    use_llm: bool = Field(default=True, strict=True, description=f"Footnote's own: {_USE_LLM}")

    @property
    def question(self) -> str:
        """The last message, which is the user's.

        Raises:
            RefusedError: It is somebody else's, or has more than text.
        """
        last = self.messages[-1]
        if last.role != "user":
            words = f"the last message is of role {last.role!r}; end with the user's question"
            raise refuse(400, "bad_field", words, param="messages")
        parts = last.content if isinstance(last.content, list) else []
        if unread := [part.type[:100] for part in parts if part.type != "text"]:
            words = f"the question has a part of type {unread[0]!r}; Footnote reads text alone"
            raise refuse(400, "bad_field", words, param="messages")
        return last.text

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The user's earlier messages, each with the reply that follows it."""
        before = self.messages[:-1]
        found = []
        for place, message in enumerate(before):
            if message.role == "user" and message.text.strip():
                after = next(
                    (m for m in before[place + 1 :] if m.role in ("user", "assistant")), None
                )
                reply = after.text if after is not None and after.role == "assistant" else ""
                found.append(_turn(message.text, reply.partition(SOURCES)[0]))
        return tuple(found[-MAX_TURNS:])


def read(kind: type[Kind], body: bytes) -> Kind:
    """The body as what it should be.

    Raises:
        RefusedError: It is no JSON, or has something else in it.
    """
    return check(kind, parse(body))


def parse(body: bytes) -> Any:
    """The JSON value of a body.

    Raises:
        RefusedError: It is none.
    """
    try:
        return json.loads(body.decode("utf-8"))
    except RecursionError as error:
        raise refuse(400, "bad_json", "The body is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise refuse(400, "bad_json", "The body is not UTF-8") from error
    except ValueError as error:
        why = str(error)[:_MAX_SHOWN]
        raise refuse(400, "bad_json", f"The body is not JSON ({why})") from error


def check(kind: type[Kind], value: Any) -> Kind:
    """The JSON value as what it should be.

    Raises:
        RefusedError: A field is missing, unknown or of another type.
    """
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        raise _complaint(error) from error


def _complaint(error: ValidationError) -> RefusedError:
    """The first of its errors, without the value: that may be anything."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])[:_MAX_SHOWN]
    message = f"{place}: {first['msg']}" if place else first["msg"]
    return refuse(400, "bad_field", message[: 2 * _MAX_SHOWN], param=place or None)


def to_turns(history: Sequence[str | EarlierTurn]) -> tuple[Turn, ...]:
    """The last of the earlier turns, as a chatbot takes them."""
    return tuple(
        _turn(turn) if isinstance(turn, str) else _turn(turn.question, turn.answer)
        for turn in history[-MAX_TURNS:]
    )


def _turn(question: str, answer: str = "") -> Turn:
    # A question of any length is refused when it is asked; one that was asked before is not, for a
    # chat window would send it again and again.
    return Turn(question[:MAX_QUESTION_CHARS], answer[:MAX_QUESTION_CHARS])


def to_filters(wanted: Restriction, sources: Sequence[Source]) -> Filters:
    """The restriction, its names known.

    Raises:
        RefusedError: A name that no article bears: it would refuse every question.
    """
    if wanted.since and wanted.until and wanted.since > wanted.until:
        words = f"since {wanted.since} is after until {wanted.until}; no article is in between"
        raise refuse(400, "bad_field", words, param="filters.since")
    ids = {source.article_id for source in sources}
    outlets = {source.outlet.casefold() for source in sources if source.outlet}
    for article_id in wanted.articles:
        if article_id not in ids:
            words = f"no article {article_id[:_MAX_SHOWN]!r}; GET /v1/articles lists them all"
            raise refuse(400, "unknown_article", words, param="filters.articles")
    for outlet in wanted.outlets:
        if outlet.casefold() not in outlets:
            words = f"no article of outlet {outlet[:_MAX_SHOWN]!r}; GET /v1/articles names them"
            raise refuse(400, "unknown_outlet", words, param="filters.outlets")
    return Filters(tuple(wanted.outlets), tuple(wanted.articles), wanted.since, wanted.until)
