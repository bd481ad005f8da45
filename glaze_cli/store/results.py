"""Recording starts and ends of tasks: the hot path of the writer, by groups."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from glaze_cli.model import RowStatus, TaskStatus
from glaze_cli.store.json_text import encode
from glaze_cli.store.tasks import TaskResult, Usage

START_TASK = """
UPDATE cell_enrichment_tasks SET status = 'running', started_at = ? WHERE id = ? AND status = 'queued'
"""

# A row with a running task is running, whatever its others do.
START_ROW = "UPDATE rows SET status = 'running', last_run_at = ? WHERE id = ?"

# A task leaves `running` here and nowhere else: in the transaction that stores its value.
END_TASK = """
UPDATE cell_enrichment_tasks SET status = ?, reason = nullif(?, ''), result = ?, confidence = ?,
    error = nullif(?, ''), attempts = attempts + ?, started_at = ?, completed_at = ?
WHERE id = ? AND status IN ('queued', 'running')
"""

# A row's state is derived from its tasks, never set.
DERIVE_ROW = """
UPDATE rows SET last_run_at = ?, (status, confidence) = (
    SELECT CASE WHEN sum(status = 'running') THEN 'running' WHEN sum(status = 'queued') THEN 'queued'
                WHEN sum(status = 'failed') THEN 'failed' WHEN count(*) THEN 'done' ELSE 'idle' END,
           avg(confidence)
    FROM cell_enrichment_tasks WHERE row_id = rows.id)
WHERE id = ?
"""

# The same for a row of one cell, at half the cost: most jobs fill one column.
SET_ROW = "UPDATE rows SET last_run_at = ?, status = ?, confidence = ? WHERE id = ?"

ADD_TO_JOB = """
UPDATE enrichment_jobs SET done_tasks = done_tasks + ?, not_found_tasks = not_found_tasks + ?,
    failed_tasks = failed_tasks + ?, skipped_tasks = skipped_tasks + ? WHERE id = ?
"""

ADD_TO_COUNTS = """
INSERT INTO job_counts (job_id, status, reason, tasks) VALUES (?, ?, ?, ?)
ON CONFLICT (job_id, status, reason) DO UPDATE SET tasks = tasks + excluded.tasks
"""

ADD_TO_PROVIDER = """
INSERT INTO job_providers (job_id, provider, tier, calls, hits, misses, errors, cache_hits, cost, saved)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job_id, provider) DO UPDATE SET
    calls = calls + excluded.calls, hits = hits + excluded.hits, misses = misses + excluded.misses,
    errors = errors + excluded.errors, cache_hits = cache_hits + excluded.cache_hits,
    cost = cost + excluded.cost, saved = saved + excluded.saved
"""


_ALONE = {
    TaskStatus.DONE: str(RowStatus.DONE),
    TaskStatus.NOT_FOUND: str(RowStatus.DONE),
    TaskStatus.SKIPPED: str(RowStatus.DONE),
    TaskStatus.FAILED: str(RowStatus.FAILED),
}
"""What DERIVE_ROW makes of a row with one cell that ended so."""


class TaskStart(NamedTuple):
    """A worker took a cell."""

    task_id: int
    row_id: int
    at: str


def start_tasks(connection: sqlite3.Connection, starts: Sequence[TaskStart]) -> None:
    """Cells and their rows are running. Inside the caller's transaction."""
    connection.executemany(START_TASK, [(start.at, start.task_id) for start in starts])
    connection.executemany(START_ROW, [(start.at, start.row_id) for start in starts])


def end_tasks(connection: sqlite3.Connection, job_id: str, results: Sequence[TaskResult]) -> None:
    """Results, job counters, provider counters and row states together. Inside the caller's transaction."""
    connection.executemany(END_TASK, [_end_values(result) for result in results])
    _tell_rows(connection, results)
    ends = Counter([str(result.status) for result in results])
    order = (TaskStatus.DONE, TaskStatus.NOT_FOUND, TaskStatus.FAILED, TaskStatus.SKIPPED)
    connection.execute(ADD_TO_JOB, (*(ends[str(status)] for status in order), job_id))
    counts = Counter([(str(result.status), result.reason or "") for result in results])
    connection.executemany(ADD_TO_COUNTS, [(job_id, *key, tasks) for key, tasks in counts.items()])
    connection.executemany(ADD_TO_PROVIDER, _usage(job_id, results))


def _usage(job_id: str, results: Sequence[TaskResult]) -> list[tuple[object, ...]]:
    """Counters by provider and tier, those of a group of cells added up first."""
    rows: dict[tuple[str, str], list[Usage]] = {}
    for result in results:
        for usage in result.usage:
            rows.setdefault((usage.provider, usage.tier), []).append(usage)
    return [
        (job_id, *key, *map(sum, zip(*(u[2:] for u in usages), strict=True))) for key, usages in rows.items()
    ]


def _tell_rows(connection: sqlite3.Connection, results: Sequence[TaskResult]) -> None:
    alone = [
        (result.completed_at, _ALONE[result.status], result.confidence, result.row_id)
        for result in results
        if result.alone
    ]
    if alone:
        connection.executemany(SET_ROW, alone)
    if len(alone) < len(results):
        ended = {one.row_id: one.completed_at for one in results if one.last and not one.alone}
        connection.executemany(DERIVE_ROW, [(at, row_id) for row_id, at in ended.items()])


def _end_values(result: TaskResult) -> tuple[object, ...]:
    """In SQLite's own types, and no None where a text may stand: sqlite3 first looks for an adapter of
    anything else, and that takes as long as half a statement."""
    return (
        str(result.status),
        result.reason or "",
        encode(result.result),
        result.confidence,
        result.error or "",
        result.attempts,
        result.started_at,
        result.completed_at,
        result.task_id,
    )
