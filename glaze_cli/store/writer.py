"""The one writer of a run: it drains its queue into one transaction after another (group commit)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from glaze_cli.errors import StoreError
from glaze_cli.store.results import TaskStart, end_tasks, start_tasks
from glaze_cli.store.tasks import TaskResult
from glaze_cli.store.transaction import transaction

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]

QUEUE = 2_000
"""Writes that may wait; a producer beyond that waits too, so memory stays bounded."""


class Writer:
    """Groups whatever waits into one transaction; needs no timer, since the next group gathers while one
    commits. The commit runs in a thread: a slow disk never holds the calls in flight.
    """

    def __init__(self, connection: sqlite3.Connection, job_id: str) -> None:
        self._connection = connection
        self._job_id = job_id
        self._queue: asyncio.Queue[tuple[Any, asyncio.Future[Any] | None] | None] = asyncio.Queue(QUEUE)
        self._broken: StoreError | None = None
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
        await self._queue.put(None)
        await self._loop
        if self._broken:
            raise self._broken

    async def _put(self, item: Any, done: asyncio.Future[Any] | None) -> None:
        if self._broken:
            raise self._broken
        await self._queue.put((item, done))

    async def _drain(self) -> None:
        ended = False
        while not ended:
            group = [await self._queue.get()]
            while not self._queue.empty():
                group.append(self._queue.get_nowait())
            ended = None in group
            await self._commit([entry for entry in group if entry is not None])

    async def _commit(self, group: list[tuple[Any, asyncio.Future[Any] | None]]) -> None:
        try:
            results = await asyncio.to_thread(self._write, [item for item, _ in group])
        except Exception as error:  # whatever it was, nothing of the group was written: all must hear it
            self._broken = error if isinstance(error, StoreError) else StoreError(str(error))
            results = [self._broken] * len(group)
        for (_, done), result in zip(group, results, strict=True):
            if done is None or done.cancelled():
                continue
            if isinstance(result, StoreError):
                done.set_exception(result)
            else:
                done.set_result(result)

    def _write(self, items: list[Any]) -> list[Any]:
        ends = [item for item in items if isinstance(item, TaskResult)]
        ended = {result.task_id for result in ends}
        starts = [item for item in items if isinstance(item, TaskStart) and item.task_id not in ended]
        with transaction(self._connection):
            start_tasks(self._connection, starts)
            results = [item(self._connection) if callable(item) else None for item in items]
            if ends:
                end_tasks(self._connection, self._job_id, ends)
        return results
