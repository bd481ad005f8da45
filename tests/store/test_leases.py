"""Who works on a job: taken, renewed, given back, taken over."""

from __future__ import annotations

import sqlite3

import pytest

from glaze_cli.model import JobStatus
from glaze_cli.store.connect import connect
from glaze_cli.store.create import create_job
from glaze_cli.store.jobs import Job, get_job
from glaze_cli.store.leases import (
    LEASE_S,
    abandon,
    ask_to_stop,
    break_off,
    cancel_idle,
    claim,
    held_jobs,
    keep_log,
    look,
    release,
    renew,
)
from glaze_cli.store.progress import end_job, start_job
from tests.store.fakes import NOON, new_job


@pytest.fixture
def store() -> sqlite3.Connection:
    """A store with one job that nobody works on."""
    connection = connect(":memory:")
    create_job(connection, new_job())
    return connection


def job(store: sqlite3.Connection) -> Job:
    """As it stands."""
    return get_job(store, "job1")


def test_only_one_process_has_a_job(store: sqlite3.Connection) -> None:
    """The first one gets it; it waits for its turn, then runs, and keeps it until it gives it back."""
    assert claim(store, "job1", "a:1:0", 100.0, None)
    assert not claim(store, "job1", "b:2:0", 100.0, None)
    assert (job(store).owner, job(store).lease_until) == ("a:1:0", 100.0 + LEASE_S)
    assert not start_job(store, "job1", "b:2:0", NOON)
    assert start_job(store, "job1", "a:1:0", NOON)
    end_job(store, "job1", "b:2:0", JobStatus.FAILED, "no", NOON)  # not its own
    assert job(store).status is JobStatus.RUNNING
    end_job(store, "job1", "a:1:0", JobStatus.COMPLETED, None, NOON)
    assert job(store).owner == "a:1:0"  # its values are not written yet
    release(store, "job1", "a:1:0", 3)
    assert (job(store).owner, job(store).exit_code, job(store).status) == (None, 3, JobStatus.COMPLETED)


def test_a_dead_owners_job_is_taken_over(store: sqlite3.Connection) -> None:
    """Whoever names the dead owner gets it; the old one hears of it when it comes back to life."""
    claim(store, "job1", "a:1:0", 100.0, None)
    start_job(store, "job1", "a:1:0", NOON)
    assert claim(store, "job1", "b:2:0", 200.0, "a:1:0")
    assert job(store).status is JobStatus.PENDING
    assert renew(store, "job1", "a:1:0", 201.0).lost
    assert look(store, "job1", "a:1:0").lost
    assert not look(store, "job1", "b:2:0").lost
    release(store, "job1", "a:1:0", 0)
    assert job(store).owner == "b:2:0"


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (JobStatus.RUNNING, JobStatus.INTERRUPTED),
        (JobStatus.COMPLETED, JobStatus.COMPLETED),  # it only had not written its values
        (JobStatus.PAUSED, JobStatus.PAUSED),
    ],
)
def test_an_abandoned_job_is_free(store: sqlite3.Connection, status: JobStatus, after: JobStatus) -> None:
    """A process that is gone has interrupted what it was at, and nothing that had ended."""
    claim(store, "job1", "a:1:0", 100.0, None)
    start_job(store, "job1", "a:1:0", NOON)
    end_job(store, "job1", "a:1:0", status, None, NOON)
    (held,) = held_jobs(store)
    assert abandon(store, held)
    assert not abandon(store, held)
    assert (job(store).owner, job(store).status, job(store).exit_code) == (None, after, None)
    assert held_jobs(store) == []


def test_those_that_have_an_owner_are_in_the_order_they_were_made(store: sqlite3.Connection) -> None:
    """The queue is theirs; a job that is only kept is not in it."""
    for number in (2, 3, 4):
        create_job(store, new_job(f"job{number}"))
    for name in ("job4", "job2"):
        claim(store, name, f"a:{name[-1]}:0", 100.0, None)
    assert [held.job_id for held in held_jobs(store)] == ["job2", "job4"]


def test_a_job_at_work_is_asked_to_stop(store: sqlite3.Connection) -> None:
    """Its process hears of it with its next sign of life; a new run has forgotten it."""
    assert not ask_to_stop(store, "job1")
    claim(store, "job1", "a:1:0", 100.0, None)
    assert ask_to_stop(store, "job1")
    assert look(store, "job1", "a:1:0").cancel
    assert renew(store, "job1", "a:1:0", 101.0).cancel
    release(store, "job1", "a:1:0", 130)
    claim(store, "job1", "a:1:0", 100.0, None)
    assert not look(store, "job1", "a:1:0").cancel


def test_a_job_that_nobody_works_on_is_cancelled_at_once(store: sqlite3.Connection) -> None:
    """Once; one that has ended is left as it ended."""
    assert cancel_idle(store, "job1", NOON, 130)
    assert (job(store).status, job(store).exit_code) == (JobStatus.CANCELLED, 130)
    assert not cancel_idle(store, "job1", NOON, 130)


def test_a_run_that_could_not_go_on_says_why(store: sqlite3.Connection) -> None:
    """The job is interrupted, with the sentence and the exit code for those who wait for it."""
    keep_log(store, "job1", "/x/log")
    claim(store, "job1", "a:1:0", 100.0, None)
    break_off(store, "job1", "a:1:0", 5, "no key")
    now = job(store)
    assert (now.status, now.error, now.exit_code, now.owner) == (JobStatus.INTERRUPTED, "no key", 5, None)
    assert now.log == "/x/log"


@pytest.mark.parametrize("how", ["claimed", "abandoned"])
def test_the_calls_of_a_process_that_is_gone_take_up_no_place(store: sqlite3.Connection, how: str) -> None:
    """Whoever goes on with its job need not wait until they lapse; others keep theirs."""
    claim(store, "job1", "dead:1:0", 100.0, None)
    for owner in ("dead:1:0", "dead:1:0", "other:2:0"):
        store.execute(
            "INSERT INTO provider_places (provider, owner, until) VALUES ('acme', ?, 115)", (owner,)
        )
    if how == "claimed":
        assert claim(store, "job1", "new:3:0", 101.0, "dead:1:0")
    else:
        assert abandon(store, held_jobs(store)[0])
    assert [row[0] for row in store.execute("SELECT owner FROM provider_places")] == ["other:2:0"]
