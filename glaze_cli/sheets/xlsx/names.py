"""Defined names, tables and their columns, as ranges of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from glaze_cli.errors import SelectionError
from glaze_cli.model import CellRange
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.ranges import area
from glaze_cli.sheets.xlsx.strings import unescape
from glaze_cli.sheets.xlsx.tables import Table, tables
from glaze_cli.sheets.xlsx.workbook import DefinedName, Workbook

_COLUMN = re.compile(r"(?P<table>[^\[\]]+)\[(?P<column>.+)\]", re.DOTALL)
_PLACE = re.compile(r"=?(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!(?P<area>[^!,]+)")


def named_range(package: Package, workbook: Workbook, name: str) -> CellRange | None:
    """The cells of a defined name, of a table (`Leads`) or a table's column (`Leads[Email]`), data rows only.

    None when there is no such name. Raises SelectionError when there is, but it stands for something else.
    """
    split = _COLUMN.fullmatch(name)
    if split is None:
        for defined in _in_order(workbook, name):
            return _cells(workbook, defined)
    wanted = (split["table"] if split else name).strip().casefold()
    for table in _all_tables(package, workbook):
        if table.name.casefold() == wanted:
            return _column(table, split["column"]) if split else _data(table)
    return None


def _in_order(workbook: Workbook, name: str) -> Iterator[DefinedName]:
    """The names spelled so, case aside: that of the whole workbook first, then those of single sheets."""
    same = [defined for defined in workbook.names if defined.name.casefold() == name.casefold()]
    yield from sorted(same, key=lambda defined: defined.scope is not None)


def _cells(workbook: Workbook, defined: DefinedName) -> CellRange:
    """What the name's formula covers, if it is one range of a worksheet."""
    found = _PLACE.fullmatch(defined.formula.strip())
    if found:
        wanted = (found["plain"] or found["quoted"].replace("''", "'")).casefold()
        sheet = next((sheet.name for sheet in workbook.sheets if sheet.name.casefold() == wanted), None)
        cells = area(sheet, found["area"]) if sheet is not None else None
        if cells is not None:
            return cells
    raise SelectionError(
        f"The name {defined.name} stands for {defined.formula!r}, not for one range of cells; type the range."
    )


def _all_tables(package: Package, workbook: Workbook) -> Iterator[Table]:
    for sheet in workbook.sheets:
        yield from tables(package, sheet.name, sheet.part)


def _data(table: Table) -> CellRange:
    """The table without its header and totals."""
    first = table.covers.first_row + table.header
    last = table.covers.last_row - table.totals
    if first > last:
        raise SelectionError(f"The table {table.name} has no data rows.")
    return replace(table.covers, first_row=first, last_row=last)


def _column(table: Table, written: str) -> CellRange:
    """One column of the table; in a formula special characters of a header stand after an apostrophe."""
    headers = [unescape(header).casefold() for header in table.columns]
    for spelled in (written, re.sub(r"'(.)", r"\1", written)):
        if spelled.casefold() in headers:
            column = table.covers.first_column + headers.index(spelled.casefold())
            return replace(_data(table), first_column=column, last_column=column)
    there = ", ".join(unescape(header) for header in table.columns)
    raise SelectionError(f"The table {table.name} has no column {written}; it has {there}.")
