"""Putting values into a CSV's text: only the target fields change, every other byte stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef
from glaze_cli.sheets.csv.dialect import SEP_LINE
from glaze_cli.sheets.csv.encoding import UnitReader, Units
from glaze_cli.sheets.csv.quoting import Quoting
from glaze_cli.sheets.csv.records import Grammar

BLOCK = 1 << 18
MAX_RECORD = 1 << 26
NONE_DUE = 1 << 62


@dataclass(frozen=True, slots=True)
class Edit:
    """What one field is to hold."""

    cell: CellRef
    text: str


class Splice:
    """One pass over a file: copies it and replaces fields on the way. Memory holds one block of it."""

    def __init__(self, grammar: Grammar, units: Units, added: Collection[int] = ()) -> None:
        """`added`: columns every record is to have, but for blank lines, comments and a sep= line."""
        self._grammar = grammar
        self._units = units
        self._width = max(added, default=0)
        self._old_width = min(added, default=1) - 1
        self._quoting = Quoting(grammar)
        self.written = 0
        """Fields whose bytes changed."""

    def run(self, source: BinaryIO, out: BinaryIO, edits: Iterable[Edit]) -> None:
        """Copy `source` to `out` with the edits, which come by row and column. Raises SheetRefused."""
        groups = ((row, list(group)) for row, group in groupby(edits, key=lambda edit: edit.cell.row))
        due, wanted = next(groups, (NONE_DUE, []))
        reader = self._units.open(source)
        number, text, final = 0, reader.read(BLOCK), False
        self._quoting.learn(text)
        while text and (due < NONE_DUE or self._width):
            pieces: list[str] = []
            copied = done = 0
            for match in self._grammar.records(text, final):
                if match.lastindex == 2:
                    break
                done = match.end()
                number += 1
                if number < due and not self._width:
                    continue
                start, end = match.start(), match.start(1)
                record = text[start:end]
                pieces += text[copied:start], self._edited(record, number, wanted if number == due else ())
                copied = end
                if number == due:
                    due, wanted = next(groups, (NONE_DUE, []))
                    if due == NONE_DUE and not self._width:
                        break
            pieces.append(text[copied:done])
            out.write(self._units.bytes("".join(pieces)))
            text, final = self._more(text[done:], reader, final)
        if due < NONE_DUE:
            raise SheetRefused(f"{wanted[0].cell} is not in the file: it has {number} records.")
        out.write(self._units.bytes(text))
        reader.copy_rest(out)

    def _more(self, text: str, reader: UnitReader, final: bool) -> tuple[str, bool]:
        """What is left of a block and what follows it in the file; whether the file ends there."""
        if final:
            return text, True
        if len(text) > MAX_RECORD:
            raise SheetRefused("The file has a record that is too long to be one: is a quote never closed?")
        block = reader.read(max(BLOCK, len(text)))  # twice as much each time a record does not fit
        return text + block, not block

    def _edited(self, record: str, row: int, edits: Iterable[Edit]) -> str:
        """The record with its edits, grown by the added columns."""
        fields = self._grammar.fields(record)
        width = len(fields)
        for edit in edits:
            column = edit.cell.column
            while len(fields) < column:
                fields.append("")
            raw = fields[column - 1]
            fields[column - 1] = self._field(raw, edit, alone=len(fields) == 1)
            self.written += fields[column - 1] != raw or column > width
        if len(fields) < self._width and self._grows(record, row, width):
            fields += [""] * (self._width - len(fields))
        if len(fields) > width and not self._grammar.is_whole(fields[width - 1]):
            raise SheetRefused(f"Record {row} cannot be made longer: a quote in it is never closed.")
        return self._grammar.dialect.delimiter.join(fields)

    def _grows(self, record: str, row: int, width: int) -> bool:
        """Whether a record takes part in an added column: blank lines, comments and sep= lines do not."""
        if not record or (row == 1 and SEP_LINE.match(f"{record}\n")):
            return False
        return not record.startswith("#") or width >= self._old_width

    def _field(self, raw: str, edit: Edit, alone: bool) -> str:
        if ("\n" in raw or "\r" in raw) and not self._grammar.is_whole(raw):
            raise SheetRefused(
                f"{edit.cell} cannot be set: its quote is never closed, it takes in the lines below."
            )
        try:
            value = self._units.of(edit.text)
        except UnicodeEncodeError as error:
            lost = edit.text[error.start : error.end]
            name = self._units.encoding.name
            raise SheetRefused(
                f"{edit.cell} cannot hold {lost!r}: the file's encoding, {name}, has no such character;"
                " save the file as UTF-8 first."
            ) from None
        field = self._quoting.field(raw, edit.cell.row, edit.cell.column, value, alone)
        if field is None:
            raise SheetRefused(f"{edit.cell} cannot hold a delimiter or a line end: the file has no quotes.")
        return field
