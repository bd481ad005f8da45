"""Which cell is next: ready cells of rows under way first, else those of the next row."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from glaze_cli.engine.rows import RowUnderWay

_NOTHING = frozenset[int]()


class Schedule:
    """Hands out cells so that a row's cell starts after those that feed it, and memory is bounded by the
    cells in work: the next row is only read when nothing else is ready.
    """

    def __init__(
        self, rows: Iterator[RowUnderWay], after: Mapping[int, frozenset[int]], stop: asyncio.Event
    ) -> None:
        """`after`: column → the columns that have to end before it. Once `stop` is set, no cell is handed
        out any more."""
        self._stop = stop
        self._rows = rows
        self._after = {column: before for column, before in after.items() if before}
        self._ready: deque[tuple[RowUnderWay, int]] = deque()
        self._blocked: dict[int, list[int]] = {}
        self._busy = 0
        self._news = asyncio.Event()
        self._waiting = 0

    async def take(self) -> tuple[RowUnderWay, int] | None:
        """(row, column) of the next cell; waits while others may free one; None when there is none."""
        while not self._stop.is_set():
            while not self._ready:
                row = next(self._rows, None)
                if row is None:
                    break
                self._release(row, row.pending)
            if self._ready:
                self._busy += 1
                return self._ready.popleft()
            if not self._busy:
                return None
            self._news.clear()
            self._waiting += 1
            await self._news.wait()
            self._waiting -= 1
        return None

    def wake(self) -> None:
        """Let those that wait for a cell look again."""
        self._news.set()

    def done(self, row: RowUnderWay, column: int) -> None:
        """The cell ended: what waited for it may start."""
        del row.pending[column]
        self._busy -= 1
        if self._blocked:
            self._release(row, self._blocked.pop(row.row.id, ()))
        if self._waiting:
            self.wake()

    def _release(self, row: RowUnderWay, columns: Iterable[int]) -> None:
        if not self._after:  # no column feeds another
            self._ready.extend([(row, column) for column in columns])
            return
        still = []
        for column in columns:
            if not self._after.get(column, _NOTHING).isdisjoint(row.pending):
                still.append(column)
            else:
                self._ready.append((row, column))
        if still:
            self._blocked[row.row.id] = still
