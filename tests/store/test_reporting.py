"""What a report reads from the store."""

from __future__ import annotations

import pytest

from glaze_cli.model import TaskStatus
from glaze_cli.store.progress import job_document
from glaze_cli.store.reporting import report_cells, report_costs, report_latency
from glaze_cli.store.results import end_tasks
from tests.store.fakes import done, store_with_job
from tests.ui.pages.jobs import pay


def test_every_cell_is_there_with_its_column() -> None:
    """In the order of the sheet; one that has not ended has an empty record."""
    connection, job = store_with_job(rows=2)
    end_tasks(connection, job.id, [done(2, 1), done(1, 1, TaskStatus.FAILED)])
    cells = list(report_cells(connection, job))
    assert [(cell["cell"], cell["column"], cell["status"], cell["reason"]) for cell in cells] == [
        ("B2", "Email", "failed", "timeout"),
        ("C2", "Phone", "done", None),
        ("B3", "Email", "queued", None),
        ("C3", "Phone", "queued", None),
    ]
    assert [cell["record"] for cell in cells] == [{"value": None}, {"value": "x"}, {}, {}]


@pytest.mark.parametrize("odd", [None, "", "[]", "1", "{broken"])
def test_an_odd_record_is_an_empty_one(odd: str | None) -> None:
    """Whoever wrote it, the report goes on."""
    connection, job = store_with_job(rows=1)
    connection.execute("UPDATE cell_enrichment_tasks SET result = ?", (odd,))
    assert [cell["record"] for cell in report_cells(connection, job)] == [{}, {}]


def test_latency_is_that_of_answered_calls() -> None:
    """Median, 19 of 20, slowest; lost calls, repeated ones and jobs of a service do not count."""
    connection, job = store_with_job()
    assert report_latency(connection, job) == []
    pay(connection)
    expected = {"provider": "hunter", "calls": 20, "median": 1.0, "p95": 1.9, "slowest": 2.0}
    assert report_latency(connection, job) == [expected]
    connection.execute("UPDATE attempts SET outcome = 'repeated' WHERE id = 20")
    connection.execute("UPDATE attempts SET handle = 'h' WHERE id = 19")
    connection.execute("UPDATE attempts SET closed_at = 'then' WHERE id = 18")
    (part,) = report_latency(connection, job)
    assert (part["calls"], part["slowest"]) == (18, 1.7)


def test_costs_are_those_of_the_ledger() -> None:
    """By provider and by column they come to what the job has spent, lost replies included."""
    connection, job = store_with_job()
    pay(connection)
    costs = report_costs(connection, job)
    spent = {"calls": 21, "spent": 0.21, "unknown": 0.01, "unknownCalls": 1}
    assert costs == {
        "byProvider": [{"name": "hunter", **spent, "saved": 0.0}],
        "byColumn": [{"name": "Email", **spent}],
    }
    from glaze_cli.store.jobs import get_job

    assert job_document(connection, get_job(connection, job.id))["cost"]["spent"] == 0.21
