"""Coroutines → jobs on a thread of their own, that other threads can break off."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Coroutine
from typing import Any

from rag.errors import LlmError

_LAST_STEPS = 2.0
"""Seconds that a thread gets to end."""


class Job:
    """A coroutine that runs on another thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None]) -> None:
        """Starts it.

        Raises:
            RuntimeError: The loop has ended.
        """
        self._loop = loop
        self._work = work
        self._task: asyncio.Task[None] | None = None
        self._ended = threading.Event()
        self.error: BaseException | None = None
        """What it has raised, when it has ended."""
        try:
            loop.call_soon_threadsafe(self._start)
        except RuntimeError:
            work.close()
            raise

    def _start(self) -> None:
        self._task = self._loop.create_task(self._work)
        self._task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self.error = LlmError("its client was closed") if task.cancelled() else task.exception()
        self._ended.set()

    @property
    def ended(self) -> bool:
        """Whether it has come to its end, one way or the other."""
        return self._ended.is_set()

    def wait(self, timeout: float) -> bool:
        """Whether it has ended, within so many seconds."""
        return self._ended.wait(timeout)

    def stop(self, timeout: float) -> None:
        """Breaks it off, and waits until it has tidied up."""
        if self.ended:
            return
        try:
            self._loop.call_soon_threadsafe(self._cancel)
        except RuntimeError:  # the loop has ended, and its tasks with it
            return
        self._ended.wait(timeout)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


class Background:
    """A thread with an event loop; it starts with the first job and ends with `close`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._stop: weakref.finalize[..., Background] | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> Job:
        """Runs a coroutine.

        Raises:
            LlmError: It is closed.
        """
        try:
            return Job(self._running(), work)
        except RuntimeError:
            raise LlmError("its client was closed") from None
        except LlmError:
            work.close()
            raise

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise LlmError("its client was closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                thread = threading.Thread(
                    target=_run, args=(self._loop,), name=self._name, daemon=True
                )
                # Neither thread nor loop knows of this object: who forgets it ends them too.
                self._stop = weakref.finalize(self, _stop, self._loop, thread)
                thread.start()
            return self._loop

    def close(self) -> None:
        """Breaks off what runs and ends the thread."""
        with self._lock:
            self._closed = True
            if self._stop is not None:
                self._stop()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            loop.run_until_complete(asyncio.wait(tasks, timeout=_LAST_STEPS))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    try:
        loop.call_soon_threadsafe(loop.stop)
    except RuntimeError:
        return
    if thread is not threading.current_thread():
        thread.join(_LAST_STEPS)
