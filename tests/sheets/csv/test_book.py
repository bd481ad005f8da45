"""A CSV as a book: rows, values, extents, checks, and a write that keeps what it must."""

from __future__ import annotations

import tempfile
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.errors import SelectionError, SheetError, SheetRefused, WriteFailed
from glaze_cli.model import CellRef, Change, Scalar
from glaze_cli.sheets.base import Extent, SheetRow, WriteOptions
from glaze_cli.sheets.csv.book import CsvBook
from glaze_cli.sheets.csv.dialect import Dialect
from glaze_cli.sheets.csv.encoding import Encoding
from glaze_cli.sheets.csv.read import MAX_FIELD, measure, rows
from glaze_cli.sheets.log import LogRows

LEADS = 'Name,City,Note\r\nAda,London,"two\r\nlines"\r\n\r\nZoë,,\r\n'


def book(tmp_path: Path, text: str = LEADS, name: str = "leads.csv") -> CsvBook:
    """A file with that text, opened."""
    path = tmp_path / name
    path.write_bytes(text.encode())
    return CsvBook.open(path)


def cell(a1: str) -> CellRef:
    """An address with one letter."""
    return CellRef("", int(a1[1:]), ord(a1[0]) - 64)


def test_is_a_book_of_one_nameless_sheet(tmp_path: Path) -> None:
    """One sheet, no names, no notices where all is plain; a TSV says so."""
    leads = book(tmp_path)
    assert (leads.sheet_names, leads.format, leads.notices) == (("",), "csv", ())
    assert leads.sheet("").name == leads.sheet().name == ""
    assert leads.named_range("Leads") is None
    assert book(tmp_path, "a\tb\n1\t2\n", "x.txt").format == "tsv"


def test_has_no_sheet_by_a_name(tmp_path: Path) -> None:
    """Asking for a sheet of a CSV is a mistake that is named."""
    with pytest.raises(SelectionError, match="Leads"):
        book(tmp_path).sheet("Leads")


@pytest.mark.parametrize(
    ("first", "last", "numbers"),
    [(1, None, [1, 2, 4]), (2, 3, [2]), (3, 3, []), (4, 99, [4]), (9, None, [])],
)
def test_rows_are_numbered_by_record(
    tmp_path: Path, first: int, last: int | None, numbers: list[int]
) -> None:
    """A field of two lines does not shift the rows below; a blank line counts, but is not given."""
    assert [row.number for row in book(tmp_path).sheet().rows(first, last)] == numbers


@given(
    records=st.lists(st.sampled_from(["x,y", ",", "", ",z", '"a\nb",']), max_size=6),
    first=st.integers(1, 8),
    last=st.none() | st.integers(1, 8),
)
def test_a_stretch_of_rows_is_that_part_of_all(records: list[str], first: int, last: int | None) -> None:
    """Rows are the same wherever the reading begins and ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_text("".join(f"{record}\n" for record in records))
        every = list(rows(path, Encoding("utf-8"), Dialect(), 1, None))
        some = list(rows(path, Encoding("utf-8"), Dialect(), first, last))
    assert some == [row for row in every if first <= row.number <= (last or 99)]
    assert all(type(row) is SheetRow and len(row) == len(SheetRow._fields) for row in every)


@given(
    records=st.lists(st.lists(st.sampled_from(["", "", "x"]), min_size=1, max_size=5).map(tuple), min_size=1)
)
def test_where_the_content_ends(records: list[tuple[str, ...]]) -> None:
    """The last row and the last column that hold something, wherever that is, and all the records."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_text("".join(",".join(record) + "\n" for record in records))
        measured = measure(path, Encoding("utf-8"), Dialect())
    held = [(row, column) for row, r in enumerate(records, 1) for column, text in enumerate(r, 1) if text]
    ends = Extent(max((row for row, _ in held), default=0), max((column for _, column in held), default=0))
    assert (measured.records, measured.extent) == (len(records), ends)


def test_an_empty_field_is_none(tmp_path: Path) -> None:
    """Empty is None, never ""; what has content is as it stands."""
    rows = list(book(tmp_path).sheet().rows())
    assert rows[1:] == [SheetRow(2, ("Ada", "London", "two\r\nlines")), SheetRow(4, ("Zoë", None, None))]


def test_values_are_text(tmp_path: Path) -> None:
    """Cells in any order, also ones that are not there."""
    cells = [cell("C2"), cell("A1"), cell("B4"), cell("Z9")]
    wanted = dict(zip(cells, ["two\r\nlines", "Name", None, None], strict=True))
    assert book(tmp_path).sheet().values(iter(cells)) == wanted
    assert book(tmp_path).sheet().values([]) == {}


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        (LEADS, Extent(4, 3)),
        ("a,,\n1,,\n,,\n", Extent(2, 1)),
        ("\n\n", Extent(0, 0)),
        ("a\n1,2,3\n", Extent(2, 3)),
    ],
)
def test_extent_ends_with_the_content(tmp_path: Path, text: str, extent: Extent) -> None:
    """Trailing commas and blank lines are no content."""
    assert book(tmp_path, text).sheet().extent() == extent


def test_a_guess_is_a_notice(tmp_path: Path) -> None:
    """A file that is not UTF-8 is read as cp1252, and the user is told how to say otherwise."""
    path = tmp_path / "x.csv"
    path.write_bytes("Größe;b\n1;2\n".encode("cp1252"))
    (notice,) = CsvBook.open(path).notices
    assert notice.startswith("x.csv: read as cp1252") and "--encoding" in notice
    assert next(CsvBook.open(path).sheet().rows()).cells == ("Größe", "b")


def test_check_names_cells_below_the_last_record(tmp_path: Path) -> None:
    """A cell that no record holds is a problem before anything is paid."""
    (problem,) = book(tmp_path).check([cell("A2"), cell("F2"), cell("A9")], WriteOptions())
    assert problem.cell == cell("A9") and problem.fatal and "A9" in problem.sentence


def test_check_refuses_bytes_that_would_not_come_back(tmp_path: Path) -> None:
    """A file that is not what --encoding says cannot be edited, and that is said before the run."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"a|b\n1|\x82\n")
    named = CsvBook.open(path, delimiter="|", encoding="utf-32")
    with pytest.raises(SheetRefused, match="utf-32"):
        list(named.check([cell("A1")], WriteOptions()))


def test_has_no_sheet_for_a_log(tmp_path: Path) -> None:
    """Refused before anything is asked, with what can be had instead; written without it afterwards."""
    leads, options = book(tmp_path), WriteOptions(log=LogRows("one"))
    with pytest.raises(SheetRefused, match="A CSV has no sheet for a log; --annotate adds columns"):
        list(leads.check([cell("A2")], options))
    report = leads.write([Change(cell("A2"), "Eva")], leads.path, options)
    assert (report.written, len(report.warnings)) == (1, 1)


def test_a_field_beyond_all_measure_is_an_error(tmp_path: Path) -> None:
    """A quote that swallows the file is named, not read into memory for ever."""
    endless = book(tmp_path, 'a,b\n1,2\n"' + "x" * (MAX_FIELD + 1))
    with pytest.raises(SheetError, match="record 3"):
        list(endless.sheet().rows())


@pytest.mark.parametrize(
    ("new", "written"),
    [
        (None, ""),
        ("x", "x"),
        (7, "7"),
        (42.0, "42"),
        (0.1, "0.1"),
        (True, "TRUE"),
        (date(2024, 5, 6), "2024-05-06"),
        (-5, "-5"),  # a number is no formula
        ("=1+1", "'=1+1"),
        ("+49 30 901820", "+49 30 901820"),
    ],
)
def test_writes_values_as_people_do(tmp_path: Path, new: Scalar | date | None, written: str) -> None:
    """Each type has one plain spelling; a formula is defused."""
    leads = book(tmp_path, "a,b\n1,2\n")
    report = leads.write([Change(cell("B2"), new)], leads.path, WriteOptions())
    assert leads.path.read_text() == f"a,b\n1,{written}\n"
    assert (report.written, report.defused) == (1, int(written.startswith("'")))


def test_raw_writes_a_formula_as_it_is(tmp_path: Path) -> None:
    """--raw is the user's own decision."""
    leads = book(tmp_path, "a,b\n1,2\n")
    report = leads.write([Change(cell("B2"), "=1+1")], leads.path, WriteOptions(raw=True))
    assert (leads.path.read_text(), report.defused) == ("a,b\n1,=1+1\n", 0)


def test_writes_beside_the_file(tmp_path: Path) -> None:
    """With another target the file itself is not touched; a BOM goes along."""
    leads = book(tmp_path, "\ufeff" + LEADS)
    target = tmp_path / "out.csv"
    leads.write([Change(cell("B4"), "Bonn")], target, WriteOptions())
    assert leads.path.read_bytes() == ("\ufeff" + LEADS).encode()
    assert target.read_bytes() == ("\ufeff" + LEADS.replace("Zoë,,", "Zoë,Bonn,")).encode()


def test_a_refused_write_leaves_the_file(tmp_path: Path) -> None:
    """One cell that cannot be written: nothing is, and no temporary file is left behind."""
    path = tmp_path / "x.csv"
    path.write_bytes("Größe,b\n1,2\n".encode("cp1252"))
    with pytest.raises(SheetRefused, match=r"B2.*cp1252"):
        CsvBook.open(path).write([Change(cell("A2"), "x"), Change(cell("B2"), "漢")], path, WriteOptions())
    assert path.read_bytes() == "Größe,b\n1,2\n".encode("cp1252")
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_as_target_is_a_sentence(tmp_path: Path) -> None:
    """The save's own sentences come through."""
    with pytest.raises(WriteFailed, match="folder"):
        book(tmp_path).write([], tmp_path, WriteOptions())


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A whole column of a file of 7 MB is written within a few blocks' memory."""
    rows = 60_000
    big = book(tmp_path, "id,note,fill\n" + "".join(f"{n},{'x' * 100},\n" for n in range(rows)))
    changes = (Change(CellRef("", row, 3), f"value {row}") for row in range(2, rows + 2))
    tracemalloc.start()
    report = big.write(changes, big.path, WriteOptions())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.written == rows
    assert peak < 4_000_000
