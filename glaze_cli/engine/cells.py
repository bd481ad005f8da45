"""What a worker does with one cell: announce it, send it down its waterfall, record its ending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glaze_cli.engine.descent import Descent
from glaze_cli.engine.events import CellFinished, CellStarted, Listener, Silence
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.patience import Patience
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.engine.waterfall import Waterfall
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

    async def work(self, row: RowUnderWay, column: int, patience: Patience) -> None:
        """One cell, to its end. Raises StoreError and Left."""
        if self._writer.full:
            await self._writer.room()
        cell = CellRef(self._sheet, row.row.number, column) if self._heard else None
        plan = self._columns[column]
        way = patience.way = Descent(plan, row, cell, self._now(), patience, self._cap)
        if cell is not None:
            self._hear(CellStarted(cell, next(filter(None, row.row.data.values()), "")))
        await self._waterfall.fill(way)
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
    return TaskResult(
        way.task_id,
        way.row.row.id,
        way.status,
        way.reason,
        record,
        way.confidence,
        way.error,
        way.calls,
        tuple(way.usage),
        way.began,
        at,
        last=len(way.row.pending) == 1,
        alone=alone,
    )
