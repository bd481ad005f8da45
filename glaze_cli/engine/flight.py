"""A call in flight, and the cells that wait for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from glaze_cli.engine.patience import Patience
from glaze_cli.errors import NotAsked, ProviderError
from glaze_cli.model import Answer, Micros
from glaze_cli.store.permits import NOTHING_SEEN, Seen


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking came to, and what it took."""

    outcome: Answer | ProviderError | NotAsked
    """A failure is a value here: the waterfall goes on, and its receipt keeps it."""
    cached: bool = False
    """It was answered before, in this job or an earlier one."""
    joined: bool = False
    """Another cell's call brought it: one in flight, or an earlier one about the same row."""
    calls: int = 0
    cost: Micros = Micros(0)  # noqa: RUF009  (an int: a constant, not a call that shares state)
    at: str | None = None
    """When it was answered, where it was known before."""
    saved: Micros = Micros(0)  # noqa: RUF009  (likewise)
    """What it cost when it was asked for, and did not cost again."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The cell that asks, and how it asks."""

    task_id: int | None = None
    row_id: int | None = None
    patience: Patience | None = None
    max_age: float | None = None
    """Seconds: an answer remembered for longer does not count."""
    allowance: Micros | None = None
    """Most that the cell may still cost; None: no cap of its own."""


class Flight:
    """One lookup under way. While it waits for its turn, the clocks of its cells stand still."""

    def __init__(self, asker: Asker = Asker(), seen: Seen = NOTHING_SEEN) -> None:
        """`seen`: what the store held about it when it was last looked at."""
        self.asker = asker
        self.seen = seen
        self.task: asyncio.Task[Asked] | None = None
        self._watchers: set[Patience] = set()
        self._waiting = 0

    async def join(self, patience: Patience | None) -> Asked:
        """Wait for it; it goes on when the one who waits gives up."""
        assert self.task is not None
        if patience is None:
            return await asyncio.shield(self.task)
        self._watchers.add(patience)
        if self._waiting:
            patience.pause()
        try:
            return await asyncio.shield(self.task)
        finally:
            self._watchers.discard(patience)

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
