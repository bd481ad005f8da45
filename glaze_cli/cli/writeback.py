"""From a job's values to its patch, and from there into the file as it is now."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from glaze_cli.cli.found import FoundJob
from glaze_cli.cli.patching import Outcome, put
from glaze_cli.engine.plan import header_fields
from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import Book, WriteOptions
from glaze_cli.sheets.headers import Headers
from glaze_cli.sheets.patch_json import file_sha256
from glaze_cli.store.found_values import found_values
from glaze_cli.store.jobs import Job
from glaze_cli.store.tasks import DoneTask, done_tasks, keep_old, overwritten
from glaze_cli.store.transaction import transaction

if TYPE_CHECKING:
    from glaze_cli.sheets.log import LogEntry, LogRows
    from glaze_cli.sheets.place import Placements


def job_changes(found: FoundJob) -> Iterator[Change]:
    """The job's patch, in the order of the file as it was read: headers of added columns, then each row's
    values with the notes about them."""
    sheet, kept = found.job.sheet, found.kept
    for column, header in kept.added.items():
        yield Change(CellRef(sheet, kept.header_row, column), header)
    if not kept.notes:  # then they are in that order already, and nothing else of their records matters
        for row, column, value, old in found_values(found.connection, found.job.id):
            yield Change(CellRef(sheet, row, column), value, old)
        return
    done = done_tasks(found.connection, found.job.id)
    for _, tasks in groupby(done, key=lambda task: task.row):
        changes = [change for task in tasks for change in _of_task(found, task)]
        yield from sorted(changes, key=lambda change: change.cell)


def _of_task(found: FoundJob, task: DoneTask) -> Iterator[Change]:
    from glaze_cli.cli.notes import notes_on  # few jobs have any

    sheet = found.job.sheet
    yield Change(CellRef(sheet, task.row, task.column), task.value, task.old)
    for column, text in notes_on(found.kept.notes, task.column, task.record):
        # What an earlier note says is of no interest: it is about an earlier value.
        yield Change(CellRef(sheet, task.row, column), text, old_known=column in found.kept.added)


def write_back(found: FoundJob, book: Book, target: Path, options: WriteOptions) -> Outcome:
    """Write the job's values into `book`'s file, or to `target`.

    A file that is byte for byte what was read takes them as they are; in one that was changed since, each
    value goes to the row with its inputs, and what cannot be placed for certain stays out, with a reason.
    Raises WriteFailed, SheetError; then nothing is written.
    """
    if file_sha256(book.path) == found.job.file_sha256:
        _keep_old(found, book)
        added = tuple(found.kept.added)
        outcome = Outcome()
        log = _log(found, outcome, lambda cell: cell)
        changes = outcome.fitting(book, job_changes(found))
        report = book.write(changes, target, replace(options, added_columns=added, log=log))
        outcome.written, outcome.defused = report.written, report.defused
        outcome.notices += report.warnings
        return outcome
    placements = place_changes(found, book, list(job_changes(found)), found.kept.headers)
    lost = {unplaced.change.cell for unplaced in placements.unplaced}
    outcome = Outcome(unplaced=list(placements.unplaced))
    log = _log(found, outcome, lambda cell: None if cell in lost else placements.find(cell))
    options = replace(options, added_columns=placements.added_columns, log=log)
    return put(book, placements.placed, target, options, outcome)


def _log(found: FoundJob, outcome: Outcome, now: Callable[[CellRef], CellRef | None]) -> LogRows | None:
    """The rows of the log sheet, if one was asked for: each value of the job that stands in the file when
    the changes are written. `now`: where a cell is in the file."""
    if not found.kept.options.log_sheet:
        return None
    from glaze_cli.cli.notes import log_entry
    from glaze_cli.sheets.log import LogRows

    def entries() -> Iterator[LogEntry]:
        left = outcome.left_cells()
        for task in done_tasks(found.connection, found.job.id):
            cell = now(CellRef(found.job.sheet, task.row, task.column))
            if cell is not None and cell not in left:
                yield log_entry(task, cell)

    return LogRows(found.job.id, entries)


def take_back(found: FoundJob, book: Book, options: WriteOptions) -> Outcome:
    """Restore what the job's cells held before, wherever their rows are now; touched cells are left alone.

    The header of an added column goes too, once nothing of the job is left in its column; and from the log
    its rows.
    """
    added = found.kept.added
    headers = _with_added(found.kept.headers, added)
    cells = [change for task in done_tasks(found.connection, found.job.id) for change in _back(found, task)]
    cells.sort(key=lambda change: change.cell)
    placements = place_changes(found, book, cells, headers)
    if found.kept.options.log_sheet:
        from glaze_cli.sheets.log import LogRows

        options = replace(options, log=LogRows(found.job.id))
    outcome = put(book, placements.placed, book.path, options)
    outcome.unplaced = list(placements.unplaced)
    if added and not outcome.left:
        _remove_headers(found, book, options, outcome)
    return outcome


def _remove_headers(found: FoundJob, book: Book, options: WriteOptions, outcome: Outcome) -> None:
    """Take back the headers of added columns, and in a CSV the columns with them, if they are the last."""
    sheet, row = found.job.sheet, found.kept.header_row
    now = Headers.of(book.sheet(sheet or None), row)
    places = [(header, column) for header in found.kept.added.values() for column in now.called(header)]
    changes = [Change(CellRef(sheet, row, column), None, header) for header, column in places]
    columns = tuple(sorted(column for _, column in places))
    last = columns == tuple(range(len(now.texts) - len(columns) + 1, len(now.texts) + 1))
    try:
        done = put(book, changes, book.path, replace(options, removed_columns=columns if last else ()))
        outcome.written += done.written
    except SheetRefused as refusal:  # a table has taken the column in
        outcome.notices.append(f"The header of what the job added stays. {refusal}")


def _back(found: FoundJob, task: DoneTask) -> Iterator[Change]:
    """What the task's cell held before, and no notes about a value that is not there."""
    from glaze_cli.cli.notes import notes_on

    sheet = found.job.sheet
    yield Change(CellRef(sheet, task.row, task.column), task.old, task.value)
    for column, text in notes_on(found.kept.notes, task.column, task.record):
        yield Change(CellRef(sheet, task.row, column), None, text)


def place_changes(
    found: FoundJob, book: Book, changes: Sequence[Change], headers: tuple[str, ...]
) -> Placements:
    """The changes with the cells they belong to in the file as it is now.

    A row is known by all its known columns; where that fails, since some of them were filled meanwhile,
    by just those that the providers read, which are what its values follow from.
    """
    from glaze_cli.sheets.place import Placements, Reading, Unplaced, place  # most files are as they were

    added = {column: header for column, header in found.kept.added.items() if column > len(headers)}
    rows = [(task.row, task.data) for task in _one_a_row(found.connection, found.job)]
    sheet = book.sheet(found.job.sheet or None)
    then = Headers(found.kept.header_row, headers)
    first = place(sheet, Reading(then, _identity(found, headers), added), rows, changes)
    if not (first.unplaced and found.kept.inputs):
        return first
    left = [unplaced.change for unplaced in first.unplaced]
    second = place(sheet, Reading(then, found.kept.inputs, added), rows, left)
    taken = {change.cell for change in first.placed}
    more = [change for change in second.placed if change.cell not in taken]
    placed = sorted([*first.placed, *more], key=lambda change: change.cell)
    clash = [
        Unplaced(change, f"{change.cell} was not placed: its row is taken for that of another value.")
        for change in left
        if len(more) < len(second.placed) and second.find(change.cell) in taken
    ]
    moves = (*first.moves, *second.moves)
    return Placements(tuple(placed), (*second.unplaced, *clash), first.added_columns, moves)


def _identity(found: FoundJob, headers: Sequence[str]) -> tuple[str, ...]:
    """The headers that tell one row from another: known fields first, else whatever is not filled."""
    filled = {target.header for target in found.kept.targets} | {note.header for note in found.kept.notes}
    fields = header_fields(headers, found.kept.options.settings())
    others = [(h, f) for h, f in zip(headers, fields, strict=True) if h and h not in filled]
    known = tuple(dict.fromkeys(header for header, field in others if not field.startswith("header:")))
    return known or tuple(dict.fromkeys(header for header, _ in others))


def _one_a_row(connection: sqlite3.Connection, job: Job) -> Iterator[DoneTask]:
    last = -1
    for task in done_tasks(connection, job.id):
        if task.row != last:
            last = task.row
            yield task


def _with_added(headers: tuple[str, ...], added: dict[int, str]) -> tuple[str, ...]:
    """The header row as the job left it."""
    width = max([len(headers), *added])
    texts = dict(enumerate(headers, 1)) | added
    return tuple(texts.get(column, "") for column in range(1, width + 1))


def _keep_old(found: FoundJob, book: Book) -> None:
    """Note what cells that are overwritten hold, typed: a number comes back from `undo` as a number."""
    cells = {
        CellRef(found.job.sheet, row, column): task_id
        for task_id, row, column in overwritten(found.connection, found.job.id)
    }
    if cells:
        values = book.sheet(found.job.sheet or None).values(cells)
        with transaction(found.connection):
            keep_old(found.connection, ((cells[cell], value) for cell, value in values.items()))
