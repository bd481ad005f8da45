"""The main job on workbooks: values land, and everything else is as it was."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.cli.program import Program

PEOPLE = [("Anna Berg", "anna@brennholt-maschinen.de", 501), ("Tom Hay", "tom@kestrelhay.co.uk", 42)]
QUIET = ("--offline", "--quiet")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two sheets; the second has headers in row 3, formats, a formula, a merge, a table, a name, a chart."""
    path = tmp_path / "leads.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Cover").write(0, 0, "See the next sheet")
        sheet = book.add_worksheet("Q3 leads")
        zeros = book.add_format({"num_format": "00000", "bg_color": "#FFEECC"})
        sheet.merge_range("A1:H1", "Leads of the third quarter")
        sheet.write_row(2, 0, ["Contact", "Email", "Account", "First name", "Domain", "Twice"])
        for number, (name, mail, account) in enumerate(PEOPLE, 3):
            sheet.write_row(number, 0, [name, mail])
            sheet.write_number(number, 2, account, zeros)
            sheet.write_blank(number, 3, None, zeros)
            sheet.write_formula(number, 5, f"=C{number + 1}*2", None, account * 2)
        book.define_name("Names", "='Q3 leads'!$D$4:$D$5")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "='Q3 leads'!$C$4:$C$5"})
        sheet.insert_chart("J2", chart)
    return path


def cells(path: Path) -> list[tuple[Any, ...]]:
    """The second sheet's rows of people, as another reader sees them."""
    sheet = openpyxl.load_workbook(path)["Q3 leads"]
    return [tuple(cell.value for cell in row) for row in sheet["A4:G5"]]


def parts(path: Path) -> dict[str, bytes]:
    """Every part of the package."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize(
    "selection",
    [
        ("--range", "'Q3 leads'!D4:E5"),  # a sheet with a space
        ("--sheet", "q3 leads", "--range", "E5:D4"),  # by option, case aside, corners turned round
        ("--sheet", "Q3 leads", "--columns", "First name,Domain"),  # by header
        ("--range", "'Q3 leads'!D:E"),  # whole columns
        ("--range", "Names,'Q3 leads'!E4:E"),  # a defined name and an open end
    ],
)
def test_cells_are_selected_as_people_say_it(
    glaze: Program, workbook: Path, selection: tuple[str, ...]
) -> None:
    """However the cells are named, they and only they are filled."""
    before = parts(workbook)
    ran = glaze("enrich", workbook, *selection, "--header-row", 3, *QUIET)
    assert ran.code == 0, ran.err
    assert [row[3:5] for row in cells(workbook)] == [
        ("Anna", "brennholt-maschinen.de"),
        ("Tom", "kestrelhay.co.uk"),
    ]
    after = parts(workbook)
    assert list(after) == list(before)
    assert [name for name in after if after[name] != before[name]] == ["xl/worksheets/sheet2.xml"]


def test_a_new_column_is_added_to_the_sheet(glaze: Program, workbook: Path) -> None:
    """The header and its values land right of the last column."""
    ran = glaze(
        "enrich", workbook, "--sheet", "Q3 leads", "--columns", "Email kind", "--header-row", 3, *QUIET
    )
    assert ran.code == 0, ran.err
    assert openpyxl.load_workbook(workbook)["Q3 leads"]["G3"].value == "Email kind"
    assert [row[6] for row in cells(workbook)] == ["business", "business"]


def test_a_formula_is_safe_unless_told(glaze: Program, workbook: Path) -> None:
    """A formula cell is refused before anything is asked; with --overwrite-formulas it is replaced."""
    options = ("--range", "'Q3 leads'!F4:F5", "--header-row", 3, "--provider", "mock", "--mock-latency", 0)
    before = workbook.read_bytes()
    ran = glaze("enrich", workbook, *options, "--overwrite")
    assert (ran.code, workbook.read_bytes()) == (2, before)
    assert "F4 holds a formula" in ran.err
    assert not glaze.store.exists()
    ran = glaze("enrich", workbook, *options, "--overwrite", "--overwrite-formulas", "--quiet")
    assert ran.code == 0, ran.err
    assert all(not str(row[5]).startswith("=") for row in cells(workbook))


def test_undo_brings_a_number_back_as_a_number(glaze: Program, workbook: Path) -> None:
    """What was overwritten comes back with its type and its format."""
    options = ("--range", "'Q3 leads'!C4:C5", "--header-row", 3, "--provider", "mock", "--mock-latency", 0)
    ran = glaze("enrich", workbook, *options, "--overwrite", "--quiet")
    assert ran.code == 0, ran.err
    assert [row[2] for row in cells(workbook)] != [501, 42]
    assert glaze("undo", glaze.last_job()["jobId"]).code == 0
    assert [row[2] for row in cells(workbook)] == [501, 42]


def test_a_patch_writes_what_it_can_and_reports_the_rest(glaze: Program, workbook: Path) -> None:
    """A cell under a merge is kept out with its reason, exit code 6; the others are written."""
    patch = glaze.folder / "patch.json"
    wanted = [{"sheet": "Q3 leads", "cell": cell, "new": "x"} for cell in ("B1", "D4")]
    patch.write_text(json.dumps({"file": str(workbook), "cells": wanted}), encoding="utf-8")
    ran = glaze("apply", patch, "--json")
    assert ran.code == 6
    assert [entry["cell"] for entry in ran.json["notWritten"]] == ["Q3 leads!B1"]
    assert "merged" in ran.err
    assert cells(workbook)[0][3] == "x"


@pytest.mark.parametrize(
    "value", ["=1+1", "@SUM(A1)", "<&>\"'", " padded ", "line\nbreak", "_x000D_", "00501"]
)
def test_text_is_text(glaze: Program, workbook: Path, value: str) -> None:
    """No text becomes a formula, a number or another text."""
    patch = glaze.folder / "patch.json"
    wanted = [{"sheet": "Q3 leads", "cell": "D4", "old": None, "new": value}]
    patch.write_text(json.dumps({"file": str(workbook), "cells": wanted}), encoding="utf-8")
    assert glaze("apply", patch).code == 0
    cell = openpyxl.load_workbook(workbook)["Q3 leads"]["D4"]
    assert cell.data_type != "f"
    seen = glaze("apply", patch, "--json")
    assert (seen.code, seen.json["already"]) == (0, 1)


def test_sorted_meanwhile_values_follow_their_rows(glaze: Program, workbook: Path) -> None:
    """Another program saved the workbook with its rows the other way round while the job ran."""
    options = ("--range", "'Q3 leads'!D4:E5", "--header-row", 3, *QUIET, "--no-write")
    assert glaze("enrich", workbook, *options).code == 0
    job = glaze.last_job()["jobId"]
    other = openpyxl.load_workbook(workbook)
    sheet = other["Q3 leads"]
    for column in "ABC":
        sheet[f"{column}4"].value, sheet[f"{column}5"].value = (
            sheet[f"{column}5"].value,
            sheet[f"{column}4"].value,
        )
    other.save(workbook)
    assert glaze("apply", job).code == 0
    assert [(row[0], row[3]) for row in cells(workbook)] == [("Tom Hay", "Tom"), ("Anna Berg", "Anna")]


def test_columns_says_what_it_understood(glaze: Program, workbook: Path) -> None:
    """`glaze columns`: each header's meaning, who can fill it, and what could be added."""
    document = glaze("columns", workbook, "--sheet", "Q3 leads", "--header-row", 3, "--json").json
    understood = {column["header"]: (column["field"], column["providers"]) for column in document["columns"]}
    assert understood["Contact"][0] == "full_name"
    assert understood["First name"] == ("first_name", ["person_name"])
    assert understood["Twice"] == (None, [])
    assert "email_kind" in [field["field"] for field in document["addable"]]


def test_limits_are_settings(glaze: Program, workbook: Path) -> None:
    """`[limits]` in glaze.toml bounds what a workbook may unpack to; a name there is not is refused."""
    settings = glaze.folder / "glaze.toml"
    settings.write_text("[limits]\ninflated = 1000\n")
    ran = glaze("columns", workbook)
    assert ran.code == 2
    assert "limits.inflated" in ran.err
    settings.write_text("[limits]\ninflatd = 1000\n")
    ran = glaze("columns", workbook)
    assert ran.code == 2
    assert "inflatd" in ran.err
