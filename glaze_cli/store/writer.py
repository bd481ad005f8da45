"""The one writer of a run: it drains its queue into one transaction after another (group commit)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from glaze_cli.errors import StoreError
from glaze_cli.store.results import TaskStart, end_tasks, start_tasks
from glaze_cli.store.tasks import TaskResult
from glaze_cli.store.transaction import transaction

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
_Entry = tuple[Any, asyncio.Future[Any] | None]

QUEUE = 2_000
"""Writes that may wait; a producer beyond that waits too, so memory stays bounded."""


class Writer:
    """Groups whatever waits into one transaction; needs no timer, since the next group gathers while one
    commits.

    What may take long, getting the store to itself and the commit, runs in a thread: a slow disk or another
    process never holds the calls in flight. The statements between them run on the loop: in a thread they
    would fight with it for the interpreter, statement by statement.
    """

    def __init__(self, connection: sqlite3.Connection, job_id: str) -> None:
        self._connection = connection
        self._job_id = job_id
        self._queue: list[_Entry] = []
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closed = False
        self._broken: StoreError | None = None
        self.group = 0
        """The number of the transaction under way."""
        self._loop = asyncio.create_task(self._drain())

    async def start(self, start: TaskStart) -> None:
        """Note that a cell is being asked."""
        await self._put(start, None)

    async def end(self, result: TaskResult) -> None:
        """Note a cell's final word. Returns before the commit: `close` waits for it."""
        await self._put(result, None)

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` inside the next transaction and return its result once that is committed."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        await self._put(work, done)
        return await done

    async def close(self) -> None:
        """Commit what waits. Raises StoreError when anything could not be written."""
        self._closed = True
        self._news.set()
        await self._loop
        if self._broken:
            raise self._broken

    async def _put(self, item: Any, done: asyncio.Future[Any] | None) -> None:
        while len(self._queue) >= QUEUE:
            self._room.clear()
            await self._room.wait()
        if self._broken:
            raise self._broken
        self._queue.append((item, done))
        self._news.set()

    async def _drain(self) -> None:
        while self._queue or not self._closed:
            if not self._queue:
                self._news.clear()
                await self._news.wait()
            else:
                await self._commit()

    async def _commit(self) -> None:
        group: list[_Entry] = []
        results: list[Any] = []
        error: StoreError | None = None
        under_way = ExitStack()
        try:
            await asyncio.to_thread(under_way.enter_context, transaction(self._connection))
            self.group += 1
            group = self._take()  # only now: the more, the better
            try:
                results = self._write([item for item, _ in group])
            except BaseException as trouble:
                if not under_way.__exit__(type(trouble), trouble, trouble.__traceback__):
                    raise
            await asyncio.to_thread(under_way.close)
        except Exception as trouble:  # whatever it was, nothing of the group was written: all must hear it
            error = trouble if isinstance(trouble, StoreError) else StoreError(str(trouble))
            self._broken = error
            group = group or self._take()
        for place, (_, done) in enumerate(group):
            if done is None or done.cancelled():
                continue
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(results[place])

    def _take(self) -> list[_Entry]:
        group, self._queue = self._queue, []
        self._room.set()
        return group

    def _write(self, items: list[Any]) -> list[Any]:
        ends = [item for item in items if isinstance(item, TaskResult)]
        ended = {result.task_id for result in ends}
        starts = [item for item in items if isinstance(item, TaskStart) and item.task_id not in ended]
        if starts:
            start_tasks(self._connection, starts)
        results = [item(self._connection) if callable(item) else None for item in items]
        if ends:
            end_tasks(self._connection, self._job_id, ends)
        return results
