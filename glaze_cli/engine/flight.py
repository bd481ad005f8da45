"""A call in flight, and the cells that wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from glaze_cli.engine.patience import Patience
from glaze_cli.errors import NotAsked, ProviderError
from glaze_cli.model import Answer, Micros
from glaze_cli.store.permits import NOTHING_SEEN, Seen


class Asked(NamedTuple):
    """What asking came to, and what it took. A plain tuple: there are some a cell."""

    outcome: Answer | ProviderError | NotAsked
    """A failure is a value here: the waterfall goes on, and its receipt keeps it."""
    cached: bool = False
    """It was answered before, in this job or an earlier one."""
    joined: bool = False
    """Another cell's call brought it: one in flight, or an earlier one about the same row."""
    calls: int = 0
    cost: Micros = Micros(0)
    at: str | None = None
    """When it was answered, where it was known before."""
    saved: Micros = Micros(0)
    """What it cost when it was asked for, and did not cost again."""


class Asker(NamedTuple):
    """The cell that asks, and how it asks."""

    task_id: int | None = None
    row_id: int | None = None
    patience: Patience | None = None
    max_age: float | None = None
    """Seconds: an answer remembered for longer does not count."""
    allowance: Micros | None = None
    """Most that the cell may still cost; None: no cap of its own."""


NOBODY = Asker()


class Flight:
    """One lookup under way. While it waits for its turn, the clocks of its cells stand still.

    The call is a task of its own, and goes on when a cell that waits for it gives up.
    """

    __slots__ = ("_landings", "_waiting", "_watchers", "asker", "seen", "task")

    def __init__(self, asker: Asker = NOBODY, seen: Seen = NOTHING_SEEN) -> None:
        """`seen`: what the store held about it when it was last looked at."""
        self.asker = asker
        self.seen = seen
        self.task: asyncio.Task[Asked] | None = None
        self._landings: list[asyncio.Future[Asked]] = []
        self._watchers: set[Patience] = set()
        self._waiting = 0

    async def join(self, patience: Patience | None) -> Asked:
        """Wait for its answer. Raises what the call raised."""
        landing: asyncio.Future[Asked] = asyncio.get_running_loop().create_future()
        self._landings.append(landing)
        if patience is None:
            return await landing
        self._watchers.add(patience)
        if self._waiting:
            patience.pause()
        try:
            return await landing
        finally:
            self._watchers.discard(patience)

    def landed(self, call: asyncio.Task[Asked]) -> None:
        """It is over: tell all that wait for it."""
        error = None if call.cancelled() else call.exception()  # seen here, in case nobody waits any more
        for landing in self._landings:
            if landing.done():  # its cell has given up
                continue
            if call.cancelled():
                landing.cancel()
            elif error is not None:
                landing.set_exception(error)
            else:
                landing.set_result(call.result())

    def pause(self) -> None:
        """From now on no cell's time runs; every pause has its `resume`."""
        self._waiting += 1
        if self._waiting == 1:
            for patience in self._watchers:
                patience.pause()

    def resume(self) -> None:
        """It does again."""
        self._waiting -= 1
        if self._waiting == 0:
            for patience in self._watchers:
                patience.resume()

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Inside, no cell's time runs."""
        self.pause()
        try:
            yield
        finally:
            self.resume()
