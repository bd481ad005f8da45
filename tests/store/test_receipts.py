"""What the store knows of a cell is told whole, and nothing is guessed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

import pytest

from glaze_cli.model import Field, Found, Lookup, Micros, NotFound
from glaze_cli.store.answers import put_answer
from glaze_cli.store.asked import asked_cells, read_row, tables_of
from glaze_cli.store.attempts import lose_attempt, refuse_attempt, settle_attempt
from glaze_cli.store.create import create_job
from glaze_cli.store.jobs import get_job
from glaze_cli.store.read_inputs import Reading
from glaze_cli.store.receipts import receipt
from glaze_cli.store.told_calls import MOST_CALLS
from tests.store.fakes import ASKED, NOON, OWNER, intent, new_job, open_attempt, store_with_job
from tests.store.test_costs import call

EARLIER, LATER = "2026-11-20T12:00:00.000Z", "2026-11-30T12:00:00.000Z"
EMAIL, PHONE = 1, 2  # tasks of the first row, B2 and C2
FIELDS = {"Company": "company", "Email": "email", "Phone": "phone"}
READING = Reading(FIELDS, ("Company",), 0.5)
STEP = {"provider": "hunter", "tier": "cheap", "outcome": "hit", "calls": 1, "confidence": 0.9}


def end(
    connection: sqlite3.Connection,
    task: int,
    *steps: Mapping[str, Any],
    at: str = NOON,
    started: str = NOON,
    status: str = "done",
    error: str | None = None,
) -> None:
    """The cell has ended, with these steps."""
    record = {"value": "x", "confidence": 0.9, "source": "cheap", "timestamp": at}
    record |= {"metadata": {"cost": 0.01, "provider": "hunter", "attempts": steps}}
    connection.execute(
        "UPDATE cell_enrichment_tasks SET status = ?, reason = ?, error = ?, result = ?, started_at = ?, "
        "completed_at = ? WHERE id = ?",
        (status, "timeout" if status == "failed" else None, error, json.dumps(record), started, at, task),
    )


def told(connection: sqlite3.Connection, column: int = 2, reading: Reading = READING) -> dict[str, Any]:
    """The receipt of B2 (or C2)."""
    (cell,) = asked_cells(connection, get_job(connection, "job1").table_id, 2, column)
    return receipt(connection, cell, reading)


def opened(connection: sqlite3.Connection, task: int | None = EMAIL) -> Any:
    """A call about the lookup."""
    attempt = open_attempt(connection, intent(), NOON)
    connection.execute("UPDATE attempts SET task_id = ? WHERE id = ?", (task, attempt.id))  # type: ignore[union-attr]
    return attempt


def test_a_sheet_is_found_by_its_file_and_by_what_was_written() -> None:
    """By the path that was read; else by the path that a job writes."""
    connection, job = store_with_job()
    assert tables_of(connection, "/x/leads.xlsx") == {"Leads": job.table_id}
    assert tables_of(connection, "/x/out.xlsx") == {}
    connection.execute("UPDATE enrichment_jobs SET target = '/x/out.xlsx'")
    assert tables_of(connection, "/x/out.xlsx") == {"Leads": job.table_id}
    assert read_row(connection, job, 2) == {"Company": "c2"}
    assert read_row(connection, job, 99) is None


@pytest.mark.parametrize(
    ("how", "status", "billed", "sums"),
    [
        ("settled", "settled", 0.01, (0.01, 0.0, 0, 0.0)),
        ("refused", "refused", 0.002, (0.002, 0.0, 0, 0.0)),
        ("lost", "unknown", None, (0.01, 0.01, 1, 0.0)),
        ("open", "open", None, (0.0, 0.0, 0, 0.01)),
    ],
)
def test_each_kind_of_call_is_told_with_its_bill(
    how: str, status: str, billed: float | None, sums: tuple[float, float, int, float]
) -> None:
    """Billed is spent, a lost reply counts with the most it can have cost, an open call is held."""
    connection, _ = store_with_job()
    attempt = opened(connection)
    if how == "settled":
        settle_attempt(connection, attempt, ASKED, Found({Field("email"): "a@b.c"}), NOON)
    elif how == "refused":
        refuse_attempt(connection, attempt, "quota", "no credit", Micros(2_000), NOON)
    elif how == "lost":
        lose_attempt(connection, attempt.id, "cut", NOON)
    end(connection, EMAIL, STEP | {"key": ASKED.key})
    document = told(connection)
    (one,) = document["steps"][0]["ledger"]
    assert (one["status"], one["billed"], one["own"], one["cell"]) == (status, billed, True, "Leads!B2")
    ledger = document["ledger"]
    assert (ledger["spent"], ledger["unknown"], ledger["unknownCalls"], ledger["reserved"]) == sums


def test_a_call_of_another_cell_is_found_by_its_question() -> None:
    """The ledger is asked by the lookup's key too; what is not this cell's is not in its sums."""
    connection, _ = store_with_job()
    settle_attempt(connection, opened(connection, PHONE), ASKED, NotFound("no such firm"), NOON)
    end(connection, EMAIL, STEP | {"key": ASKED.key, "outcome": "miss", "from": "cache"})
    document = told(connection)
    (step,) = document["steps"]
    assert [(one["own"], one["cell"]) for one in step["ledger"]] == [(False, "Leads!C2")]
    assert (step["answer"]["detail"], step["inputs"]) == ("no such firm", {"company": "acme"})
    assert document["ledger"]["calls"] == 0


@pytest.mark.parametrize(("answered", "newer"), [(EARLIER, False), (NOON, False), (LATER, True)])
def test_an_answer_that_came_later_is_not_taken_for_the_one_it_saw(answered: str, newer: bool) -> None:
    """The cache holds the latest answer to a question; it says so where the cell cannot have seen it."""
    connection, _ = store_with_job()
    put_answer(connection, ASKED, Found({Field("email"): "a@b.c"}, 0.9), Micros(1), answered)
    end(connection, EMAIL, STEP | {"key": ASKED.key})
    assert told(connection)["steps"][0]["answer"]["newer"] is newer


def test_what_failed_has_no_answer_and_its_own_reason() -> None:
    """The cell's reason is that of the step it ended with; an earlier step has the ledger's."""
    connection, _ = store_with_job()
    put_answer(connection, ASKED, Found({Field("email"): "old"}, 0.9), Micros(1), EARLIER)
    refuse_attempt(connection, opened(connection), "bad_input", "no", Micros(0), NOON)
    failed = STEP | {"outcome": "failed", "detail": "no", "key": ASKED.key}
    last = {"provider": "gleif", "tier": "free", "outcome": "failed", "detail": "late"}
    end(connection, EMAIL, failed, last, status="failed", error="late")
    first, second = told(connection)["steps"]
    assert (first["reason"], first["answer"], second["reason"]) == ("bad_input", None, "timeout")


def test_one_call_for_two_cells_of_a_row() -> None:
    """A step without a question of its own has that of the row's cell that was asked with the provider."""
    connection, _ = store_with_job()
    both = Found({Field("email"): "a@b.c", Field("phone"): "1"}, 0.9)
    settle_attempt(connection, opened(connection), ASKED, both, NOON)
    end(connection, EMAIL, STEP | {"key": ASKED.key})
    end(connection, PHONE, STEP | {"from": "another cell's call", "calls": 0})
    (step,) = told(connection, 3)["steps"]
    assert step["answer"]["values"]["phone"] == "1"
    assert [(one["own"], one["cell"]) for one in step["ledger"]] == [(False, "Leads!B2")]


def test_calls_of_an_earlier_try_are_told_too() -> None:
    """What was called for the cell and is in no step."""
    connection, _ = store_with_job()
    call(connection, lookup_key="other", status="unknown", billed=None, reserved=500)
    end(connection, EMAIL)
    document = told(connection)
    assert [one["status"] for one in document["otherCalls"]] == ["unknown"]
    assert (document["steps"], document["ledger"]["unknown"]) == ([], 0.0005)


def test_inputs_that_were_found_have_their_receipts() -> None:
    """An input that ended before is told with its own inputs; one that ended later was none."""
    connection, _ = store_with_job()
    by_email = Lookup.about("deep", "1", {Field("email"): "x"})
    for lookup in (ASKED, by_email):
        put_answer(connection, lookup, Found({Field("phone"): "1"}, 0.9), Micros(1), EARLIER)
    end(connection, EMAIL, STEP | {"key": ASKED.key}, at=EARLIER, started=EARLIER)
    end(connection, PHONE, STEP | {"provider": "deep", "key": by_email.key})
    (read,) = told(connection, 3)["inputs"]
    assert (read["header"], read["text"], read["read"]) == ("Email", "x", True)
    assert (read["found"]["cell"], read["found"]["inputs"][0]["text"]) == ("Leads!B2", "c2")
    end(connection, EMAIL, STEP | {"key": ASKED.key}, at=LATER)
    assert told(connection, 3)["inputs"] == []


def test_inputs_in_a_ring_of_the_same_moment_end() -> None:
    """Two cells that seem to have fed each other are told once each."""
    connection, _ = store_with_job()
    for task in (EMAIL, PHONE):
        end(connection, task, STEP)
    for column in (2, 3):
        json.dumps(told(connection, column))


def test_what_could_be_read_is_not_said_to_be_read() -> None:
    """Where a question is not known, the job's inputs are told, and that it is not certain."""
    connection, _ = store_with_job()
    end(connection, EMAIL, {"provider": "mock", "tier": "free", "outcome": "miss"})
    assert [(one["header"], one["read"]) for one in told(connection)["inputs"]] == [("Company", False)]
    assert told(connection, reading=Reading({}, ()))["inputs"][0]["text"] == "c2"


def test_a_cell_without_a_record() -> None:
    """One that is queued has nothing to tell, and an owner does not change that."""
    connection, job = store_with_job()
    document = told(connection)
    assert (job.owner, document["status"], document["value"], document["steps"]) == (
        OWNER,
        "queued",
        None,
        [],
    )


def test_a_record_that_notes_what_was_read_and_the_least_confidence_is_believed() -> None:
    """No kept answer is needed to tell an input for certain, and the settings of now do not count."""
    connection, _ = store_with_job()
    end(connection, EMAIL, STEP | {"provider": "email_domain", "read": ["company"], "least": 0.7})
    document = told(connection)
    assert [(one["header"], one["read"]) for one in document["inputs"]] == [("Company", True)]
    assert (document["minConfidence"], document["minConfidenceNoted"]) == (0.7, True)
    end(connection, EMAIL, STEP)
    document = told(connection)
    assert (document["minConfidence"], document["minConfidenceNoted"]) == (0.5, False)


def test_a_cell_served_by_a_neighbours_answer_read_what_the_neighbour_read() -> None:
    """Also where a provider of this machine brought it."""
    connection, _ = store_with_job()
    end(connection, EMAIL, STEP | {"provider": "names", "read": ["company"]}, at=LATER)
    end(connection, PHONE, STEP | {"provider": "names", "from": "another cell's call", "calls": 0})
    assert [(one["header"], one["read"]) for one in told(connection, 3)["inputs"]] == [("Company", True)]


def test_its_own_calls_are_in_its_step_however_many_came_later() -> None:
    """A question that others asked often since does not push the cell's own call out."""
    connection, _ = store_with_job()
    for number in range(MOST_CALLS + 5):
        call(connection, lookup_key=ASKED.key, task_id=PHONE if number else EMAIL)
    end(connection, EMAIL, STEP | {"key": ASKED.key})
    document = told(connection)
    (step,) = document["steps"]
    assert ([one["own"] for one in step["ledger"]].count(True), document["otherCalls"]) == (1, [])
    assert step["ledger"][0]["own"]


def test_a_reason_of_an_earlier_try_is_not_that_of_the_last() -> None:
    """A call that was refused before the cell was asked anew is told as such."""
    connection, _ = store_with_job()
    refuse_attempt(connection, opened(connection), "bad_input", "no", Micros(0), NOON)
    failed = STEP | {"outcome": "failed", "detail": "dropped", "key": ASKED.key, "calls": 0}
    end(connection, EMAIL, failed, status="not_found", error="else", started=LATER, at=LATER)
    (step,) = told(connection)["steps"]
    assert (step["reason"], [one["earlier"] for one in step["ledger"]]) == (None, [True])


@pytest.mark.parametrize(
    ("value", "company", "found"),
    [("a@b.c", "c2", "job0"), ("other", "c2", None), ("a@b.c", "changed", None)],
    ids=["the same row", "another value since", "another row since"],
)
def test_an_input_that_an_earlier_job_found(value: str, company: str, found: str | None) -> None:
    """It is told by whom and in which job, where the row and the value are the same for certain."""
    connection, _ = store_with_job()
    create_job(connection, new_job("job0", rows=1), lambda: EARLIER)
    ids = "SELECT id FROM cell_enrichment_tasks WHERE job_id = 'job0' ORDER BY id"
    task = connection.execute(ids).fetchone()[0]
    end(connection, task, STEP, at=EARLIER, started=EARLIER)
    connection.execute(
        "UPDATE cell_enrichment_tasks SET result = json_set(result, '$.value', 'a@b.c') WHERE id = ?", (task,)
    )
    data = json.dumps({"Company": company, "Email": value})
    connection.execute("UPDATE rows SET data = ? WHERE id = 1", (data,))
    by_email = Lookup.about("deep", "1", {Field("email"): value})
    put_answer(connection, by_email, Found({Field("phone"): "1"}, 0.9), Micros(1), NOON)
    end(connection, PHONE, STEP | {"provider": "deep", "key": by_email.key})
    (cell,) = [one for one in asked_cells(connection, 1, 2, 3) if one.job_id == "job1"]
    (read,) = receipt(connection, cell, READING)["inputs"]
    assert (read["header"], read["text"], read["read"]) == ("Email", value, True)
    assert (read["found"] and read["found"]["jobId"]) == found


@pytest.mark.parametrize(("overwrite", "read"), [(False, ["Mail"]), (True, ["Email"])])
def test_an_old_value_that_is_asked_about_anew_was_no_input(overwrite: bool, read: list[str]) -> None:
    """It was hidden from providers until the cell had its word; with --overwrite it was an input."""
    connection, _ = store_with_job()
    connection.execute("UPDATE cell_enrichment_tasks SET old = '\"o@b.c\"' WHERE id = ?", (EMAIL,))
    data = json.dumps({"Email": "o@b.c", "Mail": "m@b.c"})
    connection.execute("UPDATE rows SET data = ? WHERE id = 1", (data,))
    end(connection, PHONE, STEP | {"read": ["email"]})
    reading = Reading({"Email": "email", "Mail": "email", "Phone": "phone"}, (), overwrite=overwrite)
    assert [one["header"] for one in told(connection, 3, reading)["inputs"]] == read


def test_a_cell_that_nobody_was_asked_about_shows_what_its_row_held() -> None:
    """One that was skipped for a missing input: what there was to read, and that none of it was."""
    connection, _ = store_with_job()
    end(connection, EMAIL, status="skipped")
    assert [(one["header"], one["read"]) for one in told(connection)["inputs"]] == [("Company", False)]
