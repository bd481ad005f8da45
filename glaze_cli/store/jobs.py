"""Jobs: making one with all its tasks in one transaction, and reading it back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glaze_cli.errors import InputError
from glaze_cli.model import Field, JobStatus, Micros, Scalar
from glaze_cli.store.clock import Clock, utc_now
from glaze_cli.store.transaction import transaction


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column of the sheet, as the job will know it."""

    position: int
    """1 = A."""
    header: str
    field: Field | None
    added: bool = False


@dataclass(frozen=True, slots=True)
class NewRow:
    """One row of the selection and its empty cells."""

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


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands in the store."""

    id: str
    table_id: int
    status: JobStatus
    total_tasks: int
    done_tasks: int
    failed_tasks: int
    not_found_tasks: int
    skipped_tasks: int
    created_at: str
    started_at: str | None
    completed_at: str | None
    error: str | None
    range: str
    request: Mapping[str, Any]
    file_sha256: str
    cap: Micros | None
    spent: Micros
    reserved: Micros
    unknown: Micros
    unknown_calls: int
    written_to: str | None
    written_at: str | None
    owner: str | None
    path: str
    sheet: str

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Job:
        """From a row of SELECT_JOBS."""
        record: dict[str, Any] = dict(row)
        record |= {"status": JobStatus(row["status"]), "request": json.loads(row["request"] or "{}")}
        return cls(**record)

    @property
    def ended_tasks(self) -> int:
        """Tasks that have their final word."""
        return self.done_tasks + self.failed_tasks + self.not_found_tasks + self.skipped_tasks


# Every job, newest first; the WHERE is put in by the caller below.
SELECT_JOBS = """
SELECT j.*, t.path, t.sheet FROM enrichment_jobs j JOIN tables t ON t.id = j.table_id
{where} ORDER BY j.created_at DESC, j.id LIMIT ?
"""

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
INSERT INTO enrichment_jobs (id, table_id, status, created_at, range, request, file_sha256, cap)
VALUES (?, ?, 'pending', ?, ?, ?, ?, ?)
"""

INSERT_ROW = """
INSERT INTO rows (id, table_id, number, data, status, created_at) VALUES (?, ?, ?, ?, 'queued', ?)
"""

INSERT_TASK = """
INSERT INTO cell_enrichment_tasks (table_id, row_id, column_id, job_id, old, created_at)
VALUES (?, ?, ?, ?, ?, ?)
"""


def create_job(connection: sqlite3.Connection, new: NewJob, now: Clock = utc_now) -> Job:
    """The job (pending), its rows (queued) and its tasks (queued) in ONE transaction.

    The rows stream: memory does not grow with the sheet. Raises InputError when there is no task.
    """
    at = now()
    with transaction(connection):
        table_id = connection.execute(UPSERT_TABLE, (new.path, new.sheet, new.format, at)).fetchone()[0]
        column_ids = {
            c.position: connection.execute(
                UPSERT_COLUMN, (table_id, c.position, c.header, c.field, int(c.added))
            ).fetchone()[0]
            for c in new.columns
        }
        request = json.dumps(new.request, ensure_ascii=False)
        connection.execute(INSERT_JOB, (new.id, table_id, at, new.range, request, new.file_sha256, new.cap))
        total = _insert_rows(connection, new, table_id, column_ids, at)
        if total == 0:
            raise InputError("There is no cell to fill.")
        connection.execute("UPDATE enrichment_jobs SET total_tasks = ? WHERE id = ?", (total, new.id))
    return get_job(connection, new.id)


def _insert_rows(
    connection: sqlite3.Connection, new: NewJob, table_id: int, column_ids: Mapping[int, int], at: str
) -> int:
    row_id = connection.execute("SELECT coalesce(max(id), 0) FROM rows").fetchone()[0]
    total = 0
    for row in new.rows:
        row_id += 1
        data = json.dumps(row.data, ensure_ascii=False)
        connection.execute(INSERT_ROW, (row_id, table_id, row.number, data, at))
        for position, old in row.cells:
            held = None if old is None else json.dumps(old, ensure_ascii=False)
            connection.execute(INSERT_TASK, (table_id, row_id, column_ids[position], new.id, held, at))
        total += len(row.cells)
    return total


def get_job(connection: sqlite3.Connection, name: str) -> Job:
    """The job of that id, or of that unique beginning of an id. Raises InputError."""
    if not name:
        raise InputError("No job is named; `glaze status` lists the jobs there are.")
    found = list_jobs(connection, limit=2, beginning=name)
    exact = [job for job in found if job.id == name]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if found:
        raise InputError(f"{name} is the beginning of several jobs; give more of its letters.")
    raise InputError(f"There is no job {name} in this store; `glaze status` lists the jobs there are.")


def list_jobs(connection: sqlite3.Connection, limit: int = 20, beginning: str = "") -> list[Job]:
    """The latest jobs first."""
    sql = SELECT_JOBS.format(where="WHERE substr(j.id, 1, ?) = ?")
    return [Job.from_row(row) for row in connection.execute(sql, (len(beginning), beginning, limit))]
