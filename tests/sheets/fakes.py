"""A sheet file in memory, for tests of what needs only the protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from glaze_cli.errors import SelectionError
from glaze_cli.model import CellRange, CellRef, Change, Scalar
from glaze_cli.sheets.base import CellProblem, Extent, SheetRow, WriteOptions, WriteReport


class FakeSheet:
    """Rows of texts; None is an empty cell. Counts the rows it gave out in `read`."""

    def __init__(self, name: str, rows: Sequence[Sequence[str | None]]) -> None:
        self.name = name
        self.table = [tuple(row) for row in rows]
        self.read = 0

    def extent(self) -> Extent:
        filled = [
            (number, column)
            for number, row in enumerate(self.table, 1)
            for column, text in enumerate(row, 1)
            if text is not None
        ]
        return Extent(
            max((cell[0] for cell in filled), default=0), max((cell[1] for cell in filled), default=0)
        )

    def rows(
        self, first: int = 1, last: int | None = None, columns: Collection[int] | None = None
    ) -> Iterator[SheetRow]:
        for number, row in enumerate(self.table[first - 1 : last], first):
            if any(text is not None for text in row):
                self.read += 1
                yield SheetRow(number, row)

    def values(self, cells: Iterable[CellRef]) -> Mapping[CellRef, Scalar | None]:
        return {cell: self.table[cell.row - 1][cell.column - 1] for cell in cells}


class FakeBook:
    """Sheets by name, and what its defined names and tables cover."""

    def __init__(
        self,
        sheets: Mapping[str, Sequence[Sequence[str | None]]],
        names: Mapping[str, CellRange] | None = None,
    ) -> None:
        self.path = Path("leads.xlsx")
        self.format = "xlsx"
        self.notices: tuple[str, ...] = ()
        self.sheets = [FakeSheet(name, rows) for name, rows in sheets.items()]
        self.names = names or {}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        return tuple(sheet.name for sheet in self.sheets)

    def sheet(self, name: str | None = None) -> FakeSheet:
        for sheet in self.sheets:
            if name is None or sheet.name.casefold() == name.casefold():
                return sheet
        raise SelectionError(f"There is no sheet {name}; there are: {', '.join(self.sheet_names)}.")

    def named_range(self, name: str) -> CellRange | None:
        return self.names.get(name)

    def check(self, cells: Iterable[CellRef], options: WriteOptions) -> Iterator[CellProblem]:
        return iter(())

    def unfit(self, change: Change) -> str | None:
        return None

    def write(self, changes: Iterable[Change], target: Path, options: WriteOptions) -> WriteReport:
        raise NotImplementedError("a fake book has no bytes")
