"""A worksheet part with some cells set: the bytes around them pass through as they are. Streams."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from glaze_cli.model import CellRange, Change
from glaze_cli.sheets.xlsx.hazards import Hazards
from glaze_cli.sheets.xlsx.looks import Looks
from glaze_cli.sheets.xlsx.outline import Outline
from glaze_cli.sheets.xlsx.ranges import area
from glaze_cli.sheets.xlsx.rowedit import RowEditor
from glaze_cli.sheets.xlsx.scan import Head, Row, Rows, Scan, cells
from glaze_cli.sheets.xlsx.tags import Names, attribute, blanked, with_attribute


class Splice:
    """The edit of one sheet. `changes`: all of that sheet, ordered by row and column, no cell twice."""

    def __init__(self, sheet: str, changes: Sequence[Change], looks: Looks, date1904: bool, hazards: Hazards):
        self.outline = Outline(sheet)
        self.hazards = hazards
        self.editor = RowEditor(sheet, Names(b""), self.outline, looks, date1904)
        self._sheet = sheet
        self._changes = changes
        self._rows = groupby(changes, key=lambda change: change.cell.row)
        self._next: tuple[int, list[Change]] | None = None

    def chunks(self, scan: Scan) -> Iterator[bytes]:
        """The part's new bytes. At their end `editor` knows what was written, `hazards` what must not be."""
        self._step()
        in_tail = opened = False
        for piece in scan:
            if isinstance(piece, Head):
                self.editor.names = piece.names
                self.outline.feed(piece.data)
                opened = piece.data.endswith(b"/>") and self._values() is not None
                yield self._head(piece, opened)
            elif isinstance(piece, Row):
                yield from self._fresh(before=piece.number)
                yield self._row(piece)
                scan.each = bool(self.editor.shared.waiting)  # until the next member is found
            elif isinstance(piece, Rows):
                self.hazards.arrays(piece.seen, self.editor.names)
                yield piece.data
            else:
                if not in_tail:
                    yield from self._fresh(before=None)
                    if opened:
                        yield b"</" + self.editor.names.prefix + b"sheetData>"
                in_tail = True
                self.outline.feed(piece.data)
                yield piece.data
        self.outline.feed(b"", final=True)

    def _step(self) -> None:
        """Go on to the next row that has changes."""
        number, group = next(self._rows, (0, iter(())))
        self._next = (number, list(group)) if number else None

    def _fresh(self, before: int | None) -> Iterator[bytes]:
        """The rows that are not there yet, up to that one."""
        while self._next is not None and (before is None or self._next[0] < before):
            yield self.editor.fresh(*self._next)
            self._step()

    def _row(self, row: Row) -> bytes:
        names = self.editor.names
        self.hazards.arrays(row.seen, names)
        changes = self._next[1] if self._next is not None and self._next[0] == row.number else []
        if not changes and not (self.editor.shared.waiting and b"shared" in row.seen):
            return row.data
        found = list(cells(row, names, f"The sheet {self._sheet}"))
        self.hazards.row(row, found, names, self.outline)
        if changes:
            self._step()
        return self.editor.edited(row, found, changes)

    def _head(self, head: Head, opened: bool) -> bytes:
        """What precedes the rows, its dimension grown; `opened`: rows will follow an empty `<sheetData/>`."""
        data = head.data[:-2].rstrip() + b">" if opened else head.data
        found = re.search(head.names.start(b"dimension"), blanked(data))
        values = self._values()
        old = area(self._sheet, attribute(found[0], b"ref") or "") if found else None
        if found is None or old is None or values is None:
            return data
        grown = CellRange(
            self._sheet,
            min(old.first_row, values.first_row),
            min(old.first_column, values.first_column),
            max(old.last_row, values.last_row),
            max(old.last_column, values.last_column),
        )
        if grown == old:
            return data
        return data[: found.start()] + with_attribute(found[0], b"ref", grown.a1) + data[found.end() :]

    def _values(self) -> CellRange | None:
        """What the changes that are not empty cover."""
        filled = [change.cell for change in self._changes if change.new not in (None, "")]
        if not filled:
            return None
        columns = [cell.column for cell in filled]
        return CellRange(self._sheet, filled[0].row, min(columns), filled[-1].row, max(columns))
