"""A worksheet part, scanned as a stream: rows of raw cells with their addresses; stops when told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from glaze_cli.errors import SheetRefused
from glaze_cli.model import column_number
from glaze_cli.model.cells import MAX_COLUMN, MAX_ROW
from glaze_cli.sheets.xlsx.markup import LocalNames, PartParser
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.strings import TextItem

_ADDRESS = re.compile(r"([A-Za-z]{1,3})0*([1-9][0-9]*)")
MAX_DEPTH = 64
"""Tags inside one another within a cell; real files have four."""


RawCell = tuple[str, str, str]
"""A cell as the file has it; a bare tuple, because there may be millions.

Its `t`: `n`, `s` (index of a shared string), `str`, `inlineStr`, `b`, `e` or `d`; its `s`, an index into the
cell styles; the text of its value, escaped as it is stored, never "".
"""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row with at least one cell that has a value."""

    number: int
    cells: Mapping[int, RawCell]
    """By column, A is 1; only those with a value that were asked for."""
    more: bool
    """Whether another column, not asked for, has a value (which may be a shared string that is empty)."""


class RowScanner:
    """One pass over a worksheet part; make a new one for another."""

    def __init__(
        self,
        package: Package,
        part: str,
        first: int = 1,
        last: int | None = None,
        columns: Collection[int] | None = None,
    ) -> None:
        """Rows `first` to `last` (None: to the end), of them only `columns` (None: all)."""
        self._package = package
        self._part = part
        self._first = first
        self._last = last or MAX_ROW
        self._columns = None if columns is None else frozenset(columns)
        self._letters: dict[str, int] = {}
        self._names = LocalNames()
        self._ready: list[RawRow] = []
        self._done = False
        self._number = 0
        self._number_text = ""  # of the open row; "" between rows
        self._cells: dict[int, RawCell] = {}
        self._more = False
        self._in_cell = False
        self._column = 0
        self._kind = "n"
        self._style = "0"
        self._item = TextItem(self._names)
        self._piece = self._item.piece
        self._depth = 0

    def rows(self) -> Iterator[RawRow]:
        """The rows in order. Raises SheetRefused where the part is damaged or over a limit."""
        parser = PartParser(self._package, self._part)
        parser.expat.StartElementHandler = self._start
        parser.expat.EndElementHandler = self._end
        parser.expat.CharacterDataHandler = self._piece.append
        chunks = self._package.stream(self._part)
        for chunk in chain(chunks, (b"",)):
            parser.feed(chunk)
            yield from self._ready
            self._ready.clear()
            if self._done:
                break
            if self._item.length() > self._package.limits.cell_text:
                raise self._damaged("has a text over the limit limits.cell_text")
            if self._depth > MAX_DEPTH:
                raise self._damaged("has tags nested too deep")
        if self._last == MAX_ROW:
            for _ in chunks:  # so that the checksum at the end is checked
                pass

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names[name]
        if local == "c":
            self._start_cell(attributes)
        elif local == "row":
            self._start_row(attributes.get("r"))
        else:
            self._depth += 1
            if local == "v":
                self._piece.clear()
            else:
                self._item.start(name, attributes)

    def _end(self, name: str) -> None:
        local = self._names[name]
        if local == "c":
            self._in_cell = False
            return
        if local == "row":
            self._end_row()
            return
        self._depth -= 1
        if local == "v":
            self._keep("".join(self._piece))
            self._piece.clear()
            return
        self._item.end(name)
        if local == "is":
            self._kind = "inlineStr"
            self._keep(self._item.take())
        elif local == "sheetData":
            self._done = True

    def _start_row(self, stated: str | None) -> None:
        if self._number_text:
            raise self._damaged("has a row within a row")
        number = self._number + 1 if stated is None else int(stated) if stated.isdecimal() else 0
        if not self._number < number <= MAX_ROW:
            raise self._damaged(f"has row {stated or number} after it, out of order")
        self._number, self._number_text, self._column = number, str(number), 0
        if number > self._last:
            self._done = True

    def _end_row(self) -> None:
        self._number_text = ""
        if self._cells or self._more:
            self._ready.append(RawRow(self._number, self._cells, self._more))
            self._cells, self._more = {}, False

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        if self._in_cell or not self._number_text:
            raise self._damaged("has a cell outside a row")
        self._in_cell = True
        address = attributes.get("r")
        if address is None:
            self._column += 1
            if self._column > MAX_COLUMN:
                raise self._damaged("has a cell beyond the last column")
        else:
            column = self._letters.get(address.removesuffix(self._number_text))
            self._column = column or self._parse_address(address)
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "0")

    def _parse_address(self, address: str) -> int:
        """The column of an address met for the first time; its row has to be the row it is in."""
        found = _ADDRESS.fullmatch(address)
        if not found or found[2] != self._number_text or column_number(found[1]) > MAX_COLUMN:
            raise self._damaged(f"has a cell with the address {address[:20]} there")
        self._letters[found[1]] = column_number(found[1])
        return self._letters[found[1]]

    def _keep(self, stored: str) -> None:
        """Remember the cell that is open, if it is asked for and has a value."""
        if not stored or not self._first <= self._number <= self._last:
            return
        if self._columns is None or self._column in self._columns:
            self._cells[self._column] = (self._kind, self._style, stored)
        else:
            self._more = True

    def _damaged(self, what: str) -> SheetRefused:
        return self._package.refusal(f"{self._part} is damaged near row {self._number}: it {what}")
