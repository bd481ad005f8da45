"""`glaze` alone: one sensible step, whatever there is."""

from __future__ import annotations

import sqlite3

import pytest

from glaze_cli.cli.alive import this_process
from glaze_cli.cli.exits import run
from tests.cli.program import Program, Ran
from tests.cli.test_start import TYPER, Loaded


@pytest.fixture
def alone(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """In a folder of its own, with the store that `glaze` without options would use."""
    monkeypatch.chdir(glaze.folder)
    monkeypatch.setenv("GLAZE_STORE", str(glaze.store))
    return glaze


def typed(glaze: Program) -> Ran:
    """`glaze`, and nothing behind it."""
    glaze.capture.readouterr()
    code = run([])
    captured = glaze.capture.readouterr()
    return Ran(code, captured.out, captured.err)


def test_without_a_sheet_it_says_where_to_go(alone: Program) -> None:
    """No job, no sheet: the example is named, and no store is made."""
    ran = typed(alone)
    assert (ran.code, ran.err) == (0, "")
    assert "examples/leads.xlsx" in ran.out and "glaze --help" in ran.out
    assert not alone.store.exists()


def test_a_sheet_of_the_folder_is_named(alone: Program) -> None:
    """Its name is one that a shell takes; one that would act on the terminal is not shown."""
    (alone.folder / "a\x1b[31m.csv").touch()
    alone.leads("my leads.csv")
    assert "  glaze columns 'my leads.csv'\n" in typed(alone).out


def test_values_that_are_not_written_can_be(alone: Program) -> None:
    """After --no-write: apply; after that the latest job in a line."""
    alone("enrich", alone.leads(), "--range", "F2:H4", "--offline", "--quiet", "--no-write")
    job = alone.last_job()["jobId"]
    assert f"  glaze apply {job}\n" in typed(alone).out
    alone("apply", job)
    ran = typed(alone)
    assert "apply" not in ran.out and f"Job {job} (leads.csv F2:H4) completed" in ran.out


def test_a_stopped_job_can_go_on(alone: Program) -> None:
    """A run that came to its time limit is resumed; not when its sheet is gone."""
    leads = alone.leads()
    mock = ("--provider", "mock", "--mock-latency", "0.5", "--concurrency", "1", "--quiet")
    alone("enrich", leads, "--range", "F2:G3", "--job-timeout", "0.2", *mock)
    job = alone.last_job()
    assert job["status"] == "interrupted"
    assert f"  glaze resume {job['jobId']}\n" in typed(alone).out
    leads.unlink()
    assert "resume" not in typed(alone).out


def test_after_a_job_that_is_over(alone: Program) -> None:
    """Where cells failed: why, and how to ask again; else its page."""
    alone("enrich", alone.leads(), "--range", "F2:H3", "--offline", "--quiet")
    job = alone.last_job()["jobId"]
    assert f"  glaze report {job}\n" in typed(alone).out
    with sqlite3.connect(alone.store) as connection:
        connection.execute("UPDATE enrichment_jobs SET failed_tasks = 2, unknown_calls = 1")
    out = typed(alone).out
    assert "ended with 2 failed cells." in out
    assert f"  glaze status {job}\n  glaze retry {job} --retry-unknown\n" in out


def test_a_job_at_work_or_paused(alone: Program) -> None:
    """One that runs is watched; one that came to its cap is resumed with more money."""
    alone("enrich", alone.leads(), "--range", "F2:H3", "--offline", "--quiet")
    job = alone.last_job()["jobId"]
    with sqlite3.connect(alone.store) as connection:
        connection.execute("UPDATE enrichment_jobs SET status = 'paused', total_tasks = total_tasks + 5")
    assert f"cap with 5 cells left. To go on:\n  glaze resume {job} --max-cost N\n" in typed(alone).out
    with sqlite3.connect(alone.store) as connection:
        connection.execute("UPDATE enrichment_jobs SET status = 'running', owner = ?", (this_process(),))
    assert f"  glaze status {job} --watch\n" in typed(alone).out


def test_it_loads_nothing_heavy(alone: Program) -> None:
    """With a store and jobs in it, it answers at once."""
    alone("enrich", alone.leads(), "--range", "F2:H4", "--offline", "--quiet", "--no-write")
    assert Loaded.by([]).libraries <= {*TYPER, "platformdirs"}
