"""ODS, XLSB and XLS: read through calamine, never written in place; a new plain file instead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from glaze_cli.errors import SelectionError, SheetError, SheetRefused
from glaze_cli.model import CellRange, CellRef, Change, Scalar
from glaze_cli.sheets.base import CellProblem, Extent, SheetRow, WriteOptions, WriteReport
from glaze_cli.sheets.kinds import refuse_target
from glaze_cli.sheets.plain import write_plain
from glaze_cli.sheets.seen import as_seen

MAX_CELLS = 20_000_000
"""Of a sheet's bounding box, which calamine holds in memory whole."""

NO_LOG = "The new file holds one sheet, and no log; use --annotate, or save the workbook as .xlsx first."


class OtherSheet:
    """One worksheet as calamine reads it."""

    def __init__(self, path: Path, workbook: Any, name: str) -> None:
        self.name = name
        self._path = path
        self._workbook = workbook

    def typed_rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Row numbers and values from column A on, without rows that are empty."""
        for number, values in enumerate(self._grid, 1):
            if any(value != "" for value in values):
                yield number, values

    @cached_property
    def _grid(self) -> list[list[Any]]:
        sheet = self._workbook.get_sheet_by_name(self.name)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise SheetRefused(f"The sheet {self.name} of {self._path} is too big; save it as .xlsx.")
        return list(sheet.to_python(skip_empty_area=False))  # else the empty rows on top were left out

    def extent(self) -> Extent:
        """Where the content ends."""
        return self._extent

    @cached_property
    def _extent(self) -> Extent:
        last_row = last_column = 0
        for number, values in self.typed_rows():
            last_row = number
            last_column = max([last_column, *(n for n, value in enumerate(values, 1) if value != "")])
        return Extent(last_row, last_column)

    def rows(
        self, first: int = 1, last: int | None = None, columns: Collection[int] | None = None
    ) -> Iterator[SheetRow]:
        """Rows first..last that hold something; all their columns, whichever are asked for."""
        for number, values in self.typed_rows():
            if last is not None and number > last:
                return
            if number >= first:
                yield SheetRow(number, tuple(as_seen(value) or None for value in values))

    def values(self, cells: Iterable[CellRef]) -> Mapping[CellRef, Scalar | None]:
        """What these cells hold: numbers, booleans or text (a date as ISO)."""
        found: dict[CellRef, Scalar | None] = dict.fromkeys(cells)
        by_row = dict(self.typed_rows()) if found else {}
        for cell in found:
            values = by_row.get(cell.row, [])
            if cell.column <= len(values) and values[cell.column - 1] != "":
                found[cell] = as_scalar(values[cell.column - 1])
        return found


class OtherBook:
    """A workbook in a format that Glaze reads but does not write."""

    def __init__(self, path: Path, workbook: Any) -> None:
        self.path = path
        self._workbook = workbook

    @classmethod
    def open(cls, path: Path) -> OtherBook:
        """Raises SheetError when calamine is not installed, or cannot read the file."""
        try:
            import python_calamine
        except ImportError:
            raise SheetError(
                f"Reading {path.suffix} files needs calamine: pip install 'glaze-cli[calamine]', or save"
                f" {path.name} as .xlsx."
            ) from None
        try:
            return cls(path, python_calamine.CalamineWorkbook.from_path(str(path)))
        except python_calamine.PasswordError:
            raise SheetError(f"{path} is protected with a password; save it without one.") from None
        except (python_calamine.CalamineError, OSError) as error:
            raise SheetError(f"{path} cannot be read: {error}.") from error

    @property
    def format(self) -> str:
        """`ods`, `xlsb` or `xls`."""
        return self.path.suffix.lower().lstrip(".")

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Worksheets in the order of their tabs."""
        return tuple(self._workbook.sheet_names)

    @property
    def notices(self) -> tuple[str, ...]:
        """That this file itself will not be written."""
        return (f"{self.path.name} is only read; write to a new file with --output.",)

    def sheet(self, name: str | None = None) -> OtherSheet:
        """That worksheet (exact, else case aside), or the first one. Raises SelectionError."""
        names = self.sheet_names
        if name is None and names:
            return OtherSheet(self.path, self._workbook, names[0])
        for there in sorted(names, key=lambda there: there != name):
            if name is not None and there.casefold() == name.casefold():
                return OtherSheet(self.path, self._workbook, there)
        raise SelectionError(f"{self.path.name} has no sheet {name!r}; it has {', '.join(names) or 'none'}.")

    def named_range(self, name: str) -> CellRange | None:
        """None: names are not read from these formats."""
        return None

    def check(self, cells: Iterable[CellRef], options: WriteOptions) -> Iterator[CellProblem]:
        """No cell is a problem: what is written is a new file. Raises SheetRefused for a log: it would hold
        one sheet only."""
        if options.log is not None:
            raise SheetRefused(NO_LOG)
        return iter(())

    def unfit(self, change: Change) -> str | None:
        """None: a new plain file holds any text."""
        return None

    def write(self, changes: Iterable[Change], target: Path, options: WriteOptions) -> WriteReport:
        """Write the sheet of the changes, with them, as a new plain .csv or .xlsx. Raises SheetRefused for
        any other target: formats and formulas of the original would be lost."""
        refuse_target(self.path, self.format, target)
        cells = {change.cell: change.new for change in changes}
        sheet = self.sheet(next(iter(cells)).sheet if cells else None)
        rows = _merged(sheet, cells)
        defused = write_plain(rows, sheet.name, target, options.raw)
        lost = (
            f"{target} holds the values of the sheet {sheet.name}; formats and formulas are not carried over."
        )
        unlogged = (NO_LOG,) if options.log is not None else ()
        return WriteReport(len(cells), defused, (lost, *unlogged))


def _merged(sheet: OtherSheet, cells: Mapping[CellRef, Scalar | date | None]) -> Iterator[list[Any]]:
    """Every row from the first on, the empty ones too, with the changes; "" is an empty cell."""
    new: dict[int, dict[int, Any]] = {}
    for cell, value in cells.items():
        new.setdefault(cell.row, {})[cell.column] = "" if value is None else value
    old = dict(sheet.typed_rows())
    for number in range(1, max([*old, *new], default=0) + 1):
        row = list(old.get(number, ()))
        for column, value in new.get(number, {}).items():
            row += [""] * (column - len(row))
            row[column - 1] = value
        yield row


def as_scalar(value: Any) -> Scalar:
    """A value of calamine's as a cell's: it makes every number a float, and dates their own types."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, (bool, int, float, str)):
        return value
    return as_seen(value)
