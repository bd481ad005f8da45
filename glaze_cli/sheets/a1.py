"""What a person types to point at cells: `B2:D40`, `B:D`, `'Q3 leads'!B2:D`, `Leads[Email]`, by commas."""

from __future__ import annotations

import re
from dataclasses import dataclass

from glaze_cli.errors import SelectionError
from glaze_cli.model import CellRange, column_letters, column_number
from glaze_cli.model.cells import MAX_COLUMN, MAX_ROW

_BRACKETS = r"\[(?:'.|\[(?:'.|[^\]'])*\]|[^\[\]'])*\]"
_PART = re.compile(rf"\s*(?P<sheet>'(?:[^']|'')*'!)?(?P<rest>(?:{_BRACKETS}|[^,])*)")
_CORNER = re.compile(r"(?=.)\$?([A-Za-z]{1,3})?(?:\$?(\d{1,9}))?")
_NAME = re.compile(rf"[^\W\d][\w.]*(?:{_BRACKETS})?")
_WRONG_JOINT = re.compile(r"\s*(?:\.\.\.?|[-–—~/]|\bto\b|\s)\s*", re.IGNORECASE)
_Corner = tuple[int | None, int | None]
"""(column, row) of a corner, each None where it is left out."""
_EXAMPLE = "write it like B2:D40, B:D, 2:40 or Sheet1!B2:D40"


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle as it was typed; None is an end left open, to be settled by the sheet's content.

    Columns and rows: both None = all of them (rows: those below the header); last None = to the last one.
    """

    first_column: int | None
    first_row: int | None
    last_column: int | None
    last_row: int | None
    sheet: str | None = None

    def __str__(self) -> str:
        first = _corner_text(self.first_column, self.first_row)
        last = _corner_text(self.last_column, self.last_row)
        is_cell = first == last and None not in (self.first_column, self.first_row)
        return _sheet_text(self.sheet) + (first if is_cell else f"{first}:{last}")

    @classmethod
    def of(cls, cells: CellRange) -> Area:
        """What a name covers; a range as long or as wide as a worksheet means all rows or columns."""
        all_rows = (cells.first_row, cells.last_row) == (1, MAX_ROW)
        all_columns = (cells.first_column, cells.last_column) == (1, MAX_COLUMN)
        return cls(
            None if all_columns else cells.first_column,
            None if all_rows else cells.first_row,
            None if all_columns else cells.last_column,
            None if all_rows else cells.last_row,
            cells.sheet,
        )


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name, a table (`Leads`) or its column (`Leads[Email]`); the book knows what it covers."""

    name: str
    sheet: str | None = None

    def __str__(self) -> str:
        return _sheet_text(self.sheet) + self.name


def parse_range(text: str) -> tuple[Area | Name, ...]:
    """The parts of a range, in the order typed. Raises SelectionError with what to write instead."""
    parts: list[Area | Name] = []
    at = 0
    while at <= len(text):
        match = _PART.match(text, at)
        assert match is not None  # the pattern also matches nothing
        if not match[0].strip():
            where = "--range is empty" if not text.strip() else f"--range {text} has an empty part"
            raise SelectionError(f"{where}; {_EXAMPLE}.")
        parts.append(_part(match[0].strip(), match["sheet"], match["rest"].strip()))
        at = match.end() + 1
    return tuple(parts)


def parse_cell(text: str) -> tuple[int, int]:
    """(row, column) of a single cell such as `C17` or `$C$17`. Raises SelectionError."""
    column, row = _corner(text, text) or (None, None)
    if column is None or row is None:
        raise SelectionError(f"{text} is not a cell; write it like C17.")
    return row, column


def _part(text: str, quoted: str | None, rest: str) -> Area | Name:
    """One part; `rest` is what follows its quoted sheet name, if it has one."""
    sheet = None if quoted is None else quoted[1:-2].replace("''", "'")
    if sheet is None and "!" in rest.partition("[")[0]:  # spaces and all: a shell may have eaten the quotes
        sheet, _, rest = (side.strip() for side in rest.partition("!"))
    if sheet == "":
        raise SelectionError(f"{text} names no sheet before the exclamation mark; {_EXAMPLE}.")
    first, colon, last = (side.strip() for side in rest.partition(":"))
    one = _corner(first, text)
    if "[" in first or not colon:
        is_cell = one is not None and None not in one
        return _area(text, one, one, sheet) if one and is_cell else _name(text, rest, sheet)
    two = _corner(last, text)
    if one and two:
        return _area(text, one, two, sheet)
    if one and None not in one and not last:
        raise SelectionError(
            f"{text} has no end; down to the last row is {first}:{column_letters(one[0] or 0)}."
        )
    raise SelectionError(f"{text} is not a range; {_EXAMPLE}.")


def _corner(side: str, text: str) -> _Corner | None:
    """One corner of `text`, or None when it is none. Raises SelectionError if it is off the sheet."""
    match = _CORNER.fullmatch(side)
    if match is None:
        return None
    column = column_number(match[1]) if match[1] else None
    row = int(match[2]) if match[2] else None
    if column is not None and column > MAX_COLUMN and row is not None:
        raise SelectionError(f"{text} is no range: a sheet's last column is {column_letters(MAX_COLUMN)}.")
    if row == 0:
        raise SelectionError(f"{text} is no range: rows count from 1.")
    return column, row


def _area(text: str, one: _Corner, two: _Corner, sheet: str | None) -> Area:
    """Two opposite corners, in any order, into an area."""
    columns = sorted(number for number in (one[0], two[0]) if number is not None)
    rows = sorted(number for number in (one[1], two[1]) if number is not None)
    if len(columns) == len(rows) == 1:
        raise SelectionError(f"{text} mixes a column with a row; {_EXAMPLE}.")
    return Area(
        columns[0] if columns else None,
        rows[0] if rows else None,
        columns[1] if len(columns) == 2 else None,
        rows[1] if len(rows) == 2 else None,
        sheet,
    )


def _name(text: str, rest: str, sheet: str | None) -> Name:
    """A name, or an error that guesses what was meant by something that cannot be one."""
    if rest.isdecimal():
        raise SelectionError(f"{text} is not a range; for the whole row write {rest}:{rest}.")
    one, *others = (_corner(side, text) for side in _WRONG_JOINT.split(rest))
    if one and len(others) == 1 and others[0] and None not in (*one, *others[0]):
        raise SelectionError(f"{text} is not a range; did you mean {_area(text, one, others[0], sheet)}?")
    if _NAME.fullmatch(rest):
        return Name(rest, sheet)
    raise SelectionError(f"{text} is not a range; {_EXAMPLE}.")


def _corner_text(column: int | None, row: int | None) -> str:
    return f"{column_letters(column) if column else ''}{row or ''}"


def _sheet_text(sheet: str | None) -> str:
    if sheet is None:
        return ""
    return f"{sheet}!" if sheet.isidentifier() else "'" + sheet.replace("'", "''") + "'!"
