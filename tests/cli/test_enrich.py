"""`glaze enrich`, end to end on CSV, offline."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.program import LEADS, Program

OFFLINE = ("--offline", "--plain")


def rows(path: Path) -> list[list[str]]:
    """The sheet as a reader sees it."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_a_range_is_filled_with_real_values(glaze: Program) -> None:
    """Empty cells get what the libraries say; unknown ones stay empty, and are not found or skipped."""
    sheet = glaze.leads()
    ran = glaze("enrich", sheet, "--range", "F2:H4", *OFFLINE)
    assert ran.code == 0, ran.err
    assert [row[5:] for row in rows(sheet)[1:]] == [
        ["Anna", "brennholt-maschinen.de", "DE"],
        ["Tom", "kestrelhay.co.uk", "GB"],
        ["", "", ""],
    ]
    cells = {cell["cell"]: (cell["status"], cell["reason"]) for cell in glaze.last_job()["cells"]}
    assert cells["F4"] == ("skipped", "missing_input")  # the row has no name
    assert cells["G4"] == ("not_found", None)  # an address that is none has no domain
    assert cells["H4"] == ("not_found", None)  # no country is called Atlantis


def test_nothing_but_the_target_cells_changes(glaze: Program) -> None:
    """Line by line, what was there is there, quotes and all."""
    sheet = glaze.leads()
    glaze("enrich", sheet, "--range", "F2:F4", *OFFLINE)
    for before, after in zip(LEADS.splitlines(), sheet.read_text("utf-8").splitlines(), strict=True):
        assert after in (before, before.replace(",,,", ",Anna,,"), before.replace(",,,", ",Tom,,"))


def test_the_number_of_cells_is_said_before_the_run(glaze: Program) -> None:
    """Selected, filled already, to be asked."""
    sheet = glaze.leads(text=LEADS.replace("Deutschland,,,", "Deutschland,Anna,,"))
    ran = glaze("enrich", sheet, "--range", "F2:H4", *OFFLINE)
    assert "Selected 9 cells in F2:H4: 1 filled already, 8 to be asked in 3 rows." in ran.err


def test_a_column_the_sheet_lacks_is_added_at_the_right(glaze: Program) -> None:
    """`--columns` with a new header makes the column."""
    sheet = glaze.leads()
    ran = glaze("enrich", sheet, "--columns", "Currency,First name", *OFFLINE)
    assert ran.code == 0, ran.err
    assert [row[8] for row in rows(sheet)] == ["Currency", "EUR", "GBP", ""]
    assert [row[5] for row in rows(sheet)] == ["First name", "Anna", "Tom", ""]


def test_filled_cells_are_left_unless_told(glaze: Program) -> None:
    """A value that is there is not asked about; with --overwrite it is."""
    sheet = glaze.leads(text=LEADS.replace("Deutschland,,,", "Deutschland,Annette,,"))
    glaze("enrich", sheet, "--range", "F2:F4", *OFFLINE)
    assert rows(sheet)[1][5] == "Annette"
    glaze("enrich", sheet, "--range", "F2:F4", "--overwrite", *OFFLINE)
    assert rows(sheet)[1][5] == "Anna"


def test_a_second_run_has_nothing_to_do(glaze: Program) -> None:
    """When every cell holds a value, nothing is asked, and that is a success."""
    sheet = glaze.leads()
    glaze("enrich", sheet, "--range", "F2:F3", *OFFLINE)
    before = sheet.read_bytes()
    ran = glaze("enrich", sheet, "--range", "F2:F3", *OFFLINE)
    assert (ran.code, sheet.read_bytes()) == (0, before)
    assert "Nothing to do" in ran.err
    assert len(glaze("status", "--json").json) == 1


def test_only_rows_that_meet_the_condition_are_asked(glaze: Program) -> None:
    """--where is SQL over the headers."""
    sheet = glaze.leads()
    glaze("enrich", sheet, "--columns", "First name", "--where", "Country = 'UK'", *OFFLINE)
    assert [row[5] for row in rows(sheet)[1:]] == ["", "Tom", ""]


def test_a_pilot_takes_the_first_rows(glaze: Program) -> None:
    """--limit 1 asks about one row."""
    sheet = glaze.leads()
    glaze("enrich", sheet, "--range", "F2:H4", "--limit", 1, *OFFLINE)
    assert [row[5:] for row in rows(sheet)[1:3]] == [["Anna", "brennholt-maschinen.de", "DE"], ["", "", ""]]


def test_a_dry_run_touches_nothing(glaze: Program) -> None:
    """It says what would be asked of whom, and makes neither a job nor a store nor a change."""
    sheet = glaze.leads()
    before = sheet.read_bytes()
    ran = glaze("enrich", sheet, "--range", "F2:H4", "--dry-run", "--offline", "--json")
    plan = ran.json
    assert (ran.code, plan["toAsk"], plan["rows"]) == (0, 9, 3)
    domain = plan["columns"][1]
    assert (domain["header"], domain["field"]) == ("Domain", "domain")
    assert domain["waterfall"][0]["provider"] == "email"
    assert domain["waterfall"][0]["leaves"] == []
    assert sheet.read_bytes() == before
    assert not glaze.store.exists()


def test_a_new_file_leaves_the_sheet_alone(glaze: Program) -> None:
    """--output writes there, by the same rules."""
    sheet = glaze.leads()
    before = sheet.read_bytes()
    target = glaze.folder / "filled.csv"
    ran = glaze("enrich", sheet, "--range", "F2:F4", "-o", target, *OFFLINE)
    assert (ran.code, sheet.read_bytes()) == (0, before)
    assert [row[5] for row in rows(target)] == ["First name", "Anna", "Tom", ""]


def test_values_can_stay_in_the_store(glaze: Program) -> None:
    """--no-write leaves just the patch, for a review; `apply` writes it."""
    sheet = glaze.leads()
    before = sheet.read_bytes()
    glaze("enrich", sheet, "--range", "F2:F4", "--no-write", *OFFLINE)
    assert sheet.read_bytes() == before
    assert glaze("apply", glaze.last_job()["jobId"]).code == 0
    assert rows(sheet)[1][5] == "Anna"


BAD: list[tuple[list[str], list[str]]] = [
    (["--range", "B2:D400"], ["row 400", "row 4"]),  # beyond the data
    (["--range", "Z2:Z4"], ["Z"]),  # beyond the headers
    (["--range", "F1:F4"], ["F1", "header"]),  # covers the header row
    (["--range", "F2-F4"], ["F2-F4"]),  # no range
    (["--range", "Other!F2:F4"], ["Other"]),  # a CSV has no sheets
    (["--range", "F2:F4", "--sheet", "Other"], ["Other"]),  # nor by option
    ([], ["--range"]),  # nothing selected
    (["--columns", "Colour"], ["Colour"]),  # nobody can fill it
    (["--columns", "IBAN valid"], ["IBAN valid", "iban"]),  # could be, but the sheet has no IBAN
    (["--range", "F2:F4", "--where", "Contry = 'UK'"], ["Contry", "Country"]),  # a header mistyped
    (["--range", "F2:F4", "--where", "Country = 'XX'"], ["No row"]),  # meets no row
    (["--range", "F2:F4", "--where", "=="], ["--where"]),  # no condition
    (["--range", "F2:F4", "--provider", "emial"], ["emial", "email"]),  # a provider mistyped
    (["--range", "F2:F4", "--concurrency", "0"], ["concurrency"]),  # nobody would work
    (["--range", "F2:F4", "--max-cost", "lots"], ["--max-cost", "dollars"]),  # no amount
    (["--range", "F2:F4", "--max-cost", "-1"], ["--max-cost", "-1"]),  # a debt
    (["--range", "F2:F4", "--json", "--stream"], ["--json", "--stream"]),  # two documents in one
    (["--range", "F2:F4", "--config", "none.toml"], ["none.toml"]),  # no such settings
    (["--range", "F2:F4", "--output", "nowhere/x.csv"], ["nowhere"]),  # no such folder
    (["--range", "F2:F4", "--output", "x.xlsx"], ["x.csv"]),  # text under a workbook's name
]


@pytest.mark.parametrize(("arguments", "words"), BAD, ids=lambda value: " ".join(value)[:40])
def test_bad_input_is_one_clear_sentence(glaze: Program, arguments: list[str], words: list[str]) -> None:
    """Exit code 2, one sentence that names what is wrong, nothing changed, no job."""
    sheet = glaze.leads()
    before = sheet.read_bytes()
    ran = glaze("enrich", sheet, *arguments)
    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err
    assert sheet.read_bytes() == before
    assert not glaze.store.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.csv", None),  # not there
        ("empty.csv", b""),  # nothing in it
        ("broken.xlsx", b"PK\x03\x04 cut short"),  # a zip that ends too soon
        ("text.xlsx", b"Name,Email\n"),  # a CSV that claims to be a workbook
        ("only.csv", b"First name,Contact\n"),  # headers without data
    ],
)
def test_a_file_that_cannot_be_used_is_said(glaze: Program, name: str, content: bytes | None) -> None:
    """A missing, empty, broken or mislabelled file is a sentence that names it, exit code 2."""
    path = glaze.folder / name
    if content is not None:
        path.write_bytes(content)
    ran = glaze("enrich", path, "--columns", "First name", "--offline")
    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err


def test_mock_values_are_synthetic_marked_and_repeatable(glaze: Program) -> None:
    """The mock provider runs when named, says so in every record, and repeats itself with a seed."""
    options = (
        "--columns",
        "Email,Colour",
        "--overwrite",
        "--provider",
        "mock",
        "--mock-latency",
        0,
        "--plain",
    )
    first, second, other = (glaze.leads(name) for name in ("a.csv", "b.csv", "c.csv"))
    assert glaze("enrich", first, *options, "--seed", 1).code == 0
    cells = glaze.last_job()["cells"]
    assert {cell["source"] for cell in cells} == {"mock"}
    assert all("example." in row[2] for row in rows(first)[1:])
    glaze("enrich", second, *options, "--seed", 1)
    glaze("enrich", other, *options, "--seed", 2)
    assert second.read_bytes() == first.read_bytes() != other.read_bytes()


def test_the_document_of_the_run_is_on_stdout(glaze: Program) -> None:
    """--json prints one document, and words stay on stderr."""
    ran = glaze("enrich", glaze.leads(), "--range", "F2:H4", "--json", *OFFLINE)
    document = ran.json
    assert (document["status"], document["totalTasks"], document["progress"]) == ("completed", 9, 100.0)
    assert document["doneTasks"] + document["notFoundTasks"] + document["skippedTasks"] == 9


def test_quiet_says_nothing(glaze: Program) -> None:
    """--quiet: no word on either stream when all is well."""
    ran = glaze("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_a_row_range_leaves_out_what_nobody_fills(glaze: Program) -> None:
    """`2:4` takes every column, and leaves those alone that nobody can fill."""
    sheet = glaze.leads(text=LEADS.replace("Country code", "Favourite colour"))
    ran = glaze("enrich", sheet, "--range", "2:4", *OFFLINE)
    assert ran.code == 0, ran.err
    assert "Favourite colour" in ran.err
    assert [row[7] for row in rows(sheet)[1:]] == ["", "", ""]


def test_a_column_condition_skips_without_asking(glaze: Program) -> None:
    """`when` in glaze.toml: a row that does not meet it is skipped, and the reason says so."""
    sheet = glaze.leads()
    (glaze.folder / "glaze.toml").write_text("[columns.'First name']\nwhen = \"Country == 'UK'\"\n")
    glaze("enrich", sheet, "--range", "F2:F4", *OFFLINE)
    assert [row[5] for row in rows(sheet)[1:]] == ["", "Tom", ""]
    assert {cell["reason"] for cell in glaze.last_job()["cells"]} == {None, "condition"}
