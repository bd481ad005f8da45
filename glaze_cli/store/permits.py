"""Permits: before a call, its worst price is reserved and the intent recorded; or there is no call.

Spent + reserved never exceeds a cap, of the job or of a provider in it: the check and the reservation are
one transaction.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from glaze_cli.model import Lookup, Micros, Tier
from glaze_cli.model.states import Captioned
from glaze_cli.store.attempts import Attempt

# What decides about a permit; the caller's transaction holds the store, so nothing changes until it reserves.
JOB_MONEY = "SELECT owner, cap, spent, reserved FROM enrichment_jobs WHERE id = ?"
PROVIDER_MONEY = "SELECT spent, reserved FROM job_providers WHERE job_id = ? AND provider = ?"

RESERVE = "UPDATE enrichment_jobs SET reserved = reserved + ? WHERE id = ?"
RESERVE_PROVIDER = """
INSERT INTO job_providers (job_id, provider, tier, reserved) VALUES (?, ?, ?, ?)
ON CONFLICT (job_id, provider) DO UPDATE SET reserved = reserved + excluded.reserved
"""

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

# When the question was last answered, by whatever job.
ANSWERED_AT = "SELECT created_at FROM answers WHERE key = ?"

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
    HELD = "held", "more than a cap leaves while other calls are under way"
    ELSEWHERE = "elsewhere", "another job is asking it"
    MEANWHILE = "meanwhile", "another job has just asked it"
    NOT_OWNER = "not_owner", "another process has taken the job over"


class Seen(NamedTuple):
    """What the store held about a question when it was last looked at."""

    answered_at: str | None = None
    """When it was answered last; not recently enough, or it would not be asked."""
    unknown: int = 0
    """The attempt whose reply was lost, and which may be repeated; 0: none."""


NOTHING_SEEN = Seen()


class Intent(NamedTuple):
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
    seen: Seen | None = None
    """Where the store holds something newer by now, that comes first; None: nobody looked."""


def refusal(connection: sqlite3.Connection, intent: Intent) -> NoPermit | None:
    """Why such a call may not be made now; None: it may. Reads only; inside the caller's transaction.

    A process that slept while another one took its job over makes none, not even a free one.
    """
    job, lookup = connection.execute(JOB_MONEY, (intent.job_id,)).fetchone(), intent.lookup
    if job["owner"] != intent.owner:
        return NoPermit.NOT_OWNER
    if not intent.price:
        return None
    if connection.execute(ASKED_ELSEWHERE, (lookup.key, lookup.provider, intent.job_id)).fetchone():
        return NoPermit.ELSEWHERE
    if _outdated(connection, intent):
        return NoPermit.MEANWHILE
    own = connection.execute(PROVIDER_MONEY, (intent.job_id, lookup.provider)).fetchone()
    spent, reserved = (own["spent"], own["reserved"]) if own else (0, 0)
    if job["cap"] is not None and job["spent"] + intent.price > job["cap"]:
        return NoPermit.JOB_CAP
    if intent.provider_cap is not None and spent + intent.price > intent.provider_cap:
        return NoPermit.PROVIDER_CAP
    held = job["cap"] is not None and job["spent"] + job["reserved"] + intent.price > job["cap"]
    if held or (intent.provider_cap is not None and spent + reserved + intent.price > intent.provider_cap):
        return NoPermit.HELD
    return None


def _outdated(connection: sqlite3.Connection, intent: Intent) -> bool:
    """Whether another job got an answer, or lost a reply, since this one looked: between a look and a permit
    there is time enough to pay for it twice."""
    if intent.seen is None:
        return False
    answered = connection.execute(ANSWERED_AT, (intent.lookup.key,)).fetchone()
    if answered is not None and answered[0] != intent.seen.answered_at:
        return True
    unknown = None if intent.safe else unknown_call(connection, intent.lookup)
    return unknown is not None and unknown.id > intent.seen.unknown


def open_attempt(connection: sqlite3.Connection, intent: Intent, at: str) -> Attempt | NoPermit:
    """Reserve the worst price and record the intent, or say why not. Inside the caller's transaction."""
    return refusal(connection, intent) or record_attempt(connection, intent, at)


def record_attempt(connection: sqlite3.Connection, intent: Intent, at: str) -> Attempt:
    """Reserve the worst price and record the intent, of which `refusal` has just said that it may be asked.

    Inside the same transaction of the caller.
    """
    lookup, price, repeats = intent.lookup, intent.price, None
    if price:
        connection.execute(RESERVE, (price, intent.job_id))
        connection.execute(RESERVE_PROVIDER, (intent.job_id, lookup.provider, intent.tier, price))
        unknown = unknown_call(connection, lookup)
        repeats = None if unknown is None else unknown.id
    if repeats is not None and not intent.safe:
        connection.execute(COUNT_REPEATED, (intent.job_id,))
    values = (intent.job_id, lookup.provider, intent.tier, lookup.key, lookup.key, price, at, intent.task_id)
    number = connection.execute(OPEN_ATTEMPT, (*values, repeats)).lastrowid or 0
    return Attempt(number, price, repeats=repeats)


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
