"""The one writer: groups, order, and what happens when the disk says no."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from glaze_cli.errors import StoreError
from glaze_cli.model import TaskStatus
from glaze_cli.store.connect import connect
from glaze_cli.store.create import create_job
from glaze_cli.store.jobs import get_job
from glaze_cli.store.results import TaskStart
from glaze_cli.store.writer import QUEUE, Writer
from tests.store.fakes import NOON, done, new_job, statuses, store_with_job


def test_results_and_counters_land_together() -> None:
    """After a group, tasks, counters, reasons and row states agree."""
    connection, job = store_with_job()

    async def go() -> None:
        writer = Writer(connection, job.id)
        writer.end(done(1, 1))
        writer.end(done(2, 1, TaskStatus.FAILED))
        writer.start(TaskStart(3, 2, NOON))
        await writer.close()

    asyncio.run(go())
    after = get_job(connection, job.id)
    assert statuses(connection)[:4] == ["done", "failed", "running", "queued"]
    assert (after.done_tasks, after.failed_tasks) == (1, 1)
    assert [row[0] for row in connection.execute("SELECT status FROM rows ORDER BY id")] == [
        "failed",
        "running",
        "queued",
    ]
    reasons = connection.execute("SELECT reason, tasks FROM job_counts WHERE reason <> ''").fetchall()
    assert [tuple(row) for row in reasons] == [("timeout", 1)]


def test_a_start_that_comes_with_its_end_changes_nothing() -> None:
    """A cell that starts and ends in one group is done, never left running."""
    connection, job = store_with_job()

    async def go() -> None:
        writer = Writer(connection, job.id)
        writer.start(TaskStart(1, 1, NOON))
        writer.end(done(1, 1))
        await writer.close()

    asyncio.run(go())
    assert statuses(connection)[0] == "done"


def test_work_returns_after_its_commit() -> None:
    """`do` gives back what the work returned, once another connection could see it."""
    connection, job = store_with_job()

    async def go() -> tuple[int, bool]:
        writer = Writer(connection, job.id)
        result = await writer.do(lambda store: store.execute("UPDATE rows SET number = 99").rowcount)
        open_still = connection.in_transaction
        await writer.close()
        return result, open_still

    assert asyncio.run(go()) == (3, False)


def test_another_process_that_writes_holds_up_nothing_but_the_writing(tmp_path: Path) -> None:
    """While it does, the loop goes on; else it could not even end here."""
    connection, other = connect(tmp_path / "glaze.db"), connect(tmp_path / "glaze.db")
    create_job(connection, new_job())

    async def go() -> tuple[bool, int]:
        writer = Writer(connection, "job1")
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(
            writer.do(lambda store: store.execute("UPDATE rows SET number = 99").rowcount)
        )
        await asyncio.sleep(0.05)
        early = waiting.done()
        other.execute("COMMIT")
        result = await waiting
        await writer.close()
        return early, result

    assert asyncio.run(go()) == (False, 3)


def test_many_writers_at_once_lose_nothing() -> None:
    """Hundreds of concurrent writes all land."""
    connection, job = store_with_job(rows=200)

    async def ended(writer: Writer, number: int) -> None:
        await writer.room()
        writer.end(done(number, (number + 1) // 2))

    async def go() -> None:
        writer = Writer(connection, job.id)
        await asyncio.gather(*(ended(writer, n) for n in range(1, 401)))
        await writer.close()

    asyncio.run(go())
    assert set(statuses(connection)) == {"done"}
    assert get_job(connection, job.id).done_tasks == 400


def test_when_the_store_cannot_be_written_everybody_hears_it() -> None:
    """A failed group is rolled back whole; who waited for it, and who comes later, gets StoreError."""
    connection, job = store_with_job()

    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    async def go() -> None:
        writer = Writer(connection, job.id)
        waiting = asyncio.create_task(writer.do(lambda store: store.execute("DELETE FROM rows").rowcount))
        with pytest.raises(StoreError, match="disk is full"):
            await writer.do(full)
        with pytest.raises(StoreError):
            await waiting
        with pytest.raises(StoreError):
            writer.end(done(1, 1))
        with pytest.raises(StoreError):
            await writer.close()

    asyncio.run(go())
    assert connection.execute("SELECT count(*) FROM rows").fetchone()[0] == 3


class Defective(Writer):
    """Its own code is wrong, somewhere outside of what a transaction may run into."""

    async def _commit(self) -> None:
        raise RuntimeError("a defect")


def test_a_defect_of_the_writer_leaves_nobody_waiting() -> None:
    """Who waits for a write, and who comes later, gets StoreError; nobody hangs."""
    connection, job = store_with_job()

    async def go() -> None:
        writer = Defective(connection, job.id)
        waiting = [
            asyncio.create_task(writer.do(lambda store: store.execute("DELETE FROM rows").rowcount))
            for _ in range(2)
        ]
        for one in waiting:
            with pytest.raises(StoreError, match="RuntimeError: a defect"):
                await asyncio.wait_for(one, 5)
        with pytest.raises(StoreError):
            writer.end(done(1, 1))
        with pytest.raises(StoreError):
            await asyncio.wait_for(writer.close(), 5)

    asyncio.run(go())


def test_a_cell_is_written_down_as_running_once_it_takes_long() -> None:
    """At first it is still queued; a moment later it runs; one that waits again does not."""
    connection, job = store_with_job()

    async def go() -> list[list[str]]:
        writer = Writer(connection, job.id)
        writer.start(TaskStart(1, 1, NOON))
        writer.start(TaskStart(2, 1, NOON))
        writer.unstart(2)
        await writer.do(lambda store: None)
        soon = list(statuses(connection)[:2])
        await asyncio.sleep(0.4)
        later = await writer.do(lambda store: list(statuses(store)[:2]))
        await writer.close()
        return [soon, later]

    assert asyncio.run(go()) == [["queued", "queued"], ["running", "queued"]]


def test_ends_are_committed_soon_though_nobody_waits_for_them() -> None:
    """They linger for company, not for the end of the run."""
    connection, job = store_with_job()

    async def go() -> str:
        writer = Writer(connection, job.id)
        writer.end(done(1, 1))
        for _ in range(100):
            await asyncio.sleep(0.01)
            if not connection.in_transaction and statuses(connection)[0] == "done":
                break
        seen = statuses(connection)[0]
        await writer.close()
        return seen

    assert asyncio.run(go()) == "done"


def test_who_makes_too_much_waits_for_room() -> None:
    """A full writer says so, and makes room by writing at once."""
    connection, job = store_with_job(rows=QUEUE // 2 + 1)

    async def go() -> tuple[bool, bool]:
        writer = Writer(connection, job.id)
        for number in range(QUEUE):
            writer.end(done(number + 1, number // 2 + 1))
        full = writer.full
        await writer.room()
        free = not writer.full
        await writer.close()
        return full, free

    assert asyncio.run(go()) == (True, True)
    assert get_job(connection, job.id).done_tasks == QUEUE


def test_after_a_group_that_could_not_be_written_nothing_is() -> None:
    """What came meanwhile may build on what was lost: an end without its bill, for one."""
    connection, job = store_with_job()

    def full(_: sqlite3.Connection) -> None:
        writer.end(done(1, 1))  # it comes while the group is under way
        raise sqlite3.OperationalError("database or disk is full")

    async def go() -> None:
        nonlocal writer
        writer = Writer(connection, job.id)
        with pytest.raises(StoreError):
            await writer.do(full)
        with pytest.raises(StoreError):
            await writer.close()

    writer: Writer
    asyncio.run(go())
    assert statuses(connection)[0] == "queued"
