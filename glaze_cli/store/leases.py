"""Leases: which process works on a job, and whether it still does.

The owner holds the job from its turn in the queue until its values are written back, and says now and then
that it is there. Times are seconds since 1970.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from glaze_cli.model import JobStatus

LEASE_S = 30.0
"""How long an owner that we cannot look at (it is on another machine) is believed without a sign of life."""

OWNED = """
SELECT j.rowid AS number, j.id, j.status, j.owner, j.lease_until, j.target, t.path
FROM enrichment_jobs j JOIN tables t ON t.id = j.table_id WHERE j.owner IS NOT NULL ORDER BY j.rowid
"""

# Nobody else's: it has no owner, or the one that was seen to be gone.
CLAIM = """
UPDATE enrichment_jobs SET owner = :owner, lease_until = :until, stop = NULL, exit_code = NULL,
    status = 'pending', error = NULL
WHERE id = :job AND (owner IS NULL OR owner = :gone)
"""

# The sign of life; nothing is changed where another process has taken over.
RENEW = "UPDATE enrichment_jobs SET lease_until = ? WHERE id = ? AND owner = ? RETURNING stop"

LOOK = "SELECT stop FROM enrichment_jobs WHERE id = ? AND owner = ?"

RELEASE = """
UPDATE enrichment_jobs SET owner = NULL, lease_until = NULL, stop = NULL, exit_code = ?
WHERE id = ? AND owner = ?
"""

# A process that is gone has interrupted what it was doing; what had ended before has ended.
ABANDON = """
UPDATE enrichment_jobs SET owner = NULL, lease_until = NULL, stop = NULL,
    status = CASE WHEN status IN ('pending', 'running') THEN 'interrupted' ELSE status END,
    error = CASE WHEN status IN ('pending', 'running') THEN 'its process is gone' ELSE error END
WHERE id = ? AND owner = ?
"""

# The queued job of a process that could not begin, or that an error ended.
BREAK_OFF = """
UPDATE enrichment_jobs SET owner = NULL, lease_until = NULL, stop = NULL, exit_code = ?, error = ?,
    status = CASE WHEN status IN ('pending', 'running') THEN 'interrupted' ELSE status END
WHERE id = ? AND owner = ?
"""

# No call of a process that is gone is under way any more.
FREE_PLACES = "DELETE FROM provider_places WHERE owner = ?"

OTHERS_AT_WORK = """
SELECT 1 FROM enrichment_jobs WHERE owner IS NOT NULL AND status = 'running' AND id <> ? LIMIT 1
"""

KEEP_LOG = "UPDATE enrichment_jobs SET log = ? WHERE id = ?"

ASK_TO_STOP = "UPDATE enrichment_jobs SET stop = 'cancel' WHERE id = ? AND owner IS NOT NULL"

CANCEL = """
UPDATE enrichment_jobs SET status = 'cancelled', error = NULL, completed_at = ?, exit_code = ?
WHERE id = ? AND owner IS NULL AND status IN ('pending', 'paused', 'interrupted')
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A job that has an owner, whether that is still there or not."""

    number: int
    """Jobs made later have higher ones: the order of the queue."""
    job_id: str
    status: JobStatus
    owner: str
    until: float
    path: str
    target: str | None


def others_at_work(connection: sqlite3.Connection, job_id: str) -> bool:
    """Whether any other job is being asked just now."""
    return connection.execute(OTHERS_AT_WORK, (job_id,)).fetchone() is not None


def held_jobs(connection: sqlite3.Connection) -> list[Held]:
    """The jobs that have an owner, in the order of the queue."""
    return [
        Held(
            row["number"],
            row["id"],
            JobStatus(row["status"]),
            row["owner"],
            row["lease_until"] or 0.0,
            row["path"],
            row["target"],
        )
        for row in connection.execute(OWNED)
    ]


def claim(connection: sqlite3.Connection, job_id: str, owner: str, now: float, gone: str | None) -> bool:
    """Make the job this process's own, to wait for its turn; False: another one's.

    `gone`: the owner that it had, whose process is not there any more, or this one under the name that the
    process gave it which started it. Inside the caller's transaction.
    """
    values = {"owner": owner, "until": now + LEASE_S, "job": job_id, "gone": gone}
    claimed = bool(connection.execute(CLAIM, values).rowcount)
    if claimed and gone is not None:
        connection.execute(FREE_PLACES, (gone,))
    return claimed


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a sign of life is answered with."""

    lost: bool
    """Another process has taken the job over: stop, and write nothing more."""
    cancel: bool
    """`glaze cancel` asks it to stop."""


def renew(connection: sqlite3.Connection, job_id: str, owner: str, now: float) -> Pulse:
    """The owner is still there. Inside the caller's transaction."""
    row = connection.execute(RENEW, (now + LEASE_S, job_id, owner)).fetchone()
    return Pulse(lost=row is None, cancel=row is not None and row["stop"] == "cancel")


def look(connection: sqlite3.Connection, job_id: str, owner: str) -> Pulse:
    """The same question without a sign of life: it writes nothing."""
    row = connection.execute(LOOK, (job_id, owner)).fetchone()
    return Pulse(lost=row is None, cancel=row is not None and row["stop"] == "cancel")


def release(connection: sqlite3.Connection, job_id: str, owner: str, exit_code: int) -> None:
    """The run is over, its values written. Inside the caller's transaction."""
    connection.execute(RELEASE, (exit_code, job_id, owner))


def break_off(connection: sqlite3.Connection, job_id: str, owner: str, exit_code: int, error: str) -> None:
    """The run could not go on; the job can be resumed. Inside the caller's transaction."""
    connection.execute(BREAK_OFF, (exit_code, error, job_id, owner))


def abandon(connection: sqlite3.Connection, held: Held) -> bool:
    """Its owner is gone: the job is free, and its slot. False: somebody was quicker.

    Inside the caller's transaction.
    """
    abandoned = bool(connection.execute(ABANDON, (held.job_id, held.owner)).rowcount)
    if abandoned:
        connection.execute(FREE_PLACES, (held.owner,))
    return abandoned


def ask_to_stop(connection: sqlite3.Connection, job_id: str) -> bool:
    """Ask the job's process to stop; False: it has none. Inside the caller's transaction."""
    return bool(connection.execute(ASK_TO_STOP, (job_id,)).rowcount)


def cancel_idle(connection: sqlite3.Connection, job_id: str, at: str, exit_code: int) -> bool:
    """Cancel a job that no process works on; False: it has ended for good already, or has one.

    Inside the caller's transaction.
    """
    return bool(connection.execute(CANCEL, (at, exit_code, job_id)).rowcount)


def keep_log(connection: sqlite3.Connection, job_id: str, path: str) -> None:
    """Where the job's own process will write its words. Inside the caller's transaction."""
    connection.execute(KEEP_LOG, (path, job_id))
