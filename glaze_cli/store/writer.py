"""The one writer of a run: whatever waits goes into one transaction after another (group commit)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from glaze_cli.errors import StoreError
from glaze_cli.store.alarm import Alarm
from glaze_cli.store.free_calls import FreeCall
from glaze_cli.store.group import Group, Work
from glaze_cli.store.paid_calls import PaidCall
from glaze_cli.store.results import TaskStart
from glaze_cli.store.tasks import TaskResult
from glaze_cli.store.transaction import transaction

T = TypeVar("T")

QUEUE = 2_000
"""Writes that may wait; who makes more waits too (`room`), so memory stays bounded."""

LINGER_S = 0.05
"""How long a write for which nobody waits may wait for company: a commit costs as much for one as for all."""

SHOWN_AFTER_S = 0.25
"""A cell that ends sooner is never written down as running: it would cost as much as its end."""


class Writer:
    """Groups whatever waits into one transaction.

    What may take long, getting the store to itself and the commit, runs in a thread: a slow disk or another
    process never holds the calls in flight. The statements between them run on the loop: in a thread they
    would fight with it for the interpreter, statement by statement.
    """

    def __init__(self, connection: sqlite3.Connection, job_id: str) -> None:
        self._connection = connection
        self._job_id = job_id
        self._group = Group()
        self._starts: dict[int, tuple[float, TaskStart]] = {}
        """By task: the loop's time at which it is to be written, the earliest first."""
        self._shown: set[int] = set()
        """Tasks that were written down as running."""
        self._clock = asyncio.get_running_loop()
        self._due = asyncio.Event()
        self._alarm = Alarm(self._due.set)
        self._lingering = False
        """Something waits for company."""
        self._room = asyncio.Event()
        self._closed = False
        self._broken: StoreError | None = None
        self.group = 0
        """The number of the transaction under way."""
        self.commits = 0
        """How many were committed: what they hold can be read."""
        self._loop = asyncio.create_task(self._drain())

    def is_of(self, connection: sqlite3.Connection) -> bool:
        """Whether it writes by that one."""
        return self._connection is connection

    def start(self, start: TaskStart) -> None:
        """Note that a cell is being asked; forgotten when it ends soon."""
        if start.task_id in self._starts or start.task_id in self._shown:
            return
        at = self._clock.time() + SHOWN_AFTER_S
        self._starts[start.task_id] = at, start
        if not self._alarm.is_set:  # else it rings sooner, and is set anew then
            self._alarm.by(at)

    def unstart(self, task_id: int) -> None:
        """The cell waits again."""
        self._starts.pop(task_id, None)

    def end(self, result: TaskResult) -> None:
        """Note a cell's final word. `close` waits for its commit. Raises StoreError when none can be made."""
        self._check()
        self._starts.pop(result.task_id, None)
        if result.task_id in self._shown:
            self._shown.discard(result.task_id)
            result = result._replace(last=True)  # its row is written down as running, and may be so no more
        self._group.ends.append(result)
        self._soon()

    def called(self, call: FreeCall) -> None:
        """Note a call that cost nothing, likewise."""
        self._check()
        self._group.calls.append(call)
        self._soon()

    def settled(self, call: PaidCall) -> None:
        """Note the answer to a paid call, likewise; it is not put off."""
        self._check()
        self._group.settled.append(call)
        self._due.set()

    def note(self, work: Work) -> None:
        """Run `work` inside the next transaction, likewise; it is not put off."""
        self._check()
        self._group.works.append((work, None))
        self._due.set()

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` inside the next transaction and return its result once that is committed."""
        await self.room()
        self._check()
        done: asyncio.Future[T] = self._clock.create_future()
        self._group.works.append((work, done))
        self._due.set()
        return await done

    @property
    def full(self) -> bool:
        """Whether there is so much to write that no more should be made."""
        return len(self._group) >= QUEUE and not self._broken

    async def room(self) -> None:
        """Wait while it is full."""
        while self.full:
            self._due.set()
            self._room.clear()
            await self._room.wait()

    async def close(self) -> None:
        """Commit what waits. Raises StoreError when anything could not be written."""
        self._closed = True
        self._due.set()
        await self._loop
        self._alarm.stop()
        self._check()

    def _check(self) -> None:
        if self._broken:
            raise self._broken

    def _soon(self) -> None:
        if not self._lingering:
            self._lingering = True
            self._alarm.by(self._clock.time() + LINGER_S)

    async def _drain(self) -> None:
        try:
            await self._write_on()
        except Exception as defect:  # else whoever waits for it would wait for ever
            self._break(StoreError(f"The store's writer broke: {type(defect).__name__}: {defect}"))
            self._take().tell([], self._broken)

    async def _write_on(self) -> None:
        while not self._closed or len(self._group) or self._starts:
            await self._due.wait()
            self._due.clear()
            if self._broken:  # what came after what was lost may build on it
                self._take().tell([], self._broken)
            elif len(self._group) or self._started(self._clock.time()):
                await self._commit()
            if self._closed:
                self._due.set()
            elif self._starts:
                self._alarm.by(next(iter(self._starts.values()))[0])

    async def _commit(self) -> None:
        group: Group | None = None
        results: list[Any] = []
        error: StoreError | None = None
        under_way = ExitStack()
        try:
            await asyncio.to_thread(under_way.enter_context, transaction(self._connection))
            self.group += 1
            group = self._take()  # only now: the more, the better
            try:
                results = group.write(self._connection, self._job_id)
            except BaseException as trouble:
                if not under_way.__exit__(type(trouble), trouble, trouble.__traceback__):
                    raise
            await asyncio.to_thread(under_way.close)
            self.commits += 1
        except Exception as trouble:  # whatever it was, nothing of the group was written: all must hear it
            error = trouble if isinstance(trouble, StoreError) else StoreError(str(trouble))
            self._break(error)
        if group is None:
            group = self._take()
        group.tell(results, error)

    def _break(self, error: StoreError) -> None:
        """Nothing is written from now on."""
        self._broken = error
        self._starts.clear()

    def _take(self) -> Group:
        group, self._group = self._group, Group()
        self._lingering = False
        self._room.set()
        now = self._clock.time()
        while (start := self._started(now)) is not None:
            del self._starts[start.task_id]
            self._shown.add(start.task_id)
            group.starts.append(start)
        return group

    def _started(self, now: float) -> TaskStart | None:
        """The first cell that has been asked for long enough to be written down as running."""
        for at, start in self._starts.values():
            return start if at <= now or self._closed else None
        return None
