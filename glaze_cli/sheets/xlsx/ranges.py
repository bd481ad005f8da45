"""Ranges as a workbook's parts write them (`A1:C3`, `$B$2`, `A:A`, `3:3`), and which cells lie in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from glaze_cli.model import CellRange, CellRef, column_number
from glaze_cli.model.cells import MAX_COLUMN, MAX_ROW

_CORNER = r"\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?"
_AREA = re.compile(rf"{_CORNER}(?::{_CORNER})?")


def area(sheet: str, written: str) -> CellRange | None:
    """The range that the text names; None when it names none. Whole columns and rows reach to the edge."""
    found = _AREA.fullmatch(written.strip())
    if found is None or not (found[1] or found[2]):
        return None
    letters, number = found[1], found[2]
    last_letters, last_number = (found[3], found[4]) if found[3] or found[4] else (letters, number)
    rows = sorted((int(number or 1), int(last_number or MAX_ROW)))
    columns = sorted((column_number(letters or "A"), column_number(last_letters or "XFD")))
    if rows[0] < 1 or rows[1] > MAX_ROW or columns[1] > MAX_COLUMN:
        return None
    return CellRange(sheet, rows[0], columns[0], rows[1], columns[1])


class Targets:
    """The cells of one sheet that are to be written, to be asked which of them lie in a range."""

    def __init__(self, cells: Iterable[CellRef]) -> None:
        by_place = {(cell.row, cell.column): cell for cell in cells}
        self._keys = sorted(by_place)
        self.cells: Sequence[CellRef] = [by_place[key] for key in self._keys]

    @property
    def rows(self) -> Sequence[int]:
        """The numbers of the rows that hold a target, ascending."""
        return sorted({cell.row for cell in self.cells})

    def columns(self, row: int) -> Sequence[CellRef]:
        """The targets in that row, left to right."""
        return self.cells[bisect_left(self._keys, (row, 0)) : bisect_left(self._keys, (row + 1, 0))]

    def inside(self, covered: CellRange) -> Iterator[CellRef]:
        """The targets that lie in that range, in order."""
        first = bisect_left(self._keys, (covered.first_row, covered.first_column))
        last = bisect_right(self._keys, (covered.last_row, covered.last_column))
        for cell in self.cells[first:last]:
            if covered.first_column <= cell.column <= covered.last_column:
                yield cell
