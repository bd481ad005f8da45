"""The part of the log sheet, made or edited: one job's rows stream into it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain

from glaze_cli.errors import SheetRefused
from glaze_cli.model import Scalar, column_letters
from glaze_cli.model.cells import MAX_ROW
from glaze_cli.sheets.log import HEADERS, NAME, LogEntry
from glaze_cli.sheets.xlsx import encoding
from glaze_cli.sheets.xlsx.cellxml import LONGEST, cell
from glaze_cli.sheets.xlsx.logsheet import PLACE, PROTECTED, Places
from glaze_cli.sheets.xlsx.outline import Outline, guarded
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.scan import Head, Row, Scan, Tail
from glaze_cli.sheets.xlsx.tags import blanked
from glaze_cli.sheets.xlsx.workbook import SheetPart

_UNLIKE = ("Cell", "Value")
"""Columns whose cells differ."""
_WIDTHS = (16, 8, 20, 32, 10, 18, 11, 11, 20, 10)


class LogPart:
    """The new bytes of the log's part. `left`, when they are all made: entries that found no room.

    `force`: whether a protected sheet may be edited; else it is refused when its end is reached.
    """

    def __init__(self, job: str, entries: Iterable[LogEntry], force: bool = False) -> None:
        self.left = 0
        self._force = force
        self._job = job
        self._entries = iter(entries)

    def fresh(self, space: str, viewed: bool) -> Iterator[bytes]:
        """A part that was not there, in that namespace; `viewed`: the workbook has a window to show it."""
        yield b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        yield b'<worksheet xmlns="%b">' % space.encode()
        if viewed:
            yield (
                b'<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
                b' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            )
        yield b"<cols>"
        for column, width in enumerate(_WIDTHS, 1):
            yield b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (column, column, width)
        yield b"</cols><sheetData>"
        pen = _Pen(b"", Outline(NAME))
        yield pen.row(1, HEADERS)
        yield from self._rows(pen, range(2, MAX_ROW + 1))
        yield b"</sheetData></worksheet>"

    def edited(self, package: Package, sheet: SheetPart, places: Places) -> Iterator[bytes]:
        """The part with the job's rows at those places; its other rows pass through as they are."""
        codec, chunks = encoding.of_part(package.stream(sheet.part), PLACE)
        scan = Scan(encoding.to_utf8(chunks, codec, PLACE), PLACE, places)
        return encoding.from_utf8(guarded(self._spliced(scan, iter(places)), NAME), codec)

    def _spliced(self, scan: Scan, numbers: Iterator[int]) -> Iterator[bytes]:
        outline, pen = Outline(NAME), None
        free = next(numbers, MAX_ROW + 1)
        for piece in scan:
            if isinstance(piece, Head):
                outline.feed(piece.data)
                pen = _Pen(piece.names.prefix, outline)
                yield _undimensioned(piece)
            elif isinstance(piece, Row) and pen is not None:
                while free < piece.number:
                    yield self._row(pen, free)
                    free = next(numbers, MAX_ROW + 1)
                if free == piece.number:
                    yield self._row(pen, free)
                    free = next(numbers, MAX_ROW + 1)
                else:
                    yield piece.data
            elif isinstance(piece, Tail):
                if pen is not None:
                    below = range(scan.last + 1, MAX_ROW + 1)
                    yield from self._rows(pen, below if free > MAX_ROW else chain((free,), numbers))
                    pen = None
                outline.feed(piece.data)
                yield piece.data
            else:
                yield piece.data
        if outline.protected and not self._force:
            raise SheetRefused(PROTECTED)

    def _rows(self, pen: _Pen, numbers: Iterable[int]) -> Iterator[bytes]:
        """The entries that are left, as far as there is room."""
        for number in numbers:
            row = self._row(pen, number)
            if not row:
                break
            yield row
        self.left = sum(1 for _ in self._entries)

    def _row(self, pen: _Pen, number: int) -> bytes:
        """The next entry there; b"" when there is none."""
        entry = next(self._entries, None)
        return b"" if entry is None else pen.row(number, (*entry.cells(), self._job))


class _Pen:
    """Writes rows under one prefix, with the styles that the sheet gives its columns."""

    def __init__(self, prefix: bytes, outline: Outline) -> None:
        self._row = prefix + b"row"
        self._name = prefix + b"c"
        self._columns: list[tuple[bytes, bytes, Callable[[bytes, Scalar], bytes]]] = []
        often = lru_cache(4096, typed=True)(self._rest)  # most columns say the same again and again
        for column, header in enumerate(HEADERS, 1):
            style = outline.column_style(column)
            start = b'<%b r="%b' % (self._name, column_letters(column).encode())
            rest = self._rest if header in _UNLIKE else often
            self._columns.append((start, b'" s="%d"' % style if style else b'"', rest))

    def row(self, number: int, values: Iterable[Scalar]) -> bytes:
        """The row of that number."""
        digits = b"%d" % number
        cells = [
            start + digits + rest(end, value)
            for (start, end, rest), value in zip(self._columns, values, strict=True)
        ]
        return b'<%b r="%b">%b</%b>' % (self._row, digits, b"".join(cells), self._row)

    def _rest(self, end: bytes, value: Scalar) -> bytes:
        """What follows a cell's number."""
        return cell(end, self._name, _fitting(value), False, False)


def _fitting(value: Scalar) -> Scalar:
    """The value as a cell can hold it: a longer text is cut."""
    if isinstance(value, str) and 2 * len(value) > LONGEST:
        units = value.encode("utf-16-le", "surrogatepass")
        if len(units) > 2 * LONGEST:
            return units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _undimensioned(head: Head) -> bytes:
    """Without what says how far the rows go: nobody knows that yet, and it may be left out."""
    pattern = head.names.start(b"dimension") + rb"(?:(?<=/>)|\s*" + head.names.end(b"dimension") + rb")"
    found = re.search(pattern, blanked(head.data))
    return head.data[: found.start()] + head.data[found.end() :] if found else head.data
