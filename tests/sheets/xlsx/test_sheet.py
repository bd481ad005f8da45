"""A worksheet as a person sees it, and as typed values."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef, Scalar
from glaze_cli.sheets.base import Extent, SheetRow
from glaze_cli.sheets.xlsx.book import XlsxBook
from glaze_cli.sheets.xlsx.sheet import XlsxSheet
from tests.sheets.xlsx.workbooks import MAIN, build, sheet_xml

STRINGS = f'<sst xmlns="{MAIN}"><si><t>Ann</t></si><si><t>00501</t></si><si><t/></si></sst>'
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="10"/></cellXfs>'
    '<dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs></styleSheet>'
)
"""1: a date; 2: a postcode, whatever the differential format of the same number says; 3: percent."""


def sheet(tmp_path: Path, rows: str, book: str = "") -> XlsxSheet:
    parts = {"xl/sharedStrings.xml": STRINGS, "xl/styles.xml": STYLES}
    related = (("sharedStrings", "sharedStrings.xml"),)
    return XlsxBook.open(build(tmp_path / "a.xlsx", sheet_xml(rows), parts, related, book)).sheet()


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        ("<c><v>42</v></c>", "42", 42),
        ("<c><v>42.0</v></c>", "42", 42),
        ("<c><v>0.5</v></c>", "0.5", 0.5),
        ('<c t="n"><v> 7 </v></c>', "7", 7),
        ('<c t="n"><v>seven</v></c>', "seven", "seven"),  # a writer's mistake
        ('<c s="9"><v>42</v></c>', "42", 42),  # a style that is not there
        ('<c t="s"><v>0</v></c>', "Ann", "Ann"),
        ('<c t="s"><v>1</v></c>', "00501", "00501"),  # an id that is text
        ('<c t="s"><v>2</v></c>', None, None),  # empty text is nothing
        ('<c s="2"><v>501</v></c>', "00501", 501),  # an id that is a number
        ('<c s="1"><v>46112</v></c>', "2026-03-31", 46112),  # written back, it is the same cell
        ('<c s="3"><v>0.5</v></c>', "0.5", 0.5),
        ('<c t="d" s="1"><v>2026-03-31T00:00:00</v></c>', "2026-03-31", "2026-03-31T00:00:00"),
        ('<c t="b"><v>1</v></c>', "TRUE", True),
        ('<c t="b"><v>0</v></c>', "FALSE", False),
        ('<c t="e"><v>#N/A</v></c>', "#N/A", "#N/A"),
        ('<c t="str"><f>A2&amp;"x"</f><v>a_x000A_x</v></c>', "a\nx", "a\nx"),
        ('<c t="inlineStr"><is><t>=1+1</t></is></c>', "=1+1", "=1+1"),
        ('<c t="inlineStr"><is><t></t></is></c>', None, None),
        ("<c/>", None, None),
    ],
)
def test_a_cell_is_text_and_value(tmp_path: Path, cell: str, text: str | None, value: Scalar | None) -> None:
    """The text is what a person sees; the value is what is stored."""
    found = sheet(tmp_path, f'<row r="1">{cell}<c><v>1</v></c></row>')
    here = CellRef("Data", 1, 1)
    (row,) = found.rows()
    assert row.text(1) == text
    got = found.values([here])[here]
    assert got == value and type(got) is type(value)


def test_the_day_count_of_the_workbook_counts(tmp_path: Path) -> None:
    """The same number is another day in a file from an old Mac."""
    found = sheet(tmp_path, '<row><c s="1"><v>44650</v></c></row>', '<workbookPr date1904="1"/>')
    assert [row.cells for row in found.rows()] == [("2026-03-31",)]


def test_a_string_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """No text is invented for it."""
    found = sheet(tmp_path, '<row><c t="s"><v>3</v></c></row>')
    with pytest.raises(SheetRefused, match="shared string 3, which is not there"):
        list(found.rows())


ROWS = (
    '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>'
    '<row r="3"><c r="A3" t="s"><v>2</v></c></row>'
    '<row r="5"><c r="A5"><v>3</v></c><c r="F5" s="1"/></row><row r="9" s="1"><c r="H9"/></row>'
)


def test_empty_rows_are_left_out(tmp_path: Path) -> None:
    """Styled cells, and cells with an empty text, hold nothing."""
    assert list(sheet(tmp_path, ROWS).rows()) == [
        SheetRow(2, (None, "1", None, "2")),
        SheetRow(5, ("3",)),
    ]


def test_other_columns_need_not_be_read(tmp_path: Path) -> None:
    """A row that holds something elsewhere still comes, so that nobody takes it for an empty one."""
    assert list(sheet(tmp_path, ROWS).rows(2, 2, {2, 3})) == [SheetRow(2, (None, "1"))]
    assert list(sheet(tmp_path, ROWS).rows(2, 2, {1})) == [SheetRow(2, ())]


@pytest.mark.parametrize(
    ("rows", "extent"), [(ROWS, Extent(5, 4)), ("", Extent(0, 0)), ('<row r="7"/>', Extent(0, 0))]
)
def test_the_extent_is_where_content_ends(tmp_path: Path, rows: str, extent: Extent) -> None:
    """Styles, empty texts and what the file says of itself do not count."""
    found = sheet(tmp_path, rows)
    assert found.extent() == found.extent() == extent


def test_values_come_for_every_cell_asked(tmp_path: Path) -> None:
    """In any order, from any row; what is empty or missing is None."""
    cells = [CellRef("Data", row, column) for row, column in [(9, 8), (2, 4), (2, 1), (5, 1), (99, 1)]]
    assert list(sheet(tmp_path, ROWS).values(cells).values()) == [None, 2, None, 3, None]
    assert sheet(tmp_path, ROWS).values([]) == {}


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: text[0] not in "={"
)
CELLS = st.dictionaries(
    st.tuples(st.integers(0, 60), st.integers(0, 30)),
    TEXT | st.booleans() | st.integers(-(10**15) + 1, 10**15 - 1) | st.dates(date(1900, 3, 1)) | st.datetimes(
        datetime(1900, 3, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
    max_size=25,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(CELLS, st.booleans())
def test_what_was_written_is_read(cells: dict[tuple[int, int], object], in_memory_strings: bool) -> None:
    """Every cell that XlsxWriter wrote, shared or inline, is read at its address, and no other."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        with xlsxwriter.Workbook(str(path), {"constant_memory": not in_memory_strings}) as book:
            formats = {
                date: book.add_format({"num_format": "d/m/yy"}),
                datetime: book.add_format({"num_format": 22}),
            }
            out = book.add_worksheet("Data")
            for (row, column), value in sorted(cells.items(), key=lambda item: item[0]):
                if isinstance(value, str):
                    out.write_string(row, column, value)
                elif isinstance(value, date):
                    out.write_datetime(row, column, value, formats[type(value)])
                else:
                    out.write(row, column, value)
        found = XlsxBook.open(path).sheet()
        read = {
            (row.number - 1, column): text
            for row in found.rows()
            for column, text in enumerate(row.cells)
            if text is not None
        }
        extent = found.extent()
    assert read == {place: _seen(value) for place, value in cells.items()}
    assert extent.last_row == max((row + 1 for row, _ in cells), default=0)
    assert extent.last_column == max((column + 1 for _, column in cells), default=0)


def _seen(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return value.isoformat() if isinstance(value, date) else str(value)
