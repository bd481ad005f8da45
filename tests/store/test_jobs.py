"""Making a job, and reading it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from glaze_cli.errors import InputError
from glaze_cli.model import JobStatus
from glaze_cli.store.connect import connect
from glaze_cli.store.create import NewRow, create_job
from glaze_cli.store.jobs import get_job, list_jobs
from glaze_cli.store.tasks import queued_rows
from tests.store.fakes import NOON, new_job, store_with_job


def test_a_new_job_waits_with_all_its_tasks() -> None:
    """The job is pending; its rows and tasks are queued."""
    connection = connect(":memory:")
    job = create_job(connection, new_job(), lambda: NOON)
    assert (job.status, job.total_tasks, job.ended_tasks) == (JobStatus.PENDING, 6, 0)
    assert (job.path, job.sheet, job.request, job.created_at) == ("/x/leads.xlsx", "Leads", {"seed": 1}, NOON)
    rows = list(queued_rows(connection, job.id))
    assert (rows[0].number, rows[0].data) == (2, {"Company": "c2"})
    assert [(task.column, task.old) for task in rows[0].tasks] == [(2, None), (3, "old")]
    assert {row[0] for row in connection.execute("SELECT status FROM rows")} == {"queued"}


def test_a_job_is_made_whole_or_not_at_all() -> None:
    """When reading the sheet fails halfway, nothing of the job is in the store."""
    connection = connect(":memory:")

    def rows() -> Iterator[NewRow]:
        yield NewRow(2, {}, ((2, None),))
        raise InputError("the file is cut short")

    with pytest.raises(InputError, match="cut short"):
        create_job(connection, replace(new_job(), rows=rows()))
    for table in ("enrichment_jobs", "rows", "cell_enrichment_tasks", "tables", "columns"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_a_job_without_cells_is_not_made() -> None:
    """An empty job is no job."""
    connection = connect(":memory:")
    with pytest.raises(InputError, match="no cell"):
        create_job(connection, new_job(rows=0))
    assert list_jobs(connection) == []


def test_two_jobs_on_a_sheet_share_its_table() -> None:
    """A sheet is one table, however many jobs it sees; another sheet is another."""
    connection, first = store_with_job()
    second = create_job(connection, new_job("job2"))
    other = create_job(connection, new_job("job3", sheet="Other"))
    assert first.table_id == second.table_id != other.table_id


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("abc1", "abc1"),  # whole
        ("abd", "abd2"),  # a beginning that is one job's
        ("abc", "abc"),  # an id that is also the beginning of another
    ],
)
def test_a_job_is_named_by_its_beginning(name: str, found: str) -> None:
    """An id, or the beginning of one, names a job when it names one only."""
    connection = connect(":memory:")
    for job_id in ("abc", "abc1", "abd2"):
        create_job(connection, new_job(job_id))
    assert get_job(connection, name).id == found


@pytest.mark.parametrize(
    ("name", "words"), [("ab", "several"), ("x", "no job x"), ("%", "no job %"), ("", "No job")]
)
def test_a_name_that_is_no_job_is_said(name: str, words: str) -> None:
    """An unknown or ambiguous name is refused in words."""
    connection = connect(":memory:")
    for job_id in ("abc", "abd"):
        create_job(connection, new_job(job_id))
    with pytest.raises(InputError, match=words):
        get_job(connection, name)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("3f2a91b7", "did you mean 3f2a91b8?"),  # a slip in the whole id
        ("3f1a", "did you mean 3f2a91b8?"),  # and in a beginning
        ("3x", "`glaze status` lists"),  # too short to resemble anything
        ("leads", "`glaze status` lists"),
    ],
)
def test_a_slip_in_a_job_is_answered_with_the_one_that_may_be_meant(name: str, hint: str) -> None:
    """By its whole id, or by a beginning of four letters and more; nothing is taken for it."""
    connection = connect(":memory:")
    for job in ("3f2a91b8", "c04de551"):
        create_job(connection, new_job(job), lambda: NOON)
    with pytest.raises(InputError, match=f"no job {name} in this store; ") as refused:
        get_job(connection, name)
    assert hint in str(refused.value)
