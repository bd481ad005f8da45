"""What the live grid costs: `python benchmarks/live_grid.py [SECONDS]`; a Markdown table on stdout.

The real grid draws on its own thread into a handle that keeps nothing, while another thread sends events of
a job under way, 1,000 a second. "Drawing" is the CPU time of the drawing thread by second of the run: working
out the frame, taking in the events, making the terminal's bytes. "An event" is what `on_event` costs its
caller, the event loop, and what the drawing thread does with it later.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Iterator

from machine import machine
from rich.console import Console

from glaze_cli.engine.events import CellFinished, CellStarted, Event, JobStarted, TargetColumn, TierEntered
from glaze_cli.model import CellRef, Micros, TaskStatus, Tier
from glaze_cli.store.tasks import Usage
from glaze_cli.ui.board import Board
from glaze_cli.ui.grid import LiveGrid

EVENTS_A_SECOND = 1_000
COLUMNS = {6: 3, 400: 4, 100_000: 10}
SIZES = ((80, 24), (200, 50))
AT_ONCE = 100
USAGE = (Usage("gleif", Tier.FREE, calls=1),)


class Sink(io.StringIO):
    """Counts what it is sent, keeps nothing."""

    sent = 0

    def write(self, text: str) -> int:
        self.sent += len(text.encode())
        return len(text)


def job(cells: int) -> JobStarted:
    """So many cells."""
    targets = tuple(TargetColumn(3 + place, f"Header {place}") for place in range(COLUMNS[cells]))
    rows = tuple(range(2, cells // len(targets) + 2))
    return JobStarted("1f2e3a4b", "leads.xlsx", "Q4", "C2:L", targets, rows, cells, 0, Micros(5_000_000))


def events(cells: int) -> Iterator[Event]:
    """Started, asked, ended; a hundred cells behind one another under way. Small jobs begin anew."""
    columns = COLUMNS[cells]
    most = min(AT_ONCE, cells // 2)
    while True:
        for number in range(cells + most):
            if number < cells:
                cell = CellRef("Q4", 2 + number // columns, 3 + number % columns)
                yield CellStarted(cell, f"Company {number} GmbH")
                yield TierEntered(cell, Tier.FREE, "gleif")
            if (late := number - most) >= 0:
                cell = CellRef("Q4", 2 + late // columns, 3 + late % columns)
                value, status = f"person-{late}@example.com", TaskStatus.DONE
                yield CellFinished(cell, status, value, Tier.FREE, "gleif", None, Micros(100), USAGE)


def drawing(cells: int, width: int, height: int, seconds: float) -> tuple[float, float, float]:
    """(CPU seconds of drawing by second, frames a second, bytes a second)."""
    sink = Sink()
    console = Console(file=sink, width=width, height=height, force_terminal=True, color_system="256")
    grid = LiveGrid(console)
    spent: list[float] = []
    draw = grid.draw

    def measured() -> None:
        began = time.thread_time()
        draw()
        spent.append(time.thread_time() - began)

    grid._painter._draw = measured
    grid.on_event(job(cells))
    stream = events(cells)
    with grid:
        began = time.monotonic()
        sent = 0
        while (now := time.monotonic() - began) < seconds:
            while sent < now * EVENTS_A_SECOND:
                grid.on_event(next(stream))
                sent += 1
            time.sleep(0.005)
        frames, cost = len(spent), sum(spent)
    return cost / seconds, frames / seconds, sink.sent / seconds


def event_cost(cells: int = 100_000, number: int = 30_000) -> tuple[float, float]:
    """(µs to put an event down, µs to take it in), in batches as they come between two frames."""
    stream = events(cells)
    board = Board(time.monotonic)
    board.on_event(job(cells))
    down = taken = 0.0
    for _ in range(number // 1_000):
        batch = [next(stream) for _ in range(1_000)]
        began = time.thread_time()
        for event in batch:
            board.on_event(event)
        put = time.thread_time()
        with board.lock:
            board.catch_up()
        taken += time.thread_time() - put
        down += put - began
    return down / number * 1e6, taken / number * 1e6


def main() -> None:
    """Measure, and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    print(f"{machine('rich')}\n")
    print("| cells | terminal | drawing, share of a core | frames a second | kB a second |")
    print("|---|---|---|---|---|")
    for cells in COLUMNS:
        for width, height in SIZES:
            share, frames, sent = drawing(cells, width, height, seconds)
            size = f"{width} x {height}"
            print(f"| {cells:,} | {size} | {share:.1%} | {frames:.1f} | {sent / 1000:.0f} |", flush=True)
    down, taken = event_cost()
    print(f"\nAn event costs the event loop {down:.2f} µs, and the drawing thread {taken:.2f} µs to take in.")


if __name__ == "__main__":
    main()
