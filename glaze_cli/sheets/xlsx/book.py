"""An .xlsx or .xlsm workbook as a Book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from glaze_cli.errors import SelectionError
from glaze_cli.model import CellRange, CellRef, Change
from glaze_cli.sheets.base import CellProblem, WriteOptions, WriteReport
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.names import named_range
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.sheet import Meanings, XlsxSheet
from glaze_cli.sheets.xlsx.strings import SharedStrings
from glaze_cli.sheets.xlsx.styles import read_formats
from glaze_cli.sheets.xlsx.workbook import SheetPart, Workbook


class XlsxBook:
    """Keeps the file open: its sheets read what it held when it was opened, whoever replaces it meanwhile."""

    notices: tuple[str, ...] = ()
    """None: a workbook says what it is."""

    def __init__(self, package: Package, workbook: Workbook, limits: Limits) -> None:
        self.path = package.path
        self._package = package
        self._workbook = workbook
        self._limits = limits
        self._meanings = Meanings(
            package,
            SharedStrings(package, workbook.strings),
            read_formats(package, workbook.styles),
            workbook.date1904,
        )

    @classmethod
    def open(cls, path: Path, limits: Limits | None = None) -> Self:
        """Raises SheetError when there is no such file, SheetRefused when it cannot be used."""
        limits = limits or Limits()
        package = Package.open(path, limits)
        try:
            return cls(package, Workbook.read(package), limits)
        except BaseException:
            package.close()
            raise

    @property
    def format(self) -> str:
        """`xlsx`, `xlsm`, `xltx` or `xltm`, by its name; `xlsx` under any other."""
        suffix = self.path.suffix.lower().lstrip(".")
        return suffix if suffix in ("xlsm", "xltx", "xltm") else "xlsx"

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The worksheets in the order of their tabs."""
        return tuple(sheet.name for sheet in self._workbook.sheets)

    def sheet(self, name: str | None = None) -> XlsxSheet:
        """That worksheet (exact, else case aside), or the first visible one. Raises SelectionError."""
        sheets = self._workbook.sheets
        if name is None:
            return self._open(next((sheet for sheet in sheets if sheet.visible), sheets[0]))
        same = [sheet for sheet in sheets if sheet.name == name] or [
            sheet for sheet in sheets if sheet.name.casefold() == name.casefold()
        ]
        if not same:
            there = ", ".join(self.sheet_names)
            raise SelectionError(f"{self.path} has no worksheet named {name}; it has {there}.")
        return self._open(same[0])

    def named_range(self, name: str) -> CellRange | None:
        """See Book; raises SelectionError where a name stands for something that is no range."""
        return named_range(self._package, self._workbook, name)

    def check(self, cells: Iterable[CellRef], options: WriteOptions) -> Iterator[CellProblem]:
        """The cells that cannot be written safely. Raises SheetRefused for the whole file."""
        from glaze_cli.sheets.xlsx.check import check_cells

        return check_cells(self.path, cells, options, self._limits)

    def unfit(self, change: Change) -> str | None:
        """Text over 32,767 characters, or a number that is none."""
        from glaze_cli.sheets.xlsx.cellxml import unfit

        why = unfit(change.new)
        return why and f"{change.cell} cannot hold its new value: {why}."

    def write(self, changes: Iterable[Change], target: Path, options: WriteOptions) -> WriteReport:
        """Splice the changes into the file as it is now, and put the result at `target`."""
        from glaze_cli.sheets.xlsx.write import write_changes

        return write_changes(self.path, changes, target, options, self._limits)

    def _open(self, sheet: SheetPart) -> XlsxSheet:
        return XlsxSheet(self._package, sheet, self._meanings)
