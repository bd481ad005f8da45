"""`glaze` alone: one sensible step, whatever there is."""

from __future__ import annotations

import pytest

from glaze_cli.cli.exits import run
from tests.cli.program import Program, Ran
from tests.cli.test_start import loaded_by


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


def test_it_loads_nothing_heavy(alone: Program) -> None:
    """With a store and jobs in it, it answers at once."""
    alone("enrich", alone.leads(), "--range", "F2:H4", "--offline", "--quiet", "--no-write")
    assert loaded_by() == set()
