"""What a worker does with one cell: announce it, send it down its waterfall, record its ending."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from glaze_cli.engine.events import CellFinished, CellStarted, Listener, TierEntered
from glaze_cli.engine.lookups import Lookups
from glaze_cli.engine.plan import ColumnPlan
from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.engine.waterfall import CellLimits, Ending, fill
from glaze_cli.model import CellRef, FailReason, Micros, TaskStatus, Tier, usd
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
        self._listener = listener
        self._now = now
        self.over_budget = ""
        """Which spending cap stood in the way of a cell that is left, in words; "" where none did."""

    async def work(self, row: RowUnderWay, column: int) -> None:
        """One cell, to its end. Raises StoreError only."""
        cell = CellRef(self._sheet, row.row.number, column)
        task_id, began = row.pending[column], self._now()
        await self._writer.start(TaskStart(task_id, row.row.id, began))
        self._listener.on_event(CellStarted(cell, next(filter(None, row.row.data.values()), "")))
        ending = await self._fill(row, cell)
        now = ending.value if ending.value is not None else row.held.get(column)
        if now is not None:  # what a cell held before is an input too, once nothing newer was found
            row.learn(self._columns[column], now)
        if ending.status is TaskStatus.QUEUED:
            if ending.reason == FailReason.BUDGET:
                self.over_budget = self.over_budget or ending.error or ""
            self._listener.on_event(CellFinished(cell, TaskStatus.QUEUED, reason=ending.reason))
            return
        await self._writer.end(self._result(ending, task_id, row.row.id, began))
        self._listener.on_event(
            CellFinished(
                cell,
                ending.status,
                ending.value,
                ending.tier,
                ending.provider,
                ending.reason,
                Micros(ending.cost),
                ending.usage,
            )
        )

    async def _fill(self, row: RowUnderWay, cell: CellRef) -> Ending:
        def on_tier(tier: Tier, provider: str) -> None:
            self._listener.on_event(TierEntered(cell, tier, provider))

        return await fill(self._columns[cell.column], row, self._lookups, self._limits, on_tier)

    def _result(self, ending: Ending, task_id: int, row_id: int, began: str) -> TaskResult:
        at = self._now()
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
            "timestamp": at,
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
            began,
            at,
        )
