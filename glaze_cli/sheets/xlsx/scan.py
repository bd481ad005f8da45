"""A worksheet part cut into what stands before the rows, one row after another, and the rest. Streams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from glaze_cli.errors import SheetRefused
from glaze_cli.model.cells import MAX_COLUMN, MAX_ROW, column_letters, column_number
from glaze_cli.sheets.xlsx.tags import ATTRIBUTES, Names, attribute, blanked

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # strict
)
LONGEST_TAG = 1 << 20
"""Bytes. What has not become a row's start after so many is not a row."""
LONGEST_ROW = 32 << 20
"""Bytes. A row, and what precedes the rows, is held whole; 16,384 cells of 2,000 bytes are as long."""


class Head(NamedTuple):
    """Everything up to and with the tag that opens the rows (`<sheetData/>` when there are none)."""

    data: bytes
    names: Names


class Rows(NamedTuple):
    """Rows that nobody asked for, as many as came together."""

    data: bytes
    seen: bytes
    """`data` with what is no tag blanked out; the same offsets."""


class Row(NamedTuple):
    """One row element, with the white space and comments before it."""

    number: int
    data: bytes
    seen: bytes
    """As of `Rows`."""
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


class Tail(NamedTuple):
    """A piece of what follows the last row; the first one begins before `</sheetData>`."""

    data: bytes


class Cell(NamedTuple):
    """Where one cell element stands in its row's bytes."""

    column: int
    start: int
    tag_end: int
    """Just after the `>` of its start tag."""
    end: int


Piece = Head | Rows | Row | Tail


class Scan:
    """Cuts a part, UTF-8, into pieces which together are the part. `place` names the sheet in errors.

    `wanted`: the numbers of rows to hand out one by one, ascending; where one is missing, the row after its
    place is. Raises SheetRefused where the rows are not as the format wants them: then nothing is certain.
    """

    def __init__(self, chunks: Iterable[bytes], place: str, wanted: Iterable[int]) -> None:
        self.each = False
        """Set it while going through: every row is handed out from here on."""
        self.last = 0
        """The number of the last row, known when the first Tail comes."""
        self._chunks = iter(chunks)
        self._place = place
        self._wanted = wanted
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
        """Drop what has been handed out and read on, twice as much each time; False at the end."""
        held = self._data[self._at :]
        if len(held) > LONGEST_ROW:
            raise self._refused(f"has a row, or a head, of more than {LONGEST_ROW >> 20} MB")
        parts = [held]
        size = 0
        for chunk in self._chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= len(held):
                break
        self._data = b"".join(parts)
        self._seen = blanked(self._data)
        self._at = 0
        return size > 0

    def _head(self) -> Head:
        names = None
        while True:
            names = names or _names(self._seen)
            if names is not None and (found := re.search(names.start(b"sheetData"), self._seen)):
                self._at = found.end()
                return Head(self._data[: self._at], names)
            if not self._more():
                raise self._refused("has no rows that Glaze can find")

    def _rows(self, names: Names) -> Iterator[Rows | Row]:
        step = re.compile(rb"\s*(?:%b|%b)" % (names.start(b"row"), names.end(b"sheetData")))
        closing = b"</" + names.prefix + b"row"
        waiting = iter(self._wanted)
        wanted = next(waiting, MAX_ROW + 1)
        last = -1  # some writers number the first row 0
        at = self._at
        while True:
            found = step.match(self._seen, at)
            end = self._end(found, closing) if found and found[1] is not None else 0
            number = self._number(found[1], last) if found and end else 0
            if at > self._at and (not end or self.each or number >= wanted):
                yield Rows(self._data[self._at : at], self._seen[self._at : at])
                self._at = at
            if found is None or not end:
                if found and found[1] is None:
                    self.last = max(last, 0)
                    return
                if (not found and len(self._data) - at > LONGEST_TAG) or not self._more():
                    raise self._refused(f"holds something after row {max(last, 0)} that is not a whole row")
                at = 0
                continue
            if self.each or number >= wanted:
                start = found.start(1) - len(closing) + 1 - at
                yield Row(number, self._data[at:end], self._seen[at:end], start, found.end() - at)
                self._at = end
                while wanted <= number:
                    wanted = next(waiting, MAX_ROW + 1)
            at, last = end, number

    def _end(self, start: re.Match[bytes], closing: bytes) -> int:
        """Where the row that `start` opens ends; 0 when that is not read yet."""
        if start[2]:
            return start.end()
        end = self._seen.find(closing, start.end())
        return self._seen.find(b">", end) + 1 if end >= 0 else 0

    def _number(self, attributes: bytes, last: int) -> int:
        """What the row says, or one more than the last. Raises SheetRefused when that is no order."""
        said = _NUMBERED.match(attributes)
        written = said[1].decode() if said else attribute(attributes, b"r")
        if written is None:
            return max(last, 0) + 1
        if not (written.isascii() and written.isdigit()) or not last < int(written) <= MAX_ROW:
            raise self._refused(f"has a row numbered {written!r} after row {max(last, 0)}")
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
    written = str(row.number).encode()
    for found in _cell(names).finditer(row.seen):
        letters, number = found.group(1, 2)
        if letters is None and (address := attribute(found[3], b"r")) is not None:
            letters, number = _address(address)
        here = number == written
        column = last + 1 if letters is None else _letters(letters) if here else 0
        if not last < column <= MAX_COLUMN:
            raise SheetRefused(
                f"{place} has its cells out of order in row {row.number} (after {column_letters(last)}), so"
                " it cannot be edited safely. Open it in a spreadsheet program and save it again."
            )
        start, end = found.span()
        tag_end = found.end(4)
        yield Cell(column, start, tag_end if tag_end > 0 else end, end)
        last = column


_NUMBERED = re.compile(rb"""\sr="([0-9]{1,7})\"""")  # as most programs write it


@cache
def _cell(names: Names) -> re.Pattern[bytes]:
    """Groups 1 and 2: the address, if it comes first; 3: the attributes; 4: the `>` before a content."""
    name = re.escape(names.prefix + b"c")
    tag = rb"""<%b(?=[\s/>])(?:\sr="([A-Z]{1,3})([0-9]{1,7})")?(%b)\s*""" % (name, ATTRIBUTES)
    return re.compile(tag + rb"(?:/>|(>)[^<]*+(?:<(?!/%b[\s>])[^<]*+)*+</%b\s*>)" % (name, name))


def _address(written: str) -> tuple[bytes, bytes]:
    """Letters and digits of an address."""
    letters = written.rstrip("0123456789")
    return letters.encode(), written[len(letters) :].encode()


@cache
def _letters(letters: bytes) -> int:
    """The column; 0 when these are no letters of one."""
    return column_number(letters.decode()) if letters.isalpha() and len(letters) <= 3 else 0
