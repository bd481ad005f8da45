"""Where a rectangle of cells is."""

from __future__ import annotations

from dataclasses import dataclass

from glaze_cli.model.cells import CellRef


@dataclass(frozen=True, slots=True)
class CellRange:
    """A rectangle of one sheet, both corners included."""

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @property
    def a1(self) -> str:
        """`B2:D40`, without the sheet."""
        first = CellRef(self.sheet, self.first_row, self.first_column).a1
        last = CellRef(self.sheet, self.last_row, self.last_column).a1
        return first if first == last else f"{first}:{last}"
