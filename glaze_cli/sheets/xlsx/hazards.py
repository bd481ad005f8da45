"""Why a cell cannot be written safely: what covers it, what it holds, what guards it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from glaze_cli.model import CellRange, CellRef
from glaze_cli.model.cells import MAX_COLUMN, MAX_ROW
from glaze_cli.sheets.base import CellProblem, WriteOptions
from glaze_cli.sheets.xlsx.formulas import formula, formulas
from glaze_cli.sheets.xlsx.looks import Looks
from glaze_cli.sheets.xlsx.outline import Outline
from glaze_cli.sheets.xlsx.pivots import Pivot
from glaze_cli.sheets.xlsx.ranges import Targets, area
from glaze_cli.sheets.xlsx.scan import Cell, Row, style_of
from glaze_cli.sheets.xlsx.tables import Table
from glaze_cli.sheets.xlsx.tags import Names

_SPREADSHEET = "in a spreadsheet program"
_LAST_CELL = CellRef("", MAX_ROW, MAX_COLUMN).a1
_SHOWN_AS_DATE = "is formatted as a date, so that a number would be shown as one; change its format first"


class Hazards:
    """Watches one sheet go by, row after row, and knows at its end which targets must be left alone."""

    def __init__(self, targets: Targets, tables: Sequence[Table], pivots: Sequence[Pivot]) -> None:
        self.targets = targets
        self._tables = tables
        self._pivots = pivots
        self._arrays: list[tuple[CellRange, str]] = []
        self._formulas: set[CellRef] = set()
        self._styles: dict[CellRef, int] = {}
        """Of those that do not have their column's."""

    def arrays(self, seen: bytes, names: Names) -> None:
        """Note the array formulas and data tables of some rows."""
        if b"array" not in seen and b"dataTable" not in seen:
            return
        for found in formulas(seen, names):
            covered = area("", found.ref) if found.kind in ("array", "dataTable") and found.ref else None
            if covered is not None:
                what = "array formula" if found.kind == "array" else "data table"
                self._arrays.append((covered, f"lies in the {what} of {covered.a1}"))

    def row(self, row: Row, cells: Sequence[Cell], names: Names, outline: Outline) -> None:
        """Note what the row's targets hold. `cells`: all there are in it."""
        here = {cell.column: cell for cell in cells}
        for target in self.targets.columns(row.number):
            cell = here.get(target.column)
            if cell is None:
                style = row.style or outline.column_style(target.column)
            else:
                style = style_of(row.data[cell.start : cell.tag_end])
                if formula(row.seen, cell.tag_end, cell.end, names):
                    self._formulas.add(target)
            if style != outline.column_style(target.column):
                self._styles[target] = style

    def problems(self, outline: Outline, looks: Looks, options: WriteOptions) -> Iterator[CellProblem]:
        """Ordered by cell; a cell has one fatal problem at most, and warnings only when it has none."""
        covered = self._first(self._covers(outline))
        warned = self._first(self._warnings(outline))
        free = self._first((area, "") for area in outline.unlocked)
        for cell in self.targets.cells:
            style = self._styles.get(cell, outline.column_style(cell.column))
            why = covered.get(cell)
            if cell.row > MAX_ROW or cell.column > MAX_COLUMN:
                why = f"is past the last cell of a sheet, {_LAST_CELL}; choose another cell"
            if why is None and cell in self._formulas and not options.overwrite_formulas:
                why = "holds a formula; add --overwrite-formulas to replace it"
            guarded = outline.protected and not options.force and cell not in free
            if why is None and guarded and looks.locked(style):
                why = "is locked on a protected sheet; unprotect it, or add --force to write all the same"
            if why is not None:
                yield CellProblem(cell, f"{cell} {why}.")
                continue
            if cell in warned:
                yield CellProblem(cell, f"{cell} {warned[cell]}.", fatal=False)
            if looks.date(style):
                yield CellProblem(cell, f"{cell} {_SHOWN_AS_DATE}.", fatal=False)

    def _first(self, areas: Iterable[tuple[CellRange, str]]) -> dict[CellRef, str]:
        """The targets in those areas, each with what is said of the first area that covers it."""
        found: dict[CellRef, str] = {}
        for covered, said in areas:
            for cell in self.targets.inside(covered):
                found.setdefault(cell, said)
        return found

    def _covers(self, outline: Outline) -> Iterator[tuple[CellRange, str]]:
        """What makes cells untouchable, the most telling reason first."""
        for array, why in self._arrays:
            yield array, f"{why}, which is one whole; choose another cell, or delete it {_SPREADSHEET} first"
        for merged in outline.merged:
            shown = CellRef("", merged.first_row, merged.first_column).a1
            for part in _but_first(merged):
                yield (
                    part,
                    f"is covered by the merged cell {merged.a1}; write to {shown}, or unmerge it first",
                )
        for pivot in self._pivots:
            if pivot.on_load:
                what = f"the pivot table {pivot.covers.a1}, which is filled anew when the file is opened"
                yield pivot.covers, f"belongs to {what}; choose another cell"
        for table in self._tables:
            if table.header_row is not None:
                what = f"is a column's header in the table {table.name}"
                yield table.header_row, f"{what}; rename the column {_SPREADSHEET}"

    def _warnings(self, outline: Outline) -> Iterator[tuple[CellRange, str]]:
        for pivot in self._pivots:
            what = f"the pivot table {pivot.covers.a1}, whose next refresh replaces what is written there"
            yield pivot.covers, f"belongs to {what}"
        for table in self._tables:
            if table.totals_row is not None:
                yield table.totals_row, f"is in the totals row of the table {table.name}"
        for validated in outline.validated:
            yield validated, "has a data validation rule, which Glaze does not check"


def _but_first(merged: CellRange) -> Iterator[CellRange]:
    """A merged range without the cell at its top left, which is the one that is shown."""
    sheet, top, left = merged.sheet, merged.first_row, merged.first_column
    if merged.last_column > left:
        yield CellRange(sheet, top, left + 1, top, merged.last_column)
    if merged.last_row > top:
        yield CellRange(sheet, top + 1, left, merged.last_row, merged.last_column)
