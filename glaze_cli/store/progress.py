"""How a job stands: its steps from state to state, and the document that tells people about it."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from glaze_cli.model import CellRef, JobStatus, Micros, usd
from glaze_cli.store.jobs import Job
from glaze_cli.store.tasks import ALL_CELLS

START_JOB = """
UPDATE enrichment_jobs SET status = 'running', owner = ?, error = NULL, completed_at = NULL,
    started_at = coalesce(started_at, ?) WHERE id = ?
"""
END_JOB = "UPDATE enrichment_jobs SET status = ?, error = ?, completed_at = ?, owner = NULL WHERE id = ?"
MARK_WRITTEN = "UPDATE enrichment_jobs SET written_to = ?, written_at = ? WHERE id = ?"
SET_CAP = "UPDATE enrichment_jobs SET cap = ? WHERE id = ?"
PROVIDERS = "SELECT * FROM job_providers WHERE job_id = ? ORDER BY rowid"
COUNTS = "SELECT status, reason, tasks FROM job_counts WHERE job_id = ? AND reason <> '' AND tasks > 0"


def start_job(connection: sqlite3.Connection, job_id: str, owner: str, at: str) -> None:
    """The job is running, in the process `owner` (host:pid)."""
    connection.execute(START_JOB, (owner, at, job_id))


def end_job(
    connection: sqlite3.Connection, job_id: str, status: JobStatus, error: str | None, at: str
) -> None:
    """The job's run is over."""
    connection.execute(END_JOB, (status, error, at, job_id))


def mark_written(connection: sqlite3.Connection, job_id: str, path: str, at: str) -> None:
    """The job's values are in that file now."""
    connection.execute(MARK_WRITTEN, (path, at, job_id))


def set_cap(connection: sqlite3.Connection, job_id: str, cap: Micros | None) -> None:
    """The job may spend up to this much in all; None: no cap."""
    connection.execute(SET_CAP, (cap, job_id))


def job_document(connection: sqlite3.Connection, job: Job, cells: bool = False) -> dict[str, Any]:
    """The job as JSON: `glaze status JOB --json`. Amounts are dollars. Nothing in it is counted by scanning
    tasks, unless `cells` asks for each of them."""
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
        },
        "createdAt": job.created_at,
        "startedAt": job.started_at,
        "completedAt": job.completed_at,
        "error": job.error,
        "file": job.path,
        "sheet": job.sheet,
        "range": job.range,
        "writtenTo": job.written_to,
        "reasons": _reasons(connection, job.id),
        "providers": [_provider(row) for row in connection.execute(PROVIDERS, (job.id,))],
    }
    if cells:
        document["cells"] = [_cell(job, row) for row in connection.execute(ALL_CELLS, (job.id,))]
    return document


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
        "cost": usd(row["cost"]),
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
