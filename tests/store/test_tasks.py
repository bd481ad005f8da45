"""The queue of a job, and what it found: what is read follows what is left."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Collection

import pytest

from glaze_cli.model import TaskStatus
from glaze_cli.store.requeue import requeue, requeue_unknown
from glaze_cli.store.tasks import (
    done_tasks,
    overwritten,
    queued_numbers,
    queued_rows,
    requeue_running,
)
from glaze_cli.store.writer import Writer
from tests.store.fakes import done, store_with_job

Read = Callable[[sqlite3.Connection], object]


def ended(rows: int, left: Collection[int]) -> sqlite3.Connection:
    """A job of two cells a row (tasks 1 and 2 are row 1's), all done but those tasks."""
    connection, job = store_with_job(rows=rows)

    async def end() -> None:
        writer = Writer(connection, job.id)
        for task in range(1, 2 * rows + 1):
            if task not in left:
                writer.end(done(task, (task + 1) // 2)._replace(result={"value": f"v{task}"}))
        await writer.close()

    asyncio.run(end())
    return connection


def steps(connection: sqlite3.Connection, read: Read) -> int:
    """Steps of SQLite's machine: what a statement costs, on whatever computer."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.set_progress_handler(step, 1)
    read(connection)
    connection.set_progress_handler(None, 1)
    return taken


@pytest.mark.parametrize(
    "read",
    [
        lambda store: list(queued_rows(store, "job1")),
        lambda store: queued_numbers(store, "job1", 100),
        lambda store: requeue_running(store, "job1"),
        lambda store: requeue(store, "job1", [TaskStatus.FAILED, TaskStatus.NOT_FOUND]),
        lambda store: requeue_unknown(store, "job1"),
    ],
    ids=["queue", "numbers", "after a crash", "retry", "retry of lost replies"],
)
def test_going_on_costs_what_is_left(read: Read) -> None:
    """With one cell left in the first row and one in the last, a hundred times the rows cost no more."""
    small, big = (ended(rows, (1, 2 * rows)) for rows in (6, 600))
    assert steps(big, read) <= 1.5 * steps(small, read)


def test_what_was_filled_is_an_input_of_what_is_left() -> None:
    """A row that is half done comes with its value; one that is done does not come."""
    rows = list(queued_rows(ended(4, (2, 7, 8)), "job1"))
    assert [(row.number, [task.id for task in row.tasks], row.filled) for row in rows] == [
        (2, [2], {2: "v1"}),
        (5, [7, 8], {}),
    ]


def test_the_first_numbers_of_the_queue() -> None:
    """Each row once, in the order of the sheet, no more than asked for."""
    store = ended(5, (3, 4, 6, 10))
    assert queued_numbers(store, "job1", 2) == (3, 4)
    assert queued_numbers(store, "job1", 9) == (3, 4, 6)


def test_values_come_in_the_order_of_the_sheet() -> None:
    """Each with its own row, as that was read, and what its cell held."""
    found = list(done_tasks(ended(2, (2,)), "job1"))
    assert [(task.row, task.column, task.value, task.old, task.data) for task in found] == [
        (2, 2, "v1", None, {"Company": "c2"}),
        (3, 2, "v3", None, {"Company": "c3"}),
        (3, 3, "v4", "old", {"Company": "c3"}),
    ]


def test_cells_that_held_something() -> None:
    """Only those with a new value are overwritten."""
    assert list(overwritten(ended(3, (2,)), "job1")) == [(4, 3, 3), (6, 4, 3)]
