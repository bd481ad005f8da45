"""Pace: when the next call may go to a provider, by its limits and its state, for all jobs of this store."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from glaze_cli.model import Limits
from glaze_cli.model.pace import Pace
from glaze_cli.model.states import Captioned

SLACK_S = 0.15
"""A window is kept so much longer than it is: a call may be under way for a while before it arrives."""

LEASE_S = 15.0
"""How long a place holds without being renewed: a killed process does not keep it."""

_SMOOTH_S = 0.02  # calls that a window would let through at once go out so far apart

GET_PACE = "SELECT paused_until, interval, failures, trips FROM provider_pace WHERE provider = ?"
PUT_PACE = """
INSERT INTO provider_pace (provider, paused_until, interval, failures, trips) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (provider) DO UPDATE SET paused_until = excluded.paused_until, interval = excluded.interval,
    failures = excluded.failures, trips = excluded.trips
"""

# The slot that many calls ago: a window is full until that one has left it.
SLOT_BEFORE = "SELECT at FROM provider_slots WHERE provider = ? ORDER BY at DESC LIMIT 1 OFFSET ?"
TAKE_SLOT = "INSERT INTO provider_slots (provider, at) VALUES (?, ?)"
DROP_SLOTS = "DELETE FROM provider_slots WHERE provider = ? AND at < ?"

# Places of processes that are gone are free again: looked at when there is no other.
DROP_PLACES = "DELETE FROM provider_places WHERE provider = ? AND until < ?"
TAKE_PLACE = """
INSERT INTO provider_places (provider, owner, until) SELECT ?, ?, ?
WHERE (SELECT count(*) FROM provider_places WHERE provider = ?) < ?
"""
LEAVE_PLACE = "DELETE FROM provider_places WHERE id = ?"
RENEW_PLACE = "UPDATE provider_places SET until = ? WHERE id = ?"


class Refusal(Captioned):
    """Why a caller should not even wait."""

    LIMIT = "limit", "its limit is used up"
    PAUSED = "paused", "it asks to be left alone"
    BROKEN = "broken", "its last calls failed"


@dataclass(frozen=True, slots=True)
class Longest:
    """How many seconds a caller waits at the most; beyond that it is refused."""

    limit: float
    """For its turn by the service's limits: as long as the job may run."""
    pause: float
    """For the end of a pause that the service asked for."""


class Entry(NamedTuple):
    """What a caller gets: a place among those that may call at once, and the moment of its call."""

    place: int | None
    """None: all places are taken, or it is refused."""
    at: float
    """Epoch seconds: when it may be sent; without a place, when it could be at the earliest."""
    refused: Refusal | None = None


def get_pace(connection: sqlite3.Connection, provider: str, now: float) -> Pace:
    """The provider's state; a provider that never gave trouble has the usual one."""
    row = connection.execute(GET_PACE, (provider,)).fetchone()
    return Pace(*row).at(now) if row else Pace()


def put_pace(connection: sqlite3.Connection, provider: str, pace: Pace) -> None:
    """Remember it. Inside the caller's transaction."""
    values = (provider, pace.paused_until, pace.interval, pace.failures, pace.trips)
    connection.execute(PUT_PACE, values)


def enter(
    connection: sqlite3.Connection,
    provider: str,
    limits: Limits,
    owner: str,
    now: float,
    longest: Longest,
    place: int | None = None,
    pace: Pace | None = None,
) -> Entry:
    """A place, and the next moment that the limits leave free, taken for the caller.

    `place`: one that the caller holds already; `pace`: the provider's, where it has just been read; `now` is
    epoch seconds. Nothing is taken where the wait would
    be too long, or the provider is taken for broken. Inside the caller's transaction.
    """
    pace = pace or get_pace(connection, provider, now)
    if pace.refuses(now):
        return Entry(None, pace.paused_until, Refusal.BROKEN)
    if pace.paused_until > now + longest.pause:
        return Entry(None, pace.paused_until, Refusal.PAUSED)
    at = next_moment(connection, provider, limits, pace, now)
    if at > now + longest.limit:
        return Entry(None, at, Refusal.LIMIT)
    if place is None:
        place = _take_place(connection, provider, limits.concurrency, owner, now)
        if place is None:
            return Entry(None, now)
    if limits.windows or pace.interval:
        oldest = now - max((window.seconds for window in limits.windows), default=0.0) - 60.0
        connection.execute(DROP_SLOTS, (provider, oldest))
        connection.execute(TAKE_SLOT, (provider, at))
    if pace.on_trial and at <= now:
        put_pace(connection, provider, pace.tried(at))
    return Entry(place, at)


def next_moment(
    connection: sqlite3.Connection, provider: str, limits: Limits, pace: Pace, now: float
) -> float:
    """The earliest moment, from `now` on, at which one more call keeps every window."""
    at = max(now, pace.paused_until)
    if not limits.windows and not pace.interval:
        return at
    for window in limits.windows:
        before = _slot_before(connection, provider, window.calls - 1)
        if before is not None:
            at = max(at, before + window.seconds + SLACK_S)
    apart = min((window.seconds / window.calls for window in limits.windows), default=0.0)
    last = _slot_before(connection, provider, 0)
    return at if last is None else max(at, last + max(min(apart, _SMOOTH_S), pace.interval))


def leave(connection: sqlite3.Connection, place: int) -> None:
    """The call is over. Inside the caller's transaction."""
    connection.execute(LEAVE_PLACE, (place,))


def renew(connection: sqlite3.Connection, places: Collection[int], now: float) -> None:
    """The calls at these places are still under way. Inside the caller's transaction."""
    connection.executemany(RENEW_PLACE, [(now + LEASE_S, place) for place in places])


def _slot_before(connection: sqlite3.Connection, provider: str, calls: int) -> float | None:
    row = connection.execute(SLOT_BEFORE, (provider, calls)).fetchone()
    return None if row is None else float(row[0])


def _take_place(
    connection: sqlite3.Connection, provider: str, places: int, owner: str, now: float
) -> int | None:
    values = (provider, owner, now + LEASE_S, provider, places)
    cursor = connection.execute(TAKE_PLACE, values)
    if not cursor.rowcount and connection.execute(DROP_PLACES, (provider, now)).rowcount:
        cursor = connection.execute(TAKE_PLACE, values)
    return cursor.lastrowid if cursor.rowcount else None
