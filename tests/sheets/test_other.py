"""ODS, XLSB and XLS: read where the cells are, written only as a new plain file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from glaze_cli.errors import SelectionError, SheetError, SheetRefused
from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import Extent, SheetRow, WriteOptions
from glaze_cli.sheets.log import LogRows
from glaze_cli.sheets.open import open_book
from glaze_cli.sheets.other import OtherBook

pytest.importorskip("python_calamine")

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


def text(value: str) -> str:
    """A cell of text."""
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def number(value: str) -> str:
    """A cell with a number."""
    return f'<table:table-cell office:value-type="float" office:value="{value}"/>'


CONTENT = f"""<?xml version="1.0"?><office:document-content {NAMES}><office:body><office:spreadsheet>
<table:table table:name="Leads">
<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>
<table:table-row><table:table-cell/>{text("Name")}{text("Size")}{text("Since")}{text("Id")}</table:table-row>
<table:table-row><table:table-cell/>{text("Ada")}{number("42")}
<table:table-cell office:value-type="date" office:date-value="2024-05-06"/>{text("00501")}</table:table-row>
<table:table-row><table:table-cell/></table:table-row>
<table:table-row><table:table-cell/>{text("Zoë")}{number("1.5")}
<table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row>
</table:table>
<table:table table:name="More"><table:table-row>{text("x")}</table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>""".replace("\n", "")

ROWS = [
    SheetRow(3, (None, "Name", "Size", "Since", "Id")),
    SheetRow(4, (None, "Ada", "42", "2024-05-06", "00501")),
    SheetRow(6, (None, "Zoë", "1.5", "TRUE", None)),
]


@pytest.fixture
def book(tmp_path: Path) -> OtherBook:
    """An ODS whose content begins at B3 and has an empty row."""
    path = tmp_path / "leads.ods"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", CONTENT)
    opened = open_book(path)
    assert isinstance(opened, OtherBook)
    return opened


def leads(row: int, column: int) -> CellRef:
    """A cell of the first sheet."""
    return CellRef("Leads", row, column)


def test_reads_cells_where_they_are(book: OtherBook) -> None:
    """Empty rows and columns before the content shift nothing; numbers and dates are as people see them."""
    assert (book.format, book.sheet_names) == ("ods", ("Leads", "More"))
    sheet = book.sheet()
    assert list(sheet.rows()) == ROWS
    assert list(sheet.rows(4, 5)) == ROWS[1:2]
    assert sheet.extent() == Extent(6, 5)
    assert next(book.sheet("more").rows()) == SheetRow(1, ("x",))


def test_values_have_their_types(book: OtherBook) -> None:
    """A whole number is an int, an id with zeros is text, a missing cell is None."""
    cells = [leads(4, 3), leads(6, 3), leads(6, 4), leads(4, 5), leads(5, 2), leads(99, 99)]
    assert list(book.sheet().values(cells).values()) == [42, 1.5, True, "00501", None, None]


def test_a_sheet_that_is_not_there(book: OtherBook) -> None:
    """The names there are come with the refusal."""
    with pytest.raises(SelectionError, match="Leads, More"):
        book.sheet("Nope")


@pytest.mark.parametrize("target", ["leads.ods", "new.ods", "new.xls", "new.xlsb"])
def test_is_never_written_in_place(book: OtherBook, tmp_path: Path, target: str) -> None:
    """These formats are refused, with the formats that are possible; the file stays."""
    before = book.path.read_bytes()
    with pytest.raises(SheetRefused, match=r"--output leads\.xlsx.*--output leads\.csv"):
        book.write([Change(leads(4, 2), "x")], tmp_path / target, WriteOptions())
    assert book.path.read_bytes() == before
    assert any("--output" in notice for notice in book.notices)


@pytest.mark.parametrize("name", ["o.csv", "o.tsv", "o.xlsx"])
def test_writes_a_new_plain_file(book: OtherBook, tmp_path: Path, name: str) -> None:
    """Values and changes land at the same addresses in a new file, and what is lost is told."""
    changes = [Change(leads(4, 2), "=1+1"), Change(leads(4, 7), 7), Change(leads(6, 2), None)]
    report = book.write(changes, tmp_path / name, WriteOptions())
    assert "formulas" in report.warnings[0]
    rows = {row.number: row for row in open_book(tmp_path / name).sheet().rows()}
    formula = "=1+1" if name == "o.xlsx" else "'=1+1"  # text in the one, defused in the others
    assert report.defused == (name != "o.xlsx")
    assert rows[4].cells == (None, formula, "42", "2024-05-06", "00501", None, "7")
    assert [rows[6].text(column) for column in (2, 3, 4)] == [None, "1.5", "TRUE"]
    assert set(rows) == {3, 4, 6}


def test_a_new_plain_file_has_no_log(book: OtherBook, tmp_path: Path) -> None:
    """It holds one sheet: refused before anything is asked, said when it is written all the same."""
    options = WriteOptions(log=LogRows("one"))
    with pytest.raises(SheetRefused, match="no log; use --annotate, or save the workbook"):
        book.check([], options)
    report = book.write([Change(CellRef("Leads", 4, 3), 7)], tmp_path / "new.csv", options)
    assert "no log" in report.warnings[-1]


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    """What calamine cannot read is a SheetError that names the file."""
    path = tmp_path / "bad.xls"
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(900))
    with pytest.raises(SheetError, match=r"bad\.xls"):
        open_book(path)
