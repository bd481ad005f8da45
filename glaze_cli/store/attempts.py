"""Attempts: the ledger. What was opened by store/permits.py is closed here, with its bill."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from glaze_cli.model import Answer, AttemptStatus, Found, Lookup, Micros
from glaze_cli.store.answers import put_answer

CLOSE_ATTEMPT = """
UPDATE attempts SET status = ?, outcome = ?, detail = ?, billed = ?, closed_at = ?
WHERE id = ? AND status = 'open' RETURNING job_id, provider, tier, reserved, repeats
"""

# What was reserved flows back, what was billed stays.
SETTLE_JOB = "UPDATE enrichment_jobs SET reserved = reserved - ?, spent = spent + ? WHERE id = ?"
SETTLE_PROVIDER = """
INSERT INTO job_providers (job_id, provider, tier, reserved, spent)
VALUES (:job, :provider, :tier, -:reserved, :spent) ON CONFLICT (job_id, provider) DO UPDATE SET
    reserved = reserved - :reserved, spent = spent + :spent
"""

# An unknown outcome may have been billed: its worst case counts as spent, and is shown on its own.
COUNT_UNKNOWN = """
UPDATE enrichment_jobs SET unknown = unknown + ?, unknown_calls = unknown_calls + ? WHERE id = ?
"""

# A service that knows a call again bills it once: the repeat's bill is the bill of both.
RESOLVE = """
UPDATE attempts SET status = 'settled', outcome = 'repeated', billed = 0
WHERE id = ? AND status = 'unknown' RETURNING job_id, provider, tier, reserved, repeats
"""

# What a service works on for us is not lost: its answer can still be fetched.
OPEN_ATTEMPTS = "SELECT id FROM attempts WHERE job_id = ? AND status = 'open' AND handle IS NULL"

KEEP_HANDLE = "UPDATE attempts SET handle = ? WHERE id = ?"
SUBMITTED = """
SELECT id, reserved, handle FROM attempts
WHERE lookup_key = ? AND provider = ? AND status = 'open' AND handle IS NOT NULL ORDER BY id LIMIT 1
"""


class Attempt(NamedTuple):
    """A call that is about to be made, or was made and is not settled."""

    id: int
    reserved: Micros
    handle: str | None = None
    """The service's own name for the job that it works on for us."""
    repeats: int | None = None
    """The attempt without an outcome that this one asks again."""


def keep_handle(connection: sqlite3.Connection, attempt: Attempt, handle: str) -> Attempt:
    """The service took the question; a crash from now on loses nothing. Inside the caller's transaction."""
    connection.execute(KEEP_HANDLE, (handle, attempt.id))
    return attempt._replace(handle=handle)


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
    safe: bool = False,
) -> Micros:
    """Bill and answer in one go. A provider that does not say what it billed has billed its price.

    `keep` False: its terms forbid to remember the answer. `safe`: the service knows a repeated call again,
    so this bill is also that of the call without an outcome that it repeats.

    Returns what was billed, which is never less than the truth: a bill over the price is recorded whole.
    """
    billed = attempt.reserved if answer.cost is None else answer.cost
    outcome = "hit" if isinstance(answer, Found) else "miss"
    closed = _close(connection, attempt.id, AttemptStatus.SETTLED, outcome, None, billed, at)
    if safe and closed is not None:
        _resolve(connection, closed["repeats"])
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
) -> sqlite3.Row | None:
    """Close it once; `billed` None means: not known, so the reservation is what it may have cost."""
    values = (status, outcome, detail, billed, at, attempt_id)
    row: sqlite3.Row | None = connection.execute(CLOSE_ATTEMPT, values).fetchone()
    if row is None:
        return None
    cost = row["reserved"] if billed is None else billed
    settle_money(connection, row["job_id"], row["provider"], row["tier"], row["reserved"], cost)
    if status is AttemptStatus.UNKNOWN:
        connection.execute(COUNT_UNKNOWN, (cost, 1, row["job_id"]))
    return row


def _resolve(connection: sqlite3.Connection, attempt_id: int | None) -> None:
    """What a repeated call leaves of those before it: nothing was billed for them."""
    while attempt_id is not None:
        row = connection.execute(RESOLVE, (attempt_id,)).fetchone()
        if row is None:
            return
        settle_money(connection, row["job_id"], row["provider"], row["tier"], 0, -row["reserved"])
        connection.execute(COUNT_UNKNOWN, (-row["reserved"], -1, row["job_id"]))
        attempt_id = row["repeats"]


def settle_money(
    connection: sqlite3.Connection, job_id: str, provider: str, tier: str, reserved: int, spent: int
) -> None:
    """So much less is reserved, so much more is spent: by the job, and by the provider in it."""
    if reserved or spent:
        connection.execute(SETTLE_JOB, (reserved, spent, job_id))
        names = {"job": job_id, "provider": provider, "tier": tier}
        connection.execute(SETTLE_PROVIDER, {**names, "reserved": reserved, "spent": spent})
