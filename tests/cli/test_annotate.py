"""Where values come from, in the sheet: `--annotate` in columns at its right, `--log-sheet` in a sheet."""

from __future__ import annotations

import csv
import inspect
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from glaze_cli.cli.enrich import enrich
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


def workbook(glaze: Program) -> Path:
    """The people as an .xlsx."""
    path = glaze.folder / "leads.xlsx"
    book = openpyxl.Workbook()
    for line in PEOPLE.splitlines():
        book.active.append([text or None for text in line.split(",")])
    book.save(path)
    return path


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
    """A note about a value that is not there would be untrue; the columns go, the file is as it was."""
    path = glaze.leads(text=PEOPLE)
    glaze("enrich", path, *FILL)
    assert glaze("undo", glaze.last_job()["jobId"]).code == 0
    assert path.read_text() == PEOPLE


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
    path = workbook(glaze)
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


def test_two_values_for_one_row_are_not_both_in_it(glaze: Program) -> None:
    """Of two namesakes one was deleted and the other moved to its place: the lost one's value is named."""
    path = glaze.leads(text="Contact,City,First name\nAnn Berg,Ulm,\nAnn Berg,Bonn,\n")
    glaze("enrich", path, "--columns", "First name", "--offline", "--quiet", "--no-write")
    path.write_text("Contact,City,First name\nTom Hay,York,Tom\nAnn Berg,Ulm,\n")
    ran = glaze("apply", glaze.last_job()["jobId"], "--json")
    assert ran.code == 6
    assert rows(path)[2] == ["Ann Berg", "Ulm", "Ann"]
    assert [(cell["cell"], "is taken" in cell["why"]) for cell in ran.json["notWritten"]] == [("C3", True)]


def test_a_header_that_a_table_took_in_stays_after_undo(glaze: Program) -> None:
    """The values are taken back all the same, and why the header is not is said."""
    path = glaze.folder / "leads.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        data = [["Dr. Anna Berg", "Ulm"], ["Eva Lind", "Oslo"]]
        columns = [{"header": "Contact"}, {"header": "City"}]
        book.add_worksheet("People").add_table("A1:B3", {"data": data, "columns": columns})
    assert glaze("enrich", path, *FILL[:-1]).code == 0
    ran = glaze("undo", glaze.last_job()["jobId"])
    assert (ran.code, "The header of what the job added stays." in ran.err) == (0, True)
    found = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert found[0] == ("Contact", "City", "First name")
    assert [row[2] for row in found[1:]] == [None, None]


LOG = ("--columns", "First name", "--offline", "--quiet", "--log-sheet")
with_log = pytest.mark.skipif(
    "log_sheet" not in inspect.signature(enrich).parameters, reason="glaze enrich has no --log-sheet yet"
)


def log_of(path: Path) -> list[tuple[object, ...]]:
    """The log's rows without its headers."""
    return list(openpyxl.load_workbook(path)["Glaze log"].iter_rows(min_row=2, values_only=True))


@with_log
class TestLogSheet:
    """`--log-sheet`."""

    def test_each_value_has_its_row(self, glaze: Program) -> None:
        """What was found, and nothing that was there before; the sheet itself gets no column more."""
        path = workbook(glaze)
        ran = glaze("enrich", path, *LOG)
        assert ran.code == 0, ran.err
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["Sheet", "Glaze log"]
        assert book["Sheet"].max_column == 3
        job = glaze.last_job()["jobId"]
        anna, eva = log_of(path)
        assert anna[:6] == ("Sheet", "B2", "First name", "Anna", "free", "person_name")
        assert eva[:4] == ("Sheet", "B5", "First name", "Eva")
        assert 0.5 <= float(str(anna[6])) <= 1
        assert (anna[7], is_today(str(anna[8])[:10]), anna[9]) == (0, True, job)

    def test_undo_takes_the_rows_away_and_the_sheet_with_the_last(self, glaze: Program) -> None:
        """Each job its own; values that were found already are no news to `apply`, and stay in the log."""
        path = workbook(glaze)
        glaze("enrich", path, *LOG)
        first = glaze.last_job()["jobId"]
        assert glaze("enrich", path, *LOG, "--columns", "Country", "--provider", "mock").code == 0
        second = glaze.last_job()["jobId"]
        assert [row[9] for row in log_of(path)] == [first] * 2 + [second] * 3
        assert glaze("apply", first).code == 0
        assert [row[9] for row in log_of(path)] == [first] * 2 + [second] * 3
        assert glaze("undo", second).code == 0
        assert [row[9] for row in log_of(path)] == [first] * 2
        assert glaze("undo", first).code == 0
        assert openpyxl.load_workbook(path).sheetnames == ["Sheet"]

    def test_the_log_names_the_cells_of_a_file_that_moved(self, glaze: Program) -> None:
        """Where the values were put, not where they were asked for; what was not put is not in it."""
        path = workbook(glaze)
        glaze("enrich", path, *LOG, "--no-write")
        book = openpyxl.load_workbook(path)
        book.active.insert_rows(2)
        book.active.insert_cols(1)
        book.active["C6"] = "mine"  # Eva's
        book.save(path)
        assert glaze("apply", glaze.last_job()["jobId"]).code == 6
        assert [row[1:4] for row in log_of(path)] == [("C3", "First name", "Anna")]

    def test_a_second_file_gets_a_log_of_its_own(self, glaze: Program) -> None:
        """-o leaves the sheet as it is."""
        path = workbook(glaze)
        before = path.read_bytes()
        assert glaze("enrich", path, *LOG, "-o", glaze.folder / "new.xlsx").code == 0
        assert [row[1] for row in log_of(glaze.folder / "new.xlsx")] == ["B2", "B5"]
        assert path.read_bytes() == before

    def test_a_csv_has_no_sheet_for_it(self, glaze: Program) -> None:
        """Refused before a job is made, with the option that does it there."""
        ran = glaze("enrich", glaze.leads(text=PEOPLE), *LOG)
        assert ran.code == 2
        assert "--annotate" in ran.err
        assert not glaze.store.exists() or glaze("status", "--json").json == []

    def test_a_sheet_of_that_name_is_left_alone(self, glaze: Program) -> None:
        """Somebody else's: refused in a sentence; one that came meanwhile costs the log, not the values."""
        path = workbook(glaze)
        glaze("enrich", path, *LOG, "--no-write")
        book = openpyxl.load_workbook(path)
        book.create_sheet("glaze LOG")["A1"] = "Kiln temperatures"
        book.save(path)
        ran = glaze("enrich", path, *LOG)
        assert (ran.code, "glaze LOG that is not a log" in ran.err) == (2, True)
        ran = glaze("apply", glaze.last_job()["jobId"])
        assert ran.code == 0
        assert "The log was not written." in ran.err
        assert openpyxl.load_workbook(path)["Sheet"]["B2"].value == "Anna"
