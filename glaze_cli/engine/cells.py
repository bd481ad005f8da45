"""What a worker does with one cell: announce it, send it down its waterfall, record its ending."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

from glaze_cli.engine.descent import Descent
from glaze_cli.engine.events import CellFinished, CellStarted, Listener, Silence
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.patience import Patience
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.engine.waterfall import Halt, Waterfall
from glaze_cli.model import CellRef, FailReason, Micros, TaskStatus, usd
from glaze_cli.store.clock import Clock
from glaze_cli.store.tasks import TaskResult
from glaze_cli.store.writer import Writer


class Cells:
    """The work of a run's cells; one for all workers."""

    def __init__(
        self,
        columns: Mapping[int, ColumnPlan],
        sheet: str,
        cell_cap: Micros | None,
        lookups: Lookups,
        writer: Writer,
        listener: Listener,
        now: Clock,
    ) -> None:
        """`columns`: by number. `cell_cap`: most that the calls of a cell may cost; None: none of its own."""
        self._columns = columns
        self._alone = len(columns) == 1  # each cell is the only one of its row
        self._sheet = sheet
        self._writer = writer
        self._hear = listener.on_event
        self._heard = not isinstance(listener, Silence)
        self._waterfall = Waterfall(lookups, writer, self._hear)
        self._cap = cell_cap
        self._now = now
        self.over_budget = ""
        """Which spending cap stood in the way of a cell that is left, in words; "" where none did."""

    def begin(self, row: RowUnderWay, column: int, patience: Patience) -> Awaitable[None] | None:
        """Send one cell down; what is to be awaited for its end, None where that has come already.

        Raises StoreError, and so does what is awaited, which raises Left as well.
        """
        if self._writer.full:
            return self._begin_later(row, column, patience)
        cell = CellRef(self._sheet, row.row.number, column) if self._heard else None
        plan = self._columns[column]
        way = Descent(plan, row, cell, self._now(), patience, self._cap)
        if cell is not None:
            self._hear(CellStarted(cell, next(filter(None, row.row.data.values()), "")))
        halt = self._waterfall.begin(way)
        if halt is not None:
            patience.way = way
            return self._end(way, halt)
        self._record(way)
        return None

    async def _begin_later(self, row: RowUnderWay, column: int, patience: Patience) -> None:
        """There is so much to write that no more should be made."""
        await self._writer.room()
        ending = self.begin(row, column, patience)
        if ending is not None:
            await ending

    async def _end(self, way: Descent, halt: Halt) -> None:
        await self._waterfall.end(way, halt)
        self._record(way)

    def give_up(self, way: Descent, seconds: float) -> None:
        """It took longer than that, and its worker has left it. Raises StoreError."""
        way.run_late(seconds)
        self._record(way)

    def _record(self, way: Descent) -> None:
        """Its ending, and what its row learns from it."""
        row, column, cell = way.row, way.column.column, way.cell
        if len(row.pending) > 1:
            now = way.value if way.value is not None else row.held.get(column)
            if now is not None:  # what a cell held before is an input too, once nothing newer was found
                row.learn(way.column, now)
        if way.status is TaskStatus.QUEUED:
            if way.reason == FailReason.BUDGET:
                self.over_budget = self.over_budget or way.error or ""
            self._writer.unstart(way.task_id)
        else:
            self._writer.end(_result(way, self._now(), self._alone))
        if cell is not None:
            self._hear(_finished(cell, way))


def _finished(cell: CellRef, way: Descent) -> CellFinished:
    if way.status is TaskStatus.QUEUED:
        return CellFinished(cell, way.status, reason=way.reason)
    cost, usage = Micros(way.cost), tuple(way.usage)
    return CellFinished(cell, way.status, way.value, way.tier, way.provider, way.reason, cost, usage)


def _result(way: Descent, at: str, alone: bool) -> TaskResult:
    metadata: dict[str, Any] = {"cost": usd(way.cost), "provider": way.provider, "attempts": way.trail}
    if way.citations:
        metadata["citations"] = way.citations
    record = {
        "value": way.value,
        "confidence": way.confidence,
        "source": way.source,
        "timestamp": at,
        "metadata": metadata,
    }
    row, usage = way.row, tuple(way.usage)
    ended = (way.status, way.reason, record, way.confidence, way.error, way.calls, usage, way.began, at)
    # What TaskResult(...) does in the end, in a third of its time: there is one a cell.
    return tuple.__new__(TaskResult, (way.task_id, row.row.id, *ended, len(row.pending) == 1, alone))
