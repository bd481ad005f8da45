"""The document that tells people how a job stands."""

from __future__ import annotations

import asyncio

from glaze_cli.model import JobStatus, TaskStatus
from glaze_cli.store.jobs import get_job
from glaze_cli.store.progress import end_job, job_document, start_job
from glaze_cli.store.tasks import done_tasks, queued_rows, requeue_running
from glaze_cli.store.writer import Writer
from tests.store.fakes import NOON, OWNER, done, store_with_job


def test_the_document_has_every_agreed_key() -> None:
    """The keys of `glaze status --json` are a promise to scripts."""
    connection, job = store_with_job(cap=500_000)
    document = job_document(connection, job, cells=True)
    agreed = (
        "jobId tableId status totalTasks doneTasks failedTasks notFoundTasks skippedTasks progress cost "
        "createdAt startedAt completedAt error file range providers cells"
    )
    assert set(agreed.split()) <= document.keys()
    nothing = dict.fromkeys(("spent", "reserved", "unknown", "unknownCalls", "repeatedCalls", "saved"), 0)
    assert document["cost"] == {"cap": 0.5, **nothing}
    assert document["fill"] == {"selected": 6, "filled": 0, "rate": 0.0}
    assert document["progress"] == 0
    assert len(document["cells"]) == 6


def test_progress_moves_and_ends_at_100() -> None:
    """Progress is the share of cells that have their final word."""
    connection, job = store_with_job(rows=2)
    start_job(connection, job.id, OWNER, NOON)

    async def finish(*task_ids: int) -> None:
        writer = Writer(connection, job.id)
        for task_id in task_ids:
            writer.end(done(task_id, (task_id + 1) // 2, TaskStatus.NOT_FOUND))
        await writer.close()

    asyncio.run(finish(1))
    assert job_document(connection, get_job(connection, job.id))["progress"] == 25.0
    asyncio.run(finish(2, 3, 4))
    end_job(connection, job.id, OWNER, JobStatus.COMPLETED, None, NOON)
    document = job_document(connection, get_job(connection, job.id))
    assert (document["progress"], document["status"], document["notFoundTasks"]) == (100.0, "completed", 4)


def test_done_cells_come_in_the_order_of_the_file() -> None:
    """What is to be written is read back by row, then column, with its old value and its row's data."""
    connection, job = store_with_job()

    async def finish() -> None:
        writer = Writer(connection, job.id)
        for task_id in (4, 1, 2):
            writer.end(done(task_id, (task_id + 1) // 2, value=f"v{task_id}"))
        await writer.close()

    asyncio.run(finish())
    found = list(done_tasks(connection, job.id))
    assert [(task.row, task.column, task.value, task.old) for task in found] == [
        (2, 2, "v1", None),
        (2, 3, "v2", "old"),
        (3, 3, "v4", "old"),
    ]
    assert found[0].data == {"Company": "c2"}


def test_what_a_crash_left_running_is_queued_again() -> None:
    """Recovery puts running cells back, and the queue gives them out once more."""
    connection, job = store_with_job()
    connection.execute("UPDATE cell_enrichment_tasks SET status = 'running' WHERE id < 3")
    assert [row.number for row in queued_rows(connection, job.id)] == [3, 4]
    connection.execute("UPDATE rows SET status = 'running' WHERE id = 1")
    assert requeue_running(connection, job.id) == 2
    assert {row[0] for row in connection.execute("SELECT status FROM rows")} == {"queued"}
    assert [row.number for row in queued_rows(connection, job.id)] == [2, 3, 4]
