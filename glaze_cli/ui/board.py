"""The sheet as the job changes it: the last word on every cell near the work."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from itertools import islice
from threading import Lock

from glaze_cli.engine.events import CellFinished, CellStarted, Event, JobStarted, TargetColumn, TierEntered
from glaze_cli.model import CellRef
from glaze_cli.ui.pan import Pan
from glaze_cli.ui.speed import Clock
from glaze_cli.ui.tally import Tally

AHEAD = 2
"""Rows that nobody has started yet, shown below the work."""

MANY = 7
"""Rows that run at once and do not yet count as many, in a window of any height."""

KEPT = 1_000
"""Rows whose cells are remembered: no terminal is higher, and seldom are more of them under way."""

LONGEST = 200
"""Characters of a text that are remembered: no column of a terminal is wider."""

BACKLOG = 20_000
"""Events that wait for the next frame; more than these (nobody draws: the terminal is held) are not kept."""

COLUMN_BITS = 15
"""A column's number fits: cells are kept by one integer of row and column, which is quick."""

NAMED = 40
"""Cells that are named in one line; no terminal is wide enough for more."""

CellEvent = CellStarted | TierEntered | CellFinished
"""The last word on a cell: started, asked about, ended."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the sheet in sight, and what goes on above it."""

    columns: tuple[TargetColumn, ...]
    rows: tuple[int, ...]
    about: tuple[str, ...]
    """Per row: what a person knows it by, raw; "" where that is not known."""
    cells: tuple[tuple[CellEvent | None, ...], ...]
    """Per row, per column; None: no event named the cell yet."""
    first_column: int = 0
    """How many of the job's columns are to the left."""
    above: tuple[CellRef, ...] = ()
    """Cells that still run in rows that have left the window; the first of them."""


class Board:
    """Hears events on the event loop's thread, which only puts them down; the thread that draws takes them
    in, under the lock, when a frame is due."""

    def __init__(self, clock: Clock) -> None:
        self.lock = Lock()
        self.tally = Tally(clock)
        self._clock = clock
        self._news: deque[Event] = deque()
        self._rows: dict[int, dict[int, CellEvent]] = {}
        self._about: dict[int, str] = {}
        self._running: dict[int, CellRef] = {}
        self._front = 0
        """The furthest row that was started."""
        self._latest: deque[int] = deque(maxlen=KEPT)
        """Rows in the order in which they became the front."""
        self._middle = 0
        """The row in the window's middle, where many rows run at once."""
        self._pan = Pan()

    def on_event(self, event: Event) -> None:
        """Put it down: all that the event loop pays for."""
        self._news.append(event)
        if len(self._news) > BACKLOG or isinstance(event, JobStarted):
            with self.lock:
                self.catch_up()

    def catch_up(self) -> None:
        """Take in what has happened. Hold the lock."""
        news = self._news
        while news:
            event = news.popleft()
            self.tally.on_event(event)
            if isinstance(event, (CellStarted, TierEntered, CellFinished)):
                self._put(event)

    def _put(self, event: CellEvent) -> None:
        cell = event.cell
        row, column = cell.row, cell.column
        cells = self._rows.get(row)
        if cells is None:
            cells = self._rows[row] = {}
            if len(self._rows) > KEPT:
                oldest = next(iter(self._rows))
                del self._rows[oldest]
                self._about.pop(oldest, None)
        cells[column] = event
        if isinstance(event, CellFinished):
            if isinstance(event.value, str) and len(event.value) > LONGEST:
                cells[column] = event._replace(value=event.value[:LONGEST] + "…")
            self._running.pop(row << COLUMN_BITS | column, None)
        elif isinstance(event, CellStarted):
            self._running[row << COLUMN_BITS | column] = cell
            if row > self._front:
                self._front = row
                self._latest.append(row)
                self._about[row] = event.about[:LONGEST]

    @property
    def told(self) -> bool:
        """Whether rows are known by more than their number. Hold the lock."""
        return any(self._about.values())

    def window(self, rows: int, columns: int) -> Window:
        """At most that many rows and columns, those where the work is. Hold the lock.

        Rows only ever move down, so that what is asked about next is in sight; where many rows run at once,
        the window stands where the first of them are, so that what was found is in sight as well. (A quarter
        of them may be slow and left above.) Columns are turned over, a page at a time.
        """
        job = self.tally.job
        if job is None:
            return Window((), (), (), ())
        numbers = self._numbers(job.rows, rows)
        first = 0
        if columns < len(job.columns):
            places = {column.column: place for place, column in enumerate(job.columns)}
            busy = {places[cell.column] for cell in self._running.values() if cell.column in places}
            first = self._pan.turn(len(job.columns), columns, busy, self._clock())
        wanted = job.columns[first : first + columns]
        top = numbers[0] if numbers else 0
        return Window(
            columns=wanted,
            rows=numbers,
            about=tuple(self._about.get(row, "") for row in numbers),
            cells=tuple(self._cells(row, wanted) for row in numbers),
            first_column=first,
            above=tuple(islice((cell for cell in self._running.values() if cell.row < top), NAMED)),
        )

    def _numbers(self, listed: tuple[int, ...], most: int) -> tuple[int, ...]:
        """The rows in sight; where the job's list of rows ends before the work, those that were seen."""
        rows = listed if listed and self._front <= listed[-1] else tuple(self._latest)
        running = sorted({key >> COLUMN_BITS for key in self._running})
        early = running[len(running) // 4] if len(running) > max(most // 2, MANY) else self._front
        self._middle = max(self._middle, early)
        ahead = bisect_left(rows, self._front) + 1 + AHEAD
        around = bisect_left(rows, self._middle) + (most + 1) // 2
        top = max(0, min(ahead, around, len(rows)) - most)
        return rows[top : top + most]

    def _cells(self, row: int, columns: tuple[TargetColumn, ...]) -> tuple[CellEvent | None, ...]:
        known = self._rows.get(row, {})
        return tuple(known.get(column.column) for column in columns)
