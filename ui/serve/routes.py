"""Paths → what answers them: Footnote's own, and those of the API of chat models."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from rag.answer import Answer
from rag.errors import RagError
from rag.types import Filters
from ui.pace import Pace
from ui.serve.attended import Attended
from ui.serve.bodies import body_of
from ui.serve.completion import Chunks, Frame, event, to_json, whole
from ui.serve.desk import Desk
from ui.serve.problems import INTERNAL, Problem, problem_of, refuse
from ui.serve.shown import answer_to_dict, articles_to_dict, hits_to_dict, one_article_to_dict
from ui.serve.wanted import (
    MODEL,
    Ask,
    Completion,
    Restriction,
    Search,
    read,
    to_filters,
    to_turns,
)

Kind = TypeVar("Kind", bound=BaseModel)

logger = logging.getLogger(__name__)


class Json(JSONResponse):
    """A reply in JSON."""

    def render(self, content: Any) -> bytes:
        """The bytes."""
        return to_json(content)


@dataclass(frozen=True, slots=True)
class About:
    """What is served."""

    version: str
    """Of Footnote."""
    generation: Callable[[], int | None]
    """Number of the index's generation, where there is one."""
    started: int
    """Seconds since 1970, UTC."""


class Routes:
    """The endpoints over a desk."""

    def __init__(self, desk: Desk, about: About, pace: Pace) -> None:
        """Nothing is asked yet.

        Args:
            desk: Answers.
            about: What `/health` tells.
            pace: How often one client may ask.
        """
        self._desk = desk
        self._about = about
        self._pace = pace

    def listed(self) -> list[Route]:
        """All of them."""
        return [
            Route("/health", self.health),
            Route("/v1/ask", self.ask, methods=["POST"]),
            Route("/v1/search", self.search, methods=["POST"]),
            Route("/v1/articles", self.articles),
            Route("/v1/articles/{article_id:path}", self.article),
            Route("/v1/models", self.models),
            Route("/v1/models/{model}", self.model),
            Route("/v1/chat/completions", self.complete, methods=["POST"]),
        ]

    async def health(self, _: Request) -> Response:
        """Whether questions can be answered, and from what."""
        state: dict[str, Any] = {"status": self._desk.state, "version": self._about.version}
        if state["status"] != "ready":
            return Json(state, 503, {"retry-after": "1"})
        n_articles, how = await self._desk.look(
            lambda bot: (len(bot.articles()), {"mode": bot.mode, "host": bot.host})
        )
        generation = await asyncio.to_thread(self._about.generation)
        index = {"articles": n_articles, "generation": generation}
        return Json({**state, **how, "index": index, "busy": self._desk.questions.inside})

    async def ask(self, request: Request) -> Response:
        """The answer to a question."""
        wanted = await self._read(Ask, request)

        def work(bot: Attended) -> Answer:
            filters, turns = filters_of(bot, wanted.filters), to_turns(wanted.history)
            return bot.ask(wanted.question, turns, filters=filters, use_llm=wanted.use_llm)

        answer = await self._desk.ask(work, partial(gone, request))
        return Json(answer_to_dict(answer))

    async def search(self, request: Request) -> Response:
        """The best passages for a question."""
        wanted = await self._read(Search, request)
        hits = await self._desk.ask(
            lambda bot: bot.search(
                wanted.question, top_k=wanted.top_k, filters=filters_of(bot, wanted.filters)
            ),
            partial(gone, request),
        )
        return Json(hits_to_dict(hits))

    async def articles(self, _: Request) -> Response:
        """The cards of all articles."""
        return Json(articles_to_dict(await self._desk.look(lambda bot: bot.articles())))

    async def article(self, request: Request) -> Response:
        """One article with its body."""
        article_id = request.path_params["article_id"]
        article = await self._desk.look(lambda bot: bot.article(article_id))
        return Json(one_article_to_dict(article))

    async def models(self, _: Request) -> Response:
        """The one model, in a list."""
        return Json({"object": "list", "data": [self._model()]})

    async def model(self, request: Request) -> Response:
        """The one model."""
        _check_model(request.path_params["model"])
        return Json(self._model())

    async def complete(self, request: Request) -> Response:
        """The answer to a conversation, as a chat model gives it."""
        wanted = await self._read(Completion, request)
        _check_model(wanted.model)
        question, turns = wanted.question, wanted.turns

        def growing(bot: Attended) -> Iterator[Answer]:
            filters = filters_of(bot, wanted.filters)
            return bot.stream(question, turns, filters=filters, use_llm=wanted.use_llm)

        frame = Frame(f"chatcmpl-{uuid.uuid4().hex}", int(time.time()), str(request.base_url)[:-1])
        if not wanted.stream:
            left = partial(gone, request)
            answer = await self._desk.ask(lambda bot: tuple(growing(bot))[-1], left)
            return Json(whole(answer, wanted, frame))
        answers = self._desk.stream(growing, partial(gone, request))
        first = await anext(answers)  # what is wrong with the question has a status of its own
        events = _events(first, answers, Chunks(wanted, frame))
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    def _model(self) -> dict[str, Any]:
        created = self._about.started
        return {"id": MODEL, "object": "model", "created": created, "owned_by": "footnote"}

    async def _read(self, kind: type[Kind], request: Request) -> Kind:
        return read(kind, await body_of(request, self._pace))


def filters_of(bot: Attended, wanted: Restriction) -> Filters:
    """The restriction, checked against the articles where it names any."""
    named = wanted.outlets or wanted.articles
    return to_filters(wanted, bot.articles() if named else ())


async def gone(request: Request) -> None:
    """Returns once the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def on_error(_: Request, error: Exception) -> Response:
    """The reply to a request that is not answered."""
    if isinstance(error, ClientDisconnect):
        return Response(status_code=499)
    if isinstance(error, HTTPException):
        problem = Problem(error.status_code, "not_found", "Nothing is served there")
        if error.status_code == 405:
            problem = Problem(405, "method", "That path takes another method")
        return Json(problem.to_dict(), problem.status, error.headers)
    if not isinstance(error, RagError):
        return Json(INTERNAL.to_dict(), INTERNAL.status)
    problem = problem_of(error)
    if problem.status >= 500:
        logger.warning("%s", error)
    return Json(problem.to_dict(), problem.status, problem.headers)


def _check_model(name: str) -> None:
    if name != MODEL:
        words = f"no model {name[:100]!r}; the only one is {MODEL!r}"
        raise refuse(404, "model_not_found", words, param="model")


async def _events(
    first: Answer, answers: AsyncGenerator[Answer, None], chunks: Chunks
) -> AsyncIterator[bytes]:
    """The stream; once it has begun, an error is an event of it."""
    answer = first
    yield chunks.begin()
    try:
        yield chunks.grow(first)
        async with aclosing(answers):
            async for answer in answers:
                yield chunks.grow(answer)
    except RagError as error:
        yield event(problem_of(error).to_dict())
        return
    except Exception:  # the stream has begun: a bug is told in it, then raised for the log
        yield event(INTERNAL.to_dict())
        raise
    for part in chunks.end(answer):
        yield part
