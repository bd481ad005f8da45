"""A call in flight, and the cells that wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from glaze_cli.engine.patience import Patience
from glaze_cli.errors import NotAsked, ProviderError
from glaze_cli.model import Answer, Micros
from glaze_cli.store.permits import Seen


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


class Asker(Protocol):
    """The cell that asks, and how it asks."""

    task_id: int
    patience: Patience

    @property
    def row_id(self) -> int:
        """Its row, by the store's number."""

    @property
    def max_age(self) -> float | None:
        """Seconds: an answer remembered for longer does not count."""

    @property
    def allowance(self) -> Micros | None:
        """Most that the cell may still cost; None: no cap of its own."""


class Flight:
    """One lookup under way. While it waits for its turn, the clocks of its cells stand still.

    The worker of the cell that asked first carries it: that cell's clock watches from the beginning, others
    join. It goes on when cells that wait for it give up.
    """

    __slots__ = ("_landings", "_waiting", "_watchers", "asker", "seen")

    def __init__(self, asker: Asker, seen: Seen) -> None:
        """`seen`: what the store held about it when it was last looked at."""
        self.asker = asker
        self.seen = seen
        self._landings: list[asyncio.Future[Asked]] = []
        self._watchers = {asker.patience}
        self._waiting = 0

    async def join(self, patience: Patience) -> Asked:
        """Wait for its answer. Raises what the call raised."""
        landing: asyncio.Future[Asked] = asyncio.get_running_loop().create_future()
        self._landings.append(landing)
        self._watchers.add(patience)
        if self._waiting:
            patience.pause()
        try:
            return await landing
        finally:
            self._watchers.discard(patience)

    def landed(self, asked: Asked) -> None:
        """It is over: tell all that wait for it."""
        for landing in self._landings:
            if not landing.done():  # else its cell has given up
                landing.set_result(asked)

    def crashed(self, error: BaseException) -> None:
        """It ended in an error: raise that in all that wait for it."""
        for landing in self._landings:
            if landing.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                landing.cancel()
            else:
                landing.set_exception(error)

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
