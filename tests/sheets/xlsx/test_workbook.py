"""The workbook part: its worksheets, where they are, and its names."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.workbook import DefinedName, SheetPart, Workbook
from tests.sheets.xlsx.workbooks import MAIN, OFFICE, SHEET, build, rels, sheet_xml

EMPTY = sheet_xml("")


def read(path: Path) -> Workbook:
    with Package.open(path, Limits()) as package:
        return Workbook.read(package)


def workbook_xml(sheets: str, more: str = "") -> str:
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets>{more}</workbook>'


def test_worksheets_come_in_the_order_of_their_tabs(tmp_path: Path) -> None:
    """Hidden ones are marked; chart sheets, and worksheets that are not there, are left out."""
    path = build(
        tmp_path / "a.xlsx",
        EMPTY,
        {
            "xl/workbook.xml": workbook_xml(
                '<sheet name="Chart" r:id="rId2"/><sheet name="Q3 &amp; more" state="hidden" r:id="rId3"/>'
                '<sheet name="Data" r:id="rId1"/><sheet name="Lost" r:id="rId4"/><sheet name="None"/>',
                '<definedNames><definedName name="All">Data!$A$1</definedName>'
                '<definedName name="Own" localSheetId="2">Data!$B$1</definedName></definedNames>',
            ),
            "xl/_rels/workbook.xml.rels": rels(
                ("worksheet", "worksheets/sheet1.xml"),
                ("chartsheet", "chartsheets/sheet1.xml"),
                ("worksheet", "/xl/worksheets/sheet2.xml"),
                ("worksheet", "worksheets/lost.xml"),
            ),
            "xl/worksheets/sheet2.xml": EMPTY,
            "xl/chartsheets/sheet1.xml": "<chartsheet/>",
        },
    )
    found = read(path)
    assert found.sheets == (
        SheetPart("Q3 & more", "xl/worksheets/sheet2.xml", "hidden"),
        SheetPart("Data", SHEET),
    )
    assert [sheet.visible for sheet in found.sheets] == [False, True]
    assert found.names == (DefinedName("All", "Data!$A$1"), DefinedName("Own", "Data!$B$1", "Data"))
    assert (found.strings, found.styles, found.date1904) == (None, None, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),  # strict
        (OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        ("<sheets>", '<workbookPr date1904="0"/><sheets>'),
    ],
)
def test_strict_files_are_understood(tmp_path: Path, old: str, new: str) -> None:
    """Namespaces differ, words do not."""
    parts = {"xl/workbook.xml": workbook_xml('<sheet name="Data" r:id="rId1"/>').replace(old, new)}
    assert read(build(tmp_path / "a.xlsx", EMPTY, parts)).sheets == (SheetPart("Data", SHEET),)


@pytest.mark.parametrize(
    ("written", "expected"), [("1", True), ("true", True), ("0", False), ("false", False)]
)
def test_the_day_count_is_known(tmp_path: Path, written: str, expected: bool) -> None:
    """Old Macs count from 1904."""
    xml = workbook_xml('<sheet name="Data" r:id="rId1"/>', f'<workbookPr date1904="{written}"/>')
    assert read(build(tmp_path / "a.xlsx", EMPTY, {"xl/workbook.xml": xml})).date1904 is expected


def test_the_usual_place_is_looked_at(tmp_path: Path) -> None:
    """Some writers leave the file's own relationships out."""
    parts = {"_rels/.rels": rels()}
    assert read(build(tmp_path / "a.xlsx", EMPTY, parts)).part == "xl/workbook.xml"


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"_rels/.rels": rels(("officeDocument", "xl/workbook.bin")), "xl/workbook.bin": ""}, "binary .xlsb"),
        ({"xl/workbook.xml": workbook_xml("")}, "no worksheet"),
        ({"xl/workbook.xml": "<workbook>"}, r"xl/workbook\.xml is damaged"),
        ({"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'}, "document type"),
        (
            {
                "xl/sharedStrings.xml": '<!DOCTYPE a [<!ENTITY b "c">]><sst/>',
                "xl/_rels/workbook.xml.rels": rels(
                    ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
                ),
            },
            "document type",
        ),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, parts: dict[str, str], why: str) -> None:
    """One sentence that says what is wrong with it."""
    with pytest.raises(SheetRefused, match=why):
        read(build(tmp_path / "a.xlsx", EMPTY, parts))


def test_a_zip_file_of_something_else_is_refused(tmp_path: Path) -> None:
    """A workbook part is looked for, and missed."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    with pytest.raises(SheetRefused, match="is not a workbook"):
        read(path)
