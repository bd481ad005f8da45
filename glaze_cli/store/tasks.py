"""Tasks: one cell of one job. Reading the queue, and what a finished cell writes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from glaze_cli.model import Micros, Scalar, TaskStatus

PAGE = 500
"""Rows fetched from the queue at a time: memory follows concurrency, not the sheet."""


class QueuedTask(NamedTuple):
    """A cell to ask about."""

    id: int
    column: int
    """1 = A."""
    old: Scalar | None


class QueuedRow(NamedTuple):
    """A row with cells to ask about."""

    id: int
    number: int
    data: Mapping[str, str]
    """Header → text, as the row was read."""
    tasks: tuple[QueuedTask, ...]
    filled: Mapping[int, Scalar]
    """Column → value of the row's cells that an earlier run of the job filled: inputs of the others."""


class DoneTask(NamedTuple):
    """A cell whose value was found: what write-back and receipts need."""

    id: int
    row: int
    column: int
    header: str
    old: Scalar | None
    value: Scalar
    data: Mapping[str, str]
    """The row as it was read."""
    record: Mapping[str, Any]
    """value, confidence, source, timestamp, metadata."""


# The rows that still have queued tasks, in the order of the sheet, after a given row.
QUEUED_ROWS = """
SELECT DISTINCT row_id FROM cell_enrichment_tasks
WHERE job_id = ? AND status = 'queued' AND row_id > ? ORDER BY row_id LIMIT ?
"""

# The sheet's numbers of those rows, the first so many: rows were stored in the order of the file.
QUEUED_NUMBERS = """
SELECT r.number FROM (SELECT DISTINCT row_id FROM cell_enrichment_tasks
    WHERE job_id = ? AND status = 'queued' ORDER BY row_id LIMIT ?) q
JOIN rows r ON r.id = q.row_id ORDER BY q.row_id
"""

# The columns of the job's sheet: few, so they are not looked up once a cell.
POSITIONS = """
SELECT c.id, c.position FROM columns c JOIN enrichment_jobs j ON j.table_id = c.table_id WHERE j.id = ?
"""

# The queued tasks of a stretch of rows, in the order of the index.
QUEUED_TASKS = """
SELECT t.id, t.row_id, t.old, t.column_id, r.number, r.data
FROM cell_enrichment_tasks t JOIN rows r ON r.id = t.row_id
WHERE t.job_id = ? AND t.status = 'queued' AND t.row_id BETWEEN ? AND ? ORDER BY t.row_id, t.id
"""

# What an earlier run of the job filled in the rows of a stretch that have queued tasks: most may have none.
FILLED_TASKS = """
SELECT t.row_id, c.position, json_extract(t.result, '$.value') AS value
FROM (SELECT DISTINCT row_id FROM cell_enrichment_tasks
    WHERE job_id = :job AND status = 'queued' AND row_id BETWEEN :first AND :last) q
CROSS JOIN cell_enrichment_tasks t ON t.row_id = q.row_id JOIN columns c ON c.id = t.column_id
WHERE t.job_id = :job AND t.status = 'done'
"""

# Every value a job found, in the order of the file: rows were stored in it.
DONE_TASKS = """
SELECT t.id, t.old, t.result, c.position, c.header, r.number, r.data
FROM cell_enrichment_tasks t JOIN columns c ON c.id = t.column_id JOIN rows r ON r.id = t.row_id
WHERE t.job_id = ? AND t.status = 'done' ORDER BY t.row_id, c.position
"""

# The cells among them that held something before.
OVERWRITTEN = """
SELECT t.id, r.number, c.position
FROM cell_enrichment_tasks t JOIN columns c ON c.id = t.column_id JOIN rows r ON r.id = t.row_id
WHERE t.job_id = ? AND t.status = 'done' AND t.old IS NOT NULL ORDER BY t.row_id, c.position
"""

# Every cell of a job, for `--cells`.
ALL_CELLS = """
SELECT c.position, r.number, t.status, t.reason, t.result, t.error
FROM cell_enrichment_tasks t JOIN columns c ON c.id = t.column_id JOIN rows r ON r.id = t.row_id
WHERE t.job_id = ? ORDER BY r.number, c.position
"""

# After a crash, what was being asked has to be asked again; its row is queued then, since none runs.
REQUEUE_ROWS = """
UPDATE rows SET status = 'queued' WHERE id IN
    (SELECT row_id FROM cell_enrichment_tasks WHERE job_id = ? AND status = 'running')
"""
REQUEUE_RUNNING = "UPDATE cell_enrichment_tasks SET status = 'queued' WHERE job_id = ? AND status = 'running'"


def column_positions(connection: sqlite3.Connection, job_id: str) -> dict[int, int]:
    """Where the columns of the job's sheet are (1 = A), by their id."""
    return {row[0]: row[1] for row in connection.execute(POSITIONS, (job_id,))}


def queued_rows(connection: sqlite3.Connection, job_id: str) -> Iterator[QueuedRow]:
    """The rows that have queued cells, in order, a page at a time."""
    positions = column_positions(connection, job_id)
    after = -1
    while True:
        page = [row[0] for row in connection.execute(QUEUED_ROWS, (job_id, after, PAGE))]
        if not page:
            return
        filled: dict[int, dict[int, Scalar]] = {}
        stretch = {"job": job_id, "first": page[0], "last": page[-1]}
        for row_id, column, value in connection.execute(FILLED_TASKS, stretch):
            filled.setdefault(row_id, {})[column] = value
        yield from _queued_page(connection, job_id, page, filled, positions)
        after = page[-1]


def _queued_page(
    connection: sqlite3.Connection,
    job_id: str,
    page: Sequence[int],
    filled: Mapping[int, dict[int, Scalar]],
    positions: Mapping[int, int],
) -> Iterator[QueuedRow]:
    from glaze_cli.store.json_text import decode_texts  # `glaze status` asks nothing, and need not load it

    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples: there are as many as cells
    tasks = cursor.execute(QUEUED_TASKS, (job_id, page[0], page[-1])).fetchall()
    make = tuple.__new__  # what QueuedTask(...) does in the end, in a third of its time
    cells: list[QueuedTask] = []
    last = len(tasks) - 1
    for place, (task_id, row_id, old, column, number, data) in enumerate(tasks):
        held = None if old is None else json.loads(old)
        cells.append(make(QueuedTask, (task_id, positions[column], held)))
        if place == last or tasks[place + 1][1] != row_id:
            before = filled.get(row_id, {})
            yield make(QueuedRow, (row_id, number, decode_texts(data), tuple(cells), before))
            cells = []


def queued_numbers(connection: sqlite3.Connection, job_id: str, most: int) -> tuple[int, ...]:
    """The sheet's numbers of the rows that have queued cells, the first so many."""
    return tuple(row[0] for row in connection.execute(QUEUED_NUMBERS, (job_id, most)))


def done_tasks(connection: sqlite3.Connection, job_id: str) -> Iterator[DoneTask]:
    """Every value the job found, ordered by row and column of the sheet as it was read."""
    from glaze_cli.store.json_text import decode, decode_texts

    found = connection.execute(DONE_TASKS, (job_id,))
    for (number, data), group in groupby(found, key=itemgetter("number", "data")):
        read = decode_texts(data)
        for row in group:
            record = decode(row["result"])
            yield DoneTask(
                row["id"],
                number,
                row["position"],
                row["header"],
                _scalar(row["old"]),
                record["value"],
                read,
                record,
            )


def overwritten(connection: sqlite3.Connection, job_id: str) -> Iterator[tuple[int, int, int]]:
    """(task id, row, column) of each value found for a cell that held another, in the order of the sheet."""
    return (tuple(row) for row in connection.execute(OVERWRITTEN, (job_id,)))


def keep_old(connection: sqlite3.Connection, old: Iterable[tuple[int, Scalar | None]]) -> None:
    """(task id, what its cell held, typed): what `undo` will put back. Inside the caller's transaction."""
    values = ((None if held is None else json.dumps(held), task_id) for task_id, held in old)
    connection.executemany("UPDATE cell_enrichment_tasks SET old = ? WHERE id = ?", values)


def requeue_running(connection: sqlite3.Connection, job_id: str) -> int:
    """Put cells that a crash left running, and their rows, back into the queue. Returns how many cells."""
    connection.execute(REQUEUE_ROWS, (job_id,))
    return connection.execute(REQUEUE_RUNNING, (job_id,)).rowcount


def _scalar(text: str | None) -> Scalar | None:
    return None if text is None else json.loads(text)


class Usage(NamedTuple):
    """What one cell adds to a provider's counters. Numbers from the third place on: they are added up."""

    provider: str
    tier: str
    calls: int = 0
    hits: int = 0
    misses: int = 0
    errors: int = 0
    cache_hits: int = 0
    cost: Micros = Micros(0)
    saved: Micros = Micros(0)
    """What the remembered answers of the cell cost when they were asked for."""


class TaskResult(NamedTuple):
    """The final word on one cell."""

    task_id: int
    row_id: int
    status: TaskStatus
    reason: str | None
    result: Mapping[str, Any]
    """The record of DESIGN section 3; its value is None unless status is DONE."""
    confidence: float | None
    error: str | None
    attempts: int
    usage: tuple[Usage, ...]
    started_at: str
    completed_at: str
    last: bool = True
    """False: other cells of its row are to come in this run; its state is derived with them."""
    alone: bool = False
    """Its row has no other cell in the job: its state is this cell's."""
