"""Permits: before a call, its worst price is reserved and the intent recorded; or there is no call.

Spent + reserved never exceeds a cap, of the job or of a provider in it: the check and the reservation are
one transaction.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from glaze_cli.model import Lookup, Micros, Tier
from glaze_cli.store.attempts import Attempt
from glaze_cli.store.no_permit import NoPermit
from glaze_cli.store.purse import Purse
from glaze_cli.store.standing import UNKNOWN, standings

COUNT_REPEATED = "UPDATE enrichment_jobs SET repeated_calls = repeated_calls + ? WHERE id = ?"

LAST_ATTEMPT = "SELECT coalesce(max(id), 0) FROM attempts"

OPEN_ATTEMPT = """
INSERT INTO attempts
    (id, job_id, provider, tier, lookup_key, idempotency_key, status, reserved, opened_at, task_id, repeats)
VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?, nullif(?, 0))
"""


class Seen(NamedTuple):
    """What the store held about a question when it was last looked at."""

    answered_at: str | None = None
    """When it was answered last; not recently enough, or it would not be asked."""
    unknown: int = 0
    """The attempt whose reply was lost, and which may be repeated; 0: none."""


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


class Permits:
    """Those of one job that are given in one piece of work inside a transaction.

    The store is read once for all of them and written once (`write`): while the transaction holds it, what
    was read changes by these permits alone, and of them only the money matters to each other. An open attempt
    of the job itself stands in the way of none of its own.
    """

    def __init__(self, connection: sqlite3.Connection, job_id: str, intents: Sequence[Intent]) -> None:
        """`intents`: all that will be asked for."""
        self._connection = connection
        self._job_id = job_id
        self._purse = Purse(connection, job_id)
        self._standings = standings(connection, job_id, [one.lookup for one in intents if one.price])
        self._opened: list[tuple[object, ...]] = []
        self._repeated = 0
        self._last = -1

    def refusal(self, intent: Intent) -> NoPermit | None:
        """Why such a call may not be made now; None: it may.

        A process that slept while another one took its job over makes none, not even a free one.
        """
        if self._purse.owner != intent.owner:
            return NoPermit.NOT_OWNER
        if not intent.price:
            return None
        standing, seen = self._standings[intent.lookup.key], intent.seen
        if standing.elsewhere:  # a paid question that another job is asking just now is not paid for again
            return NoPermit.ELSEWHERE
        # Another job got an answer, or lost a reply, since this one looked: between a look and a permit there
        # is time enough to pay for it twice.
        if seen is not None and standing.answered_at not in (None, seen.answered_at):
            return NoPermit.MEANWHILE
        if seen is not None and not intent.safe and (standing.unknown or 0) > seen.unknown:
            return NoPermit.MEANWHILE
        return self._purse.refusal(intent.lookup.provider, intent.price, intent.provider_cap)

    def record(self, intent: Intent, at: str) -> Attempt:
        """Reserve the worst price and record the intent, of which `refusal` has just said that it may be
        asked."""
        lookup, price, repeats = intent.lookup, intent.price, None
        if price:
            self._purse.reserve(lookup.provider, intent.tier, price)
            repeats = self._standings[lookup.key].unknown
        if repeats is not None and not intent.safe:
            self._repeated += 1
        if self._last < 0:  # SQLite would number them the same way, and nobody else does meanwhile
            self._last = last_attempt(self._connection)
        self._last += 1
        who = (self._last, self._job_id, lookup.provider, str(intent.tier), lookup.key, lookup.key)
        self._opened.append((*who, price, at, intent.task_id, repeats or 0))
        return Attempt(self._last, price, repeats=repeats)

    def write(self) -> None:
        """All of them, into the store. Raises StoreError."""
        self._purse.write()
        if self._repeated:
            self._connection.execute(COUNT_REPEATED, (self._repeated, self._job_id))
        self._connection.executemany(OPEN_ATTEMPT, self._opened)


@contextlib.contextmanager
def giving(connection: sqlite3.Connection, job_id: str, intents: Sequence[Intent]) -> Iterator[Permits]:
    """Permits that are written at the end of the block, inside the caller's transaction.

    Inside the block nothing else may touch attempts or money. After an error the transaction has to go.
    """
    permits = Permits(connection, job_id, intents)
    yield permits
    permits.write()


def record_attempt(connection: sqlite3.Connection, intent: Intent, at: str) -> Attempt:
    """Record a call that has been made already, without asking whether it may. Inside the caller's
    transaction."""
    with giving(connection, intent.job_id, [intent]) as permits:
        return permits.record(intent, at)


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
