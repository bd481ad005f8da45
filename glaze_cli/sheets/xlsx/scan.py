"""A worksheet part cut into what stands before the rows, one row after another, and the rest. Streams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from glaze_cli.errors import SheetRefused
from glaze_cli.model.cells import MAX_COLUMN, MAX_ROW, column_letters, column_number
from glaze_cli.sheets.xlsx.tags import ATTRIBUTES, Names, attribute, blanked

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # strict
)
LONGEST_TAG = 1 << 20
"""Bytes. What has not become a row's start after so many is not a row."""


@dataclass(frozen=True, slots=True)
class Head:
    """Everything up to and with the tag that opens the rows (`<sheetData/>` when there are none)."""

    data: bytes
    names: Names


@dataclass(frozen=True, slots=True)
class Row:
    """One row element, with the white space and comments before it."""

    number: int
    data: bytes
    seen: bytes
    """`data` with what is no tag blanked out; the same offsets."""
    start: int
    """Where the row's own start tag begins."""
    opened: int
    """Just after that tag."""

    @property
    def tag(self) -> bytes:
        """The start tag."""
        return self.data[self.start : self.opened]

    @property
    def style(self) -> int:
        """The style index that a new cell of the row begins with; 0 when the row has none."""
        custom = attribute(self.tag, b"customFormat") in ("1", "true")
        return style_of(self.tag) if custom else 0


@dataclass(frozen=True, slots=True)
class Tail:
    """A piece of what follows the last row; the first one begins before `</sheetData>`."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Cell:
    """Where one cell element stands in its row's bytes."""

    column: int
    start: int
    tag_end: int
    """Just after the `>` of its start tag."""
    end: int


Piece = Head | Row | Tail


class Scan:
    """Cuts a part, UTF-8, into pieces which together are the part. `place` names the sheet in errors.

    Raises SheetRefused where the rows are not as the format wants them: then nothing is certain.
    """

    def __init__(self, chunks: Iterable[bytes], place: str) -> None:
        self._chunks = iter(chunks)
        self._place = place
        self._data = self._seen = b""
        self._at = 0

    def __iter__(self) -> Iterator[Piece]:
        head = self._head()
        yield head
        if not head.data.endswith(b"/>"):
            yield from self._rows(head.names)
        yield Tail(self._data[self._at :])
        for chunk in self._chunks:
            yield Tail(chunk)

    def _more(self) -> bool:
        """Drop what has been handed out and read on; False at the end of the part."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self._data = self._data[self._at :] + chunk
        self._seen = blanked(self._data)
        self._at = 0
        return True

    def _head(self) -> Head:
        names = None
        while True:
            names = names or _names(self._seen)
            if names is not None and (found := re.search(names.start(b"sheetData"), self._seen)):
                self._at = found.end()
                return Head(self._data[: self._at], names)
            if not self._more():
                raise self._refused("has no rows that Glaze can find")

    def _rows(self, names: Names) -> Iterator[Row]:
        step = re.compile(rb"\s*(?:" + names.end(b"sheetData") + b"|" + names.start(b"row") + b")")
        closing = b"</" + names.prefix + b"row"
        last = -1  # some writers number the first row 0
        while True:
            found = step.match(self._seen, self._at)
            if found is None:
                if len(self._data) - self._at > LONGEST_TAG or not self._more():
                    raise self._refused(f"holds something after row {last} that is not a row")
                continue
            if found[1] is None:
                return
            while not (end := self._end(found, closing)):
                if not self._more():
                    raise self._refused(f"breaks off in row {last + 1}")
                found = step.match(self._seen)
                assert found is not None  # it matched before more was read after it
            number = self._number(found[1], last)
            data, seen = self._data[self._at : end], self._seen[self._at : end]
            start = found.start(1) - len(closing) + 1
            yield Row(number, data, seen, start - self._at, found.end() - self._at)
            self._at, last = end, number

    def _end(self, start: re.Match[bytes], closing: bytes) -> int:
        """Where the row that `start` opens ends; 0 when that is not read yet."""
        if start[2]:
            return start.end()
        end = self._seen.find(closing, start.end())
        return self._seen.find(b">", end) + 1 if end >= 0 else 0

    def _number(self, attributes: bytes, last: int) -> int:
        written = attribute(attributes, b"r")
        if written is None:
            return max(last, 0) + 1
        if not (written.isascii() and written.isdigit()) or not last < int(written) <= MAX_ROW:
            raise self._refused(f"has a row numbered {written!r} after row {last}")
        return int(written)

    def _refused(self, what: str) -> SheetRefused:
        return SheetRefused(
            f"{self._place} {what}, so it cannot be edited safely. Open it in a spreadsheet program and"
            " save it again."
        )


def _names(seen: bytes) -> Names | None:
    """The prefix of the part's root element; None while that is not read."""
    root = re.search(rb"<(?:([\w.-]+):)?worksheet(?=[\s/>])[^>]*>", seen)
    if root is None:
        return None
    space = attribute(root[0], b"xmlns:" + root[1] if root[1] else b"xmlns")
    return Names(root[1] + b":" if root[1] else b"") if space in MAIN else None


def style_of(tag: bytes) -> int:
    """The style index of a cell's or row's start tag."""
    written = attribute(tag, b"s")
    return int(written) if written and written.isdigit() else 0


def cells(row: Row, names: Names, place: str) -> Iterator[Cell]:
    """The cells of a row, left to right. Raises SheetRefused when they are not in that order."""
    last = 0
    for found in _cell(names).finditer(row.seen):
        address = _ADDRESS.search(found[1])
        column = _column(address, row.number) if address else last + 1
        if not last < column <= MAX_COLUMN:
            raise SheetRefused(
                f"{place} has its cells out of order in row {row.number} (after {column_letters(last)}), so"
                " it cannot be edited safely. Open it in a spreadsheet program and save it again."
            )
        yield Cell(column, found.start(), found.end(2) if found[2] else found.end(), found.end())
        last = column


_ADDRESS = re.compile(rb"""\sr\s*=\s*["'](?:([A-Za-z]{1,3})(\d{1,9})["'])?""")


@cache
def _cell(names: Names) -> re.Pattern[bytes]:
    """Group 1: the attributes; group 2: the `>` of a start tag that is not the whole cell."""
    name = re.escape(names.prefix + b"c")
    return re.compile(rb"<%b(?=[\s/>])(%b)\s*(?:/>|(>).*?</%b\s*>)" % (name, ATTRIBUTES, name), re.DOTALL)


def _column(address: re.Match[bytes], row: int) -> int:
    """The column of `B7` in row 7; 0 for what is no address of that row."""
    return _letters(address[1]) if address[1] and int(address[2]) == row else 0


@cache
def _letters(letters: bytes) -> int:
    return column_number(letters.decode())
