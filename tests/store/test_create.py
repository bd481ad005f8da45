"""The rows and tasks of a new job, many at a time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import replace

import pytest

from glaze_cli.errors import InputError
from glaze_cli.model import Scalar
from glaze_cli.store.connect import connect
from glaze_cli.store.create import MANY, NewRow, create_job, read_anew
from glaze_cli.store.tasks import queued_rows
from tests.store.fakes import NOON, new_job, store_with_job

Cells = tuple[tuple[int, Scalar | None], ...]

BOTH: Cells = ((2, None), (3, None))
EMAIL: Cells = ((2, None),)
HELD: Cells = ((2, "a@b.org"), (3, None))
NUMBER: Cells = ((3, 0),)


@pytest.mark.parametrize(
    "cells",
    [
        [BOTH],
        [BOTH] * MANY,
        [BOTH] * (2 * MANY + 1),
        [BOTH, EMAIL] * MANY,  # no two neighbours alike
        [EMAIL, EMAIL, HELD, HELD, NUMBER, BOTH],
        [HELD] * (MANY + 1),
    ],
    ids=["one", "a statement full", "three statements", "ragged", "some overwritten", "all overwritten"],
)
def test_every_cell_becomes_a_task(cells: Sequence[Cells]) -> None:
    """Whatever its neighbours are like, a cell is stored once, in its row, with what it held."""
    connection = connect(":memory:")
    rows = [NewRow(number, {"Company": f'"c{number}"'}, row) for number, row in enumerate(cells, 2)]
    job = create_job(connection, replace(new_job(), rows=rows), lambda: NOON)
    stored = list(queued_rows(connection, job.id))
    assert [(row.number, row.data) for row in stored] == [(row.number, row.data) for row in rows]
    assert [tuple((task.column, task.old) for task in row.tasks) for row in stored] == list(cells)
    assert job.total_tasks == sum(map(len, cells))


@pytest.mark.parametrize("cells", [BOTH, HELD, ()], ids=["empty", "overwritten", "nothing to fill"])
def test_what_is_stored_points_at_what_is_there(cells: Cells) -> None:
    """The store checks that of everything but of what is made with the job, which is sound nevertheless."""
    connection, first = store_with_job()
    rows = [NewRow(number, {"Company": "c"}, cells) for number in range(2, 5)]
    new = replace(new_job("job2"), rows=rows if cells else [])
    with contextlib.nullcontext() if cells else pytest.raises(InputError):
        create_job(connection, new, lambda: NOON)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM enrichment_jobs WHERE id = ?", (first.id,))


def test_a_job_is_read_anew() -> None:
    """When the file changed while the job waited, its old rows are gone, and those of other jobs stay."""
    connection, first = store_with_job()
    create_job(connection, new_job("job2", rows=2))
    job = read_anew(connection, new_job("job2", rows=4))
    assert (job.total_tasks, [row.number for row in queued_rows(connection, "job2")]) == (8, [2, 3, 4, 5])
    assert len(list(queued_rows(connection, first.id))) == 3
    assert connection.execute("SELECT count(*) FROM rows").fetchone()[0] == 7
