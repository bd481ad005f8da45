"""The sheet as the job changes it: where every cell is, sampled through a window of rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from threading import Lock

from glaze_cli.engine.events import CellFinished, CellStarted, Event, JobStarted, TargetColumn, TierEntered
from glaze_cli.model import CellRef, TaskStatus, Tier
from glaze_cli.ui.tally import Clock, Tally

KEPT = 200
"""Characters of a value that are kept to be shown: no column of a terminal is wider."""

AHEAD = 2
"""Rows that nobody has started yet, shown below the work."""


@dataclass(frozen=True, slots=True)
class CellView:
    """What is known of one cell."""

    status: TaskStatus
    tier: Tier | None = None
    text: str = ""
    """The value, or why there is none; raw, so not to be printed as it is."""


@dataclass(frozen=True, slots=True)
class Window:
    """The rows in sight, and what goes on above them."""

    columns: tuple[TargetColumn, ...]
    rows: tuple[int, ...]
    cells: tuple[tuple[CellView | None, ...], ...]
    """Per row, per column; None: no event named the cell yet."""
    counts: tuple[Counter[TaskStatus], ...]
    """Per column: how its cells ended, those out of sight included."""
    above: tuple[CellRef, ...]
    """Cells that still run in rows that have left the window."""


class Board:
    """Hears events on the event loop's thread; is looked at by the thread that draws, under the lock."""

    def __init__(self, clock: Clock) -> None:
        self.lock = Lock()
        self.tally = Tally(clock)
        self._cells: dict[tuple[int, int], CellView] = {}
        self._index: dict[int, int] = {}
        self._front = 0

    def on_event(self, event: Event) -> None:
        """Take note: one pass over the rows when the job starts, a few steps for every event after it."""
        with self.lock:
            self.tally.on_event(event)
            match event:
                case JobStarted():
                    self._index = {row: index for index, row in enumerate(event.rows)}
                case CellStarted(cell):
                    self._front = max(self._front, self._index.get(cell.row, 0))
                    self._put(cell, CellView(TaskStatus.RUNNING))
                case TierEntered(cell, tier):
                    self._put(cell, CellView(TaskStatus.RUNNING, tier))
                case CellFinished(cell):
                    text = event.reason if event.value is None else str(event.value)
                    self._put(cell, CellView(event.status, event.tier, (text or "")[:KEPT]))

    def _put(self, cell: CellRef, view: CellView) -> None:
        self._cells[cell.row, cell.column] = view

    def window(self, rows: int, columns: int) -> Window:
        """At most that many rows and columns, the rows where the latest work began among them.

        It only ever moves down: the front is the furthest row that was started. Hold the lock.
        """
        job = self.tally.job
        if job is None:
            return Window((), (), (), (), ())
        top = max(0, min(self._front + 1 + AHEAD, len(job.rows)) - rows)
        numbers, wanted = job.rows[top : top + rows], job.columns[:columns]
        return Window(
            columns=wanted,
            rows=numbers,
            cells=tuple(tuple(self._cells.get((row, column.column)) for column in wanted) for row in numbers),
            counts=tuple(Counter(self.tally.columns.get(column.column)) for column in wanted),
            above=tuple(cell for cell in self.tally.running if self._index.get(cell.row, top) < top),
        )
