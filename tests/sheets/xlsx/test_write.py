"""A written workbook: the values are there, what follows from them is done, all else is as it was."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glaze_cli.errors import SheetRefused, WriteFailed
from glaze_cli.model import CellRef, Change, Scalar
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.xlsx.write import write_changes
from tests.sheets.xlsx.test_zipcopy import raw
from tests.sheets.xlsx.workbooks import MAIN, SHEET, build, part, rels, sheet_xml

REPLACE = WriteOptions(overwrite_formulas=True)
CHAIN = f'<calcChain xmlns="{MAIN}"><c r="A1" i="7"/><c r="B1"/></calcChain>'
FORMULAS = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1</f><v>2</v></c></row>'


def change(row: int, column: int, new: Scalar | date | None, sheet: str = "Data") -> Change:
    return Change(CellRef(sheet, row, column), new)


def write(path: Path, *changes: Change, options: WriteOptions | None = None) -> Path:
    target = path.with_name("out.xlsx")
    write_changes(path, changes, target, options or WriteOptions())
    return target


def changed_members(before: Path, after: Path) -> set[str]:
    """The members whose compressed bytes are not what they were; the orders must be the same."""
    old, new = before.read_bytes(), after.read_bytes()
    with zipfile.ZipFile(before) as one, zipfile.ZipFile(after) as other:
        assert one.namelist() == other.namelist()
        pairs = zip(one.infolist(), other.infolist(), strict=True)
        return {info.filename for info, now in pairs if raw(old, info) != raw(new, now)}


def test_only_the_sheet_changes(tmp_path: Path) -> None:
    """One edit, one part: every other member keeps its compressed bytes."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""))
    assert changed_members(path, write(path, change(2, 2, "x"))) == {SHEET}


def test_nothing_to_write_is_the_same_file(tmp_path: Path) -> None:
    """Without changes the result is a copy, byte for byte."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""))
    assert write(path).read_bytes() == path.read_bytes()


def test_the_file_itself_can_be_the_target(tmp_path: Path) -> None:
    """In place, and the report counts the cells."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""))
    report = write_changes(path, [change(1, 1, "x"), change(2, 1, None)], path, WriteOptions())
    assert report.written == 1
    assert '<c r="A1"' in part(path)


def test_a_date_goes_into_a_date_cell_as_one(tmp_path: Path) -> None:
    """By the cell's own style: a serial number there, text elsewhere; by the workbook's epoch."""
    rows = '<row r="1"><c r="A1" s="1"/><c r="B1"/></row>'
    day = date(2026, 3, 31)
    path = build(tmp_path / "a.xlsx", sheet_xml(rows))
    text = part(write(path, change(1, 1, day), change(1, 2, day)))
    assert '<c r="A1" s="1"><v>46112</v></c><c r="B1" t="inlineStr"><is><t>2026-03-31</t></is></c>' in text
    old_mac = part(path, "xl/workbook.xml").replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    path = build(tmp_path / "b.xlsx", sheet_xml(rows), {"xl/workbook.xml": old_mac})
    assert "<v>44650</v>" in part(write(path, change(1, 1, datetime(2026, 3, 31))))


def test_a_lost_formula_leaves_the_chain(tmp_path: Path) -> None:
    """Its entry goes, the other stays with the sheet's id."""
    parts = {"xl/calcChain.xml": CHAIN}
    path = build(tmp_path / "a.xlsx", sheet_xml(FORMULAS), parts, (("calcChain", "calcChain.xml"),))
    target = write(path, change(1, 1, "x"), options=REPLACE)
    assert changed_members(path, target) == {SHEET, "xl/calcChain.xml"}
    assert part(target, "xl/calcChain.xml") == f'<calcChain xmlns="{MAIN}"><c r="B1" i="7"/></calcChain>'


def test_an_empty_chain_is_dropped(tmp_path: Path) -> None:
    """A chain without entries is no valid part: it goes, with its relationship and content type."""
    parts = {"xl/calcChain.xml": CHAIN}
    path = build(tmp_path / "a.xlsx", sheet_xml(FORMULAS), parts, (("calcChain", "calcChain.xml"),))
    target = write(path, change(1, 1, "x"), change(1, 2, "y"), options=REPLACE)
    with zipfile.ZipFile(target) as made:
        assert "xl/calcChain.xml" not in made.namelist()
        assert made.testzip() is None
    assert "calcChain" not in part(target, "xl/_rels/workbook.xml.rels")
    assert "calcChain" not in part(target, "[Content_Types].xml")


@pytest.mark.parametrize(
    ("workbook", "expected"),
    [
        ("", '</sheets><calcPr fullCalcOnLoad="1"/></workbook>'),
        ("<definedNames/><pivotCaches/>", '<calcPr fullCalcOnLoad="1"/><pivotCaches/>'),  # at its place
        ("<definedNames></definedNames>", '</definedNames><calcPr fullCalcOnLoad="1"/>'),
        ('<calcPr calcId="1"/>', '</sheets><calcPr calcId="1" fullCalcOnLoad="1"/></workbook>'),
        ('<calcPr fullCalcOnLoad="0"/>', '</sheets><calcPr fullCalcOnLoad="1"/></workbook>'),
    ],
)
def test_recalculation_is_asked_for(tmp_path: Path, workbook: str, expected: str) -> None:
    """Only when it is wanted, and the workbook part stays valid."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""), workbook=workbook)
    target = write(path, change(1, 1, "x"), options=WriteOptions(recalculate=True))
    assert expected in part(target, "xl/workbook.xml")


def test_a_table_takes_an_added_column_in(tmp_path: Path) -> None:
    """The header of a column added beside a table becomes the table's."""
    table = (
        f'<table xmlns="{MAIN}" displayName="Leads" ref="A1:B9"><tableColumns count="2">'
        '<tableColumn id="1" name="a"/><tableColumn id="2" name="b"/></tableColumns></table>'
    )
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels(("table", "../tables/table1.xml")),
        "xl/tables/table1.xml": table,
    }
    path = build(tmp_path / "a.xlsx", sheet_xml(""), parts)
    added = WriteOptions(added_columns=(3,))
    target = write(path, change(1, 3, "Email"), change(2, 3, "ann@example.com"), options=added)
    grown = table.replace("A1:B9", "A1:C9").replace('count="2"', 'count="3"')
    grown = grown.replace("</tableColumns>", '<tableColumn id="3" name="Email"/></tableColumns>')
    assert part(target, "xl/tables/table1.xml") == grown
    assert changed_members(path, target) == {SHEET, "xl/tables/table1.xml"}


@pytest.mark.parametrize(
    ("sheet", "changes", "words"),
    [
        (sheet_xml(FORMULAS), [change(1, 1, "x")], "Data!A1 holds a formula"),
        (sheet_xml(FORMULAS), [change(1, 1, "x"), change(1, 2, "x")], r"\(1 more cells cannot"),
        (
            sheet_xml(""),
            [change(1, 1, "x" * 40_000)],
            "Data!A1 cannot hold its new value: the text has 40,000",
        ),
        (sheet_xml(""), [change(1, 1, "x", "Other")], "no worksheet 'Other'"),
        (sheet_xml("<row><c></row>"), [change(1, 1, "x")], "damaged"),
        (
            sheet_xml("", after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
            [change(1, 2, "x")],
            "merged",
        ),
    ],
)
def test_what_is_unsafe_is_not_written(tmp_path: Path, sheet: str, changes: list[Change], words: str) -> None:
    """The writer looks for itself: nothing unsafe is written, and the target is as it was."""
    path = build(tmp_path / "a.xlsx", sheet)
    before = path.read_bytes()
    with pytest.raises(SheetRefused, match=words):
        write_changes(path, changes, path, WriteOptions())
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """Another program's save between reading and writing wins; nothing is written over it."""
    path = build(tmp_path / "a.xlsx", sheet_xml(""))

    class Slow:
        """Changes whose making takes long enough for somebody to save the file."""

        new = "x"

        @property
        def cell(self) -> CellRef:
            build(path, sheet_xml("<row/>"))
            return CellRef("Data", 1, 1)

    with pytest.raises(WriteFailed, match="changed by another program"):
        write_changes(path, [Slow()], tmp_path / "out.xlsx", WriteOptions())  # type: ignore[list-item]
    assert part(path) == sheet_xml("<row/>")


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_sheet_in_utf16_stays_one(tmp_path: Path, codec: str) -> None:
    """The part is written back in the encoding it had."""
    text = '\ufeff<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml("")
    path = build(tmp_path / "a.xlsx", text.encode(codec))
    with zipfile.ZipFile(write(path, change(1, 1, "北"))) as made:
        expected = text.replace(
            "></sheetData>", '><row r="1"><c r="A1" t="inlineStr"><is><t>北</t></is></c></row></sheetData>'
        )
        assert made.read(SHEET) == expected.encode(codec)


def rich_workbook(path: Path) -> None:
    """Charts, an image, sparklines, conditional formats, a table, rules, comments, links, two sheets."""
    image = path.with_name("dot.png")
    image.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002"
            "0000010005fe02fea7566ab80000000049454e44ae426082"
        )
    )
    book = xlsxwriter.Workbook(str(path))
    data, other = book.add_worksheet("Data"), book.add_worksheet("Other")
    bold = book.add_format({"bold": True, "num_format": "0.00"})
    for row in range(12):
        for column in range(4):
            data.write_number(row + 12, column, row * column, bold)
        data.write_formula(row + 12, 4, f"=A{row + 13}*2", bold, row)
    data.add_table("G1:H5", {"columns": [{"header": "k"}, {"header": "v"}]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Data!$A$13:$A$24"})
    data.insert_chart("J2", chart)
    data.insert_image("J20", str(image))
    data.add_sparkline("F13", {"range": "Data!A13:D13"})
    data.conditional_format("A13:A24", {"type": "data_bar", "bar_solid": True})
    data.data_validation("B30:B31", {"validate": "list", "source": ["a", "b"]})
    data.write_comment("A14", "a comment")
    data.write_url("A30", "https://example.com/")
    data.merge_range("A33:C33", "merged")
    data.autofilter("A12:D24")
    data.freeze_panes(12, 1)
    book.define_name("Sales", "=Data!$A$13:$A$24")
    other.write_rich_string("A1", bold, "rich", " text")
    book.close()


VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9),
    st.integers(-(10**9), 10**9),
    st.booleans(),
)


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.tuples(st.integers(13, 29), st.integers(1, 4)), VALUES, min_size=1, max_size=9))
def test_any_edit_of_a_rich_workbook(tmp_path: Path, values: dict[tuple[int, int], Scalar]) -> None:
    """Another reader finds the values with the cells' own styles; every other part keeps its bytes."""
    path = tmp_path / "rich.xlsx"
    if not path.exists():
        rich_workbook(path)
    target = write(path, *(change(row, column, value) for (row, column), value in sorted(values.items())))
    assert changed_members(path, target) == {SHEET}
    before, after = openpyxl.load_workbook(path)["Data"], openpyxl.load_workbook(target)["Data"]
    for row in before.iter_rows():
        for old in row:
            new = after.cell(old.row, old.column)
            expected = values.get((old.row, old.column), old.value)
            assert (new.value, new.style_id) == (expected, old.style_id)
            assert type(new.value) is type(expected)
