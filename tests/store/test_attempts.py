"""The ledger: reserved before the call, settled after it, never over the cap."""

from __future__ import annotations

import sqlite3

from glaze_cli.model import Found, Micros, NotFound
from glaze_cli.store.answers import get_answer
from glaze_cli.store.attempts import (
    Attempt,
    lose_attempt,
    recover_attempts,
    refuse_attempt,
    settle_attempt,
)
from glaze_cli.store.jobs import get_job
from tests.store.fakes import ASKED, NOON, intent, open_attempt, store_with_job

CENT = Micros(10_000)


def opened(connection: sqlite3.Connection, price: Micros = CENT) -> Attempt:
    """An attempt that the cap allows."""
    attempt = open_attempt(connection, intent(price), NOON)
    assert isinstance(attempt, Attempt)
    return attempt


def money(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """(spent, reserved, unknown)."""
    job = get_job(connection, "job1")
    return job.spent, job.reserved, job.unknown


def test_money_is_reserved_before_and_billed_after() -> None:
    """A permit reserves the price; settling turns it into what was billed, and keeps the answer."""
    connection, _ = store_with_job()
    attempt = opened(connection)
    assert money(connection) == (0, 10_000, 0)
    found = Found({"email": "a@b.c"}, 0.9, ("https://x",), Micros(4_000))  # type: ignore[dict-item]
    assert settle_attempt(connection, attempt, ASKED, found, NOON) == 4_000
    assert money(connection) == (4_000, 0, 0)
    kept = get_answer(connection, ASKED)
    assert kept is not None
    assert kept.answer == Found({"email": "a@b.c"}, 0.9, ("https://x",))  # type: ignore[dict-item]


def test_not_found_is_remembered_too() -> None:
    """A miss is an answer: asked again, it comes from the cache; never asked is None."""
    connection, _ = store_with_job()
    assert get_answer(connection, ASKED) is None
    settle_attempt(connection, opened(connection), ASKED, NotFound("no such firm", Micros(0)), NOON)
    kept = get_answer(connection, ASKED)
    assert kept is not None
    assert kept.answer == NotFound("no such firm")
    assert money(connection) == (0, 0, 0)


def test_a_provider_that_does_not_say_has_billed_its_price() -> None:
    """Without a bill the reservation is what it cost."""
    connection, _ = store_with_job()
    assert settle_attempt(connection, opened(connection), ASKED, NotFound(), NOON) == 10_000
    assert money(connection) == (10_000, 0, 0)


def test_a_refusal_costs_nothing() -> None:
    """What was reserved flows back."""
    connection, _ = store_with_job()
    refuse_attempt(connection, opened(connection), "throttled", "slow down", Micros(0), NOON)
    assert money(connection) == (0, 0, 0)


def test_a_lost_reply_may_have_been_billed() -> None:
    """Its price counts as spent, and is shown on its own."""
    connection, _ = store_with_job()
    lose_attempt(connection, opened(connection).id, "cut", NOON)
    assert money(connection) == (10_000, 0, 10_000)


def test_an_attempt_is_closed_once() -> None:
    """Closing it again, as a recovery after a late reply might, moves no money."""
    connection, _ = store_with_job()
    attempt = opened(connection)
    settle_attempt(connection, attempt, ASKED, NotFound(), NOON)
    lose_attempt(connection, attempt.id, "late", NOON)
    assert recover_attempts(connection, "job1", NOON) == 0
    assert money(connection) == (10_000, 0, 0)
