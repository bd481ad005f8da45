"""Attempts: the ledger. Money is reserved and the intent recorded before a call; settled after it.

Spent + reserved never exceeds a job's cap: the check and the reservation are one statement's transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace

from glaze_cli.model import Answer, AttemptStatus, Found, Lookup, Micros, Tier
from glaze_cli.store.answers import put_answer

# Reserve only what the cap still allows; no row is changed when it does not.
RESERVE = """
UPDATE enrichment_jobs SET reserved = reserved + :price
WHERE id = :job AND (cap IS NULL OR :price = 0 OR spent + reserved + :price <= cap)
"""

OPEN_ATTEMPT = """
INSERT INTO attempts (job_id, provider, tier, lookup_key, idempotency_key, status, reserved, opened_at)
VALUES (?, ?, ?, ?, ?, 'open', ?, ?)
"""

CLOSE_ATTEMPT = """
UPDATE attempts SET status = ?, outcome = ?, detail = ?, billed = ?, closed_at = ?
WHERE id = ? AND status = 'open' RETURNING job_id, reserved
"""

# What was reserved flows back, what was billed stays.
SETTLE_JOB = "UPDATE enrichment_jobs SET reserved = reserved - ?, spent = spent + ? WHERE id = ?"

# An unknown outcome may have been billed: its worst case counts as spent, and is shown on its own.
COUNT_UNKNOWN = """
UPDATE enrichment_jobs SET unknown = unknown + ?, unknown_calls = unknown_calls + 1 WHERE id = ?
"""

# What a service works on for us is not lost: its answer can still be fetched.
OPEN_ATTEMPTS = "SELECT id FROM attempts WHERE job_id = ? AND status = 'open' AND handle IS NULL"

KEEP_HANDLE = "UPDATE attempts SET handle = ? WHERE id = ?"
SUBMITTED = """
SELECT id, reserved, handle FROM attempts
WHERE lookup_key = ? AND provider = ? AND status = 'open' AND handle IS NOT NULL ORDER BY id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that is about to be made, or was made and is not settled."""

    id: int
    reserved: Micros
    handle: str | None = None
    """The service's own name for the job that it works on for us."""


def open_attempt(
    connection: sqlite3.Connection, job_id: str, lookup: Lookup, tier: Tier, price: Micros, at: str
) -> Attempt | None:
    """Reserve the worst price and record the intent; None when the cap does not allow it."""
    if not connection.execute(RESERVE, {"price": price, "job": job_id}).rowcount:
        return None
    key = f"{job_id}-{lookup.key[:32]}"
    values = (job_id, lookup.provider, tier, lookup.key, key, price, at)
    return Attempt(connection.execute(OPEN_ATTEMPT, values).lastrowid or 0, price)


def keep_handle(connection: sqlite3.Connection, attempt: Attempt, handle: str) -> Attempt:
    """The service took the question; a crash from now on loses nothing. Inside the caller's transaction."""
    connection.execute(KEEP_HANDLE, (handle, attempt.id))
    return replace(attempt, handle=handle)


def submitted_attempt(connection: sqlite3.Connection, lookup: Lookup) -> Attempt | None:
    """The attempt, of whatever job, that asked this question and whose answer is still to be fetched."""
    row = connection.execute(SUBMITTED, (lookup.key, lookup.provider)).fetchone()
    return None if row is None else Attempt(row["id"], Micros(row["reserved"]), row["handle"])


def settle_attempt(
    connection: sqlite3.Connection,
    attempt: Attempt,
    lookup: Lookup,
    answer: Answer,
    at: str,
    keep: bool = True,
) -> Micros:
    """Bill and answer in one go. A provider that does not say what it billed has billed its price.

    `keep` False: its terms forbid to remember the answer.

    Returns what was billed, which is never less than the truth: a bill over the price is recorded whole.
    """
    billed = attempt.reserved if answer.cost is None else answer.cost
    outcome = "hit" if isinstance(answer, Found) else "miss"
    _close(connection, attempt.id, AttemptStatus.SETTLED, outcome, None, billed, at)
    if keep:
        put_answer(connection, lookup, answer, billed, at)
    return billed


def refuse_attempt(
    connection: sqlite3.Connection, attempt: Attempt, reason: str, why: str, billed: Micros, at: str
) -> None:
    """The provider refused or was never reached: nothing is billed, unless it charges for errors too."""
    _close(connection, attempt.id, AttemptStatus.REFUSED, reason, why, billed, at)


def lose_attempt(connection: sqlite3.Connection, attempt_id: int, why: str, at: str) -> None:
    """Sent, and its outcome was never seen: it may have been billed, so its price counts as spent."""
    _close(connection, attempt_id, AttemptStatus.UNKNOWN, "unknown_outcome", why, None, at)


def recover_attempts(connection: sqlite3.Connection, job_id: str, at: str) -> int:
    """After a crash: every attempt of the job still open becomes unknown. Returns how many.

    Not those whose answer can still be fetched from the service.
    """
    left = [row[0] for row in connection.execute(OPEN_ATTEMPTS, (job_id,))]
    for attempt_id in left:
        lose_attempt(connection, attempt_id, "Glaze was stopped before the reply came.", at)
    return len(left)


def _close(
    connection: sqlite3.Connection,
    attempt_id: int,
    status: AttemptStatus,
    outcome: str,
    detail: str | None,
    billed: Micros | None,
    at: str,
) -> None:
    """Close it once; `billed` None means: not known, so the reservation is what it may have cost."""
    values = (status, outcome, detail, billed, at, attempt_id)
    row = connection.execute(CLOSE_ATTEMPT, values).fetchone()
    if row is None:
        return
    cost = row["reserved"] if billed is None else billed
    connection.execute(SETTLE_JOB, (row["reserved"], cost, row["job_id"]))
    if status is AttemptStatus.UNKNOWN:
        connection.execute(COUNT_UNKNOWN, (cost, row["job_id"]))
