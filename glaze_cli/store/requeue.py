"""Putting cells that have ended back into the queue: `glaze retry`, and `--retry-unknown`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from glaze_cli.model import TaskStatus

# Which cells: all that ended so, or only those that a call without an outcome was made for.
_WHICH = """
WHERE job_id = :job AND status = :status AND (:all OR reason = 'unknown_outcome' OR id IN (
    SELECT task_id FROM attempts WHERE job_id = :job AND status = 'unknown'))
"""

# The counters first, from the cells as they are.
COUNT = f"""
SELECT coalesce(reason, '') AS reason, count(*) AS tasks FROM cell_enrichment_tasks {_WHICH} GROUP BY 1
"""
LESS_BY_REASON = "UPDATE job_counts SET tasks = tasks - ? WHERE job_id = ? AND status = ? AND reason = ?"
LESS_FAILED = "UPDATE enrichment_jobs SET failed_tasks = failed_tasks - ? WHERE id = ?"
LESS_NOT_FOUND = "UPDATE enrichment_jobs SET not_found_tasks = not_found_tasks - ? WHERE id = ?"

QUEUE_ROWS = f"""
UPDATE rows SET status = 'queued' WHERE id IN (SELECT row_id FROM cell_enrichment_tasks {_WHICH})
"""
QUEUE_TASKS = f"""
UPDATE cell_enrichment_tasks SET status = 'queued', reason = NULL, error = NULL, completed_at = NULL {_WHICH}
"""


def requeue(connection: sqlite3.Connection, job_id: str, statuses: Sequence[TaskStatus]) -> int:
    """Queue the job's cells that ended so (failed, not found) again. Returns how many.

    Their receipts stay until they end anew. Inside the caller's transaction.
    """
    return sum(_requeue(connection, job_id, status, every=True) for status in statuses)


def requeue_unknown(connection: sqlite3.Connection, job_id: str) -> int:
    """The same for cells that failed since a reply was lost, or while one was still awaited."""
    return _requeue(connection, job_id, TaskStatus.FAILED, every=False)


def _requeue(connection: sqlite3.Connection, job_id: str, status: TaskStatus, *, every: bool) -> int:
    which = {"job": job_id, "status": status, "all": int(every)}
    total = 0
    for counted in connection.execute(COUNT, which).fetchall():
        connection.execute(LESS_BY_REASON, (counted["tasks"], job_id, status, counted["reason"]))
        total += counted["tasks"]
    less = LESS_FAILED if status is TaskStatus.FAILED else LESS_NOT_FOUND
    connection.execute(less, (total, job_id))
    connection.execute(QUEUE_ROWS, which)
    connection.execute(QUEUE_TASKS, which)
    return total
