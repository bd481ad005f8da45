"""One worksheet as a Sheet: rows as a person sees them, and typed values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from glaze_cli.model import CellRef, Scalar
from glaze_cli.sheets.base import Extent, SheetRow
from glaze_cli.sheets.xlsx.numfmt import GENERAL, Format, number_of
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.read import RawCell, RawRow, RowScanner
from glaze_cli.sheets.xlsx.strings import SharedStrings, unescape
from glaze_cli.sheets.xlsx.workbook import SheetPart


class Meanings:
    """What raw cells mean in one workbook: its strings, its formats, its day 0."""

    def __init__(
        self, package: Package, strings: SharedStrings, formats: tuple[Format, ...], date1904: bool
    ) -> None:
        self._package = package
        self._strings = strings
        self._formats = {str(number): found for number, found in enumerate(formats) if found is not GENERAL}
        self._date1904 = date1904

    def text(self, cell: RawCell) -> str | None:
        """The cell as a person sees it; None when that is nothing."""
        kind, style, stored = cell
        if kind == "n":
            return self._formats.get(style, GENERAL).text(stored.strip(), self._date1904)
        if kind == "s":
            return self._shared(stored)
        if kind == "d":
            return self._formats.get(style, GENERAL).iso_text(stored)
        if kind == "b":
            return "TRUE" if stored.strip() in ("1", "true") else "FALSE"
        return unescape(stored) or None

    def value(self, cell: RawCell) -> Scalar | None:
        """The cell's value: a date is its serial number, so that writing it back restores the cell."""
        kind, _, stored = cell
        if kind == "n":
            number = number_of(stored)
            return stored if number is None else number
        if kind == "b":
            return self.text(cell) == "TRUE"
        return stored if kind == "d" else self.text(cell)

    def _shared(self, stored: str) -> str | None:
        try:
            text = self._strings.get(int(stored))
        except ValueError:
            text = None
        if text is None:
            raise self._package.refusal(f"a cell points at shared string {stored[:20]}, which is not there")
        return text or None


class XlsxSheet:
    """One worksheet. Reads what the file held when its book was opened."""

    def __init__(self, package: Package, sheet: SheetPart, meanings: Meanings) -> None:
        self._package = package
        self._sheet = sheet
        self._meanings = meanings
        self._extent: Extent | None = None

    @property
    def name(self) -> str:
        """The tab's name."""
        return self._sheet.name

    def extent(self) -> Extent:
        """Where the content ends; the part's own `dimension` is not trusted. Reads the sheet once."""
        if self._extent is None:
            last_row = last_column = 0
            for row in self._scan():
                for column, cell in row.cells.items():
                    if (row.number > last_row or column > last_column) and self._meanings.text(cell):
                        last_row, last_column = row.number, max(last_column, column)
            self._extent = Extent(last_row, last_column)
        return self._extent

    def rows(
        self, first: int = 1, last: int | None = None, columns: Collection[int] | None = None
    ) -> Iterator[SheetRow]:
        """Rows first..last that hold something; of the others' columns, only `columns` are read."""
        for row in self._scan(first, last, columns):
            cells = {column: self._meanings.text(cell) for column, cell in row.cells.items()}
            width = max((column for column, text in cells.items() if text), default=0)
            if width or row.more:
                yield SheetRow(row.number, tuple(map(cells.get, range(1, width + 1))))

    def values(self, cells: Iterable[CellRef]) -> Mapping[CellRef, Scalar | None]:
        """What these cells hold; one pass, from the first of their rows to the last."""
        found: dict[CellRef, Scalar | None] = dict.fromkeys(cells)
        if found:
            by_row: dict[int, list[CellRef]] = {}
            for cell in found:
                by_row.setdefault(cell.row, []).append(cell)
            for row in self._scan(min(by_row), max(by_row), {cell.column for cell in found}):
                for cell in by_row.get(row.number, ()):
                    if cell.column in row.cells:
                        found[cell] = self._meanings.value(row.cells[cell.column])
        return found

    def _scan(
        self, first: int = 1, last: int | None = None, columns: Collection[int] | None = None
    ) -> Iterator[RawRow]:
        return RowScanner(self._package, self._sheet.part, first, last, columns).rows()
