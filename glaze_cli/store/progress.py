"""How a job stands: its steps from state to state, and the document that tells people about it."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from glaze_cli.model import CellRef, JobStatus, Micros, usd
from glaze_cli.store.jobs import Job
from glaze_cli.store.tasks import ALL_CELLS

START_JOB = """
UPDATE enrichment_jobs SET status = 'running', owner = :owner, error = NULL, completed_at = NULL,
    started_at = coalesce(started_at, :at) WHERE id = :job AND (owner IS NULL OR owner = :owner)
"""
# Its owner keeps it until the values are written back.
END_JOB = "UPDATE enrichment_jobs SET status = ?, error = ?, completed_at = ? WHERE id = ? AND owner = ?"
MARK_WRITTEN = "UPDATE enrichment_jobs SET written_to = ?, written_at = ? WHERE id = ?"
SET_CAP = "UPDATE enrichment_jobs SET cap = ? WHERE id = ?"
PROVIDERS = "SELECT * FROM job_providers WHERE job_id = ? ORDER BY rowid"
COUNTS = "SELECT status, reason, tasks FROM job_counts WHERE job_id = ? AND reason <> '' AND tasks > 0"


def start_job(connection: sqlite3.Connection, job_id: str, owner: str, at: str) -> bool:
    """The job is running, in the process `owner`; False: another one works on it."""
    return bool(connection.execute(START_JOB, {"owner": owner, "at": at, "job": job_id}).rowcount)


def end_job(
    connection: sqlite3.Connection, job_id: str, owner: str, status: JobStatus, error: str | None, at: str
) -> None:
    """All its cells were asked, or it was stopped; nothing, where another process has taken the job over."""
    connection.execute(END_JOB, (status, error, at, job_id, owner))


def mark_written(connection: sqlite3.Connection, job_id: str, path: str, at: str) -> None:
    """The job's values are in that file now."""
    connection.execute(MARK_WRITTEN, (path, at, job_id))


def set_cap(connection: sqlite3.Connection, job_id: str, cap: Micros | None) -> None:
    """The job may spend up to this much in all; None: no cap."""
    connection.execute(SET_CAP, (cap, job_id))


def job_document(connection: sqlite3.Connection, job: Job, cells: bool = False) -> dict[str, Any]:
    """The job as JSON: `glaze status JOB --json`. Amounts are dollars. Nothing in it is counted by scanning
    tasks, unless `cells` asks for each of them."""
    providers = connection.execute(PROVIDERS, (job.id,)).fetchall()
    document: dict[str, Any] = {
        "jobId": job.id,
        "tableId": job.table_id,
        "status": str(job.status),
        "totalTasks": job.total_tasks,
        "doneTasks": job.done_tasks,
        "failedTasks": job.failed_tasks,
        "notFoundTasks": job.not_found_tasks,
        "skippedTasks": job.skipped_tasks,
        "progress": round(100 * job.ended_tasks / job.total_tasks, 1) if job.total_tasks else 0.0,
        "cost": {
            "cap": None if job.cap is None else usd(job.cap),
            "spent": usd(job.spent),
            "reserved": usd(job.reserved),
            "unknown": usd(job.unknown),
            "unknownCalls": job.unknown_calls,
            "repeatedCalls": job.repeated_calls,
            "saved": usd(sum(row["saved"] for row in providers)),
        },
        "createdAt": job.created_at,
        "startedAt": job.started_at,
        "completedAt": job.completed_at,
        "error": job.error,
        "file": job.path,
        "sheet": job.sheet,
        "range": job.range,
        "writtenTo": job.written_to,
        "exitCode": job.exit_code,
        "log": job.log,
        "fill": fill_of(job),
        "reasons": _reasons(connection, job.id),
        "providers": [_provider(row) for row in providers],
    }
    if cells:
        document["cells"] = [_cell(job, row) for row in connection.execute(ALL_CELLS, (job.id,))]
    return document


def fill_of(job: Job) -> dict[str, Any]:
    """How much of the selection holds a value: what held one before, and what was found.

    A job of an older store does not know the first; then it is about the job's cells.
    """
    return fill(job.selected or job.total_tasks, (job.filled or 0) + job.done_tasks)


def fill(selected: int, filled: int) -> dict[str, Any]:
    """Of so many selected cells so many hold a value; of none all do."""
    return {"selected": selected, "filled": filled, "rate": round(filled / selected, 4) if selected else 1.0}


def _reasons(connection: sqlite3.Connection, job_id: str) -> dict[str, dict[str, int]]:
    reasons: dict[str, dict[str, int]] = {}
    for row in connection.execute(COUNTS, (job_id,)):
        reasons.setdefault(row["status"], {})[row["reason"]] = row["tasks"]
    return reasons


def _provider(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["provider"],
        "tier": row["tier"],
        "calls": row["calls"],
        "hits": row["hits"],
        "misses": row["misses"],
        "errors": row["errors"],
        "cacheHits": row["cache_hits"],
        "cost": usd(row["spent"]),
        "saved": usd(row["saved"]),
    }


def _cell(job: Job, row: sqlite3.Row) -> dict[str, Any]:
    record = json.loads(row["result"] or "{}")
    return {
        "cell": str(CellRef(job.sheet, row["number"], row["position"])),
        "status": row["status"],
        "reason": row["reason"],
        "error": row["error"],
        "value": record.get("value"),
        "confidence": record.get("confidence"),
        "source": record.get("source"),
        "cost": record.get("metadata", {}).get("cost", 0),
        "record": record or None,
    }
