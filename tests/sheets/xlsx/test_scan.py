"""Cutting a worksheet part: the pieces are the part again, and every row and cell is where it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.xlsx.scan import Cell, Head, Row, Rows, Scan, Tail, cells
from glaze_cli.sheets.xlsx.tags import Names
from tests.sheets.xlsx.workbooks import MAIN, sheet_xml


def pieces(data: bytes, size: int, wanted: list[int]) -> list[Head | Rows | Row | Tail]:
    return list(Scan((data[at : at + size] for at in range(0, len(data), size)), "The sheet Data", wanted))


def found(row: str, names: Names | None = None) -> list[int]:
    """The columns of the cells in a row."""
    data = row.encode()
    return [cell.column for cell in cells(Row(3, data, data, 0, 0), names or Names(b""), "Data")]


ROWS = '<row r="2"><c/></row>\n <!-- <row r="3"> --><row r="5" ht=\'1>2\'/><row><c r="B6"><v>1</v></c></row>'


@settings(max_examples=60)
@given(st.integers(1, 90), st.sets(st.integers(1, 9)).map(sorted))
def test_the_pieces_are_the_part(size: int, wanted: list[int]) -> None:
    """Wherever a chunk ends and whichever rows are wanted, no byte is lost, moved or doubled."""
    data = sheet_xml(ROWS, after="<mergeCells/>").encode()
    assert b"".join(piece.data for piece in pieces(data, size, wanted)) == data


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ([], []),
        ([2], [2]),
        ([3], [5]),  # row 3 is not there: the row after its place
        ([3, 4, 5], [5]),
        ([6], [6]),  # a row without a number follows on
        ([7], []),
    ],
)
def test_wanted_rows_come_one_by_one(wanted: list[int], numbers: list[int]) -> None:
    """A wanted row is a piece of its own; where it is missing, the next row is."""
    cut = pieces(sheet_xml(ROWS).encode(), 1000, wanted)
    assert [piece.number for piece in cut if isinstance(piece, Row)] == numbers


def test_every_row_comes_once_asked_for() -> None:
    """From the moment `each` is set, no row passes unseen."""
    scan = Scan([sheet_xml(ROWS).encode()], "Data", [2])

    def numbers() -> Iterator[int]:
        for piece in scan:
            if isinstance(piece, Row):
                scan.each = True
                yield piece.number

    assert list(numbers()) == [2, 5, 6]


def test_a_row_knows_its_tag() -> None:
    """The start tag and its style are found behind white space and comments."""
    data = sheet_xml('\n<!--x--><row r="1" s="4" customFormat="1"><c r="A1"/></row>').encode()
    (row,) = (piece for piece in pieces(data, 1000, [1]) if isinstance(piece, Row))
    assert row.tag == b'<row r="1" s="4" customFormat="1">'
    assert row.style == 4


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (sheet_xml('<row r="2"/><row r="2"/>'), "row numbered '2' after row 2"),
        (sheet_xml('<row r="x"/>'), "row numbered 'x'"),
        (sheet_xml('<row r="1048577"/>'), "row numbered '1048577'"),
        (sheet_xml('<row r="1"/><x:row xmlns:x="y"/>'), "after row 1 that is not a whole row"),
        (f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">', "not a whole row"),
        (f'<worksheet xmlns="{MAIN}"/>', "has no rows that Glaze can find"),
        ('<worksheet xmlns="urn:other"><sheetData/></worksheet>', "has no rows that Glaze can find"),
        ("", "has no rows that Glaze can find"),
    ],
)
def test_what_is_uncertain_is_refused(part: str, words: str) -> None:
    """Rows out of order, or not as the format has them, are refused with what is wrong."""
    with pytest.raises(SheetRefused, match=words):
        pieces(part.encode(), 10, [1])


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        ('<row><c r="A3"/><c r="C3"><v>1</v></c></row>', [1, 3]),
        ("<row><c/><c t='s'><v>1</v></c></row>", [1, 2]),  # no addresses: they count
        ('<row><c s="1" r="AB3"/><c/></row>', [28, 29]),  # the address is not the first attribute
        ("<row><c r='b3'/></row>", [2]),
        ('<row><c r="A3"><is><t>c</t></is></c><col r="B3"/></row>', [1]),
        ('<row><c r="A3"/><c r="C3"><extLst><ext/></extLst></c></row>', [1, 3]),
    ],
)
def test_cells_are_found(row: str, columns: list[int]) -> None:
    """Each cell has its column, however its writer gave it."""
    assert found(row) == columns


def test_cells_are_cut_exactly() -> None:
    """Start, end of tag and end of each cell are offsets into the row."""
    data = b'<row><x:c r="A3"/><x:c r="B3"><x:v>1</x:v></x:c></row>'
    cut = list(cells(Row(3, data, data, 0, 0), Names(b"x:"), "Data"))
    assert cut == [Cell(1, 5, 18, 18), Cell(2, 18, 30, 48)]


@pytest.mark.parametrize(
    "row", ['<c r="B3"/><c r="A3"/>', '<c r="A3"/><c r="A3"/>', '<c r="A4"/>', '<c r="3"/>', '<c r="XFE3"/>']
)
def test_cells_out_of_order_are_refused(row: str) -> None:
    """A row whose cells are not left to right, or not its own, has no certain place for a value."""
    with pytest.raises(SheetRefused, match="out of order in row 3"):
        found(row)


@pytest.mark.parametrize(
    ("start", "filling"),
    [
        (sheet_xml("")[: -len("</sheetData></worksheet>")], b"<row><c><v>1</v></c>" + b"<c/>" * 10_000),
        (f'<worksheet xmlns="{MAIN}">', b"<cols/>" * 10_000),
        (sheet_xml("")[: -len("</sheetData></worksheet>")], b" " * 60_000),
        (sheet_xml("")[: -len("</sheetData></worksheet>")], b"<!--" + b"x" * 60_000),
    ],
)
def test_what_has_no_end_is_not_held(start: str, filling: bytes) -> None:
    """A row, a head or a gap that goes on and on is refused after so many bytes, not read to its end."""
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        yield start.encode()
        for _ in range(10_000):
            taken += len(filling)
            yield filling

    with pytest.raises(SheetRefused):
        list(Scan(endless(), "Data", [1]))
    assert taken < 80 << 20
