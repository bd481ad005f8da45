"""A job's changes are a patch: shown, applied, taken back; values follow their rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.program import LEADS, Program


def rows(path: Path) -> list[list[str]]:
    """The sheet as a reader sees it."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


@pytest.fixture
def sheet(glaze: Program) -> Path:
    """A sheet whose first names were found, and not written."""
    sheet = glaze.leads()
    ran = glaze("enrich", sheet, "--range", "F2:F4", "--offline", "--no-write", "--quiet")
    assert ran.code == 0, ran.err
    return sheet


@pytest.fixture
def job(glaze: Program, sheet: Path) -> str:
    """That job."""
    return str(glaze.last_job()["jobId"])


def test_a_diff_is_a_patch_that_apply_takes(glaze: Program, sheet: Path, job: str) -> None:
    """`glaze diff --json` prints the agreed document, and applying it fills the cells."""
    patch = glaze("diff", job, "--json").json
    assert patch["file"] == str(sheet)
    assert len(patch["sha256"]) == 64
    assert patch["cells"] == [
        {"cell": "F2", "old": None, "new": "Anna"},
        {"cell": "F3", "old": None, "new": "Tom"},
    ]
    document = glaze.folder / "patch.json"
    document.write_text(json.dumps(patch), encoding="utf-8")
    assert glaze("apply", document).code == 0
    assert [row[5] for row in rows(sheet)[1:]] == ["Anna", "Tom", ""]


def test_applying_twice_changes_nothing_more(glaze: Program, sheet: Path, job: str) -> None:
    """A cell that holds its value already is left alone, and that is no conflict."""
    assert glaze("apply", job).code == 0
    once = sheet.read_bytes()
    assert glaze("apply", job).code == 0
    assert sheet.read_bytes() == once


def test_a_job_of_which_nothing_could_be_written_is_not_written(
    glaze: Program, sheet: Path, job: str
) -> None:
    """Where every cell was touched since, no file holds the values, so `glaze purge` keeps them."""
    text = LEADS.replace("Deutschland,,,", "Deutschland,Annegret,,").replace("UK,,,", "UK,Thomas,,")
    sheet.write_text(text, encoding="utf-8")
    assert glaze("apply", job).code == 6
    assert glaze("status", job, "--json").json["writtenTo"] is None
    assert "values that were never written" in glaze("purge", "--job", job, "--dry-run").err


def test_a_cell_touched_since_is_a_conflict(glaze: Program, sheet: Path, job: str) -> None:
    """What a person wrote meanwhile stays, the rest is written, exit code 6."""
    sheet.write_text(LEADS.replace("Deutschland,,,", "Deutschland,Annegret,,"), encoding="utf-8")
    ran = glaze("apply", job, "--json")
    assert ran.code == 6
    assert [row[5] for row in rows(sheet)[1:]] == ["Annegret", "Tom", ""]
    assert [entry["cell"] for entry in ran.json["notWritten"]] == ["F2"]


def test_values_follow_their_rows(glaze: Program, sheet: Path, job: str) -> None:
    """Rows sorted while the job ran: each value lands beside its own inputs."""
    head, *body = LEADS.splitlines(keepends=True)
    sheet.write_text("".join([head, "New Row Inc,,,,,,,\n", *reversed(body)]), encoding="utf-8")
    assert glaze("apply", job).code == 0
    assert {row[0]: row[5] for row in rows(sheet)[1:]} == {
        "New Row Inc": "",
        "Nowhere": "",
        "Kestrel, Hay & Sons Ltd": "Tom",
        "Brennholt Maschinen GmbH": "Anna",
    }


def test_another_column_filled_meanwhile_is_no_other_row(glaze: Program, sheet: Path, job: str) -> None:
    """Two jobs on one sheet: what the other one wrote beside does not hide the row from this one."""
    ran = glaze("enrich", sheet, "--range", "G2:H4", "--offline", "--quiet")
    assert ran.code == 0, ran.err
    assert glaze("apply", job).code == 0
    assert [row[5:] for row in rows(sheet)[1:3]] == [
        ["Anna", "brennholt-maschinen.de", "DE"],
        ["Tom", "kestrelhay.co.uk", "GB"],
    ]


def test_what_has_no_certain_place_stays_in_the_patch(glaze: Program, sheet: Path, job: str) -> None:
    """A row that is gone, or there twice, takes no value: reported, exit code 6."""
    head, first, second, third = LEADS.splitlines(keepends=True)
    sheet.write_text("".join([head, third, second, second]), encoding="utf-8")
    ran = glaze("apply", job)
    assert ran.code == 6
    assert first.split(",")[0] not in sheet.read_text("utf-8")
    assert [row[5] for row in rows(sheet)[1:]][1:] in (["Tom", ""], ["", ""])
    assert "F2" in ran.err


def test_undo_restores_the_file(glaze: Program, sheet: Path, job: str) -> None:
    """Every byte is as before when nothing was touched since."""
    before = sheet.read_bytes()
    glaze("apply", job)
    assert sheet.read_bytes() != before
    assert glaze("undo", job).code == 0
    assert sheet.read_bytes() == before


def test_undo_leaves_touched_cells_alone(glaze: Program, sheet: Path, job: str) -> None:
    """A value that a person has changed since stays, exit code 6."""
    glaze("apply", job)
    sheet.write_text(sheet.read_text("utf-8").replace(",Anna,", ",Annika,"), encoding="utf-8")
    assert glaze("undo", job).code == 6
    assert [row[5] for row in rows(sheet)[1:]] == ["Annika", "", ""]


def test_undo_of_an_overwritten_cell_brings_its_value_back(glaze: Program) -> None:
    """--overwrite keeps what was there for undo."""
    sheet = glaze.leads(text=LEADS.replace("Deutschland,,,", "Deutschland,Annette,,"))
    before = sheet.read_bytes()
    glaze("enrich", sheet, "--range", "F2:F4", "--overwrite", "--offline", "--quiet")
    assert rows(sheet)[1][5] == "Anna"
    assert glaze("undo", glaze.last_job()["jobId"]).code == 0
    assert sheet.read_bytes() == before


def test_undo_takes_the_header_of_an_added_column_too(glaze: Program) -> None:
    """The added column goes, header and all: the file is what it was."""
    sheet = glaze.leads()
    before = sheet.read_bytes()
    glaze("enrich", sheet, "--columns", "Currency", "--offline", "--quiet")
    assert glaze("undo", glaze.last_job()["jobId"]).code == 0
    assert sheet.read_bytes() == before


def test_a_file_that_cannot_be_written_loses_no_value(glaze: Program) -> None:
    """Open in a spreadsheet program: the values stay in the store, and `apply` writes them later."""
    sheet = glaze.leads()
    lock = sheet.with_name("~$" + sheet.name)
    lock.write_bytes(b"")
    before = sheet.read_bytes()
    ran = glaze("enrich", sheet, "--range", "F2:F4", "--offline", "--plain")
    assert (ran.code, sheet.read_bytes()) == (6, before)
    assert "glaze apply" in ran.err
    lock.unlink()
    assert glaze("apply", glaze.last_job()["jobId"]).code == 0
    assert rows(sheet)[1][5] == "Anna"


def test_a_value_the_file_cannot_hold_keeps_no_other_out(glaze: Program) -> None:
    """Text that the file's encoding lacks is reported, exit code 6; the other values are written."""
    sheet = glaze.folder / "cities.csv"
    sheet.write_bytes("Name,City\nMüller,\nStraße,\n".encode("cp1252"))
    patch = glaze.folder / "patch.json"
    wanted = [{"cell": "B2", "new": "東京"}, {"cell": "B3", "new": "Köln"}]
    patch.write_text(json.dumps({"cells": wanted}), encoding="utf-8")
    ran = glaze("apply", patch, sheet, "--json")
    assert ran.code == 6
    assert [entry["cell"] for entry in ran.json["notWritten"]] == ["B2"]
    assert sheet.read_bytes() == "Name,City\nMüller,\nStraße,Köln\n".encode("cp1252")


def test_quiet_does_not_silence_what_was_not_written(glaze: Program) -> None:
    """--quiet, exit code 6: the reason is said all the same."""
    sheet = glaze.leads()
    sheet.with_name("~$" + sheet.name).write_bytes(b"")
    ran = glaze("enrich", sheet, "--range", "F2:F4", "--offline", "--quiet")
    assert ran.code == 6
    assert "glaze apply" in ran.err


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{", "patch.json"),  # no JSON
        ("[]", "patch.json"),  # no patch
        ('{"cells": [{"cell": "F99999999", "new": "x"}]}', "F99999999"),  # no such row in any sheet
        ('{"cells": [{"cell": "F2"}]}', "new"),  # says nothing to write
        ('{"cells": [{"cell": "F2", "new": "a"}, {"cell": "f2", "new": "b"}]}', "F2"),  # twice
        ('{"cells": [{"sheet": "Other", "cell": "F2", "new": "a"}]}', "Other"),  # no such sheet
    ],
)
def test_a_broken_patch_is_refused(glaze: Program, document: str, words: str) -> None:
    """One sentence, exit code 2, nothing changed."""
    sheet = glaze.leads()
    before = sheet.read_bytes()
    patch = glaze.folder / "patch.json"
    patch.write_text(document, encoding="utf-8")
    ran = glaze("apply", patch, sheet)
    assert (ran.code, sheet.read_bytes()) == (2, before)
    assert words in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("command", ["diff", "apply", "undo", "resume", "status"])
def test_a_job_there_is_not_is_said(glaze: Program, command: str) -> None:
    """Looking for a job makes no store, and exits 2."""
    ran = glaze(command, "nope")
    assert ran.code == 2
    assert "no job nope" in ran.err
    assert not glaze.store.exists()
