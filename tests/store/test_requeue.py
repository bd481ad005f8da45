"""Cells that have ended, queued again: the counters stay true."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from glaze_cli.model import TaskStatus
from glaze_cli.store.jobs import get_job
from glaze_cli.store.progress import job_document
from glaze_cli.store.requeue import requeue, requeue_unknown
from glaze_cli.store.writer import Writer
from tests.store.fakes import done, statuses, store_with_job

ENDS = [
    (TaskStatus.DONE, None),
    (TaskStatus.FAILED, "timeout"),
    (TaskStatus.NOT_FOUND, None),
    (TaskStatus.FAILED, "unknown_outcome"),
    (TaskStatus.SKIPPED, "condition"),
    (TaskStatus.FAILED, "timeout"),
]


@pytest.fixture
def store() -> sqlite3.Connection:
    """A job whose six cells ended in as many ways."""
    connection, job = store_with_job()

    async def finish() -> None:
        writer = Writer(connection, job.id)
        for number, (status, reason) in enumerate(ENDS):
            writer.end(done(number + 1, number // 2 + 1, status)._replace(reason=reason))
        await writer.close()

    asyncio.run(finish())
    return connection


def counts(store: sqlite3.Connection) -> tuple[int, int, int, int]:
    """(done, not found, failed, skipped)."""
    job = get_job(store, "job1")
    return job.done_tasks, job.not_found_tasks, job.failed_tasks, job.skipped_tasks


def test_failed_cells_are_queued_again(store: sqlite3.Connection) -> None:
    """All of them, and no other; reasons and rows follow."""
    assert requeue(store, "job1", [TaskStatus.FAILED]) == 3
    assert counts(store) == (1, 1, 0, 1)
    assert statuses(store) == ["done", "queued", "not_found", "queued", "skipped", "queued"]
    document = job_document(store, get_job(store, "job1"))
    assert document["reasons"] == {"skipped": {"condition": 1}}
    assert [row[0] for row in store.execute("SELECT status FROM rows ORDER BY id")] == ["queued"] * 3
    assert requeue(store, "job1", [TaskStatus.FAILED]) == 0


def test_cells_that_were_not_found_are_queued_again(store: sqlite3.Connection) -> None:
    """With the failed ones, where both are asked for."""
    assert requeue(store, "job1", [TaskStatus.NOT_FOUND, TaskStatus.FAILED]) == 4
    assert counts(store) == (1, 0, 0, 1)


def test_only_cells_whose_reply_was_lost(store: sqlite3.Connection) -> None:
    """`--retry-unknown` of a job that is resumed."""
    assert requeue_unknown(store, "job1") == 1
    assert counts(store) == (1, 1, 2, 1)
    assert job_document(store, get_job(store, "job1"))["reasons"]["failed"] == {"timeout": 2}
