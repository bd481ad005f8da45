"""What is remembered of a sheet while it is being filled in."""

from __future__ import annotations

from collections.abc import Iterator

from glaze_cli.engine.events import CellFinished, CellStarted, Event, JobStarted, TargetColumn, TierEntered
from glaze_cli.model import CellRef, TaskStatus, Tier
from glaze_cli.model.cells import MAX_COLUMN
from glaze_cli.ui.board import BACKLOG, KEPT, Board


def at(row: int, column: int) -> CellRef:
    """A cell of the sheet."""
    return CellRef("Q3", row, column)


def worked(rows: int) -> Iterator[Event]:
    """Every cell of column D from row 3 on started, asked and found."""
    for row in range(3, rows + 2):
        cell = at(row, 4)
        yield CellStarted(cell)
        yield TierEntered(cell, Tier.FREE, "gleif")
        yield CellFinished(cell, TaskStatus.DONE, "value", Tier.FREE, "gleif")


def test_a_sheet_of_any_size_is_remembered_in_part() -> None:
    """Memory is that of a few hundred rows, not of the sheet; a row that was forgotten may still end."""
    board = Board(lambda: 0.0)
    columns = (TargetColumn(4, "Email"),)
    board.on_event(JobStarted("j", "f", "", "D", columns, tuple(range(2, 9_002)), 9_000))
    board.on_event(CellStarted(at(2, 4)))
    for event in worked(9_000):
        board.on_event(event)
    board.on_event(CellFinished(at(2, 4), TaskStatus.DONE, "late" * 300_000, Tier.FREE, "gleif"))
    with board.lock:
        board.catch_up()
        assert len(board._rows) == KEPT
        assert board.tally.ended == 9_000
        assert len(str(board._rows[2][4])) < 1_000
        window = board.window(10, 1)
    assert window.rows == tuple(range(8_992, 9_002))
    assert all(cells[0] is not None for cells in window.cells)
    assert window.above == ()


def test_events_that_nobody_draws_are_counted_all_the_same() -> None:
    """A terminal that is held (Ctrl-S) stops the drawing: what happens meanwhile does not heap up."""
    board = Board(lambda: 0.0)
    board.on_event(JobStarted("j", "f", "", "D", (), (), 0))
    for _ in range(BACKLOG + 10):
        board.on_event(CellFinished(at(2, 4), TaskStatus.DONE, "x"))
    assert board.tally.ended > BACKLOG
    assert len(board._news) < BACKLOG


def test_the_last_column_of_a_workbook_is_a_cell_like_any_other() -> None:
    """Rows do not get in each other's way: XFD2 ended, XFD3 still runs."""
    board = Board(lambda: 0.0)
    board.on_event(
        JobStarted("j", "f", "", "XFD", (TargetColumn(MAX_COLUMN, "Last"),), tuple(range(2, 90)), 88)
    )
    for row in (2, 3, 60):
        board.on_event(CellStarted(at(row, MAX_COLUMN)))
    board.on_event(CellFinished(at(2, MAX_COLUMN), TaskStatus.NOT_FOUND))
    with board.lock:
        board.catch_up()
        assert [cell.a1 for cell in board.window(10, 1).above] == ["XFD3"]
