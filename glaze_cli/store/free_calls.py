"""Calls that cost nothing and were answered: written down once, with their answers, when they are over.

A call that may cost something is written down before it is sent (permits.py), since a crash must not lose its
bill. Of a free one a crash loses nothing but an answer that is asked for again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from glaze_cli.model import Answer, Found, Lookup, Tier
from glaze_cli.store.answers import PUT_ANSWER, answer_values

RECORD_CALL = """
INSERT INTO attempts (job_id, provider, tier, lookup_key, idempotency_key, status, outcome, reserved, billed,
    opened_at, closed_at, task_id)
VALUES (?, ?, ?, ?, ?, 'settled', ?, 0, 0, ?, ?, ?)
"""


class FreeCall(NamedTuple):
    """A call, its answer, and the cell that asked first. A plain tuple: there is one a cell."""

    tier: Tier
    lookup: Lookup
    answer: Answer
    keep: bool
    """False: the provider's terms forbid to remember it."""
    opened_at: str
    closed_at: str
    task_id: int | None


def record_free_calls(connection: sqlite3.Connection, job_id: str, calls: Sequence[FreeCall]) -> None:
    """Ledger and answers together. Inside the caller's transaction."""
    made: list[tuple[object, ...]] = []
    kept: list[tuple[object, ...]] = []
    for tier, lookup, answer, keep, opened_at, closed_at, task_id in calls:
        key, outcome = lookup.key, "hit" if isinstance(answer, Found) else "miss"
        made.append((job_id, lookup.provider, str(tier), key, key, outcome, opened_at, closed_at, task_id))
        if keep:
            kept.append(answer_values(lookup, answer, 0, closed_at))
    connection.executemany(RECORD_CALL, made)
    connection.executemany(PUT_ANSWER, kept)
