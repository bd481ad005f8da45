"""A job in a store in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from glaze_cli.model import Field, Lookup, Micros, TaskStatus, Tier
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.connect import connect
from glaze_cli.store.create import NewColumn, NewJob, NewRow, create_job
from glaze_cli.store.jobs import Job, get_job
from glaze_cli.store.no_permit import NoPermit
from glaze_cli.store.permits import Intent, giving
from glaze_cli.store.progress import start_job
from glaze_cli.store.tasks import TaskResult

ASKED = Lookup.about("hunter", "1", {Field("company"): "acme"})
OWNER = "here:1"
NOON = "2026-11-23T12:00:00.000Z"


def new_job(job_id: str = "job1", rows: int = 3, cap: int | None = None, sheet: str = "Leads") -> NewJob:
    """A job over that many rows with two empty cells each."""
    columns = [NewColumn(2, "Email", Field("email")), NewColumn(3, "Phone", Field("phone"))]
    new_rows = (
        NewRow(number, {"Company": f"c{number}"}, ((2, None), (3, "old"))) for number in range(2, rows + 2)
    )
    money = None if cap is None else Micros(cap)
    return NewJob(job_id, "/x/leads.xlsx", sheet, "xlsx", "B:C", columns, new_rows, {"seed": 1}, "abc", money)


def store_with_job(cap: int | None = None, rows: int = 3) -> tuple[sqlite3.Connection, Job]:
    """A store in memory and a job in it."""
    connection = connect(":memory:")
    create_job(connection, new_job(rows=rows, cap=cap), lambda: NOON)
    start_job(connection, "job1", OWNER, NOON)
    return connection, get_job(connection, "job1")


def intent(price: int = 10_000, job_id: str = "job1") -> Intent:
    """A call that the job's owner wants to make."""
    return Intent(job_id, OWNER, ASKED, Tier.CHEAP, Micros(price))


def open_attempt(connection: sqlite3.Connection, wanted: Intent, at: str) -> Attempt | NoPermit:
    """A permit for that call alone, or why there is none. Inside the caller's transaction."""
    with giving(connection, wanted.job_id, [wanted]) as permits:
        return permits.refusal(wanted) or permits.record(wanted, at)


def done(task_id: int, row_id: int, status: TaskStatus = TaskStatus.DONE, value: object = "x") -> TaskResult:
    """A cell's final word."""
    record = {"value": value if status is TaskStatus.DONE else None}
    reason = "timeout" if status is TaskStatus.FAILED else None
    return TaskResult(task_id, row_id, status, reason, record, 1.0, None, 1, (), NOON, NOON)


def statuses(connection: sqlite3.Connection) -> Sequence[str]:
    """The state of each task, in order."""
    return [row[0] for row in connection.execute("SELECT status FROM cell_enrichment_tasks ORDER BY id")]
