"""Permits: no call without its worst price reserved, over no cap, by no process but the owner."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import Field, Lookup, Micros, NotFound, Tier
from glaze_cli.store.attempts import (
    Attempt,
    lose_attempt,
    recover_attempts,
    refuse_attempt,
    settle_attempt,
)
from glaze_cli.store.create import create_job
from glaze_cli.store.jobs import get_job
from glaze_cli.store.no_permit import NoPermit
from glaze_cli.store.permits import Intent, Seen, giving, last_attempt, unknown_call
from glaze_cli.store.progress import start_job
from tests.store.fakes import ASKED, NOON, OWNER, intent, new_job, open_attempt, store_with_job


def opened(connection: sqlite3.Connection, price: int = 10, safe: bool = False, job: str = "job1") -> Attempt:
    """An attempt that is allowed."""
    attempt = open_attempt(connection, intent(price)._replace(safe=safe, job_id=job), NOON)
    assert isinstance(attempt, Attempt)
    return attempt


def spent_and_reserved(connection: sqlite3.Connection, provider: bool = False) -> tuple[int, int]:
    """Of the job, or of the provider in it."""
    table, key = ("job_providers", "job_id") if provider else ("enrichment_jobs", "id")
    row = connection.execute(f"SELECT spent, reserved FROM {table} WHERE {key} = 'job1'").fetchone()
    return tuple(row) if row else (0, 0)


def test_what_is_free_is_allowed_at_the_cap() -> None:
    """A cap of nothing still lets free calls through, and no paid one."""
    connection, _ = store_with_job(cap=0)
    assert isinstance(open_attempt(connection, intent(0)._replace(tier=Tier.FREE), NOON), Attempt)
    assert open_attempt(connection, intent(1), NOON) is NoPermit.JOB_CAP
    assert spent_and_reserved(connection, provider=True) == (0, 0)


@given(
    cap=st.integers(0, 100),
    own=st.none() | st.integers(0, 60),
    steps=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["settle", "refuse", "lose", "leave"]))),
)
def test_spent_and_reserved_never_exceed_a_cap(
    cap: int, own: int | None, steps: list[tuple[int, str]]
) -> None:
    """Whatever is asked at whatever price, and however it ends, both caps hold at every instant, and the
    provider's money is the job's."""
    connection, _ = store_with_job(cap=cap)
    least = min(cap, cap if own is None else own)
    for price, ending in steps:
        wanted = intent(price)._replace(provider_cap=None if own is None else Micros(own))
        attempt = open_attempt(connection, wanted, NOON)
        spent, reserved = spent_and_reserved(connection)
        assert spent + reserved <= least
        assert (spent, reserved) == spent_and_reserved(connection, provider=True)
        if isinstance(attempt, NoPermit):
            assert spent + reserved + price > least
            assert (attempt is NoPermit.HELD) == (spent + price <= least)
        elif ending == "settle":
            settle_attempt(connection, attempt, ASKED, NotFound(), NOON)
        elif ending == "refuse":
            refuse_attempt(connection, attempt, "throttled", "no", Micros(0), NOON)
        elif ending == "lose":
            lose_attempt(connection, attempt.id, "cut", NOON)
    recover_attempts(connection, "job1", NOON)
    spent, reserved = spent_and_reserved(connection)
    assert reserved == 0
    assert spent <= least
    assert (spent, 0) == spent_and_reserved(connection, provider=True)


Given = Callable[[sqlite3.Connection, list[Intent]], list[Attempt | NoPermit]]
Said = tuple[str, str, int, str, bool, Seen | None]
"""Of a call: its job, its question, its price, how it ends, whether a repeat is safe, what was seen."""

SAID = st.tuples(
    st.sampled_from(["job1", "job2"]),
    st.sampled_from("abcd"),
    st.sampled_from([0, 5, 10, 30]),
    st.sampled_from(["settle", "refuse", "lose", "leave"]),
    st.booleans(),
    st.none() | st.builds(Seen, st.sampled_from([None, NOON]), st.integers(0, 4)),
)


def intents_of(said: list[Said], own: int | None) -> list[Intent]:
    """The calls as they are wanted."""
    own_cap = None if own is None else Micros(own)
    return [
        Intent(job, OWNER, about(question), Tier.CHEAP, Micros(price), None, own_cap, safe, seen)
        for job, question, price, _, safe, seen in said
    ]


def about(question: str) -> Lookup:
    """A question to one of two providers."""
    return Lookup.about("hunter" if question < "c" else "apollo", "1", {Field("company"): question})


def ledger_after(
    cap: int | None, own: int | None, before: list[Said], wanted: list[Said], how: Given
) -> object:
    """What the wanted calls of the first job got, after those before of both; and what the store holds."""
    connection, _ = store_with_job(cap=cap)
    create_job(connection, replace(new_job("job2"), path="/x/other.xlsx"), lambda: NOON)
    start_job(connection, "job2", OWNER, NOON)
    for (_, question, _, ending, safe, _), one in zip(before, intents_of(before, None), strict=True):
        attempt = open_attempt(connection, one._replace(seen=None), NOON)
        if isinstance(attempt, Attempt):
            end(connection, attempt, about(question), ending, safe)
    came = how(connection, [one._replace(job_id="job1") for one in intents_of(wanted, own)])
    tables = ("attempts", "answers", "job_providers", "enrichment_jobs")
    return came, [[tuple(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in tables]


def end(connection: sqlite3.Connection, attempt: Attempt, lookup: Lookup, ending: str, safe: bool) -> None:
    """It came to that."""
    if ending == "settle":
        settle_attempt(connection, attempt, lookup, NotFound(), NOON, safe=safe)
    elif ending == "refuse":
        refuse_attempt(connection, attempt, "throttled", "no", Micros(0), NOON)
    elif ending == "lose":
        lose_attempt(connection, attempt.id, "cut", NOON)


def one_by_one(connection: sqlite3.Connection, intents: list[Intent]) -> list[Attempt | NoPermit]:
    """The slow way: each reads the store as the one before left it."""
    return [open_attempt(connection, one, NOON) for one in intents]


def together(connection: sqlite3.Connection, intents: list[Intent]) -> list[Attempt | NoPermit]:
    """The quick one."""
    with giving(connection, "job1", intents) as permits:
        return [permits.refusal(one) or permits.record(one, NOON) for one in intents]


@given(
    st.none() | st.integers(0, 100),
    st.none() | st.integers(0, 60),
    st.lists(SAID, max_size=6),
    st.lists(SAID, max_size=6),
)
def test_given_together_they_come_to_the_same_as_one_by_one(
    cap: int | None, own: int | None, before: list[Said], wanted: list[Said]
) -> None:
    """The same calls are allowed, for the same reasons, with the same numbers, and the ledger is the same."""
    slow = ledger_after(cap, own, before, wanted, one_by_one)
    assert ledger_after(cap, own, before, wanted, together) == slow


def test_repeats_are_counted_each() -> None:
    """Two calls that may be billed twice, given together, count as two."""
    connection, _ = store_with_job()
    wanted = [intent(10)._replace(lookup=about(question)) for question in "ac"]
    for one in one_by_one(connection, wanted):
        assert isinstance(one, Attempt)
        lose_attempt(connection, one.id, "cut", NOON)
    together(connection, wanted)
    assert get_job(connection, "job1").repeated_calls == 2


def test_a_question_that_was_not_announced_gets_no_permit() -> None:
    """What the store holds about it was not read: that is a defect, and no call."""
    connection, _ = store_with_job()
    with giving(connection, "job1", []) as permits, pytest.raises(KeyError):
        permits.refusal(intent(10))


def test_a_block_that_fails_writes_nothing() -> None:
    """Neither the money nor the attempts that were recorded in it before."""
    connection, _ = store_with_job()
    with pytest.raises(ZeroDivisionError), giving(connection, "job1", [intent(10)]) as permits:
        assert permits.refusal(intent(10)) is None
        permits.record(intent(10), NOON)
        raise ZeroDivisionError
    assert spent_and_reserved(connection) == (0, 0) and last_attempt(connection) == 0


@pytest.mark.parametrize("price", [0, 10])
def test_only_the_owner_gets_a_permit(price: int) -> None:
    """A process that slept while another took its job over makes no call, paid or free."""
    connection, _ = store_with_job()
    assert open_attempt(connection, intent(price)._replace(owner="other"), NOON) is NoPermit.NOT_OWNER
    assert spent_and_reserved(connection) == spent_and_reserved(connection, provider=True) == (0, 0)


def test_a_paid_question_under_way_in_another_job_is_not_paid_for_again() -> None:
    """The second job is told to wait; a free one may be asked by both; once it is answered, it is free."""
    connection, _ = store_with_job()
    create_job(connection, replace(new_job("job2"), path="/x/other.xlsx"))
    start_job(connection, "job2", OWNER, NOON)
    first = opened(connection)
    assert open_attempt(connection, intent(10)._replace(job_id="job2"), NOON) is NoPermit.ELSEWHERE
    assert isinstance(open_attempt(connection, intent(0)._replace(job_id="job2"), NOON), Attempt)
    settle_attempt(connection, first, ASKED, NotFound(), NOON)
    opened(connection, job="job2")


def test_what_another_job_heard_since_the_look_comes_first() -> None:
    """Between a look at what is known and the permit another job asked the same, to the end: it is not paid
    again before somebody has looked anew."""
    connection, _ = store_with_job()
    create_job(connection, replace(new_job("job2"), path="/x/other.xlsx"))
    start_job(connection, "job2", OWNER, NOON)
    wanted = intent(10)._replace(job_id="job2", seen=Seen())
    settle_attempt(connection, opened(connection), ASKED, NotFound(), NOON)
    assert open_attempt(connection, wanted, NOON) is NoPermit.MEANWHILE
    stale = wanted._replace(seen=Seen(NOON))  # it was seen, and did not count
    lost = open_attempt(connection, stale, NOON)
    assert isinstance(lost, Attempt)
    lose_attempt(connection, lost.id, "cut", NOON)
    assert open_attempt(connection, stale, NOON) is NoPermit.MEANWHILE
    assert isinstance(open_attempt(connection, stale._replace(safe=True), NOON), Attempt)


def test_a_repeat_is_allowed_of_what_was_seen_to_be_lost() -> None:
    """With --retry-unknown the attempt that was seen may be repeated, and no later one."""
    connection, _ = store_with_job()
    lost = opened(connection)
    lose_attempt(connection, lost.id, "cut", NOON)
    seen = intent(10)._replace(seen=Seen(unknown=lost.id))
    again = open_attempt(connection, seen, NOON)
    assert isinstance(again, Attempt)
    lose_attempt(connection, again.id, "cut", NOON)
    assert open_attempt(connection, seen, NOON) is NoPermit.MEANWHILE


def test_a_repeated_call_names_the_one_it_repeats() -> None:
    """What may be billed twice is counted, and only that."""
    connection, _ = store_with_job()
    lost = opened(connection)
    lose_attempt(connection, lost.id, "cut", NOON)
    again = opened(connection)
    row = connection.execute("SELECT repeats FROM attempts WHERE id = ?", (again.id,)).fetchone()
    assert row["repeats"] == lost.id
    assert get_job(connection, "job1").repeated_calls == 1
    settle_attempt(connection, again, ASKED, NotFound(), NOON)
    opened(connection)  # the question has its answer: this one repeats nothing
    assert get_job(connection, "job1").repeated_calls == 1


def test_a_service_that_knows_a_call_again_bills_it_once() -> None:
    """The repeats' one bill stands for all: what was taken for spent meanwhile flows back."""
    connection, _ = store_with_job(cap=100)
    for _ in range(2):
        lose_attempt(connection, opened(connection, safe=True).id, "cut", NOON)
    assert spent_and_reserved(connection) == (20, 0)
    third = opened(connection, safe=True)
    settle_attempt(connection, third, ASKED, NotFound(cost=Micros(7)), NOON, safe=True)
    assert spent_and_reserved(connection) == spent_and_reserved(connection, provider=True) == (7, 0)
    job = get_job(connection, "job1")
    assert (job.unknown, job.unknown_calls, job.repeated_calls) == (0, 0, 0)


def test_a_call_without_an_outcome_is_remembered_until_it_is_answered() -> None:
    """By every job of the store; free ones are not."""
    connection, _ = store_with_job()
    assert unknown_call(connection, ASKED) is None
    lose_attempt(connection, opened(connection, price=0).id, "cut", NOON)
    assert unknown_call(connection, ASKED) is None
    lose_attempt(connection, opened(connection).id, "cut", NOON)
    call = unknown_call(connection, ASKED)
    assert call is not None
    assert (call.id, call.job_id, call.at) == (last_attempt(connection), "job1", NOON)
    settle_attempt(connection, opened(connection), ASKED, NotFound(), NOON)
    assert unknown_call(connection, ASKED) is None
