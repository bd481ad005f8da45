"""Formulas that lose a cell: a shared formula's text moves to its next member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.etree import ElementTree

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRange, CellRef, column_letters, column_number
from glaze_cli.model.cells import MAX_COLUMN, MAX_ROW
from glaze_cli.sheets.xlsx.ranges import area
from glaze_cli.sheets.xlsx.tags import Names, attribute, escaped, with_attribute

_TOKEN = re.compile(
    r"""
    "(?:[^"]|"")*" | '(?:[^']|'')*'                      # text, a quoted sheet name
  | \[(?:[^\[\]]|\[[^\[\]]*\])*\]                        # a table's column, another workbook's number
  | (?<![\w.\\$]) (?:
        (?P<cell>\$?[A-Za-z]{1,3}\$?[0-9]{1,7})          (?![\w.(!])
      | (?P<columns>\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3})   (?![\w.(!])
      | (?P<rows>\$?[0-9]{1,7}:\$?[0-9]{1,7})            (?![\w.(!])
    )
    """,
    re.VERBOSE,
)
_PART = re.compile(r"(\$?)([A-Za-z]+|[0-9]+)")


def translated(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads that many rows and columns on; past the edge it wraps, as in Excel."""

    def moved(part: re.Match[str]) -> str:
        if part[1]:
            return part[0]
        if part[2].isdigit():
            return str((int(part[2]) + rows - 1) % MAX_ROW + 1)
        return column_letters((column_number(part[2]) + columns - 1) % MAX_COLUMN + 1)

    def token(found: re.Match[str]) -> str:
        reference = found["cell"] or found["columns"] or found["rows"]
        if reference is None or not _on_grid(reference):
            return found[0]
        return _PART.sub(moved, reference)

    return _TOKEN.sub(token, formula)


def _on_grid(reference: str) -> bool:
    """Whether it is a reference at all: `ZZZ1` is past the last column, so it is a name."""
    return all(
        int(part[2]) in range(1, MAX_ROW + 1) if part[2].isdigit() else column_number(part[2]) <= MAX_COLUMN
        for part in _PART.finditer(reference)
    )


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell's `<f>` element: where it stands in the bytes it was found in, and what it says."""

    start: int
    tag_end: int
    end: int
    tag: bytes

    @property
    def kind(self) -> str:
        """`normal`, `shared`, `array` or `dataTable`."""
        return attribute(self.tag, b"t") or "normal"

    @property
    def group(self) -> str:
        """Which shared formula it belongs to."""
        return attribute(self.tag, b"si") or ""

    @property
    def ref(self) -> str | None:
        """The cells that it fills, as written."""
        return attribute(self.tag, b"ref")


@cache
def _pattern(names: Names) -> re.Pattern[bytes]:
    return re.compile(rb"(?:%b)(?:(?<=/>)|.*?%b)" % (names.start(b"f"), names.end(b"f")), re.DOTALL)


def formulas(seen: bytes, names: Names) -> Iterator[Formula]:
    """All formulas of a row."""
    at = 0
    while found := formula(seen, at, len(seen), names):
        yield found
        at = found.end


def formula(seen: bytes, start: int, end: int, names: Names) -> Formula | None:
    """The formula of the cell at these offsets; None when it has none."""
    found = _pattern(names).search(seen, start, end)
    if found is None:
        return None
    tag_end = found.end(2) + 1
    return Formula(found.start(), tag_end, found.end(), seen[found.start() : tag_end])


@dataclass(slots=True)
class _Orphans:
    """Members of a shared formula whose first cell is gone."""

    text: str
    cell: CellRef
    """Where the text stood."""
    ref: CellRange


@dataclass(slots=True)
class SharedFormulas:
    """The shared formulas of one sheet, followed from its first row to its last."""

    waiting: dict[str, _Orphans] = field(default_factory=dict)

    def drop(self, cell: CellRef, gone: Formula, data: bytes) -> None:
        """A formula is overwritten. When it was the one with the text, the next member needs it."""
        text = _text(data[gone.tag_end : gone.end])
        if gone.kind == "shared" and text:
            ref = area(cell.sheet, gone.ref or cell.a1)
            if ref is None:
                raise SheetRefused(f"{cell} has a shared formula over {gone.ref!r}, which is no range.")
            self.waiting[gone.group] = _Orphans(text, cell, ref)

    def adopt(self, cell: CellRef, member: Formula, data: bytes, names: Names) -> bytes | None:
        """The new `<f>` element of a member that takes the text over; None when it can stay as it is."""
        if member.kind != "shared" or (orphans := self.waiting.pop(member.group, None)) is None:
            return None
        if _text(data[member.tag_end : member.end]):
            return None  # it brings its own
        ref = orphans.ref
        row, last_row = cell.row, max(ref.last_row, cell.row)
        first = ref.first_column if last_row > row else cell.column
        left = CellRange(
            cell.sheet, row, min(first, cell.column), last_row, max(ref.last_column, cell.column)
        )
        text = translated(orphans.text, cell.row - orphans.cell.row, cell.column - orphans.cell.column)
        tag = with_attribute(member.tag, b"ref", left.a1)
        opened = tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
        return opened + escaped(text) + b"</" + names.prefix + b"f>"


def _text(inner: bytes) -> str:
    """The formula between the tags (entities, CDATA resolved); `inner` ends with the end tag."""
    content = inner.rpartition(b"</")[0]
    return ElementTree.fromstring(b"<f>" + content + b"</f>").text or "" if content else ""
