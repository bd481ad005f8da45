"""`--annotate`: source, confidence and date of each value, in columns at the right of the sheet."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl

from tests.cli.program import Program

FILL = ("--columns", "First name", "--offline", "--quiet", "--annotate")
NOTES = ["First name source", "First name confidence", "First name date"]
PEOPLE = "Contact,First name,City\nDr. Anna Berg,,Ulm\nTom Hay,Tommy,York\n,,\nEva Lind,,Oslo\n"


def is_today(text: str) -> bool:
    """Or was, a moment ago."""
    now = datetime.now(UTC)
    return text in {now.date().isoformat(), (now - timedelta(minutes=5)).date().isoformat()}


def rows(path: Path) -> list[list[str]]:
    """The sheet as a reader sees it."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_notes_stand_beside_the_values_that_were_found(glaze: Program) -> None:
    """Three columns more; nothing about what was there before, or was not found."""
    path = glaze.leads(text=PEOPLE)
    ran = glaze("enrich", path, *FILL)
    assert ran.code == 0, ran.err
    found = rows(path)
    assert found[0] == ["Contact", "First name", "City", *NOTES]
    assert found[1][:4] == ["Dr. Anna Berg", "Anna", "Ulm", "person_name (free)"]
    assert 0.5 <= float(found[1][4]) <= 1
    assert is_today(found[1][5])
    assert found[2] == ["Tom Hay", "Tommy", "York", "", "", ""]
    assert set(found[3]) == {""}
    assert found[4][1] == "Eva"


def test_undo_takes_the_notes_away(glaze: Program) -> None:
    """A note about a value that is not there would be untrue."""
    path = glaze.leads(text=PEOPLE)
    glaze("enrich", path, *FILL)
    assert glaze("undo", glaze.last_job()["jobId"]).code == 0
    assert [row[:3] for row in rows(path)] == [line.split(",") for line in PEOPLE.splitlines()]
    assert {cell for row in rows(path) for cell in row[3:]} <= {""}


def test_the_next_run_uses_the_same_columns(glaze: Program) -> None:
    """A sheet that grew: its new rows get their notes where the others have theirs, whatever they said."""
    path = glaze.leads(text=PEOPLE)
    glaze("enrich", path, *FILL)
    with path.open("a", encoding="utf-8") as handle:
        handle.write("Ida Moe,,Bonn,an old note,,\n")
    assert glaze("enrich", path, *FILL).code == 0
    found = rows(path)
    assert found[0] == ["Contact", "First name", "City", *NOTES]
    assert found[5][1] == "Ida"
    assert found[5][3] == "person_name (free)"
    assert is_today(found[5][5])


def test_notes_follow_rows_that_were_moved(glaze: Program) -> None:
    """The file was sorted and grew a column while the values waited to be written."""
    path = glaze.leads(text=PEOPLE)
    glaze("enrich", path, *FILL, "--no-write")
    job = glaze.last_job()["jobId"]
    head, anna, tom, empty, eva = PEOPLE.splitlines()
    path.write_text(
        "\n".join(f"{number},{line}" for number, line in enumerate([head, eva, tom, anna, empty]))
    )
    ran = glaze("apply", job)
    assert ran.code == 0, ran.err
    found = rows(path)
    assert found[0] == ["0", "Contact", "First name", "City", *NOTES]
    assert [row[2] for row in found[1:]] == ["Eva", "Tommy", "Anna", ""]
    assert [row[4] for row in found[1:]] == ["person_name (free)", "", "person_name (free)", ""]


def test_a_workbook_gets_them_too(glaze: Program) -> None:
    """With a number for the confidence."""
    path = glaze.folder / "leads.xlsx"
    book = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        book.active.append([text or None for text in line.split(",")])
    book.save(path)
    assert glaze("enrich", path, *FILL).code == 0
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[1]] == ["Contact", "First name", "City", *NOTES]
    assert sheet["D2"].value == "person_name (free)"
    assert isinstance(sheet["E2"].value, int | float)
    assert sheet["D3"].value is None


def test_a_column_that_is_new_itself_comes_before_its_notes(glaze: Program) -> None:
    """Added columns and their notes are in order; a value that a provider makes up is named as such."""
    path = glaze.leads(text="Company\nAcme\n")
    ran = glaze("enrich", path, "--columns", "Slogan,Motto", "--provider", "mock", "--quiet", "--annotate")
    assert ran.code == 0, ran.err
    notes = [f"{name} {kind}" for name in ("Slogan", "Motto") for kind in ("source", "confidence", "date")]
    assert rows(path)[0] == ["Company", "Slogan", "Motto", *notes]
    assert rows(path)[1][3] == "mock"
