"""What a worker does with one cell: announce it, send it down its waterfall, record its ending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from glaze_cli.engine.events import CellFinished, CellStarted, Listener
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.engine.waterfall import CellLimits, Ending, fill
from glaze_cli.model import CellRef, FailReason, Micros, TaskStatus, usd
from glaze_cli.store.clock import Clock
from glaze_cli.store.results import TaskStart
from glaze_cli.store.tasks import TaskResult
from glaze_cli.store.writer import Writer


class Cells:
    """The work of a run's cells; one for all workers."""

    def __init__(
        self,
        columns: Sequence[ColumnPlan],
        sheet: str,
        limits: CellLimits,
        lookups: Lookups,
        writer: Writer,
        listener: Listener,
        now: Clock,
    ) -> None:
        self._columns = {plan.column: plan for plan in columns}
        self._sheet = sheet
        self._limits = limits
        self._lookups = lookups
        self._writer = writer
        self._hear = listener.on_event
        self._now = now
        self.over_budget = ""
        """Which spending cap stood in the way of a cell that is left, in words; "" where none did."""

    async def work(self, row: RowUnderWay, column: int) -> None:
        """One cell, to its end. Raises StoreError only."""
        cell = CellRef(self._sheet, row.row.number, column)
        plan, task_id, began = self._columns[column], row.pending[column], self._now()
        if self._writer.full:
            await self._writer.room()
        self._writer.start(TaskStart(task_id, row.row.id, began))
        self._hear(CellStarted(cell, next(filter(None, row.row.data.values()), "")))
        ending = await fill(plan, row, self._lookups, self._limits, cell, self._hear)
        now = ending.value if ending.value is not None else row.held.get(column)
        if now is not None and len(row.pending) > 1:
            row.learn(plan, now)  # what a cell held before is an input too, once nothing newer was found
        if ending.status is TaskStatus.QUEUED:
            if ending.reason == FailReason.BUDGET:
                self.over_budget = self.over_budget or ending.error or ""
            self._writer.unstart(task_id)
            self._hear(CellFinished(cell, TaskStatus.QUEUED, reason=ending.reason))
            return
        last = len(row.pending) == 1
        self._writer.end(_result(ending, task_id, row.row.id, (began, self._now()), last))
        self._hear(_finished(cell, ending))


def _finished(cell: CellRef, ending: Ending) -> CellFinished:
    value, tier, provider = ending.value, ending.tier, ending.provider
    cost = Micros(ending.cost)
    return CellFinished(cell, ending.status, value, tier, provider, ending.reason, cost, ending.usage)


def _result(ending: Ending, task_id: int, row_id: int, times: tuple[str, str], last: bool) -> TaskResult:
    metadata: dict[str, Any] = {
        "cost": usd(ending.cost),
        "provider": ending.provider,
        "attempts": ending.trail,
    }
    if ending.citations:
        metadata["citations"] = ending.citations
    record = {
        "value": ending.value,
        "confidence": ending.confidence,
        "source": ending.source,
        "timestamp": times[1],
        "metadata": metadata,
    }
    return TaskResult(
        task_id,
        row_id,
        ending.status,
        ending.reason,
        record,
        ending.confidence,
        ending.error,
        ending.calls,
        ending.usage,
        *times,
        last,
    )
