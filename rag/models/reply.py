"""One prompt → the pieces of a model's reply within its deadlines, its tokens, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import httpx
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.llms.openai_like import OpenAILike

from rag.models.failures import RAISED, explain
from rag.models.prompt import End, Failure, Prompt
from rag.models.thoughts import Thoughts

if TYPE_CHECKING:
    from rag.models.talk import Server

_CHARACTERS = 8
"""Of a token, at most: English has 4.5 on average, and a server that keeps the limit less than 6
over a whole reply. One that does not is stopped here."""
_AFTER = 1.0
"""Seconds that the count of tokens may come after the reply's end."""


class Reply:
    """Reads one reply. It is used once."""

    def __init__(self, server: Server, prompt: Prompt) -> None:
        self._server = server
        self._prompt = prompt
        self._thoughts = Thoughts()
        self._length = 0
        self._begun = False
        self._shown = False
        self._due = 0.0
        self._chose = False
        self._finish: str | None = None
        self._counts: tuple[int, int] | None = None

    async def read(self, put: Callable[[str | End], None], end: float) -> None:
        """Gives pieces as they come, then the end. To be broken off, it is cancelled.

        Args:
            put: Takes them.
            end: When it must be over, by the loop's clock.
        """
        failure: Failure | None
        try:
            async with self._server.connection.open() as http:
                failure = await self._within(http, put, end)
        except RAISED as error:
            failure = explain(error, self._server.key)
        put(End(failure, self._counts))

    async def _within(
        self, http: httpx.AsyncClient, put: Callable[[str | End], None], end: float
    ) -> Failure | None:
        clock, given = asyncio.get_running_loop().time, self._server.deadlines
        self._due = given.first
        try:
            async with asyncio.timeout_at(min(clock() + self._due, end)) as limit:
                await self._follow(
                    http, put, lambda: limit.reschedule(min(clock() + self._due, end))
                )
        except TimeoutError:
            if not self._finish:
                return self._late(over=clock() >= end)
        if rest := self._thoughts.rest():
            self._shown = True
            put(rest)
        return self._judged()

    async def _follow(
        self,
        http: httpx.AsyncClient,
        put: Callable[[str | End], None],
        wait_on: Callable[[], None],
    ) -> None:
        async with aclosing(await self._ask(http)) as chunks:
            async for chunk in chunks:
                piece, alive = self._take(chunk)
                if piece:
                    put(piece)
                if self._length > self._prompt.max_tokens * _CHARACTERS:
                    self._finish = "length"
                    return
                if alive or self._finish:
                    self._begun = True
                    self._due = _AFTER if self._finish else self._server.deadlines.gap
                    wait_on()

    async def _ask(self, http: httpx.AsyncClient) -> Any:
        asked = self._prompt
        carried: dict[str, Any] = {"async_http_client": http}  # which its class does not declare
        llm = OpenAILike(
            model=self._server.model,
            api_base=self._server.base_url,
            api_key="none",  # the connection adds it
            context_window=self._server.window,
            is_chat_model=True,
            temperature=0.0,
            max_tokens=asked.max_tokens,
            max_retries=0,
            **carried,
        )
        messages = [ChatMessage(role=role, content=content) for role, content in asked.messages]
        options: dict[str, Any] = {
            "timeout": httpx.Timeout(None, connect=self._server.deadlines.connect)
        }
        if not asked.plain:
            options["stream_options"] = {"include_usage": True}
            if asked.schema is not None:
                schema = {"name": "answer", "strict": True, "schema": dict(asked.schema)}
                options["response_format"] = {"type": "json_schema", "json_schema": schema}
        return await llm.astream_chat(messages, **options)

    def _take(self, chunk: ChatResponse) -> tuple[str, bool]:
        """What a chunk adds for the reader, and whether the model has said anything in it."""
        raw: Any = chunk.raw
        if usage := getattr(raw, "usage", None):
            self._counts = int(usage.prompt_tokens), int(usage.completion_tokens)
        if not raw.choices:
            return "", False
        self._chose = True
        self._finish = raw.choices[0].finish_reason or self._finish
        said = chunk.delta or ""
        self._length += len(said)
        # A lone half of a character's pair cannot be written anywhere.
        piece = self._thoughts.without(said.encode("utf-8", "replace").decode("utf-8"))
        self._shown = self._shown or bool(piece)
        return piece, bool(said or chunk.additional_kwargs.get("thinking_delta"))

    def _judged(self) -> Failure | None:
        """What is wrong with a reply that has come to its end."""
        limit = self._prompt.max_tokens
        if self._finish == "length":
            return Failure(f"the reply reached its limit of {limit} tokens", blames=False)
        if self._finish == "content_filter":
            return Failure("the server's content filter stopped it", blames=False)
        if not self._chose:
            return Failure("the reply was no completion")
        if self._finish is None:
            return Failure("the reply was cut off", again=True)
        return None if self._shown else Failure("the model gave no text", blames=False)

    def _late(self, *, over: bool) -> Failure:
        given = self._server.deadlines
        if over:
            return Failure(f"timeout after {given.total:g} s")
        if self._begun:
            return Failure(f"no further word for {given.gap:g} s", again=True)
        return Failure(f"timeout after {given.first:g} s", again=True)
