"""The scan of a worksheet part: every cell at its own address, and not one byte more than is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.read import RowScanner
from tests.sheets.xlsx.workbooks import MAIN, SHEET, build, sheet_xml

Cells = Mapping[int, Mapping[int, tuple[str, str, str]]]


def scan(path: Path, *wanted: object, limits: Limits | None = None) -> Cells:
    with Package.open(path, limits or Limits()) as package:
        rows = RowScanner(package, SHEET, *wanted).rows()  # type: ignore[arg-type]
        return {row.number: dict(row.cells) for row in rows}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('<row r="3"><c r="B3"><v>1</v></c></row>', {3: {2: ("n", "0", "1")}}),
        ('<row r="3"><c r="B3" s="2" t="s"><v>1</v></c></row>', {3: {2: ("s", "2", "1")}}),
        # no addresses: one after the other
        ("<row><c><v>1</v></c><c/><c><v>2</v></c></row>", {1: {1: ("n", "0", "1"), 3: ("n", "0", "2")}}),
        ('<row r="5"/><row><c><v>1</v></c></row>', {6: {1: ("n", "0", "1")}}),
        ('<row r="1"><c r="C1"/><c><v>1</v></c></row>', {1: {4: ("n", "0", "1")}}),
        ('<row r="1"><c r="xfd1"><v>1</v></c></row>', {1: {16384: ("n", "0", "1")}}),
        # a writer that forgets the order within a row
        (
            '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>',
            {1: {2: ("n", "0", "2"), 1: ("n", "0", "1")}},
        ),
        # rows 1 and 11 end in the same digit
        (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="11"><c r="A11"><v>2</v></c></row>',
            {1: {1: ("n", "0", "1")}, 11: {1: ("n", "0", "2")}},
        ),
        ('<row r="1"><c r="A1"><f>SUM(B1)</f><v>7</v></c></row>', {1: {1: ("n", "0", "7")}}),  # cached
        ('<row r="1"><c r="A1"><f>SUM(B1)</f></c></row>', {}),
        ('<row r="1"><c r="A1" t="str"><f>B1</f><v></v></c></row>', {}),
        (
            '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t><rPh><t>x</t></rPh></is></c></row>',
            {1: {1: ("inlineStr", "0", "a")}},
        ),
        (
            '<row r="1"><c r="A1" t="str"><v>a<!-- no -->b<![CDATA[<c>]]></v></c></row>',
            {1: {1: ("str", "0", "ab<c>")}},
        ),
        ("", {}),
    ],
)
def test_cells_are_where_the_file_says(tmp_path: Path, rows: str, expected: Cells) -> None:
    """Stated or implied addresses, cached values, inline text; a cell without a value is none."""
    assert scan(build(tmp_path / "a.xlsx", sheet_xml(rows))) == expected


ONE = {1: {1: ("n", "0", "1")}}
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "sheet",
    [
        sheet_xml(ROW),
        sheet_xml(ROW).replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x="),
        sheet_xml(ROW).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        "\ufeff" + sheet_xml(ROW),
        ('<?xml version="1.0" encoding="utf-16"?>' + sheet_xml(ROW)).encode("utf-16"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>' + sheet_xml(ROW)).encode("latin-1"),
        sheet_xml(ROW, '<!-- <row r="1"> -->', '<o:row xmlns:o="other" r="0"/>'),  # rows of somebody else
    ],
)
def test_any_spelling_of_the_xml_is_understood(tmp_path: Path, sheet: str | bytes) -> None:
    """Prefixes, strict files, encodings and byte order marks change nothing."""
    assert scan(build(tmp_path / "a.xlsx", sheet)) == ONE


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ('<row r="2"/><row r="1"/>', "row 1 after it, out of order"),
        ('<row r="2"/><row r="2"/>', "row 2 after it, out of order"),
        ('<row r="0"/>', "row 0"),
        ('<row r="1048577"/>', "row 1048577"),
        ('<row r="one"/>', "row one"),
        ('<row r="1"><c r="A2"/></row>', "the address A2"),
        ('<row r="1"><c r="XFE1"/></row>', "the address XFE1"),
        ('<row r="1"><c r="1"/></row>', "the address 1"),
        ('<row r="1"><c r="XFD1"/><c/></row>', "beyond the last column"),
        ('<row r="1"><row r="2"/></row>', "a row within a row"),
        ('<c r="A1"/>', "a cell outside a row"),
        ('<row r="1"><c><c/></c></row>', "a cell outside a row"),
        ("<d>" * 30_000, "nested too deep"),
        ("<row>", "is damaged"),
        ("<row><c><v>&nobody;</v></c></row>", "is damaged"),
    ],
)
def test_a_sheet_that_is_not_certain_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    """Better no answer than a value from the wrong cell."""
    with pytest.raises(SheetRefused, match=why):
        scan(build(tmp_path / "a.xlsx", sheet_xml(rows)))


def test_only_the_rows_and_columns_asked_for_come(tmp_path: Path) -> None:
    """A row is named when something stands in it, even if not where one looked."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="C{n}"><v>0</v></c></row>' for n in range(1, 9)
    )
    path = build(tmp_path / "a.xlsx", sheet_xml(rows))
    assert scan(path, 3, 4, {1, 2}) == {3: {1: ("n", "0", "3")}, 4: {1: ("n", "0", "4")}}
    assert scan(path, 8, None, {2}) == {8: {}}


def test_reading_stops_after_the_last_row(tmp_path: Path) -> None:
    """What stands behind it is not even looked at."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 9_000))
    path = build(tmp_path / "a.xlsx", sheet_xml(f"{rows}<broken"))
    assert list(scan(path, 2, 40)) == list(range(2, 41))
    with pytest.raises(SheetRefused, match="is damaged"):
        scan(path, 8_000)


@pytest.mark.parametrize(
    ("rows", "limits", "named"),
    [
        (f"<row><c><v>{'1' * 300_000}</v></c></row>", Limits(cell_text=99_000), "limits.cell_text"),
        (f'<row r="{"1" * 300_000}"/>', Limits(markup=99_000), "limits.markup"),
        (f"<!--{' ' * 300_000}-->", Limits(markup=99_000), "limits.markup"),
    ],
)  # fmt: skip
def test_what_cannot_be_streamed_is_bounded(tmp_path: Path, rows: str, limits: Limits, named: str) -> None:
    """One endless text, tag or comment is refused before it fills the memory."""
    with pytest.raises(SheetRefused, match=named):
        scan(build(tmp_path / "a.xlsx", sheet_xml(rows)), limits=limits)


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    """Entities are never expanded, because a part that declares them is not read."""
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(SheetRefused, match="document type"):
        scan(build(tmp_path / "a.xlsx", bomb + sheet_xml("<row><c><v>&b;</v></c></row>")))
