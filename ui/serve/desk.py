"""Questions to a chatbot that opens while the server listens already, in bounded numbers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Literal, TypeVar

from ui.places import Places
from ui.serve.attended import Attended, Librarian
from ui.serve.line import Bounds, Leaving, Line

State = Literal["loading", "ready", "failed"]
T = TypeVar("T")


class Desk:
    """Takes questions for a chatbot: some are answered at once, some wait, the rest hear "busy"."""

    def __init__(self, open_bot: Callable[[], Librarian], bounds: Bounds | None = None) -> None:
        """Opens nothing yet.

        Args:
            open_bot: Opens the chatbot and loads its models; called once, in a thread.
            bounds: Of the questions.
        """
        self._open_bot = open_bot
        self._bot: Future[Librarian] = Future()
        self._opening = ThreadPoolExecutor(1, thread_name_prefix="opening")
        self._places = Places()
        self.questions = Line("question", bounds or Bounds())
        # Reading an article needs no model: it does not wait behind the questions.
        self._looks = Line("look", Bounds(at_once=2, waiting=256, seconds=30.0))

    @property
    def state(self) -> State:
        """How far the chatbot is."""
        if not self._bot.done():
            return "loading"
        return "failed" if self._bot.exception() else "ready"

    def open(self) -> None:
        """Begins to open the chatbot; questions may come at once, and wait for it."""
        self._opening.submit(self._open_bot).add_done_callback(self._hand_over)

    def opened(self) -> Librarian:
        """The chatbot, as soon as it is there.

        Raises:
            RagError: It cannot be opened.
        """
        return self._bot.result()

    async def ask(self, work: Callable[[Attended], T], left: Leaving | None = None) -> T:
        """What the work gives, which needs the models. It ends soon after nobody waits for it.

        Raises:
            RefusedError: Too many are waiting, or it takes too long.
            RagError: The work's own, or the chatbot cannot be opened.
        """
        gone = threading.Event()
        try:
            return await self.questions.run(lambda: work(self._attended(gone)), left)
        finally:
            gone.set()

    async def stream(
        self, work: Callable[[Attended], Iterator[T]], left: Leaving | None = None
    ) -> AsyncGenerator[T, None]:
        """What the work yields, as it comes.

        Raises:
            RefusedError: Too many are waiting, or it takes too long.
            RagError: The work's own, or the chatbot cannot be opened.
        """
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[tuple[T, ...]] = asyncio.Queue()

        def produce(bot: Attended) -> None:
            for item in work(bot):
                loop.call_soon_threadsafe(items.put_nowait, (item,))

        def produced(task: asyncio.Task[None]) -> None:
            if not task.cancelled():
                task.exception()  # raised below, unless nobody waits for it any more
            items.put_nowait(())

        producing = asyncio.create_task(self.ask(produce, left))
        producing.add_done_callback(produced)
        try:
            while item := await items.get():
                yield item[0]
            await producing
        finally:
            producing.cancel()

    async def look(self, work: Callable[[Attended], T]) -> T:
        """What the work gives, which only reads the index.

        Raises:
            RefusedError: Too many are waiting, or it takes too long.
            RagError: The work's own, or the chatbot cannot be opened.
        """
        return await self._looks.run(lambda: work(self._attended(threading.Event())))

    def close(self) -> None:
        """Turns everybody away and closes the chatbot; one that is being opened is waited for."""
        self.questions.close()
        self._looks.close()
        self._opening.shutdown()
        if self.state == "ready":
            self._bot.result().close()

    def _attended(self, gone: threading.Event) -> Attended:
        return Attended(self._bot.result(), self._places, gone)

    def _hand_over(self, opening: Future[Librarian]) -> None:
        error = opening.exception()
        if error is None:
            self._bot.set_result(opening.result())
        else:
            self._bot.set_exception(error)
