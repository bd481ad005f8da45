"""What is refused before money is spent: whole files, and cells one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.xlsx.check import check_cells
from tests.sheets.xlsx.workbooks import MAIN, SHEET, build, rels, sheet_xml

ARRAY = (
    '<row r="1"><c r="A1"><f t="array" ref="A1:A3">X</f><v>1</v></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c></row>'
)
FORMULA = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row>'
MERGED = '<mergeCells count="1"><mergeCell ref="A1:C2"/></mergeCells>'
LOCKED = '<sheetProtection sheet="1"/>'
RULE = '<dataValidations><dataValidation sqref="A1:A5"/></dataValidations>'
NEAR = "xl/worksheets/_rels/sheet1.xml.rels"
TABLE = {
    NEAR: rels(("table", "../tables/table1.xml")),
    "xl/tables/table1.xml": f'<table xmlns="{MAIN}" displayName="Leads" ref="A1:B9" totalsRowCount="1">'
    '<tableColumns><tableColumn name="a"/><tableColumn name="b"/></tableColumns></table>',
}


def pivot(refresh: str) -> dict[str, str]:
    return {
        NEAR: rels(("pivotTable", "../pivotTables/p.xml")),
        "xl/pivotTables/p.xml": f'<p xmlns="{MAIN}">'
        '<location ref="A5:B9" rowPageCount="1" colPageCount="1"/></p>',
        "xl/pivotTables/_rels/p.xml.rels": rels(("pivotCacheDefinition", "../c.xml")),
        "xl/c.xml": f'<pivotCacheDefinition xmlns="{MAIN}" {refresh}/>',
    }


def problems(
    folder: Path, sheet: str, row: int, column: int, options: WriteOptions | None = None, **parts: str
) -> list[tuple[bool, str]]:
    path = build(folder / "a.xlsx", sheet, parts)
    found = check_cells(path, [CellRef("Data", row, column)], options or WriteOptions())
    return [(problem.fatal, problem.sentence) for problem in found]


@pytest.mark.parametrize(
    ("sheet", "row", "column", "parts", "words"),
    [
        (sheet_xml(ARRAY), 2, 1, {}, "Data!A2 lies in the array formula of A1:A3"),
        (sheet_xml(ARRAY), 1, 1, {}, "Data!A1 lies in the array formula of A1:A3"),
        (sheet_xml(ARRAY), 3, 1, {}, "Data!A3 lies in the array formula"),  # where no cell is yet
        (sheet_xml(ARRAY.replace("array", "dataTable")), 2, 1, {}, "Data!A2 lies in the data table of A1:A3"),
        (sheet_xml("", after=MERGED), 2, 3, {}, "covered by the merged cell A1:C2; write to A1"),
        (sheet_xml("", after=MERGED), 1, 2, {}, "covered by the merged cell A1:C2"),
        (sheet_xml(""), 1, 2, TABLE, "Data!B1 is a column's header in the table Leads"),
        (sheet_xml(""), 6, 2, pivot('refreshOnLoad="1"'), "Data!B6 belongs to the pivot table A5:B9"),
        (sheet_xml(""), 3, 1, pivot('refreshOnLoad="1"'), "belongs to the pivot table A3:B3"),  # its filter
        (sheet_xml(""), 1_048_577, 1, {}, "Data!A1048577 is past the last cell of a sheet, XFD1048576"),
        (sheet_xml(FORMULA), 2, 1, {}, "Data!A2 holds a formula; add --overwrite-formulas"),
        (
            sheet_xml("", after=LOCKED),
            2,
            1,
            {},
            "Data!A2 is locked on a protected sheet; unprotect it, or add --force",
        ),
    ],
)
def test_unsafe_cells_are_refused(
    tmp_path: Path, sheet: str, row: int, column: int, parts: dict[str, str], words: str
) -> None:
    """Each with one sentence that names the cell, the reason and what to do."""
    ((fatal, sentence),) = problems(tmp_path, sheet, row, column, **parts)
    assert fatal
    assert words in sentence


@pytest.mark.parametrize(
    ("sheet", "row", "column", "options", "parts"),
    [
        (sheet_xml(ARRAY), 4, 1, WriteOptions(), {}),  # below the array
        (sheet_xml("", after=MERGED), 1, 1, WriteOptions(), {}),  # the merged cell itself
        (sheet_xml(""), 2, 2, WriteOptions(), TABLE),  # the table's data
        (sheet_xml(""), 1, 3, WriteOptions(added_columns=(3,)), TABLE),  # a header that is added to it
        (sheet_xml(""), 4, 1, WriteOptions(), pivot('refreshOnLoad="1"')),  # between filter and body
        (sheet_xml(FORMULA), 2, 1, WriteOptions(overwrite_formulas=True), {}),
        (sheet_xml(FORMULA), 2, 2, WriteOptions(), {}),
        (sheet_xml("", after=LOCKED), 2, 1, WriteOptions(force=True), {}),
        (sheet_xml('<row r="2"><c r="A2" s="2"/></row>', after=LOCKED), 2, 1, WriteOptions(), {}),  # unlocked
        (sheet_xml('<row r="2" s="2" customFormat="1"/>', after=LOCKED), 2, 1, WriteOptions(), {}),  # its row
        (sheet_xml("", '<cols><col min="1" max="9" style="2"/></cols>', LOCKED), 2, 1, WriteOptions(), {}),
        (
            sheet_xml(
                "", after=LOCKED + '<protectedRanges><protectedRange sqref="A1:A9"/></protectedRanges>'
            ),
            2,
            1,
            WriteOptions(),
            {},
        ),
    ],
)
def test_safe_cells_pass(
    tmp_path: Path, sheet: str, row: int, column: int, options: WriteOptions, parts: dict[str, str]
) -> None:
    """Beside what is guarded, or with the option that allows it, nothing is said."""
    assert problems(tmp_path, sheet, row, column, options, **parts) == []


@pytest.mark.parametrize(
    ("sheet", "row", "parts", "words"),
    [
        (sheet_xml("", after=RULE), 2, {}, "Data!A2 has a data validation rule"),
        (sheet_xml('<row r="2"><c r="A2" s="1"/></row>'), 2, {}, "Data!A2 is formatted as a date"),
        (sheet_xml(""), 9, TABLE, "Data!A9 is in the totals row of the table Leads"),
        (sheet_xml(""), 6, pivot(""), "Data!A6 belongs to the pivot table A5:B9, whose next refresh"),
    ],
)
def test_what_can_be_written_but_should_be_known(
    tmp_path: Path, sheet: str, row: int, parts: dict[str, str], words: str
) -> None:
    """A warning is no refusal."""
    ((fatal, sentence),) = problems(tmp_path, sheet, row, 1, **parts)
    assert not fatal
    assert words in sentence


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"_xmlsignatures/sig1.xml": "<s/>"}, "digitally signed"),
        ({"xl/theme.xml": "<!DOCTYPE a><a/>"}, "document type"),
        ({"xl/theme.xml": "<!DOCTYPE a><a/>".encode("utf-16")}, "document type"),
        ({SHEET: sheet_xml('<row r="3"/><row r="2"/>')}, "row numbered '2' after row 3"),
        ({SHEET: "<worksheet"}, "The sheet Data is damaged"),
        ({SHEET: sheet_xml("<row><c></row>")}, "The sheet Data is damaged"),
    ],
)
def test_unsafe_files_are_refused(tmp_path: Path, parts: dict[str, str], words: str) -> None:
    """A file that no edit leaves whole is refused as a whole, with the reason."""
    with pytest.raises(SheetRefused, match=words):
        problems(tmp_path, sheet_xml(""), 1, 1, **parts)


def test_a_comment_that_names_a_document_type_is_none(tmp_path: Path) -> None:
    """Only a real declaration counts."""
    assert problems(tmp_path, sheet_xml(""), 1, 1, **{"xl/theme.xml": "<!-- <!DOCTYPE a> --><a/>"}) == []


def test_a_sheet_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the sheets that are."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""))
    with pytest.raises(SheetRefused, match="has no worksheet 'Other'; it has Data"):
        list(check_cells(path, [CellRef("Other", 1, 1)], WriteOptions()))
