"""Jobs for reports, of thousands of cells, made with the store's own functions."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from glaze_cli.model import Field, Found, JobStatus, Lookup, Micros, NotFound, TaskStatus, Tier
from glaze_cli.store.attempts import Attempt, lose_attempt, settle_attempt
from glaze_cli.store.connect import connect
from glaze_cli.store.create import NewColumn, NewJob, NewRow, create_job
from glaze_cli.store.jobs import Job, get_job
from glaze_cli.store.permits import Intent
from glaze_cli.store.progress import end_job, job_document, start_job
from glaze_cli.store.reporting import report_cells, report_costs, report_latency
from glaze_cli.store.results import end_tasks
from glaze_cli.store.tasks import TaskResult
from glaze_cli.ui.pages.facts import Facts, count
from tests.store.fakes import open_attempt

OWNER = "here:1"
BEGAN = "2026-11-23T12:00:00.000Z"
ENDED = "2026-11-23T12:05:00.250Z"

HOSTILE = {
    "script": "<script>window.pwned = 1</script></script><script>window.pwned = 1</script>",
    "attribute": '" onmouseover="window.pwned = 1" x=\'',
    "image": "<img src=x onerror=window.pwned=1>",
    "comment": "<!--<script>",
    "template": "{{ 7*7 }} {% raw %} ${7*7}",
    "cdata": "]]> <![CDATA[ &lt; &#60;",
    "ansi": "\x1b[2J\x1b[31mred",
    "osc 8": "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "bidi": "invoice\u202egpj.exe \u2066x\u2069",
    "separators": "a\u2028b\u2029c\x00\x85d",
    "long": "x" * 1_000_000,
    "markdown": "@octocat #1 [x](http://y.example) | ` `` ![i](z) **b** www.evil.example a@b.example ##[add]",
}
"""Texts that would act, break out or fill the page."""


def finished(
    cells: Sequence[tuple[TaskStatus, str | None, str | None, Mapping[str, Any]]],
    connection: sqlite3.Connection | None = None,
    headers: Sequence[str] = ("Email", "Phone"),
    path: str = "/x/leads.xlsx",
    name: str = "job1",
) -> tuple[sqlite3.Connection, Job]:
    """A job whose cells ended so: (status, reason, error, record), row by row; the rest is queued."""
    connection = connection or connect(":memory:")
    columns = [NewColumn(place, header, Field("email")) for place, header in enumerate(headers, 2)]
    empty = tuple((column.position, None) for column in columns)
    last = 1 + max(1, -(-len(cells) // len(headers)))
    rows = [NewRow(number, {"Company": f"c{number}"}, empty) for number in range(2, last + 1)]
    total = len(rows) * len(headers)
    new = NewJob(name, path, "Leads", "xlsx", "B:C", columns, rows, {}, selected=total + 10, filled=10)
    job = create_job(connection, new, lambda: BEGAN)
    start_job(connection, name, OWNER, BEGAN)
    tasks = connection.execute(
        "SELECT id, row_id FROM cell_enrichment_tasks WHERE job_id = ? ORDER BY id", (job.id,)
    ).fetchall()
    results = [
        TaskResult(
            *(task["id"], task["row_id"], status, reason, record, record.get("confidence"), error, 1),
            *((), BEGAN, ENDED),
        )
        for task, (status, reason, error, record) in zip(tasks, cells, strict=False)
    ]
    connection.execute("BEGIN")
    end_tasks(connection, job.id, results)
    end_job(connection, job.id, OWNER, JobStatus.COMPLETED, None, ENDED)
    connection.execute("COMMIT")
    return connection, get_job(connection, job.id)


def step(provider: str, tier: str, outcome: str, **more: Any) -> dict[str, Any]:
    """One step of a receipt."""
    return {
        "provider": provider,
        "tier": tier,
        "outcome": outcome,
        "detail": "",
        "calls": 1,
        "cost": 0.0,
    } | more


def record(value: object, confidence: float | None, *steps: Mapping[str, Any]) -> dict[str, Any]:
    """A cell's record, served by the last step."""
    provider = steps[-1]["provider"] if steps and value is not None else None
    source = steps[-1]["tier"] if provider else None
    metadata = {"cost": sum(each["cost"] for each in steps), "provider": provider, "attempts": list(steps)}
    whole = {"value": value, "confidence": confidence, "source": source, "timestamp": ENDED}
    return whole | {"metadata": metadata}


def many(cells: int) -> list[tuple[TaskStatus, str | None, str | None, dict[str, Any]]]:
    """So many cells of all kinds, hostile ones among them."""
    return [_cell(number) for number in range(cells)]


def _cell(number: int) -> tuple[TaskStatus, str | None, str | None, dict[str, Any]]:
    hostile = list(HOSTILE.values())
    miss, hit = step("gleif", "free", "miss"), step("hunter", "cheap", "hit", cost=0.01)
    kind = number % 10
    if number % 97 == 3:
        text = hostile[number // 97 % len(hostile)]
        return TaskStatus.DONE, None, None, record(text, 0.9, miss, hit)
    if kind < 4:
        known = record(f"firm{number}.example", 0.95, step("gleif", "free", "hit"))
        return TaskStatus.DONE, None, None, known
    if kind < 7:
        found = record(f"info@firm{number}.example", 0.6 + number % 40 / 100, miss, hit)
        return TaskStatus.DONE, None, None, found
    if kind < 9:
        weak = step("hunter", "cheap", "too_weak", cost=0.01)
        return TaskStatus.NOT_FOUND, None, "gleif: nothing of that name", record(None, None, miss, weak)
    failed = record(None, None, miss, step("hunter", "cheap", "failed"))
    return TaskStatus.FAILED, "bad_input", hostile[number // 10 % len(hostile)], failed


def pay(connection: sqlite3.Connection, job_id: str = "job1", calls: int = 20) -> None:
    """Calls to hunter at a cent, the nth of which took n tenths of a second, and one whose reply was lost."""
    for number in range(1, calls + 2):
        lookup = Lookup.about("hunter", "1", {Field("company"): f"acme {number}"})
        intent = Intent(job_id, OWNER, lookup, Tier.CHEAP, Micros(10_000), task_id=1)
        attempt = open_attempt(connection, intent, BEGAN)
        assert isinstance(attempt, Attempt)
        if number > calls:
            lose_attempt(connection, attempt.id, "no reply", ENDED)
            return
        answer = NotFound("none") if number % 2 else Found({Field("email"): "x"}, 0.9)
        at = f"2026-11-23T12:00:{number // 10:02}.{number % 10}00Z"
        settle_attempt(connection, attempt, lookup, answer, at)


def facts(connection: sqlite3.Connection, job: Job) -> Facts:
    """What a report counts of the job."""
    return count(report_cells(connection, job))


def page(connection: sqlite3.Connection, job: Job) -> str:
    """Its HTML."""
    from glaze_cli.ui.pages.page import render

    costs, latency = report_costs(connection, job), report_latency(connection, job)
    return render(
        job_document(connection, get_job(connection, job.id)),
        facts(connection, job),
        costs,
        latency,
        ENDED,
        "9.9",
    )


def markdown(connection: sqlite3.Connection, job: Job) -> str:
    """Its summary."""
    from glaze_cli.ui.pages.markdown import summary

    document = job_document(connection, get_job(connection, job.id))
    return summary(document, facts(connection, job), report_costs(connection, job))
