"""Making a job with all its rows and tasks in one transaction."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from glaze_cli.errors import InputError
from glaze_cli.model import Field, Micros, Scalar
from glaze_cli.store.clock import Clock, utc_now
from glaze_cli.store.jobs import Job, get_job
from glaze_cli.store.json_text import encode
from glaze_cli.store.transaction import transaction

MANY = 300
"""Rows stored by one statement: memory follows it, not the sheet. Older SQLites take 999 values at most."""

_ENCODER = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column of the sheet, as the job will know it."""

    position: int
    """1 = A."""
    header: str
    field: Field | None
    added: bool = False


class NewRow(NamedTuple):
    """One row of the selection and its empty cells. A plain tuple: a sheet may have a million."""

    number: int
    data: Mapping[str, str]
    """Header → text, without empty cells."""
    cells: tuple[tuple[int, Scalar | None], ...]
    """The cells to ask about: (column position, what it holds now)."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """All that is known of a job before its first call."""

    id: str
    path: str
    sheet: str
    format: str
    range: str
    columns: Sequence[NewColumn]
    rows: Iterable[NewRow]
    """Read once, as it streams."""
    request: Mapping[str, Any]
    """JSON-able: what the user asked for; resume goes on with it."""
    file_sha256: str = ""
    cap: Micros | None = None
    target: str | None = None
    selected: int = 0
    filled: int = 0


# A sheet is one table, however many jobs it sees.
UPSERT_TABLE = """
INSERT INTO tables (path, sheet, format, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (path, sheet) DO UPDATE SET format = excluded.format RETURNING id
"""

# A column is known by its place and header; what it means may change between jobs.
UPSERT_COLUMN = """
INSERT INTO columns (table_id, position, header, field, added) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (table_id, position, header) DO UPDATE SET field = excluded.field, added = excluded.added
RETURNING id
"""

INSERT_JOB = """
INSERT INTO enrichment_jobs
    (id, table_id, status, created_at, range, request, file_sha256, cap, target, selected, filled)
VALUES (?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?)
"""

# Many at a time: SQLite goes from one to the next without Python between, three times as fast.
INSERT_ROWS = """
INSERT INTO rows (id, table_id, number, data, status, created_at)
SELECT column1, ?, column2, column3, 'queued', ? FROM (VALUES {many})
"""

# The same empty cells of neighbouring rows, likewise.
INSERT_EMPTY = """
INSERT INTO cell_enrichment_tasks (table_id, row_id, column_id, job_id, created_at)
SELECT r.table_id, r.id, c.value, ?, ? FROM rows r CROSS JOIN json_each(?) c WHERE r.id BETWEEN ? AND ?
"""

INSERT_TASK = """
INSERT INTO cell_enrichment_tasks (table_id, job_id, created_at, row_id, column_id, old)
VALUES (?, ?, ?, ?, ?, ?)
"""

# The rows of a job were stored one after another. All its tasks are queued as long as none was asked.
ROWS_OF_JOB = """
SELECT min(row_id), max(row_id) FROM cell_enrichment_tasks WHERE job_id = ? AND status = 'queued'
"""
DROP_TASKS = "DELETE FROM cell_enrichment_tasks WHERE job_id = ? AND status = 'queued'"
DROP_ROWS = "DELETE FROM rows WHERE id BETWEEN ? AND ?"

COUNT_JOB = """
UPDATE enrichment_jobs SET total_tasks = ?, range = ?, request = ?, file_sha256 = ?, selected = ?, filled = ?
WHERE id = ?
"""


def create_job(connection: sqlite3.Connection, new: NewJob, now: Clock = utc_now) -> Job:
    """The job (pending), its rows (queued) and its tasks (queued) in ONE transaction.

    The rows stream: memory does not grow with the sheet. Raises InputError when there is no task.
    """
    at = now()
    with _unchecked(connection), transaction(connection):
        table_id = _table(connection, new, at)
        connection.execute(
            INSERT_JOB, (new.id, table_id, at, new.range, "", new.file_sha256, new.cap, new.target, 0, 0)
        )
        if _fill(connection, new, table_id, at) == 0:
            raise InputError("There is no cell to fill.")
    return get_job(connection, new.id)


def read_anew(connection: sqlite3.Connection, new: NewJob, now: Clock = utc_now) -> Job:
    """Its rows and tasks anew, since the file changed while the job waited; no cell of it was asked yet.

    There may be no task left: what was to be filled was filled meanwhile.
    """
    at = now()
    with transaction(connection):
        first, last = connection.execute(ROWS_OF_JOB, (new.id,)).fetchone()
        connection.execute(DROP_TASKS, (new.id,))
        connection.execute(DROP_ROWS, (first, last))
        _fill(connection, new, _table(connection, new, at), at)
    return get_job(connection, new.id)


@contextlib.contextmanager
def _unchecked(connection: sqlite3.Connection) -> Iterator[None]:
    """Without a look for what each new row points at: that is made a moment before, in the same transaction.
    Looking for it is a quarter of the work of storing tasks. A test has SQLite look for all of it afterwards.
    """
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _table(connection: sqlite3.Connection, new: NewJob, at: str) -> int:
    return int(connection.execute(UPSERT_TABLE, (new.path, new.sheet, new.format, at)).fetchone()[0])


def _fill(connection: sqlite3.Connection, new: NewJob, table_id: int, at: str) -> int:
    """Columns, rows and tasks; how many tasks."""
    column_ids = {
        c.position: connection.execute(
            UPSERT_COLUMN, (table_id, c.position, c.header, c.field, int(c.added))
        ).fetchone()[0]
        for c in new.columns
    }
    total = _insert_rows(connection, new, table_id, column_ids, at)
    request = _ENCODER.encode(new.request)
    counts = (new.selected, new.filled)
    connection.execute(COUNT_JOB, (total, new.range, request, new.file_sha256, *counts, new.id))
    return total


def _insert_rows(
    connection: sqlite3.Connection, new: NewJob, table_id: int, column_ids: Mapping[int, int], at: str
) -> int:
    """Some rows, then their tasks, and so on; how many tasks."""
    row_id = connection.execute("SELECT coalesce(max(id), 0) FROM rows").fetchone()[0] + 1
    total, left = 0, iter(new.rows)
    while some := list(islice(left, MANY)):
        data = [part for id_, row in enumerate(some, row_id) for part in (id_, row.number, encode(row.data))]
        connection.execute(_insert(len(some)), [table_id, at, *data])
        for cells, run in groupby(some, itemgetter(2)):
            ids = range(row_id, row_id + len(list(run)))
            wanted = [(column_ids[position], old) for position, old in cells]
            if all(old is None for _, old in wanted):
                columns = json.dumps([column for column, _ in wanted])
                connection.execute(INSERT_EMPTY, (new.id, at, columns, ids[0], ids[-1]))
            else:
                cells_of = ((id_, column, _kept(old)) for id_ in ids for column, old in wanted)
                connection.executemany(INSERT_TASK, [(table_id, new.id, at, *cell) for cell in cells_of])
            row_id = ids.stop
            total += len(ids) * len(wanted)
    return total


@cache
def _insert(rows: int) -> str:
    """The statement that stores so many."""
    return INSERT_ROWS.format(many=",".join(["(?, ?, ?)"] * rows))


def _kept(old: Scalar | None) -> str | None:
    return None if old is None else _ENCODER.encode(old)
