"""One row's bytes with some of its cells set: only those cells, and the row's spans, are written anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.xlsx.cellxml import Value, cell
from glaze_cli.sheets.xlsx.formulas import SharedFormulas, formula
from glaze_cli.sheets.xlsx.looks import Looks
from glaze_cli.sheets.xlsx.outline import Outline
from glaze_cli.sheets.xlsx.scan import Cell, Row, style_of
from glaze_cli.sheets.xlsx.tags import Names, attribute, with_attribute, without

_OF_THE_OLD_VALUE = (b"t", b"cm", b"vm", b"ph")
"""A cell's type, its entries in the metadata part, and whether its text shows furigana."""


@dataclass(slots=True)
class RowEditor:
    """Edits the rows of one sheet, first to last."""

    sheet: str
    names: Names
    outline: Outline
    looks: Looks
    date1904: bool
    shared: SharedFormulas = field(default_factory=SharedFormulas)
    written: int = 0
    """Cells whose bytes changed."""
    lost_formulas: list[CellRef] = field(default_factory=list)
    """Cells that held a formula and do not any more."""

    def edited(self, row: Row, found: Sequence[Cell], changes: Sequence[Change]) -> bytes:
        """The row with those changes (all in it, left to right). `found`: its cells."""
        parts: list[bytes] = []
        at = end = row.opened
        added = []
        queue = iter(changes)
        change = next(queue, None)
        for old in found:
            while change is not None and change.cell.column < old.column:
                new = self._added(change, row.style)
                if new:
                    added.append(change.cell.column)
                    parts += (row.data[at : old.start], new)
                    at = old.start
                change = next(queue, None)
            if change is not None and change.cell.column == old.column:
                parts += (row.data[at : old.start], self._replaced(row, old, change))
                at = old.end
                change = next(queue, None)
            elif self.shared.waiting:
                at = self._adopted(row, old, at, parts)
            end = old.end
        parts.append(row.data[at:end])
        while change is not None:
            new = self._added(change, row.style)
            if new:
                added.append(change.cell.column)
                parts.append(new)
            change = next(queue, None)
        tag = _spanning(row.tag, added) if added else row.tag
        rest = row.data[end:]
        if added and tag.endswith(b"/>"):
            tag, rest = tag[:-2].rstrip() + b">", rest + b"</" + self.names.prefix + b"row>"
        return b"".join((row.data[: row.start], tag, *parts, rest))

    def fresh(self, number: int, changes: Sequence[Change]) -> bytes:
        """A row that was not there; b"" when there is nothing to put in it."""
        body = b"".join(self._added(change, 0) for change in changes)
        name = self.names.prefix + b"row"
        return b'<%b r="%d">%b</%b>' % (name, number, body, name) if body else b""

    def _added(self, change: Change, row_style: int) -> bytes:
        """A cell that was not there, with the style of its row or column; b"" when it stays empty."""
        if change.new is None or change.new == "":
            return b""
        style = row_style or self.outline.column_style(change.cell.column)
        start = b'<%bc r="%b"' % (self.names.prefix, change.cell.a1.encode())
        if style:
            start += b' s="%d"' % style
        self.written += 1
        return self._cell(start, change.new, style)

    def _replaced(self, row: Row, old: Cell, change: Change) -> bytes:
        """The cell with its value and whatever belonged to the old one replaced."""
        was = row.data[old.start : old.end]
        tag = row.data[old.start : old.tag_end]
        gone = formula(row.seen, old.tag_end, old.end, self.names)
        if gone is not None:
            self.shared.drop(change.cell, gone, row.data)
            self.lost_formulas.append(change.cell)
        start = without(tag.rstrip(b"/>").rstrip(), *_OF_THE_OLD_VALUE)
        new = self._cell(start, change.new, style_of(tag))
        self.written += new != was
        return new

    def _cell(self, start: bytes, value: Value, style: int) -> bytes:
        return cell(start, self.names.prefix + b"c", value, self.looks.date(style), self.date1904)

    def _adopted(self, row: Row, old: Cell, at: int, parts: list[bytes]) -> int:
        """Hand a shared formula's text over to this cell if it is the next member; where `parts` got to."""
        member = formula(row.seen, old.tag_end, old.end, self.names)
        ref = CellRef(self.sheet, row.number, old.column)
        new = self.shared.adopt(ref, member, row.data, self.names) if member else None
        if member is None or new is None:
            return at
        parts += (row.data[at : member.start], new)
        return member.end


def _spanning(tag: bytes, columns: Sequence[int]) -> bytes:
    """The row's start tag; the columns it says it spans widened to those, if it says so at all."""
    spans = attribute(tag, b"spans")
    numbers = [int(number) for number in re.findall(r"\d+", spans or "")]
    if not numbers or (numbers[0] <= columns[0] and columns[-1] <= max(numbers)):
        return tag
    return with_attribute(tag, b"spans", f"{min(numbers[0], columns[0])}:{max(*numbers, columns[-1])}")
