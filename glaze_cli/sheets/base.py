"""The protocol of a sheet file. One file per format implements it; the engine knows only this."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from glaze_cli.model import CellRef, Change, Scalar

if TYPE_CHECKING:
    from glaze_cli.model import CellRange
    from glaze_cli.sheets.log import LogRows


class SheetRow(NamedTuple):
    """One row as a person sees it. A plain tuple: a sheet may have a million."""

    number: int
    """From 1. In a CSV, record n is row n, however many lines it takes."""
    cells: tuple[str | None, ...]
    """Text by column, A first; None where the cell is empty or missing. May end before the sheet's last
    column. Numbers as seen (`42`, `00501` under the format 00000), dates as ISO, errors as `#N/A`,
    a formula's cached value."""

    def text(self, column: int) -> str | None:
        """The text in that column (1 = A), None when empty."""
        return self.cells[column - 1] if column <= len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the content of a sheet ends: the last row and column with a non-empty cell; 0, 0 if none."""

    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class CellProblem:
    """Why one cell cannot be written safely, or (`fatal` false) what the user should know first."""

    cell: CellRef
    sentence: str
    """Names the cell and what to do."""
    fatal: bool = True


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What the user allowed."""

    overwrite_formulas: bool = False
    force: bool = False
    """Write into locked cells of a protected sheet."""
    raw: bool = False
    """CSV: write values that a spreadsheet would run as they are."""
    recalculate: bool = False
    """XLSX: ask the spreadsheet to recalculate on load."""
    added_columns: tuple[int, ...] = ()
    """Columns that the patch adds right of the last one: a CSV grows every record by them."""
    removed_columns: tuple[int, ...] = ()
    """CSV: the last columns, to go from every record in which they are empty (they were added before)."""
    log: LogRows | None = None
    """XLSX: rows for the sheet that tells where values come from; None: it is not touched."""


@dataclass(frozen=True, slots=True)
class WriteReport:
    """What a write did."""

    written: int
    """Cells whose bytes changed."""
    defused: int = 0
    """Values written with a leading apostrophe, because a spreadsheet would have run them."""
    warnings: tuple[str, ...] = ()


class Sheet(Protocol):
    """One worksheet of a file, or a whole CSV. Reading streams: memory does not grow with the sheet."""

    @property
    def name(self) -> str:
        """The worksheet's name; "" for a CSV."""

    def extent(self) -> Extent:
        """Where the content ends. May read the whole sheet once; kept afterwards."""

    def rows(
        self, first: int = 1, last: int | None = None, columns: Collection[int] | None = None
    ) -> Iterator[SheetRow]:
        """Rows first..last in order (None: to the end), without those that are entirely empty.

        `columns`: only these need be filled in; the others may come as None. Reading stops after `last`.
        """

    def values(self, cells: Iterable[CellRef]) -> Mapping[CellRef, Scalar | None]:
        """What these cells hold now, typed (a number is int or float; a formula its cached value)."""


class Book(Protocol):
    """A sheet file: a workbook, or a CSV with its one nameless sheet."""

    @property
    def path(self) -> Path:
        """The user's file, as the user named it."""

    @property
    def format(self) -> str:
        """`csv`, `tsv`, `xlsx`, `xlsm`, ..."""

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Worksheets in the order of their tabs; ("",) for a CSV."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences the user should see: a guessed encoding, an ambiguous delimiter."""

    def sheet(self, name: str | None = None) -> Sheet:
        """That worksheet (exact, else case aside), or the first visible one. Raises SelectionError with
        the names there are."""

    def named_range(self, name: str) -> CellRange | None:
        """What a defined name or a table (`Leads`) or a table's column (`Leads[Email]`, its data only)
        covers; None when there is no such name. Always None for a CSV."""

    def check(self, cells: Iterable[CellRef], options: WriteOptions) -> Iterator[CellProblem]:
        """The cells that cannot be written safely, before anything is asked or paid.

        Raises SheetRefused when the whole file cannot be edited (signed, encrypted, ...).
        """

    def unfit(self, change: Change) -> str | None:
        """Why no cell of this file can hold the new value (too long, not in its encoding), in a sentence;
        None when it can. `write` refuses all for one such value, so they are kept out of it."""

    def write(self, changes: Iterable[Change], target: Path, options: WriteOptions) -> WriteReport:
        """Splice the changes (ordered by sheet, row, column; each cell once) into the file's bytes and
        put the result at `target`, which may be the file itself. Values only: `old` is not compared.

        Temporary file, fsync, replace. Raises SheetRefused or WriteFailed; then `target` is as it was.
        """
