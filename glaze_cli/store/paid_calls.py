"""Calls that were written down before they were sent, and answered: settled many at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from glaze_cli.model import Answer, Found, Lookup, Micros, Tier
from glaze_cli.store.answers import PUT_ANSWER, answer_values
from glaze_cli.store.attempts import Attempt, settle_attempt, settle_money

# Whether all of them stand open still: what another process has settled meanwhile is not settled again.
STILL_OPEN = """
SELECT count(*) FROM attempts WHERE status = 'open' AND id IN (SELECT value FROM json_each(?))
"""
SETTLE = "UPDATE attempts SET status = 'settled', outcome = ?, billed = ?, closed_at = ? WHERE id = ?"


class PaidCall(NamedTuple):
    """A call, its answer and its bill; it repeats none whose reply was lost. A plain tuple: one a cell."""

    tier: Tier
    lookup: Lookup
    attempt: Attempt
    answer: Answer
    billed: Micros
    keep: bool
    """False: the provider's terms forbid to remember it."""
    closed_at: str


def settle_calls(connection: sqlite3.Connection, job_id: str, calls: Sequence[PaidCall]) -> None:
    """Bills and answers in one go, as `settle_attempt` does for one. Inside the caller's transaction."""
    ids = json.dumps([call.attempt.id for call in calls])
    if connection.execute(STILL_OPEN, (ids,)).fetchone()[0] != len(calls):
        for call in calls:
            settle_attempt(connection, call.attempt, call.lookup, call.answer, call.closed_at, call.keep)
        return
    ends: list[tuple[object, ...]] = []
    kept: list[tuple[object, ...]] = []
    sums: dict[tuple[str, str], list[int]] = {}
    for tier, lookup, attempt, answer, billed, keep, closed_at in calls:
        ends.append(("hit" if isinstance(answer, Found) else "miss", billed, closed_at, attempt.id))
        sum_ = sums.setdefault((lookup.provider, tier), [0, 0])
        sum_[0] += attempt.reserved
        sum_[1] += billed
        if keep:
            kept.append(answer_values(lookup, answer, billed, closed_at))
    connection.executemany(SETTLE, ends)
    for names, (reserved, spent) in sums.items():
        settle_money(connection, job_id, *names, reserved, spent)
    connection.executemany(PUT_ANSWER, kept)
