"""Paid calls that were answered: settled together, to the same ledger as one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from glaze_cli.model import Answer, Field, Found, Lookup, Micros, NotFound, Tier
from glaze_cli.store.attempts import Attempt, lose_attempt, settle_attempt
from glaze_cli.store.jobs import get_job
from glaze_cli.store.paid_calls import PaidCall, settle_calls
from glaze_cli.store.permits import Intent
from tests.store.fakes import NOON, OWNER, open_attempt, store_with_job

LATER = "2026-11-23T12:00:00.250Z"
HIT, MISS = Found({Field("email"): "a@b.com"}, 0.8), NotFound("nothing")
Case = tuple[str, int, Answer, int | None, bool]
CASES: list[Case] = [
    ("hunter", 10_000, HIT, None, True),  # billed its price
    ("hunter", 10_000, MISS, 0, True),  # not found is free
    ("apollo", 5_000, HIT, 7_000, True),  # billed over its price: whole
    ("apollo", 5_000, HIT, 5_000, False),  # must not be kept
    ("hunter", 0, HIT, None, True),  # costs nothing
]


def calls(connection: sqlite3.Connection) -> list[PaidCall]:
    """Open attempts, and what they came to."""
    made = []
    for number, (provider, price, answer, billed, keep) in enumerate(CASES):
        lookup = Lookup.about(provider, "1", {Field("company"): f"c{number}"})
        wanted = Intent("job1", OWNER, lookup, Tier.CHEAP, Micros(price), number + 1)
        attempt = open_attempt(connection, wanted, NOON)
        assert isinstance(attempt, Attempt)
        bill = Micros(price if billed is None else billed)
        answered = answer._replace(cost=bill)
        made.append(PaidCall(Tier.CHEAP, lookup, attempt, answered, bill, keep, LATER))
    return made


def one_by_one(connection: sqlite3.Connection, made: list[PaidCall]) -> None:
    """The slow way."""
    for call in made:
        settle_attempt(connection, call.attempt, call.lookup, call.answer, call.closed_at, call.keep)


def together(connection: sqlite3.Connection, made: list[PaidCall]) -> None:
    """The quick one."""
    settle_calls(connection, "job1", made)


def ledger(connection: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    """All that a settlement touches."""
    tables = (
        "SELECT * FROM attempts ORDER BY id",
        "SELECT * FROM answers ORDER BY key",
        "SELECT * FROM job_providers ORDER BY provider",
        "SELECT spent, reserved, unknown, unknown_calls FROM enrichment_jobs",
    )
    return [[tuple(row) for row in connection.execute(table)] for table in tables]


def settled(how: Callable[[sqlite3.Connection, list[PaidCall]], None], lost: int | None) -> object:
    """The ledger after that; `lost`: the number of an attempt that another process closed meanwhile."""
    connection, _ = store_with_job(cap=1_000_000)
    made = calls(connection)
    if lost is not None:
        lose_attempt(connection, made[lost].attempt.id, "it was taken over", NOON)
    how(connection, made)
    return ledger(connection)


@pytest.mark.parametrize("lost", [None, 0, 2, 4])
def test_together_they_come_to_the_same_as_one_by_one(lost: int | None) -> None:
    """Attempts, answers, and the money of the job and of each provider; none is settled twice."""
    assert settled(together, lost) == settled(one_by_one, lost)


def test_the_money_is_right() -> None:
    """Nothing is reserved any more, and what was billed is spent."""
    connection, _ = store_with_job(cap=1_000_000)
    together(connection, calls(connection))
    job = get_job(connection, "job1")
    assert (job.spent, job.reserved, job.unknown) == (22_000, 0, 0)
