"""Purging: what is no longer needed leaves for good, but for the money that it cost."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from glaze_cli.model.states import Captioned
from glaze_cli.store.attempts import recover_attempts
from glaze_cli.store.clock import Clock, utc_now
from glaze_cli.store.jobs import Job
from glaze_cli.store.own_files import delete, own_files
from glaze_cli.store.transaction import transaction

# The jobs of a scope, oldest first; a part of it that is NULL leaves nothing out.
JOBS = """
SELECT j.*, t.path, t.sheet FROM enrichment_jobs j JOIN tables t ON t.id = j.table_id
WHERE (:job IS NULL OR j.id = :job) AND (:before IS NULL OR j.created_at < :before)
ORDER BY j.created_at, j.id
"""

# Jobs that a service still works for: what was paid can be fetched.
FETCHABLE = "SELECT DISTINCT job_id FROM attempts WHERE status = 'open' AND handle IS NOT NULL"

# Jobs are named by a JSON list of their ids.
GOING = "(SELECT value FROM json_each(:jobs))"
COUNT_CALLS = f"SELECT count(*) FROM attempts WHERE job_id IN {GOING}"

# Remembered answers: of that age; where a job is named, only those that its own calls brought.
ANSWERS = f"""
FROM answers WHERE (:before IS NULL OR created_at < :before)
    AND (:job IS NULL OR key IN (SELECT lookup_key FROM attempts WHERE job_id IN {GOING}))
"""
COUNT_ANSWERS = f"SELECT count(*) {ANSWERS}"

# `glaze cost` adds this up once the calls are gone. What lost replies may have cost counts as spent.
KEEP_COSTS = f"""
INSERT INTO past_costs (month, provider, tier, calls, spent, unknown, unknown_calls)
SELECT substr(opened_at, 1, 7), provider, max(tier), count(*),
    sum(coalesce(billed, iif(status = 'unknown', reserved, 0))),
    sum(iif(status = 'unknown', coalesce(billed, reserved), 0)), sum(status = 'unknown')
FROM attempts WHERE job_id IN {GOING} GROUP BY 1, 2
ON CONFLICT (month, provider) DO UPDATE SET tier = coalesce(tier, excluded.tier),
    calls = calls + excluded.calls, spent = spent + excluded.spent,
    unknown = unknown + excluded.unknown, unknown_calls = unknown_calls + excluded.unknown_calls
"""
KEEP_COUNTS = f"""
INSERT INTO past_costs (month, provider, tier, hits, misses, errors, cache_hits, saved)
SELECT substr(j.created_at, 1, 7), p.provider, max(p.tier), sum(p.hits), sum(p.misses), sum(p.errors),
    sum(p.cache_hits), sum(p.saved)
FROM job_providers p JOIN enrichment_jobs j ON j.id = p.job_id WHERE j.id IN {GOING} GROUP BY 1, 2
ON CONFLICT (month, provider) DO UPDATE SET tier = coalesce(tier, excluded.tier), hits = hits + excluded.hits,
    misses = misses + excluded.misses, errors = errors + excluded.errors,
    cache_hits = cache_hits + excluded.cache_hits, saved = saved + excluded.saved
"""

# Answers before the calls by which they are found.
DELETE_ANSWERS = f"DELETE {ANSWERS}"
DELETE_CALLS = f"DELETE FROM attempts WHERE job_id IN {GOING}"

# Then the jobs, children first, and what nothing refers to any more. An attempt's number may be given anew,
# so nobody may go on pointing at it.
DELETIONS = (
    f"DELETE FROM cell_enrichment_tasks WHERE job_id IN {GOING}",
    "DELETE FROM rows WHERE NOT EXISTS (SELECT 1 FROM cell_enrichment_tasks WHERE row_id = rows.id)",
    "UPDATE attempts SET repeats = NULL WHERE repeats NOT IN (SELECT id FROM attempts)",
    f"DELETE FROM job_counts WHERE job_id IN {GOING}",
    f"DELETE FROM job_providers WHERE job_id IN {GOING}",
    f"DELETE FROM enrichment_jobs WHERE id IN {GOING}",
    "DELETE FROM columns WHERE id NOT IN (SELECT column_id FROM cell_enrichment_tasks)",
    "DELETE FROM tables WHERE id NOT IN (SELECT table_id FROM enrichment_jobs)",
)


GROUP = 200_000
"""Cells that go in one transaction, but for a larger job's: other processes wait for it, some seconds."""

CACHE_KIB = 128 * 1024
"""Room for the indexes that a purge reads from end to end; it takes twice as long without."""


class Kept(Captioned):
    """Why a job of the scope stays."""

    BUSY = "busy", "not ended"
    FETCHABLE = "fetchable", "an answer that was paid for can still be fetched"
    UNWRITTEN = "unwritten", "values that were never written into a file"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to go: of that age, of one job, or both."""

    before: str | None = None
    """A moment as the store writes it; what was made then or later stays. None: any age."""
    job: str | None = None
    """A job's whole id; None: every job."""
    unwritten: bool = False
    """Also jobs whose values were never written."""


@dataclass(frozen=True, slots=True)
class Purge:
    """What goes, or went, and what stays although it is in the scope."""

    jobs: Sequence[Job]
    kept: Sequence[tuple[Job, Kept]]
    calls: int
    answers: int

    @property
    def tasks(self) -> int:
        """Cells of the jobs."""
        return sum(job.total_tasks for job in self.jobs)


IsFree = Callable[[Job], bool]
"""Whether a job has ended, and no process works on it or waits to."""


def moment_before(now: str, seconds: float) -> str:
    """The moment so many seconds before `now`, as the store writes it."""
    try:
        then = datetime.fromisoformat(now) - timedelta(seconds=seconds)
    except OverflowError:  # before the year 1
        return ""
    return then.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def find_old(connection: sqlite3.Connection, scope: Scope, is_free: IsFree) -> Purge:
    """What a purge of that scope would take."""
    jobs, kept = _choose(connection, scope, is_free)
    names = _names(scope, jobs)
    calls = connection.execute(COUNT_CALLS, names).fetchone()[0]
    return Purge(jobs, kept, calls, connection.execute(COUNT_ANSWERS, names).fetchone()[0])


def purge(
    connection: sqlite3.Connection,
    scope: Scope,
    is_free: IsFree,
    now: Clock = utc_now,
    group: int = GROUP,
) -> Purge:
    """Take it out; what went. Each job leaves in the transaction that adds what it cost to `past_costs`.

    What is deleted is overwritten with zeros; `give_back` and `empty_log` do the rest. Raises StoreError.
    """
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA foreign_keys = OFF")  # else each job that goes is looked for in every task
    gone: list[Job] = []
    calls = answers = 0
    try:
        while True:
            with transaction(connection):
                jobs, kept = _choose(connection, scope, is_free)  # anew: a job may have been resumed since
                some = _first(jobs, group)
                taken = _take(connection, some, scope, now())
            gone, calls, answers = [*gone, *some], calls + taken[0], answers + taken[1]
            if len(some) == len(jobs):
                return Purge(gone, kept, calls, answers)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _choose(
    connection: sqlite3.Connection, scope: Scope, is_free: IsFree
) -> tuple[list[Job], list[tuple[Job, Kept]]]:
    fetchable = {row[0] for row in connection.execute(FETCHABLE)}
    going, kept = [], []
    for row in connection.execute(JOBS, {"job": scope.job, "before": scope.before}):
        job = Job.from_row(row)
        why = _why_kept(job, scope, is_free, fetchable)
        if why is None:
            going.append(job)
        else:
            kept.append((job, why))
    return going, kept


def _first(jobs: Sequence[Job], most: int) -> Sequence[Job]:
    """As many of them, at least one, as have no more than so many cells."""
    cells = list(accumulate(job.total_tasks for job in jobs))
    return jobs[: max(1, bisect_right(cells, most))]


def _take(connection: sqlite3.Connection, jobs: Sequence[Job], scope: Scope, at: str) -> tuple[int, int]:
    """(calls, answers) that went with the jobs. Inside the caller's transaction."""
    names = _names(scope, jobs)
    for job in jobs:
        recover_attempts(connection, job.id, at)  # what a crash left open may have been billed
    connection.execute(KEEP_COSTS, names)
    connection.execute(KEEP_COUNTS, names)
    answers = connection.execute(DELETE_ANSWERS, names).rowcount
    calls = connection.execute(DELETE_CALLS, names).rowcount
    for statement in DELETIONS:
        connection.execute(statement, names)
    delete(own_files(jobs))
    return calls, answers


def _why_kept(job: Job, scope: Scope, is_free: IsFree, fetchable: set[str]) -> Kept | None:
    if not is_free(job):
        return Kept.BUSY
    if job.id in fetchable:
        return Kept.FETCHABLE
    if job.done_tasks and not job.is_written and not scope.unwritten:
        return Kept.UNWRITTEN
    return None


def _names(scope: Scope, jobs: Sequence[Job]) -> dict[str, str | None]:
    """What the SQL above calls things."""
    return {"jobs": json.dumps([job.id for job in jobs]), "job": scope.job, "before": scope.before}
