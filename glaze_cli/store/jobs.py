"""Jobs, read from the store."""

from __future__ import annotations

import difflib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glaze_cli.errors import InputError
from glaze_cli.model import JobStatus, Micros


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
    """The process that works on it, until its values are written back."""
    lease_until: float | None
    """Seconds since 1970: until when the owner is taken to be there without a sign of life."""
    target: str | None
    """The file that it writes; None: it leaves its values in the store."""
    stop: str | None
    exit_code: int | None
    """What its last run ended with; None while it has not ended, and after a crash."""
    log: str | None
    selected: int | None
    filled: int | None
    """Cells of the selection, and those of them that held a value before."""
    repeated_calls: int
    """Calls made again although an earlier one may have been billed."""
    path: str
    sheet: str

    @classmethod
    def from_row(cls, row: sqlite3.Row) -> Job:
        """From a row of SELECT_JOBS."""
        record: dict[str, Any] = dict(row)
        record |= {"status": JobStatus(row["status"]), "request": json.loads(row["request"] or "{}")}
        return cls(**record)

    @property
    def is_written(self) -> bool:
        """Whether all that it found was put into a file when its last run ended."""
        return bool(self.written_at) and (
            self.completed_at is None or str(self.written_at) >= self.completed_at
        )

    @property
    def ended_tasks(self) -> int:
        """Tasks that have their final word."""
        return self.done_tasks + self.failed_tasks + self.not_found_tasks + self.skipped_tasks


# Every job, newest first; the WHERE is put in by the caller below.
SELECT_JOBS = """
SELECT j.*, t.path, t.sheet FROM enrichment_jobs j JOIN tables t ON t.id = j.table_id
{where} ORDER BY j.created_at DESC, j.id LIMIT ?
"""


# The ids of the latest jobs.
IDS = "SELECT id FROM enrichment_jobs ORDER BY created_at DESC, id LIMIT ?"
MOST_IDS = 1_000
"""Ids that are compared with one that there is not."""
LEAST_BEGINNING = 4
"""Letters of a beginning that is compared: what resembles fewer is chance."""


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
    raise InputError(f"There is no job {name} in this store; {_hint(connection, name)}")


def _hint(connection: sqlite3.Connection, name: str) -> str:
    """The job whose id looks like that, the latest first; else where the ids are to be found."""
    ids = [row[0] for row in connection.execute(IDS, (MOST_IDS,))]
    close = difflib.get_close_matches(name, ids, 1, cutoff=0.7)
    # A beginning is typed more often than a whole id, and a slip in it is one letter.
    starts = {one[: len(name)]: one for one in reversed(ids)} if len(name) >= LEAST_BEGINNING else {}
    close = close or [starts[begun] for begun in difflib.get_close_matches(name, starts, 1, cutoff=0.7)]
    return f"did you mean {close[0]}?" if close else "`glaze status` lists the jobs there are."


def list_jobs(connection: sqlite3.Connection, limit: int = 20, beginning: str = "") -> list[Job]:
    """The latest jobs first."""
    sql = SELECT_JOBS.format(where="WHERE substr(j.id, 1, ?) = ?")
    return [Job.from_row(row) for row in connection.execute(sql, (len(beginning), beginning, limit))]
