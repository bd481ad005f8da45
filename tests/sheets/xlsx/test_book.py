"""A workbook as a book: its sheets by name, its format, and what it held when it was opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.errors import SelectionError, SheetError
from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import Book, WriteOptions
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.book import XlsxBook
from tests.sheets.xlsx.workbooks import MAIN, OFFICE, build, sheet_xml

SHEETS = [("Notes", "hidden", 1), ("Leads", "visible", 1), ("LEADS", "visible", 3)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three worksheets, the first one hidden."""
    listed = "".join(f'<sheet name="{name}" state="{state}" r:id="rId{n}"/>' for name, state, n in SHEETS)
    return build(
        tmp_path / "leads.xlsm",
        sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'),
        {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
            f"<sheets>{listed}</sheets></workbook>",
            "xl/worksheets/sheet2.xml": sheet_xml(""),
        },
        (("worksheet", "worksheets/sheet2.xml"),),
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [(None, "Leads"), ("Leads", "Leads"), ("LEADS", "LEADS"), ("leads", "Leads"), ("notes", "Notes")],
)
def test_a_sheet_is_found_by_its_name(path: Path, asked: str | None, found: str) -> None:
    """Exactly, else case aside; without a name the first that can be seen."""
    book: Book = XlsxBook.open(path)
    assert book.sheet(asked).name == found


def test_a_wrong_name_is_answered_with_the_right_ones(path: Path) -> None:
    """The sentence lists the worksheets there are."""
    book = XlsxBook.open(path)
    assert (book.sheet_names, book.format, book.notices) == (("Notes", "Leads", "LEADS"), "xlsm", ())
    with pytest.raises(SelectionError, match="no worksheet named Q3; it has Notes, Leads, LEADS"):
        book.sheet("Q3")


def test_a_book_reads_what_it_held_when_it_was_opened(path: Path, tmp_path: Path) -> None:
    """A file that is replaced meanwhile does not mix into what is read."""
    book = XlsxBook.open(path)
    build(tmp_path / "new.xlsx", sheet_xml("")).replace(path)
    assert [row.cells for row in book.sheet().rows()] == [("1",)]


def test_limits_reach_the_file(path: Path) -> None:
    """They are settings of whoever opens the book."""
    with pytest.raises(SheetError, match=r"limits\.parts"):
        XlsxBook.open(path, Limits(parts=1))


def test_what_is_written_can_be_read(path: Path, tmp_path: Path) -> None:
    """Check and write are those of the splice, for this file."""
    book, cell, target = XlsxBook.open(path), CellRef("Leads", 2, 2), tmp_path / "out.xlsx"
    assert list(book.check([cell], WriteOptions())) == []
    assert book.write([Change(cell, "new")], target, WriteOptions()).written == 1
    assert XlsxBook.open(target).sheet("Leads").values([cell]) == {cell: "new"}
