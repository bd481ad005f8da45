"""What a shell offers: jobs, headers, tabs, providers; never an error."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import xlsxwriter

from tests.cli.program import Program


def offered(glaze: Program, words: str) -> list[str]:
    """What bash is told when Tab is pressed at the end of the words."""
    ended = subprocess.run(
        [sys.executable, "-c", "from glaze_cli.cli.app import app; app(prog_name='glaze')"],
        env={
            **os.environ,
            "GLAZE_STORE": str(glaze.store),
            "_GLAZE_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        cwd=glaze.folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.split("\n")[:-1] if ended.stdout.strip() else []


def test_jobs(glaze: Program) -> None:
    """The ids of the store."""
    glaze("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--quiet")
    job = glaze.last_job()["jobId"]
    assert offered(glaze, f"glaze undo {job[:2]}") == [job]


def test_headers_tabs_and_providers(glaze: Program) -> None:
    """Of the sheet that is on the command line already."""
    glaze.leads()
    with xlsxwriter.Workbook(glaze.folder / "b.xlsx") as book:
        book.add_worksheet("Leads")
        book.add_worksheet("Pipeline")
    assert offered(glaze, "glaze enrich leads.csv --columns Em") == ["Email"]
    assert offered(glaze, "glaze enrich leads.csv --columns Email,Ph") == ["Email,Phone"]
    assert offered(glaze, "glaze enrich b.xlsx --sheet ") == ["Leads", "Pipeline"]
    assert offered(glaze, "glaze enrich leads.csv --provider hun") == ["hunter"]


@pytest.mark.parametrize(
    "words", ["glaze undo a", "glaze enrich no.csv --columns E", "glaze enrich - --sheet ", "glaze diff "]
)
def test_trouble_offers_nothing(glaze: Program, words: str) -> None:
    """No store, no sheet, a store that is none: silence."""
    if words.startswith("glaze diff"):
        glaze.store.write_bytes(b"no store at all")
    assert offered(glaze, words) == []
