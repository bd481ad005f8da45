"""`glaze report`: a page or a summary, and no file is written over in silence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from glaze_cli.store.connect import connect
from tests.cli.program import Program
from tests.ui.pages.jobs import finished, many, pay

pytest.importorskip("pygal")
pytest.importorskip("jinja2")


@pytest.fixture
def job(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A job of 300 cells, over a sheet that is there."""
    monkeypatch.chdir(glaze.folder)
    connection = connect(glaze.store)
    finished(many(300), connection, path=str(glaze.leads()))
    pay(connection)
    connection.close()
    return glaze


def test_a_page_is_written_beside_us(job: Program) -> None:
    """report-JOB.html by default; stdout stays empty; a second time it says what it replaced."""
    ran = job("report", "job1")
    assert (ran.code, ran.out) == (0, "")
    assert "The report of job job1 is in report-job1.html (" in ran.err
    assert (
        (job.folder / "report-job1.html")
        .read_text("utf-8")
        .startswith("<!DOCTYPE html>\n<!-- glaze report -->")
    )
    assert "in place of an earlier report." in job("report", "job").err


def test_stdout_and_markdown(job: Program) -> None:
    """--md prints; -o - prints the page; -o FILE writes either."""
    printed = job("report", "job1", "--md")
    assert printed.code == 0 and printed.out.startswith("<!-- glaze report -->\n### Glaze: `leads.csv`")
    assert job("report", "job1", "-o", "-").out.startswith("<!DOCTYPE html>")
    assert job("report", "job1", "--md", "-o", "a.md").out == ""
    assert (job.folder / "a.md").read_text("utf-8") == printed.out
    assert job("report", "job1", "--md", "-o", "a.md").code == 0


def test_nothing_else_is_written_over(job: Program) -> None:
    """Another file needs --force; the sheet and the store are refused even so."""
    other = job.folder / "notes.html"
    other.write_text("mine")
    ran = job("report", "job1", "-o", other)
    assert (ran.code, other.read_text()) == (2, "mine")
    assert "is there already and is not a report of Glaze" in ran.err
    assert "in place of what was there." in job("report", "job1", "-o", other, "--force").err
    for file, word in ((job.folder / "leads.csv", "a sheet of this job"), (job.store, "the store")):
        before = file.read_bytes()
        ran = job("report", "job1", "-o", file, "--force")
        assert ran.code == 2 and word in ran.err
        assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody",), "There is no job nobody"),
        (("job1", "-o", "missing/report.html"), "does not exist"),
        (("job1", "-o", "."), "is a folder"),
    ],
)
def test_what_cannot_be_is_said(job: Program, arguments: tuple[str, ...], words: str) -> None:
    """One sentence, exit code 2."""
    ran = job("report", *arguments)
    assert ran.code == 2 and words in ran.err


def test_no_store_is_made(glaze: Program) -> None:
    """Looking makes no store where there is none."""
    assert glaze("report", "job1").code == 2
    assert not glaze.store.exists()


@pytest.mark.parametrize("missing", ["pygal", "jinja2"])
def test_without_the_extra_it_says_what_to_install(job: Program, missing: str) -> None:
    """Exit code 2 and no file; the summary needs nothing more."""
    code = (
        f"import sys\nsys.modules[{missing!r}] = None\nfrom glaze_cli.cli.exits import run\n"
        "sys.exit(run(sys.argv[1:]))"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, "report", "job1", *arguments, "--store", str(job.store)]
        paths = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=60, env=paths
        )

    page = run()
    assert page.returncode == 2
    assert page.stderr == (
        f"Error: A page needs {missing}: pip install 'glaze-cli[report]' (--md needs nothing more).\n"
    )
    assert not (job.folder / "report-job1.html").exists()
    assert run("--md").returncode == 0


def test_a_real_run_is_told(glaze: Program) -> None:
    """The values of an offline run are in its page, with who served them."""
    glaze("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--quiet")
    name = glaze.last_job()["jobId"]
    page = glaze("report", name, "-o", "-").out
    for words in ("person_name", "Anna", "First name", "brennholt-maschinen.de", "leads.csv"):
        assert words in page
