"""What was spent: every grouping of the ledger has the same sums, and a purge changes none."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.errors import StoreError
from glaze_cli.model import Micros, NotFound
from glaze_cli.store.attempts import Attempt, lose_attempt, refuse_attempt, settle_attempt
from glaze_cli.store.connect import connect
from glaze_cli.store.costs import GROUPINGS, Cost, Spending, read_costs
from glaze_cli.store.create import create_job
from glaze_cli.store.jobs import get_job
from glaze_cli.store.purge import Scope, purge
from tests.store.fakes import ASKED, NOON, intent, new_job, open_attempt, store_with_job

DECEMBER = "2026-12-01T00:00:00.000Z"
EMAIL, PHONE = 1, 2  # tasks of the first row


def call(connection: sqlite3.Connection, **what: Any) -> None:
    """A line of the ledger: a cent that was spent on the first e-mail, unless it is said otherwise."""
    line = {"job_id": "job1", "provider": "hunter", "tier": "cheap", "lookup_key": "k", "status": "settled"}
    line |= {"reserved": 10_000, "billed": 10_000, "opened_at": NOON, "task_id": EMAIL}
    insert(connection, "attempts", line | what)


def past(connection: sqlite3.Connection, month: str = "2026-01", **what: int) -> None:
    """What purged jobs cost in a month."""
    insert(connection, "past_costs", {"month": month, "provider": "hunter", "calls": 2, "spent": 7} | what)


def saved(connection: sqlite3.Connection, amount: int, job: str = "job1", provider: str = "hunter") -> None:
    """What the cache saved a job, with one remembered answer."""
    line = {"job_id": job, "provider": provider, "saved": amount, "cache_hits": 1}
    insert(connection, "job_providers", line)


def insert(connection: sqlite3.Connection, table: str, line: Mapping[str, Any]) -> None:
    """A row, whatever it says."""
    marks = ", ".join("?" * len(line))
    connection.execute(f"INSERT INTO {table} ({', '.join(line)}) VALUES ({marks})", tuple(line.values()))


def names(spending: Spending, by: str) -> list[tuple[Any, ...]]:
    """The groups' names with what was spent, in their order."""
    return [(*group.name.values(), group.cost.spent) for group in spending.groups(by)]


@pytest.mark.parametrize(
    ("attempt", "cost", "reserved"),
    [
        ({}, Cost(1, Micros(10_000)), 0),
        ({"reserved": 0, "billed": 0}, Cost(1), 0),  # a free call is a call
        ({"billed": 15_000}, Cost(1, Micros(15_000)), 0),  # a bill over the price counts whole
        ({"status": "refused", "billed": 0}, Cost(1), 0),
        ({"status": "refused", "billed": 3_000}, Cost(1, Micros(3_000)), 0),  # the service bills errors too
        ({"status": "unknown", "billed": None}, Cost(1, Micros(10_000), Micros(10_000), 1), 0),
        ({"status": "unknown", "reserved": 0, "billed": None}, Cost(1, unknown_calls=1), 0),
        ({"status": "open", "billed": None}, Cost(1), 10_000),  # not spent, but held
    ],
)
def test_each_kind_of_call_has_its_place(attempt: dict[str, Any], cost: Cost, reserved: int) -> None:
    """Billed is spent, lost counts as spent and as unknown, open is held; each is a call."""
    connection, _ = store_with_job()
    call(connection, **attempt)
    spending = read_costs(connection)
    assert (spending.total, spending.reserved) == (cost, reserved)


def test_an_empty_store_cost_nothing() -> None:
    """The total is there, no group is."""
    spending = read_costs(connect(":memory:"))
    assert (spending.total, spending.reserved, spending.cut_month) == (Cost(), 0, None)
    assert [spending.groups(by) for by in GROUPINGS] == [[]] * 5


def test_it_says_on_what() -> None:
    """By provider, month, job, sheet and column; each with what it takes to know it again."""
    connection, _ = store_with_job()
    create_job(connection, new_job("job2", sheet="Other"), lambda: DECEMBER)
    call(connection)
    call(connection, task_id=PHONE, billed=5)
    call(connection, task_id=None, billed=1)  # an older Glaze did not note the cell
    call(connection, job_id="job2", task_id=8, provider="apollo", billed=20_000, opened_at=DECEMBER)
    past(connection)
    spending = read_costs(connection)
    file = "/x/leads.xlsx"
    assert names(spending, "provider") == [("apollo", 20_000), ("hunter", 10_013)]
    assert names(spending, "month") == [("2026-01", 7), ("2026-11", 10_006), ("2026-12", 20_000)]
    assert names(spending, "job") == [
        ("job2", file, "Other", DECEMBER, False, 20_000),
        ("job1", file, "Leads", NOON, False, 10_006),
        (None, None, None, None, True, 7),
    ]
    by_sheet = [(file, "Other", False, 20_000), (file, "Leads", False, 10_006), (None, None, True, 7)]
    assert names(spending, "sheet") == by_sheet
    assert names(spending, "column") == [
        (file, "Other", "Phone", False, 20_000),
        (file, "Leads", "Email", False, 10_000),
        (file, "Leads", "Phone", False, 5),
        (file, "Leads", None, False, 1),
        (None, None, None, True, 7),
    ]


def test_a_column_without_a_header_is_called_by_its_letters() -> None:
    """No header is not the same as not known."""
    connection, _ = store_with_job()
    connection.execute("UPDATE columns SET header = '' WHERE position = 3")
    call(connection, task_id=PHONE)
    (group,) = read_costs(connection).groups("column")
    assert group.name["column"] == "column C"


def test_what_the_cache_saved_is_of_the_jobs_month() -> None:
    """Savings are known by job and provider, not by column; a job that paid nothing shows what it saved."""
    connection, _ = store_with_job()
    create_job(connection, new_job("job2"), lambda: DECEMBER)
    call(connection, opened_at=DECEMBER)
    saved(connection, 30)
    saved(connection, 50, "job2")
    saved(connection, 0, "job2", "gleif")  # free, but remembered all the same
    past(connection, calls=0, spent=0, saved=4, cache_hits=2)
    spending = read_costs(connection)
    assert (spending.total.saved, spending.total.cache_hits) == (84, 5)
    groups = [(next(iter(g.name.values())), g.cost.saved) for by in GROUPINGS for g in spending.groups(by)]
    assert groups[:2] == [("hunter", 84), ("gleif", 0)]
    assert groups[2:5] == [("2026-01", 4), ("2026-11", 30), ("2026-12", 50)]
    assert groups[5:8] == [("job1", 30), ("job2", 50), (None, 4)]
    assert [group.cost.saved for group in spending.groups("column")] == [0]


def test_what_did_nothing_is_no_group() -> None:
    """A provider that computes here makes no call and saves nothing: it is not about money."""
    connection, _ = store_with_job()
    insert(connection, "job_providers", {"job_id": "job1", "provider": "phone", "calls": 9, "hits": 9})
    past(connection, calls=0, spent=0, hits=9)
    assert read_costs(connection).entries == []


@pytest.mark.parametrize(
    ("since", "calls", "cut"),
    [
        ("", 7, None),
        ("2026-10-01", 5, None),
        ("2026-11-01", 5, None),  # the whole month
        ("2026-11-02", 3, "2026-11"),  # purged jobs of a begun month cannot be told apart
        ("2026-11-23", 3, "2026-11"),
        ("2026-11-24", 2, "2026-11"),  # what was called on the 23rd is out
        ("2026-12-01", 2, None),
        ("2026-12-02", 0, None),
    ],
)
def test_a_span_begins_with_its_day(since: str, calls: int, cut: str | None) -> None:
    """Calls count from midnight UTC, purged jobs by whole months, and what that leaves out is said."""
    connection, _ = store_with_job()
    call(connection)
    call(connection, opened_at=DECEMBER)
    call(connection, status="open", billed=None, opened_at=DECEMBER)
    past(connection)
    past(connection, "2026-11")
    spending = read_costs(connection, since)
    assert (spending.total.calls, spending.cut_month) == (calls, cut)
    assert spending.reserved == (10_000 if calls >= 2 else 0)


def test_savings_of_a_span_are_those_of_its_jobs() -> None:
    """A job that was made before the span saved nothing in it."""
    connection, _ = store_with_job()
    saved(connection, 30)
    assert [read_costs(connection, day).total.saved for day in ("2026-11-23", "2026-11-24")] == [30, 0]


def test_one_job_is_asked_for_alone() -> None:
    """Nothing of other jobs, of purged ones neither, nor of what others hold."""
    connection, _ = store_with_job()
    create_job(connection, new_job("job2"), lambda: NOON)
    for job in ("job1", "job2"):
        call(connection, job_id=job)
        saved(connection, 30, job)
    call(connection, job_id="job2", status="open", billed=None)
    past(connection)
    spending = read_costs(connection, "2026-01-02", "job1")
    assert [group.name["jobId"] for group in spending.groups("job")] == ["job1"]
    assert spending.total == Cost(1, Micros(10_000), saved=Micros(30), cache_hits=1)
    assert (spending.reserved, spending.cut_month) == (0, None)


def test_without_columns_it_is_the_same_but_for_them() -> None:
    """The quicker way does not look at cells; its other groups are equal."""
    connection, _ = store_with_job()
    call(connection)
    call(connection, task_id=PHONE)
    whole, quick = read_costs(connection), read_costs(connection, columns=False)
    same = [by for by in GROUPINGS if whole.groups(by) == quick.groups(by)]
    assert (same, len(quick.entries)) == (["provider", "month", "job", "sheet"], 1)


CALLS = st.lists(
    st.fixed_dictionaries(
        {
            "job_id": st.sampled_from(["job1", "job2", "job3"]),
            "provider": st.sampled_from(["hunter", "apollo", "gleif"]),
            "status": st.sampled_from(["open", "settled", "refused", "unknown"]),
            "reserved": st.integers(0, 10**12),
            "billed": st.integers(0, 10**12),
            "opened_at": st.sampled_from([NOON, DECEMBER, "2027-01-05T00:00:00.000Z"]),
            "task_id": st.none() | st.integers(1, 18),
        }
    ),
    max_size=20,
)


@given(calls=CALLS, savings=st.dictionaries(st.sampled_from(["hunter", "gleif"]), st.integers(0, 999)))
def test_all_groupings_have_the_same_sums(calls: list[dict[str, Any]], savings: dict[str, int]) -> None:
    """To the micro, whatever is in the ledger; by column all but the savings."""
    connection, _ = store_with_job()
    for job in ("job2", "job3"):
        create_job(connection, new_job(job, sheet=job), lambda: NOON)
    for line in calls:
        bill = line["billed"] if line["status"] in ("settled", "refused") else None
        call(connection, **(line | {"billed": bill}))
    for provider, amount in savings.items():
        saved(connection, amount, "job2", provider)
    past(connection, unknown=3, unknown_calls=1, saved=9)
    spending = read_costs(connection)
    total = astuple(spending.total)
    assert total[0] == len(calls) + 2
    for by in GROUPINGS:
        sums = tuple(map(sum, zip(*(astuple(group.cost) for group in spending.groups(by)), strict=True)))
        kept = 4 if by == "column" else 6
        assert sums[:kept] == total[:kept], by


def test_it_is_what_the_jobs_counters_say() -> None:
    """Calls through the real door: the ledger's sums are the job's own."""
    connection, _ = store_with_job()
    for number in range(5):
        attempt = open_attempt(connection, intent(10_000 + number), NOON)
        assert isinstance(attempt, Attempt)
        if number == 0:
            settle_attempt(connection, attempt, ASKED, NotFound(cost=Micros(4_000)), NOON)
        elif number < 3:
            lose_attempt(connection, attempt.id, "cut", NOON)
        elif number == 3:
            refuse_attempt(connection, attempt, "provider_error", "no", Micros(7), NOON)
    job, spending = get_job(connection, "job1"), read_costs(connection)
    assert spending.total == Cost(5, job.spent, job.unknown, job.unknown_calls)
    assert spending.reserved == job.reserved > 0


def test_a_purge_changes_no_sum(tmp_path: Path) -> None:
    """What purged jobs cost stays in its month and provider, and in the total."""
    connection = connect(tmp_path / "glaze.db")
    for job in ("job1", "job2"):
        create_job(connection, new_job(job), lambda: NOON)
    call(connection)
    call(connection, status="unknown", billed=None, opened_at=DECEMBER)
    call(connection, job_id="job2", billed=5)
    saved(connection, 30)
    saved(connection, 40, "job2")
    before = read_costs(connection)
    purge(connection, Scope(job="job1"), lambda job: True)
    after = read_costs(connection)
    assert after.groups("provider") == before.groups("provider")
    assert after.groups("month") == before.groups("month")
    assert [(line[0], line[-1]) for line in names(after, "job")] == [("job2", 5), (None, 20_000)]


def test_reading_holds_nobody_up(tmp_path: Path) -> None:
    """While another process writes, costs are read as they stood; no transaction is left open."""
    path = tmp_path / "glaze.db"
    writer, reader = connect(path), connect(path)
    create_job(writer, new_job(), lambda: NOON)
    writer.execute("BEGIN IMMEDIATE")
    call(writer)
    assert read_costs(reader).total == Cost()
    assert not reader.in_transaction
    writer.execute("COMMIT")
    assert read_costs(reader).total.calls == 1


def test_a_store_that_cannot_be_read_is_said() -> None:
    """SQLite's error becomes ours, and no transaction is left open."""
    connection, _ = store_with_job()
    connection.execute("DROP TABLE past_costs")
    with pytest.raises(StoreError, match="could not be read: no such table"):
        read_costs(connection)
    assert not connection.in_transaction
