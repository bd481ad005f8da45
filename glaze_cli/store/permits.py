"""Permits: before a call, its worst price is reserved and the intent recorded; or there is no call.

Spent + reserved never exceeds a cap, of the job or of a provider in it: the check and the reservation are
one statement.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from glaze_cli.model import Lookup, Micros, Tier
from glaze_cli.model.states import Captioned
from glaze_cli.store.attempts import Attempt

# Reserve only what the job's cap still allows, and only for the process that works on it (one that slept
# while another took the job over must not call); no row is changed otherwise.
RESERVE = """
UPDATE enrichment_jobs SET reserved = reserved + :price
WHERE id = :job AND owner = :owner AND (cap IS NULL OR :price = 0 OR spent + reserved + :price <= cap)
"""
IS_OWNER = "SELECT 1 FROM enrichment_jobs WHERE id = ? AND owner = ?"

# The same for the provider's own cap in this job.
RESERVE_PROVIDER = """
INSERT INTO job_providers (job_id, provider, tier, reserved) VALUES (:job, :provider, :tier, :price)
ON CONFLICT (job_id, provider) DO UPDATE SET reserved = reserved + :price
WHERE :cap IS NULL OR spent + reserved + :price <= :cap
"""

FREE_PROVIDER = "UPDATE job_providers SET reserved = reserved - ? WHERE job_id = ? AND provider = ?"

# A paid question that another job is asking just now is not paid for again.
ASKED_ELSEWHERE = """
SELECT 1 FROM attempts
WHERE lookup_key = ? AND provider = ? AND status = 'open' AND reserved > 0 AND job_id <> ?
"""

# The last paid call with this question whose outcome was never seen, unless it was answered since.
UNKNOWN = """
SELECT id, job_id, opened_at FROM attempts a
WHERE lookup_key = ? AND provider = ? AND status = 'unknown' AND reserved > 0 AND NOT EXISTS (
    SELECT 1 FROM attempts b WHERE b.lookup_key = a.lookup_key AND b.provider = a.provider
        AND b.id > a.id AND b.status = 'settled')
ORDER BY id DESC LIMIT 1
"""

COUNT_REPEATED = "UPDATE enrichment_jobs SET repeated_calls = repeated_calls + 1 WHERE id = ?"

LAST_ATTEMPT = "SELECT coalesce(max(id), 0) FROM attempts"

OPEN_ATTEMPT = """
INSERT INTO attempts
    (job_id, provider, tier, lookup_key, idempotency_key, status, reserved, opened_at, task_id, repeats)
VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)
"""


class NoPermit(Captioned):
    """Why there is no permit for a call."""

    JOB_CAP = "job_cap", "more than the job's cap leaves"
    PROVIDER_CAP = "provider_cap", "more than its own cap in this job leaves"
    ELSEWHERE = "elsewhere", "another job is asking it"
    NOT_OWNER = "not_owner", "another process has taken the job over"


@dataclass(frozen=True, slots=True)
class Intent:
    """A call that is wanted."""

    job_id: str
    owner: str
    """The process that works on the job."""
    lookup: Lookup
    tier: Tier
    price: Micros
    """Most that it can cost."""
    task_id: int | None = None
    """The cell that asks first."""
    provider_cap: Micros | None = None
    """Most that the provider may cost in this job; None: no cap of its own."""
    safe: bool = False
    """It may be asked again after a lost reply: free, or the service knows it again and bills it once."""


def open_attempt(connection: sqlite3.Connection, intent: Intent, at: str) -> Attempt | NoPermit:
    """Reserve the worst price and record the intent, or say why not. Inside the caller's transaction."""
    lookup, price = intent.lookup, intent.price
    key = (lookup.key, lookup.provider)
    if price and connection.execute(ASKED_ELSEWHERE, (*key, intent.job_id)).fetchone():
        return NoPermit.ELSEWHERE
    if price and not _reserve_provider(connection, intent):
        return NoPermit.PROVIDER_CAP
    if not connection.execute(
        RESERVE, {"price": price, "job": intent.job_id, "owner": intent.owner}
    ).rowcount:
        if price:
            connection.execute(FREE_PROVIDER, (price, intent.job_id, lookup.provider))
        owned = connection.execute(IS_OWNER, (intent.job_id, intent.owner)).fetchone()
        return NoPermit.JOB_CAP if owned else NoPermit.NOT_OWNER
    unknown = connection.execute(UNKNOWN, key).fetchone() if price else None
    if unknown is not None and not intent.safe:
        connection.execute(COUNT_REPEATED, (intent.job_id,))
    values = (intent.job_id, lookup.provider, intent.tier, lookup.key, lookup.key, price, at, intent.task_id)
    repeats = None if unknown is None else unknown["id"]
    return Attempt(connection.execute(OPEN_ATTEMPT, (*values, repeats)).lastrowid or 0, price)


def _reserve_provider(connection: sqlite3.Connection, intent: Intent) -> bool:
    cap = intent.provider_cap
    if cap is not None and intent.price > cap:
        return False
    values = {"job": intent.job_id, "provider": intent.lookup.provider, "tier": intent.tier}
    return bool(connection.execute(RESERVE_PROVIDER, {**values, "price": intent.price, "cap": cap}).rowcount)


@dataclass(frozen=True, slots=True)
class UnknownCall:
    """A paid call whose outcome was never seen."""

    id: int
    job_id: str
    at: str
    """When it was sent, or about to be."""


def unknown_call(connection: sqlite3.Connection, lookup: Lookup) -> UnknownCall | None:
    """The last paid call, of whatever job, that asked this question and whose outcome is unknown."""
    row = connection.execute(UNKNOWN, (lookup.key, lookup.provider)).fetchone()
    return None if row is None else UnknownCall(*row)


def last_attempt(connection: sqlite3.Connection) -> int:
    """The number of the newest attempt; 0 where there is none."""
    return int(connection.execute(LAST_ATTEMPT).fetchone()[0])
