"""Putting values into a CSV's text: only the target fields change, every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import BinaryIO

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef
from glaze_cli.sheets.csv.dialect import SEP_LINE
from glaze_cli.sheets.csv.encoding import UnitReader, Units
from glaze_cli.sheets.csv.quoting import Quoting
from glaze_cli.sheets.csv.records import END, FIELD, REST, Grammar

BLOCK = 1 << 18
MAX_RECORD = 1 << 26

Edit = tuple[CellRef, str]
"""A cell and the text it is to hold. A plain tuple: a column may take a million of them."""


def _row_of(edit: Edit) -> int:
    return edit[0].row


class Due:
    """The edits that are left, a row at a time; they come in order."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._left = groupby(edits, _row_of)
        self.row = 0
        self.edits: list[Edit] = []
        """Of that row; none when all are done."""
        self.next()

    def next(self) -> tuple[int, list[Edit]]:
        """Go on to the next row; its number and edits."""
        self.row, edits = next(self._left, (0, ()))
        self.edits = list(edits)
        return self.row, self.edits


class Block:
    """A part of the file on its way: what is copied of it, and what takes the place of the rest."""

    __slots__ = ("_copied", "_pieces", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._pieces: list[str] = []
        self._copied = 0

    def replace(self, start: int, stop: int, new: str) -> None:
        """Put `new` where start..stop is; always further on than the last time."""
        self._pieces += self.text[self._copied : start], new
        self._copied = stop

    def upto(self, stop: int) -> str:
        """All of it up to there, with what was replaced."""
        return "".join([*self._pieces, self.text[self._copied : stop]])


class Splice:
    """One pass over a file: copies it and replaces fields on the way. Memory holds one block of it."""

    def __init__(
        self, grammar: Grammar, units: Units, added: Collection[int] = (), removed: Collection[int] = ()
    ) -> None:
        """`added`: columns every record is to have, but for blank lines, comments and a sep= line;
        `removed`: the last columns, which go from records that hold nothing in them."""
        self._grammar = grammar
        self._units = units
        self._width = max(added, default=0)
        self._old_width = min(added, default=1) - 1
        self._cut_from, self._cut_to = min(removed, default=0) - 1, max(removed, default=0)
        self._every = bool(added or removed)
        self._quoting = Quoting(grammar)
        self.written = 0
        """Fields whose bytes changed."""

    def run(self, source: BinaryIO, out: BinaryIO, edits: Iterable[Edit]) -> None:
        """Copy `source` to `out` with the edits, which come by row and column. Raises SheetRefused."""
        due = Due(edits)
        reader = self._units.open(source)
        number, text, final = 0, reader.read(BLOCK), False
        self._quoting.learn(text)
        while text and (due.edits or self._every):
            if final or self._every or not self._has_plain_lines(text):
                new, left, number = self._by_records(text, final, number, due)
            else:
                new, left, number = self._by_lines(text, number, due)
            out.write(self._units.bytes(new))
            text, final = self._more(left, reader, final)
        if due.edits:
            raise SheetRefused(f"{due.edits[0][0]} is below the last record of the file ({number}).")
        out.write(self._units.bytes(text))
        reader.copy_rest(out)

    def _has_plain_lines(self, text: str) -> bool:
        """Whether its records are what is between its line feeds: no quote, and no line ends otherwise."""
        return self._grammar.is_plain(text) and text.count("\r") == text.count("\r\n")

    def _by_lines(self, text: str, number: int, due: Due) -> tuple[str, str, int]:
        """A part of the file with its edits, what is left of it, and how many records are done.

        Lines are quickly taken apart and put together: those without an edit are not looked at.
        """
        *lines, left = text.split("\n")
        last, delimiter = number + len(lines), self._grammar.dialect.delimiter
        row, edits = due.row, due.edits
        while edits and row <= last:
            place = row - number - 1
            line, end = lines[place], ""
            if line.endswith("\r"):
                line, end = line[:-1], "\r"
            fields, (cell, value) = line.split(delimiter), edits[-1]
            if len(edits) == 1 and cell.column <= len(fields):
                raw = fields[cell.column - 1]
                fields[cell.column - 1] = self._field(raw, cell, value, len(fields) == 1)
                lines[place] = delimiter.join(fields) + end
            else:
                lines[place] = self._edited(line, row, edits) + end
            row, edits = due.next()
        lines.append("")
        return "\n".join(lines), left, last

    def _by_records(self, text: str, final: bool, number: int, due: Due) -> tuple[str, str, int]:
        """The same where there are quotes, or a column is added or removed."""
        block = Block(text)
        whole = self._every or self._grammar.is_plain(text)
        column = due.edits[-1][0].column if due.row == number + 1 and not whole else 0
        done = 0
        for match in self._grammar.records(text, final, column):
            if match.lastgroup == REST:
                break
            number, done = number + 1, match.end()
            if number == due.row:
                if whole:
                    self._lengthen(block, match, number, due.edits)
                else:
                    self._record(block, match, due.edits, column)
                due.next()
                if not (due.edits or self._every):
                    break
            elif self._every:
                self._lengthen(block, match, number, [])
        return block.upto(done), text[done:], number

    def _more(self, text: str, reader: UnitReader, final: bool) -> tuple[str, bool]:
        """What is left of a block and what follows it in the file; whether the file ends there."""
        if final:
            return text, True
        if len(text) > MAX_RECORD:
            raise SheetRefused("The file has a record that is too long to be one: is a quote never closed?")
        block = reader.read(max(BLOCK, len(text)))  # twice as much each time a record does not fit
        return text + block, not block

    def _record(self, block: Block, record: re.Match[str], edits: list[Edit], column: int) -> None:
        """Put the edits of one record into the block. `column`: what the record was asked for."""
        place, end = record.start(), record.start(END)
        target = edits[-1][0]
        last: re.Match[str] | None = record
        if column != target.column or record.start(FIELD) < 0:
            last = self._grammar.ahead(target.column - 1).match(block.text, place, end)
        if last is None:
            return self._lengthen(block, record, target.row, edits)
        column = 1  # of the field that begins at `place`
        for cell, value in edits:
            found = last
            if cell is not target:  # the fields before the last one are there too
                found = self._grammar.ahead(cell.column - column).match(block.text, place, end) or last
            start, stop = found.span(FIELD)
            alone = stop - start == end - record.start()
            block.replace(start, stop, self._field(block.text[start:stop], cell, value, alone))
            place, column = stop + 1, cell.column + 1
        return None

    def _lengthen(self, block: Block, record: re.Match[str], row: int, edits: list[Edit]) -> None:
        """The same by all of its fields."""
        start, end = record.start(), record.start(END)
        block.replace(start, end, self._edited(block.text[start:end], row, edits))

    def _edited(self, text: str, row: int, edits: list[Edit]) -> str:
        """A record with as many fields as the edits or added columns need, or the removed leave."""
        fields = self._grammar.fields(text)
        width = len(fields)
        for cell, value in edits:
            if cell.column > len(fields):
                fields += [""] * (cell.column - len(fields))
            raw = fields[cell.column - 1] if cell.column <= width else None
            fields[cell.column - 1] = self._field(raw, cell, value, len(fields) == 1)
        if self._every:
            if self._grows(text, row, width):
                fields += [""] * (self._width - len(fields))
            if len(fields) == self._cut_to and self._holds_no(fields) and (self._cut_from > 1 or fields[0]):
                fields = fields[: self._cut_from]
        if len(fields) > width and not self._grammar.is_whole(fields[width - 1]):
            raise SheetRefused(f"Record {row} cannot be made longer: a quote in it is never closed.")
        return self._grammar.dialect.delimiter.join(fields)

    def _holds_no(self, fields: Sequence[str]) -> bool:
        """Whether the columns to be removed are empty."""
        return not any(field.strip(self._grammar.dialect.quote or None) for field in fields[self._cut_from :])

    def _grows(self, record: str, row: int, width: int) -> bool:
        """Whether a record takes part in an added column: blank lines, comments and sep= lines do not."""
        if not record or (row == 1 and SEP_LINE.match(f"{record}\n")):
            return False
        return not record.startswith("#") or width >= self._old_width

    def _field(self, raw: str | None, cell: CellRef, text: str, alone: bool) -> str:
        """The text as a field in the place of `raw` (None: there was none). Raises SheetRefused."""
        try:
            value = self._units.of(text)
        except UnicodeEncodeError as error:
            lost, name = text[error.start : error.end], self._units.encoding.name
            raise SheetRefused(
                f"{cell} cannot hold {lost!r}: the file's encoding, {name}, has no such character;"
                " save the file as UTF-8 first."
            ) from None
        field = self._quoting.field(raw or "", cell.row, cell.column, value, alone)
        if field is None:
            what = "a delimiter or a line end" if text else "nothing, as the only field of its record"
            raise SheetRefused(f"{cell} cannot hold {what}: the file has no quotes.")
        if raw and ("\n" in raw or "\r" in raw) and not self._grammar.is_whole(raw):
            raise SheetRefused(
                f"{cell} cannot be set: its quote is never closed, it takes in the lines below."
            )
        self.written += field != raw
        return field
